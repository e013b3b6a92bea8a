"""Get a Chromium for the browser tests where there is none: Playwright's own, else Debian's (`make test` runs this)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

from tests.browser import chromium

LONGEST = 900
"""Seconds a download may take."""


def is_there() -> bool:
    """Say whether the tests would find a browser that starts."""
    with sync_playwright() as playwright:
        path = chromium.find(playwright.chromium.executable_path)
    try:
        return (
            bool(path)
            and subprocess.run([path, "--version"], check=False, capture_output=True, timeout=60).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def ways() -> list[list[list[str]]]:
    """List the ways to get one, each as the commands it takes; Debian's package needs the rights to install it."""
    found = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        found.append([["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]])
    return found


def main() -> None:
    """Try one way after the other. Where none works the tests fail with the same sentence; they are not skipped."""
    for commands in ways():
        if is_there():
            return
        for command in commands:
            print("No Chromium yet:", " ".join(command), "…", flush=True)
            subprocess.run(command, check=False, timeout=LONGEST)
    if not is_there():
        print(chromium.MISSING, file=sys.stderr)


if __name__ == "__main__":
    main()
