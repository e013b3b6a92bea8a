"""The API's pages in a real browser: to read, to filter, to try; without JavaScript as well."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.pages import overflow, violations
from webapp.models import Role
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_and_nothing_sticks_out(visit, size, scheme):
    page = visit(None, "/docs", viewport=size, color_scheme=scheme)
    for path in ("/docs", "/docs/v3-clients", "/docs/webhooks"):
        page.goto(path)
        assert not violations(page)
        assert not overflow(page)


def test_the_filter_finds_operations(visit):
    page = visit(None, "/docs/v3-jobs")
    menu = page.get_by_role("navigation", name="Operations")
    menu.get_by_role("searchbox").fill("delete a client")
    expect(menu.get_by_role("link", name="Delete a client")).to_be_visible()
    expect(menu.get_by_role("link", name="Make a client")).to_be_hidden()
    menu.get_by_role("searchbox").fill("no such words")
    expect(menu.get_by_role("status")).to_have_text("No operation has these words.")
    menu.get_by_role("searchbox").fill("")
    menu.get_by_role("link", name="Make a client").click()
    expect(page).to_have_url(re.compile("/docs/v3-clients#clients-create$"))


def test_try_it_asks_with_a_key_and_shows_the_answer(visit, slate):
    kim = slate.person("Kim Lund", Role.EDITOR)
    _, key = api_keys.create(kim, ApiKeyDraft(name="Docs"))
    page = visit(None, "/docs/v3-clients")
    page.faults.expect("401")
    made = page.get_by_role("article", name="Make a client")
    made.get_by_text("Try it").click()
    made.get_by_role("button", name="Send POST").click()
    expect(made.get_by_role("status")).to_contain_text("401")
    page.get_by_label("API key for trying").fill(key)
    made.get_by_role("button", name="Send POST").click()
    expect(made.get_by_role("status")).to_contain_text("201")
    expect(made.get_by_role("status")).to_contain_text('"name": "Fjell Coffee"')
    assert not violations(page)


def test_try_it_asks_as_whoever_is_signed_in(visit, slate):
    page = visit(slate.person("Kim Lund", Role.EDITOR), "/docs/v3-clients")
    listed = page.get_by_role("article", name="List clients")
    listed.get_by_text("Try it").click()
    listed.get_by_label("limit").fill("1")
    listed.get_by_role("button", name="Send GET").click()
    expect(listed.get_by_role("status")).to_contain_text('"limit": 1')


def test_everything_is_there_without_javascript(visit):
    page = visit(None, "/docs/v3-clients", java_script_enabled=False)
    made = page.get_by_role("article", name="Make a client")
    expect(made.get_by_role("row", name=re.compile("^name required"))).to_be_visible()
    expect(made).to_contain_text("curl -X POST")
    expect(made).to_contain_text("409")
    expect(page.get_by_text("Try it")).to_have_count(6)
    for each in page.get_by_text("Try it").all():
        expect(each).to_be_hidden()
