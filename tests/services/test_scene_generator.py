"""From a job to its scenes, with the real built-in writer, the real artist and real files; no worker process."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import JobStatus, Take, TakeSource, new_id
from webapp.schemas.jobs import JobDraft
from webapp.schemas.scenes import RedoRequest, SceneChange
from webapp.services import (
    attempts,
    candidates,
    events,
    frame_store,
    generations,
    jobs,
    scene_generator,
    scene_rewriter,
    scenes,
    storyboards,
    takes,
)


def draft(client, **facts):
    values = {
        "client_id": client.id,
        "product": "Fjell Cold Brew",
        "audience": "commuters, 20 to 35",
        "key_message": "Real cold brew, ready before you are",
        "call_to_action": "Order at fjell.coffee",
        "seconds": 15,
    }
    return JobDraft(**(values | facts))


@pytest.fixture
def client(app):
    return factories.client()


@pytest.fixture
def job(ada, client):
    return jobs.create(ada, draft(client))


def run(job):
    """Do what the workflow does, step by step."""
    job_id, token = job.id, job.attempt_token
    scene_generator.write(job_id, token)
    scene_generator.settle_assets(job_id, token, 0)
    scene_generator.draw(job_id, token)
    db.session.refresh(job)
    return jobs.scenes(job)


def test_a_brief_becomes_a_storyboard_with_pictures(job):
    board = run(job)
    assert job.status == JobStatus.STORYBOARD_READY, job.error
    assert [scene.position for scene in board] == [1, 2, 3]
    assert sum(scene.take.duration_ms for scene in board) == 15_000
    assert all(scene.take.description and scene.frame for scene in board)
    assert all(scene.frame.key == scene.frame_key for scene in board)
    assert "fjell.coffee" in f"{board[-1].take.script} {board[-1].take.on_screen}"


@pytest.mark.parametrize(("seconds", "count"), [(6, 3), (15, 3), (30, 4), (45, 5), (60, 6), (61, 7), (180, 7)])
def test_the_length_decides_how_many_scenes(ada, client, seconds, count):
    job = jobs.create(ada, draft(client, seconds=seconds))
    scene_generator.write(job.id, job.attempt_token)
    board = jobs.scenes(job)
    assert len(board) == count
    assert sum(scene.take.duration_ms for scene in board) == seconds * 1000
    assert min(scene.take.duration_ms for scene in board) >= 1000


def test_a_step_that_runs_twice_stores_everything_once(job):
    token = job.attempt_token
    scene_generator.write(job.id, token)
    scene_generator.write(job.id, token)
    first = jobs.scenes(job)[0]
    generations.keep_new(job.id, token, 1, scene_generator.briefs.draft(first), 9000, model="x")
    assert [scene.slot for scene in jobs.scenes(job)] == [1, 2, 3]


def test_without_the_lookup_a_second_run_would_double(job):
    """Control: the fence is what keeps the board single, not luck."""
    token = job.attempt_token
    scene_generator.write(job.id, token)
    again = scene_generator.briefs.draft(jobs.scenes(job)[0])
    with transaction():
        db.session.refresh(job)
        job.attempt += 1
    generations.keep_new(job.id, token, 1, again, 9000, model="x")
    assert len(jobs.scenes(job)) == 4


def test_a_worker_that_wakes_up_late_changes_nothing(ada, job):
    token = job.attempt_token
    attempts.stop(ada, job)
    scene_generator.write(job.id, token)
    db.session.refresh(job)
    assert jobs.scenes(job) == []
    assert job.status == JobStatus.CANCELLED


def test_writing_goes_on_where_it_was_interrupted(ada, job, monkeypatch):
    class PowerCut(BaseException):
        pass

    keep, kept = generations.keep_new, []

    def cut(*arguments, **more):
        if len(kept) == 2:
            raise PowerCut
        kept.append(keep(*arguments, **more))

    with monkeypatch.context() as patched:
        patched.setattr(generations, "keep_new", cut)
        with pytest.raises(PowerCut):
            scene_generator.write(job.id, job.attempt_token)
    before = {scene.id: storyboards.scene_hash(scene.take) for scene in jobs.scenes(job)}
    assert len(before) == 2
    board = run(job)
    assert [scene.id for scene in board][:2] == list(before)
    assert all(storyboards.scene_hash(scene.take) == before[scene.id] for scene in board[:2])
    assert len(board) == 3
    assert sum(scene.take.duration_ms for scene in board) == 15_000


def test_stop_keeps_what_is_finished_and_retry_writes_the_rest(ada, job):
    scene_generator.write(job.id, job.attempt_token)
    last = jobs.scenes(job)[-1]
    with transaction():
        last.take = None
        db.session.flush()
        db.session.execute(delete(Take).where(Take.scene_id == last.id))
        db.session.delete(last)
    attempts.stop(ada, job)
    assert len(jobs.scenes(job)) == 2
    attempts.retry(ada, job)
    assert len(run(job)) == 3
    assert job.status == JobStatus.STORYBOARD_READY


def test_ready_assets_are_used_by_role_and_late_ones_too(ada, client, app):
    from webapp.services import blobs

    picture = blobs.put(_webp(), "image/webp")
    bottle = factories.asset(client, "bottle.png", picture_blob_id=picture.id, thumbnail_blob_id=picture.id)
    logo = factories.asset(client, "logo.png", picture_blob_id=picture.id, thumbnail_blob_id=picture.id)
    late = factories.asset(client, "late.png", status="downloading")
    roles = {bottle.id: "product_shot", logo.id: "brand_logo"}
    job = jobs.create(ada, draft(client, asset_ids=[bottle.id, logo.id, late.id], roles=roles))
    scene_generator.write(job.id, job.attempt_token)
    with transaction():
        late.status, late.picture_blob_id, late.thumbnail_blob_id = "ready", picture.id, picture.id
    board = run(job)
    used = {asset_id: scene.position for scene in board for asset_id in scene.take.asset_ids}
    assert set(used) == {bottle.id, logo.id, late.id}
    assert used[logo.id] == 3
    assert any(scene.frame.source == "asset" for scene in board)


def redone(ada, job, scene, **asked):
    """Ask for a redo, do what its workflow does, and return the candidate."""
    scenes.redo(ada, job, scene, RedoRequest(**asked))
    scene_rewriter.rewrite(scene.id, scene.redo_token)
    db.session.expire_all()
    return takes.of_scene(scene)[0]


def test_a_redo_waits_beside_the_present_take_and_changes_nothing(ada, job):
    board = run(job)
    before = [(scene.take_id, scene.version, storyboards.scene_hash(scene.take)) for scene in board]
    take = redone(ada, job, board[1], feedback="shorter")
    after = [(scene.take_id, scene.version, storyboards.scene_hash(scene.take)) for scene in jobs.scenes(job)]
    assert after == before
    assert (take.source, take.feedback, take.number, take.waiting) == (TakeSource.REDO, "shorter", 2, True)
    assert takes.waiting(job) == {board[1].id: [2]}
    assert not board[1].is_redoing


def test_a_candidate_has_its_picture_before_it_is_used(ada, job):
    scene = run(job)[1]
    take = redone(ada, job, scene, feedback="closer", parts=["shot"])
    there = takes.pictures(job, scene, [scene.take, take])
    assert there[take.id].key == take.frame_key != there[scene.take_id].key
    candidates.use(ada, job, scene, take.id)
    assert scene.frame_id == there[take.id].id


def test_a_picture_that_a_candidate_waits_with_is_kept(ada, job, monkeypatch):
    scene = run(job)[1]
    take = redone(ada, job, scene, feedback="closer", parts=["shot"])
    monkeypatch.setattr(frame_store, "UNUSED_AGE", timedelta(0))
    frame_store.purge_unused()
    assert take.id in takes.pictures(job, scene, [take])
    candidates.keep_present(ada, job, scene, take.id)
    frame_store.purge_unused()
    assert take.id not in takes.pictures(job, scene, [take])


def test_a_redo_can_be_shown_at_once(ada, job):
    scene = run(job)[1]
    scenes.redo(ada, job, scene, RedoRequest(feedback="shorter"), select=True)
    scene_rewriter.rewrite(scene.id, scene.redo_token)
    db.session.expire_all()
    assert (scene.take.source, scene.take.number, scene.take.waiting) == (TakeSource.REDO, 2, False)
    assert scene.take.user_id == ada.id
    assert scene.frame.key == scene.frame_key


def test_all_anew_keeps_order_lengths_and_locked_scenes(ada, job):
    board = run(job)
    scenes.lock(ada, job, board[0], locked=True)
    before = [(scene.id, scene.take.duration_ms, storyboards.scene_hash(scene.take)) for scene in board]
    attempts.regenerate(ada, job, "more energetic")
    board = run(job)
    assert job.status == JobStatus.STORYBOARD_READY, job.error
    assert [(scene.id, scene.take.duration_ms) for scene in board] == [(row[0], row[1]) for row in before]
    assert [storyboards.scene_hash(scene.take) == row[2] for scene, row in zip(board, before, strict=True)] == [
        True,
        False,
        False,
    ]
    assert [scene.take.number for scene in board] == [1, 2, 2]


def test_all_anew_without_a_word_says_something_else_everywhere(ada, job):
    before = {scene.id: scene.take.script + scene.take.description for scene in run(job)}
    attempts.regenerate(ada, job)
    assert all(scene.take.script + scene.take.description != before[scene.id] for scene in run(job))


def test_a_redo_changes_only_the_parts_that_were_ticked(ada, job):
    scene = run(job)[1]
    before = storyboards.content(scene.take)
    after = storyboards.content(redone(ada, job, scene, feedback="more energetic", parts=["script"]))
    assert {name for name in after if after[name] != before[name]} <= {"script", "on_screen"}
    assert after["script"] != before["script"]


def test_a_redo_keeps_the_length_unless_it_was_about_it(ada, job):
    scene = run(job)[1]
    assert redone(ada, job, scene, feedback="shorter").duration_ms == scene.take.duration_ms
    assert redone(ada, job, scene, feedback="make it 2 s").duration_ms == 2000


def test_frames_follow_what_they_depend_on_and_only_that(ada, job):
    scene = run(job)[0]
    drawn = scene.frame_id
    scenes.edit(ada, job, scene, SceneChange(script="Only the words change."))
    frame_store.draw_missing(job.id)
    assert jobs.scenes(job)[0].frame_id == drawn
    other = "top-down" if scene.take.shot_type != "top-down" else "wide"
    scenes.edit(ada, job, scene, SceneChange(shot_type=other))
    frame_store.draw_missing(job.id)
    db.session.expire_all()
    assert jobs.scenes(job)[0].frame_id != drawn


def test_a_scene_that_waits_for_its_picture_is_drawn_when_it_comes(ada, client, job):
    from webapp.services import blobs

    scene = run(job)[0]
    late = factories.asset(client, "late.png", status="downloading")
    jobs.set_assets(ada, job, {late.id: ""})
    scenes.edit(ada, job, scene, SceneChange(asset_ids=[late.id]))
    frame_store.draw_missing(job.id)
    db.session.expire_all()
    assert scene.frame.source == "sketch"
    picture = blobs.put(_webp(), "image/webp")
    with transaction():
        late.status, late.picture_blob_id = "ready", picture.id
    revision = job.revision
    frame_store.asset_arrived(late.id)
    frame_store.draw_missing(job.id)
    db.session.expire_all()
    assert scene.frame.source == "asset"
    assert job.revision > revision


def test_history_says_what_slate_did(job):
    run(job)
    assert [event.text for event in events.of_job(job)] == ["wrote 3 scenes", "asked for a storyboard"]


def test_an_unknown_writer_failure_says_cause_and_next_step(job, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(scene_generator, "_write", broken)
    scene_generator.write(job.id, job.attempt_token)
    db.session.refresh(job)
    assert job.status == JobStatus.FAILED
    assert job.error
    assert job.hint
    assert "ZeroDivision" not in job.error + job.hint
    assert new_id() not in job.error


def _webp() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (400, 300), "#1f7a63").save(out, "WEBP")
    return out.getvalue()
