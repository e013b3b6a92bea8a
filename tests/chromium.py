"""Find the Chromium that browser tests drive, or get one: `python -m tests.chromium` installs, the tests only look."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What distributions call it, Debian first."""
ADVICE = (
    "No Chromium was found and none could be installed, so the browser tests cannot run. Install one (on Debian: "
    "apt-get install chromium), or run `.venv/bin/playwright install --with-deps chromium`, or name one in SLATE_CHROMIUM."
)


@cache
def executable() -> str:
    """Return the path of a Chromium that starts: SLATE_CHROMIUM, the machine's, or Playwright's own.

    Raises:
        RuntimeError: there is none; the sentence says how to get one. Tests fail with it, they are not skipped.
    """
    found = next((path for path in _candidates() if path and _starts(path)), None)
    if found is None:
        raise RuntimeError(ADVICE)
    return found


def install() -> str:
    """Return `executable()`, after getting Playwright's own Chromium or Debian's where there was none."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts += [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]]
    for command in [None, *attempts]:
        if command is not None:
            print("No Chromium yet:", " ".join(command[-3:]), "…", file=sys.stderr)  # noqa: T201 - a command's words
            subprocess.run(command, check=False, timeout=900)
        executable.cache_clear()
        try:
            return executable()
        except RuntimeError:
            continue
    raise RuntimeError(ADVICE)


def _candidates() -> list[str | None]:
    return [os.environ.get("SLATE_CHROMIUM"), *(shutil.which(name) for name in NAMES), _playwrights_own()]


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _starts(path: str) -> bool:
    """Say whether it runs: Ubuntu's chromium-browser is a stub that only says how to install one."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    try:
        install()
    except RuntimeError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the tests that need it fail with the same sentence
