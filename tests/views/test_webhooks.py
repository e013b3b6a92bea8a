"""The webhooks of a Slate, for admins: add, look, test, change, switch off, delete."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from tests.services.receivers import Receiver
from webapp.extensions import db
from webapp.models import Delivery, Webhook
from webapp.services import deliveries


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


@pytest.fixture
def settings(settings, receiver):
    return replace(settings, fetch_allow="127.0.0.0/8", fetch_ports=str(receiver.port))


@pytest.fixture
def admin(browse, ada):
    return browse(ada)


def soup(response, status=200):
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def add(admin, receiver, **typed):
    page = soup(admin.post("/webhooks", data={"url": receiver.url, **typed}))
    return db.session.query(Webhook).one(), page


def attempt():
    for each in db.session.query(Delivery).filter_by(state="waiting"):
        deliveries.attempt(each.id, each.attempts)


def test_the_empty_page_teaches(admin):
    page = soup(admin.get("/webhooks"))
    assert "No webhooks yet" in page.text
    assert [each["value"] for each in page.select("[name=kinds]")][:2] == ["job.created", "storyboard.ready"]


def test_only_admins_know_of_it(browse, eve, ben):
    for who in (eve, ben):
        assert browse(who).get("/webhooks").status_code == 404
        assert browse(who).post("/webhooks", data={"url": "https://example.com"}).status_code == 404
        assert "/webhooks" not in browse(who).get("/account").text


def test_the_secret_is_shown_once(admin, receiver):
    made, page = add(admin, receiver, kinds=["decision.recorded", "comment.created"])
    secret = page.select_one("#secret")["value"]
    assert secret == made.secret
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert made.kinds == ["comment.created", "decision.recorded"]
    for path in ("/webhooks", f"/webhooks/{made.id}", f"/webhooks/{made.id}/deliveries"):
        answer = admin.get(path)
        assert answer.status_code == 200
        assert secret[6:] not in answer.text
    assert "Comment, Decision" in admin.get("/webhooks").text
    fresh = soup(admin.post(f"/webhooks/{made.id}/secret")).select_one("#secret")["value"]
    assert fresh not in (secret, "")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "example.com/hook"}, "url"),
        ({"url": "http://10.0.0.1/hook"}, "url"),
        ({"url": "https://user:pw@example.com/"}, "url"),
        ({"url": "https://example.com/" + "x" * 2000}, "url"),
        ({"kinds": ["everything"]}, "kinds"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(admin, receiver, typed, field):
    typed = {"url": receiver.url, "kinds": ["job.created"]} | typed
    page = soup(admin.post("/webhooks", data=typed), 422)
    assert page.select_one(f"#f-{field}-error")
    assert page.select_one("[name=url]")["value"] == typed["url"]
    assert db.session.query(Webhook).count() == 0


def test_a_test_is_sent_and_its_fate_is_shown(admin, receiver):
    made, _ = add(admin, receiver)
    receiver.script = [500, 204]
    assert admin.post(f"/webhooks/{made.id}/tests").status_code == 303
    page = soup(admin.get(f"/webhooks/{made.id}"))
    assert "On its way" in page.text
    assert page.select_one("#deliveries")["hx-trigger"] == "every 2s"
    attempt()
    page = soup(admin.get(f"/webhooks/{made.id}"))
    assert "The address answered 500." in page.text
    assert "Next try" in page.text
    assert not page.select_one("#deliveries").has_attr("hx-trigger")
    attempt()
    assert "Arrived" in soup(admin.get(f"/webhooks/{made.id}/deliveries")).text
    assert [each["type"] for each in receiver.messages] == ["webhook.test"] * 2


def test_what_was_given_up_shows_and_goes_again(admin, receiver):
    made, _ = add(admin, receiver)
    receiver.script = [500]
    admin.post(f"/webhooks/{made.id}/tests")
    for _ in range(deliveries.TRIES):
        attempt()
    assert "1 given up" in admin.get("/webhooks").text
    page = soup(admin.get(f"/webhooks/{made.id}"))
    receiver.script = [200]
    assert admin.post(page.select_one("#deliveries form")["action"]).status_code == 303
    attempt()
    assert "Arrived" in admin.get(f"/webhooks/{made.id}").text
    assert admin.post(f"/webhooks/{made.id}/deliveries/nothing/again").status_code == 404


def test_change_off_on_delete(admin, receiver):
    made, _ = add(admin, receiver)
    admin.post(f"/webhooks/{made.id}", data={"url": receiver.url + "&more=1", "kinds": "job.created"})
    db.session.refresh(made)
    assert (made.url, made.kinds) == (receiver.url + "&more=1", ["job.created"])
    refused = soup(admin.post(f"/webhooks/{made.id}", data={"url": "nonsense"}), 422)
    assert refused.select_one("[name=url]")["value"] == "nonsense"
    admin.post(f"/webhooks/{made.id}/deactivation")
    page = soup(admin.get(f"/webhooks/{made.id}"))
    assert "This webhook is off" in page.text
    assert not page.select("form[action$=tests]")
    assert admin.post(f"/webhooks/{made.id}/tests").status_code == 409
    admin.post(f"/webhooks/{made.id}/reactivation")
    assert soup(admin.get(f"/webhooks/{made.id}")).select("form[action$=tests]")
    assert admin.post(f"/webhooks/{made.id}/delete").status_code == 303
    assert db.session.query(Webhook).count() == 0
    assert admin.get(f"/webhooks/{made.id}").status_code == 404
