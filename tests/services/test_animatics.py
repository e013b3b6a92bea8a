"""The animatic: rendered when a storyboard is approved, exactly as long as its scenes, dropped when it is reopened."""

from __future__ import annotations

import io
import os
import signal
import time
from datetime import timedelta

import av
import numpy as np
import pytest

from tests import factories
from tests.services import media_files
from tests.services.test_workflows import until, worker_ready, working
from webapp.errors import Conflict, DiskFull, NotFound
from webapp.extensions import db, transaction
from webapp.models import Approval, Event, Frame, Job, JobAsset, JobStatus, Notice, utcnow
from webapp.services import (
    animatic_film,
    animatics,
    blobs,
    dashboard,
    decisions,
    events,
    heart,
    integrity,
    jobs,
    media,
    progress,
    sweep,
    tasks,
)
from webapp.services.frames import captions

LONG_AGO = timedelta(minutes=5)
LENGTHS = (1203, 2500, 1801)


def approve(person, job):
    return decisions.decide(person, job, factories.decision(job, kind="approve"))


def work(job):
    """Do what the worker does."""
    animatics.draw(job.id, job.video_token)
    animatics.render(job.id, job.video_token)
    db.session.rollback()


def film(job):
    return blobs.read(animatics.find(job))


def hang(scenes, *colors):
    """Give scenes pictures of one colour each."""
    for number, (scene, color) in enumerate(zip(scenes, colors, strict=True)):
        content = media_files.saved(media_files.Image.new("RGB", (320, 180), color), "WEBP")
        blob = blobs.put(content, "image/webp").id
        with transaction():
            key = f"{number}-{scene.id}"[:64]
            frame = Frame(key=key, board_blob_id=blob, plain_blob_id=blob, thumbnail_blob_id=blob, source="sketch")
            db.session.add(frame)
            db.session.flush()
            scene.frame_id, scene.frame_key = frame.id, key


def shown(content, at_ms):
    """Decode the picture that stands at a moment: an array of height × width × 3."""
    with av.open(io.BytesIO(content)) as container:
        stood = None
        for frame in container.decode(container.streams.video[0]):
            if frame.time * 1000 > at_ms:
                break
            stood = frame
        return stood.to_ndarray(format="rgb24").astype(int)


def color(content, at_ms):
    """Return the colour in the middle of the left edge, where no caption is."""
    picture = shown(content, at_ms)
    return picture[picture.shape[0] // 2 - 5 : picture.shape[0] // 2 + 5, 5:25].mean((0, 1))


def is_near(found, wanted, by=14):
    return bool(np.all(np.abs(found - np.array(wanted)) < by))


RED, GREEN, BLUE = (200, 30, 30), (30, 160, 60), (40, 60, 190)


@pytest.fixture
def job(app):
    """A storyboard of three scenes with odd lengths, drawn in three colours."""
    made = factories.job(factories.client(), duration_ms=sum(LENGTHS))
    leave = ("dissolve", "fade", "wipe")
    scenes = [
        factories.scene(made, number, duration_ms=length, on_screen="", script="", transition=leave[number - 1])
        for number, length in enumerate(LENGTHS, 1)
    ]
    hang(scenes, RED, GREEN, BLUE)
    return made


def test_approving_renders_a_film_that_is_exactly_as_long_as_its_scenes(ada, job):
    approve(ada, job)
    assert (job.status, job.approval) == (JobStatus.VIDEO_PROCESSING, Approval.APPROVED)
    assert {each.workflow_id for each in tasks._ours().list_workflows()} >= {tasks.film_id(job)}
    work(job)
    assert (job.status, job.approval, job.video_error, job.video_token) == (
        JobStatus.COMPLETED,
        Approval.APPROVED,
        "",
        "",
    )
    with av.open(io.BytesIO(film(job))) as container:
        assert [each.type for each in container.streams] == ["video"]
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 1280, 720)
        assert container.duration == sum(LENGTHS) * 1000
        packets = [each for each in container.demux(stream) if each.pts is not None]
        ends = [(each.pts + each.duration) * each.time_base * 1000 for each in packets]
        assert ends[-1] == sum(LENGTHS)
        starts = {round(each.pts * each.time_base * 1000) for each in packets if each.is_keyframe}
        assert starts == {0, LENGTHS[0], LENGTHS[0] + LENGTHS[1]}


