"""The main job by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect

from webapp.services import decisions


def tab_to(page, locator, limit=150):
    """Press Tab until this element has the focus; somebody without a mouse has no other way."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if locator.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{locator} cannot be reached with Tab")


def test_a_storyboard_from_the_form_to_the_approval(visit, slate, ada):
    client = slate.client(name="Keys and Co")
    page = visit(ada, f"/jobs/new?client={client.id}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Product"))
    page.keyboard.type("A quiet keyboard")
    page.keyboard.press("Tab")
    page.keyboard.type("People in open offices")
    page.keyboard.press("Tab")
    page.keyboard.type("Nobody hears you type")
    page.keyboard.press("Tab")
    page.keyboard.type("Try one at keys.example")
    tab_to(page, page.get_by_label("30 s"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Length in seconds")).to_have_value("15")
    tab_to(page, page.get_by_role("button", name="Create storyboard"))
    page.keyboard.press("Enter")
    expect(page.locator("#board > .scene:not(.scene-wip)")).to_have_count(3, timeout=20_000)
    expect(page.locator("#job-dock")).to_be_visible(timeout=20_000)
    job_id = page.url.rsplit("/", 1)[1]

    first = page.locator("#board > .scene").first
    tab_to(page, first.locator("[name=script]"))
    page.keyboard.press("Control+A")
    page.keyboard.type("Listen.")
    expect(first.locator(".save")).to_have_attribute("data-s", "saved")
    tab_to(page, first.get_by_label("Redo with feedback"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Redo scene 1")
    expect(dialog.get_by_label("Feedback")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(first.get_by_label("Redo with feedback")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(first.get_by_role("button", name="Duplicate")).to_be_visible()
    page.keyboard.press("Escape")
    expect(first.get_by_role("button", name="Duplicate")).to_be_hidden()
    expect(first.locator("summary")).to_be_focused()

    tab_to(page, page.get_by_role("link", name="Approve"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Approve this storyboard?")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#job-dock")).to_contain_text("Approved by Ada Byron")
    from webapp.extensions import db
    from webapp.models import Job

    assert slate.now(lambda: decisions.latest(db.session.get_one(Job, job_id))).kind == "approve"
