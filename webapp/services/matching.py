"""Say in SQL that a row contains the words somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

MOST_WORDS = 8
LONGEST_QUERY = 200
"""Characters; more than anybody types, and it bounds the work of one search."""


def words(query: str) -> list[str]:
    """Split a query into the words to look for."""
    return list(dict.fromkeys(query[:LONGEST_QUERY].replace("\x00", " ").split()))[:MOST_WORDS]


def matches(query: str, *columns: Any) -> list[ColumnElement[bool]]:
    """Return conditions that hold where every word is part of at least one column, in upper or lower case."""
    return [or_(*(_contains(column, word) for column in columns)) for word in words(query)]


def _contains(column: Any, word: str) -> ColumnElement[bool]:
    # SQLite's lower() knows ASCII only, so other letters are looked for in the ways people write them
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(each, autoescape=True) for each in sorted(spellings)))
