"""Pages ask the database as often for many rows as for few."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Approval, Campaign, Client, Event, JobStatus


@contextmanager
def counted():
    """Collect the statements sent meanwhile."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def grow(number):
    """Add a client with a campaign and storyboards in several states, with scenes and history."""
    client = factories.client(f"Client {number}")
    campaign = factories.campaign(client, f"Campaign {number}")
    for status, approval in ((JobStatus.STORYBOARD_READY, Approval.NONE), (JobStatus.FAILED, Approval.NONE)):
        job = factories.job(client, f"Storyboard {number}", campaign_id=campaign.id, status=status, approval=approval)
        factories.scene(job, 1)
        factories.scene(job, 2)
        with transaction():
            db.session.add(Event(job_id=job.id, kind="created", text="asked for a storyboard"))
    return client, campaign


@pytest.fixture
def first(app):
    return grow(0)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?state=failed",
        "/clients",
        "/clients?q=client",
        "/clients/{client}",
        "/campaigns/{campaign}",
        "/search?q=client",
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(browse, ada, first, path):
    client, campaign = first
    path = path.format(client=client.id, campaign=campaign.id)
    browser = browse(ada)
    browser.get(path)

    def queries():
        db.session.remove()
        with counted() as statements:
            assert browser.get(path).status_code == 200
        return statements

    ids = client.id, campaign.id
    few = queries()
    client, campaign = db.session.get(Client, ids[0]), db.session.get(Campaign, ids[1])  # those went with their session
    for number in range(1, 6):
        grow(number)
    for number in range(6):
        factories.scene(factories.job(client, f"More {number}", campaign_id=campaign.id))
        factories.campaign(client, f"More {number}")
    many = queries()
    assert len(many) == len(few) <= 20, "\n\n".join(many)
