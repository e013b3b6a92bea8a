"""How many requests a key may make: counted in this process by the minute, said in every answer's headers."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app, request

from webapp.errors import TooMany

if TYPE_CHECKING:
    from flask import Flask, Response

WINDOW = 60
"""Seconds."""
MOST_CALLERS = 10_000
"""Callers remembered at once; with more, those whose minute is over are forgotten first."""


class Rate(NamedTuple):
    """What a caller has left of this minute."""

    limit: int
    left: int
    seconds: float


class Counter:
    """Count requests by caller, each in a minute of its own.

    In memory on purpose: a count in the database would make every reading a write. The `limits` package does the same
    at 100 µs and one thread a request, a sixth of what a whole request costs; this takes 1 µs. What costs money or
    other people's servers is counted in the database, for all processes together (`services/throttles.py`).
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.lock = Lock()
        self.windows: dict[str, tuple[float, int]] = {}

    def count(self, caller: str) -> Rate:
        """Count one request and say what is left; `left` is negative for one too many."""
        now = time.monotonic()
        with self.lock:
            ends_at, used = self.windows.get(caller, (0.0, 0))
            if ends_at <= now:
                self._forget(now)
                ends_at, used = now + WINDOW, 0
            self.windows[caller] = ends_at, min(used + 1, self.limit + 1)
        return Rate(self.limit, self.limit - used - 1, ends_at - now)

    def _forget(self, now: float) -> None:
        if len(self.windows) >= MOST_CALLERS:
            self.windows = {caller: window for caller, window in self.windows.items() if window[0] > now}


def spend(caller: str) -> None:
    """Count this request for whoever asks. Raises TooMany when this minute's are used up."""
    counter: Counter = current_app.extensions["api_rates"]
    rate = request.environ["slate.rate"] = counter.count(caller)
    if rate.left < 0:
        raise TooMany(
            f"That is enough for now: at most {rate.limit:,} requests a minute.",
            retry_after=rate.seconds,
            hint=f"Ask again in {max(1, round(rate.seconds))} seconds.",
        )


def init_app(app: Flask, limit: int) -> None:
    """Count the requests of this app, and say in every answer what is left."""
    app.extensions["api_rates"] = Counter(limit)
    app.after_request(_say)


def _say(response: Response) -> Response:
    rate: Rate | None = request.environ.get("slate.rate")
    if rate is not None:
        response.headers["RateLimit-Limit"] = str(rate.limit)
        response.headers["RateLimit-Remaining"] = str(max(0, rate.left))
        response.headers["RateLimit-Reset"] = str(max(1, round(rate.seconds)))
    return response
