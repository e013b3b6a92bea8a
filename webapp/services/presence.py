"""Who has a board open right now: told by the polls of their pages, forgotten when those end."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from webapp.extensions import db, transaction
from webapp.models import Job, Presence, utcnow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from webapp.models import User

EVERY = timedelta(seconds=10)
"""A page says so often at most that somebody is there: polls come every second or two, and each write costs a sync."""
GONE = timedelta(seconds=25)
"""Who has not been seen for so long is gone: two writes that came late, and some."""
KEPT = timedelta(minutes=5)
"""Rows of people who have gone are deleted after this, by the next write on any board."""
TYPING = timedelta(seconds=5)
"""While somebody types, which scene it is in is written so often at most."""


def visit(person: User, job_id: str) -> str:
    """Note that somebody looks at a board, at most every ten seconds, and return the fingerprint of everybody else.

    Every poll of every open page asks this, so it reads three columns and makes no objects.
    """
    me, now = person.id, utcnow()
    query = select(Presence.user_id, Presence.scene_id, Presence.seen_at)
    found = db.session.execute(query.where(Presence.job_id == job_id, Presence.seen_at > now - GONE)).all()
    if not any(each.user_id == me and now - each.seen_at < EVERY for each in found):
        _note(me, job_id, None)
    return _fingerprint((each.user_id, each.scene_id) for each in found if each.user_id != me)


def typing(person: User, job_id: str, scene_id: str) -> None:
    """Note in which scene somebody types; it is forgotten about ten seconds after the last word."""
    mine = db.session.scalar(select(Presence).where(Presence.job_id == job_id, Presence.user_id == person.id))
    if mine is None or mine.scene_id != scene_id or utcnow() - mine.seen_at >= TYPING:
        _note(person.id, job_id, scene_id)


def at(job_id: str) -> Sequence[Presence]:
    """Return who is at a board, by name, each with their account."""
    query = select(Presence).where(Presence.job_id == job_id, Presence.seen_at > utcnow() - GONE)
    return sorted(db.session.scalars(query).all(), key=lambda each: (each.user.name, each.user_id))


def others(found: Iterable[Presence], person: User) -> list[Presence]:
    """Return everybody but the person who looks."""
    return [each for each in found if each.user_id != person.id]


def fingerprint(found: Iterable[Presence]) -> str:
    """Return a short word that changes when somebody comes, goes, or types in another scene."""
    return _fingerprint((each.user_id, each.scene_id) for each in found)


def _fingerprint(found: Iterable[tuple[str, str | None]]) -> str:
    said = "\n".join(sorted(f"{user_id} {scene_id or ''}" for user_id, scene_id in found))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _note(user_id: str, job_id: str, scene_id: str | None) -> None:
    with transaction():
        if db.session.scalar(select(Job.id).where(Job.id == job_id)) is None:
            return  # deleted between the look and the lock
        now = utcnow()
        mine = db.session.scalar(select(Presence).where(Presence.job_id == job_id, Presence.user_id == user_id))
        if mine is None:
            db.session.add(Presence(job_id=job_id, user_id=user_id, scene_id=scene_id, seen_at=now))
        else:
            mine.seen_at, mine.scene_id = now, scene_id
        db.session.execute(delete(Presence).where(Presence.seen_at < now - KEPT))
