"""Rows as JSON text, put together by the database: a list of a hundred without touching a value in Python.

A page that nothing has changed in is said again from memory: see `_stamp`. A shape therefore takes no column that the
database itself changes (ON DELETE SET NULL), which no `updated_at` tells of.
A shape says which column stands under which name, nested as the JSON is: {"id": "id", "brand": {"tone": "tone?"}}.
A column that ends in ? is null where it is empty.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Integer, Text, bindparam, cast, extract, func, literal_column
from sqlalchemy.types import TypeDecorator

from webapp.extensions import db
from webapp.models.base import UTCDateTime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnClause, ColumnElement, Select

    from webapp.models import Base

_EMPTY: ColumnClause[str] = literal_column("''")
_SPACE: ColumnClause[str] = literal_column("' '")


class Shape:
    """Which column of a model stands under which name."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names


def page(query: Select[Any], model: type[Base], shape: Shape, *, limit: int, offset: int) -> tuple[Sequence[str], int]:
    """Return one page of the rows a query selects, each as JSON text of this shape, and how many it selects in all.

    `query` selects the model, in order; one that is built once is understood once, and only its pages are found again.
    """
    stamp = tuple(db.session.execute(_stamp(query, model)).one())
    name = (db.engine.url, query, shape, limit, offset)
    kept = _kept.get(name)
    if kept is None or kept[0] != stamp:
        window = {"_limit": limit, "_offset": offset}
        kept = stamp, db.session.scalars(_page(query, model, shape), window).all()
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        if sum(map(len, kept[1])) <= LONGEST_KEPT:
            _kept[name] = kept
    return kept[1], stamp[0]


MOST_KEPT = 64
"""Pages of lists kept in memory; one of a hundred clients is 45 KB."""
LONGEST_KEPT = 512 * 1024
"""Letters a page has that is kept: one of a thousand clients, but not of what programs put into them (64 MB)."""
_kept: dict[tuple[Any, ...], tuple[tuple[Any, ...], Sequence[str]]] = {}
"""Pages as they were said last, each with the stamp of the rows it came from."""


@lru_cache(maxsize=256)
def _stamp(query: Select[Any], model: type[Base]) -> Any:
    """Select how many rows there are, when the last one was changed, and the sum of all these times.

    Any change of any row is another stamp, even one made by a clock that went back; asking costs a tenth of the rows.
    """
    changed: Any = model.__table__.c.updated_at
    moments = func.julianday(changed) if db.engine.dialect.name == "sqlite" else extract("epoch", changed)
    return query.order_by(None).with_only_columns(func.count(), cast(func.max(changed), Text), func.sum(moments))


@lru_cache(maxsize=256)
def _page(query: Select[Any], model: type[Base], shape: Shape) -> Select[Any]:
    said = query.with_only_columns(_object(model, shape.names))
    return said.limit(bindparam("_limit", type_=Integer)).offset(bindparam("_offset", type_=Integer))


def say(row: Base, shape: Shape) -> dict[str, Any]:
    """Return one row in the same shape, as Python values."""
    return _say(row, shape.names)


def _say(row: Base, names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(row, part) if isinstance(part, str) else _say(row, part) for name, part in names.items()}


def _value(row: Base, part: str) -> Any:
    return (getattr(row, part[:-1]) or None) if part.endswith("?") else getattr(row, part)


def _object(model: type[Base], names: Mapping[str, Any]) -> ColumnElement[str]:
    parts: list[Any] = []
    for name, part in names.items():
        parts += [
            literal_column(f"'{name}'"),
            _part(model, part) if isinstance(part, str) else _object(model, part),
        ]
    build = func.json_object if db.engine.dialect.name == "sqlite" else func.json_build_object
    return build(*parts, type_=Text)


def _part(model: type[Base], part: str) -> ColumnElement[Any]:
    found = getattr(model, part.rstrip("?"))
    kind = found.type
    if isinstance(kind, JSON):
        return func.json(cast(found, Text)) if db.engine.dialect.name == "sqlite" else found
    if isinstance(kind, (UTCDateTime, TypeDecorator)):
        stored = cast(found, Text)  # 2026-11-22 09:00:00.123456 in UTC, on SQLite and on PostgreSQL
        moment = func.replace(func.substr(stored, 1, 19), _SPACE, literal_column("'T'"), type_=Text)
        return moment.concat(literal_column("'Z'"))
    return func.nullif(found, _EMPTY) if part.endswith("?") else found
