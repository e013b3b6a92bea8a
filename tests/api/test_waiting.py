"""Requests that wait: for so long, so many at a time, with a fresh look each time and nothing held in between."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Client
from webapp.services import clients
from webapp.views.api import waiting

if TYPE_CHECKING:
    from flask import Flask

    from webapp.models import User


@pytest.mark.parametrize(
    ("prefer", "is_async"),
    [
        ("", False),
        ("respond-async", True),
        ("Respond-Async; foo=bar", True),
        ("return=minimal, respond-async", True),
        ("respond-async, wait=5", False),
        ("respond-async, wait=0", True),
        ("wait=5", False),
        ("respond-sync", False),
        ('wait="many"', False),
    ],
)
def test_what_a_caller_prefers(app, prefer, is_async):
    with app.test_request_context(headers={"Prefer": prefer} if prefer else {}):
        assert waiting.wants_async() is is_async


@pytest.mark.parametrize(
    ("prefer", "least", "most"),
    [
        ("respond-async", 0, 0.2),
        ("wait=0", 0, 0.2),
        ("respond-async, wait=1", 1, 3),
        ("wait=500", 0.5, 2),
        ("", 0.5, 2),
    ],
)
def test_how_long_it_waits(app: Flask, prefer: str, least: float, most: float):
    with app.test_request_context(headers={"Prefer": prefer}):
        started = time.monotonic()
        assert waiting.until(lambda: False, seconds=2 if "wait=1" in prefer else 0.5) is False
        assert least <= time.monotonic() - started < most


def test_what_is_done_is_not_waited_for(app: Flask):
    with app.test_request_context(headers={"Prefer": "respond-async"}):
        assert waiting.until(lambda: True) is True


def test_each_look_is_fresh_and_nothing_is_held_in_between(app: Flask, ada: User):
    fjell = factories.client("Fjell")
    seen: list[tuple[str, int]] = []
    client_id = fjell.id

    def rename() -> None:
        while len(seen) < 2:
            time.sleep(0.02)
        with app.app_context(), transaction():
            db.session.get(Client, client_id).name = "Renamed"

    def done() -> bool:
        held = db.engine.pool.checkedout()
        seen.append((clients.find(ada, client_id).name, held))
        return seen[-1][0] == "Renamed"

    other = threading.Thread(target=rename)
    other.start()
    with app.test_request_context():
        assert waiting.until(done, seconds=10) is True
    other.join()
    assert seen[0][0] == seen[1][0] == "Fjell"
    assert [held for name, held in seen if name == "Fjell"][:2] == [0, 0], "no connection while it sleeps"


def test_only_so_many_wait_at_a_time(app: Flask):
    over, waits, answers = threading.Event(), threading.Semaphore(0), []

    def wait() -> None:
        asked = 0

        def done() -> bool:
            nonlocal asked
            asked += 1
            if asked == 2:
                waits.release()
            return over.is_set()

        with app.test_request_context():
            answers.append(waiting.until(done, seconds=20))

    threads = [threading.Thread(target=wait) for _ in range(waiting.MOST_WAITERS)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert waits.acquire(timeout=10)
    with app.test_request_context():
        started = time.monotonic()
        assert waiting.until(lambda: False, seconds=20) is False
        assert time.monotonic() - started < 2, "the ninth is answered at once"
    over.set()
    for thread in threads:
        thread.join()
    assert answers == [True] * waiting.MOST_WAITERS
    with app.test_request_context():
        started = time.monotonic()
        waiting.until(lambda: False, seconds=0.3)
        assert time.monotonic() - started >= 0.3, "there is room again"
