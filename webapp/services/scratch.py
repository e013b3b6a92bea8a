"""Temporary files: a locked folder for each piece of work, so that what a killed process left behind can be cleared."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOOSE_SECONDS = 24 * 3600
"""Files beside the folders come from 0.1.0, which locked none; this old, whoever wrote them is gone."""


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder for temporary files, locked until the block ends; then it is deleted with all that is in it."""
    path, lock = _locked(current_app.extensions["settings"].temporary)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def clear_dead() -> None:
    """Delete what killed processes left behind; what a living one uses stays.

    The system lets go of a lock when the process dies that holds it, however it dies.
    """
    for path in list(current_app.extensions["settings"].temporary.iterdir()):
        with suppress(OSError):
            if path.is_dir():
                _clear(path)
            elif path.stat().st_mtime < time.time() - LOOSE_SECONDS:
                path.unlink()


def _locked(parent: Path) -> tuple[Path, int]:
    while True:
        path = parent / secrets.token_hex(8)
        path.mkdir(mode=0o700)
        with suppress(FileNotFoundError):
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():  # else somebody took it for a dead one's before it was locked
                return path, lock
            os.close(lock)


def _clear(path: Path) -> None:
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path)
    finally:
        os.close(lock)
