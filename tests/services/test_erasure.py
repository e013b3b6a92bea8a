"""A person can be erased from the record: the chain still holds and says so; a name that only vanished is a fault."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests import factories
from webapp.errors import Conflict, Forbidden, NotFound
from webapp.extensions import db, transaction
from webapp.models import (
    Allows,
    Comment,
    Decision,
    Event,
    Reviewer,
    ReviewLink,
    Role,
    VersionKind,
)
from webapp.schemas.decisions import DecisionDraft
from webapp.services import chain, commitments, decisions, erasure, integrity, versions
from webapp.services.commitments import ERASED

TRACES = ("Cleo", "cleo@fjell.example", "Phone of Cleo", "Ben Berg", "ben@example.com", "Desk of Ben")


@pytest.fixture
def job(app, ada, ben):
    """A board that Cleo, a guest, asked to be changed and Ben, with an account, approved."""
    job = factories.job(factories.client())
    factories.scene(job, 1)
    with transaction():
        link = ReviewLink(job_id=job.id, name="Legal", token_hash="x", allows=Allows.DECIDE)
        db.session.add(link)
        db.session.flush()
        cleo = Reviewer(link_id=link.id, name="Cleo", email="cleo@fjell.example")
        sent = versions.keep(job, VersionKind.SENT, by=ada)
        db.session.add(cleo)
        job.sent_version_id = sent.id
        db.session.flush()
        db.session.add(Comment(job_id=job.id, text="Shorter?", author="Cleo", reviewer_id=cleo.id))
    draft = DecisionDraft(kind="request_changes", reason="Shorter.", seen=sent.content_hash)
    decisions.decide_as_guest(cleo, sent, draft, user_agent="Phone of Cleo")
    decisions.decide(ben, job, factories.decision(job, kind="approve"), user_agent="Desk of Ben")
    return job


def write_as_first_release(job):
    """Make the record what 0.1.0 would have written: each hash covers the name itself."""
    with transaction():
        previous = ""
        for line in db.session.query(Event).filter_by(job_id=job.id).order_by(Event.sequence):
            if "decision" in line.details:
                decision = db.session.get(Decision, line.details["decision"])
                decision.salt, decision.commitment = "", None
                line.details = line.details | {"record": chain.decision_hash(decision)}
            line.salt, line.commitment, line.previous_hash = "", None, previous
            line.hash = previous = chain.line_hash(line)
        job.event_head = previous


def everything(app):
    """Return all that the database holds, as one text."""
    db.session.rollback()
    tables = db.metadata.sorted_tables
    return "\n".join(str(tuple(row)) for table in tables for row in db.session.execute(table.select()))


def test_nothing_of_an_erased_person_is_left_and_the_record_holds(app, job, ada):
    before = everything(app)
    assert all(trace in before for trace in TRACES)
    hashes = [event.hash for event in db.session.query(Event).order_by(Event.id)]
    erased = erasure.by_email("Cleo@fjell.example", by=ada)
    assert (erased.jobs, erased.rows, erased.named) == (1, 2, 0)
    erasure.by_email("ben@example.com", by=ada)
    after = everything(app)
    assert [trace for trace in TRACES if trace in after] == []
    db.session.expire_all()
    report = integrity.report(job)
    assert (report.faults, report.erased) == ((), 4)
    events = db.session.query(Event).order_by(Event.id).all()
    assert [event.hash for event in events][: len(hashes)] == hashes
    assert [event.actor for event in events] == [ERASED, ERASED, "Ada Byron", "Ada Byron"]
    assert [(d.kind, d.decided_by, d.reason) for d in decisions.history(job)] == [
        ("approve", ERASED, ""), ("request_changes", ERASED, "Shorter."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE events SET actor = 'Erased person', salt = ''", "no line says that it was erased"),
        ("UPDATE decisions SET decided_by = 'Erased person', email = '', user_agent = '', salt = ''", "no line says"),
        ("UPDATE events SET actor = 'Somebody'", "names somebody else"),
        ("UPDATE events SET salt = 'x'", "names somebody else"),
        ("UPDATE events SET salt = ''", "names somebody else"),
        ("UPDATE events SET commitment = ''", "does not say what was written"),
        ("UPDATE events SET commitment = NULL", "does not say what was written"),
        ("UPDATE decisions SET commitment = NULL", "recorded it"),
        ("UPDATE decisions SET user_agent = 'Tablet'", "recorded it"),
        ("UPDATE decisions SET sequence = 1", "it says line 1 tells of it"),
    ],
)
def test_a_name_that_was_only_removed_or_changed_is_a_fault(app, job, change, fault):
    db.session.rollback()
    db.session.execute(text(change))
    db.session.expire_all()
    assert any(fault in found for found in integrity.report(job).faults)
    db.session.rollback()


def test_the_name_of_somebody_erased_cannot_be_guessed(app, job, ada):
    """The control: with the salt a likely name is confirmed by hashing it; erasing takes the salt away."""
    line = db.session.query(Event).filter_by(actor="Cleo").one()
    kept = line.commitment
    assert commitments.of(line) == kept
    erasure.by_email("cleo@fjell.example", by=ada)
    line.actor = "Cleo"
    assert commitments.of(line) != kept
    db.session.rollback()


def test_lines_from_before_commitments_keep_their_name_and_hold(app, job, ada):
    """What 0.1.0 wrote: the hash of the line covers the name, so erasing it would break the chain."""
    write_as_first_release(job)
    assert integrity.report(job).faults == ()
    erased = erasure.by_email("cleo@fjell.example", by=ada)
    assert (erased.rows, erased.named) == (0, 2)
    db.session.expire_all()
    assert "Cleo" in {decision.decided_by for decision in decisions.history(job)}
    assert integrity.report(job).faults == ()


def test_who_may_erase_whom(app, job, ada, eve, ben):
    with pytest.raises(NotFound):
        erasure.by_email("cleo@fjell.example", by=eve)
    with pytest.raises(NotFound):
        erasure.by_email("nobody@example.com", by=ada)
    with pytest.raises(Forbidden):
        erasure.by_email(ada.email, by=ada)
    with pytest.raises(Conflict):
        erasure.by_email(ada.email)
    other = factories.person("Olga", "olga@example.com", Role.ADMIN)
    with transaction():
        other.password_hash = "$argon2id$"
    assert erasure.by_email(ada.email, by=other).rows == 0
    assert (ada.name, ada.is_active, ada.password_hash) == (ERASED, False, None)
    assert db.session.query(Decision).count() == 2
