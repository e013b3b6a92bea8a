"""The pictures of scenes: none is missing for ever, none is kept for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Blob, Frame, JobAsset, utcnow
from webapp.services import blobs, clients, frame_store, jobs, sweep, tasks

LONG_AGO = timedelta(hours=2)


def frame(key, **facts):
    pictures = ("board_blob_id", "plain_blob_id", "thumbnail_blob_id")
    ids = {name: blobs.put(f"{key} {name}".encode(), "image/webp").id for name in pictures}
    made = Frame(key=key, source="sketch", **ids, **({"created_at": utcnow() - LONG_AGO} | facts))
    with transaction():
        db.session.add(made)
    return made.id


@pytest.fixture
def scene(app):
    return factories.scene(factories.job(factories.client()))


def test_pictures_that_no_scene_shows_go_and_their_bytes_with_them(scene):
    frame("unused")
    kept = {frame("shown"), frame("young", created_at=utcnow())}
    with transaction():
        scene.frame_id = db.session.query(Frame).filter_by(key="shown").one().id
        scene.frame_key, scene.deleted_at = "awaited", utcnow()  # undo brings the scene back
    kept.add(frame("awaited"))
    assert db.session.query(Blob).count() == 12
    sweep.purge()
    assert {each.id for each in db.session.query(Frame)} == kept
    assert db.session.query(Blob).count() == 9


def test_a_client_takes_its_pictures_along(scene):
    with transaction():
        scene.frame_id = frame("drawn")
    clients.delete(jobs.find(factories.person(), scene.job_id).client)
    assert (db.session.query(Frame).count(), db.session.query(Blob).count()) == (0, 0)


def test_a_photograph_that_cannot_be_cropped_becomes_a_sketch(scene, caplog):
    job = jobs.find(factories.person(), scene.job_id)
    broken = blobs.put(b"RIFF, and then nothing", "image/webp")
    asset = factories.asset(job.client, picture_blob_id=broken.id)
    with transaction():
        scene.take.asset_ids = [asset.id]
    frame_store.draw_missing(job.id)
    db.session.expire_all()
    assert (scene.frame.source, scene.frame_error) == ("sketch", "")
    assert scene.frame.key == scene.frame_key  # or the sweep would ask for it again and again
    assert "cannot be shown" in caplog.text


def test_what_cannot_even_be_sketched_says_so(scene, monkeypatch):
    monkeypatch.setattr(frame_store.blobs, "write", lambda *_: (_ for _ in ()).throw(ValueError))
    frame_store.draw_missing(scene.job_id)
    db.session.expire_all()
    assert "could not be drawn" in scene.frame_error


def test_on_a_full_disk_a_picture_waits_for_room_and_is_drawn_then(app, scene, settings, caplog):
    app.extensions["settings"] = replace(settings, min_free_disk_mb=10**9)
    frame_store.draw_missing(scene.job_id)
    db.session.expire_all()
    assert scene.frame_id is None
    assert "disk is nearly full" in scene.frame_error
    assert "Traceback" not in caplog.text
    with transaction():
        scene.frame_key, scene.updated_at = "wanted", utcnow() - timedelta(minutes=2)
    sweep.sweep()
    assert not tasks.are_frames_waiting(scene.job_id), "nobody asks for it again while there is no room"
    app.extensions["settings"] = settings
    sweep.sweep()
    assert tasks.are_frames_waiting(scene.job_id)
    frame_store.draw_missing(scene.job_id)
    db.session.expire_all()
    assert scene.frame_id
    assert scene.frame_error == ""


def test_a_scene_is_shown_anew_when_its_asset_has_come_even_without_a_picture(scene):
    job = jobs.find(factories.person(), scene.job_id)
    other = factories.scene(job, 2)
    sound = factories.asset(job.client, "jingle.mp3", kind="audio")
    with transaction():
        db.session.add(JobAsset(job_id=job.id, asset_id=sound.id))
        scene.take.asset_ids = [sound.id]
    frame_store.asset_arrived(sound.id)
    db.session.expire_all()
    assert (scene.revision, other.revision) == (job.revision, 0)
    assert job.revision > 0


def test_a_picture_that_is_drawn_already_is_shown_at_once_without_asking_the_database_anew(scene):
    job = jobs.find(factories.person(), scene.job_id)
    before = frame("before")
    with transaction():
        scene.frame, scene.frame_key = db.session.get(Frame, before), "before"
    assert scene.frame.key == "before"
    frame(frame_store.plan(job, scene).key)
    with transaction():
        frame_store.refresh(job, [scene])
    assert scene.frame.key == scene.frame_key == frame_store.plan(job, scene).key
