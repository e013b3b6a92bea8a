"""A decision is bound to the exact words, freezes the board, and names what changed since."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Conflict, Invalid
from webapp.extensions import transaction
from webapp.models import Approval, JobStatus
from webapp.schemas.scenes import SceneChange
from webapp.services import attempts, decisions, jobs, scenes, takes


@pytest.fixture
def job(app):
    job = factories.job(factories.client())
    for number in (1, 2):
        factories.scene(job, number)
    return job


def approve(person, job, **more):
    return decisions.decide(person, job, factories.decision(job, kind="approve", **more))


def test_an_approval_records_who_what_and_the_hash(ben, job):
    decision = approve(ben, job, reason="Lovely.")
    assert job.approval == Approval.APPROVED
    assert (decision.decided_by, decision.reason) == ("Ben Berg", "Lovely.")
    assert decision.content_hash == decisions.content_hash(jobs.scenes(job))
    assert len(decision.content_hash) == 64


def test_the_hash_changes_with_every_word_and_with_the_order(ada, job):
    hashes = {decisions.content_hash(jobs.scenes(job))}
    first, second = jobs.scenes(job)
    scenes.edit(ada, job, first, SceneChange(on_screen="0 sugar"))
    hashes.add(decisions.content_hash(jobs.scenes(job)))
    scenes.move(ada, job, second, 1)
    hashes.add(decisions.content_hash(jobs.scenes(job)))
    assert len(hashes) == 3


def test_what_was_not_looked_at_cannot_be_approved(ada, ben, job):
    seen = decisions.content_hash(jobs.scenes(job))
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Something else."))
    with pytest.raises(Conflict, match="changed while you were looking"):
        approve(ben, job, seen=seen)
    assert job.approval == Approval.NONE


@pytest.mark.parametrize("kind", ["request_changes", "reject"])
def test_saying_no_needs_a_reason(ben, job, kind):
    with pytest.raises(Invalid) as refusal:
        decisions.decide(ben, job, factories.decision(job, kind=kind, reason="  "))
    assert "reason" in refusal.value.fields


def test_a_rejected_board_is_frozen_and_can_be_reopened(ada, ben, job):
    decisions.decide(ben, job, factories.decision(job, kind="reject", reason="Not us."))
    assert job.is_frozen
    decisions.reopen(ada, job)
    assert not job.is_frozen
    assert [each.kind for each in decisions.history(job)] == ["reopen", "reject"]


def test_asking_for_changes_keeps_the_board_open_and_begins_a_round(ben, job):
    assert decisions.round_number(job) == 1
    decisions.decide(ben, job, factories.decision(job, kind="request_changes", reason="Shorter hook."))
    assert not job.is_frozen
    assert decisions.round_number(job) == 2


def test_scenes_changed_since_the_approval_are_named(ada, ben, job):
    decision = approve(ben, job)
    decisions.reopen(ada, job)
    scenes.edit(ada, job, jobs.scenes(job)[1], SceneChange(script="New."))
    assert decisions.changes_since(decision, jobs.scenes(job)).numbers == (2,)


def test_a_deletion_and_a_move_since_the_approval_are_changes_too(ada, ben, job):
    factories.scene(job, 3)
    decision = approve(ben, job)
    decisions.reopen(ada, job)
    assert not decisions.changes_since(decision, jobs.scenes(job))
    scenes.move(ada, job, jobs.scenes(job)[2], 1)
    scenes.delete(ada, job, jobs.scenes(job)[1])
    found = decisions.changes_since(decision, jobs.scenes(job))
    assert (found.numbers, found.deleted, found.reordered) == ((), 1, True)


def test_the_words_somebody_decided_on_are_never_lost(ada, ben, job):
    first = jobs.scenes(job)[0]
    approved = scenes.edit(ada, job, first, SceneChange(script="The approved words."))
    approve(ben, job)
    decisions.reopen(ada, job)
    scenes.edit(ada, job, first, SceneChange(script="Later words."))
    assert approved.id in [take.id for take in takes.of_scene(first)]


def test_deciding_on_an_unfinished_board_keeps_what_is_missing_writable(ada, ben, job):
    with transaction():
        job.status = JobStatus.FAILED
    decisions.decide(ben, job, factories.decision(job, kind="request_changes", reason="Shorter."))
    attempts.retry(ada, job)
    assert job.is_running


def test_a_board_still_being_written_cannot_be_decided_on(ben, job):
    with transaction():
        job.status = JobStatus.STORYBOARD_PROCESSING
    with pytest.raises(Conflict, match="being written"):
        approve(ben, job)
