"""What happened: one line per thing, written in the transaction that did it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Event, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Reviewer, Scene

LARGEST_ID = 2**63 - 1
"""What a database holds as a whole number; an address can claim any."""


def record(
    job: Job, kind: str, text: str, *, by: User | Reviewer | None = None, scene: Scene | None = None, **details: Any
) -> None:
    """Write one line of a job's history; Slate itself did it when `by` is None."""
    db.session.add(
        Event(
            job_id=job.id,
            client_id=job.client_id,
            scene_id=scene.id if scene else None,
            user_id=by.id if isinstance(by, User) else None,
            actor=by.name if by else "",
            kind=kind,
            text=text[:500],
            details=details,
        )
    )


def of_job(job: Job, *, before: int | None = None, limit: int = 50) -> Sequence[Event]:
    """Return a job's history, newest first; `before` is the last event id already shown."""
    query = select(Event).where(Event.job_id == job.id).order_by(Event.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Event.id < min(max(before, 0), LARGEST_ID))
    return db.session.scalars(query).all()
