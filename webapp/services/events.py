"""What happened: one line per thing, written in the transaction that did it, chained to the line before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Event, Reviewer, User, utcnow
from webapp.services import chain, commitments, webhooks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene

LARGEST_ID = 2**63 - 1
"""What a database holds as a whole number; an address can claim any."""


def record(
    job: Job, kind: str, text: str, *, by: User | Reviewer | None = None, scene: Scene | None = None, **details: Any
) -> Event:
    """Write one line of a job's history (inside the caller's transaction); Slate itself did it when `by` is None.

    The transaction holds the write lock, so the head that is read is the last line there is.
    """
    event = Event(
        job_id=job.id,
        client_id=job.client_id,
        scene_id=scene.id if scene else None,
        user_id=by.id if isinstance(by, User) else None,
        reviewer_id=by.id if isinstance(by, Reviewer) else None,
        actor=by.name if by else "",
        kind=kind,
        text=text[:500],
        details=details,
        created_at=utcnow(),
        sequence=count(job) + 1,
        previous_hash=job.event_head,
    )
    commitments.seal(event)
    event.hash = chain.line_hash(event)
    db.session.add(event)
    job.event_head = event.hash
    webhooks.announce(job, event)
    return event


def count(job: Job) -> int:
    """Return how many lines a job's history has."""
    return db.session.scalar(select(func.max(Event.sequence)).where(Event.job_id == job.id)) or 0


def of_job(job: Job, *, before: int | None = None, limit: int = 50) -> Sequence[Event]:
    """Return a job's history, newest first; `before` is the last event id already shown."""
    query = select(Event).where(Event.job_id == job.id).order_by(Event.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Event.id < min(max(before, 0), LARGEST_ID))
    return db.session.scalars(query).all()
