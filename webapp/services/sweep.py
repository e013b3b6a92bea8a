"""Find work whose rows say "going on" while nobody is at it, and put it back on its queue."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from webapp.errors import FetchRefused
from webapp.extensions import db, let_go, transaction
from webapp.models import Asset, Frame, Job, JobStatus, Scene, new_id, utcnow
from webapp.services import (
    animatics,
    asset_intake,
    asset_library,
    assets,
    blobs,
    deliveries,
    events,
    frame_store,
    generations,
    heart,
    idempotency,
    notices,
    purges,
    reviewers,
    tasks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    _GoingOn = tuple[Callable[..., None], str, str | int, str]

log = logging.getLogger(__name__)

STALE = timedelta(seconds=60)
"""No sign of life for this long (12 beats) means that nobody is at it."""
MOST_TAKE_OVERS = 5
"""Work that ended its worker so often would end it for ever."""
KEPT_WORKFLOWS = timedelta(days=7)
"""Finished work is kept so long for whoever looks for a fault."""
BROKE_OFF = "The work broke off {} times."
ASK = "Try again; if it breaks off again, ask whoever runs this Slate to look into the worker's log."


def sweep() -> None:
    """Put back on its queue every storyboard, redo, frame, asset and animatic that nobody works on any more.

    What waits is asked before each lock; inside it only the row itself is looked at again.
    """
    let_go()
    going_on: list[_GoingOn] = [
        *((_take_up_job, job.id, job.attempt_token, tasks.storyboard_id(job)) for job in _stale_jobs()),
        *((_take_up_redo, scene.id, scene.redo_token, tasks.redo_id(scene)) for scene in _stale_redos()),
        *((_take_up_asset, asset.id, asset.attempt, tasks.intake_id(asset)) for asset in asset_library.stale_open()),
        *((_take_up_film, job.id, job.video_token, tasks.film_id(job)) for job in _stale_films()),
    ]
    undrawn = [job.id for job in _undrawn()]
    let_go()
    for take_up, row_id, token, task in going_on:
        if not heart.is_at_work(row_id):
            take_up(row_id, token, waits=tasks.is_waiting(task))
    for job_id in undrawn:
        if not heart.is_at_work(job_id) and not tasks.are_frames_waiting(job_id):
            _draw(job_id)
    deliveries.put_due_on_queue()


def purge() -> None:
    """Let go of what nobody needs: rests of purges, unused pictures, stray bytes and files, old notices, passers-by."""
    purges.finish()
    frame_store.purge_unused()
    assets.purge_orphans()
    blobs.seal_some()
    notices.purge()
    reviewers.purge()
    deliveries.purge()
    idempotency.purge()
    tasks.forget_finished(utcnow() - KEPT_WORKFLOWS)


def _take_up_job(job_id: str, token: str, *, waits: bool) -> None:
    with transaction():
        job = db.session.get(Job, job_id)
        if job is None or job.attempt_token != token or not job.is_running or _shows_life(job.heartbeat_at):
            return  # it ended, was stopped or deleted between the look and the lock
        job.heartbeat_at = utcnow()
        if waits:  # its turn has not come: keep its place in the queue
            return
        job.take_overs += 1
        if job.take_overs > MOST_TAKE_OVERS:
            generations.fail(job_id, token, BROKE_OFF.format(job.take_overs), f"Finished scenes are safe. {ASK}")
            job.take_overs = 0
            return
        job.attempt_token = new_id()
        job.attempt += 1
        tasks.write_storyboard(job)
    log.warning("job %s: taken up again", job_id)


def _take_up_redo(scene_id: str, token: str, *, waits: bool) -> None:
    with transaction():
        scene = db.session.get(Scene, scene_id)
        if (
            scene is None
            or scene.deleted_at
            or not token
            or scene.redo_token != token
            or _shows_life(scene.redo_heartbeat_at)
        ):
            return
        scene.redo_heartbeat_at = utcnow()
        if waits:
            return
        take_overs = scene.redo_options.get("take_overs", 0) + 1
        if take_overs > MOST_TAKE_OVERS:
            _fail_redo(scene, take_overs)
            return
        scene.redo_options = scene.redo_options | {"take_overs": take_overs}
        scene.redo_token = new_id()
        tasks.redo_scene(scene)
    log.warning("scene %s: redo taken up again", scene_id)


def _fail_redo(scene: Scene, times: int) -> None:
    job = db.session.get_one(Job, scene.job_id)
    scene.redo_token, scene.error = "", f"{BROKE_OFF.format(times)} The scene is as it was. {ASK}"
    scene.revision = job.touch()
    text = f"could not redo scene {scene.position}: it broke off {times} times"
    events.record(job, "redo failed", text, scene=scene)
    notices.tell(job, notices.FAILURE, text, to=notices.maker(job), scene=scene)


def _take_up_asset(asset_id: str, attempt: int, *, waits: bool) -> None:
    with transaction():
        asset = db.session.get(Asset, asset_id)
        if asset is None or asset.attempt != attempt or not asset.is_open or _shows_life(asset.heartbeat_at):
            return
        asset.heartbeat_at = utcnow()
        if waits:
            return
        asset.take_overs += 1
        if asset.take_overs > MOST_TAKE_OVERS:
            asset_intake.give_up(asset, FetchRefused(BROKE_OFF.format(asset.take_overs), permanent=False, hint=ASK))
            frame_store.asset_arrived(asset_id)
            return
        asset.attempt += 1  # fences whoever was at it and may wake up
        tasks.take_in(asset, urlsplit(asset.source_url).hostname or "")
    log.warning("asset %s: taken up again", asset_id)


def _take_up_film(job_id: str, token: str, *, waits: bool) -> None:
    with transaction():
        job = db.session.get(Job, job_id)
        if job is None or job.video_token != token or not animatics.is_rendering(job):
            return
        if _shows_life(job.video_heartbeat_at):
            return
        job.video_heartbeat_at = utcnow()
        if waits:
            return
        if job.video_take_overs >= MOST_TAKE_OVERS:
            animatics.fail(job_id, token, f"{BROKE_OFF.format(job.video_take_overs + 1)} {ASK}")
            return
        animatics.take_up(job)
    log.warning("job %s: its animatic taken up again", job_id)


def _draw(job_id: str) -> None:
    with transaction():
        job = db.session.get(Job, job_id)
        if job is not None:
            tasks.draw_frames(job)


def _shows_life(heartbeat_at: datetime | None) -> bool:
    return heartbeat_at is not None and heartbeat_at > utcnow() - STALE


def _stale_jobs() -> Sequence[Job]:
    running = (JobStatus.PENDING, JobStatus.STORYBOARD_PROCESSING)
    limit = utcnow() - STALE
    query = select(Job).where(Job.status.in_(running), or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < limit))
    return db.session.scalars(query.limit(50)).all()


def _stale_films() -> Sequence[Job]:
    limit = utcnow() - STALE
    query = select(Job).where(
        Job.status == JobStatus.VIDEO_PROCESSING,
        or_(Job.video_heartbeat_at.is_(None), Job.video_heartbeat_at < limit),
    )
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
    """Return jobs at rest with a scene whose picture is not the one it should have and did not fail for good."""
    to_draw = ("", frame_store.NO_ROOM) if blobs.has_room() else ("",)
    missing = (
        select(Scene.job_id)
        .outerjoin(Frame, Scene.frame_id == Frame.id)
        .where(
            Scene.deleted_at.is_(None),
            Scene.frame_error.in_(to_draw),
            Scene.frame_key != "",
            or_(Frame.key.is_(None), Frame.key != Scene.frame_key),
            Scene.updated_at < utcnow() - STALE,
        )
    )
    at_rest = (JobStatus.STORYBOARD_READY, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)
    return db.session.scalars(select(Job).where(Job.id.in_(missing), Job.status.in_(at_rest)).limit(20)).all()
