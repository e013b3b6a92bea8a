"""What one does to a scene on the board: redo, takes, add, copy, delete, lock, assets, all anew."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from webapp.extensions import transaction
from webapp.models import TakeSource
from webapp.services import assets, jobs, takes
from webapp.services.storyboards import content


def card(page, number):
    return page.locator("#board > .scene").nth(number - 1)


def choose(page, number, words):
    card(page, number).locator("summary").click()
    card(page, number).get_by_role("button", name=words).or_(card(page, number).get_by_role("link", name=words)).click()


def titles(page):
    return [field.input_value() for field in page.locator("#board [name=title]").all()]


def test_a_redo_waits_is_compared_and_used(visit, slate, ada, eve, board):
    job = board(3)
    page, other = visit(ada, f"/jobs/{job.id}"), visit(eve, f"/jobs/{job.id}")
    before = slate.texts(job)
    card(page, 2).get_by_label("Redo with feedback").click()
    dialog = page.get_by_role("dialog", name="Redo scene 2")
    expect(dialog.get_by_label("Feedback")).to_be_focused()
    page.keyboard.type("More energetic, and mention the green cap")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    for each in (page, other):  # by itself, and not a word changes
        expect(card(each, 2).locator(".waiting-take")).to_contain_text("Take 2 is ready", timeout=15_000)
        expect(card(each, 2).locator("[name=script]")).to_have_value(before[1]["script"])
    expect(card(page, 2).get_by_text("Writing a new take")).to_have_count(0)
    assert slate.texts(job) == before
    card(page, 2).get_by_role("link", name="Compare").click()
    compared = page.get_by_role("dialog", name="Scene 2: take 1 and take 2")
    expect(compared.locator("del").first).to_be_visible()
    expect(compared.locator("ins").first).to_be_visible()
    compared.get_by_label("Use title of take 2").uncheck()
    compared.get_by_role("button", name="Use this take").click()
    expect(compared).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("Scene 2 shows take 3")
    after = slate.texts(job)
    assert (after[1]["title"], after[1]["script"] != before[1]["script"]) == (before[1]["title"], True)
    assert [after[0], after[2]] == [before[0], before[2]]
    for each in (page, other):
        expect(card(each, 2).locator("[name=script]")).to_have_value(after[1]["script"])
        expect(card(each, 2).locator(".waiting-take")).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(card(page, 2).locator("[name=script]")).to_have_value(before[1]["script"])
    assert slate.texts(job) == before


def test_the_present_take_is_kept_and_another_one_asked_for(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    with transaction():
        scene = jobs.scenes(job)[0]
        words = content(scene.take) | {"script": "Something else."}
        takes.propose(job, scene, words, TakeSource.REDO, origin="a redo", feedback="louder")
    card(page, 1).get_by_role("link", name="Compare").click()
    page.get_by_role("dialog").get_by_role("link", name="Another one").click()
    again = page.get_by_role("dialog", name="Redo scene 1")
    expect(again.get_by_label("Feedback")).to_have_value("louder")
    page.keyboard.press("Escape")
    card(page, 1).get_by_role("link", name="Compare").click()
    page.get_by_role("button", name="Keep current").click()
    expect(card(page, 1).locator(".waiting-take")).to_have_count(0)
    assert slate.texts(job)[0]["script"] == "Words of 1."


def test_the_keyboard_undoes_and_does_again_but_not_in_a_text_field(visit, slate, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}")
    choose(page, 2, "Delete")
    expect(page.locator("#board > .scene")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("button", name="Undo: deleted scene 2")).to_be_enabled()
    title = card(page, 1).locator("[name=title]")
    title.click()
    page.keyboard.type("!")
    page.keyboard.press("Control+z")
    expect(title).to_have_value("Scene title 1")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Control+z")
    expect(page.locator("#board > .scene")).to_have_count(3)
    assert titles(page) == ["Scene title 1", "Scene title 2", "Scene title 3"]
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#board > .scene")).to_have_count(2)
    expect(page.get_by_role("button", name="Undo: deleted scene 2")).to_be_enabled()
    assert len(slate.texts(job)) == 2


def test_a_version_is_kept_compared_and_restored(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    page.get_by_role("link", name="Keep this version").click()
    dialog = page.get_by_role("dialog", name="Keep this version")
    dialog.get_by_label("Name").fill("Sent to client, round 2")
    dialog.get_by_role("button", name="Keep version").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".versions")).to_contain_text("Sent to client, round 2")
    before = slate.texts(job)
    card(page, 1).locator("[name=script]").fill("Other words")
    expect(card(page, 1).locator(".save")).to_have_attribute("data-s", "saved")
    page.locator(".versions a").click()
    expect(page.locator(".board-diff ins")).to_have_text(" added: Other words")
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Restore version 1").click()
    expect(card(page, 1).locator("[name=script]")).to_have_value("Words of 1.")
    expect(page.locator(".versions li")).to_have_count(3)
    assert slate.texts(job) == before


def test_an_earlier_take_comes_back_and_undo_takes_it_away_again(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    script = card(page, 1).locator("[name=script]")
    script.fill("The second take")
    expect(card(page, 1).locator(".save")).to_have_attribute("data-s", "saved")
    card(page, 1).get_by_label("Takes of").click()
    dialog = page.get_by_role("dialog", name="Takes of scene 1")
    expect(dialog.locator(".take")).to_have_count(2)
    expect(dialog.locator("[aria-current]")).to_contain_text("The second take")
    dialog.get_by_role("button", name="Use this take").click()
    expect(dialog).to_be_hidden()
    expect(script).to_have_value("Words of 1.")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(script).to_have_value("The second take")
    assert slate.texts(job)[0]["script"] == "The second take"


def test_a_blank_scene_is_added_at_the_end_and_can_be_written(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    page.get_by_role("button", name="Add a scene").click()
    dialog = page.get_by_role("dialog", name="Add a scene")
    dialog.get_by_role("button", name="Add scene").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#board > .scene")).to_have_count(3)
    card(page, 3).locator("[name=script]").fill("Mine alone")
    expect(card(page, 3).locator(".save")).to_have_attribute("data-s", "saved")
    assert slate.texts(job)[2]["script"] == "Mine alone"
    expect(card(page, 3).locator(".frame img")).to_be_visible(timeout=15_000)


def test_a_described_scene_is_filled_in_by_the_writer(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    page.get_by_role("link", name="Scene", exact=True).click()
    dialog = page.get_by_role("dialog", name="Add a scene")
    dialog.get_by_label("What happens?").fill("The courier hands over the box in the rain and grins.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#board > .scene")).to_have_count(3)
    expect(card(page, 3).get_by_label("Takes of")).to_have_text("2", timeout=15_000)
    assert slate.texts(job)[2]["script"]


def test_a_copy_stands_right_after_its_scene(visit, slate, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}")
    choose(page, 1, "Duplicate")
    expect(page.locator("#board > .scene")).to_have_count(4)
    assert titles(page) == ["Scene title 1", "Scene title 1", "Scene title 2", "Scene title 3"]
    assert slate.texts(job)[0] == slate.texts(job)[1]
    expect(page.locator("#toasts")).to_contain_text("Copied to scene 2")


def test_a_deleted_scene_comes_back_with_undo(visit, slate, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}")
    choose(page, 2, "Delete")
    expect(page.locator("#board > .scene")).to_have_count(2)
    expect(page.locator("#toasts")).to_contain_text("Scene 2 deleted")
    expect(page.locator("#job-timeline > ol > li:not(.spare)")).to_have_count(2)
    assert page.evaluate("document.activeElement !== document.body"), (
        "the keyboard is not thrown to the start of the page"
    )
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("#board > .scene")).to_have_count(3)
    assert titles(page) == ["Scene title 1", "Scene title 2", "Scene title 3"]
    assert len(slate.texts(job)) == 3


def test_a_refusal_is_a_toast_and_nothing_is_lost(visit, slate, ada, board):
    job = board(1)
    page = visit(ada, f"/jobs/{job.id}")
    choose(page, 1, "Delete")
    expect(page.locator("#toasts")).to_contain_text("A storyboard keeps at least one scene.")
    expect(page.locator("#board > .scene")).to_have_count(1)


def test_a_refusal_to_a_dialog_leaves_the_dialog_and_its_words(visit, slate, ada, eve, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    card(page, 1).get_by_label("Redo with feedback").click()
    dialog = page.get_by_role("dialog", name="Redo scene 1")
    dialog.get_by_label("Feedback").fill("x" * 1000)
    dialog.get_by_label("Feedback").evaluate("e => { e.removeAttribute('maxlength'); e.value += 'too long'; }")
    dialog.get_by_role("button", name="Redo scene").click()
    expect(dialog.locator(".error")).to_contain_text("1000")
    assert dialog.get_by_label("Feedback").input_value().endswith("too long")
    assert len(slate.texts(job)) == 2


def test_a_locked_scene_is_left_out_when_all_is_written_anew(visit, slate, ada, board):
    job = board(3)
    page = visit(ada, f"/jobs/{job.id}")
    before = slate.texts(job)
    choose(page, 1, "Lock")
    expect(card(page, 1).locator(".tag-no")).to_contain_text("locked")
    page.get_by_role("button", name="Write anew").click()
    dialog = page.get_by_role("dialog", name="Write all scenes anew")
    dialog.get_by_label("What should be different?").fill("Shorter")
    dialog.get_by_role("button", name="Write anew").click()
    expect(dialog).to_be_hidden()
    expect(card(page, 3).get_by_label("Takes of")).to_have_text("2", timeout=20_000)
    slate.until(lambda: not job.is_running)
    after = slate.texts(job)
    assert after[0] == before[0]
    assert after[1] != before[1]
    assert after[2] != before[2]
    assert [text["duration_ms"] for text in after] == [text["duration_ms"] for text in before]
    expect(page.locator("#job-progress section")).to_have_count(0, timeout=15_000)
    choose(page, 1, "Unlock")
    expect(card(page, 1).locator(".tag-no")).not_to_contain_text("locked")


@pytest.fixture
def with_pictures(slate, ada, board):
    job = board(2)

    def add(name, color):
        content = io.BytesIO()
        Image.new("RGB", (640, 360), color).save(content, "PNG")
        content.seek(0)
        return assets.add_file(ada, job.client, content, name)

    red, blue = add("red.png", "#c02020"), add("blue.png", "#2040c0")
    slate.until(lambda: red.is_ready and blue.is_ready)
    jobs.set_assets(ada, job, {red.id: "", blue.id: ""})
    return job, red, blue


def test_the_assets_of_a_scene_are_chosen_in_its_dialog(visit, slate, ada, with_pictures):
    job, red, blue = with_pictures
    page = visit(ada, f"/jobs/{job.id}")
    frame = card(page, 1).locator(".frame img")
    old = frame.get_attribute("src")
    choose(page, 1, "Change assets")
    dialog = page.get_by_role("dialog", name="Assets of scene 1")
    dialog.get_by_label("red.png").check()
    dialog.get_by_label("blue.png").check()
    dialog.get_by_label("Picture").nth(1).check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(card(page, 1).locator(".scene-assets li")).to_have_count(2)
    expect(frame).not_to_have_attribute("src", old, timeout=15_000)
    assert slate.texts(job)[0]["asset_ids"] == [blue.id, red.id]
    expect(page.locator("#job-brief .used")).to_have_count(2)


def test_the_brief_s_assets_are_changed_on_their_page(visit, slate, ada, with_pictures):
    job, _red, blue = with_pictures
    page = visit(ada, f"/jobs/{job.id}")
    page.get_by_label("Add or remove assets").click()
    expect(page.locator("#asset-rows li")).to_have_count(2)
    page.get_by_label("Use red.png").uncheck(force=True)
    page.get_by_label("Role of blue.png").select_option("product_shot")
    page.get_by_role("button", name="Save assets").click()
    expect(page).to_have_url(f"{slate.url}/jobs/{job.id}")
    links = slate.now(lambda: jobs.assets(job))
    assert [(link.asset_id, link.role) for link in links] == [(blue.id, "product_shot")]
