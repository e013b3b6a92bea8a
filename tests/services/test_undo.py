"""Undo of structure changes: exactly what was changed changes back, step by step, for each person alone."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Conflict, StoryboardFrozen
from webapp.extensions import db, transaction
from webapp.models import Approval, BoardAction, TakeSource
from webapp.schemas.scenes import NewScene, SceneChange
from webapp.schemas.versions import VersionDraft
from webapp.services import candidates, history, jobs, scenes, storyboards, takes, undo


@pytest.fixture
def job(app):
    return factories.job(factories.client())


@pytest.fixture
def board(job):
    return [factories.scene(job, number, title=f"Scene {number}") for number in (1, 2, 3)]


def shown(job):
    return [(scene.id, storyboards.scene_hash(scene.take), scene.locked) for scene in jobs.scenes(job)]


def titles(job):
    return [scene.take.title for scene in jobs.scenes(job)]


def use_candidate(person, job, scene):
    with transaction():
        words = storyboards.content(scene.take) | {"script": "New"}
        take = takes.propose(job, scene, words, TakeSource.REDO, origin="a redo")
    candidates.use(person, job, scene, take.id)


def restore_version(person, job, scene):
    version = history.keep_named(person, job, VersionDraft(name="Kept"))
    scenes.edit(person, job, scene, SceneChange(script="Edited since"))
    history.restore(person, job, version.number)


ACTIONS = {
    "added scene 4": lambda person, job, _board: scenes.add(person, job, NewScene()),
    "duplicated scene 1": lambda person, job, board: scenes.duplicate(person, job, board[0]),
    "deleted scene 2": lambda person, job, board: scenes.delete(person, job, board[1]),
    "changed the order of the scenes": lambda person, job, board: scenes.move(person, job, board[2], 1),
    "fitted the scenes to 15 s": lambda person, job, _board: scenes.fit(person, job),
    "used take 2 of scene 1": lambda person, job, board: use_candidate(person, job, board[0]),
    "locked scene 3": lambda person, job, board: scenes.lock(person, job, board[2], locked=True),
}


@pytest.mark.parametrize("text", ACTIONS)
def test_undo_takes_back_and_redo_does_again(ada, job, board, text):
    before = shown(job)
    ACTIONS[text](ada, job, board)
    after = shown(job)
    assert after != before
    assert undo.offer(ada, job).undo.text == text
    assert undo.offer(ada, job).redo is None
    for _ in range(2):
        undo.undo(ada, job)
        assert shown(job) == before
        assert undo.offer(ada, job).undo is None
        undo.redo(ada, job)
        assert shown(job) == after
        assert undo.offer(ada, job).redo is None
    assert [scene.position for scene in jobs.scenes(job)] == list(range(1, len(after) + 1))


def test_a_restored_version_can_be_taken_back(ada, job, board):
    restore_version(ada, job, board[0])
    assert undo.offer(ada, job).undo.text == "went back to version 1"
    undo.undo(ada, job)
    assert jobs.scenes(job)[0].take.script == "Edited since"


def test_steps_go_back_one_by_one_and_a_new_one_forgets_those_undone(ada, job, board):
    scenes.delete(ada, job, board[0])
    scenes.delete(ada, job, board[1])
    undo.undo(ada, job)
    undo.undo(ada, job)
    assert titles(job) == ["Scene 1", "Scene 2", "Scene 3"]
    undo.redo(ada, job)
    assert titles(job) == ["Scene 2", "Scene 3"]
    scenes.lock(ada, job, board[2], locked=True)
    assert undo.offer(ada, job).redo is None
    with pytest.raises(Conflict, match="nothing to do again"):
        undo.redo(ada, job)


def test_words_that_were_edited_since_stay(ada, eve, job, board):
    scenes.delete(ada, job, board[1])
    scenes.edit(eve, job, board[0], SceneChange(script="Eve's words"))
    undo.undo(ada, job)
    assert titles(job) == ["Scene 1", "Scene 2", "Scene 3"]
    assert jobs.scenes(job)[0].take.script == "Eve's words"


def test_undone_is_refused_when_somebody_else_changed_the_board(ada, eve, job, board):
    scenes.delete(ada, job, board[1])
    scenes.move(eve, job, board[2], 1)
    before = shown(job)
    with pytest.raises(Conflict, match="changed since"):
        undo.undo(ada, job)
    assert shown(job) == before
    assert undo.offer(ada, job).undo is not None


def test_undone_is_refused_when_somebody_else_wrote_in_that_scene(ada, eve, job, board):
    use_candidate(ada, job, board[0])
    scenes.edit(eve, job, board[0], SceneChange(script="Eve's words"))
    with pytest.raises(Conflict, match="changed since"):
        undo.undo(ada, job)
    assert jobs.scenes(job)[0].take.script == "Eve's words"


def test_everybody_undoes_their_own(ada, eve, job, board):
    scenes.delete(ada, job, board[1])
    assert undo.offer(eve, job).undo is None
    with pytest.raises(Conflict, match="nothing to undo"):
        undo.undo(eve, job)


def test_a_toast_takes_back_its_own_step_only(ada, job, board):
    scenes.delete(ada, job, board[1])
    first = undo.offer(ada, job).undo.id
    scenes.lock(ada, job, board[0], locked=True)
    with pytest.raises(Conflict, match="something else"):
        undo.undo(ada, job, first)
    undo.undo(ada, job)
    undo.undo(ada, job, first)
    assert titles(job) == ["Scene 1", "Scene 2", "Scene 3"]


def test_a_candidate_whose_use_was_undone_waits_again(ada, job, board):
    use_candidate(ada, job, board[0])
    undo.undo(ada, job)
    assert takes.waiting(job) == {board[0].id: [2]}
    assert jobs.scenes(job)[0].take.number == 3
    undo.redo(ada, job)
    assert takes.waiting(job) == {}
    assert jobs.scenes(job)[0].take.number == 2


def test_a_lock_undone_leaves_the_present_take_present(ada, job, board):
    use_candidate(ada, job, board[0])
    scenes.lock(ada, job, board[0], locked=True)
    undo.undo(ada, job)
    assert takes.waiting(job) == {}


def test_a_frozen_board_stays(ada, job, board):
    scenes.delete(ada, job, board[1])
    with transaction():
        job.approval = Approval.APPROVED
    with pytest.raises(StoryboardFrozen):
        undo.undo(ada, job)


def test_fifty_steps_are_kept(ada, eve, job, board):
    scenes.lock(eve, job, board[1], locked=True)
    for number in range(undo.KEPT + 3):
        scenes.lock(ada, job, board[0], locked=number % 2 == 0)
    steps = db.session.query(BoardAction).filter_by(job_id=job.id)
    assert steps.filter_by(user_id=ada.id).count() == undo.KEPT
    assert steps.filter_by(user_id=eve.id).count() == 1


def test_what_changes_nothing_is_no_step(ada, job, board):
    scenes.lock(ada, job, board[0], locked=False)
    scenes.move(ada, job, board[0], 1)
    assert undo.offer(ada, job).undo is None
