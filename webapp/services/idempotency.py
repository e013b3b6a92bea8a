"""Requests that may be sent again: the answer to the first one is kept for a day and given to its repetitions."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete

from webapp.errors import Conflict, Invalid
from webapp.extensions import db, transaction
from webapp.models import KeptAnswer, utcnow

if TYPE_CHECKING:
    from webapp.models import User

KEPT = timedelta(hours=24)
"""How long an answer is kept: longer than any program tries again."""
LONGEST_WORK = timedelta(seconds=90)
"""After this, a request that never said how it ended was cut off; POST /jobs waits 30 s at most."""
MOST_BYTES = 256 * 1024
"""The largest answer that is kept; a longer one is answered anew."""


class Answer(NamedTuple):
    """An answer as it was given: HTTP status, Location header, body."""

    status: int
    location: str
    body: bytes


def name(person: User, key: str) -> str:
    """Return the name of a person's Idempotency-Key: nobody can guess or hit another person's."""
    return sha256(f"{person.id}\n{key}".encode("utf-8", "surrogateescape")).hexdigest()


def begin(person: User, key: str, fingerprint: str) -> Answer | None:
    """Return the kept answer to this very request; None when it is new and should be worked on (then `finish` it).

    Raises:
        Conflict: the first one is still being worked on.
        Invalid: the key was used for another request.
    """
    named = name(person, key)
    with transaction():
        kept = db.session.get(KeptAnswer, named)
        now = utcnow()
        if kept is not None and (
            kept.created_at < now - KEPT or (not kept.status and kept.created_at < now - LONGEST_WORK)
        ):
            db.session.delete(kept)
            db.session.flush()
            kept = None
        if kept is None:
            db.session.add(KeptAnswer(key=named, user_id=person.id, fingerprint=fingerprint))
            return None
        if kept.fingerprint != fingerprint:
            sentence = "This key was used for another request."
            raise Invalid(sentence, fields={"Idempotency-Key": sentence}, hint="Use a new key for a new request.")
        if not kept.status:
            raise Conflict("The first request with this key is still being worked on.", hint="Ask again in a moment.")
        return Answer(kept.status, kept.location, kept.body)


def finish(person: User, key: str, answer: Answer) -> None:
    """Keep the answer for repetitions; a failure of ours is not kept, so that trying again can help."""
    named = name(person, key)
    with transaction():
        kept = db.session.get(KeptAnswer, named)
        if kept is None:
            return
        if answer.status >= 500 or answer.status in (401, 409, 429) or len(answer.body) > MOST_BYTES:
            db.session.delete(kept)
        else:
            kept.status, kept.location, kept.body = answer.status, answer.location[:400], answer.body


def purge() -> None:
    """Forget the answers of yesterday."""
    with transaction():
        db.session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < utcnow() - KEPT))
