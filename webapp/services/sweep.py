"""Find work whose rows say "going on" while nobody is at it, and put it back on its queue."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from webapp.extensions import db, transaction
from webapp.models import Frame, Job, JobStatus, Scene, new_id, utcnow
from webapp.services import asset_library, assets, frame_store, tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

STALE = timedelta(seconds=60)
"""No sign of life for this long (12 beats) means that nobody is at it."""


def sweep() -> None:
    """Put back on its queue every storyboard, redo, frame and asset that nobody works on any more."""
    db.session.rollback()
    for job_id in [job.id for job in _stale_jobs()]:
        _take_up_job(job_id)
    for scene_id in [scene.id for scene in _stale_redos()]:
        _take_up_redo(scene_id)
    for job in _undrawn():
        with transaction():
            job.touch()
            tasks.draw_frames(job)
    for asset in asset_library.stale_open():
        with transaction():
            asset.heartbeat_at = utcnow()
            tasks.take_in(asset, urlsplit(asset.source_url).hostname or "", again=True)
        log.warning("asset %s: taken up again", asset.id)


def _take_up_job(job_id: str) -> None:
    with transaction():
        job = next((each for each in _stale_jobs() if each.id == job_id), None)
        if job is None:  # it ended, was stopped or deleted between the look and the lock
            return
        job.heartbeat_at = utcnow()
        if tasks.is_waiting(tasks.storyboard_id(job)):  # its turn has not come: keep its place in the queue
            return
        job.attempt_token = new_id()
        job.attempt += 1
        tasks.write_storyboard(job)
    log.warning("job %s: taken up again", job_id)


def _take_up_redo(scene_id: str) -> None:
    with transaction():
        scene = next((each for each in _stale_redos() if each.id == scene_id), None)
        if scene is None:
            return
        scene.redo_heartbeat_at = utcnow()
        if tasks.is_waiting(tasks.redo_id(scene)):
            return
        scene.redo_token = new_id()
        tasks.redo_scene(scene)
    log.warning("scene %s: redo taken up again", scene_id)


def purge() -> None:
    """Let go of pictures that no scene shows, of bytes that no row refers to any more, and of half-written files."""
    frame_store.purge_unused()
    assets.purge_orphans()


def _stale_jobs() -> Sequence[Job]:
    running = (JobStatus.PENDING, JobStatus.STORYBOARD_PROCESSING)
    limit = utcnow() - STALE
    query = select(Job).where(Job.status.in_(running), or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < limit))
    return db.session.scalars(query.limit(50)).all()


def _stale_redos() -> Sequence[Scene]:
    limit = utcnow() - STALE
    query = select(Scene).where(
        Scene.redo_token != "",
        Scene.deleted_at.is_(None),
        or_(Scene.redo_heartbeat_at.is_(None), Scene.redo_heartbeat_at < limit),
    )
    return db.session.scalars(query.limit(50)).all()


def _undrawn() -> Sequence[Job]:
    """Return jobs at rest with a scene whose picture is not the one it should have and did not fail."""
    missing = (
        select(Scene.job_id)
        .outerjoin(Frame, Scene.frame_id == Frame.id)
        .where(
            Scene.deleted_at.is_(None),
            Scene.frame_error == "",
            Scene.frame_key != "",
            or_(Frame.key.is_(None), Frame.key != Scene.frame_key),
            Scene.updated_at < utcnow() - STALE,
        )
    )
    at_rest = (JobStatus.STORYBOARD_READY, JobStatus.FAILED, JobStatus.CANCELLED)
    return db.session.scalars(select(Job).where(Job.id.in_(missing), Job.status.in_(at_rest)).limit(20)).all()
