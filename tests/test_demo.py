"""The demo world: complete, made by the real services, there once, gone in one go."""

from __future__ import annotations

import shutil
import time

import pytest

from tests import factories
from webapp import create_app, demo
from webapp.config import load
from webapp.extensions import db, transaction
from webapp.models import Approval, Asset, AssetStatus, Campaign, Client, Event, Job, JobStatus, Scene, Take
from webapp.services import clients, comments, jobs, takes, tasks, threads


@pytest.fixture(scope="module")
def made(migrated, tmp_path_factory):
    """A data folder with the demo world, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("demo") / "instance"
    shutil.copytree(migrated, folder)
    app = create_app(load({"SLATE_DATA": str(folder)}))
    with app.app_context():
        demo.make()
        db.session.remove()
        db.engine.dispose()
        tasks.forget(folder / "workflows.db")
    return folder


@pytest.fixture
def world(made, settings, app):
    """The storyboards of the demo world by their titles."""
    db.engine.dispose()
    tasks.forget(settings.workflows_path)
    shutil.copytree(made, settings.data, dirs_exist_ok=True)
    return {job.title: job for job in db.session.query(Job)}


def test_it_is_all_there(world):
    assert db.session.query(Client).count() == 2
    assert db.session.query(Campaign).count() == 3
    assets = db.session.query(Asset).all()
    assert {asset.status for asset in assets} == {AssetStatus.READY}
    assert {asset.kind for asset in assets} == {"image", "audio", "document"}
    assert all(client.logo_asset_id for client in db.session.query(Client).filter_by(name="Fjell Coffee"))


def test_one_storyboard_is_half_reviewed_and_one_approved(world):
    half, done = world["Cold brew in one twist"], world["Slow mornings"]
    assert half.approval == Approval.CHANGES_REQUESTED
    assert done.approval == Approval.APPROVED
    assert half.status == JobStatus.STORYBOARD_READY
    assert done.status == JobStatus.VIDEO_PROCESSING  # the worker renders its animatic
    for job in (half, done):
        board = jobs.scenes(job)
        assert sum(scene.take.duration_ms for scene in board) == job.duration_ms
        assert len(board) == job.num_scenes
        assert any(scene.take.asset_ids for scene in board)
    assert len(takes.of_scene(jobs.scenes(half)[0])) == 2
    assert takes.waiting(half) == {jobs.scenes(half)[1].id: [2]}
    assert {event.actor for event in db.session.query(Event)} >= {"Ada Byron", "Ben Berg"}


def test_people_talk_about_it(world):
    half = world["Cold brew in one twist"]
    assert threads.states(half) == {"open": 3, "answered": 1, "closed": 0}
    asked = takes.of_scene(jobs.scenes(half)[1])[0]
    assert (asked.source, len(asked.comment_ids)) == ("comment", 1)
    assert "Shorter, please" in asked.feedback
    assert [bool(thread.pin) for thread in comments.threads(half)].count(True) == 1


def test_its_pages_show_it(world, browse, ada):
    browser = browse(ada)
    for path in ("/", "/clients", *(f"/jobs/{job.id}" for job in world.values())):
        assert browser.get(path).status_code == 200
    page = browser.get("/").get_data(as_text=True)
    assert "You are looking at a demo" in page


def test_the_third_storyboard_begins_when_somebody_has_set_slate_up(app):
    demo.make()
    assert db.session.query(Job).count() == 2
    demo.welcome(app)
    person = factories.person()
    with transaction():
        person.password_hash = "set"
    end = time.monotonic() + 10
    while db.session.query(Job).count() < 3:
        assert time.monotonic() < end
        db.session.rollback()
        time.sleep(0.05)
    third = db.session.query(Job).filter_by(title="Lighter than your luggage").one()
    assert third.status == JobStatus.PENDING


def test_with_an_admin_all_three_are_there_at_once(app, ada):
    with transaction():
        ada.password_hash = "set"
    demo.make()
    assert db.session.query(Job).count() == 3


def test_it_comes_only_on_a_first_start(app, ada):
    assert demo.is_wanted(app)
    with transaction():
        ada.password_hash = "set"
    assert not demo.is_wanted(app)


def test_it_does_not_come_beside_somebodys_clients(app):
    factories.client()
    assert not demo.is_wanted(app)


def test_making_it_twice_makes_it_once(world):
    demo.make()
    assert db.session.query(Client).count() == 2


def test_one_click_takes_all_of_it_and_nothing_else(world, browse, ada):
    other = factories.client("Our own")
    assert browse(ada).post("/demo/delete").status_code == 303
    db.session.rollback()
    assert [client.id for client in db.session.query(Client)] == [other.id]
    for table in (Campaign, Asset, Job, Scene, Take, Event):
        assert db.session.query(table).count() == 0
    assert not demo.exists()


def test_a_demo_that_fails_half_way_leaves_nothing(app, monkeypatch):
    from webapp.demo import drawings

    def broken():
        raise OSError("no room")

    monkeypatch.setattr(drawings, "bicycle", broken)
    with pytest.raises(OSError, match="no room"):
        demo.make()
    assert not clients.demo(demo.ADA)
