"""States of storyboards, the same in Python and in SQL; who waits for what."""

from __future__ import annotations

import itertools

import pytest

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Approval, Event, Job, JobStatus, VersionKind, utcnow
from webapp.services import clients, dashboard, versions


def put_into_review(job):
    factories.scene(job)
    with transaction():
        job.sent_version_id = versions.keep(job, VersionKind.SENT).id


def titles(page):
    return {each.job.title for each in page.rows}


def test_every_state_is_the_same_in_python_and_in_the_database(ada):
    fjell = factories.client()
    for status, approval in itertools.product(JobStatus, Approval):
        for is_sent in (False, True):
            job = factories.job(fjell, f"{status} {approval} {is_sent}", status=status, approval=approval)
            if is_sent:
                put_into_review(job)
    for each in dashboard.STATES:
        page = dashboard.of_everybody(ada, each.key)
        assert all(card.state == each for card in page.rows)
    assert sum(dashboard.counts(ada).values()) == 2 * len(JobStatus) * len(Approval)
    assert {key for key, number in dashboard.counts(ada).items() if number} == {each.key for each in dashboard.STATES}


@pytest.mark.parametrize(
    ("status", "approval", "word"),
    [
        ("pending", "none", "Writing"),
        ("storyboard_processing", "changes_requested", "Writing"),
        ("storyboard_ready", "none", "Ready for review"),
        ("storyboard_ready", "changes_requested", "Changes requested"),
        ("storyboard_ready", "rejected", "Rejected"),
        ("storyboard_ready", "approved", "Approved"),
        ("completed", "approved", "Approved"),
        ("failed", "none", "Failed"),
        ("cancelled", "none", "Stopped"),
    ],
)
def test_a_state_has_its_word(status, approval, word):
    assert dashboard.state(Job(status=status, approval=approval)).word == word


def test_each_role_sees_what_waits_for_it(ada, eve, ben):
    fjell = factories.client()
    factories.job(fjell, "ready")
    factories.job(fjell, "approved", approval=Approval.APPROVED)
    factories.job(fjell, "changes", approval=Approval.CHANGES_REQUESTED)
    factories.job(fjell, "failed", status=JobStatus.FAILED)
    factories.job(fjell, "stopped", status=JobStatus.CANCELLED)
    factories.job(fjell, "writing", status=JobStatus.PENDING)
    assert titles(dashboard.waiting(ben)) == {"ready"}
    assert titles(dashboard.waiting(eve)) == {"changes", "failed", "stopped"}
    assert titles(dashboard.waiting(ada)) == {"ready", "changes", "failed", "stopped"}


def test_archived_clients_are_quiet(ada):
    fjell = factories.client()
    factories.job(fjell)
    clients.archive(fjell)
    assert dashboard.counts(ada) == {}
    assert not dashboard.of_everybody(ada).rows
    assert not dashboard.waiting(ada).rows


def test_an_unknown_state_shows_all(ada):
    factories.job(factories.client(), "one")
    assert titles(dashboard.of_everybody(ada, "nonsense")) == {"one"}


def test_a_card_counts_the_scenes_that_are_there(ada):
    job = factories.job(factories.client(), duration_ms=15_000)
    assert (dashboard.cards([job])[0].scenes, dashboard.cards([job])[0].duration_ms) == (0, 15_000)
    factories.scene(job, 1, duration_ms=3000)
    factories.scene(job, 2, duration_ms=2500)
    deleted = factories.scene(job, 3, duration_ms=9000)
    with transaction():
        deleted.deleted_at = utcnow()
    card = dashboard.cards([job])[0]
    assert (card.scenes, card.duration_ms, card.frames) == (2, 5500, [])


def test_the_newest_happenings_come_first_and_not_too_many(ada):
    job = factories.job(factories.client(), "One twist")
    with transaction():
        db.session.add_all(Event(job_id=job.id, kind="edited", text=f"change {n}") for n in range(12))
    recent = dashboard.recent(ada)
    assert [each.event.text for each in recent] == [f"change {n}" for n in range(11, 5, -1)]
    assert recent[0].title == "One twist"
