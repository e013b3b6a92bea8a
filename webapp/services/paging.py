"""A page of a long list: the rows of one page and where it stands among the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import func, select

from webapp.extensions import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

Row = TypeVar("Row")
PER_PAGE = 24
"""Fills rows of two, three and four cards."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Hold one page; `page` counts from 1, `total` counts all rows."""

    rows: Sequence[Row]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least 1."""
        return max(1, -(-self.total // self.per_page))

    @property
    def has_prev(self) -> bool:
        """Say whether there is a page before."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Say whether there is a page after."""
        return self.page < self.pages


def count(query: Select[Any]) -> int:
    """Count the rows a query would return."""
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def paged(query: Select[Row], ids: Select[Any], page: int, per_page: int = PER_PAGE) -> Page[Row]:
    """Return one page of a query; a page beyond the end is the last one.

    `ids` selects the same rows by their id only: counting and sorting whole rows would read them all.
    """
    total = count(ids)
    page = min(max(1, page), max(1, -(-total // per_page)))
    chosen = db.session.scalars(ids.limit(per_page).offset((page - 1) * per_page)).all()
    of_page = ids.column_descriptions[0]["expr"].in_(chosen)
    return Page(db.session.scalars(query.where(of_page)).all() if chosen else [], total, page, per_page)
