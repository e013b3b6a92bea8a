"""The archive: storyboards somebody decided on do not go, they leave the lists and come back when they are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select

from webapp.errors import StillDecided
from webapp.extensions import db, transaction
from webapp.models import Decision, Job, utcnow
from webapp.services import erasing, events, frame_store, jobs, retries

if TYPE_CHECKING:
    from webapp.models import User

DECIDED: ColumnElement[bool] = select(Decision.id).where(Decision.job_id == Job.id).exists()
"""Somebody decided on the job, whatever they decided: then it has a record."""


def delete(person: User, job: Job) -> bool:
    """Delete a job nobody decided on; archive one with decisions. Returns whether it is in the archive now.

    Deleting takes scenes, takes and history along; the client's assets stay.
    """
    with transaction():
        if is_decided(job):
            _archive(person, job)
            return True
        erasing.erase(Job.id == job.id)
    return False


def restore(person: User, job: Job) -> None:
    """Bring a job back from the archive, as it was; its review links work again. Twice is once."""
    with transaction():
        if job.archived_at is None:
            return
        job.archived_at = None
        if not job.is_frozen:  # the brand's colours may have changed meanwhile
            frame_store.refresh(job, jobs.scenes(job))
        events.record(job, "unarchived", "brought the storyboard back from the archive", by=person)
        job.touch(layout=True)


def is_decided(job: Job) -> bool:
    """Say whether somebody decided on a job."""
    return db.session.scalar(select(Decision.id).where(Decision.job_id == job.id).limit(1)) is not None


def count_decided(*which: ColumnElement[bool]) -> int:
    """Count the jobs that meet conditions and have decisions, archived or not."""
    query = select(func.count()).select_from(Job).where(*which, DECIDED, Job.purged_at.is_(None))
    return db.session.scalar(query) or 0


def count_decisions(job: Job) -> int:
    """Count the decisions on a job."""
    return db.session.scalar(select(func.count()).select_from(Decision).where(Decision.job_id == job.id)) or 0


def must_have_no_record(client_id: str) -> None:
    """Refuse to delete a client with jobs somebody decided on. Raises StillDecided."""
    if count := count_decided(Job.client_id == client_id):
        raise StillDecided(count)


def _archive(person: User, job: Job) -> None:
    if job.archived_at is not None:
        return
    retries.stop_all(person, job)
    job.archived_at = utcnow()
    events.record(job, "archived", "archived the storyboard", by=person)
    job.touch(layout=True)