def test_each_scene_stands_from_its_first_millisecond_to_its_last(ada, job):
    approve(ada, job)
    work(job)
    content, (first, second, _) = film(job), LENGTHS
    assert is_near(color(content, 0), RED)
    assert is_near(color(content, first - 401), RED)
    assert is_near(color(content, first - 200), np.array(RED) / 2 + np.array(GREEN) / 2, 25)  # half-way of a dissolve
    assert is_near(color(content, first), GREEN)
    assert is_near(color(content, first + second - 1), (0, 0, 0))  # the end of a fade
    assert is_near(color(content, first + second), BLUE)
    assert is_near(color(content, sum(LENGTHS) - 1), BLUE)  # there is nothing to wipe to


def test_a_wipe_comes_from_the_left(ada, job):
    with transaction():
        jobs.scenes(job)[0].take.transition = "wipe"
    approve(ada, job)
    work(job)
    picture = shown(film(job), LENGTHS[0] - 200)
    row = picture[360]
    assert is_near(row[10:60].mean(0), GREEN)
    assert is_near(row[-60:-10].mean(0), RED)


@pytest.mark.parametrize("ratio", animatic_film.SIZES)
def test_a_film_has_the_format_of_its_storyboard(ada, job, ratio):
    with transaction():
        job.ratio = ratio
        for scene in jobs.scenes(job):
            scene.take.on_screen, scene.take.script = "Real cold brew", "Ready before you are, on the tram and at home."
    approve(ada, job)
    work(job)
    width, height = animatic_film.SIZES[ratio]
    picture = shown(film(job), 0)
    assert picture.shape == (height, width, 3)
    assert picture[: height // 5].min() < 90  # ink of the label on the screen
    assert picture[-height // 4 :].max() > 230  # white of the subtitle


def test_the_words_of_a_script_are_shown_one_part_after_the_other(ada, job):
    scene = jobs.scenes(job)[1]
    with transaction():
        scene.take.script = (
            "One twist and it is ready. " + "It waits for you on the tram, at the desk and up on the hut. " * 2
        )
    approve(ada, job)
    work(job)
    content, start = film(job), LENGTHS[0]
    early, late = shown(content, start + 50), shown(content, start + LENGTHS[1] - 450)
    assert np.abs(early[-150:] - late[-150:]).max() > 100
    assert np.abs(early[:300] - late[:300]).mean() < 3


def test_subtitles_keep_every_word_and_are_short():
    said = (
        "Real cold brew. Ready before you are, in one twist, on the tram, at your desk, and on the way to the hut! " * 3
    )
    found = captions.parts(said, 42)
    assert " ".join(found).split() == said.split()
    assert max(map(len, found)) <= 84
    assert captions.parts("", 42) == []
    assert captions.spoken("日本語", 1280, 720) == []  # letters that the font lacks
    assert animatic_film.shares(1000, [1, 1, 1]) == [333, 334, 333]
    assert animatic_film.shares(1000, []) == [1000]


def with_sound(job, content, form, **facts):
    asset = factories.asset(job.client, "song", kind="audio", format=form, **facts)
    blob = blobs.put(content, f"audio/{form}")
    with transaction():
        asset.blob_id = blob.id
        role = "" if "tags" in facts else animatics.SOUND
        db.session.add(JobAsset(job_id=job.id, asset_id=asset.id, role=role))
    return asset


@pytest.mark.parametrize(("seconds", "heard"), [(20.0, 5.4), (2.0, 2.0)])
def test_a_sound_for_all_of_it_is_laid_under_and_ends_with_the_film(ada, job, seconds, heard):
    with_sound(job, media_files.wav(seconds), "wav", tags=["use_full_audio"])
    approve(ada, job)
    work(job)
    with av.open(io.BytesIO(film(job))) as container:
        assert {each.codec_context.name for each in container.streams} == {"h264", "aac"}
        assert container.duration == sum(LENGTHS) * 1000
        length = container.streams.audio[0].duration * container.streams.audio[0].time_base
        assert abs(length - heard) < 0.15


def test_a_sound_that_cannot_be_read_leaves_the_film_silent_and_says_so(ada, job):
    with_sound(job, b"RIFF" + b"\xff" * 5000, "wav")
    approve(ada, job)
    work(job)
    assert job.status == JobStatus.COMPLETED
    assert "without its sound" in events.of_job(job)[0].text


def test_a_sound_that_is_only_one_of_the_assets_is_not_heard(ada, job):
    asset = with_sound(job, media_files.wav(2.0), "wav", tags=[])
    assert asset.is_ready
    approve(ada, job)
    work(job)
    with av.open(io.BytesIO(film(job))) as container:
        assert not container.streams.audio


def test_a_board_without_pictures_is_drawn_first(ada, app):
    job = factories.job(factories.client())
    scene = factories.scene(job)
    approve(ada, job)
    assert scene.frame is None
    assert progress.film_percent(job, jobs.scenes(job)) == 0
    animatics.draw(job.id, job.video_token)
    db.session.expire_all()
    assert scene.frame.plain_blob_id
    assert progress.film_percent(job, jobs.scenes(job)) == 50
    work(job)
    picture = shown(film(job), 100)
    assert picture.std() > 20  # a drawing, not bare paper


def test_a_scene_whose_picture_cannot_be_drawn_shows_bare_paper(ada, job):
    scene = jobs.scenes(job)[0]
    with transaction():
        scene.frame_id, scene.frame_error, scene.take.transition = None, "It could not be drawn.", "cut"
    approve(ada, job)
    animatics.render(job.id, job.video_token)
    assert is_near(color(film(job), 100), (250, 248, 243))


def test_reopening_drops_the_film_and_its_bytes(ada, job):
    approve(ada, job)
    work(job)
    blob_id = job.video_blob_id
    blobs.purge_orphans()
    assert blobs.find(blob_id), "a film in use is kept"
    decisions.reopen(ada, job)
    assert (job.status, job.approval) == (JobStatus.STORYBOARD_READY, Approval.NONE)
    assert not animatics.has_film(job)
    with pytest.raises(NotFound, match="no animatic yet"):
        animatics.find(job)
    blobs.purge_orphans()
    db.session.expire_all()
    assert blobs.find(blob_id) is None


def test_approving_the_same_board_again_stores_the_same_bytes_once(ada, job):
    approve(ada, job)
    work(job)
    before = animatics.find(job).sha256
    decisions.reopen(ada, job)
    approve(ada, job)
    work(job)
    assert animatics.find(job).sha256 == before


def test_a_render_that_was_overtaken_stores_nothing(ada, job, monkeypatch):
    approve(ada, job)
    old, render = job.video_token, media.film

    def while_it_is_rendered(path):
        made = render(path)
        decisions.reopen(ada, db.session.get(Job, job.id))
        return made

    monkeypatch.setattr(media, "film", while_it_is_rendered)
    animatics.render(job.id, old)
    db.session.expire_all()
    assert (job.status, job.video_blob_id, job.video_error) == (JobStatus.STORYBOARD_READY, None, "")
    monkeypatch.undo()
    animatics.render(job.id, old)  # and its task once more
    assert job.video_blob_id is None


def test_a_step_that_runs_twice_changes_nothing(ada, job):
    approve(ada, job)
    token = job.video_token
    work(job)
    before = (job.video_blob_id, job.revision, events.count(job))
    animatics.render(job.id, token)
    db.session.expire_all()
    assert (job.video_blob_id, job.revision, events.count(job)) == before


def test_what_fails_is_said_keeps_the_approval_and_can_be_tried_again(ada, job, monkeypatch):
    approve(ada, job)
    with transaction():
        job.user_id = ada.id

    def full(_source):
        raise DiskFull("The server's disk is nearly full.", hint="Delete assets.")

    monkeypatch.setattr(blobs, "write", full)
    work(job)
    assert (job.status, job.approval, job.error) == (JobStatus.STORYBOARD_READY, Approval.APPROVED, "")
    assert job.video_error == "The server's disk is nearly full. Delete assets."
    assert dashboard.state(job) == dashboard.APPROVED
    assert db.session.query(Notice).filter_by(job_id=job.id, kind="failure").one().text.startswith("could not render")
    with pytest.raises(NotFound, match="disk is nearly full"):
        animatics.find(job)
    monkeypatch.undo()
    animatics.retry(ada, job)
    assert (job.status, job.video_error) == (JobStatus.VIDEO_PROCESSING, "")
    work(job)
    assert job.status == JobStatus.COMPLETED
    assert integrity.report(job).faults == ()


def test_a_child_that_dies_is_a_failure_in_words(ada, job, monkeypatch):
    approve(ada, job)
    monkeypatch.setattr(media, "FILM_LIMITS", media.MediaLimits(address_space_bytes=60 * 1024 * 1024))
    work(job)
    assert job.status == JobStatus.STORYBOARD_READY
    assert "Try again" in job.video_error


def test_only_an_approved_board_without_a_film_is_rendered_again(ada, job):
    with pytest.raises(Conflict, match="when the storyboard is approved"):
        animatics.retry(ada, job)
    approve(ada, job)
    with pytest.raises(Conflict, match="right now"):
        animatics.retry(ada, job)
    work(job)
    with pytest.raises(Conflict, match="already"):
        animatics.retry(ada, job)


def test_a_render_is_stopped_and_asked_for_again(ada, job):
    approve(ada, job)
    old = job.video_token
    animatics.stop(ada, job)
    animatics.render(job.id, old)
    db.session.expire_all()
    assert (job.status, job.video_blob_id) == (JobStatus.STORYBOARD_READY, None)
    with pytest.raises(Conflict):
        animatics.stop(ada, job)
    animatics.retry(ada, job)
    work(job)
    assert animatics.has_film(job)


def test_the_record_stays_whole_through_all_of_it(ada, job):
    before = decisions.content_hash(jobs.scenes(job))
    decision = approve(ada, job)
    work(job)
    assert decision.content_hash == before == decisions.content_hash(jobs.scenes(job))
    assert [each.kind for each in events.of_job(job)] == ["rendered", "approve"]
    assert integrity.report(job).faults == ()
    decisions.reopen(ada, job)
    approve(ada, job)
    assert integrity.report(job).faults == ()


@pytest.mark.parametrize("status", [JobStatus.VIDEO_PROCESSING, JobStatus.COMPLETED, JobStatus.STORYBOARD_READY])
def test_an_approved_board_is_approved_however_far_its_film_is(ada, app, status):
    job = factories.job(factories.client(), status=status, approval=Approval.APPROVED)
    assert dashboard.state(job) == dashboard.APPROVED
    assert dashboard.counts(ada) == {"approved": 1}
    assert [card.job.id for card in dashboard.of_everybody(ada, "approved").rows] == [job.id]
    assert not job.is_running


def test_a_stale_render_is_begun_anew_and_gives_up_in_the_end(ada, job):
    approve(ada, job)
    tokens = {job.video_token}
    for _ in range(sweep.MOST_TAKE_OVERS):
        with transaction():
            job.video_heartbeat_at = utcnow() - LONG_AGO
        sweep.sweep()
        assert job.video_token in tokens, "it keeps its place on the queue"
        for each in tasks._ours().list_workflows():
            tasks._ours().cancel_workflow(each.workflow_id)  # begun, and its worker died
        with transaction():
            job.video_heartbeat_at = utcnow() - LONG_AGO
        with heart.working_on(job.id):
            sweep.sweep()
        assert job.video_token in tokens, "a thread of this process works on it"
        sweep.sweep()
        assert job.video_token not in tokens
        tokens.add(job.video_token)
    for each in tasks._ours().list_workflows():
        tasks._ours().cancel_workflow(each.workflow_id)
    with transaction():
        job.video_heartbeat_at = utcnow() - LONG_AGO
    sweep.sweep()
    assert (job.status, job.approval) == (JobStatus.STORYBOARD_READY, Approval.APPROVED)
    assert "broke off 6 times" in job.video_error


def test_a_worker_killed_in_the_middle_renders_it_after_all(ada, settings):
    job = factories.job(factories.client(), duration_ms=60_000)
    for number in range(1, 5):
        factories.scene(job, number, duration_ms=15_000)
    approve(ada, job)
    with working(settings) as child:
        until(worker_ready(child, settings))
        until(lambda: job.stage == animatics.RENDERING)
        time.sleep(0.3)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    db.session.expire_all()
    assert job.status == JobStatus.VIDEO_PROCESSING
    with working(settings):
        until(lambda: job.status == JobStatus.COMPLETED)
    with av.open(io.BytesIO(film(job))) as container:
        assert container.duration == 60_000_000
    assert db.session.query(Event).filter_by(job_id=job.id, kind="rendered").count() == 1
