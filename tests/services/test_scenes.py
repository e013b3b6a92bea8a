"""Editing, redoing, restoring, moving: a new take each time, and every other scene stays byte-identical."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Conflict, Invalid, NotFound, StaleVersion, StoryboardFrozen
from webapp.extensions import transaction
from webapp.models import Approval, TakeSource
from webapp.schemas.scenes import NewScene, RedoRequest, SceneChange
from webapp.services import candidates, events, jobs, scenes, storyboards, takes


@pytest.fixture
def job(app):
    return factories.job(factories.client())


@pytest.fixture
def board(job):
    return [factories.scene(job, number, title=f"Scene {number}") for number in (1, 2, 3)]


def titles(job):
    return [scene.take.title for scene in jobs.scenes(job)]


def positions(job):
    return [scene.position for scene in jobs.scenes(job)]


def test_an_edit_is_a_new_take_and_the_old_one_stays(ada, job, board):
    take = scenes.edit(ada, job, board[0], SceneChange(script="Wake up."))
    assert (take.number, take.source, take.script) == (2, TakeSource.EDIT, "Wake up.")
    assert [each.script for each in takes.of_scene(board[0])] == ["Wake up.", "Ready in one twist."]


def test_an_edit_leaves_every_other_scene_byte_identical(ada, job, board):
    before = [storyboards.scene_hash(scene.take) for scene in board[1:]]
    scenes.edit(ada, job, board[0], SceneChange(description="Rain."))
    assert [storyboards.scene_hash(scene.take) for scene in jobs.scenes(job)[1:]] == before


def test_a_burst_of_saves_by_one_person_is_one_take(ada, eve, job, board):
    for words in ("W", "Wa", "Wake", "Wake up."):
        scenes.edit(ada, job, board[0], SceneChange(script=words))
    assert [take.number for take in takes.of_scene(board[0])] == [2, 1]
    scenes.edit(eve, job, board[0], SceneChange(script="Wake up, properly."))
    assert [take.script for take in takes.of_scene(board[0])][:2] == ["Wake up, properly.", "Wake up."]


def test_an_edit_that_changes_nothing_is_no_take(ada, job, board):
    revision = job.revision
    scenes.edit(ada, job, board[0], SceneChange(script="Ready in one twist."))
    assert len(takes.of_scene(board[0])) == 1
    assert job.revision == revision


def test_somebody_elses_save_in_between_is_a_conflict_but_ones_own_tab_is_not(ada, eve, job, board):
    scenes.edit(ada, job, board[0], SceneChange(script="Mine."), version=1, tab="tab-a")
    scenes.edit(ada, job, board[0], SceneChange(script="Mine, still."), version=1, tab="tab-a")
    with pytest.raises(StaleVersion):
        scenes.edit(eve, job, board[0], SceneChange(script="Theirs."), version=1, tab="tab-b")
    assert jobs.scenes(job)[0].take.script == "Mine, still."


def test_seconds_are_kept_to_a_tenth(ada, job, board):
    assert scenes.edit(ada, job, board[0], SceneChange(seconds="2,34")).duration_ms == 2300


def test_a_scene_takes_only_assets_of_its_own_client(ada, job, board):
    stranger = factories.asset(factories.client("Somebody else"))
    with pytest.raises(Invalid) as refusal:
        scenes.edit(ada, job, board[0], SceneChange(asset_ids=[stranger.id]))
    assert "asset_ids.0" in refusal.value.fields


def test_going_back_to_a_take_makes_a_new_one(ada, job, board):
    first = board[0].take_id
    scenes.edit(ada, job, board[0], SceneChange(script="Wake up."))
    take = candidates.use(ada, job, board[0], first)
    assert (take.number, take.source, take.script) == (3, TakeSource.RESTORE, "Ready in one twist.")


def test_a_take_of_another_scene_cannot_be_used(ada, job, board):
    with pytest.raises(NotFound):
        candidates.use(ada, job, board[0], board[1].take_id)


@pytest.mark.parametrize(("place", "order"), [(1, "312"), (2, "132"), (3, "123"), (99, "123"), (0, "312")])
def test_moving_keeps_numbers_contiguous(ada, job, board, place, order):
    scenes.move(ada, job, board[2], place)
    assert "".join(title[-1] for title in titles(job)) == order
    assert positions(job) == [1, 2, 3]


def test_an_order_that_misses_a_scene_is_refused(ada, job, board):
    with pytest.raises(Conflict):
        scenes.reorder(ada, job, [board[0].id, board[1].id])
    assert titles(job) == ["Scene 1", "Scene 2", "Scene 3"]


def test_delete_and_undo_put_the_scene_back_in_its_place(ada, job, board):
    scenes.delete(ada, job, board[1])
    assert titles(job) == ["Scene 1", "Scene 3"]
    assert positions(job) == [1, 2]
    scenes.undelete(ada, job, board[1])
    assert titles(job) == ["Scene 1", "Scene 2", "Scene 3"]
    assert positions(job) == [1, 2, 3]


def test_the_last_scene_stays(ada, job):
    only = factories.scene(job)
    with pytest.raises(Conflict):
        scenes.delete(ada, job, only)


def test_a_copy_stands_right_after_its_scene(ada, job, board):
    copy = scenes.duplicate(ada, job, board[0])
    assert titles(job) == ["Scene 1", "Scene 1", "Scene 2", "Scene 3"]
    assert copy.take.source == TakeSource.COPY


def test_a_blank_scene_takes_the_seconds_that_are_left(ada, job, board):
    scene = scenes.add(ada, job, NewScene(after=board[0].id))
    assert scene.position == 2
    assert scene.take.duration_ms == 4000


def test_a_new_scene_goes_before_the_closing_one_and_takes_an_average_length(ada, job):
    for number in (1, 2, 3):
        factories.scene(job, number, duration_ms=5000, beat="cta" if number == 3 else "product")
    scene = scenes.add(ada, job, NewScene())
    assert (scene.position, scene.take.duration_ms) == (3, 4000)


def test_a_blank_scene_is_not_written(ada, job, board):
    scene = scenes.add(ada, job, NewScene())
    assert not scene.is_redoing


def test_a_described_scene_is_written_by_the_writer(ada, job, board):
    scene = scenes.add(ada, job, NewScene(description="The courier grins."))
    assert scene.position == 4
    assert scene.is_redoing
    assert scene.take.description == "The courier grins."


def test_a_redo_is_asked_for_once(ada, job, board):
    scenes.redo(ada, job, board[0], RedoRequest(feedback="shorter"))
    with pytest.raises(Conflict):
        scenes.redo(ada, job, board[0], RedoRequest())
    scenes.stop_redo(ada, job, board[0])
    assert not board[0].is_redoing


def test_a_frozen_board_refuses_every_change(ada, job, board):
    with transaction():
        job.approval = Approval.APPROVED
    attempts = [
        lambda: scenes.edit(ada, job, board[0], SceneChange(script="x")),
        lambda: scenes.redo(ada, job, board[0], RedoRequest()),
        lambda: scenes.add(ada, job, NewScene()),
        lambda: scenes.duplicate(ada, job, board[0]),
        lambda: scenes.delete(ada, job, board[0]),
        lambda: scenes.move(ada, job, board[0], 2),
        lambda: scenes.lock(ada, job, board[0], locked=True),
        lambda: candidates.use(ada, job, board[0], board[0].take_id),
    ]
    for attempt in attempts:
        with pytest.raises(StoryboardFrozen):
            attempt()


def test_a_scene_of_another_job_is_not_found(ada, job, board):
    other = factories.job(job.client)
    with pytest.raises(NotFound, match="does not belong"):
        scenes.find(ada, other.id, board[0].id)


def test_history_says_who_did_what(ada, job, board):
    scenes.edit(ada, job, board[0], SceneChange(script="Wake up."))
    scenes.delete(ada, job, board[1])
    assert [(each.actor, each.text) for each in events.of_job(job)] == [
        ("Ada Byron", "deleted scene 2"),
        ("Ada Byron", "edited scene 1"),
    ]
