"""Counted tries and budgets, kept in the database so that they hold across worker processes and restarts."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from sqlalchemy import delete

from webapp.errors import TooMany
from webapp.extensions import db, transaction
from webapp.models import KnownNetwork, Throttle, utcnow


class Budget(NamedTuple):
    """Say how many times something may be done in how many seconds."""

    limit: int
    window_seconds: int


FETCHES = Budget(500, 3600)
"""Links one person may have fetched in an hour: a big library in one go, but not a scan of somebody's servers."""

GENERATIONS = Budget(120, 3600)
"""Storyboards and scenes one person may have written in an hour: two a minute all day long, but no runaway bill."""

FREE_TRIES = 5
"""Wrong passwords for one account from one place before waiting begins: a person mistypes two or three times."""

FREE_TRIES_FROM_ELSEWHERE = 20
"""The same for one account from all networks it is not known from: guessing from a hundred networks is no faster."""

KNOWN_FOR = timedelta(days=180)
"""How long a network stays known to an account after the last sign-in from it."""

FREE_TRIES_OF_A_PLACE = 50
"""The same for all accounts together: one place cannot try one password on everybody, yet an office shares one."""

LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
"""Tries are forgotten a day after the last one. With the longest wait that leaves 96 guesses a day from one place."""


FORGOT = "Forgot the password? An admin can send a link to set a new one."


def check(email: str, address: str, *, area: str = "sign-in", hint: str = FORGOT) -> None:
    """Count a try to sign in before the password is looked at, so that tries at the same moment count as well.

    Other doors with a password count for themselves: `area` names the door, `email` what is tried to be opened.

    Counted by account and place together (the first 24 bits of an IPv4, 56 of an IPv6 address: what one customer of a
    provider holds), so whoever guesses from elsewhere does not keep the real person out. Networks from which the
    account was never signed in to are counted together as well: many of them get no more tries than a few. An empty
    `email` names no account (an API key that is unknown).

    Raises:
        TooMany: with the seconds to wait; they double with each further try up to 15 minutes.
    """
    place = prefix(address)
    with transaction():
        door = _door(area, email)
        counted = [(_row(f"{door}:{place}"), FREE_TRIES), (_row(_place_key(area, place)), FREE_TRIES_OF_A_PLACE)]
        if email and not _is_known(door, place):
            counted.append((_row(f"{door}:elsewhere"), FREE_TRIES_FROM_ELSEWHERE))
        for row, _ in counted:
            _refuse_if_blocked(row, hint)
        for row, free in counted:
            _count_try(row, free)


def forgive(email: str, address: str, *, area: str = "sign-in") -> None:
    """Forget the tries for an account from a place, after a sign-in that worked, and remember the place."""
    place, door = prefix(address), _door(area, email)
    with transaction():
        db.session.execute(delete(Throttle).where(Throttle.key == f"{door}:{place}"))
        db.session.execute(delete(KnownNetwork).where(KnownNetwork.last_used_at < utcnow() - KNOWN_FOR))
        db.session.merge(KnownNetwork(door=door, network=place, last_used_at=utcnow()))
        for key in (_place_key(area, place), f"{door}:elsewhere"):
            counted = _row(key)
            counted.count = max(0, counted.count - 1)


def spend(key: str, limit: int, window_seconds: int, *, amount: int = 1, message: str = "") -> None:
    """Take from a budget: `spend(f"fetches:{person.id}", *throttles.FETCHES)`. Windows begin with the first spending.

    Raises:
        TooMany: when the budget of this window is used up; nothing is taken then.
    """
    now = utcnow()
    with transaction():
        row = _row(key[:200])
        ends_at = row.window_started_at + timedelta(seconds=window_seconds)
        if ends_at <= now or row.count == 0:
            row.window_started_at, row.count = now, 0
            ends_at = now + timedelta(seconds=window_seconds)
        if row.count + amount > limit:
            wait = (ends_at - now).total_seconds()
            sentence = message or f"That is enough for now: at most {limit} in {_words(window_seconds)}."
            raise TooMany(sentence, retry_after=wait, hint=f"Try again in {_words(wait)}.")
        row.count += amount


def prefix(address: str) -> str:
    """Return the network an address belongs to, about one household or office; the text itself when it is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return str(ip_network((found, 24 if found.version == 4 else 56), strict=False))


def forget_networks(email: str, *, area: str = "sign-in") -> None:
    """Forget from where an account was signed in to (inside the caller's transaction)."""
    db.session.execute(delete(KnownNetwork).where(KnownNetwork.door == _door(area, email)))


def _door(area: str, email: str) -> str:
    """Name an account without spelling out what was typed, which is sometimes a password in the wrong field."""
    return f"{area}:{sha256(email.strip().casefold().encode('utf-8', 'surrogateescape')).hexdigest()[:32]}"


def _is_known(door: str, network: str) -> bool:
    known = db.session.get(KnownNetwork, (door, network))
    return known is not None and known.last_used_at >= utcnow() - KNOWN_FOR


def _place_key(area: str, place: str) -> str:
    return f"{area}:{place}"


def _row(key: str) -> Throttle:
    found = db.session.get(Throttle, key)
    if found is None:
        db.session.execute(delete(Throttle).where(Throttle.window_started_at < utcnow() - 2 * FORGOTTEN_AFTER))
        found = Throttle(key=key, count=0, window_started_at=utcnow())
        db.session.add(found)
    return found


def _refuse_if_blocked(row: Throttle, hint: str) -> None:
    wait = _seconds_until(row.blocked_until)
    if wait > 0:
        raise TooMany(
            "Too many tries that did not work.",
            retry_after=wait,
            hint=f"Try again in {_words(wait)}. {hint}",
        )


def _count_try(row: Throttle, free: int) -> None:
    """Count a try and say when the next may come: 2 s after the last free one, then twice as long each time."""
    now = utcnow()
    if now - row.window_started_at > FORGOTTEN_AFTER:
        row.count = 0
    row.count += 1
    row.window_started_at = now  # the time of the last try: the window slides
    if row.count >= free:
        row.blocked_until = now + min(LONGEST_WAIT, timedelta(seconds=2 ** min(row.count - free + 1, 30)))


def _seconds_until(when: datetime | None) -> float:
    return (when - utcnow()).total_seconds() if when else 0.0


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours"
