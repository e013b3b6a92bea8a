"""Two editors in one scene: both texts side by side, a choice for each field, nothing lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.pages import overflow, violations
from webapp.schemas.scenes import SceneChange
from webapp.services import jobs, scenes, takes


def saved(card):
    expect(card.locator(".save")).to_have_attribute("data-s", "saved", timeout=10_000)


@pytest.fixture
def job(board):
    return board(2)


def scene_of(slate, job):
    return slate.now(lambda: jobs.scenes(job)[0])


def first(page):
    return page.locator("#board > .scene").first


def words_kept(slate, job, field="script"):
    return slate.now(lambda: {getattr(take, field) for take in takes.of_scene(jobs.scenes(job)[0])})


def offline(page):
    page.faults.expect_no_connection()
    page.route("**/scenes/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())


@pytest.fixture
def conflict(visit, slate, ada, eve, job):
    """Open a board, type while Eve changes the same fields, and come back on line."""

    def made(typed=(("script", "The bottle is mine."),), theirs=(("script", "The bottle is theirs."),), **options):
        page = visit(ada, f"/jobs/{job.id}", **options)
        offline(page)
        card = first(page)
        for name, text in typed:
            card.locator(f"form[data-autosave] [name={name}]").fill(text)
        expect(card.locator(".save")).to_contain_text("no connection", timeout=8000)
        scenes.edit(eve, job, scene_of(slate, job), SceneChange(**dict(theirs)))
        page.unroute("**/scenes/*")
        expect(card.locator("form.merge")).to_be_visible(timeout=12_000)
        return card

    return made


def test_two_editors_of_different_fields_are_asked_nothing(visit, slate, ada, eve, job):
    here, there = visit(ada, f"/jobs/{job.id}"), visit(eve, f"/jobs/{job.id}")
    offline(here)
    first(here).locator("[name=script]").fill("Ada’s words.")
    expect(first(here).locator(".save")).to_contain_text("no connection", timeout=8000)
    first(there).locator("[name=title]").fill("Eve’s title")
    saved(first(there))
    here.unroute("**/scenes/*")
    saved(first(here))
    for page in (here, there):
        expect(first(page).locator("[name=script]")).to_have_value("Ada’s words.", timeout=5000)
        expect(first(page).locator("[name=title]")).to_have_value("Eve’s title", timeout=5000)
        expect(page.locator("form.merge")).to_have_count(0)
    assert slate.texts(job)[0] | {"title": "Eve’s title", "script": "Ada’s words."} == slate.texts(job)[0]


def test_a_save_brings_what_somebody_else_wrote_in_other_fields(visit, slate, ada, eve, job):
    page = visit(ada, f"/jobs/{job.id}")
    page.route("**/changes*", lambda route: route.abort())  # polls cannot bring it
    page.faults.expect_no_connection()
    scenes.edit(eve, job, scene_of(slate, job), SceneChange(title="Eve’s title"))
    first(page).locator("[name=script]").fill("Ada’s words.")
    saved(first(page))
    expect(first(page).locator("[name=title]")).to_have_value("Eve’s title")


def test_both_texts_stand_side_by_side_and_survive_polls(conflict, slate, job, eve):
    card = conflict()
    merge = card.locator("form.merge")
    expect(merge).to_contain_text("Eve Holt changed this scene while you were typing")
    expect(merge.locator("[data-said=mine] mark")).to_have_text("mine")
    expect(merge.locator("[data-said=theirs] mark")).to_have_text("theirs")
    merged = merge.get_by_label("Voice-over, both in one")
    merged.fill("The bottle is ours.")
    expect(merge.get_by_role("radio", name="Both in one")).to_be_checked()
    scenes.edit(eve, job, scene_of(slate, job), SceneChange(title="Changed meanwhile"))
    expect(card.locator("form[data-autosave] [name=title]")).to_have_value("Changed meanwhile", timeout=5000)
    expect(merged).to_have_value("The bottle is ours.")
    assert violations(card.page) == []
    merge.get_by_role("button", name="Save as chosen").click()
    saved(card)
    expect(merge).to_have_count(0)
    expect(card.locator("form[data-autosave] [name=script]")).to_have_value("The bottle is ours.")
    expect(card.page.locator(".is-dirty")).to_have_count(0)
    assert slate.texts(job)[0]["title"] == "Changed meanwhile"
    assert {"The bottle is mine.", "The bottle is theirs.", "The bottle is ours."} <= words_kept(slate, job)


@pytest.mark.parametrize(
    ("button", "now"), [("Keep mine", "The bottle is mine."), ("Take theirs", "The bottle is theirs.")]
)
def test_one_click_keeps_one_text_and_the_other_stays_a_take(conflict, slate, job, button, now):
    card = conflict()
    card.page.on("dialog", lambda _dialog: pytest.fail("nothing unsaved is left to warn about"))
    card.get_by_role("button", name=button).click()
    saved(card)
    field = card.locator("form[data-autosave] [name=script]")
    expect(field).to_have_value(now)
    expect(card.locator("form.merge")).to_have_count(0)
    assert slate.texts(job)[0]["script"] == now
    assert {"The bottle is mine.", "The bottle is theirs."} <= words_kept(slate, job)
    field.fill("And on it goes.")
    saved(card)
    slate.until(lambda: jobs.scenes(job)[0].take.script == "And on it goes.", 10)


def test_each_field_is_chosen_for_itself_by_keyboard(conflict, slate, job):
    card = conflict(
        typed=(("title", "My title"), ("script", "My words."), ("on_screen", "Mine alone")),
        theirs=(("title", "Their title"), ("script", "Their words.")),
    )
    page, merge = card.page, card.locator("form.merge")
    expect(merge.locator("fieldset")).to_have_count(2)
    merge.get_by_role("group", name="Title").get_by_role("radio", name="Yours").focus()
    page.keyboard.press("ArrowRight")
    expect(merge.get_by_role("group", name="Title").get_by_role("radio", name="Theirs")).to_be_checked()
    merge.get_by_role("button", name="Save as chosen").focus()
    page.keyboard.press("Enter")
    saved(card)
    said = slate.texts(job)[0]
    assert (said["title"], said["script"], said["on_screen"]) == ("Their title", "My words.", "Mine alone")
    assert "My title" in words_kept(slate, job, "title")
    expect(card.locator("form[data-autosave] [name=title]")).to_have_value("Their title")
    expect(card.page.locator(".is-dirty")).to_have_count(0)


def test_what_is_typed_on_while_the_question_is_open_is_not_lost(conflict, slate, job):
    card = conflict()
    form, merge = card.locator("form[data-autosave]"), card.locator("form.merge")
    form.locator("[name=script]").fill("The bottle is mine, and typed on.")
    form.locator("[name=on_screen]").fill("Typed meanwhile")
    expect(merge.locator("[data-said=mine]")).to_have_text("The bottle is mine, and typed on.")
    expect(merge.get_by_label("Voice-over, both in one")).to_have_value("The bottle is mine, and typed on.")
    card.page.wait_for_timeout(1000)
    assert slate.texts(job)[0]["on_screen"] == ""  # nothing is saved around the question
    merge.get_by_role("button", name="Take theirs").click()
    slate.until(lambda: jobs.scenes(job)[0].take.on_screen == "Typed meanwhile", 10)
    assert slate.texts(job)[0]["script"] == "The bottle is theirs."
    assert "The bottle is mine, and typed on." in words_kept(slate, job)
    expect(card.page.locator(".is-dirty")).to_have_count(0)


def test_the_question_fits_a_phone_in_the_dark(conflict):
    card = conflict(viewport=PHONE, color_scheme="dark", has_touch=True)
    assert overflow(card.page) == 0
    assert violations(card.page) == []


def test_without_javascript_the_question_is_a_page(visit, slate, ada, eve, job):
    page = visit(ada, f"/jobs/{job.id}", java_script_enabled=False)
    first(page).locator("[name=script]").fill("My words.")
    first(page).locator("[name=on_screen]").fill("Mine")
    scenes.edit(eve, job, scene_of(slate, job), SceneChange(script="Their words.", title="Theirs"))
    first(page).get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two texts for scene 1")
    expect(page.locator("fieldset")).to_have_count(1)
    page.get_by_role("radio", name="Both in one").check()
    page.get_by_label("Voice-over, both in one").fill("Our words.")
    page.get_by_role("button", name="Save as chosen").click()
    said = slate.texts(job)[0]
    assert (said["script"], said["title"], said["on_screen"]) == ("Our words.", "Theirs", "Mine")
    assert {"My words.", "Their words."} <= words_kept(slate, job)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("seconds", ["4", "0"], ids=["conflict", "invalid"])
def test_the_pages_without_javascript_have_no_fault(visit, slate, ada, eve, job, scheme, seconds):
    """The form is sent as a browser without JavaScript sends it; axe itself needs JavaScript."""
    page = visit(ada, f"/jobs/{job.id}", viewport=PHONE, color_scheme=scheme)
    scenes.edit(eve, job, scene_of(slate, job), SceneChange(script="Their words.", beat="hook", seconds="2"))
    with page.expect_navigation():
        page.evaluate(
            """(seconds) => {
              const form = document.querySelector("form[data-autosave]");
              form.elements.version.value = 1;
              form.elements.script.value = "My words.";
              form.elements.seconds.value = seconds;
              form.submit();
            }""",
            seconds,
        )
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Scene 1 was not saved" if seconds == "0" else "Two texts for scene 1"
    )
    assert violations(page) == []
    assert overflow(page) == 0
