"""What each state allows whom, and what a rejection, a retry and a stop do to a board."""

from __future__ import annotations

import threading

import pytest

from tests import factories
from tests.services import job_states
from webapp.errors import Conflict, Invalid, NotFound, TooMany
from webapp.extensions import db, transaction
from webapp.models import Approval, DecisionKind, Job, JobStatus, User, Version
from webapp.schemas.scenes import RedoRequest
from webapp.services import (
    attempts,
    decisions,
    generations,
    integrity,
    job_actions,
    jobs,
    outcomes,
    scene_generator,
    scenes,
    throttles,
)
from webapp.services.action_rules import Param
from webapp.services.job_actions import Request


def request(job, action, **more):
    """Ask for an action with all that it needs, and for a scene it is possible for."""
    board = jobs.scenes(job)
    free = [scene for scene in board if not scene.is_redoing] or board
    given, facts = set(), {}
    if action in ("reject", "request_changes"):
        given, facts = {Param.FEEDBACK}, {"feedback": "Warmer."}
    if action == "regenerate_scene":
        given, facts = {Param.SCENE}, {"scene": free[0].id if free else "1"}
    return Request(action=action, given=frozenset(given), **(facts | more))


def names(person, job):
    return [action.name for action in job_actions.possible(person, job)]


@pytest.fixture
def people(ada, eve, ben):
    return {"admin": ada, "editor": eve, "reviewer": ben}


EDITORS = {
    "pending": ["cancel"],
    "processing, two scenes so far": ["regenerate_scene", "cancel"],
    "ready": ["approve", "reject", "request_changes", "regenerate_scene", "regenerate_all_scenes"],
    "ready, without any scene": [],
    "a scene is redone": ["regenerate_scene", "regenerate_all_scenes", "cancel"],
    "all scenes are redone": ["regenerate_all_scenes", "cancel"],
    "a redo failed": ["approve", "reject", "request_changes", "regenerate_scene", "regenerate_all_scenes", "retry"],
    "all scenes are locked": ["approve", "reject", "request_changes", "regenerate_scene"],
    "failed before the first scene": ["retry"],
    "failed after two scenes": ["approve", "request_changes", "regenerate_scene", "retry"],
    "cancelled after two scenes": ["approve", "request_changes", "regenerate_scene", "retry"],
    "approved by the reviewer, rendering": ["cancel", "reopen"],
    "approved, the film failed": ["retry", "reopen"],
    "completed": ["reopen"],
    "rejected by the reviewer": ["reopen"],
    "changes requested": ["approve", "reject", "request_changes", "regenerate_scene", "regenerate_all_scenes"],
}
REVIEWERS = {
    "processing, two scenes so far": [],
    "ready": ["approve", "reject", "request_changes"],
    "failed after two scenes": ["approve", "reject", "request_changes"],
    "approved by the reviewer, rendering": ["reopen"],
    "approved by an editor, rendering": [],
    "rejected by the reviewer": ["reopen"],
    "rejected by an editor on the pages": [],
}


@pytest.mark.parametrize(
    ("role", "state"), [("editor", each) for each in EDITORS] + [("reviewer", each) for each in REVIEWERS]
)
def test_this_is_what_each_state_allows(people, role, state):
    """The control of the test over every state in tests/api/v3, which a list that is always empty would pass."""
    job = job_states.STATES[state](people)
    assert names(people[role], job) == (EDITORS if role == "editor" else REVIEWERS)[state]


def test_a_refusal_names_the_state_and_what_is_possible(people):
    job = job_states.STATES["completed"](people)
    with pytest.raises(Conflict) as refusal:
        job_actions.perform(people["editor"], job, request(job, "retry"))
    assert "The job is completed and approved; possible now: reopen." in refusal.value.message


@pytest.mark.parametrize("spelling", ["REGENERATE_SCENE", "regenerateScene", "Regenerate-Scene", "regenerate scene"])
def test_any_spelling_of_an_action_is_understood(people, spelling):
    job = job_states.job_of()
    asked = Request(action=spelling, scene="2", given=frozenset({Param.SCENE}))
    done = job_actions.perform(people["editor"], job, asked)
    assert done.scene.position == 2


@pytest.mark.parametrize("spelling", ["", "_", "appprove", "delete"])
def test_an_unknown_action_is_refused_with_what_is_possible(people, spelling):
    job = job_states.job_of()
    with pytest.raises(Invalid) as refusal:
        job_actions.perform(people["reviewer"], job, Request(action=spelling))
    assert "approve, reject, request_changes" in refusal.value.fields["action"]


