"""Checks in a real browser: they follow what is typed, lead to the field, stand before the button that sends."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.pages import overflow, violations
from webapp.services import versions


def test_sending_with_warnings(visit, slate, ada, board):
    """One warning comes by typing, is followed into its field, cured; another goes out anyway."""
    job = board(3, client=slate.client(restrictions=["cheap", "guaranteed"]))
    page = visit(ada, f"/jobs/{job.id}")
    checks = page.locator("#job-checks")
    said = checks.locator("[data-code=forbidden-words]")
    expect(checks).to_be_visible()
    expect(said).to_have_count(0)

    page.locator("textarea[name=script]").nth(1).fill("It is cheap, guaranteed.")
    expect(said).to_have_count(2, timeout=5000)
    expect(said.first.locator("mark")).to_have_text("cheap")
    expect(page.locator("#board .marks a").nth(1)).to_have_accessible_name("3 checks in scene 2")
    said.first.get_by_role("link").click()
    expect(page.locator("textarea[name=script]").nth(1)).to_be_focused()
    page.locator("textarea[name=script]").nth(1).fill("It is guaranteed.")
    expect(said).to_have_count(1, timeout=5000)

    page.get_by_role("link", name="Send for review").click()
    dialog = page.get_by_role("dialog", name="Send for review")
    expect(dialog.locator(".send-checks")).to_contain_text("never says “guaranteed”")
    assert violations(page) == []
    dialog.locator("[data-code=forbidden-words] a").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("textarea[name=script]").nth(1)).to_be_focused()

    page.get_by_role("link", name="Send for review").click()
    dialog.get_by_label("Words to the reviewers").fill("Scene 2 first, please.")
    dialog.get_by_role("button", name="Send anyway").click()
    page.wait_for_url("**/share")
    version = slate.now(lambda: versions.sent(job))
    assert (version.number, version.note) == (1, "Scene 2 first, please.")

    page.goto(f"/jobs/{job.id}")
    expect(page.locator(".sent")).to_contain_text("Sent: v1, round 1")
    page.locator("textarea[name=script]").nth(2).fill("Other words")
    expect(page.locator(".sent .changed")).to_have_text("Changed since: scene 3", timeout=5000)
    expect(page.get_by_role("link", name="Send again")).to_be_visible()


def test_a_board_that_changed_under_the_dialog_is_looked_at_again(visit, slate, ada, eve, board):
    job = board(2)
    here, there = visit(ada, f"/jobs/{job.id}"), visit(eve, f"/jobs/{job.id}")
    here.get_by_role("link", name="Send for review").click()
    dialog = here.get_by_role("dialog", name="Send for review")
    dialog.get_by_label("Words to the reviewers").fill("Not lost")
    there.locator("textarea[name=script]").first.fill("Eve was here")
    expect(there.locator("#board .save").first).to_have_attribute("data-s", "saved")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_contain_text("changed while you were looking")
    expect(dialog.get_by_label("Words to the reviewers")).to_have_value("Not lost")
    dialog.get_by_role("button", name="Send").click()
    here.wait_for_url("**/share")
    assert slate.now(lambda: versions.sent(job)).note == "Not lost"


def test_checks_on_a_phone(visit, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}", viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    lines = page.locator("#job-checks .check-line")
    expect(lines.first).to_be_hidden()
    page.locator("#job-head").get_by_role("link", name="check").click()
    expect(lines.first).to_be_visible()
    page.locator("#job-coverage > summary").click()
    expect(page.locator("#job-coverage table")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) == 0
    expect(lines.first).to_be_visible()  # the polls since then left it open
