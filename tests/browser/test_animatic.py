"""The animatic of an approved board: rendered by the worker, shown without a reload, played by the browser."""

from __future__ import annotations

from playwright.sync_api import expect

from webapp.schemas.comments import CommentDraft
from webapp.services import comments


def test_an_approved_board_plays_its_animatic(visit, slate, ada, ben, board):
    job = board(2, words={"on_screen": "Ready"})
    here, there = visit(ben, f"/jobs/{job.id}"), visit(ada, f"/jobs/{job.id}")
    here.get_by_role("link", name="Approve").click()
    here.get_by_role("dialog", name="Approve").get_by_role("button", name="Approve").click()
    for page in (here, there):
        expect(page.locator("#job-film video")).to_be_visible(timeout=30_000)
    page = there
    film = page.locator("#job-film video")
    slate.until(lambda: film.evaluate("v => v.readyState >= 1"), 10)
    assert abs(film.evaluate("v => v.duration") - 6.0) < 0.001
    assert film.evaluate("v => [v.videoWidth, v.videoHeight]") == [1280, 720]
    film.evaluate("v => v.play()")
    slate.until(lambda: film.evaluate("v => v.currentTime > 0.3"), 10)
    comments.add(ben, job, CommentDraft(text="Lovely"))  # the board changes while it plays, and it plays on
    expect(page.locator("#notes-button")).to_contain_text("1", timeout=5000)
    slate.until(lambda: film.evaluate("v => v.currentTime > 2.5"), 10)
    assert film.evaluate("v => v.error") is None
    with page.expect_download() as download:
        page.locator("#job-film").get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".mp4")
    page.get_by_role("button", name="Reopen").click()
    page.get_by_role("dialog", name="Reopen?").get_by_role("button", name="Reopen").click()
    expect(page.locator("#job-film video")).to_have_count(0)
    expect(here.locator("#job-film video")).to_have_count(0, timeout=5000)
