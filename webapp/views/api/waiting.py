"""Answers that wait for background work: a few requests at a time, with nothing of the database held meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import request

from webapp.services import looking
from webapp.services.places import Places
from webapp.views.security import person

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 30.0
"""Seconds a request waits at most; programs usually give up after 60."""
MOST_WAITERS = 8
"""A quarter of the web server's 32 threads: pages are answered however many programs wait."""
MOST_OF_ONE = MOST_WAITERS // 2
"""Places of one person, whatever keys they ask with: however many programs they run, others can wait, too."""
POLL_SECONDS = 0.2
HEADERS = {
    "Prefer": "`respond-async` answers 202 at once in place of waiting up to 30 s (RFC 7240); "
    "`respond-async, wait=5` waits 5 s at most."
}
"""What an operation that waits says about its request headers: `@operation(…, headers=waiting.HEADERS)`."""


_places = Places(MOST_WAITERS, MOST_OF_ONE)


def until(done: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until `done`, which is asked again with a fresh view of the database; say whether it is.

    Gives up after `seconds` or what `Prefer: wait=` names, at once when 8 requests wait already, or 4 of the caller's,
    or the caller prefers not to wait. Rows found before have to be read again afterwards, as they may have changed or
    gone.
    """
    owner = person().id
    looking.forget()
    if done():
        return True
    asked = _asked_seconds()
    if wants_async() or not _places.take(owner):
        return False
    try:
        return _wait(done, time.monotonic() + (seconds if asked is None else min(seconds, asked)))
    finally:
        _places.give_back(owner)


def wants_async() -> bool:
    """Say whether the caller prefers an answer at once: `Prefer: respond-async` without a time to wait."""
    return "respond-async" in _preferences() and not _asked_seconds()


def _wait(done: Callable[[], bool], ends_at: float) -> bool:
    pause = POLL_SECONDS / 8  # quick work is answered quickly
    while (left := ends_at - time.monotonic()) > 0:
        looking.forget()
        time.sleep(min(pause, left))
        pause = min(POLL_SECONDS, pause * 2)
        if done():
            return True
    return False


def _asked_seconds() -> float | None:
    asked = _preferences().get("wait", "")
    return float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None


def _preferences() -> dict[str, str]:
    """Read the Prefer headers: names in lower case → values without quotes."""
    found: dict[str, str] = {}
    for part in ",".join(request.headers.getlist("Prefer")).split(","):
        name, _, value = part.partition(";")[0].partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found
