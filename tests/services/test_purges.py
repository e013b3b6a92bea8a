"""The list of purges: a chain of its own, in which whatever is changed or left out in the middle is found and named."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import text

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Job, Purge, Role
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.purges import PurgeDraft
from webapp.services import decisions, erasure, purges, sweep


@pytest.fixture
def three(app, ada):
    """Three purged storyboards; returns the last hash of each history."""
    client, heads = factories.client(), []
    for number in (1, 2, 3):
        job = factories.job(client, f"Ünïcode “{number}” 🎬")
        factories.scene(job)
        decisions.decide(ada, job, DecisionDraft(kind="request_changes", reason="Shorter."))
        heads.append(job.event_head)
        purges.purge(ada, job, PurgeDraft(title=job.title, reason=f"Reason {number}"))
    return heads


def after(sql):
    """Say what is found after somebody wrote to the database by hand, and put everything back."""
    db.session.rollback()
    assert db.session.execute(text(sql)).rowcount > 0
    db.session.expire_all()
    found = list(purges.faults())
    db.session.rollback()
    db.session.expire_all()
    return found


def test_each_line_says_what_was_purged_by_whom_and_why(three):
    found = list(reversed(purges.everything()))
    assert [line.head for line in found] == three
    assert [(line.sequence, line.reason, line.actor, line.lines, line.decisions) for line in found] == [
        (number, f"Reason {number}", "Ada Byron", 1, 1) for number in (1, 2, 3)
    ]
    assert db.session.query(Job).count() == 0
    assert list(purges.faults()) == []


CHANGES = (
    "title = 'Another'", "title = title || ' '", "head = printf('%064d', 1)", "lines = 0", "decisions = 0",
    "reason = ''", "actor = 'Somebody else'", "salt = printf('%064d', 1)", "commitment = printf('%064d', 1)",
    "job_id = 'other'",
    "created_at = datetime(created_at, '+1 second')", "sequence = sequence + 100", "hash = printf('%064d', 1)",
    "previous_hash = printf('%064d', 1)",
)  # fmt: skip


def test_every_change_of_every_line_is_found(three):
    missed = [
        (number, change)
        for number in (1, 2, 3)
        for change in CHANGES
        if not after(f"UPDATE purges SET {change} WHERE sequence = {number}")  # noqa: S608
    ]
    assert missed == []


@pytest.mark.parametrize("number", [1, 2])
def test_a_line_missing_in_the_middle_is_found(three, number):
    assert after(f"DELETE FROM purges WHERE sequence = {number}")  # noqa: S608


def test_a_list_that_was_cut_off_needs_its_last_hash_kept_elsewhere(three):
    """As docs/record.md says: the lines that are left are whole."""
    last = purges.everything()[0].hash
    assert purges.contains(last)
    assert after("DELETE FROM purges WHERE sequence = 3") == []
    with transaction():
        db.session.execute(text("DELETE FROM purges WHERE sequence = 3"))
    assert not purges.contains(last)


def test_an_admin_can_be_erased_and_the_lines_stay_whole(three):
    mia = factories.person("Mia", "mia@example.com", Role.ADMIN)
    with transaction():
        mia.password_hash = "somebody else has to be able to sign in"
    erasure.by_email("ada@example.com")
    assert {(line.actor, line.salt) for line in purges.everything()} == {("Erased person", "")}
    assert list(purges.faults()) == []


def test_a_storyboard_hidden_without_a_line_is_found(three, ada):
    job = factories.job(factories.client(), "Hidden")
    with transaction():
        db.session.execute(text("UPDATE jobs SET purged_at = created_at"))
    assert list(purges.faults()) == [f"storyboard {job.id} (“Hidden”) is marked as purged, but no line tells of it"]


def test_the_hash_of_a_line_is_what_the_documentation_says(three):
    line = purges.everything()[0]

    def digest(document):
        said = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    by = {"format": "slate-person/1", "salt": line.salt, "name": "Ada Byron", "email": "", "user_agent": ""}
    document = {
        "format": "slate-purge/1",
        "previous": purges.everything()[1].hash,
        "sequence": 3,
        "job": line.job_id,
        "title": "Ünïcode “3” 🎬",
        "head": three[2],
        "lines": 1,
        "decisions": 1,
        "reason": "Reason 3",
        "by": digest(by),
        "at": line.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    assert digest(document) == line.hash


def test_the_sweep_finishes_a_purge_that_was_broken_off(app, ada):
    job = factories.job(factories.client())
    factories.scene(job)
    decisions.decide(ada, job, DecisionDraft(kind="request_changes", reason="Shorter."))
    with transaction():
        purges.note(ada, job, "Client left.")
        db.session.execute(text("UPDATE jobs SET purged_at = created_at, archived_at = created_at"))
    sweep.purge()
    assert (db.session.query(Job).count(), db.session.query(Purge).count()) == (0, 1)
