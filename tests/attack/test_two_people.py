"""Two people at one board: what one of them took away, the other cannot change by a page that still shows it."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from tests import factories
from webapp.errors import Conflict, NotFound
from webapp.extensions import db
from webapp.models import Decision, JobStatus, User
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.scenes import RedoRequest, SceneChange
from webapp.services import attempts, candidates, decisions, jobs, scenes

CHANGES = {
    "edit": lambda ada, job, scene: scenes.edit(ada, job, scene, SceneChange(script="x")),
    "redo": lambda ada, job, scene: scenes.redo(ada, job, scene, RedoRequest()),
    "duplicate": scenes.duplicate,
    "delete": scenes.delete,
    "use an earlier take": lambda ada, job, scene: candidates.use(ada, job, scene, scene.take_id),
}


@pytest.fixture
def job(app):
    made = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(made, number)
    return made


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_scene_somebody_just_deleted_takes_no_change(ada, job, change):
    _, scene = scenes.find(ada, job.id, jobs.scenes(job)[1].id)
    scenes.delete(ada, job, scene)
    with pytest.raises(NotFound, match="deleted this scene"):
        change(ada, job, scene)
    assert not scene.is_redoing


def test_two_undos_bring_a_scene_back_once(ada, job):
    scene = jobs.scenes(job)[1]
    scenes.delete(ada, job, scene)
    scenes.undelete(ada, job, scene)
    scenes.undelete(ada, job, scene)
    assert [each.position for each in jobs.scenes(job)] == [1, 2, 3]


def test_undo_keeps_to_the_most_a_board_holds(ada, job):
    scene = jobs.scenes(job)[1]
    scenes.delete(ada, job, scene)
    while len(jobs.scenes(job)) < scenes.SCENES_MAX:
        scenes.duplicate(ada, job, jobs.scenes(job)[0])
    with pytest.raises(Conflict):
        scenes.undelete(ada, job, scene)


def test_of_eight_who_approve_at_once_one_does(app, ada, job):
    def approve():
        with app.app_context():
            try:
                decisions.decide(ada, jobs.find(ada, job.id), DecisionDraft(kind="approve"))
                found["approved"] += 1
            except Conflict:
                found["refused"] += 1

    found: Counter[str] = Counter()
    crowd = [threading.Thread(target=approve) for _ in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join(30)
    assert found == {"approved": 1, "refused": 7}
    db.session.rollback()
    assert db.session.query(Decision).count() == 1


def test_of_eight_who_retry_at_once_one_does(app, ada, job):
    from webapp.extensions import transaction

    with transaction():
        job.status = JobStatus.CANCELLED

    who, which = ada.id, job.id  # a row belongs to one thread's session: each thread reads its own

    def retry():
        with app.app_context():
            person = db.session.get(User, who)
            try:
                attempts.retry(person, jobs.find(person, which))
                found["went on"] += 1
            except Conflict:
                found["refused"] += 1

    found: Counter[str] = Counter()
    crowd = [threading.Thread(target=retry) for _ in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join(30)
    db.session.rollback()
    db.session.expire_all()
    assert found == {"went on": 1, "refused": 7}
    assert job.attempt == 1
