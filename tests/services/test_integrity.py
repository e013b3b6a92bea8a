"""Whatever is changed in the record behind Slate's back is found and named; an untouched record passes."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest
from sqlalchemy import text

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Allows, Decision, Event, Job, Reviewer, ReviewLink, User, VersionKind
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.scenes import SceneChange
from webapp.services import chain, decisions, events, integrity, jobs, scenes, storyboards, versions


@pytest.fixture
def job(app, ada, ben):
    """A storyboard with a full record: edits, a guest's decision, an approval, a reopening, another approval."""
    job = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(job, number, script=f"Ünïcode “{number}” 🎬")
    with transaction():
        link = ReviewLink(job_id=job.id, name="Legal", token_hash="x", allows=Allows.DECIDE)
        db.session.add(link)
        db.session.flush()
        cleo = Reviewer(link_id=link.id, name="Cleo", email="cleo@fjell.example")
        db.session.add(cleo)
        sent = versions.keep(job, VersionKind.SENT, by=ada)
        job.sent_version_id = sent.id
    decisions.decide_as_guest(
        cleo, sent, DecisionDraft(kind="request_changes", reason="Shorter.", seen=sent.content_hash), user_agent="Phone"
    )
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Shorter."))
    decisions.decide(ben, job, factories.decision(job, kind="approve", reason="Go."), user_agent="Desk")
    decisions.reopen(ada, job)
    scenes.move(ada, job, jobs.scenes(job)[2], 1)
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    return job


def faults(job):
    return list(integrity.report(job).faults)


def after(job, sql, **values):
    """Say what is found after somebody wrote to the database by hand, and put everything back."""
    job_id = job.id
    db.session.rollback()
    result = db.session.execute(text(sql), {"job": job_id} | values if ":job" in sql else values)
    assert result.rowcount > 0, "the tampering itself did nothing"
    db.session.expire_all()
    found = faults(db.session.get(Job, job_id))
    db.session.rollback()
    db.session.expire_all()
    return found


def test_an_untouched_record_passes(job):
    (report,) = integrity.reports(job.id)
    assert report.faults == ()
    assert (report.lines, report.decisions) == (6, 4)
    assert [event.sequence for event in reversed(events.of_job(job))] == list(range(1, 7))


LINE_CHANGES = (
    "text = 'did nothing'", "text = text || ' '", "actor = 'Somebody else'", "kind = 'moved'", "details = '[1]'",
    "scene_id = 'other'", "created_at = datetime(created_at, '+1 second')", "sequence = sequence + 100",
    "hash = printf('%064d', 1)", "previous_hash = printf('%064d', 1)",
)  # fmt: skip


@pytest.mark.parametrize("line", [1, 3, 6])
def test_a_changed_line_is_found_and_named(job, line):
    number = db.session.query(Event.id).filter_by(job_id=job.id, sequence=line).scalar()
    missed = []
    for change in LINE_CHANGES:
        found = after(job, f"UPDATE events SET {change} WHERE id = :id", id=number)  # noqa: S608
        if not any(f"event {number}" in fault for fault in found):
            missed.append((change, found))
    assert missed == []


def test_a_deleted_line_is_found(job):
    for line in (1, 3, 5):
        found = after(job, "DELETE FROM events WHERE job_id = :job AND sequence = :line", line=line)
        assert any("missing, added or moved" in fault for fault in found)


def test_a_cut_off_end_is_found(job):
    for first in (6, 4, 1):
        found = after(job, "DELETE FROM events WHERE job_id = :job AND sequence >= :first", first=first)
        assert any("the job's head is another line" in fault for fault in found)


def test_swapped_lines_are_found(job):
    number = db.session.query(Event.id).filter_by(job_id=job.id, sequence=2).scalar()
    swap = "UPDATE events SET id = CASE sequence WHEN 2 THEN -1 ELSE :id END WHERE job_id = :job AND sequence IN (2, 3)"
    swapped = after(job, swap, id=number)
    assert sum("is numbered" in fault for fault in swapped) >= 2


@pytest.mark.parametrize("forged", [False, True], ids=["without a hash", "with a right hash of its own"])
def test_an_inserted_line_is_found(job, forged):
    with transaction():
        last = events.of_job(job)[0]
        event = Event(
            job_id=job.id, actor="Ben Berg", kind="approve", text="approved it all", details={}, sequence=7,
            previous_hash=last.hash, created_at=last.created_at,
        )  # fmt: skip
        event.hash = chain.line_hash(event) if forged else ""
        db.session.add(event)
    db.session.expire_all()
    assert any("head is another" in fault for fault in faults(job))


def test_a_line_moved_to_another_job_is_found_in_both(app, ada, job):
    other = factories.job(job.client, "Another")
    move = "UPDATE events SET job_id = :other WHERE job_id = :one AND sequence = 6"
    assert after(job, move, one=job.id, other=other.id)
    assert after(other, move, one=job.id, other=other.id)


CONTENT = {
    "script": "They approved something else.", "title": "x", "description": "x", "on_screen": "x", "duration_ms": 2999,
    "shot_type": "wide", "asset_ids": '["a"]', "extra": '{"a": 1}', "beat": "cta", "camera_move": "orbit",
    "transition": "fade",
}  # fmt: skip


