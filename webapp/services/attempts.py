"""Attempts at a storyboard: stop the writing, go on with what is missing, write all of it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.errors import Conflict
from webapp.extensions import db, transaction
from webapp.models import JobStatus, Scene, VersionKind
from webapp.services import events, generations, throttles, versions

if TYPE_CHECKING:
    from webapp.models import Job, User

UNFINISHED = (JobStatus.FAILED, JobStatus.CANCELLED)
"""The writing ended before its end; what is finished is kept, the rest can be written."""


def stop(person: User, job: Job) -> None:
    """Stop the writing; what is finished stays. The worker's next write is refused, so it ends by itself."""
    with transaction():
        must_be_running(job)
        job.status = JobStatus.CANCELLED
        job.attempt_token = ""
        job.stage, job.detail, job.partial = "", "", None
        events.record(job, "stopped", "stopped the writing", by=person)
        job.touch(layout=True)


def retry(person: User, job: Job) -> None:
    """Write what is missing of a failed or stopped storyboard; finished scenes are kept.

    Raises:
        Conflict: nothing is missing.
    """
    throttles.spend(f"generations:{person.id}", *throttles.GENERATIONS)
    with transaction():
        must_have_gaps(job)
        events.record(job, "retried", "asked to go on writing", by=person)
        generations.begin(job, job.attempt_kind, job.feedback, again=True)


def regenerate(person: User, job: Job, feedback: str = "") -> None:
    """Write a new take of every scene that is not locked; count, order and lengths stay.

    The board is kept as a version first, so that one click brings all of it back.

    Raises:
        Conflict: it is being written, incomplete or empty, or all of it is locked.
    """
    throttles.spend(f"generations:{person.id}", *throttles.GENERATIONS)
    with transaction():
        must_be_rewritable(job)
        versions.keep(job, VersionKind.SAFETY, name="Before writing anew", by=person)
        text = f"asked for new takes of all scenes: {feedback}" if feedback else "asked for new takes of all scenes"
        events.record(job, "regenerated", text, by=person)
        generations.begin(job, "regenerate", feedback)


def must_be_running(job: Job) -> None:
    """Refuse to stop what is not going on. Raises Conflict."""
    if not job.is_running:
        raise Conflict("Nothing is being written right now.")


def must_have_gaps(job: Job) -> None:
    """Refuse to go on writing what is frozen, being written, or complete. Raises Conflict."""
    job.must_be_open()
    job.must_be_idle()
    if not is_incomplete(job):
        raise Conflict("This storyboard is complete.", hint="Redo a scene, or write all of it anew.")


def must_be_rewritable(job: Job) -> None:
    """Refuse to write anew what is frozen, being written, incomplete, empty, or locked scene by scene.

    Raises:
        Conflict: saying which.
    """
    job.must_be_open()
    job.must_be_idle()
    if is_incomplete(job) and job.attempt_kind == "storyboard":
        raise Conflict("Some scenes are not written yet.", hint="Go on writing first, then write all anew.")
    locks = db.session.scalars(select(Scene.locked).where(Scene.job_id == job.id, Scene.deleted_at.is_(None))).all()
    if not locks:
        raise Conflict("There are no scenes to write anew.", hint="Add a scene first.")
    if all(locks):
        raise Conflict("All scenes are locked.", hint="Unlock those that may change.")


def is_incomplete(job: Job) -> bool:
    """Say whether there is something left to write: the writing failed or was stopped."""
    return job.status in UNFINISHED
