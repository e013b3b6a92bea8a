"""The new-storyboard page: a live price, links that come in beside the form, errors that lose nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from webapp.models import Job


def fill_in(page):
    page.get_by_label("Product").fill("Fjell Cold Brew")
    page.get_by_label("Audience").fill("Commuters")
    page.get_by_label("What should people remember?").fill("Ready before you are")
    page.get_by_label("What should they do?").fill("Order at fjell.example")


@pytest.fixture
def form(visit, slate, ada):
    client = slate.client(name="Fjell Coffee")
    return visit(ada, f"/jobs/new?client={client.id}")


def pick(page, group, words):
    page.get_by_role("group", name=group, exact=True).get_by_label(words, exact=True).check()


def test_cost_and_time_of_exactly_this_request_are_shown_before_the_button(form):
    estimate = form.locator("#estimate")
    expect(estimate).to_contain_text("4 scenes")
    expect(estimate).to_contain_text("Free")
    pick(form, "Length", "60 s")
    expect(estimate).to_contain_text("6 scenes")
    pick(form, "Scenes", "3")
    expect(estimate).to_contain_text("3 scenes")
    form.get_by_label("Length in seconds").fill("200")
    expect(estimate).to_contain_text("180")
    form.get_by_label("Length in seconds").fill("12,5")
    pick(form, "Scenes", "Auto")
    expect(estimate).to_contain_text("3 scenes")


def test_the_chips_and_the_field_of_the_length_agree(form):
    field = form.get_by_label("Length in seconds")
    pick(form, "Length", "15 s")
    expect(field).to_have_value("15")
    field.fill("17")
    expect(form.locator("[name=length]:checked")).to_have_count(0)
    field.fill("45")
    expect(form.locator("[name=length]:checked")).to_have_value("45")


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(form, slate):
    fill_in(form)
    form.get_by_label("Style").fill("Documentary")
    form.get_by_label("Must be seen").fill("Morning light\nThe green cap")
    pick(form, "Tone", "Dry")
    pick(form, "Tone", "Warm")
    pick(form, "Language", "German")
    form.get_by_label("Reels, TikTok").check(force=True)
    form.get_by_label("Length in seconds").fill("3")
    form.get_by_role("button", name="Create storyboard").click()
    expect(form.locator("#f-seconds-error")).to_contain_text("5 to 180 seconds")
    field = form.get_by_label("Length in seconds")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("3")
    expect(form.get_by_label("Style")).to_have_value("Documentary")
    expect(form.get_by_label("Must be seen")).to_have_value("Morning light\nThe green cap")
    for words in ("Dry", "Warm", "German"):
        expect(form.get_by_label(words, exact=True)).to_be_checked()
    expect(form.locator("[name=ratio]:checked")).to_have_value("9:16")
    field.fill("30")
    form.get_by_role("button", name="Create storyboard").click()
    expect(form.locator("#board > .scene:not(.scene-wip)")).to_have_count(4, timeout=20_000)


def test_a_required_field_is_asked_for_by_the_browser_itself(form):
    form.get_by_role("button", name="Create storyboard").click()
    expect(form.get_by_label("Product")).to_be_focused()
    assert form.url.split("?")[0].endswith("/jobs/new")


def test_leaving_a_half_filled_form_asks_first_but_sending_it_does_not(form, slate):
    asked = []
    form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    fill_in(form)
    form.locator(".logo").click()
    form.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    form.get_by_role("button", name="Create storyboard").click()
    expect(form.locator("#board")).to_be_visible()
    assert asked == ["beforeunload"]


def test_a_bad_link_is_refused_beside_good_fields_and_does_not_block(form, slate):
    fill_in(form)
    form.get_by_label("Links, one per line").fill("http://127.0.0.1:1/nothing.png\nnot a link")
    form.get_by_role("button", name="Add links").click()
    rows = form.locator("#asset-rows li")
    expect(rows).to_have_count(2)
    expect(form.get_by_label("Links, one per line")).to_have_value("")
    expect(form.locator("#asset-rows .reason")).to_have_count(2, timeout=15_000)
    form.get_by_role("button", name="Create storyboard").click()
    expect(form.locator("#board > .scene:not(.scene-wip)")).to_have_count(4, timeout=30_000)


def test_the_create_button_can_be_pressed_while_a_message_is_shown(form):
    fill_in(form)
    form.evaluate(
        """() => document.dispatchEvent(new CustomEvent("toast", {
            detail: { text: "A long message that stays until it is dismissed by somebody", kind: "bad" } }))"""
    )
    expect(form.locator(".toast")).to_be_visible()
    button = form.get_by_role("button", name="Create storyboard")
    button.scroll_into_view_if_needed()
    button.click(timeout=3000)
    expect(form.locator("#board")).to_be_visible()


def test_an_impatient_double_click_makes_one_storyboard(form, slate):
    from webapp.extensions import db

    fill_in(form)
    slate.slow_down("POST", 0.8)
    form.get_by_label("Product").fill("Only once")
    form.get_by_role("button", name="Create storyboard").dblclick()
    expect(form.locator("#board")).to_be_visible()
    assert slate.now(lambda: db.session.query(Job).filter_by(product="Only once").count()) == 1


def test_the_brief_is_changed_on_its_page(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    page.get_by_label("Edit brief").click()
    page.get_by_label("Title").fill("Another title")
    page.get_by_label("Length in seconds").fill("2")
    page.get_by_role("button", name="Save brief").click()
    expect(page.get_by_label("Length in seconds")).to_be_focused()
    page.get_by_label("Length in seconds").fill("20")
    page.get_by_role("button", name="Save brief").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Another title")
    expect(page.locator("#job-meter")).to_contain_text("20.0 s")
    expect(page.locator("#toasts")).to_contain_text("Brief saved")
