"""Reordering: by drag, by button, by keyboard; said aloud, seen elsewhere, put back when refused."""

from __future__ import annotations

from playwright.sync_api import expect


def order(page):
    return [each.get_attribute("value") for each in page.locator("#board [name=title]").all()]


def stored(slate, job):
    return [text["title"][-1] for text in slate.texts(job)]


def item(page, number):
    return page.locator(f"#board > .scene:has([name=title][value='Scene title {number}'])")


def test_by_the_arrow_buttons(visit, slate, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}")
    item(page, 1).get_by_label("Move later").click()
    expect(page.locator("#toasts")).to_contain_text("now at position 2 of 3")
    slate.until(lambda: stored(slate, job) == ["2", "1", "3"], 5)
    assert [title[-1] for title in order(page)] == ["2", "1", "3"]
    expect(item(page, 1).get_by_label("Move later")).to_be_focused()
    page.keyboard.press("Enter")
    slate.until(lambda: stored(slate, job) == ["2", "3", "1"], 5)
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Already the last")
    assert page.locator("#job-timeline a").evaluate_all("links => links.map(a => a.hash.slice(1))") == page.locator(
        "#board > .scene"
    ).evaluate_all("cards => cards.map(card => card.id)")


def test_by_alt_and_arrows_on_the_handle(visit, slate, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}")
    item(page, 3).locator(".grip").focus()
    page.keyboard.press("Alt+ArrowLeft")
    slate.until(lambda: stored(slate, job) == ["1", "3", "2"], 5)
    expect(item(page, 3).locator(".grip")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    slate.until(lambda: stored(slate, job) == ["3", "1", "2"], 5)
    expect(page.locator("[role=status]").filter(has_text="now at position 1 of 3")).to_have_count(1)


def test_by_drag(visit, slate, ada, eve, board):
    job = board(3)
    page, other = visit(ada, f"/jobs/{job.id}"), visit(eve, f"/jobs/{job.id}")
    grip = item(page, 3).locator(".grip")
    grip.scroll_into_view_if_needed()
    start, goal = grip.bounding_box(), item(page, 1).bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] - 60, start["y"] - 30, steps=6)
    page.mouse.move(goal["x"] + 30, goal["y"] + 120, steps=14)
    page.wait_for_timeout(250)
    page.mouse.up()
    slate.until(lambda: stored(slate, job) == ["3", "1", "2"], 5)
    assert [title[-1] for title in order(page)] == ["3", "1", "2"]
    expect(other.locator("#board > .scene").first.locator("[name=title]")).to_have_value("Scene title 3", timeout=2000)


def test_by_drag_on_a_board_that_was_opened_while_it_was_written(visit, slate, ada):
    from tests.browser.conftest import brief
    from webapp.services import jobs

    job = jobs.create(ada, brief(slate.client().id, num_scenes=3))
    page = visit(ada, f"/jobs/{job.id}")
    expect(page.locator("#board .grip")).to_have_count(3, timeout=20_000)
    expect(page.locator("#job-dock")).to_be_visible(timeout=20_000)
    before = [text["title"] for text in slate.texts(job)]
    start = page.locator("#board .grip").nth(2).bounding_box()
    goal = page.locator("#board > .scene").first.bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] - 60, start["y"] - 30, steps=6)
    page.mouse.move(goal["x"] + 30, goal["y"] + 120, steps=14)
    page.wait_for_timeout(250)
    page.mouse.up()
    slate.until(lambda: [text["title"] for text in slate.texts(job)] == [before[2], *before[:2]], 5)


def test_what_others_moved_can_be_moved_on(visit, slate, ada, eve, board):
    job = board(3)
    page, other = visit(ada, f"/jobs/{job.id}"), visit(eve, f"/jobs/{job.id}")
    item(page, 1).get_by_label("Move later").click()
    expect(other.locator("#board > .scene").nth(1).locator("[name=title]")).to_have_value("Scene title 1", timeout=3000)
    other.locator("#board > .scene").nth(1).get_by_label("Move later").click()
    slate.until(lambda: stored(slate, job) == ["2", "3", "1"], 5)
    expect(page.locator("#board > .scene").nth(2).locator("[name=title]")).to_have_value("Scene title 1", timeout=3000)


def test_a_lost_move_puts_the_old_order_back_and_says_so(visit, slate, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}")
    page.faults.expect_no_connection()
    page.route("**/position", lambda route: route.abort())
    item(page, 1).get_by_label("Move later").click()
    expect(page.locator("#toasts")).to_contain_text("the old order is back")
    assert [title[-1] for title in order(page)] == ["1", "2", "3"]
    assert stored(slate, job) == ["1", "2", "3"]
