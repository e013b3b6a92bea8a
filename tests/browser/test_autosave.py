"""Edit in place: saved only after the commit, never lost, never in conflict with oneself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from webapp.services import jobs, scenes


def first(page):
    return page.locator("#board > .scene").first


def saved(card):
    expect(card.locator(".save")).to_have_attribute("data-s", "saved", timeout=8000)


def fields_of(slate, job, number=0):
    return slate.texts(job)[number]


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("title", "A new title", ("title", "A new title")),
        ("description", "Rain. A red umbrella.\nTwo lines.", ("description", "Rain. A red umbrella.\nTwo lines.")),
        ("script", "“Ready?” – Ready.", ("script", "“Ready?” – Ready.")),
        ("on_screen", "<b>6:42</b>", ("on_screen", "<b>6:42</b>")),
        ("seconds", "4,5", ("duration_ms", 4500)),
        ("beat", "proof", ("beat", "proof")),
        ("shot_type", "wide", ("shot_type", "wide")),
        ("camera_move", "orbit", ("camera_move", "orbit")),
        ("transition", "dissolve", ("transition", "dissolve")),
    ],
)
def test_every_field_is_edited_in_place_and_survives_a_reload(visit, slate, ada, board, name, typed, kept):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    field = first(page).locator(f"[name={name}]")
    if field.evaluate("e => e.nodeName") == "SELECT":
        field.select_option(typed)
    else:
        field.fill(typed)
    saved(first(page))
    column, value = kept
    assert fields_of(slate, job)[column] == value
    page.reload()
    shown = first(page).locator(f"[name={name}]").input_value()
    assert shown == {"4,5": "4.5"}.get(typed, typed)
    expect(page.locator("#board .is-dirty")).to_have_count(0)


def test_saved_is_said_only_after_the_commit(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    slate.slow_down("PATCH", 1.0)
    first(page).locator("[name=script]").fill("Slowly")
    expect(first(page).locator(".save")).to_have_text("Unsaved")
    expect(first(page).locator(".save")).to_have_text("Saving")
    assert fields_of(slate, job)["script"] == "Words of 1."
    saved(first(page))
    assert fields_of(slate, job)["script"] == "Slowly"


def test_a_slow_server_has_no_conflict_with_the_own_saves(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    slate.slow_down("PATCH", 0.7)
    field = first(page).locator("[name=script]")
    field.fill("")
    for word in ("one ", "two ", "three ", "four "):
        field.press_sequentially(word, delay=20)
        page.wait_for_timeout(650)
    saved(first(page))
    page.wait_for_timeout(1200)
    saved(first(page))
    assert field.input_value() == "one two three four "
    assert fields_of(slate, job)["script"] == "one two three four"
    expect(first(page).locator(".conflict:not(:empty)")).to_have_count(0)
    expect(page.locator(".is-dirty")).to_have_count(0)


def test_typing_survives_what_others_do_to_this_card_another_card_and_the_order(visit, slate, ada, eve, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}")
    page.faults.expect_no_connection()
    page.route("**/scenes/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    one, two, _ = slate.now(lambda: jobs.scenes(job))
    field = page.locator(f"#v-{two.id}")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.type(" Unsaved words")
    from webapp.schemas.scenes import SceneChange

    scenes.edit(eve, job, one, SceneChange(title="Changed elsewhere"))
    scenes.edit(eve, job, two, SceneChange(title="New title", script="Their words"))
    expect(page.locator(f"#scene-{one.id} [name=title]")).to_have_value("Changed elsewhere", timeout=4000)
    expect(page.locator(f"#scene-{two.id} [name=title]")).to_have_value("New title", timeout=4000)
    assert field.input_value() == "Words of 2. Unsaved words"
    scenes.move(eve, job, two, 3)
    expect(page.locator("#board > .scene").nth(2)).to_have_id(f"scene-{two.id}", timeout=4000)
    assert field.input_value() == "Words of 2. Unsaved words"
    assert page.evaluate("document.activeElement.id") == f"v-{two.id}"
    page.keyboard.type("!")
    assert field.input_value() == "Words of 2. Unsaved words!"


def conflict(page, slate, eve, job):
    """Let Eve change the scene while this page cannot save, then let it save."""
    scene = slate.now(lambda: jobs.scenes(job))[1]
    page.faults.expect_no_connection()
    page.route("**/scenes/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    card = page.locator(f"#scene-{scene.id}")
    card.locator("[name=script]").fill("Mine")
    expect(card.locator(".save")).to_contain_text("no connection", timeout=4000)
    from webapp.schemas.scenes import SceneChange

    scenes.edit(eve, job, scene, SceneChange(script="Theirs"))
    page.unroute("**/scenes/*")
    card.locator("[name=script]").press("End")
    page.keyboard.type("!")
    expect(card.locator(".conflict:not(:empty)")).to_contain_text("Theirs", timeout=8000)
    expect(card.locator(".save")).to_have_attribute("data-s", "conflict")
    assert card.locator("[name=script]").input_value() == "Mine!"
    assert fields_of(slate, job, 1)["script"] == "Theirs"
    return card


def test_two_people_in_one_scene_see_both_texts_and_keep_mine(visit, slate, ada, eve, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    card = conflict(page, slate, eve, job)
    card.get_by_role("button", name="Keep mine").click()
    saved(card)
    assert fields_of(slate, job, 1)["script"] == "Mine!"
    expect(card.locator(".conflict:not(:empty)")).to_have_count(0)


def test_two_people_in_one_scene_take_theirs(visit, slate, ada, eve, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    page.on("dialog", lambda _dialog: pytest.fail("nothing unsaved is left to warn about"))
    card = conflict(page, slate, eve, job)
    card.get_by_text("Take theirs").click()
    expect(card.locator("[name=script]")).to_have_value("Theirs", timeout=8000)
    expect(card.locator(".conflict:not(:empty)")).to_have_count(0)
    card.locator("[name=script]").fill("Agreed")
    saved(card)
    assert fields_of(slate, job, 1)["script"] == "Agreed"


def test_what_cannot_be_saved_says_why_and_keeps_the_words(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    first(page).locator("[name=seconds]").fill("0")
    expect(first(page).locator(".conflict")).to_contain_text("1 to 180 seconds", timeout=4000)
    expect(first(page).locator(".save")).to_have_text("Not saved")
    expect(first(page).locator("[name=seconds]")).to_have_value("0")
    first(page).locator("[name=seconds]").fill("2")
    saved(first(page))
    expect(first(page).locator(".conflict:not(:empty)")).to_have_count(0)
    assert fields_of(slate, job)["duration_ms"] == 2000


def test_a_lost_connection_is_said_and_saved_by_itself_later(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    page.faults.expect_no_connection()
    page.route("**/scenes/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    first(page).locator("[name=script]").fill("On the train")
    expect(first(page).locator(".save")).to_contain_text("trying again", timeout=4000)
    page.unroute("**/scenes/*")
    saved(first(page))
    assert fields_of(slate, job)["script"] == "On the train"


def test_leaving_with_unsaved_words_asks_first_and_only_then(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.faults.expect_no_connection()
    page.route("**/scenes/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    first(page).locator("[name=script]").fill("Not yet")
    expect(first(page).locator(".save")).to_contain_text("trying again", timeout=4000)
    page.locator(".logo").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith(job.id)
    page.unroute("**/scenes/*")
    saved(first(page))
    page.locator(".logo").click()
    expect(page).to_have_url(slate.url + "/")
    assert asked == ["beforeunload"]


def test_two_browsers_see_each_others_changes_within_two_seconds(visit, slate, ada, eve, board):
    job = board(3)
    here, there = visit(ada, f"/jobs/{job.id}"), visit(eve, f"/jobs/{job.id}")
    first(here).locator("[name=script]").fill("Seen by both")
    saved(first(here))
    expect(first(there).locator("[name=script]")).to_have_value("Seen by both", timeout=2000)
    expect(first(there).locator(".conflict:not(:empty)")).to_have_count(0)
    first(there).locator("[name=script]").fill("And back")
    saved(first(there))
    expect(first(here).locator("[name=script]")).to_have_value("And back", timeout=2000)
    first(there).locator("[name=seconds]").fill("4")
    saved(first(there))
    expect(here.locator("#job-meter")).to_contain_text("10.0 s", timeout=2000)
    expect(here.locator("#job-meter")).to_contain_text("1.0 s too long")
    expect(first(here).locator(".tag-dur")).to_contain_text("4.0")


def test_an_open_choice_survives_a_poll_that_changes_its_card(visit, slate, ada, eve, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    scene = slate.now(lambda: jobs.scenes(job))[0]
    shot = first(page).locator("[name=shot_type]")
    shot.focus()
    page.evaluate("window.kept = document.activeElement")
    from webapp.schemas.scenes import SceneChange

    scenes.edit(eve, job, scene, SceneChange(script="Elsewhere"))
    expect(first(page).locator("[name=script]")).to_have_value("Elsewhere", timeout=3000)
    assert page.evaluate("document.activeElement === window.kept && window.kept.isConnected")
    page.keyboard.press("w")
    saved(first(page))
    assert fields_of(slate, job)["shot_type"] == "wide"
    assert fields_of(slate, job)["script"] == "Elsewhere"


def test_an_open_menu_stays_open_while_the_board_changes(visit, slate, ada, eve, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    scene = slate.now(lambda: jobs.scenes(job))[0]
    first(page).locator("summary").click()
    from webapp.schemas.scenes import SceneChange

    scenes.edit(eve, job, scene, SceneChange(script="Elsewhere"))
    expect(first(page).locator("[name=script]")).to_have_value("Elsewhere", timeout=3000)
    expect(first(page).get_by_role("button", name="Duplicate")).to_be_visible()
    first(page).get_by_role("button", name="Duplicate").click()
    expect(page.locator("#board > .scene")).to_have_count(3)
