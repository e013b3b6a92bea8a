"""Candidates: they wait, are compared, used whole or in parts, or not at all; nothing else moves."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Conflict, Invalid, NotFound, StaleVersion, StoryboardFrozen
from webapp.extensions import db, transaction
from webapp.models import Approval, Comment, CommentState, Take, TakeSource, VersionKind, utcnow
from webapp.schemas.scenes import RedoRequest, SceneChange
from webapp.services import (
    attempts,
    candidates,
    events,
    jobs,
    scene_rewriter,
    scenes,
    storyboards,
    takes,
    undo,
    versions,
)

NEW = {"script": "Good enough? Not really.", "shot_type": "wide", "duration_ms": 4000}


@pytest.fixture
def job(app):
    return factories.job(factories.client())


@pytest.fixture
def board(job):
    return [factories.scene(job, number, title=f"Scene {number}") for number in (1, 2, 3)]


def propose(job, scene, person=None, source=TakeSource.REDO, **facts):
    """Put a candidate beside the present take, as a redo does."""
    with transaction():
        words = storyboards.content(scene.take) | NEW
        return takes.propose(job, scene, words, source, by=person, origin=f"token {utcnow()}", **facts)


def state(job):
    return [(scene.id, scene.take_id, scene.version, dict(scene.field_versions)) for scene in jobs.scenes(job)]


def test_a_candidate_changes_nothing_but_that_it_waits(job, board):
    before, revision = state(job), job.revision
    take = propose(job, board[0])
    assert state(job) == before
    assert job.revision > revision
    assert board[0].revision == job.revision
    assert (take.number, take.waiting) == (2, True)
    assert takes.waiting(job) == {board[0].id: [2]}


def test_several_can_wait(job, board):
    for _ in range(3):
        propose(job, board[0])
    assert takes.waiting(job) == {board[0].id: [2, 3, 4]}
    assert takes.rival(board[0]).number == 4


def test_used_it_is_the_present_take_itself(ada, job, board):
    take = propose(job, board[0])
    others, version = state(job)[1:], board[0].version
    assert candidates.use(ada, job, board[0], take.id, seen=board[0].take_id) is take
    assert (board[0].take_id, take.waiting) == (take.id, False)
    assert board[0].version == version + 1
    assert board[0].field_versions == dict.fromkeys(NEW, version + 1)
    assert state(job)[1:] == others
    assert events.of_job(job)[0].text == "used take 2 of scene 1"


def test_parts_of_it_are_a_take_of_their_own(ada, job, board):
    take = propose(job, board[0], feedback="shorter")
    before = storyboards.content(board[0].take)
    merged = candidates.use(ada, job, board[0], take.id, fields=["script"])
    assert storyboards.content(merged) == before | {"script": NEW["script"]}
    assert (merged.number, merged.source, merged.feedback) == (3, TakeSource.REDO, "shorter")
    assert not take.waiting
    assert list(board[0].field_versions) == ["script"]


def test_all_parts_of_it_are_the_candidate_itself(ada, job, board):
    take = propose(job, board[0])
    assert candidates.use(ada, job, board[0], take.id, fields=list(NEW)) is take


@pytest.mark.parametrize("fields", [[], ["title"], ["nothing we know"]])
def test_without_a_part_of_it_nothing_is_used(ada, job, board, fields):
    take = propose(job, board[0])
    before = state(job)
    with pytest.raises(Invalid):
        candidates.use(ada, job, board[0], take.id, fields=fields)
    assert state(job) == before
    assert take.waiting


def test_what_was_edited_while_it_was_compared_is_not_lost_unseen(ada, eve, job, board):
    take = propose(job, board[0])
    seen = board[0].take_id
    scenes.edit(eve, job, board[0], SceneChange(title="Eve was here"))
    with pytest.raises(StaleVersion):
        candidates.use(ada, job, board[0], take.id, seen=seen)
    assert board[0].take.title == "Eve was here"
    candidates.use(ada, job, board[0], take.id, fields=["script"], seen=board[0].take_id)
    assert (board[0].take.title, board[0].take.script) == ("Eve was here", NEW["script"])


def test_an_edit_beside_a_candidate_is_a_take_of_its_own(ada, job, board):
    scenes.edit(ada, job, board[0], SceneChange(script="One"))
    propose(job, board[0])
    scenes.edit(ada, job, board[0], SceneChange(script="Two"))
    assert [(take.number, take.script) for take in takes.of_scene(board[0])][::2] == [(4, "Two"), (2, "One")]


def test_kept_as_it_is_the_candidate_stays_in_the_list(ada, job, board):
    take = propose(job, board[0])
    before = state(job)
    candidates.keep_present(ada, job, board[0], take.id)
    assert state(job) == before
    assert takes.waiting(job) == {}
    assert takes.of_scene(board[0])[0].id == take.id
    restored = candidates.use(ada, job, board[0], take.id)
    assert (restored.number, restored.source, restored.script) == (3, TakeSource.RESTORE, NEW["script"])


def test_an_asset_deleted_meanwhile_does_not_come_back(ada, job, board):
    asset = factories.asset(job.client)
    with transaction():
        words = storyboards.content(board[0].take) | {"asset_ids": [asset.id], "script": "New"}
        take = takes.propose(job, board[0], words, TakeSource.REDO)
    with transaction():
        db.session.delete(asset)
    used = candidates.use(ada, job, board[0], take.id)
    assert (used.asset_ids, used.script, take.asset_ids) == ([], "New", [asset.id])


def test_nothing_is_used_on_a_frozen_board(ada, job, board):
    take = propose(job, board[0])
    with transaction():
        job.approval = Approval.APPROVED
    for attempt in (candidates.use, candidates.keep_present):
        with pytest.raises(StoryboardFrozen):
            attempt(ada, job, board[0], take.id)


def test_a_candidate_of_another_scene_is_not_found(ada, job, board):
    take = propose(job, board[0])
    for attempt in (candidates.use, candidates.keep_present):
        with pytest.raises(NotFound):
            attempt(ada, job, board[1], take.id)


def test_the_candidates_of_a_scene_taken_off_do_not_wait(ada, job, board):
    propose(job, board[0])
    scenes.delete(ada, job, board[0])
    assert takes.waiting(job) == {}


@pytest.fixture
def comment(job, board, ben):
    row = Comment(job_id=job.id, scene_id=board[0].id, text="Show the cap.", user_id=ben.id, author=ben.name)
    with transaction():
        db.session.add(row)
    return row


def test_comments_are_the_instruction_and_are_answered_by_the_take_that_is_used(ada, job, board, comment):
    scenes.redo(ada, job, board[0], RedoRequest(comment_ids=[comment.id]))
    assert board[0].redo_feedback == "Show the cap."
    assert events.of_job(job)[0].text == "asked to redo scene 1 because of 1 comment"
    scene_rewriter.rewrite(board[0].id, board[0].redo_token)
    db.session.expire_all()
    take = takes.of_scene(board[0])[0]
    assert (take.source, take.comment_ids, take.feedback) == (TakeSource.COMMENT, [comment.id], "Show the cap.")
    assert comment.state == CommentState.OPEN
    candidates.use(ada, job, board[0], take.id)
    assert (comment.state, comment.answered_take_id) == (CommentState.ANSWERED, take.id)
    undo.undo(ada, job)
    db.session.refresh(comment)
    assert (comment.state, comment.answered_take_id) == (CommentState.OPEN, None)
    undo.redo(ada, job)
    db.session.refresh(comment)
    assert (comment.state, comment.answered_take_id) == (CommentState.ANSWERED, take.id)


def test_comments_of_another_board_ask_for_nothing(ada, job, board, comment):
    elsewhere = factories.job(job.client)
    scene = factories.scene(elsewhere)
    with pytest.raises(Invalid):
        scenes.redo(ada, elsewhere, scene, RedoRequest(comment_ids=[comment.id]))


def test_a_redo_that_runs_twice_makes_one_candidate(ada, job, board):
    scenes.redo(ada, job, board[0], RedoRequest(feedback="shorter"))
    token = board[0].redo_token
    scene_rewriter.rewrite(board[0].id, token)
    scene_rewriter.rewrite(board[0].id, token)
    assert takes.waiting(job) == {board[0].id: [2]}


def test_a_stopped_redo_makes_none(ada, job, board):
    scenes.redo(ada, job, board[0], RedoRequest(feedback="shorter"))
    token = board[0].redo_token
    scenes.stop_redo(ada, job, board[0])
    scene_rewriter.rewrite(board[0].id, token)
    assert db.session.query(Take).count() == 3


def test_a_safety_version_comes_before_all_is_written_anew(ada, job, board):
    attempts.regenerate(ada, job)
    kept = versions.of_job(job)
    assert [(each.kind, each.name, each.made_by) for each in kept] == [
        (VersionKind.SAFETY, "Before writing anew", "Ada Byron")
    ]
    with pytest.raises(Conflict):
        attempts.regenerate(ada, job)
    assert len(versions.of_job(job)) == 1


def test_what_was_approved_meanwhile_gets_a_candidate_and_no_other_words(ada, job, board):
    scenes.redo(ada, job, board[0], RedoRequest(feedback="shorter"), select=True)
    with transaction():
        job.approval = Approval.APPROVED
    before = state(job)
    scene_rewriter.rewrite(board[0].id, board[0].redo_token)
    db.session.expire_all()
    assert state(job) == before
    assert takes.waiting(job) == {board[0].id: [2]}
