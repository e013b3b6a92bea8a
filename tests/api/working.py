"""What the worker does for requests that wait, in a thread of the test: the same services, without the engine."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from webapp.extensions import db
from webapp.models import Asset, Job, Scene
from webapp.services import asset_intake, generations, scene_generator, scene_rewriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

LOOK_EVERY = 0.02
"""Seconds."""


@contextmanager
def at_work(app: Flask) -> Iterator[None]:
    """Write storyboards and takes and read uploads as soon as they are asked for. Links are left alone."""
    over = threading.Event()

    def work() -> None:
        with app.app_context():
            while not over.is_set():
                _once()
                over.wait(LOOK_EVERY)
            db.session.remove()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _once() -> None:
    db.session.rollback()
    jobs = db.session.execute(db.select(Job.id, Job.attempt_token).where(Job.attempt_token != "")).all()
    scenes = db.session.execute(db.select(Scene.id, Scene.redo_token).where(Scene.redo_token != "")).all()
    waiting = [each for each in db.session.scalars(db.select(Asset).where(Asset.source_url == "")) if each.is_open]
    assets = [(each.id, each.attempt) for each in waiting]
    db.session.rollback()
    for asset_id, attempt in assets:
        asset_intake.take_in(asset_id, attempt)
    for job_id, token in jobs:
        scene_generator.write(job_id, token)
        scene_generator.settle_assets(job_id, token, 0)
        generations.finish(job_id, token)
    for scene_id, token in scenes:
        scene_rewriter.rewrite(scene_id, token)
