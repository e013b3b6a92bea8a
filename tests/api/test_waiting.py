"""Requests that wait: for so long, so many at a time, with a fresh look each time and nothing held in between."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests import factories
from tests.api.v3.briefs import brief
from webapp.extensions import db, transaction
from webapp.models import Client
from webapp.services import clients
from webapp.views.api import waiting

if TYPE_CHECKING:
    from flask import Flask

    from webapp.models import User


@pytest.fixture
def asked(app, api, eve):
    """Be within a request of a person (Eve if nobody is named)."""
    keys = {eve.id: api(eve).key}

    def begin(prefer: str = "", who: User = eve):
        keys[who.id] = keys.get(who.id) or api(who).key
        return app.test_request_context(
            "/api/v3/jobs", headers={"X-API-Key": keys[who.id]} | ({"Prefer": prefer} if prefer else {})
        )

    return begin


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
def test_how_long_it_waits(asked, prefer: str, least: float, most: float):
    with asked(prefer):
        started = time.monotonic()
        assert waiting.until(lambda: False, seconds=2 if "wait=1" in prefer else 0.5) is False
        assert least <= time.monotonic() - started < most


def test_what_is_done_is_not_waited_for(asked):
    with asked("respond-async"):
        assert waiting.until(lambda: True) is True


def test_each_look_is_fresh_and_nothing_is_held_in_between(app: Flask, asked, ada: User):
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
    with asked():
        assert waiting.until(done, seconds=10) is True
    other.join()
    assert seen[0][0] == seen[1][0] == "Fjell"
    assert [held for name, held in seen if name == "Fjell"][:2] == [0, 0], "no connection while it sleeps"


def queue(asked, owners):
    """Let each of these people wait in a thread of their own; returns once all do, and how to end it."""
    over, waits, answers = threading.Event(), threading.Semaphore(0), []

    def wait(context) -> None:
        looks = 0

        def done() -> bool:
            nonlocal looks
            looks += 1
            if looks == 2:
                waits.release()
            return over.is_set()

        with context:
            answers.append(waiting.until(done, seconds=20))

    def end() -> list[bool]:
        over.set()
        for thread in threads:
            thread.join()
        return answers

    threads = [threading.Thread(target=wait, args=(asked("", who),)) for who in owners]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert waits.acquire(timeout=10)
    return end


def test_only_so_many_wait_at_a_time(asked, ada, eve, ben):
    half = waiting.MOST_WAITERS // 2
    end = queue(asked, [ada] * half + [eve] * half)
    with asked("", ben):
        started = time.monotonic()
        assert waiting.until(lambda: False, seconds=20) is False
        assert time.monotonic() - started < 2, "the ninth is answered at once"
    assert end() == [True] * waiting.MOST_WAITERS
    with asked("", ben):
        started = time.monotonic()
        waiting.until(lambda: False, seconds=0.3)
        assert time.monotonic() - started >= 0.3, "there is room again"


def test_nobody_holds_more_than_half_of_the_places(asked, eve, ada, ben):
    half = waiting.MOST_WAITERS // 2
    end = queue(asked, [eve] * half)
    with asked("", eve):
        started = time.monotonic()
        assert waiting.until(lambda: False, seconds=20) is False
        assert time.monotonic() - started < 2, "their fifth is answered at once"
    others = queue(asked, [ada] * (half - 1) + [ben])
    assert others() == end() == [True] * half
    with asked("", eve):
        started = time.monotonic()
        waiting.until(lambda: False, seconds=0.3)
        assert time.monotonic() - started >= 0.3, "they may wait again"


def test_a_persons_fifth_request_is_not_waited_for_whatever_key_it_has(api, eve):
    """With real threads through the door: no worker runs here, so that every request waits as long as it may."""
    half, taken = waiting.MOST_WAITERS // 2, []
    body = brief(factories.client())

    def ask(program) -> None:
        begun = time.monotonic()
        answer = program.post("/jobs", json=body, headers={"Prefer": "wait=3"})
        taken.append((answer.status_code, time.monotonic() - begun > 2.5))

    threads = [threading.Thread(target=ask, args=(api(eve),)) for _ in range(half + 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [(202, False)] * 2 + [(202, True)] * half
