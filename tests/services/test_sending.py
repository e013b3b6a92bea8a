"""Send for review: what goes out, what is refused, what changed since."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Conflict, StoryboardFrozen
from webapp.extensions import db, transaction
from webapp.models import Approval, Decision, DecisionKind, Event, JobStatus, Notice, VersionKind, utcnow
from webapp.schemas.scenes import SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import decisions, events, jobs, scenes, sending, versions


@pytest.fixture
def job(eve):
    made = factories.job(factories.client(), user_id=eve.id)
    for number in (1, 2, 3):
        factories.scene(made, number, script=f"Words of {number}")
    return made


def send(person, job, **draft):
    return sending.send(person, job, SendDraft(**draft))


def latest(job):
    return sending.latest(job, jobs.scenes(job))


def decide(job, version, kind):
    with transaction():
        decision = Decision(
            job_id=job.id, kind=kind, version_id=version.id, content_hash=version.content_hash, decided_by="Maya",
            sequence=events.count(job) + 1,
        )  # fmt: skip
        db.session.add(decision)
        job.approval = {"request_changes": Approval.CHANGES_REQUESTED, "reopen": Approval.NONE}[kind]


def change(person, job, number, **words):
    scene = jobs.scenes(job)[number - 1]
    scenes.edit(person, job, scene, SceneChange(**words))


def test_what_is_sent_is_the_board_as_it_is(job, eve):
    version = send(eve, job, name="For Maya", note="Scene 2 first, please.", approval_rule="all")
    kept = versions.sent(job)
    assert kept.id == version.id == job.sent_version_id
    assert (kept.kind, kept.number, kept.name, kept.note, kept.made_by) == (
        VersionKind.SENT, 1, "For Maya", "Scene 2 first, please.", "Eve Holt",
    )  # fmt: skip
    assert kept.content_hash == decisions.content_hash(jobs.scenes(job))
    assert [each.take.script for each in kept.scenes] == ["Words of 1", "Words of 2", "Words of 3"]
    assert (job.approval_rule, job.approval) == ("all", Approval.NONE)


def test_it_is_in_the_history_and_those_who_have_to_do_with_it_are_told(job, ada, eve):
    before = job.revision
    send(ada, job, name="For Maya", note="Please look.")
    line = db.session.query(Event).filter_by(kind="sent").one()
    assert (line.actor, line.text) == ("Ada Byron", "sent v1 for review: For Maya")
    assert (line.details["version"], line.details["note"]) == (1, "Please look.")
    assert [(each.user_id, each.text) for each in db.session.query(Notice)] == [(eve.id, line.text)]
    assert job.revision > before


def test_without_a_name_it_gets_one(job, eve):
    assert send(eve, job).name == "Sent to Fjell Coffee, round 1"
    decide(job, versions.sent(job), DecisionKind.REQUEST_CHANGES)
    assert sending.suggested_name(job) == "Sent to Fjell Coffee, round 2"
    with transaction():
        job.client.name = "x" * 120
    assert len(send(eve, job).name) <= sending.NAME
    assert versions.sent(job).name.endswith(", round 2")


def test_nothing_was_sent_yet(job):
    assert latest(job) is None


def test_sending_again_is_a_new_round_once_somebody_asked_for_changes(job, eve):
    send(eve, job)
    assert (latest(job).version.number, latest(job).round, latest(job).is_open) == (1, 1, True)
    change(eve, job, 1, script="Other words")
    send(eve, job)
    assert (latest(job).version.number, latest(job).round) == (2, 1)
    decide(job, versions.sent(job), DecisionKind.REQUEST_CHANGES)
    assert (latest(job).round, latest(job).is_open) == (1, False)
    change(eve, job, 1, script="Better words")
    send(eve, job)
    assert (latest(job).version.number, latest(job).round, latest(job).is_open) == (3, 2, True)


def test_what_was_decided_and_reopened_waits_to_be_sent_again(job, eve):
    version = send(eve, job)
    decide(job, version, DecisionKind.REOPEN)
    assert not latest(job).is_open
    send(eve, job)
    assert latest(job).is_open


def test_what_changed_since_is_named(job, eve):
    send(eve, job)
    assert not latest(job).changes
    change(eve, job, 2, script="Other words")
    assert str(latest(job).changes) == "scene 2"
    change(eve, job, 2, script="Words of 2")
    assert not latest(job).changes
    scenes.move(eve, job, jobs.scenes(job)[2], 1)
    assert str(latest(job).changes) == "new order"
    scenes.delete(eve, job, jobs.scenes(job)[2])
    assert "1 scene deleted" in str(latest(job).changes)
    scenes.duplicate(eve, job, jobs.scenes(job)[0])
    assert "scene 2" in str(latest(job).changes)


def test_the_sent_version_stays_what_it_was_when_the_same_person_goes_on_typing(job, eve):
    change(eve, job, 2, script="As sent")
    version = send(eve, job)
    digest = version.content_hash
    change(eve, job, 2, script="Typed a second later")
    assert versions.sent(job).content_hash == digest
    assert [each.take.script for each in versions.sent(job).scenes][1] == "As sent"


@pytest.mark.parametrize("status", [JobStatus.PENDING, JobStatus.STORYBOARD_PROCESSING])
def test_nothing_is_sent_while_scenes_are_written(job, eve, status):
    with transaction():
        job.status = status
    with pytest.raises(Conflict, match="being written"):
        send(eve, job)


def test_nothing_is_sent_while_a_scene_is_redone(job, eve):
    with transaction():
        for scene in jobs.scenes(job)[1:]:
            scene.redo_token, scene.redo_heartbeat_at = "token", utcnow()
    with pytest.raises(Conflict, match="Scenes 2, 3 are being written"):
        send(eve, job)
    assert job.sent_version_id is None


@pytest.mark.parametrize("approval", [Approval.APPROVED, Approval.REJECTED])
def test_what_is_decided_is_not_sent(job, eve, approval):
    with transaction():
        job.approval = approval
    with pytest.raises(StoryboardFrozen):
        send(eve, job)


def test_an_empty_board_is_not_sent(eve):
    with pytest.raises(Conflict, match="no scenes"):
        send(eve, factories.job(factories.client()))


def test_what_somebody_else_changed_meanwhile_is_looked_at_first(job, ada, eve):
    seen = decisions.content_hash(jobs.scenes(job))
    change(ada, job, 1, script="Ada was here")
    with pytest.raises(Conflict, match="changed while you were looking"):
        send(eve, job, seen=seen)
    assert send(eve, job, seen=decisions.content_hash(jobs.scenes(job))).number == 1
