"""Two browsers on one board see each other, without a change of the board and without a reload."""

from __future__ import annotations

from playwright.sync_api import expect

SOON = 12_000


def test_two_people_see_each_other_come_type_and_go(visit, ada, eve, board):
    job = board(2)
    here = visit(ada, f"/jobs/{job.id}")
    expect(here.locator("#job-live")).to_be_attached()
    there = visit(eve, f"/jobs/{job.id}")
    expect(here.get_by_role("list", name="Also on this board")).to_contain_text("Eve Holt", timeout=SOON)
    expect(there.get_by_role("list", name="Also on this board")).to_contain_text("Ada Byron", timeout=SOON)
    expect(here.locator("#job-faces li")).to_have_count(1)

    there.locator("textarea[name=script]").nth(1).fill("Eve types here")
    expect(here.locator("#board .marks").nth(1)).to_contain_text("Eve Holt is typing", timeout=SOON)
    expect(here.locator("#board .marks").nth(0)).not_to_contain_text("typing")
    expect(here.locator("#board .marks").nth(1)).not_to_contain_text("typing", timeout=30_000)

    there.close()
    expect(here.locator("#job-faces li")).to_have_count(0, timeout=40_000)
