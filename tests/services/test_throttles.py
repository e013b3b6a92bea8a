"""Counted tries and budgets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from webapp.errors import TooMany
from webapp.extensions import db, transaction
from webapp.models import KnownNetwork, Throttle, utcnow
from webapp.services import throttles

HERE, NEAR, ELSEWHERE = "203.0.113.9", "203.0.113.77", "198.51.100.7"


def later(seconds: float) -> None:
    """Move everything that was counted into the past."""
    with transaction():
        for row in db.session.query(Throttle):
            row.window_started_at -= timedelta(seconds=seconds)
            if row.blocked_until:
                row.blocked_until -= timedelta(seconds=seconds)


def refused_for(email="ada@example.com", address=HERE) -> float:
    with pytest.raises(TooMany) as refused:
        throttles.check(email, address)
    return refused.value.retry_after


def test_five_tries_are_free_then_waiting_doubles_up_to_a_quarter_of_an_hour(app):
    for _ in range(5):
        throttles.check("ada@example.com", HERE)
    waits = []
    for _ in range(12):
        waits.append(refused_for())
        later(waits[-1] + 0.01)
        throttles.check("ada@example.com", HERE)
    assert [round(each) for each in waits] == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_tries_that_were_refused_do_not_prolong_the_wait(app):
    for _ in range(5):
        throttles.check("ada@example.com", HERE)
    before = refused_for()
    for _ in range(20):
        assert refused_for() <= before


def test_counts_by_account_and_neighbourhood(app):
    for _ in range(5):
        throttles.check("ada@example.com", HERE)
    refused_for(address=NEAR)
    refused_for(email=" ADA@example.com")
    throttles.check("ada@example.com", ELSEWHERE)
    throttles.check("eve@example.com", HERE)


def test_one_place_cannot_try_everybody(app):
    for n in range(throttles.FREE_TRIES_OF_A_PLACE):
        throttles.check(f"person{n}@example.com", HERE)
    refused_for(email="another@example.com")
    throttles.check("another@example.com", ELSEWHERE)


def test_success_forgives(app):
    for _ in range(4):
        throttles.check("ada@example.com", HERE)
    throttles.forgive("ada@example.com", HERE)
    for _ in range(5):
        throttles.check("ada@example.com", HERE)
    refused_for()


def test_a_day_without_tries_forgets(app):
    for _ in range(5):
        throttles.check("ada@example.com", HERE)
    later(24 * 3600 + 1)
    for _ in range(4):
        throttles.check("ada@example.com", HERE)
    assert db.session.get(Throttle, db.session.query(Throttle.key).first()[0]).count <= 5


def test_tries_at_the_same_moment_all_count(app):
    def attempt(_):
        with app.app_context():
            try:
                throttles.check("ada@example.com", HERE)
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5


def test_what_was_typed_is_not_kept(app):
    throttles.check("my secret in the wrong field", HERE)
    with db.engine.connect() as connection:
        assert "secret" not in repr(connection.exec_driver_sql("SELECT * FROM throttles").all())


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", ""),
        ("nonsense" * 20, ("nonsense" * 20)[:64]),
    ],
)
def test_neighbourhoods(address, network):
    assert throttles.prefix(address) == network


def test_a_budget_is_spent_and_comes_back(app):
    for _ in range(3):
        throttles.spend("fetches:ada", 3, 60)
    with pytest.raises(TooMany) as refused:
        throttles.spend("fetches:ada", 3, 60)
    assert 55 < refused.value.retry_after <= 60
    assert "Try again in" in refused.value.hint
    throttles.spend("fetches:eve", 3, 60)
    later(61)
    throttles.spend("fetches:ada", 3, 60)


def test_a_batch_fits_whole_or_not_at_all(app):
    throttles.spend("fetches:ada", 10, 60, amount=8)
    with pytest.raises(TooMany, match="50 links"):
        throttles.spend("fetches:ada", 10, 60, amount=3, message="At most 50 links.")
    throttles.spend("fetches:ada", 10, 60, amount=2)


def test_named_budgets_read_well(app):
    throttles.spend("generations:ada", *throttles.GENERATIONS)
    assert throttles.FETCHES.limit >= 200
    assert throttles.FETCHES.window_seconds == throttles.GENERATIONS.window_seconds == 3600


def test_old_counts_are_swept(app):
    throttles.spend("a", 3, 60)
    with transaction():
        db.session.get(Throttle, "a").window_started_at = utcnow() - timedelta(days=3)
    throttles.spend("b", 3, 60)
    assert [key for (key,) in db.session.query(Throttle.key)] == ["b"]


def networks(count):
    return [f"{first}.{second}.7.9" for first in range(20, 20 + count // 10 + 1) for second in range(10)][:count]


def guess(email, addresses):
    """Try once from each address; return how many tries reached the password."""
    reached = 0
    for address in addresses:
        try:
            throttles.check(email, address)
        except TooMany:
            continue
        reached += 1
    return reached


def test_guessing_from_a_hundred_networks_gets_no_more_tries_than_a_few(app):
    assert guess("ada@example.com", networks(100)) == throttles.FREE_TRIES_FROM_ELSEWHERE
    assert refused_for(address=ELSEWHERE) > 0
    throttles.check("ben@example.com", ELSEWHERE)  # the control: another account from there is not held up


def test_a_network_the_account_is_known_from_does_not_wait_for_guesses_from_elsewhere(app):
    throttles.check("ada@example.com", HERE)
    throttles.forgive("ada@example.com", HERE)
    guess("ada@example.com", networks(60))
    throttles.check("ada@example.com", NEAR)
    assert refused_for(address=ELSEWHERE) > 0
    with transaction():
        throttles.forget_networks("ADA@example.com")
    assert refused_for(address=HERE) > 0


def test_a_network_is_known_for_half_a_year(app):
    throttles.check("ada@example.com", HERE)
    throttles.forgive("ada@example.com", HERE)
    with transaction():
        db.session.query(KnownNetwork).one().last_used_at -= throttles.KNOWN_FOR + timedelta(days=1)
    guess("ada@example.com", networks(60))
    assert refused_for(address=HERE) > 0
    throttles.check("ben@example.com", HERE)
    throttles.forgive("ben@example.com", HERE)
    assert db.session.query(KnownNetwork).count() == 1


def test_signing_in_from_many_places_is_no_guessing(app):
    for address in networks(60):
        throttles.check("ada@example.com", address)
        throttles.forgive("ada@example.com", address)


def test_tries_that_name_no_account_are_not_counted_together(app):
    assert guess("", networks(60)) == 60
