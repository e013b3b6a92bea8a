"""What nobody works on any more is taken up again; what somebody works on is left alone."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from tests import factories
from webapp.errors import Invalid
from webapp.extensions import db, transaction
from webapp.models import AssetStatus, JobStatus, utcnow
from webapp.schemas.jobs import JobDraft
from webapp.services import asset_intake, assets, attempts, heart, jobs, sweep, tasks, worker

LONG_AGO = timedelta(minutes=5)
BRIEF = {"product": "P", "audience": "A", "key_message": "K", "call_to_action": "C"}


@pytest.fixture
def queued(settings):
    """Tell the ids of the tasks on the queues."""
    return lambda: {each.workflow_id for each in tasks.client(settings.workflows_path).list_workflows()}


def test_a_stale_storyboard_gets_a_new_token_and_goes_on(app, queued):
    job = factories.job(
        factories.client(),
        status=JobStatus.STORYBOARD_PROCESSING,
        attempt=1,
        attempt_token="old",
        heartbeat_at=utcnow() - LONG_AGO,
    )
    sweep.sweep()
    assert job.attempt == 2
    assert job.attempt_token != "old"
    assert queued() == {f"job-{job.id}-2"}


def test_one_that_shows_life_is_left_alone(app, queued):
    job = factories.job(
        factories.client(),
        status=JobStatus.STORYBOARD_PROCESSING,
        attempt=1,
        attempt_token="mine",
        heartbeat_at=utcnow(),
    )
    sweep.sweep()
    assert (job.attempt, job.attempt_token) == (1, "mine")
    assert queued() == set()


def test_a_stale_redo_goes_on(app, queued):
    scene = factories.scene(factories.job(factories.client()))
    with transaction():
        scene.redo_token, scene.redo_heartbeat_at = "old", utcnow() - LONG_AGO
    sweep.sweep()
    assert scene.redo_token not in ("", "old")
    assert queued() == {f"redo-{scene.redo_token}"}


def stalled_asset(**facts):
    facts = {"source_url": "https://example.com/a.png", "status": AssetStatus.DOWNLOADING} | facts
    return factories.asset(factories.client(), heartbeat_at=utcnow() - LONG_AGO, **facts)


def test_a_stale_asset_goes_on_fenced_and_without_using_up_its_retry(app, queued):
    asset = stalled_asset(received_bytes=5)
    sweep.sweep()
    sweep.sweep()
    assert (asset.attempt, asset.take_overs) == (2, 1)
    assert queued() == {f"asset-{asset.id}-2"}
    asset_intake.refuse(asset, Invalid("The file is damaged."))
    assert asset.can_retry
    db.session.rollback()


def test_an_asset_that_waits_for_its_turn_keeps_it(app, queued):
    asset = stalled_asset()
    tasks.take_in(asset)
    sweep.sweep()
    assert asset.attempt == 1
    assert queued() == {f"asset-{asset.id}-1"}


def test_what_a_thread_of_this_process_works_on_is_left_alone(app, queued):
    asset, client = stalled_asset(), factories.client()
    job = factories.job(client, status=JobStatus.STORYBOARD_PROCESSING, attempt_token="mine")
    scene = factories.scene(factories.job(client))
    with transaction():
        scene.redo_token = "mine"
    with heart.working_on(asset.id), heart.working_on(job.id), heart.working_on(scene.id):
        sweep.sweep()
        assert queued() == set()
    sweep.sweep()  # the control: nobody is at it any more
    assert len(queued()) == 3


def test_work_shows_life_as_soon_as_it_begins(app):
    beats = []
    with heart.beating(lambda: beats.append("now")):
        assert beats == ["now"]


def age(row, name):
    with transaction():
        setattr(row, name, utcnow() - LONG_AGO)


def test_work_that_breaks_off_again_and_again_fails_with_a_sentence(app):
    client = factories.client()
    job = factories.job(client, status=JobStatus.STORYBOARD_PROCESSING, attempt=1, attempt_token="old")
    scene = factories.scene(factories.job(client))
    asset = stalled_asset()
    with transaction():
        scene.redo_token = "old"
    for _ in range(sweep.MOST_TAKE_OVERS):
        for row, name in ((job, "heartbeat_at"), (scene, "redo_heartbeat_at"), (asset, "heartbeat_at")):
            age(row, name)
        for each in tasks._ours().list_workflows():
            tasks._ours().cancel_workflow(each.workflow_id)  # begun, and its worker died
        sweep.sweep()
    assert (job.attempt, job.status, asset.attempt) == (6, JobStatus.STORYBOARD_PROCESSING, 6)
    assert scene.redo_token
    for row, name in ((job, "heartbeat_at"), (scene, "redo_heartbeat_at"), (asset, "heartbeat_at")):
        age(row, name)
    for each in tasks._ours().list_workflows():
        tasks._ours().cancel_workflow(each.workflow_id)
    sweep.sweep()
    assert (job.status, job.error) == (JobStatus.FAILED, "The work broke off 6 times.")
    assert "Try again" in job.hint
    assert "broke off 6 times" in scene.error
    assert scene.redo_token == ""
    assert (asset.status, asset.can_retry) == (AssetStatus.REFUSED, True)


def test_a_person_who_tries_again_gets_all_take_overs_anew(ada, app):
    asset = stalled_asset(status=AssetStatus.REFUSED, can_retry=True, attempt=4, take_overs=3)
    assets.retry(asset)
    assert asset.take_overs == 0
    job = jobs.create(ada, JobDraft(client_id=asset.client_id, **BRIEF))
    with transaction():
        job.take_overs, job.status = 3, JobStatus.STORYBOARD_READY
    factories.scene(job)
    attempts.regenerate(ada, job)
    assert job.take_overs == 0


def test_a_frame_that_nobody_draws_is_asked_for_again(app, queued):
    job = factories.job(factories.client())
    scene = factories.scene(job)
    with transaction():
        scene.frame_key, scene.updated_at = "wanted", utcnow() - LONG_AGO
    sweep.sweep()
    sweep.sweep()  # once is enough, as long as its turn has not come
    assert [each.startswith(f"frames-{job.id}-") for each in queued()] == [True]


def test_the_sweep_of_a_quiet_house_does_nothing(app, queued):
    factories.scene(factories.job(factories.client()))
    sweep.sweep()
    assert queued() == set()


def test_what_still_waits_for_its_turn_keeps_its_place(ada, queued):
    job = jobs.create(ada, JobDraft(client_id=factories.client().id, **BRIEF))
    token, before = job.attempt_token, queued()
    with transaction():
        job.heartbeat_at = utcnow() - LONG_AGO
    sweep.sweep()
    assert (job.attempt, job.attempt_token) == (1, token)
    assert queued() == before


def test_what_ends_between_the_look_and_the_lock_is_not_begun_again(app, queued, monkeypatch):
    scene = factories.scene(factories.job(factories.client()))
    with transaction():
        scene.redo_token, scene.redo_heartbeat_at = "old", utcnow() - LONG_AGO
    look = sweep._stale_redos

    def and_then_it_ends():
        found = list(look())
        monkeypatch.setattr(sweep, "_stale_redos", look)
        with transaction():
            scene.redo_token = ""
        return found

    monkeypatch.setattr(sweep, "_stale_redos", and_then_it_ends)
    sweep.sweep()
    assert scene.redo_token == ""
    assert queued() == set()


def test_records_of_ended_work_are_forgotten_and_those_of_the_rest_kept(app, queued):
    ended, waiting = stalled_asset(), stalled_asset()
    for asset in (ended, waiting):
        tasks.take_in(asset)
    tasks._ours().cancel_workflow(tasks.intake_id(ended))
    assert tasks.forget_finished(utcnow() - LONG_AGO) == 0
    assert tasks.forget_finished(utcnow() + LONG_AGO) == 1
    assert queued() == {tasks.intake_id(waiting)}


class Clock:
    """Stands still unless told otherwise."""

    now = 0.0

    def time(self):
        return self.now


class Nights(threading.Event):
    """A worker's pauses: in each the machine sleeps as long as the night says; the worker is stopped after the last."""

    def __init__(self, clock, nights):
        super().__init__()
        self.clock, self.nights = clock, list(nights)

    def wait(self, _timeout=None):
        if not self.nights:
            return True
        self.clock.now += self.nights.pop(0)
        return False


@pytest.mark.parametrize(
    ("nights", "swept"),
    [
        ([], False),  # the worker has just begun
        ([5, 5], False),
        ([5, 5, 5], True),
        ([5, 5, 3600], False),  # the machine slept: nobody could show life
        ([5, 5, 3600, 5, 5, 5], True),
    ],
)
def test_nothing_is_taken_up_before_those_at_work_can_have_shown_life(app, monkeypatch, nights, swept):
    asset, clock = stalled_asset(), Clock()
    monkeypatch.setattr(worker, "time", clock)
    worker._live(app, Nights(clock, nights))
    db.session.expire_all()
    assert asset.attempt == (2 if swept else 1)