def reject(person, job, feedback="Warmer."):
    seen = decisions.content_hash(jobs.scenes(job))
    given = frozenset({Param.FEEDBACK, Param.CONTENT_HASH})
    asked = Request(action="reject", feedback=feedback, content_hash=seen, given=given)
    return job_actions.perform(person, job, asked)


def write_to_the_end(job):
    """Do what the worker does with a storyboard that is to be written."""
    db.session.refresh(job)
    scene_generator.write(job.id, job.attempt_token)
    generations.finish(job.id, job.attempt_token)
    db.session.expire_all()


def test_an_editors_rejection_is_recorded_and_the_unlocked_scenes_are_written_anew(eve, app):
    job = job_states.locked(job_states.job_of(), 2)
    before = [scene.take_id for scene in jobs.scenes(job)]
    reject(eve, job)
    (decision,) = decisions.history(job)
    assert (decision.kind, decision.reason, decision.is_final) == (DecisionKind.REJECT, "Warmer.", False)
    assert (job.status, job.approval, job.feedback) == (JobStatus.PENDING, Approval.CHANGES_REQUESTED, "Warmer.")
    write_to_the_end(job)
    after = [scene.take_id for scene in jobs.scenes(job)]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, False]
    assert (job.status, job.approval) == (JobStatus.STORYBOARD_READY, Approval.CHANGES_REQUESTED)
    assert "Before writing anew" in db.session.scalars(db.select(Version.name).where(Version.job_id == job.id)).all()


def test_the_record_holds_after_an_editors_rejection(eve, ben, app):
    """`slate verify`: rejected and written anew, approved, reopened, rejected once more, and by a reviewer."""
    job = job_states.job_of()
    reject(eve, job, "First.")
    write_to_the_end(job)
    assert integrity.report(job).faults == ()
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    decisions.reopen(eve, job)
    reject(eve, job, "Second.")
    assert integrity.report(job).faults == ()
    write_to_the_end(job)
    reject(ben, job, "Third.")
    assert integrity.report(job).faults == ()
    assert [each.kind for each in decisions.history(job)] == ["reject", "reject", "reopen", "approve", "reject"]


def test_a_rejection_that_was_answered_begins_a_round_of_review(eve, app):
    job = job_states.job_of()
    reject(eve, job)
    write_to_the_end(job)
    assert decisions.round_number(job) == 2
    found = outcomes.of(job, jobs.scenes(job))
    assert (found.title, found.text, found.reason) == ("Changes requested", "by Eve Holt", "Warmer.")


def test_a_reviewers_rejection_freezes_and_has_nothing_written(ben, app):
    job = job_states.job_of()
    reject(ben, job)
    (decision,) = decisions.history(job)
    assert decision.is_final
    assert (job.status, job.approval, job.attempt) == (JobStatus.STORYBOARD_READY, Approval.REJECTED, 0)


def test_a_rejection_of_a_board_that_is_locked_throughout_asks_for_changes(eve, app):
    job = job_states.locked(job_states.job_of())
    reject(eve, job)
    assert (job.status, job.approval, job.attempt) == (JobStatus.STORYBOARD_READY, Approval.CHANGES_REQUESTED, 0)
    assert [each.kind for each in decisions.history(job)] == ["reject"]
    assert integrity.report(job).faults == ()


def test_a_rejection_that_may_not_be_written_is_not_recorded_either(eve, app):
    job = job_states.job_of()
    throttles.spend(f"generations:{eve.id}", *throttles.GENERATIONS, amount=throttles.GENERATIONS.limit)
    with pytest.raises(TooMany):
        reject(eve, job)
    db.session.expire_all()
    assert (decisions.history(job), job.approval) == ([], Approval.NONE)


@pytest.mark.parametrize("action", ["reject", "request_changes"])
@pytest.mark.parametrize("feedback", ["", "\u200b\u200b"])
def test_a_no_needs_words(eve, app, action, feedback):
    job = job_states.job_of()
    given = frozenset({Param.FEEDBACK}) if feedback else frozenset()
    with pytest.raises(Invalid) as refusal:
        job_actions.perform(eve, job, Request(action=action, feedback=feedback, given=given))
    assert set(refusal.value.fields) <= {"feedback", "reason"}
    assert decisions.history(job) == []


