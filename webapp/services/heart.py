"""Signs of life of long work, given from a thread of its own while a model or a drawing keeps us waiting."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

INTERVAL = 5.0
"""Seconds between two signs of life; the sweep takes over what gave none for a minute."""


_lock = threading.Lock()
_at_work: Counter[str] = Counter()
"""Rows that threads of this process work on, and how many of them on each."""


@contextmanager
def working_on(row_id: str) -> Iterator[None]:
    """Let the sweep of this process know that somebody works on this row, however slowly, until the block ends."""
    with _lock:
        _at_work[row_id] += 1
    try:
        yield
    finally:
        with _lock:
            _at_work[row_id] -= 1
            if not _at_work[row_id]:
                del _at_work[row_id]


def is_at_work(row_id: str) -> bool:
    """Say whether a thread of this process works on this row."""
    with _lock:
        return row_id in _at_work


@contextmanager
def beating(beat: Callable[[], None]) -> Iterator[None]:
    """Call `beat` at once and then every few seconds, in an app context of its own, until the block ends."""
    app, stopped = current_app._get_current_object(), threading.Event()  # type: ignore[attr-defined]  # noqa: SLF001

    def once() -> None:
        with app.app_context():
            try:
                beat()
            except Exception:
                log.exception("a sign of life failed")

    def run() -> None:
        while not stopped.wait(INTERVAL):
            once()

    once()
    thread = threading.Thread(target=run, name="heart", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
