"""Find the browser these tests need, or say how to get one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need a Chromium. Install one with “apt install chromium” or "
    "“python -m playwright install chromium”, or name one in the variable CHROMIUM."
)


def find(of_playwright: str) -> str:
    """Return the path of a Chromium: CHROMIUM, one on the machine, else Playwright's own. Empty when there is none."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*map(shutil.which, NAMES), of_playwright]
    return next((path for path in candidates if path and Path(path).exists()), "")
