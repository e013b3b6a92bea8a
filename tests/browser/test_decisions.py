"""Approve, ask for changes, reject, reopen: in the dialog, seen by everybody, nothing lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

from playwright.sync_api import expect

from webapp.services import decisions


def test_an_approval_freezes_the_board_in_the_other_browser_too(visit, slate, ada, ben, board):
    job = board(2)
    here, there = visit(ben, f"/jobs/{job.id}"), visit(ada, f"/jobs/{job.id}")
    expect(there.locator("form.script")).to_have_count(2)
    here.get_by_role("link", name="Approve").click()
    dialog = here.get_by_role("dialog", name="Approve this storyboard?")
    dialog.get_by_role("button", name="Approve").click()
    expect(dialog).to_be_hidden()
    expect(here.locator("#job-dock")).to_contain_text("Approved by Ben Berg")
    expect(there.locator("#job-dock")).to_contain_text("Approved by Ben Berg", timeout=3000)
    expect(there.locator("form.script")).to_have_count(0)
    expect(there.locator("#board [data-move], #board .grip, #add-scene")).to_have_count(0)
    expect(there.get_by_role("button", name="Write anew")).to_have_count(0)
    expect(there.locator("#board")).to_contain_text("Words of 2.")
    decision = slate.now(lambda: decisions.latest(job))
    assert (decision.decided_by, decision.reason) == ("Ben Berg", "")


def test_a_frozen_board_is_reopened_after_a_question(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    page.get_by_role("link", name="Approve").click()
    page.get_by_role("dialog", name="Approve").get_by_label("Note").fill("Lovely")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#job-dock")).to_contain_text("Approved by Ada Byron")
    page.get_by_role("button", name="Reopen").click()
    page.get_by_role("dialog", name="Reopen?").get_by_role("button", name="Reopen").click()
    expect(page.locator("form.script")).to_have_count(2)
    expect(page.get_by_role("button", name="Write anew")).to_be_visible()
    page.locator("[name=script]").first.fill("Changed after all")
    expect(page.locator("#board .save").first).to_have_attribute("data-s", "saved")
    expect(page.locator("#job-head")).to_contain_text("Changed since approval: scene 1", timeout=3000)
    expect(page.locator("#job-dock")).to_contain_text("v1 approved by Ada Byron; changed since: scene 1")
    page.get_by_label("Move later").first.click()
    expect(page.locator("#board [name=title]").first).to_have_value("Scene title 2")
    slate.until(lambda: slate.texts(job)[0]["title"] == "Scene title 2", 5)


def test_a_request_without_a_reason_is_an_error_in_the_dialog(visit, slate, ada, ben, board):
    job = board(2)
    page = visit(ben, f"/jobs/{job.id}")
    page.get_by_role("link", name="Request changes").click()
    dialog = page.get_by_role("dialog", name="Request changes")
    reason = dialog.get_by_label("What should be different?")
    reason.fill("   ")
    dialog.get_by_role("button", name="Request changes").click()
    expect(dialog.locator(".error")).to_contain_text("Say what should be different")
    expect(dialog).to_be_visible()
    expect(reason).to_be_focused()
    reason.fill("Shorter hook, please.")
    dialog.get_by_role("button", name="Request changes").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#job-dock")).to_contain_text("Changes requested by Ben Berg: Shorter hook, please.")
    assert slate.now(lambda: job.approval) == "changes_requested"


def test_a_decision_about_words_that_changed_meanwhile_is_refused(visit, slate, ada, ben, board):
    from webapp.schemas.scenes import SceneChange
    from webapp.services import jobs, scenes

    job = board(2)
    page = visit(ben, f"/jobs/{job.id}")
    page.get_by_role("link", name="Approve").click()
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Other words"))
    expect(page.locator("#board")).to_contain_text("Other words", timeout=3000)
    page.get_by_role("dialog", name="Approve").get_by_role("button", name="Approve").click()
    dialog = page.get_by_role("dialog", name="Approve")
    expect(dialog.get_by_role("alert")).to_contain_text("The storyboard changed while you were looking at it.")
    assert slate.now(lambda: job.approval) == "none"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Approve").click()
    page.get_by_role("dialog", name="Approve").get_by_role("button", name="Approve").click()
    expect(page.locator("#job-dock")).to_contain_text("Approved by Ben Berg")


def test_a_decision_follows_what_the_page_has_shown(visit, slate, ada, ben, board):
    from webapp.schemas.scenes import SceneChange
    from webapp.services import jobs, scenes

    job = board(2)
    page = visit(ben, f"/jobs/{job.id}")
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Other words"))
    expect(page.locator("#board")).to_contain_text("Other words", timeout=3000)
    page.get_by_role("link", name="Approve").click()
    page.get_by_role("dialog", name="Approve").get_by_role("button", name="Approve").click()
    expect(page.locator("#job-dock")).to_contain_text("Approved by Ben Berg")


def test_a_reviewer_reads_and_decides_and_sees_no_tools(visit, slate, ben, board):
    job = board(2)
    page = visit(ben, f"/jobs/{job.id}")
    expect(page.locator("#board > .scene")).to_have_count(2)
    expect(page.locator("form.script, #add-scene, .grip, [data-move]")).to_have_count(0)
    expect(page.get_by_label("Redo with feedback")).to_have_count(0)
    expect(page.get_by_label("Edit brief")).to_have_count(0)
    page.get_by_label("Takes of").first.click()
    dialog = page.get_by_role("dialog", name="Takes of scene 1")
    expect(dialog.locator(".take")).to_have_count(1)
    expect(dialog.get_by_role("button", name="Use this take")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Reject").click()
    page.get_by_role("dialog", name="Reject").get_by_label("Why?").fill("Off brand")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#job-dock")).to_contain_text("Rejected by Ben Berg: Off brand")


def test_approve_edit_changed_since_in_both_browsers_and_on_the_certificate(visit, slate, ada, ben, board):
    job = board(5)
    here, there = visit(ben, f"/jobs/{job.id}"), visit(ada, f"/jobs/{job.id}")
    for page in (here, there):
        page.faults.expect("/animatic?k=")  # a player that was just shown may ask for the film after it was dropped
    here.get_by_role("link", name="Approve").click()
    dialog = here.get_by_role("dialog", name="Approve this storyboard?")
    expect(dialog.locator("#approving")).to_contain_text("15.0 s of 15 s")
    digest = here.locator("#job-dock").get_attribute("data-seen")
    expect(dialog.locator("#approving")).to_contain_text(digest[:12])
    dialog.get_by_role("button", name="Approve").click()
    expect(there.locator("#job-dock")).to_contain_text("Approved by Ben Berg", timeout=5000)
    there.get_by_role("button", name="Reopen").click()
    there.get_by_role("dialog", name="Reopen?").get_by_role("button", name="Reopen").click()
    for number in (2, 5):
        there.locator("[name=script]").nth(number - 1).fill("Changed after all")
        expect(there.locator("#board .save").nth(number - 1)).to_have_attribute("data-s", "saved")
    for page in (here, there):
        expect(page.locator("#job-head")).to_contain_text("Changed since approval: scenes 2, 5", timeout=5000)
        expect(page.locator("#job-dock")).to_contain_text("v1 approved by Ben Berg; changed since: scenes 2, 5")
    assert slate.now(lambda: job.approval) == "none"
    here.locator("#job-dock").get_by_role("link", name="Certificate").click()
    sheet = here.get_by_role("article", name="Certificate of approval")
    expect(sheet).to_contain_text("Changed since: scenes 2, 5")
    expect(sheet).to_contain_text(digest)
    expect(sheet).to_contain_text("Words of 2.")
    with here.expect_download() as download:
        here.get_by_role("link", name="storyboard.json").first.click()
    assert hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest() == digest


def test_the_approval_that_is_asked_for_follows_the_board(visit, ada, ben, board):
    from webapp.schemas.scenes import SceneChange
    from webapp.services import jobs, scenes

    job = board(2)
    page = visit(ben, f"/jobs/{job.id}")
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(seconds=5))
    expect(page.locator("#job-head")).to_contain_text("8.0 s", timeout=3000)
    page.get_by_role("link", name="Approve").click()
    expect(page.get_by_role("dialog", name="Approve").locator("#approving")).to_contain_text("8.0 s of 6 s")
