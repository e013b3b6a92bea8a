"""Requests that may be sent again: the answer to the first one is kept for a day and given to its repetitions."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete

from webapp.errors import Conflict, Invalid
from webapp.extensions import db, transaction
from webapp.models import KeptAnswer, new_id, utcnow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from webapp.models import User

KEPT = timedelta(hours=24)
"""How long an answer is kept: longer than any program tries again."""
LONGEST_WORK = timedelta(seconds=90)
"""After this, a request that never said how it ended was cut off; POST /jobs waits 30 s at most."""


class Answer(NamedTuple):
    """An answer as it was given: HTTP status, the headers that are about this very thing, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Work(NamedTuple):
    """A request that is to be worked on: the first of its kind, or one after its first was cut off."""

    token: str
    """Names what was asked for, whoever works on it: a use case that makes its row under it makes one row."""
    begun_at: datetime


def name(person: User, key: str) -> str:
    """Return the name of a person's Idempotency-Key: nobody can guess or hit another person's."""
    return sha256(f"{person.id}\n{key}".encode("utf-8", "surrogateescape")).hexdigest()


def begin(person: User, key: str, fingerprint: str) -> Answer | Work:
    """Return the kept answer to this very request, or that it is to be worked on (then `finish` it).

    Raises:
        Conflict: the first one is still being worked on.
        Invalid: the key was used for another request.
    """
    named, now = name(person, key), utcnow()
    with transaction():
        kept = db.session.get(KeptAnswer, named)
        if kept is None or kept.created_at < now - KEPT:
            fresh = KeptAnswer(key=named, user_id=person.id, fingerprint=fingerprint, token=new_id(), created_at=now)
            fresh.status, fresh.location, fresh.body = 0, "", b""
            kept = db.session.merge(fresh)
            return Work(kept.token, now)
        if kept.fingerprint != fingerprint:
            sentence = "This key was used for another request."
            raise Invalid(sentence, fields={"Idempotency-Key": sentence}, hint="Use a new key for a new request.")
        if kept.status:
            return _unpacked(kept)
        if kept.created_at >= now - LONGEST_WORK:
            raise Conflict("The first request with this key is still being worked on.", hint="Ask again in a moment.")
        kept.created_at = now  # it was cut off: this one goes on in its name
        return Work(kept.token, now)


def finish(person: User, key: str, work: Work, answer: Answer | None) -> None:
    """Keep the answer for repetitions; without one the request is forgotten, so that trying again can help."""
    with transaction():
        kept = db.session.get(KeptAnswer, name(person, key))
        if kept is None or kept.created_at != work.begun_at:
            return  # taken over meanwhile
        if answer is None:
            db.session.delete(kept)
        else:
            _pack(kept, answer)


def _pack(kept: KeptAnswer, answer: Answer) -> None:
    """Write an answer into its row; headers beside Location stand as a line of JSON before the body."""
    others = {name: value for name, value in answer.headers.items() if name != "Location"}
    kept.status, kept.location = answer.status, answer.headers.get("Location", "")
    kept.body = json.dumps(others).encode() + b"\n" + answer.body


def _unpacked(kept: KeptAnswer) -> Answer:
    others, _, body = kept.body.partition(b"\n")
    location = {"Location": kept.location} if kept.location else {}
    return Answer(kept.status, location | json.loads(others), body)


def purge() -> None:
    """Forget the answers of yesterday."""
    with transaction():
        db.session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < utcnow() - KEPT))
