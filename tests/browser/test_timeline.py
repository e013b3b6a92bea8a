"""Seconds traded on the timeline: by mouse, touch, keyboard and buttons."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.pages import violations
from webapp.extensions import transaction
from webapp.services import jobs


@pytest.fixture
def job(board):
    return board(3)


@pytest.fixture
def page(visit, ada, job):
    opened = visit(ada, f"/jobs/{job.id}")
    opened.locator(".strip").hover()
    return opened


def edges(page):
    return page.get_by_role("separator")


def shown(page):
    return page.locator(".strip [data-length]").all_inner_texts()


def kept(slate, job):
    return [ms / 1000 for ms in slate.now(lambda: [scene.take.duration_ms for scene in jobs.scenes(job)])]


def at(edge):
    box = edge.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def width(page):
    return page.locator(".strip li").first.bounding_box()["width"]


def test_an_edge_is_dragged_with_live_numbers_that_snap_to_a_tenth(page, slate, job):
    x, y = at(edges(page).first)
    per_second = width(page) / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + per_second * 0.52, y, steps=4)
    expect(page.locator(".strip [data-length]")).to_have_text(["3.5", "2.5", "3.0"])
    assert width(page) == pytest.approx(per_second * 3.5, abs=2)
    assert kept(slate, job) == [3, 3, 3]
    page.mouse.move(x - per_second * 5, y, steps=4)  # no further than a second
    expect(page.locator(".strip [data-length]")).to_have_text(["1.0", "5.0", "3.0"])
    page.mouse.move(x + per_second * 0.7, y, steps=4)
    page.mouse.up()
    slate.until(lambda: jobs.scenes(job)[0].take.duration_ms == 3700, 10)
    assert kept(slate, job) == [3.7, 2.3, 3]
    expect(page.locator("#board [name=seconds]").first).to_have_value("3.7")
    expect(page.locator(".strip [data-length]")).to_have_text(["3.7", "2.3", "3.0"])
    expect(page.locator("#board > .scene").first.locator(".fit")).to_have_attribute("data-ms", "3700")


def test_escape_puts_an_edge_back(page, slate, job):
    x, y = at(edges(page).first)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y, steps=3)
    assert shown(page)[0] != "3.0"
    page.keyboard.press("Escape")
    expect(page.locator(".strip [data-length]")).to_have_text(["3.0", "3.0", "3.0"])
    page.mouse.up()
    page.wait_for_timeout(700)
    assert kept(slate, job) == [3, 3, 3]


def test_arrow_keys_trade_tenths_and_shift_half_seconds(page, slate, job):
    edge = edges(page).nth(1)
    edge.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(edge).to_have_attribute("aria-valuenow", "3.6")
    expect(edge).to_have_attribute("aria-valuetext", "3.6 and 2.4 seconds")
    slate.until(lambda: jobs.scenes(job)[1].take.duration_ms == 3600, 10)
    assert kept(slate, job) == [3, 3.6, 2.4]
    assert slate.now(lambda: jobs.scenes(job)[1].take.number) == 2  # four keys, one take
    expect(edge).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    expect(page.locator(".strip [data-length]")).to_have_text(["3.0", "3.6", "2.4"])


def test_a_poll_does_not_pull_an_edge_out_of_the_hand(page, slate, job, eve):
    from webapp.schemas.scenes import SceneChange
    from webapp.services import scenes

    x, y = at(edges(page).first)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    before = shown(page)
    scenes.edit(eve, job, slate.now(lambda: jobs.scenes(job)[2]), SceneChange(title="Changed elsewhere"))
    expect(page.locator("#board [name=title]").nth(2)).to_have_value("Changed elsewhere", timeout=4000)
    assert shown(page) == before
    page.mouse.up()
    slate.until(lambda: jobs.scenes(job)[0].take.duration_ms > 3000, 10)


def test_what_is_refused_goes_back_and_says_why(page, slate, job, ada):
    from webapp.services import scenes

    edge = edges(page).first
    page.route("**/changes*", lambda route: route.abort())
    page.faults.expect_no_connection()
    scenes.lock(ada, job, slate.now(lambda: jobs.scenes(job)[1]), locked=True)
    edge.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#toasts")).to_contain_text("Scene 2 is locked")
    expect(page.locator(".strip [data-length]")).to_have_text(["3.0", "3.0", "3.0"])


def test_buttons_trade_half_seconds_and_end_at_a_second(page, slate, job):
    page.get_by_text("Trade seconds").click()
    give = page.get_by_role("button", name="of scene 2 to scene 1")
    for seconds in ("3.5", "4.0", "4.5", "5.0"):
        give.click()
        expect(page.locator(".strip [data-length]").first).to_have_text(seconds)
    expect(give).to_be_disabled()
    assert kept(slate, job) == [5, 1, 3]
    assert violations(page) == []


def test_a_finger_drags_an_edge_on_a_phone(visit, ada, slate, job):
    page = visit(ada, f"/jobs/{job.id}", viewport=PHONE, has_touch=True, is_mobile=True)
    x, y = at(edges(page).first)
    touch = page.context.new_cdp_session(page)
    for kind, to in (("touchStart", x), ("touchMove", x + 20), ("touchMove", x + 40), ("touchEnd", None)):
        points = [{"x": to, "y": y}] if to is not None else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    slate.until(lambda: jobs.scenes(job)[0].take.duration_ms > 3000, 10)
    assert sum(kept(slate, job)) == 9
    assert edges(page).first.bounding_box()["width"] >= 40
    assert violations(page) == []


def test_edges_beside_locked_scenes_and_without_javascript_are_not_there(visit, ada, slate, job, opened):
    with transaction():
        jobs.scenes(job)[1].locked = True
    assert edges(visit(ada, f"/jobs/{job.id}")).count() == 0
    with transaction():
        jobs.scenes(job)[1].locked = False
    page = visit(ada, f"/jobs/{job.id}", java_script_enabled=False)
    expect(page.locator(".edge").first).to_be_hidden()
    page.get_by_text("Trade seconds").click()
    page.get_by_role("button", name="of scene 1 to scene 2").click()
    expect(page.locator(".strip [data-length]")).to_have_text(["2.5", "3.5", "3.0"])
    assert kept(slate, job) == [2.5, 3.5, 3]
