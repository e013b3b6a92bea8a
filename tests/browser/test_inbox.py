"""The bell, the inbox and the webhooks in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from tests import factories
from tests.browser.conftest import PHONE, WIDE
from tests.browser.pages import overflow, violations
from webapp.extensions import db, transaction
from webapp.models import Delivery, Webhook, utcnow
from webapp.services import notices

TOUCH = 40
"""What a finger needs, in pixels."""


def tell(
    job, to, count=1, text="commented on scene 1: can the bottle come a second earlier, before the cut to the street?"
):
    for number in range(count):
        with transaction():
            notices.tell(job, ("comment", "failure", "decision")[number % 3], text, to=[to])


def inspect(page, what):
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    assert found == {"light": [], "dark": []}, what
    assert overflow(page) == 0, f"{what} is wider than the window"


def test_the_bell_counts_without_a_reload_and_leads_to_the_place(visit, slate, ada):
    job = factories.job(slate.client())
    scene = factories.scene(job)
    page = visit(ada, "/")
    expect(page.locator("#bell")).to_have_attribute("aria-label", "Inbox")
    with transaction():
        notices.tell(job, "comment", "commented on scene 1", to=[ada], scene=scene)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when one comes back to the tab
    expect(page.locator("#bell")).to_have_attribute("aria-label", "Inbox, 1 unread")
    page.locator("#bell").click()
    page.get_by_role("link", name="commented on scene 1").click()
    page.wait_for_url(f"**/jobs/{job.id}#scene-{scene.id}")
    expect(page.locator("#bell")).to_have_attribute("aria-label", "Inbox")


def test_without_javascript(visit, slate, ada):
    job = factories.job(slate.client())
    tell(job, ada, 2)
    page = visit(ada, "/inbox", java_script_enabled=False)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("0 unread")).to_be_visible()
    page.get_by_role("link", name="Unread").click()
    expect(page.get_by_role("heading", name="All read")).to_be_visible()


@pytest.fixture
def webhook(slate):
    """One with a message in every state; its address is one that Slate never asks, and it is gone afterwards."""
    later = utcnow() + timedelta(hours=2)
    with transaction():
        made = Webhook(url=f"http://10.0.0.1/{'a-long-path/' * 8}", secret="whsec_x", kinds=["job.reopened"])
        db.session.add(made)
        db.session.flush()
        for state, attempts in (("sent", 1), ("waiting", 0), ("waiting", 2), ("failed", 8)):
            error = "The server took longer than 10 seconds." if attempts > 1 else ""
            facts = {"state": state, "attempts": attempts, "error": error, "next_at": later}
            db.session.add(Delivery(channel="webhook", webhook_id=made.id, subject="job.created", **facts))
    yield made
    with transaction():
        db.session.execute(delete(Webhook))


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "narrow"])
def test_what_is_in_them_is_accessible(visit, slate, ada, webhook, size):
    tell(factories.job(slate.client()), ada, 32)
    for path in ("/inbox", "/inbox?page=2", "/webhooks", f"/webhooks/{webhook.id}"):
        page = visit(ada, path, viewport=size, reduced_motion="reduce", has_touch=size is PHONE)
        inspect(page, f"{path} at {size['width']}")
        if size is PHONE:
            links = page.locator("#bell, .inbox .card-link").all()
            assert [box for box in links if box.bounding_box()["height"] < TOUCH] == []
        page.context.close()
