"""The durable background work (DBOS): what runs in which order; each step calls a service.

Steps may run twice (a crash between the work and its checkpoint): each is idempotent and fenced by its row's token.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dbos import DBOS

from webapp.services import (
    animatics,
    asset_intake,
    costs,
    deliveries,
    frame_store,
    generations,
    heart,
    scene_generator,
    scene_rewriter,
    tasks,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from webapp.config import Settings

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
"""How often a queue is looked at: a new storyboard starts within 0.05–0.5 s and an idle worker stays idle."""
UNHURRIED_POLL_SECONDS = 1.0
"""The same for what takes seconds anyway, or nobody waits for on a page: animatics, mails and webhooks."""

_app: list[Flask] = []


@DBOS.workflow(name="storyboard", max_recovery_attempts=1000)
def storyboard(job_id: str, token: str) -> None:
    """Write the scenes, let late assets in, draw the frames."""
    write_step(job_id, token)
    assets_step(job_id, token)
    draw_step(job_id, token)


@DBOS.workflow(name="redo", max_recovery_attempts=1000)
def redo(scene_id: str, token: str) -> None:
    """Write one scene again."""
    redo_step(scene_id, token)


@DBOS.workflow(name="intake", max_recovery_attempts=20)
def intake(asset_id: str, attempt: int) -> None:
    """Fetch and read one asset."""
    intake_step(asset_id, attempt)


@DBOS.workflow(name="frames", max_recovery_attempts=20)
def frames(job_id: str) -> None:
    """Draw a job's missing frames."""
    frames_step(job_id)


@DBOS.workflow(name="film", max_recovery_attempts=20)
def film(job_id: str, token: str) -> None:
    """Draw what is missing, then render the animatic."""
    film_frames_step(job_id, token)
    film_step(job_id, token)


@DBOS.workflow(name="delivery", max_recovery_attempts=20)
def delivery(delivery_id: str, number: int) -> None:
    """Make one try at a mail or a webhook's message."""
    delivery_step(delivery_id, number)


@DBOS.step(name="write")
def write_step(job_id: str, token: str) -> None:
    """Run scene_generator.write in the app."""
    _in_app(job_id, lambda: scene_generator.write(job_id, token))


@DBOS.step(name="settle assets")
def assets_step(job_id: str, token: str) -> None:
    """Run scene_generator.settle_assets in the app."""
    _in_app(
        job_id,
        lambda: scene_generator.settle_assets(job_id, token, costs.settings().asset_download_timeout_seconds + 20),
    )


@DBOS.step(name="draw")
def draw_step(job_id: str, token: str) -> None:
    """Run scene_generator.draw in the app."""
    _in_app(job_id, lambda: scene_generator.draw(job_id, token))


@DBOS.step(name="redo")
def redo_step(scene_id: str, token: str) -> None:
    """Run scene_rewriter.rewrite in the app."""
    _in_app(scene_id, lambda: scene_rewriter.rewrite(scene_id, token))


@DBOS.step(name="intake")
def intake_step(asset_id: str, attempt: int) -> None:
    """Run asset_intake.take_in in the app, then draw what waited for its picture."""

    def work() -> None:
        asset_intake.take_in(asset_id, attempt)
        frame_store.asset_arrived(asset_id)

    _in_app(asset_id, work)


@DBOS.step(name="frames")
def frames_step(job_id: str) -> None:
    """Run frame_store.draw_missing in the app, and say so where a storyboard is being written at the same time."""

    def work() -> None:
        say = lambda number: generations.mention(job_id, f"Sketching frame {number}")  # noqa: E731
        frame_store.draw_missing(job_id, say, wait=False)
        generations.mention(job_id, "")

    _in_app(job_id, work)


@DBOS.step(name="film frames")
def film_frames_step(job_id: str, token: str) -> None:
    """Run animatics.draw in the app."""
    _in_app(job_id, lambda: animatics.draw(job_id, token))


@DBOS.step(name="film")
def film_step(job_id: str, token: str) -> None:
    """Run animatics.render in the app."""
    _in_app(job_id, lambda: animatics.render(job_id, token))


@DBOS.step(name="deliver")
def delivery_step(delivery_id: str, number: int) -> None:
    """Run deliveries.attempt in the app."""
    _in_app(delivery_id, lambda: deliveries.attempt(delivery_id, number))


def launch(app: Flask, settings: Settings, executor_id: str) -> None:
    """Start taking work off the queues in this process."""
    _app[:] = [app]
    DBOS(
        config={
            "name": "slate",
            "system_database_engine": tasks.engine(settings.workflows_path),
            "executor_id": executor_id,
            "application_version": tasks.APP_VERSION,
            "log_level": "WARNING",
            "console_log_level": "WARNING",
            "enable_otlp": False,
            "notification_listener_polling_interval_sec": 1.0,
        }
    )
    DBOS.launch()
    DBOS.register_queue(tasks.WRITING, worker_concurrency=4, polling_interval_sec=POLL_SECONDS)
    DBOS.register_queue(tasks.REDOS, worker_concurrency=2, polling_interval_sec=POLL_SECONDS)
    DBOS.register_queue(tasks.FRAMES, worker_concurrency=2, polling_interval_sec=POLL_SECONDS)
    DBOS.register_queue(tasks.FILMS, worker_concurrency=1, polling_interval_sec=UNHURRIED_POLL_SECONDS)
    DBOS.register_queue(
        tasks.DELIVERIES,
        worker_concurrency=8,
        partition_worker_concurrency=2,
        polling_interval_sec=UNHURRIED_POLL_SECONDS,
    )
    DBOS.register_queue(
        tasks.ASSETS, worker_concurrency=8, partition_worker_concurrency=4, polling_interval_sec=POLL_SECONDS
    )


def shut_down(patience_seconds: int) -> None:
    """Stop taking work; give running steps so many seconds to finish, the rest goes on at the next start."""
    DBOS.destroy(workflow_completion_timeout_sec=patience_seconds)


def _in_app(row_id: str, work: Callable[[], object]) -> None:
    with _app[0].app_context(), heart.working_on(row_id):
        work()
