"""Who is told of what: everybody involved, once, never the doer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import factories
from webapp.errors import Conflict, NotFound
from webapp.extensions import db, transaction
from webapp.models import AssetStatus, Comment, Decision, JobAsset, JobStatus, Notice, Reviewer, Take, utcnow
from webapp.services import asset_intake, generations, notices, sweep


@pytest.fixture
def job(ada):
    return factories.job(factories.client(), user_id=ada.id)


def told(person):
    return [(each.kind, each.text) for each in notices.of_person(person).rows]


def tell(job, *args, **facts):
    with transaction():
        notices.tell(job, *args, **facts)


def involve(job, eve=None, ben=None, dan=None):
    scene = factories.scene(job)
    with transaction():
        if eve:
            db.session.add(Take(scene_id=scene.id, number=2, source="edit", duration_ms=1000, user_id=eve.id))
        if ben:
            db.session.add(Decision(job_id=job.id, kind="approve", user_id=ben.id, content_hash="0"))
        if dan:
            db.session.add(Comment(job_id=job.id, text="Nice", user_id=dan.id))
    return scene


def test_who_made_edited_decided_or_commented_is_told_but_not_who_did_it(job, ada, eve, ben):
    dan = factories.person("Dan", "dan@example.com")
    stranger = factories.person("Cleo", "cleo@example.com")
    scene = involve(job, eve, ben, dan)
    tell(job, "comment", "commented on scene 1: nice", by=eve, scene=scene)
    assert told(ada) == told(ben) == told(dan) == [("comment", "commented on scene 1: nice")]
    assert told(eve) == told(stranger) == []
    made = notices.of_person(ada).rows[0]
    assert (made.actor, made.anchor, made.read_at) == ("Eve Holt", f"scene-{scene.id}", None)


def test_a_guest_and_slate_itself_tell_everybody(job, ada):
    tell(job, "decision", "approved v2", by=Reviewer(name="Gus Guest"))
    tell(job, "failure", "could not go on writing")
    assert {each.actor for each in notices.of_person(ada).rows} == {"Gus Guest", ""}


def test_a_closed_account_is_not_told(job, ada, eve):
    involve(job, eve)
    with transaction():
        eve.deactivated_at = utcnow()
    tell(job, "comment", "commented", by=ada)
    tell(job, "mention", "mentioned you", by=ada, to=[eve])
    assert told(eve) == []


def test_a_mention_goes_to_those_named_and_beats_the_comment_whichever_comes_first(job, ada, eve, ben):
    involve(job, eve)
    with transaction():
        notices.tell(job, "mention", "mentioned you", by=ben, to=[eve, ben], anchor="comment-1")
        notices.tell(job, "comment", "commented", by=ben, anchor="comment-1")
    with transaction():
        notices.tell(job, "comment", "commented", by=ben, anchor="comment-2")
        notices.tell(job, "mention", "mentioned you", by=ben, to=[eve], anchor="comment-2")
    assert told(eve) == [("mention", "mentioned you")] * 2
    assert told(ada) == [("comment", "commented")] * 2
    assert told(ben) == []


def test_two_replies_in_one_thread_are_two_notices(job, ada, eve):
    for _ in range(2):
        tell(job, "comment", "replied", by=eve, anchor="comment-1")
    assert len(told(ada)) == 2


def test_a_refused_use_case_tells_nobody(job, ada, eve):
    def refused():
        with transaction():
            notices.tell(job, "comment", "commented", by=eve, anchor="comment-1")
            raise Conflict("No.")

    with pytest.raises(Conflict):
        refused()
    assert told(ada) == []
    tell(job, "comment", "commented", by=eve, anchor="comment-1")
    assert len(told(ada)) == 1


def test_long_text_is_cut(job, ada):
    tell(job, "comment", "x" * 2000)
    assert told(ada) == [("comment", "x" * 499 + "…")]


def test_reading_one_and_all_and_only_ones_own(job, ada, eve):
    for number in range(3):
        tell(job, "decision", f"decided {number}")
    first = notices.of_person(ada).rows[0]
    with pytest.raises(NotFound):
        notices.read(eve, first.id)
    assert notices.unread(ada) == 3
    when = notices.read(ada, first.id).read_at
    assert notices.read(ada, first.id).read_at == when
    assert notices.unread(ada) == 2
    assert len(notices.of_person(ada, only_unread=True).rows) == 2
    notices.read_all(eve)
    assert notices.unread(ada) == 2
    notices.read_all(ada)
    assert (notices.unread(ada), notices.of_person(ada).total) == (0, 3)


def test_read_ones_go_after_ninety_days_unread_ones_stay(job, ada):
    for number in range(3):
        tell(job, "decision", f"decided {number}")
    old, fresh, unread = notices.of_person(ada).rows
    with transaction():
        old.read_at, fresh.read_at = utcnow() - timedelta(days=91), utcnow() - timedelta(days=89)
        unread.created_at = utcnow() - timedelta(days=400)
    assert notices.purge() == 1
    assert {each.id for each in db.session.query(Notice)} == {fresh.id, unread.id}


def test_the_maker_hears_of_a_storyboard_that_failed(job, ada, eve):
    involve(job, eve)
    with transaction():
        job.status, job.attempt_token = JobStatus.STORYBOARD_PROCESSING, "mine"
    generations.fail(job.id, "mine", "The model does not answer.", "Try again.")
    assert told(ada) == [("failure", "could not go on writing: The model does not answer.")]
    assert told(eve) == []


def test_the_maker_hears_of_a_redo_that_failed(job, ada):
    scene = factories.scene(job)
    with transaction():
        scene.redo_token, scene.redo_heartbeat_at = "mine", utcnow() - timedelta(minutes=5)
        scene.redo_options = {"take_overs": sweep.MOST_TAKE_OVERS}
    sweep.sweep()
    (notice,) = notices.of_person(ada).rows
    assert (notice.kind, notice.anchor) == ("failure", f"scene-{scene.id}")
    assert "could not redo scene 1" in notice.text


def test_the_maker_hears_of_an_asset_that_could_not_be_read_when_it_is_part_of_a_job(job, ada):
    lonely, used = (
        factories.asset(job.client, name, source_url="http://127.0.0.1/a.png", status=AssetStatus.WAITING, attempt=1)
        for name in ("lonely.png", "used.png")
    )
    with transaction():
        db.session.add(JobAsset(job_id=job.id, asset_id=used.id))
    for asset in (lonely, used):
        asset_intake.take_in(asset.id, 1)
    ((kind, text),) = told(ada)
    assert kind == "failure"
    assert text.startswith("could not read the asset “used.png”: Slate does not fetch from this address")