def test_what_does_not_belong_to_an_action_is_refused_by_name(eve, app):
    job = job_states.job_of()
    with pytest.raises(Invalid) as refusal:
        job_actions.perform(eve, job, Request(action="approve", scene="1", given=frozenset({Param.SCENE})))
    assert list(refusal.value.fields) == ["scene"]
    assert job.approval == Approval.NONE


def test_a_scene_of_another_job_is_not_found(eve, app):
    job, other = job_states.job_of(), job_states.job_of()
    asked = Request(action="regenerate_scene", scene=jobs.scenes(other)[0].id, given=frozenset({Param.SCENE}))
    with pytest.raises(NotFound, match="does not belong to this job"):
        job_actions.perform(eve, job, asked)


def test_retry_writes_again_exactly_the_scenes_whose_redo_failed_as_they_were_asked(eve, app):
    job = job_states.job_of()
    asset, gone = factories.asset(job.client), factories.asset(job.client)
    second = jobs.scenes(job)[1]
    asked = RedoRequest(feedback="Warmer.", style="Noir", seconds=4, must_include_asset_ids=[asset.id, gone.id])
    scenes.redo(eve, job, second, asked, select=True)
    options = {name: value for name, value in second.redo_options.items() if name != "must_include_asset_ids"}
    with transaction():
        second.redo_token, second.error = "", "The writer is out."
        db.session.delete(gone)
    done = job_actions.perform(eve, job, request(job, "retry"))
    assert done.message == "Scene 2 is being written again."
    assert [scene.is_redoing for scene in jobs.scenes(job)] == [False, True, False]
    assert second.redo_feedback == "Warmer.\nStyle: Noir."
    assert second.redo_options == options | {"must_include_asset_ids": [asset.id]}


def test_retry_of_a_failed_storyboard_keeps_what_is_finished(eve, app):
    job = job_states.ended(2, JobStatus.FAILED)
    before = [scene.take_id for scene in jobs.scenes(job)]
    job_actions.perform(eve, job, request(job, "retry"))
    write_to_the_end(job)
    assert [scene.take_id for scene in jobs.scenes(job)][:2] == before
    assert len(jobs.scenes(job)) > 2


def test_cancel_stops_all_that_goes_on_and_keeps_what_is_finished(eve, app):
    job = job_states.change_scenes(job_states.running(3, JobStatus.STORYBOARD_PROCESSING), 2, redo_token="token")
    before = [scene.take_id for scene in jobs.scenes(job)]
    job_actions.perform(eve, job, request(job, "cancel"))
    assert job.status == JobStatus.CANCELLED
    assert [(scene.take_id, scene.redo_token) for scene in jobs.scenes(job)] == [(each, "") for each in before]


def test_cancel_stops_a_render_and_retry_begins_it_again(eve, app):
    job = job_states.decided(eve, "approve")
    assert job.status == JobStatus.VIDEO_PROCESSING
    job_actions.perform(eve, job, request(job, "cancel"))
    assert (job.status, job.approval) == (JobStatus.STORYBOARD_READY, Approval.APPROVED)
    job_actions.perform(eve, job, request(job, "retry"))
    assert job.status == JobStatus.VIDEO_PROCESSING


def test_reopening_a_completed_job_makes_it_ready_again(eve, people):
    job = job_states.completed(eve)
    job_actions.perform(eve, job, request(job, "reopen"))
    assert (job.status, job.approval) == (JobStatus.STORYBOARD_READY, Approval.NONE)


def test_what_is_locked_throughout_is_not_written_anew(eve, app):
    job = job_states.locked(job_states.job_of())
    with pytest.raises(Conflict, match="All scenes are locked"):
        attempts.regenerate(eve, job)


def test_of_rejections_at_the_same_moment_one_is_recorded_and_written(app, eve):
    job = job_states.job_of()
    job_id, eve_id, start, became = job.id, eve.id, threading.Barrier(4), []

    def ask():
        with app.app_context():
            who, seen = db.session.get(User, eve_id), db.session.get(Job, job_id)
            start.wait()
            try:
                reject(who, seen)
                became.append("done")
            except Conflict as refusal:
                became.append(refusal.message)
            db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.expire_all()
    assert became.count("done") == 1
    assert sum("The job is pending and changes_requested; possible now:" in each for each in became) == 3
    assert (len(decisions.history(job)), job.attempt) == (1, 1)
    assert integrity.report(job).faults == ()
