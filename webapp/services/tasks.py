"""Background work as the web process sees it: put a task on its queue once the row is committed."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from webapp.extensions import SQLITE_PRAGMAS, after_commit, sqlite_module
from webapp.models import new_id

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from dbos import DBOSClient

    from webapp.models import Asset, Delivery, Job, Scene

log = logging.getLogger(__name__)

WRITING, REDOS, ASSETS, FRAMES, DELIVERIES = "writing", "redos", "assets", "frames", "deliveries"
FILMS = "films"
"""The queues. Who waits for one scene does not stand behind whole storyboards."""
APP_VERSION = "1"
"""Fixed on purpose: DBOS would not recover work that an older release of Slate began under another version."""

BATCH = 100
"""So many records are deleted in one transaction: others write to the same file."""
_ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_BARE: dict[str, Any] = {"load_input": False, "load_output": False}


def write_storyboard(job: Job) -> None:
    """Write what is missing of a storyboard, or a new take of each scene, as the job's attempt says."""
    _after_commit(WRITING, "storyboard", storyboard_id(job), job.id, job.attempt_token)


def redo_scene(scene: Scene) -> None:
    """Write a new take of one scene."""
    _after_commit(REDOS, "redo", redo_id(scene), scene.id, scene.redo_token)


def storyboard_id(job: Job) -> str:
    """Name the task of a job's present attempt."""
    return f"job-{job.id}-{job.attempt}"


def redo_id(scene: Scene) -> str:
    """Name the task of a scene's present redo."""
    return f"redo-{scene.redo_token}"


def intake_id(asset: Asset) -> str:
    """Name the task of an asset's present attempt."""
    return f"asset-{asset.id}-{asset.attempt}"


def is_waiting(workflow_id: str) -> bool:
    """Say whether a task is on its queue and its turn has not come yet."""
    return bool(_ours().list_workflows(workflow_ids=[workflow_id], status="ENQUEUED", **_BARE))


def are_frames_waiting(job_id: str) -> bool:
    """Say whether somebody asked for a job's frames already and their turn has not come yet."""
    prefix = f"frames-{job_id}-"
    return bool(_ours().list_workflows(workflow_id_prefix=prefix, status="ENQUEUED", limit=1, **_BARE))


def forget_finished(before: datetime) -> int:
    """Delete the records of tasks that were asked for before this moment and have ended; returns how many."""
    gone = 0
    while True:
        found = _ours().list_workflows(status=list(_ENDED), end_time=before.isoformat(), limit=BATCH, **_BARE)
        if not found:
            return gone
        _ours().delete_workflows([each.workflow_id for each in found])
        gone += len(found)


def take_in(asset: Asset, host: str = "") -> None:
    """Fetch an asset (when it has a URL and no bytes yet) and read it. At most 8 at once, 4 from one host."""
    _after_commit(ASSETS, "intake", intake_id(asset), asset.id, asset.attempt, partition=host or "upload")


def draw_frames(job: Job) -> None:
    """Draw every frame of a job that does not match its scene any more."""
    _after_commit(FRAMES, "frames", f"frames-{job.id}-{new_id()}", job.id)


def render_film(job: Job) -> None:
    """Render the animatic of an approved storyboard. One at a time: it takes a core for seconds."""
    _after_commit(FILMS, "film", film_id(job), job.id, job.video_token)


def film_id(job: Job) -> str:
    """Name the task of a job's present render."""
    return f"film-{job.video_token}"


def deliver(delivery: Delivery, again: str = "") -> None:
    """Make the next try at a message; at most two at once to one receiver. `again` names a try the queue may have lost.

    Trying the same one twice is harmless: a try that is not the row's next one does nothing.
    """
    name = f"delivery-{delivery.id}-{delivery.attempts}{again and f'-{again}'}"
    where = delivery.webhook_id or delivery.channel
    _after_commit(DELIVERIES, "delivery", name, delivery.id, delivery.attempts, partition=where)


def is_delivery_waiting(delivery_id: str) -> bool:
    """Say whether a try at a message is on the queue and its turn has not come yet."""
    prefix = f"delivery-{delivery_id}-"
    return bool(_ours().list_workflows(workflow_id_prefix=prefix, status="ENQUEUED", limit=1, **_BARE))


def _after_commit(queue: str, name: str, workflow_id: str, *arguments: Any, partition: str = "") -> None:
    path = current_app.extensions["settings"].workflows_path
    options: dict[str, Any] = {
        "queue_name": queue,
        "workflow_name": name,
        "workflow_id": workflow_id,
        "app_version": APP_VERSION,
    }
    if partition:
        options["queue_partition_key"] = partition
    after_commit(lambda: _enqueue(path, options, arguments))


def _enqueue(path: Path, options: dict[str, Any], arguments: tuple[Any, ...]) -> None:
    try:
        client(path).enqueue(options, *arguments)  # type: ignore[arg-type]
    except Exception:  # the row is the truth: the worker's sweep finds it and enqueues it again
        log.exception("could not enqueue %s", options["workflow_id"])


def _ours() -> DBOSClient:
    return client(current_app.extensions["settings"].workflows_path)


def forget(path: Path) -> None:
    """Close this process's connections to the background work (tests end many apps in one process)."""
    engine(path).dispose()
    client.cache_clear()
    engine.cache_clear()


@cache
def client(path: Path) -> DBOSClient:
    """Return this process's connection to the background work kept in `path`."""
    from dbos import DBOSClient  # noqa: PLC0415 - 0.3 s that only a process that enqueues should pay

    return DBOSClient(system_database_engine=engine(path))


@cache
def engine(path: Path) -> Engine:
    """Return the engine of the workflow database: SQLite in WAL mode, waits instead of failing.

    Unlike ours it lets the driver say BEGIN IMMEDIATE, since DBOS's own migrations say BEGIN themselves.
    """
    made = create_engine(f"sqlite:///{path}", module=sqlite_module(), poolclass=QueuePool, pool_size=20)

    @event.listens_for(made, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    return made
