"""Who is meant by “@Ada”, “@Ada Byron” or “@ada@example.com” in a comment."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence


def people() -> Sequence[User]:
    """Return everybody who can be mentioned: all with an account that is open, by name."""
    return db.session.scalars(select(User).where(User.deactivated_at.is_(None)).order_by(User.name, User.id)).all()


def found(text: str, known: Sequence[User] | None = None) -> list[User]:
    """Return who is mentioned in a text: by full name, e-mail address, or a first name that only one of them has."""
    if "@" not in text:
        return []
    known = people() if known is None else known
    first = Counter(_first(each.name) for each in known)
    said = text.casefold()
    return [
        each for each in known if any(_said(name, said) for name in _names(each, is_only=first[_first(each.name)] == 1))
    ]


def _names(person: User, *, is_only: bool) -> list[str]:
    names = [person.name, person.email]
    return [name.casefold() for name in [*names, *([_first(person.name)] if is_only else [])] if name]


def _first(name: str) -> str:
    return name.casefold().split(maxsplit=1)[0] if name.strip() else ""


def _said(name: str, text: str) -> bool:
    """Say whether a name stands behind an @ of its own: neither an address nor a longer word."""
    return re.search(rf"(?<![\w.@]){re.escape('@' + name)}(?![\w@])", text) is not None
