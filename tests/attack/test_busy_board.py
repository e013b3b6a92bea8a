"""One busy storyboard keeps nobody else waiting: tasks of one job never sit on the places of a queue."""

from __future__ import annotations

import threading

import pytest

from tests import factories
from webapp.extensions import db
from webapp.models import Scene
from webapp.schemas.scenes import SceneChange
from webapp.services import frame_store, jobs, scenes


@pytest.fixture
def job(app, ada):
    made = factories.job(factories.client())
    for number in (1, 2):
        scene = factories.scene(made, number)
        scenes.edit(ada, made, scene, SceneChange(shot_type="wide"))
    return made


def test_who_draws_is_left_to_it_and_looks_again_for_what_came_meanwhile(app, ada, job):
    begun, go_on = threading.Event(), threading.Event()

    def draw():
        with app.app_context():
            frame_store.draw_missing(job.id, lambda _number: (begun.set(), go_on.wait(20)))

    busy = threading.Thread(target=draw)
    busy.start()
    assert begun.wait(20)
    first = jobs.scenes(job)[0]
    scenes.edit(ada, job, first, SceneChange(shot_type="top-down"))
    second = threading.Thread(target=lambda: _in(app, lambda: frame_store.draw_missing(job.id, wait=False)))
    second.start()
    second.join(5)
    assert not second.is_alive(), "a task waits for another one of the same job and holds its place in the queue"
    # the naive way: a task that waits is still there
    patient = threading.Thread(target=lambda: _in(app, lambda: frame_store.draw_missing(job.id)))
    patient.start()
    patient.join(0.3)
    assert patient.is_alive()
    go_on.set()
    busy.join(60)
    patient.join(60)
    db.session.rollback()
    db.session.expire_all()
    for scene in jobs.scenes(job):
        assert scene.frame is not None
        assert scene.frame.key == scene.frame_key


def test_who_has_to_stop_drawing_passes_the_rest_on(app, job, settings):
    from webapp.services import tasks

    before = _tasks(tasks, settings)

    def stopped(_number):
        _in_thread(app, lambda: frame_store.draw_missing(job.id, wait=False))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        frame_store.draw_missing(job.id, stopped)
    assert len(_tasks(tasks, settings)) == len(before) + 1
    frame_store.draw_missing(job.id)
    assert all(scene.frame_id for scene in db.session.query(Scene).all())


def _in(app, call):
    with app.app_context():
        call()


def _in_thread(app, call):
    thread = threading.Thread(target=_in, args=(app, call))
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def _tasks(tasks, settings):
    return {each.workflow_id for each in tasks.client(settings.workflows_path).list_workflows()}
