"""Webhooks: what is told to whom, signed how, tried how often; against a real server on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.services.receivers import Receiver
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db, transaction
from webapp.models import Delivery, DeliveryState, JobStatus, Webhook, utcnow
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.jobs import JobDraft
from webapp.schemas.sending import SendDraft
from webapp.schemas.webhooks import MessageType, WebhookDraft
from webapp.services import (
    comments,
    decisions,
    deliveries,
    events,
    jobs,
    sending,
    signatures,
    sweep,
    tasks,
    webhooks,
)


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


@pytest.fixture
def settings(settings, receiver):
    """An operator who lets messages go to this machine, at this one port."""
    return replace(
        settings, fetch_allow="127.0.0.0/8", fetch_ports=str(receiver.port), public_url="https://slate.example"
    )


@pytest.fixture
def webhook(ada, receiver):
    return webhooks.add(ada, WebhookDraft(url=receiver.url))


@pytest.fixture
def job(ada):
    return factories.job(factories.client(), user_id=ada.id)


def record(job, kind="generated", text="wrote 3 scenes", **details):
    with transaction():
        return events.record(job, kind, text, **details)


def waiting():
    return list(db.session.query(Delivery).filter_by(state=DeliveryState.WAITING))


def attempt_all():
    for each in waiting():
        deliveries.attempt(each.id, each.attempts)


def only():
    db.session.rollback()
    return db.session.query(Delivery).one()


def verify(secret, headers, body):
    """The signature as the standard describes it, written down a second time."""
    key = base64.b64decode(secret.partition("_")[2])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return headers["webhook-signature"] == "v1," + base64.b64encode(
        hmac.new(key, signed, hashlib.sha256).digest()
    ).decode("ascii")


def test_an_event_becomes_one_signed_message(app, webhook, receiver, job, ada):
    scene = factories.scene(job)
    record(job, "redone", "wrote a new take of scene 1", by=ada, scene=scene, take=2)
    attempt_all()
    (headers, body), (message,) = receiver.got[0], receiver.messages
    assert verify(webhook.secret, headers, body)
    assert not verify(webhook.secret, headers, body + b" ")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 30
    assert headers["content-type"] == "application/json"
    assert (message["type"], message["timestamp"][-1]) == ("scene.redone", "Z")
    assert message["data"] == {
        "text": "wrote a new take of scene 1",
        "actor": "Ada Byron",
        "scene": {"id": scene.id, "number": 1},
        "take": {"number": 2},
        "job": {
            "id": job.id, "title": job.title, "status": "storyboard_ready", "approval": "none",
            "clientId": job.client_id, "campaignId": None, "url": f"https://slate.example/jobs/{job.id}",
        },
    }  # fmt: skip
    assert "example.com" not in json.dumps(message)  # nobody's e-mail address
    row = only()
    assert (row.state, row.attempts, row.error, row.id) == ("sent", 1, "", headers["webhook-id"])
    attempt_all()
    deliveries.attempt(row.id, 0)
    assert len(receiver.got) == 1


def test_creating_a_job_announces_it_as_it_stands(app, webhook, receiver, ada):
    draft = JobDraft(
        client_id=factories.client().id, product="P", audience="A", key_message="K", call_to_action="C", seconds=15
    )
    job = jobs.create(ada, draft)
    attempt_all()
    assert [(each["type"], each["data"]["job"]["id"]) for each in receiver.messages] == [("job.created", job.id)]
    assert receiver.messages[0]["data"]["job"]["status"] == "pending"


def test_what_people_do_is_told_as_the_job_stands_afterwards(app, webhook, receiver, job, ada, ben):
    scene = factories.scene(job)
    version = sending.send(ada, job, SendDraft(name="Round 1"))
    comment = comments.add(ben, job, CommentDraft(scene_id=scene.id, text="Too dark, ask ben@example.com"))
    comments.reply(ada, comment, CommentText(text="Will do"))
    comments.add(ada, job, CommentDraft(text="Only for us", is_internal=True))
    comments.answer(ada, comment, CommentText(text="Brighter now"))
    decision = decisions.decide(ben, job, factories.decision(job, kind="approve", reason="Lovely"))
    decisions.reopen(ada, job)
    attempt_all()
    found = {each["type"]: each["data"] for each in receiver.messages}
    assert sorted(each["type"] for each in receiver.messages) == [
        "comment.answered", "comment.created", "decision.recorded", "job.reopened", "version.sent",
    ]  # fmt: skip
    assert found["version.sent"]["version"] == {"number": version.number}
    assert found["comment.created"]["comment"] == {"id": comment.id}
    assert found["comment.created"]["scene"] == {"id": scene.id, "number": 1}
    assert found["decision.recorded"]["decision"] == {
        "id": decision.id, "kind": "approve", "reason": "Lovely", "decidedBy": ben.name,
        "contentHash": decision.content_hash,
    }  # fmt: skip
    stood = {kind: each["job"]["approval"] for kind, each in found.items()}
    assert (stood["version.sent"], stood["decision.recorded"], stood["job.reopened"]) == ("none", "approved", "none")
    assert "example.com" not in json.dumps(receiver.messages)


def test_only_what_was_asked_for_and_nothing_of_no_interest(app, webhook, receiver, job, ada):
    with transaction():
        webhook.kinds = ["storyboard.failed"]
    for kind in ("generated", "edited", "failed", "moved"):
        record(job, kind)
    record(job, "reopened", "reopened a comment", comment="1")
    assert [each.subject for each in waiting()] == ["storyboard.failed"]
    with transaction():
        webhook.kinds = []
    record(job, "edited")
    record(job, "reopened", "reopened the storyboard")
    record(job, "reopened", "reopened a comment", comment="1")
    assert sorted(each.subject for each in waiting()) == ["job.reopened", "storyboard.failed"]


def test_what_was_refused_announces_nothing(app, webhook, job, settings):
    def refused():
        with transaction():
            events.record(job, "generated", "wrote 3 scenes")
            raise Conflict("No.")

    with pytest.raises(Conflict):
        refused()
    assert waiting() == []
    assert not [each for each in tasks.client(settings.workflows_path).list_workflows() if "delivery" in each.name]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (500, "answered 500"),
        (404, "answered 404"),
        ("redirect", "redirects (302); Slate does not follow"),
        ("garbage", "not valid HTTP"),
    ],
)
def test_what_is_no_success_is_tried_again_later_with_the_same_id(app, webhook, receiver, job, answer, said):
    receiver.script = [answer, answer, 200]
    record(job)
    for tries in (1, 2):
        attempt_all()
        row = only()
        assert said in row.error
        assert (row.state, row.attempts) == ("waiting", tries)
        assert abs(row.next_at - utcnow() - deliveries.PAUSES[tries - 1]) < timedelta(seconds=10)
    attempt_all()
    assert (only().state, only().error) == ("sent", "")
    assert len(receiver.got) == 3
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    assert all(verify(webhook.secret, *each) for each in receiver.got)


def test_a_slow_one_is_left_at_the_deadline(app, webhook, receiver, job, monkeypatch):
    monkeypatch.setattr(deliveries, "POST_SECONDS", 0.5)
    receiver.script = ["slow"]
    record(job)
    began = time.monotonic()
    attempt_all()
    assert time.monotonic() - began < 3
    assert "took longer than 0.5 seconds" in only().error


def test_a_huge_answer_is_a_success_that_nobody_reads(app, webhook, receiver, job):
    receiver.script = ["huge"]
    record(job)
    began = time.monotonic()
    attempt_all()
    assert time.monotonic() - began < 3
    assert only().state == "sent"
    end = time.monotonic() + 5
    while not getattr(receiver, "hung_up", False):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_private_address_is_refused_and_asked_for_nothing(app, webhook, receiver, job, settings):
    """The control to all of the above, which FETCH_ALLOW lets through."""
    app.extensions["settings"] = replace(settings, fetch_allow="")
    record(job)
    attempt_all()
    assert "does not fetch from this address" in only().error
    assert receiver.got == []
    with pytest.raises(Invalid):
        webhooks.add(db.session.merge(factories.person("Al", "al@example.com")), WebhookDraft(url=receiver.url))


def test_nobody_there(app, ada, job, receiver, settings):
    webhooks.add(ada, WebhookDraft(url=receiver.url))
    receiver.server.shutdown()
    receiver.server.server_close()
    record(job)
    attempt_all()
    assert only().error == "The server does not answer."


def test_after_eight_tries_over_a_day_it_is_given_up_and_can_be_sent_again(app, ada, webhook, receiver, job):
    receiver.script = [503]
    record(job)
    for _ in range(12):
        attempt_all()
    row = only()
    assert (row.state, row.attempts, len(receiver.got)) == ("failed", 8, 8)
    assert timedelta(hours=20) < sum(deliveries.PAUSES, timedelta()) < timedelta(hours=28)
    assert deliveries.given_up(deliveries.WEBHOOK) == (1, "The address answered 503.")
    receiver.script = [200]
    webhooks.send_again(ada, webhook, row.id)
    attempt_all()
    assert only().state == "sent"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_gone_switches_it_off(app, ada, webhook, receiver, job):
    receiver.script = [410]
    record(job)
    record(job)
    attempt_all()
    assert [each.state for each in db.session.query(Delivery)] == ["failed", "failed"]
    assert len(receiver.got) == 1
    db.session.refresh(webhook)
    assert webhook.disabled_at is not None
    record(job)
    assert waiting() == []
    with pytest.raises(Conflict):
        webhooks.send_test(ada, webhook)
    webhooks.enable(ada, webhook)
    receiver.script = [200]
    webhooks.send_test(ada, webhook)
    attempt_all()
    assert receiver.messages[-1]["type"] == "webhook.test"


def test_switching_off_gives_up_what_waits_and_deleting_takes_it_away(app, ada, webhook, receiver, job):
    record(job)
    webhooks.disable(ada, webhook)
    assert (only().state, only().error) == ("failed", "The webhook was switched off.")
    webhooks.enable(ada, webhook)
    record(job)
    webhooks.delete(ada, webhook)
    attempt_all()
    assert db.session.query(Delivery).count() == 0
    assert receiver.got == []


def test_a_new_secret_signs_what_waits(app, ada, webhook, receiver, job):
    old = webhook.secret
    record(job)
    assert webhooks.rotate(ada, webhook) != old
    attempt_all()
    assert verify(webhook.secret, *receiver.got[0])
    assert not verify(old, *receiver.got[0])


def test_only_admins(app, ada, eve, webhook):
    for call in (webhooks.everything, lambda who: webhooks.find(who, webhook.id), webhooks.counts):
        call(ada)
        with pytest.raises(NotFound):
            call(eve)
    with pytest.raises(NotFound):
        webhooks.add(eve, WebhookDraft(url="https://example.com"))


def test_there_is_a_most(app, ada, webhook):
    with transaction():
        db.session.add_all(Webhook(url="https://example.com", secret="s") for _ in range(webhooks.MOST - 1))
    with pytest.raises(Invalid):
        webhooks.add(ada, WebhookDraft(url=webhook.url))


@pytest.mark.parametrize(
    "url", ["example.com", "ftp://example.com/", "https://a@example.com", "http://169.254.169.254/", "javascript:1"]
)
def test_addresses_that_no_message_goes_to(app, ada, settings, url):
    app.extensions["settings"] = replace(settings, fetch_ports="80,443")
    with pytest.raises((Invalid, ValueError)):
        webhooks.add(ada, WebhookDraft(url=url))
    assert db.session.query(Webhook).count() == 0


def test_the_secret_is_in_no_log_and_in_no_row_of_a_message(app, webhook, receiver, job, caplog):
    receiver.script = [500]
    with caplog.at_level(logging.DEBUG):
        record(job)
        attempt_all()
    assert webhook.secret not in caplog.text
    assert webhook.secret not in json.dumps(only().payload) + only().error


def test_the_sweep_puts_what_is_due_on_the_queue_once(app, webhook, job, settings):
    def queued():
        found = tasks.client(settings.workflows_path).list_workflows(name="delivery")
        return [each.workflow_id for each in found]

    record(job)
    row = only()
    assert queued() == [f"delivery-{row.id}-0"]
    sweep.sweep()
    assert len(queued()) == 1  # it has a minute
    with transaction():
        row.next_at = utcnow() - timedelta(minutes=5)
    sweep.sweep()
    assert len(queued()) == 1  # still on the queue: its turn will come
    client = tasks.client(settings.workflows_path)
    client.cancel_workflow(queued()[0])
    with transaction():
        row.next_at = utcnow() - timedelta(minutes=5)
    sweep.sweep()
    assert len(queued()) == 2  # the queue had lost it
    assert row.next_at > utcnow()


def test_old_messages_go_what_waits_stays(app, webhook, job):
    for _ in range(3):
        record(job)
    sent, failed, still = waiting()
    with transaction():
        sent.state, failed.state = DeliveryState.SENT, DeliveryState.FAILED
        for row in (sent, still):
            row.created_at = utcnow() - timedelta(days=31)
    assert deliveries.purge() == 1
    assert {each.id for each in db.session.query(Delivery)} == {failed.id, still.id}


def test_nothing_waits_for_a_webhook(app, webhook, receiver, job, monkeypatch):
    """A dead receiver costs the one who works nothing: the row is written, the rest is the worker's."""
    receiver.script = ["slow"]
    began = time.monotonic()
    with transaction():
        job.status = JobStatus.FAILED
        events.record(job, "failed", "could not go on writing")
    assert time.monotonic() - began < 2
    assert receiver.got == []
    assert len(waiting()) == 1


def test_the_lines_in_the_documentation_verify_what_slate_sends(app, webhook, receiver, job):
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    names: dict[str, Any] = {}
    exec(compile(code, "webhooks.md", "exec"), names)  # noqa: S102 - the lines people will copy
    record(job)
    attempt_all()
    headers, body = receiver.got[0]
    check = names["is_from_slate"]
    assert check(webhook.secret, headers, body)
    assert not check(webhook.secret, headers, body[:-1])
    assert not check(signatures.fresh_secret(), headers, body)
    assert not check(webhook.secret, headers | {"webhook-timestamp": str(int(time.time()) - 400)}, body)
    late = signatures.headers(webhook.secret, headers["webhook-id"], int(time.time()) - 400, body)
    assert not check(webhook.secret, late, body)


def test_the_documentation_names_every_type_and_no_other():
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
    assert set(re.findall(r"^\| `([a-z]+\.[a-z]+)`", page, re.MULTILINE)) == {*MessageType, webhooks.TEST}
