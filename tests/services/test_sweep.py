"""What nobody works on any more is taken up again; what somebody works on is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import factories
from webapp.extensions import transaction
from webapp.models import AssetStatus, JobStatus, utcnow
from webapp.schemas.jobs import JobDraft
from webapp.services import jobs, sweep, tasks

LONG_AGO = timedelta(minutes=5)
BRIEF = {"product": "P", "audience": "A", "key_message": "K", "call_to_action": "C"}


@pytest.fixture
def queued(settings):
    """Tell the ids of the tasks on the queues."""
    return lambda: {each.workflow_id for each in tasks.client(settings.workflows_path).list_workflows()}


def test_a_stale_storyboard_gets_a_new_token_and_goes_on(app, queued):
    job = factories.job(
        factories.client(), status=JobStatus.STORYBOARD_PROCESSING, attempt=1, attempt_token="old", heartbeat_at=utcnow() - LONG_AGO
    )  # fmt: skip
    sweep.sweep()
    assert job.attempt == 2
    assert job.attempt_token != "old"
    assert queued() == {f"job-{job.id}-2"}


def test_one_that_shows_life_is_left_alone(app, queued):
    job = factories.job(
        factories.client(), status=JobStatus.STORYBOARD_PROCESSING, attempt=1, attempt_token="mine", heartbeat_at=utcnow()
    )  # fmt: skip
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


def test_a_stale_asset_goes_on_without_using_up_its_retry(app, queued):
    asset = factories.asset(
        factories.client(), status=AssetStatus.DOWNLOADING, source_url="https://example.com/a.png", heartbeat_at=utcnow() - LONG_AGO
    )  # fmt: skip
    sweep.sweep()
    assert asset.attempt == 1
    assert len(queued()) == 1
    sweep.sweep()
    assert len(queued()) == 1


def test_a_frame_that_nobody_draws_is_asked_for_again(app, queued):
    job = factories.job(factories.client())
    scene = factories.scene(job)
    with transaction():
        scene.frame_key, scene.updated_at = "wanted", utcnow() - LONG_AGO
    sweep.sweep()
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
