"""Versions as people use them: kept, named, compared, restored; takes never change."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.errors import Conflict, NotFound, StoryboardFrozen
from webapp.extensions import transaction
from webapp.models import Approval, JobStatus, TakeSource, VersionKind
from webapp.schemas.scenes import NewScene, SceneChange
from webapp.schemas.versions import VersionDraft
from webapp.services import events, history, jobs, scenes, storyboards, takes, versions


@pytest.fixture
def job(app):
    return factories.job(factories.client())


@pytest.fixture
def board(job):
    return [factories.scene(job, number, title=f"Scene {number}") for number in (1, 2, 3)]


def keep(person, job, name="Sent to client, round 2"):
    return history.keep_named(person, job, VersionDraft(name=name))


def titles(job):
    return [scene.take.title for scene in jobs.scenes(job)]


def document(job):
    return storyboards.document(scene.take for scene in jobs.scenes(job))


def test_a_version_is_kept_by_name(ada, job, board):
    version = keep(ada, job)
    assert (version.number, version.kind, version.name, version.made_by) == (
        1, VersionKind.NAMED, "Sent to client, round 2", "Ada Byron",
    )  # fmt: skip
    assert version.content_hash == storyboards.content_hash(scene.take for scene in board)
    assert events.of_job(job)[0].text == "kept version 1: Sent to client, round 2"


def test_it_is_renamed_and_holds_what_it_held(ada, eve, job, board):
    version = keep(ada, job)
    digest = version.content_hash
    history.rename(eve, job, 1, VersionDraft(name="Round 2"))
    found = versions.find(job, 1)
    assert (found.name, found.made_by, found.content_hash) == ("Round 2", "Ada Byron", digest)


def test_a_board_that_is_being_written_is_not_kept(ada, job, board):
    with transaction():
        job.status = JobStatus.STORYBOARD_PROCESSING
    with pytest.raises(Conflict):
        keep(ada, job)


def test_it_is_restored_word_for_word_with_takes_only_where_words_differ(ada, job, board):
    keep(ada, job)
    then = document(job)
    untouched = board[2].take_id
    scenes.edit(ada, job, board[0], SceneChange(script="Edited"))
    scenes.move(ada, job, board[2], 1)
    scenes.delete(ada, job, board[1])
    added = scenes.add(ada, job, NewScene())
    history.restore(ada, job, 1)
    assert document(job) == then
    assert [scene.position for scene in jobs.scenes(job)] == [1, 2, 3]
    now = jobs.scenes(job)
    assert [scene.id for scene in now] == [scene.id for scene in board]
    assert [scene.take.source for scene in now] == [TakeSource.RESTORE, TakeSource.WRITER, TakeSource.WRITER]
    assert now[2].take_id == untouched
    assert added.deleted_at is not None


def test_the_board_before_is_kept_and_the_restored_one_is_a_new_version(ada, job, board):
    keep(ada, job)
    scenes.edit(ada, job, board[0], SceneChange(script="Edited"))
    before = storyboards.content_hash(scene.take for scene in jobs.scenes(job))
    again = history.restore(ada, job, 1)
    known = {each.number: each for each in versions.of_job(job)}
    assert known[2].kind == VersionKind.SAFETY
    assert known[2].content_hash == before
    assert (again.number, again.content_hash) == (3, known[1].content_hash)
    history.restore(ada, job, 2)
    assert jobs.scenes(job)[0].take.script == "Edited"


def test_takes_never_change_by_it(ada, job, board):
    keep(ada, job)
    scenes.edit(ada, job, board[0], SceneChange(script="Edited"))
    before = [storyboards.scene_hash(take) for take in takes.of_scene(board[0])]
    history.restore(ada, job, 1)
    assert [storyboards.scene_hash(take) for take in takes.of_scene(board[0])][1:] == before


def test_what_the_board_shows_already_is_not_restored(ada, job, board):
    keep(ada, job)
    with pytest.raises(Conflict, match="just like"):
        history.restore(ada, job, 1)
    assert len(versions.of_job(job)) == 1


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [({"approval": Approval.APPROVED}, StoryboardFrozen), ({"status": JobStatus.STORYBOARD_PROCESSING}, Conflict)],
)
def test_a_frozen_or_running_board_is_not_restored(ada, job, board, facts, refusal):
    keep(ada, job)
    scenes.edit(ada, job, board[0], SceneChange(script="Edited"))
    with transaction():
        for name, value in facts.items():
            setattr(job, name, value)
    before = document(job)
    with pytest.raises(refusal):
        history.restore(ada, job, 1)
    assert document(job) == before


def test_a_version_of_another_board_is_not_found(ada, job, board):
    keep(ada, job)
    other = factories.job(job.client)
    for attempt in (history.restore, lambda *_: versions.find(other, 1), lambda *_: versions.find(job, 10**30)):
        with pytest.raises(NotFound):
            attempt(ada, other, 1)


def test_the_board_now_is_compared_with_a_version(ada, job, board):
    keep(ada, job)
    scenes.edit(ada, job, board[0], SceneChange(script="Ready in two twists."))
    scenes.delete(ada, job, board[1])
    changes = history.compare(history.placed(versions.find(job, 1)), history.placed_now(job))
    assert [(each.state, [field.label for field in each.changed]) for each in changes] == [
        ("changed", ["Voice-over"]), ("removed", []), ("same", []),
    ]  # fmt: skip
