"""Webhooks over the API: for admins; the secret is said once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests import factories
from tests.api.at_once import at_once
from tests.services.receivers import Receiver
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import Delivery, Webhook
from webapp.schemas.sending import SendDraft
from webapp.services import deliveries, sending, webhooks

PATH = "/webhooks"


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


@pytest.fixture
def settings(settings, receiver):
    return replace(settings, fetch_allow="127.0.0.0/8", fetch_ports=str(receiver.port))


def data(response, status=200):
    assert response.status_code == status, response.text
    return response.json["data"]


def add(program, receiver, **body):
    return data(program.post(PATH, json={"url": receiver.url, **body}), 201)


def attempt():
    for each in db.session.query(Delivery).filter_by(state="waiting"):
        deliveries.attempt(each.id, each.attempts)


def test_a_webhook_is_added_and_told(api, ada, eve, receiver):
    program = api(ada)
    response = program.post(PATH, json={"url": receiver.url, "events": ["version.sent"]})
    made = data(response, 201)
    assert (made["url"], made["events"], made["isActive"], made["waiting"]) == (
        receiver.url, ["version.sent"], True, 0,
    )  # fmt: skip
    job = factories.job(factories.client())
    factories.scene(job)
    sending.send(eve, job, SendDraft())
    attempt()
    assert [each["type"] for each in receiver.messages] == ["version.sent"]
    shown = data(program.get(response.headers["Location"]))
    assert (shown["sent"], shown["waiting"], shown["failed"]) == (1, 0, 0)
    (sent,) = data(program.get(f"{PATH}/{made['id']}/deliveries"))
    assert (sent["event"], sent["state"], sent["attempts"], sent["error"]) == ("version.sent", "sent", 1, None)


def test_the_secret_is_said_once(api, ada, receiver):
    program = api(ada)
    made = add(program, receiver)
    here = f"{PATH}/{made['id']}"
    assert made["secret"] == db.session.get(Webhook, made["id"]).secret
    fresh = data(program.post(f"{here}/secret"))["secret"]
    assert fresh == db.session.get(Webhook, made["id"]).secret != made["secret"]
    data(program.post(f"{here}/test"), 202)
    answers = [
        program.get(PATH),
        program.get(here),
        program.get(f"{here}/deliveries"),
        program.put(here, json={"events": []}),
        program.delete(here),
    ]
    assert {each.status_code for each in answers} == {200}
    assert [each for each in answers for secret in (fresh, made["secret"]) if secret[6:] in each.text] == []


def test_a_repeated_request_adds_one_and_does_not_say_its_secret_again(api, ada, receiver):
    program, headers = api(ada), {"Idempotency-Key": "hook-1"}
    first = data(program.post(PATH, json={"url": receiver.url}, headers=headers), 201)
    again = data(program.post(PATH, json={"url": receiver.url}, headers=headers), 201)
    assert again == first | {"secret": None}
    assert program.get(PATH).json["meta"]["total"] == 1


def test_two_changes_at_the_same_moment_are_both_kept(api, ada, receiver):
    program = api(ada)
    here = f"{PATH}/{add(program, receiver)['id']}"
    moved = f"{receiver.url}/new"
    for url, events, active in ((moved, ["job.created"], False), (receiver.url, [], True)):
        asked = [{"url": url}, {"events": events}, {"isActive": active}]
        assert at_once(*(lambda body=body: program.put(here, json=body) for body in asked)) == [200, 200, 200]
        made = data(program.get(here))
        assert (made["url"], made["events"], made["isActive"]) == (url, events, active)


def test_a_change_is_made_whole_or_not_at_all(api, ada, receiver, monkeypatch):
    program = api(ada)
    here = f"{PATH}/{add(program, receiver)['id']}"

    def fail(*_):
        raise Conflict("The disk is gone.")

    monkeypatch.setattr(webhooks, "disable", fail)
    assert program.put(here, json={"url": f"{receiver.url}/new", "isActive": False}).status_code == 409
    assert data(program.get(here))["url"] == receiver.url


def test_a_change_touches_only_what_is_given(api, ada, receiver):
    program = api(ada)
    made = add(program, receiver, events=["version.sent"])
    here = f"{PATH}/{made.pop('id')}"
    del made["secret"]
    moved = data(program.put(here, json={"url": f"{receiver.url}/new"}))
    assert {name: moved[name] for name in made} == made | {"url": f"{receiver.url}/new"}
    assert data(program.put(here, json={"events": ["job.created"]}))["events"] == ["job.created"]
    off = data(program.put(here, json={"isActive": False}))
    assert (off["isActive"], bool(off["disabledAt"]), off["events"]) == (False, True, ["job.created"])
    assert program.post(f"{here}/test").status_code == 409
    assert data(program.put(here, json={"isActive": True}))["isActive"] is True


def test_a_test_is_sent_and_what_goes_is_gone(api, ada, receiver):
    program = api(ada)
    here = f"{PATH}/{add(program, receiver)['id']}"
    assert data(program.post(f"{here}/test"), 202) is None
    attempt()
    assert [each["type"] for each in receiver.messages] == ["webhook.test"]
    assert data(program.delete(here)) is None
    assert program.get(here).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": ""}, "url"),
        ({"url": "example"}, "url"),
        ({"url": "ftp://example.com"}, "url"),
        ({"url": "http://192.168.0.1/hook"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"url": "https://example.com/", "events": "version.sent"}, "events"),
        ({"url": "https://example.com/", "events": ["job.eaten"]}, "events.0"),
        ({"url": "https://example.com/", "kinds": []}, "kinds"),
    ],
)
def test_what_is_wrong_is_named_and_adds_nothing(api, ada, body, field):
    response = api(ada).post(PATH, json=body)
    assert (response.status_code, set(response.json["meta"]["fields"])) == (422, {field}), response.text
    assert db.session.query(Webhook).count() == 0


@pytest.mark.parametrize(
    ("method", "tail"),
    [
        ("GET", ""), ("POST", ""), ("GET", "/W"), ("PUT", "/W"), ("DELETE", "/W"),
        ("POST", "/W/test"), ("POST", "/W/secret"), ("GET", "/W/deliveries"),
    ],
)  # fmt: skip
def test_only_admins_know_of_them(api, ada, eve, ben, receiver, method, tail):
    made = add(api(ada), receiver)
    where, body = PATH + tail.replace("W", made["id"]), {"url": "https://example.com/"}
    options = {"json": body} if method in ("POST", "PUT") else {}
    assert api(None).open(method, where, **options).status_code == 401
    for who in (eve, ben):
        assert api(who).open(method, where, **options).status_code == 404
    kept = db.session.get(Webhook, made["id"])
    assert (kept.url, kept.secret) == (receiver.url, made["secret"])
    if tail.startswith("/W"):
        assert api(ada).open(method, where.replace(made["id"], "nowhere"), **options).status_code == 404
