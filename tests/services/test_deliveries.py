"""Messages and the real worker: killed while it sends, nothing is lost, and what comes twice has one id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import factories
from tests.services.receivers import PostOffice, Receiver
from webapp.extensions import db, transaction
from webapp.models import Delivery, utcnow
from webapp.schemas.webhooks import WebhookDraft
from webapp.services import events, notices, webhooks


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


@pytest.fixture
def office():
    with PostOffice() as made:
        yield made


@pytest.fixture
def environment(settings, receiver, office):
    """What an operator sets so that this machine is reached."""
    return {
        "SLATE_DATA": str(settings.data),
        "FETCH_ALLOW": "127.0.0.0/8",
        "FETCH_PORTS": str(receiver.port),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(office.port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "slate@agency.example",
        "PUBLIC_URL": "https://slate.example",
    }


@pytest.fixture
def job(app, ada, receiver, environment):
    mine = {name.lower(): value for name, value in environment.items() if name not in ("SLATE_DATA", "SMTP_PORT")}
    app.extensions["settings"] = replace(app.extensions["settings"], **mine)
    webhooks.add(ada, WebhookDraft(url=receiver.url))
    return factories.job(factories.client(), user_id=ada.id)


@contextmanager
def working(environment):
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "worker"], env=kept | environment, start_new_session=True
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def until(truth, seconds=90.0):
    end = time.monotonic() + seconds
    while True:
        db.session.rollback()
        db.session.expire_all()
        if truth():
            return
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)


def states():
    return [each.state for each in db.session.query(Delivery)]


def test_a_worker_killed_while_it_sends_loses_nothing(job, receiver, environment):
    """It dies with the message half way; the next one sends it again under the same id, and the others once."""
    receiver.script = ["slow", 200]
    with transaction():
        events.record(job, "generated", "wrote 3 scenes")
    with working(environment) as child:
        until(lambda: receiver.got)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    assert states() == ["waiting"]
    with transaction():
        events.record(job, "failed", "could not go on writing")
    with working(environment):
        until(lambda: states() == ["sent", "sent"])
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert sorted(set(ids)) == sorted(each.id for each in db.session.query(Delivery))
    assert ids.count(ids[0]) >= 2
    assert {each["type"] for each in receiver.messages} == {"storyboard.ready", "storyboard.failed"}


def test_the_worker_tries_again_and_mails_what_is_due(job, ada, receiver, office, environment):
    receiver.script = [500, 204]
    with transaction():
        events.record(job, "generated", "wrote 3 scenes")
        notices.tell(job, "comment", "commented on scene 1")
        notices.tell(job, "decision", "approved v2")
    with transaction():
        for each in db.session.query(Delivery).filter_by(channel="mail"):
            each.next_at = utcnow() - timedelta(seconds=1)
    with working(environment):
        until(lambda: states() == ["sent", "sent"], 120)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert [mail["Subject"] for mail in office.mails] == [f"{job.title}: 2 updates"]
