"""Pages of what a job keeps for good, the newest first: decisions, versions, lines of its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Decision, Event, Scene, Version
from webapp.services import paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

    from webapp.models import Job


def decisions(job: Job, *, limit: int, offset: int) -> tuple[Sequence[Decision], int]:
    """Return a page of a job's decisions, each with the version it was about, and how many there are."""
    query = select(Decision).where(Decision.job_id == job.id)
    return _page(query.order_by(Decision.sequence.desc()), Decision, limit, offset)


def versions(job: Job, *, limit: int, offset: int) -> tuple[Sequence[Version], int]:
    """Return a page of a job's versions, without their scenes, and how many there are."""
    return _page(
        select(Version).where(Version.job_id == job.id).order_by(Version.number.desc()), Version, limit, offset
    )


def events(job: Job, *, limit: int, offset: int) -> tuple[Sequence[Event], int]:
    """Return a page of the lines of a job's history and how many there are."""
    return _page(select(Event).where(Event.job_id == job.id).order_by(Event.id.desc()), Event, limit, offset)


def version_numbers(job: Job) -> dict[str | None, int]:
    """Return the number of each of a job's versions by its id."""
    return dict(db.session.execute(select(Version.id, Version.number).where(Version.job_id == job.id)).all())


def scene_numbers(job: Job) -> dict[str | None, int]:
    """Return the number of each scene that is on the board by its id."""
    query = select(Scene.id, Scene.position).where(Scene.job_id == job.id, Scene.deleted_at.is_(None))
    return dict(db.session.execute(query).all())


def _page(query: Select[Any], model: Any, limit: int, offset: int) -> tuple[Sequence[Any], int]:
    total = paging.count(query.with_only_columns(model.id))
    return db.session.scalars(query.limit(limit).offset(offset)).unique().all(), total