def test_a_changed_word_of_what_was_decided_on_is_found_and_the_scene_named(job):
    assert set(CONTENT) == set(storyboards.CONTENT)
    take = jobs.scenes(job)[1].take_id
    for column, value in CONTENT.items():
        found = after(job, f"UPDATE takes SET {column} = :value WHERE id = :take", value=value, take=take)  # noqa: S608
        assert sum("not those decided on (scene" in fault for fault in found) >= 2, column  # both approvals hold it
        assert any("not what was decided on: scene 2" in fault for fault in found), column


DECISION_CHANGES = (
    "kind = 'approve'", "reason = 'Lovely.'", "decided_by = 'Ben Berg'", "email = 'ben@example.com'", "link_name = ''",
    "user_agent = ''", "is_final = 1", "created_at = datetime(created_at, '+1 hour')",
    "content_hash = printf('%064d', 1)", "scene_hashes = '{}'", "version_id = NULL", "id = 'other'",
    "version_id = (SELECT id FROM versions WHERE number = 2)",
)  # fmt: skip


def test_a_changed_decision_is_found(job):
    which = decisions.history(job)[-1].id
    for change in DECISION_CHANGES:
        found = after(job, f"UPDATE decisions SET {change} WHERE id = :id", id=which)  # noqa: S608
        assert any(which in fault or "decision it tells of is missing" in fault for fault in found), change


def test_a_deleted_decision_is_found(job):
    found = after(job, "DELETE FROM decisions WHERE job_id = :job AND link_name = 'Legal'")
    assert any("the decision it tells of is missing" in fault for fault in found)


def test_an_invented_decision_is_found(job):
    with transaction():
        last = decisions.latest(job)
        facts = {"version_id": last.version_id, "content_hash": last.content_hash, "scene_hashes": last.scene_hashes}
        db.session.add(Decision(job_id=job.id, kind="approve", decided_by="Ben Berg", **facts))
    assert any("no line of the history tells of it" in fault for fault in faults(job))


def test_a_version_with_other_scenes_is_found(job):
    version = decisions.latest(job).version_id
    found = after(job, "DELETE FROM version_scenes WHERE version_id = :version AND position = 1", version=version)
    assert any("scenes of the version are missing or added" in fault for fault in found)


BOARD_CHANGES = {
    "order": "UPDATE scenes SET position = 4 - position WHERE job_id = :job",
    "deleted": "UPDATE scenes SET deleted_at = created_at WHERE job_id = :job AND position = 3",
    "other take": "UPDATE scenes SET take_id = NULL WHERE job_id = :job AND position = 2",
    "format": "UPDATE jobs SET ratio = '9:16' WHERE id = :job",
}


def test_an_approved_board_that_changed_is_found(job):
    for what, change in BOARD_CHANGES.items():
        found = after(job, change)
        assert any("is approved, but it is not what was decided on" in fault for fault in found), what


def test_an_approval_that_nobody_gave_is_found(job):
    decisions.reopen(db.session.query(User).filter_by(name="Ada Byron").one(), job)
    assert faults(job) == []
    found = after(job, "UPDATE jobs SET approval = 'approved' WHERE id = :job")
    assert found == ["the board is approved, but no decision says so"]


def test_a_person_whose_account_goes_leaves_the_record_whole(job):
    assert after(job, "UPDATE decisions SET user_id = NULL, reviewer_id = NULL WHERE job_id = :job") == []
    assert after(job, "UPDATE events SET user_id = NULL WHERE job_id = :job") == []


def test_the_hash_of_a_line_is_what_the_documentation_says(job):
    """docs/record.md, done by hand: a stranger needs no code of ours."""
    row = events.of_job(job)[2]
    said = {
        "format": "slate-event/2", "previous": row.previous_hash, "job": job.id, "sequence": row.sequence,
        "actor": row.commitment, "kind": row.kind, "text": row.text, "details": row.details, "scene": row.scene_id,
        "at": row.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }  # fmt: skip
    line = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(line.encode()).hexdigest() == row.hash
    person = {"format": "slate-person/1", "salt": row.salt, "name": row.actor, "email": "", "user_agent": ""}
    text = json.dumps(person, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert row.actor
    assert hashlib.sha256(text.encode()).hexdigest() == row.commitment


def test_several_lines_of_one_transaction_follow_each_other(ada, job):
    with transaction():
        for number in range(5):
            events.record(job, "edited", f"line {number}", by=ada, number=number, nested={"b": [1.5, None], "a": "ü"})
    assert faults(job) == []
    assert job.event_head == events.of_job(job)[0].hash


def test_forty_lines_written_at_once_are_one_chain(app, ada, job):
    who, which = ada.id, job.id

    def write(number):
        with app.app_context():
            for each in range(5):
                with transaction():
                    events.record(
                        db.session.get(Job, which), "edited", f"{number}.{each}", by=db.session.get(User, who)
                    )
            db.session.remove()

    crowd = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join(60)
    (report,) = integrity.reports(job.id)
    assert (report.faults, report.lines) == ((), 46)


def test_a_line_of_a_transaction_that_failed_leaves_no_gap(ada, job):
    def fail():
        with transaction():
            events.record(job, "edited", "never happened", by=ada)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with transaction():
        events.record(job, "edited", "happened", by=ada)
    assert faults(job) == []
    assert events.count(job) == 7
