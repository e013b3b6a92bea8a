"""Bodies of new jobs, and the worker that writes them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from webapp.extensions import db
from webapp.services import worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from webapp.config import Settings
    from webapp.models import Client

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")


def brief(client: Client | str, *assets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the body of a new job with these assets; changes are put over it by path: `adBasics__product="x"`."""
    body: dict[str, Any] = {
        "context": {"clientId": client if isinstance(client, str) else client.id},
        "adBasics": {
            "product": "Fjell Cold Brew",
            "targetAudience": "Commuters, 20 to 35",
            "keyMessage": "Ready before you are",
            "callToAction": "Order at fjell.example",
        },
        "creative": {"videoSpecs": {"duration": 15}, "direction": {"style": "Warm"}, "assets": list(assets)},
        "advanced": {},
    }
    for path, value in changes.items():
        *places, last = path.split("__")
        place = body
        for name in places:
            place = place.setdefault(name, {})
        if value is ...:
            place.pop(last)
        else:
            place[last] = value
    return body


@contextmanager
def working(settings: Settings, **more: str) -> Iterator[None]:
    """Run a worker process on the test's data folder."""
    env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    env |= {"SLATE_DATA": str(settings.data), "WRITING_PACE": "0", "LOG_LEVEL": "WARNING", **more}
    child = subprocess.Popen([sys.executable, "-m", "webapp.cli", "worker"], env=env, start_new_session=True)
    try:
        until(worker.alive)
        yield
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def until(truth: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until something is so in the database."""
    end = time.monotonic() + seconds
    while not now(truth):
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def now(read: Callable[[], Any]) -> Any:
    """Read from the database what is there now."""
    db.session.rollback()
    db.session.expire_all()
    return read()
