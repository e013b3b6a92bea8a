"""Commitments to who did something: a chain hashes them in place of the names, so that a person can be erased later.

A commitment is the SHA-256 of a canonical document of the salt, name, e-mail and browser. The salt is erased with
the person: without it nobody can find out a name by hashing likely ones. See docs/record.md.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, TypeAlias

from webapp.models import Decision
from webapp.services import storyboards

if TYPE_CHECKING:
    from webapp.models import Event, Purge

    Sealed: TypeAlias = Event | Decision | Purge

FORMAT = "slate-person/1"
SALT_BYTES = 32
ERASED = "Erased person"
"""What is shown in place of the name of somebody who was erased."""


def seal(row: Sealed) -> None:
    """Give a new row its salt and its commitment; a line of Slate itself (nobody's name) gets an empty commitment."""
    row.salt = secrets.token_hex(SALT_BYTES) if _fields(row)["name"] else ""
    row.commitment = of(row) if row.salt else ""


def of(row: Sealed) -> str:
    """Return the commitment to the personal fields of a row as they are now, 64 hex digits."""
    document = {"format": FORMAT, "salt": row.salt, **_fields(row)}
    return hashlib.sha256(storyboards.canonical(document)).hexdigest()


def is_erased(row: Sealed) -> bool:
    """Say whether the person behind a row was erased: the commitment is left, the salt is gone."""
    return bool(row.commitment) and not row.salt


def holds(row: Sealed) -> bool:
    """Say whether the personal fields of a row are those it was written with, as far as they are still there."""
    if row.commitment is None:  # from before there were commitments: the row's own hash covers them
        return True
    if is_erased(row):
        return set(_fields(row).values()) <= {"", ERASED}
    return row.commitment == (of(row) if row.salt else "") and (bool(row.salt) or not _fields(row)["name"])


def erase(row: Sealed) -> None:
    """Forget who is behind a row; its commitment stays, and with it the hash of the row."""
    row.salt = ""
    if isinstance(row, Decision):
        row.decided_by, row.email, row.user_agent = ERASED, "", ""
    else:
        row.actor = ERASED


def _fields(row: Sealed) -> dict[str, str]:
    if isinstance(row, Decision):
        return {"name": row.decided_by, "email": row.email, "user_agent": row.user_agent}
    return {"name": row.actor, "email": "", "user_agent": ""}
