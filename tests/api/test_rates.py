"""How many requests a key may make a minute: said in every answer, refused above it, counted by key."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from webapp import create_app
from webapp.config import load
from webapp.views.api import rates

LIMIT = 5


@pytest.fixture
def settings(settings):
    return replace(settings, api_requests_per_minute=LIMIT)


def left(answer):
    return int(answer.headers["RateLimit-Remaining"])


def use_up(program):
    for _ in range(LIMIT):
        assert program.get("/clients").status_code == 200


def test_every_answer_says_what_is_left(api, eve):
    """Refusals as well: they are answers, and they count."""
    program = api(eve)
    asked = [
        program.get("/clients"),
        program.head("/clients"),
        program.get("/clients/nobody"),
        program.post("/clients", json={"nam": "Fjell"}),
        program.post("/clients", data="{", content_type="application/json"),
    ]
    assert [each.status_code for each in asked] == [200, 200, 404, 422, 400]
    assert [left(each) for each in asked] == [4, 3, 2, 1, 0]
    for each in asked:
        assert each.headers["RateLimit-Limit"] == str(LIMIT)
        assert 1 <= int(each.headers["RateLimit-Reset"]) <= rates.WINDOW


def test_what_one_may_not_do_counts(api, ben):
    program = api(ben)
    answer = program.post("/clients", json={"name": "Fjell"})
    assert (answer.status_code, left(answer)) == (403, LIMIT - 1)
    for _ in range(LIMIT - 1):
        program.delete("/clients/nobody")
    assert program.delete("/clients/nobody").status_code == 429


def test_one_too_many_is_refused_in_the_envelope_and_changes_nothing(api, eve):
    program = api(eve)
    use_up(program)
    answer = program.post("/clients", json={"name": "Fjell Coffee"})
    assert answer.status_code == 429
    assert answer.json["success"] is False
    assert answer.json["data"] is None
    assert answer.json["error"] == f"That is enough for now: at most {LIMIT} requests a minute."
    assert answer.json["meta"]["code"] == "rate_limited"
    assert 1 <= int(answer.headers["Retry-After"]) <= rates.WINDOW
    assert answer.headers["Retry-After"] in answer.json["meta"]["hint"]
    assert left(answer) == 0
    other = api(eve)  # another key of the same person
    assert other.get("/clients").json["data"] == []


def test_keys_are_counted_apart_wherever_they_come_from(api, eve, ada):
    """Not by address: a whole office asks from one."""
    first, second, third = api(eve), api(eve), api(ada)
    use_up(first)
    assert first.get("/clients").status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert first.get("/clients", environ_overrides=elsewhere).status_code == 429
    for each in (second, third):
        answer = each.get("/clients")
        assert (answer.status_code, left(answer)) == (200, LIMIT - 1)


def test_browsers_are_counted_by_person(browse, eve, ada):
    one, other = browse(eve), browse(eve)
    for browser in (one, other, one, other, one):
        assert browser.get("/api/v3/clients").status_code == 200
    assert one.get("/api/v3/clients").status_code == 429
    assert other.get("/api/v3/clients").status_code == 429
    assert browse(ada).get("/api/v3/clients").status_code == 200


def test_pages_are_not_counted(browse, eve):
    browser = browse(eve)
    for _ in range(LIMIT + 2):
        answer = browser.get("/clients")
        assert answer.status_code == 200
        assert "RateLimit-Limit" not in answer.headers


def test_strangers_use_up_nobodys_requests(api, eve):
    program, stranger = api(eve), api(None)
    for _ in range(LIMIT + 2):
        answer = stranger.get("/clients")
        assert answer.status_code == 401
        assert "RateLimit-Limit" not in answer.headers
    assert left(program.get("/clients")) == LIMIT - 1


def test_the_next_minute_is_a_new_one(app, api, eve):
    """The minute is moved, not waited for."""
    program = api(eve)
    use_up(program)
    assert program.get("/clients").status_code == 429
    counter = app.extensions["api_rates"]
    ((caller, (_, used)),) = counter.windows.items()
    counter.windows[caller] = time.monotonic() - 0.001, used
    answer = program.get("/clients")
    assert (answer.status_code, left(answer)) == (200, LIMIT - 1)


def test_callers_whose_minute_is_over_are_forgotten_when_there_are_many(monkeypatch):
    monkeypatch.setattr(rates, "MOST_CALLERS", 3)
    counter = rates.Counter(LIMIT)
    for caller in ("a", "b", "c"):
        counter.count(caller)
    counter.windows["a"] = counter.windows["b"] = time.monotonic() - 1, 2
    assert counter.count("d").left == LIMIT - 1
    assert set(counter.windows) == {"c", "d"}


def test_counting_by_many_threads_at_once_counts_all():
    from concurrent.futures import ThreadPoolExecutor

    counter = rates.Counter(1000)
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: counter.count("a").left, range(800)))
    assert sorted(seen) == list(range(200, 1000))


def test_the_setting_says_how_many(settings, tmp_path):
    made = create_app(load({"SLATE_DATA": str(tmp_path / "other"), "API_REQUESTS_PER_MINUTE": "7"}))
    assert made.extensions["api_rates"].limit == 7
    assert create_app(settings).extensions["api_rates"].limit == LIMIT
