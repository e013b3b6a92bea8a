"""The board on a phone, on paper, with much and with long content, in every format."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.pages import overflow, settle
from webapp.extensions import db, transaction
from webapp.models import Take
from webapp.services import jobs

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihungsurkunde"


def covered(page, selector):
    """Return whether the dock lies over the element even when one has scrolled to the end."""
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    settle(page)
    bottom = page.locator(selector).last.bounding_box()
    dock = page.locator("#job-dock").bounding_box()
    return bottom["y"] + bottom["height"] > dock["y"]


def test_on_a_phone_nothing_is_cut_off_and_the_brief_folds(visit, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}", viewport=PHONE, has_touch=True, is_mobile=True)
    settle(page)
    assert overflow(page) == 0
    expect(page.locator("#job-brief")).to_be_hidden()
    page.get_by_text("Brief and assets").click()
    expect(page.locator("#job-brief")).to_be_visible()
    expect(page.locator("#job-brief")).to_contain_text("Real cold brew, ready before you are")
    page.get_by_text("Brief and assets").click()
    expect(page.locator("#job-brief")).to_be_hidden()
    assert not covered(page, "#board > li")
    page.locator("#job-dock").get_by_role("link", name="Request changes").click()
    dialog = page.get_by_role("dialog", name="Request changes")
    box = dialog.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    dialog.get_by_label("What should be different?").fill("Shorter")
    dialog.get_by_role("button", name="Request changes").click()
    expect(page.locator("#job-dock")).to_contain_text("Changes requested by Ada Byron: Shorter")


def test_touch_targets_are_large_enough_for_thumbs(visit, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}", viewport=PHONE, has_touch=True, is_mobile=True)
    boxes = page.locator(".scene-f :is(button, a, summary):visible, .dock .btn:visible").evaluate_all(
        """all => all.map(e => {
          const b = e.getBoundingClientRect();
          return [e.ariaLabel ?? e.textContent, b.width, b.height];
        })"""
    )
    assert boxes
    assert [box for box in boxes if box[2] < 40] == []


def test_at_every_width_the_dock_leaves_the_last_row_free(visit, ada, board):
    job = board(4)
    page = visit(ada, f"/jobs/{job.id}")
    for width in (1440, 1100, 800, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert not covered(page, "#board > li"), width
        assert overflow(page) == 0, width


def test_the_dock_is_above_toasts_and_both_can_be_used(visit, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}", viewport=PHONE)
    page.locator("#board > .scene").first.locator("summary").click()
    page.locator("#board > .scene").first.get_by_role("button", name="Delete").click()
    toast, dock = page.locator(".toast"), page.locator("#job-dock")
    expect(toast).to_be_visible()
    settle(page)
    assert toast.bounding_box()["y"] + toast.bounding_box()["height"] <= dock.bounding_box()["y"]


def test_on_paper_there_are_three_scenes_a_row_and_no_tools(visit, ada, board):
    job = board(5)
    scene = jobs.scenes(job)[0]
    with transaction():
        db.session.add(Take(scene_id=scene.id, number=2, source="redo", waiting=True, duration_ms=3000))
    page = visit(ada, f"/jobs/{job.id}")
    expect(page.locator(".waiting-take")).to_be_visible()
    page.emulate_media(media="print")
    for selector in (".topbar", ".brief", "#job-dock", ".tools", ".scene-f", ".scene-add", "#toasts", ".waiting-take"):
        expect(page.locator(selector).first, selector).to_be_hidden()
    tops = page.locator("#board > .scene").evaluate_all(
        "cards => cards.map(c => Math.round(c.getBoundingClientRect().top))"
    )
    assert [tops.count(top) for top in dict.fromkeys(tops)] == [3, 2]
    expect(page.locator("#board [name=script]").first).to_be_visible()
    fits = page.locator("#board textarea").evaluate_all("all => all.every(t => t.scrollHeight <= t.clientHeight + 1)")
    assert fits, "every word is on the paper"


@pytest.mark.parametrize(("ratio", "shape"), [("16:9", 16 / 9), ("9:16", 9 / 16), ("1:1", 1), ("4:5", 4 / 5)])
def test_the_frame_has_the_shape_of_the_format(visit, ada, board, ratio, shape):
    job = board(2, ratio=ratio)
    page = visit(ada, f"/jobs/{job.id}")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        box = page.locator("#board .frame").first.bounding_box()
        assert box["width"] / box["height"] == pytest.approx(shape, rel=0.02)
        assert overflow(page) == 0


def test_thirty_scenes_with_long_words_fit(visit, slate, ada, board):
    client = slate.client(name=LONG)
    job = board(
        30, client=client, words={"on_screen": LONG, "beat": "cta", "shot_type": "over-the-shoulder"}, title=LONG
    )
    for width in (1440, 390):
        page = visit(ada, f"/jobs/{job.id}", viewport={"width": width, "height": 900})
        settle(page)
        assert overflow(page) == 0, width
        outside = page.locator("#board > .scene").evaluate_all(
            """cards => cards.filter(card =>
              [...card.querySelectorAll("input, select, .chip, .beat, button")].some(e => {
              const a = e.getBoundingClientRect(), b = card.getBoundingClientRect();
              return a.width && (a.right > b.right + 1 || a.left < b.left - 1);
            })).length"""
        )
        assert outside == 0
    expect(page.locator("#board > .scene")).to_have_count(30)


def test_an_odd_number_leaves_no_empty_box_on_a_phone(visit, ada, board):
    page = visit(ada, f"/clients/{board(1).client_id}/delete", viewport=PHONE)
    row, last = page.locator(".stats").bounding_box(), page.locator(".stats > div").last.bounding_box()
    assert page.locator(".stats > div").count() == 3
    assert last["x"] - row["x"] <= 1
    assert row["x"] + row["width"] - last["x"] - last["width"] <= 1


def test_the_ring_around_the_voice_over_leaves_the_meter_free(visit, ada, board):
    page = visit(ada, f"/jobs/{board(1).id}")
    field = page.locator("#board [name=script]").first
    field.focus()
    line = page.locator("#board .line-vo").first.bounding_box()
    meter = page.locator("#board .fit p").first.bounding_box()
    ring = 4
    assert meter["y"] >= line["y"] + line["height"] + ring
