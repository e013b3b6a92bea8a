"""Signed-in browsers: what is kept, what ends them, what outlives what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from webapp.errors import NotFound
from webapp.extensions import db, transaction
from webapp.models import SignIn, utcnow
from webapp.services import sign_ins

PLACE = {"address": "10.1.2.3", "user_agent": "Firefox/140.0"}


def age(token: str, **facts: timedelta) -> None:
    """Move a sign-in's times by as much."""
    with transaction():
        found = sign_ins.find(token)
        for name, by in facts.items():
            setattr(found, name, getattr(found, name) + by)


def test_finds_its_person(ada):
    token = sign_ins.begin(ada, **PLACE)
    found = sign_ins.find(token)
    assert found is not None
    assert (found.user, found.address, found.user_agent) == (ada, "10.1.2.3", "Firefox/140.0")


def test_keeps_only_a_hash_of_a_long_random_token(ada):
    first, second = (sign_ins.begin(ada, **PLACE) for _ in range(2))
    assert first != second
    assert len(first) == 43
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM sign_ins").all()
    assert len(rows) == 2
    assert first not in repr(rows)
    assert second not in repr(rows)


@pytest.mark.parametrize("token", ["", "nonsense", "\udcff"])
def test_unknown_tokens_find_nobody(ada, token):
    sign_ins.begin(ada, **PLACE)
    assert sign_ins.find(token) is None


def test_ends_when_it_was_not_used_for_long_enough(ada):
    token = sign_ins.begin(ada, **PLACE)
    assert sign_ins.find(token) is not None
    age(token, expires_at=-timedelta(days=30))
    assert sign_ins.find(token) is None


def test_use_moves_the_end_but_is_noted_only_every_five_minutes(ada):
    token = sign_ins.begin(ada, **PLACE)
    age(token, last_seen_at=-timedelta(minutes=4), expires_at=-timedelta(days=3))
    before = sign_ins.find(token).expires_at
    assert sign_ins.find(token).expires_at == before
    age(token, last_seen_at=-timedelta(minutes=2))
    found = sign_ins.find(token)
    assert found.expires_at - before > timedelta(days=2)
    assert utcnow() - found.last_seen_at < timedelta(seconds=10)


def test_a_deactivated_person_is_signed_out_at_once(ada):
    token = sign_ins.begin(ada, **PLACE)
    with transaction():
        ada.deactivated_at = utcnow()
    assert sign_ins.find(token) is None


def test_signing_in_again_replaces_what_the_browser_came_with(ada):
    old = sign_ins.begin(ada, **PLACE)
    new = sign_ins.begin(ada, **PLACE, replacing=old)
    assert sign_ins.find(old) is None
    assert sign_ins.find(new) is not None


def test_end_ends_one_and_end_all_the_others(ada, eve):
    mine, phone, laptop = (sign_ins.begin(ada, **PLACE) for _ in range(3))
    hers = sign_ins.begin(eve, **PLACE)
    sign_ins.end(phone)
    assert [sign_ins.find(each) is not None for each in (mine, phone, laptop, hers)] == [True, False, True, True]
    sign_ins.end_all(ada, except_token=mine)
    assert [sign_ins.find(each) is not None for each in (mine, phone, laptop, hers)] == [True, False, False, True]
    sign_ins.end_all(ada)
    assert sign_ins.find(mine) is None
    assert sign_ins.find(hers) is not None


def test_nobody_ends_or_sees_what_is_not_theirs(ada, eve):
    token = sign_ins.begin(ada, **PLACE)
    with pytest.raises(NotFound):
        sign_ins.end_one(eve, sign_ins.find(token).id)
    assert sign_ins.list_for(eve) == []
    assert sign_ins.find(token) is not None
    sign_ins.end_one(ada, sign_ins.find(token).id)
    assert sign_ins.find(token) is None


def test_lists_the_latest_seen_first_without_what_is_over(ada):
    old, new, over = (sign_ins.begin(ada, **PLACE) for _ in range(3))
    age(old, last_seen_at=-timedelta(minutes=3))
    age(over, expires_at=-timedelta(days=31))
    assert [each.id for each in sign_ins.list_for(ada)] == [sign_ins.find(new).id, sign_ins.find(old).id]


def test_what_is_over_is_swept_at_the_next_sign_in(ada):
    over = sign_ins.begin(ada, **PLACE)
    age(over, expires_at=-timedelta(days=31))
    sign_ins.begin(ada, **PLACE)
    assert db.session.query(SignIn).count() == 1


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15", "Safari on macOS"),
        ("(iPhone; CPU iPhone OS 19_0 like Mac OS X) CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        ("(Linux; Android 16) SamsungBrowser/29.0 Chrome/140.0 Safari/537.36", "Samsung Internet on Android"),
        ("(X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("curl/8.14", "A browser"),
        ("", "A browser"),
    ],
)
def test_browsers_have_names(user_agent, name):
    assert sign_ins.browser_name(f"Mozilla/5.0 {user_agent}" if user_agent else "") == name
