"""Versions: a board kept as it is at this moment, by name, for review, for a decision; found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from webapp.errors import Conflict, NotFound
from webapp.extensions import db
from webapp.models import Version, VersionKind, VersionScene
from webapp.services import events, jobs, storyboards, takes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, User

LISTED = 200
"""Versions a page lists at most, the newest first."""


def of_job(job: Job, limit: int = LISTED) -> Sequence[Version]:
    """Return a job's versions, the newest first, without their scenes."""
    query = select(Version).where(Version.job_id == job.id).order_by(Version.number.desc()).limit(limit)
    return db.session.scalars(query).all()


def find(job: Job, number: int) -> Version:
    """Return one version of a job with its scenes, takes and frames.

    Raises:
        NotFound: the job has no such version.
    """
    query = select(Version).where(Version.job_id == job.id, Version.number == min(number, takes.LARGEST_NUMBER))
    version = db.session.scalar(query.options(selectinload(Version.scenes)))
    if version is None:
        raise NotFound("This storyboard has no such version.")
    return version


def sent(job: Job) -> Version | None:
    """Return the version that was sent for review last, with its scenes; None: never sent."""
    if job.sent_version_id is None:
        return None
    query = select(Version).where(Version.id == job.sent_version_id).options(selectinload(Version.scenes))
    return db.session.scalar(query)


def document(version: Version) -> bytes:
    """Return the canonical storyboard of a version that was read with its scenes."""
    return storyboards.document((each.take for each in version.scenes), version.named_ratio)


def keep(job: Job, kind: VersionKind, *, name: str = "", by: User | None = None) -> Version:
    """Keep the board as it is (inside the caller's transaction).

    Takes are immutable, so a version names them and copies nothing. The take of a version never takes in a further
    edit: `scenes.edit` begins a new one.

    Raises:
        Conflict: there are no scenes to keep.
    """
    board = [scene for scene in jobs.scenes(job) if scene.take]
    if not board:
        raise Conflict("There are no scenes to keep yet.", hint="Let the writing finish first.")
    last = db.session.scalar(select(func.max(Version.number)).where(Version.job_id == job.id)) or 0
    version = Version(
        job_id=job.id,
        number=last + 1,
        kind=kind,
        name=name,
        content_hash=storyboards.content_hash((scene.take for scene in board), job.named_ratio),
        title=job.title,
        ratio=job.ratio,
        named_ratio=job.named_ratio,
        language=job.language,
        duration_ms=job.duration_ms,
        user_id=by.id if by else None,
        made_by=by.name if by else "",
        sequence=events.count(job),
        scenes=[
            VersionScene(
                scene_id=scene.id,
                take_id=scene.take_id,
                position=number,
                locked=scene.locked,
                frame_id=scene.frame_id,
                frame_key=scene.frame_key,
            )
            for number, scene in enumerate(board, 1)
        ],
    )
    db.session.add(version)
    db.session.flush()
    return version
