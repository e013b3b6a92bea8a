"""Signs of life of long work, given from a thread of its own while a model or a drawing keeps us waiting."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

INTERVAL = 5.0
"""Seconds between two signs of life; the sweep takes over what gave none for a minute."""


@contextmanager
def beating(beat: Callable[[], None]) -> Iterator[None]:
    """Call `beat` every few seconds, in an app context of its own, until the block ends."""
    app, stopped = current_app._get_current_object(), threading.Event()  # type: ignore[attr-defined]  # noqa: SLF001

    def run() -> None:
        while not stopped.wait(INTERVAL):
            with app.app_context():
                try:
                    beat()
                except Exception:
                    log.exception("a sign of life failed")

    thread = threading.Thread(target=run, name="heart", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
