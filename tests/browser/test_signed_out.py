"""A session that ends while somebody types: sign in inside the page, and it saves by itself; a reload loses nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests import factories
from tests.browser.pages import violations
from webapp.extensions import db, transaction
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.sending import SendDraft
from webapp.services import passwords, review_links, sending, sign_ins


def with_password(who):
    kept = passwords.hashed(factories.PASSWORD)
    with transaction():
        db.session.merge(who).password_hash = kept
    return who


def first(page):
    return page.locator("#board > .scene").first


def sign_out_everywhere(who):
    with transaction():
        sign_ins.end_all(who)


def sign_in(page):
    dialog = page.locator("#sign-in-again")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Password").fill(factories.PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_be_hidden()


def test_signing_in_inside_the_page_saves_what_was_typed(visit, slate, ada, board):
    job = board(2)
    page = visit(with_password(ada), f"/jobs/{job.id}")
    page.faults.expect("401 (UNAUTHORIZED)")
    sign_out_everywhere(ada)
    first(page).locator("[name=script]").fill("Typed while signed out.")
    expect(page.locator("#sign-in-again")).to_be_visible()
    assert violations(page) == []
    expect(page.locator("html")).to_have_attribute("data-live", "out")
    sign_in(page)
    expect(first(page).locator(".save")).to_have_attribute("data-s", "saved")
    expect(page.locator("html")).to_have_attribute("data-live", "on")
    assert slate.texts(job)[0]["script"] == "Typed while signed out."


def test_a_reload_after_the_session_ended_brings_the_words_back(visit, slate, ada, board):
    job = board(2)
    page = visit(with_password(ada), f"/jobs/{job.id}")
    page.faults.expect("401 (UNAUTHORIZED)")
    sign_out_everywhere(ada)
    first(page).locator("[name=script]").fill("Typed, then reloaded.")
    expect(page.locator("#sign-in-again")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_label("E-mail").fill(ada.email)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(first(page).locator("[name=script]")).to_have_value("Typed, then reloaded.")
    expect(first(page).locator(".save")).to_have_attribute("data-s", "saved")
    assert slate.texts(job)[0]["script"] == "Typed, then reloaded."
    page.reload()
    expect(first(page).locator("[name=script]")).to_have_value("Typed, then reloaded.")


def test_a_double_click_posts_one_comment(visit, ada, board):
    job = board(2)
    sending.send(ada, job, SendDraft())
    _, token = review_links.create(ada, job, ReviewLinkDraft(name="Marketing"))
    page = visit(None, f"/r/{token}")
    page.get_by_label("Your name").fill("Rita")
    page.locator("#text-new").fill("Twice or once?")
    page.locator("#say .btn-primary").dblclick()
    expect(page.locator(".thread")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator(".thread")).to_have_count(1)
