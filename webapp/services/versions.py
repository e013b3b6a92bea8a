"""Versions: a board kept as it is at this moment, by name, for review, for a decision; found, compared, restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from webapp.errors import Conflict, NotFound
from webapp.extensions import db, transaction
from webapp.models import Version, VersionKind, VersionScene
from webapp.services import arrangement, differences, events, jobs, storyboards, takes, undo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, User
    from webapp.schemas.versions import VersionDraft

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
        content_hash=storyboards.content_hash(scene.take for scene in board),
        title=job.title,
        ratio=job.ratio,
        language=job.language,
        duration_ms=job.duration_ms,
        user_id=by.id if by else None,
        made_by=by.name if by else "",
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


def keep_named(person: User, job: Job, draft: VersionDraft) -> Version:
    """Keep the board as it is under a name. Raises Conflict while scenes are being written or there are none."""
    with transaction():
        job.must_be_idle()
        version = keep(job, VersionKind.NAMED, name=draft.name, by=person)
        text = f"kept version {version.number}: {draft.name}"
        events.record(job, "version", text, by=person, version=version.number, hash=version.content_hash)
        job.touch()
    return version


def rename(person: User, job: Job, number: int, draft: VersionDraft) -> Version:
    """Give a version another name; what it holds never changes."""
    with transaction():
        version = find(job, number)
        if version.name != draft.name:
            version.name = draft.name
            events.record(job, "version", f"named version {number}: {draft.name}", by=person, version=number)
            job.touch()
    return version


def restore(person: User, job: Job, number: int) -> Version:
    """Make the board what a version holds, as a new version; the present board is kept as one before.

    Only scenes that differ get a new take; scenes that were deleted since come back, others are taken off.

    Raises:
        Conflict: the board is just like it, or scenes are being written.
        StoryboardFrozen: as its name says.
    """
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        version = find(job, number)
        said = [(each["scene_id"], each["take_id"]) for each in arrangement.places(job)]
        if said == [(each.scene_id, each.take_id) for each in version.scenes]:
            raise Conflict(f"The board is just like version {number} already.")
        if said:
            keep(job, VersionKind.SAFETY, name=f"Before going back to version {number}", by=person)
        wanted = [{"scene_id": each.scene_id, "take_id": each.take_id} for each in version.scenes]
        with undo.recorded(person, job, f"went back to version {number}"):
            arrangement.arrange(person, job, wanted)
        again = keep(job, VersionKind.NAMED, name=f"Version {number} again", by=person)
        events.record(job, "restored", f"went back to version {number}", by=person, version=number)
        job.touch(layout=True)
    return again


def placed(version: Version) -> list[differences.Placed]:
    """Return the scenes of a version for a comparison."""
    return [
        differences.Placed(scene_id=each.scene_id, position=each.position, take=each.take, frame=each.frame)
        for each in version.scenes
    ]


def placed_now(job: Job) -> list[differences.Placed]:
    """Return the scenes of the board as it is for a comparison."""
    return [
        differences.Placed(scene_id=scene.id, position=scene.position, take=scene.take, frame=scene.frame)
        for scene in jobs.scenes(job)
        if scene.take
    ]


def compare(
    old: Sequence[differences.Placed], new: Sequence[differences.Placed]
) -> tuple[differences.SceneChange, ...]:
    """Compare two boards scene by scene; scenes without words yet are left out."""
    shown = differences.asset_ids(each.take for each in (*old, *new))
    return differences.boards(old, new, takes.asset_names(shown))
