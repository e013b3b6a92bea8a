"""Keys to the JSON API: made, found by what a program sends, listed and revoked; kept only as a hash."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import OperationalError

from webapp.errors import Conflict, DiskFull, Invalid, KeyRefused, NotFound
from webapp.extensions import db, transaction
from webapp.models import ApiKey, User, utcnow
from webapp.services import throttles, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from webapp.schemas.api_keys import ApiKeyDraft

log = logging.getLogger(__name__)

PREFIX = "slate_"
"""Begins every key, so that people and scanners for leaked secrets recognise one."""
START = len(PREFIX) + 4
"""Characters of a key that are kept readable, so that its owner can tell it from the others."""
MOST = 50
"""Keys one person may have in force: neither revoked nor expired."""
NEW_ONE = "Make a new one under API keys, in the menu with your name."
USED_EVERY = timedelta(minutes=5)
"""How often a key in use is written down: seldom enough that reading does not become writing."""

_FOUND = (
    select(User, ApiKey.id, ApiKey.expires_at, ApiKey.last_used_at, ApiKey.revoked_at)
    .join(User, User.id == ApiKey.user_id)
    .where(ApiKey.key_hash == bindparam("key_hash"))
)
"""Built once: putting a statement together costs as much again as asking it (0.25 against 0.14 ms)."""


class Caller(NamedTuple):
    """Who asks with a key, and the id of the key."""

    person: User
    key_id: str


def create(person: User, draft: ApiKeyDraft) -> tuple[ApiKey, str]:
    """Make a key and return it with its text, which is shown once and kept nowhere.

    Raises:
        Invalid: this person has as many keys as one may have.
        Conflict: this person was deactivated.
    """
    text = PREFIX + tokens.fresh()
    with transaction():
        if not person.is_active:
            raise Conflict(f"{person.name} is deactivated, so a key would not work.", hint="Reactivate them first.")
        own = select(func.count()).where(ApiKey.user_id == person.id, ApiKey.working_ones())
        if (db.session.scalar(own) or 0) >= MOST:
            raise Invalid(fields={"name": f"You have {MOST} keys already. Revoke one that is not used any more."})
        key = ApiKey(
            user_id=person.id,
            name=draft.name,
            key_hash=tokens.digest(text),
            start=text[:START],
            expires_at=utcnow() + timedelta(days=draft.days) if draft.days else None,
        )
        db.session.add(key)
    return key, text


def find(text: str, address: str) -> Caller:
    """Return who a key stands for: one look-up by its hash. Notes its use at most every five minutes.

    Raises:
        KeyRefused: it is unknown, revoked or expired, or its owner was deactivated.
        TooMany: too many wrong keys came from this address.
    """
    row = db.session.execute(_FOUND, {"key_hash": tokens.digest(text)}).one_or_none()
    if row is None:
        throttles.check("", address, area="api-key", hint="Use a key that works.")
        raise KeyRefused("This API key is unknown.", hint=NEW_ONE)
    person, key_id, expires_at, last_used_at, revoked_at = row
    now = utcnow()
    if revoked_at is not None or not person.is_active:
        raise KeyRefused("This API key was revoked.", hint=NEW_ONE)
    if expires_at is not None and expires_at <= now:
        raise KeyRefused("This API key has expired.", hint=NEW_ONE)
    if last_used_at is None or now - last_used_at >= USED_EVERY:
        _note_use(key_id, now)
    return Caller(person, key_id)


def owner_id(text: str) -> str | None:
    """Return whose key this is, without noting or counting that it was asked for; None when it does not work."""
    query = select(User.id).join(ApiKey, ApiKey.user_id == User.id)
    return db.session.scalar(
        query.where(ApiKey.key_hash == tokens.digest(text), ApiKey.working_ones(), User.deactivated_at.is_(None))
    )


def list_for(person: User) -> Sequence[ApiKey]:
    """Return this person's keys that were not revoked, the newest first."""
    own = select(ApiKey).where(ApiKey.user_id == person.id, ApiKey.revoked_at.is_(None))
    return db.session.scalars(own.order_by(ApiKey.created_at.desc(), ApiKey.id)).all()


def find_own(person: User, said: str) -> ApiKey:
    """Return the one of this person's keys that was meant: by its id, its first characters or its whole text.

    Raises:
        NotFound: they have none like that.
        Conflict: several begin like this.
    """
    found = [each for each in list_for(person) if said == each.id or said.startswith(each.start)]
    if not found:
        raise NotFound("There is no such key.", hint="The list shows the keys that are in force.")
    if len(found) > 1:
        raise Conflict("Several keys begin like this.", hint="Name it by its id.")
    return found[0]


def revoke(person: User, key_id: str) -> ApiKey:
    """Make one of this person's own keys stop working at its next request. Raises NotFound when it is not theirs."""
    with transaction():
        key = db.session.get(ApiKey, key_id)
        if key is None or key.user_id != person.id:
            raise NotFound("There is no such key.", hint="The list shows the keys you have.")
        key.revoked_at = key.revoked_at or utcnow()
    return key


def _note_use(key_id: str, now: datetime) -> None:
    """Write down that a key is in use. A full disk must not shut a program out."""
    try:
        with transaction():
            db.session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now))
    except (OperationalError, DiskFull) as error:
        log.warning("could not note that a key is in use: %s", error)
