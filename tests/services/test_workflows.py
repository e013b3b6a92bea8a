"""The real engine in a real worker process: it is killed in the middle, and nothing is lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests import factories
from webapp.extensions import db
from webapp.models import JobStatus
from webapp.schemas.jobs import JobDraft
from webapp.schemas.scenes import RedoRequest
from webapp.services import jobs, scenes, storyboards, takes, worker

KILLS = 200 if os.environ.get("SLATE_LONG_TESTS") else 6


@contextmanager
def working(settings, pace="0"):
    """Run a worker process on the test's data folder."""
    env = {**os.environ, "SLATE_DATA": str(settings.data), "WRITING_PACE": pace, "LOG_LEVEL": "WARNING"}
    child = subprocess.Popen([sys.executable, "-m", "webapp.cli", "worker"], env=env, start_new_session=True)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            raise


def until(truth, seconds=60.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        db.session.rollback()
        db.session.expire_all()
        if truth():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come true in time")


def ask(person, client, **facts):
    values = {
        "client_id": client.id, "product": "Fjell Cold Brew", "audience": "commuters",
        "key_message": "Ready before you are",
        "call_to_action": "Order at fjell.coffee", "seconds": 15,
    }  # fmt: skip
    return jobs.create(person, JobDraft(**(values | facts)))


def is_whole(job):
    board = jobs.scenes(job)
    assert [scene.position for scene in board] == [1, 2, 3]
    assert sum(scene.take.duration_ms for scene in board) == job.duration_ms
    assert all(scene.frame is not None and scene.frame.key == scene.frame_key for scene in board)
    assert all([take.number for take in takes.of_scene(scene)] == [1] for scene in board)


def test_a_worker_writes_what_the_web_process_asked_for(ada, settings):
    job = ask(ada, factories.client())
    with working(settings):
        until(lambda: job.status == JobStatus.STORYBOARD_READY)
        assert worker.alive()
        is_whole(job)
        scene = jobs.scenes(job)[0]
        before = [storyboards.scene_hash(each.take) for each in jobs.scenes(job)[1:]]
        scenes.redo(ada, job, scene, RedoRequest(feedback="more energetic"))
        until(lambda: not scene.is_redoing)
        assert [take.number for take in takes.of_scene(scene)] == [2, 1]
        assert [storyboards.scene_hash(each.take) for each in jobs.scenes(job)[1:]] == before
    until(lambda: not worker.alive())


@pytest.mark.long
def test_killed_again_and_again_nothing_is_lost_or_doubled(ada, settings):
    client = factories.client()
    chance = random.Random(7)
    kills = 0
    while kills < KILLS:
        job = ask(ada, client)
        seen = set()
        while kills < KILLS and job.status != JobStatus.STORYBOARD_READY:
            with working(settings, pace="0.4") as child:
                until(worker_ready(child, settings))
                time.sleep(chance.uniform(0, 2.5))
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            kills += 1
            db.session.expire_all()
            now = {scene.id for scene in jobs.scenes(job)}
            assert seen <= now, "a finished scene was lost"
            seen = now
        with working(settings):
            until(lambda job=job: job.status == JobStatus.STORYBOARD_READY, 120)
        is_whole(job)
        assert seen <= {scene.id for scene in jobs.scenes(job)}
    for name in ("slate.db", "blobs.db", "workflows.db"):
        with sqlite3.connect(settings.data / name) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def worker_ready(child, settings):
    """Wait until this very process shows signs of life."""

    def ready():
        from webapp.models import Worker

        row = db.session.get(Worker, worker.EXECUTOR)
        return row is not None and row.pid == child.pid

    return ready


def test_only_one_worker_has_a_data_folder(settings, app):
    with working(settings) as first:
        until(worker_ready(first, settings))
        env = {**os.environ, "SLATE_DATA": str(settings.data)}
        second = subprocess.run(
            [sys.executable, "-m", "webapp.cli", "worker"],
            env=env,
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
    assert second.returncode != 0
    assert "Another worker runs" in second.stderr


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_cleanly_when_told_to(settings, app, name):
    with working(settings) as child:
        until(worker_ready(child, settings))
        child.send_signal(name)
        assert child.wait(20) == 0
