"""Making, copying and revoking an API key in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.pages import overflow, violations
from webapp.models import Role
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys


@pytest.fixture
def kim(slate):
    """Kim, whose keys are nobody else's: the Slate is shared with other tests."""
    return slate.person("Kim Lund", Role.EDITOR)


def test_make_copy_revoke(visit, kim):
    page = visit(kim, "/account/api-keys", reduced_motion="reduce")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("textbox", name="Name").fill("Nightly import")
    page.get_by_label("A year").check()
    page.get_by_role("button", name="Make key").click()
    shown = page.get_by_label("API key", exact=True)
    text = shown.input_value()
    assert text.startswith(api_keys.PREFIX)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == text
    page.get_by_role("link", name="Done").click()
    expect(page.locator("tbody tr")).to_contain_text(f"{text[:10]}…")
    page.get_by_role("button", name="Revoke Nightly import").click()
    expect(page.get_by_role("dialog")).to_contain_text("Programs that use it are refused")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Revoke Nightly import").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("heading", name="No keys yet")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "narrow"])
def test_axe_finds_nothing(visit, slate, kim, size):
    """Empty, full, refused, and the page that shows the key; light and dark."""
    page = visit(kim, "/account/api-keys", viewport=size, reduced_motion="reduce")
    inspect(page, "empty")
    for days in (30, None):
        api_keys.create(
            kim, ApiKeyDraft(name="An import with a name that says all that it does, each night", days=days)
        )
    page.reload()
    inspect(page, "full")
    page.get_by_role("textbox", name="Name").evaluate("(field) => field.removeAttribute('required')")
    page.get_by_role("button", name="Make key").click()
    expect(page.locator("#f-name-error")).to_be_visible()
    inspect(page, "refused")
    page.get_by_role("textbox", name="Name").fill("Import")
    page.get_by_role("button", name="Make key").click()
    expect(page.get_by_role("heading", name="Copy the key now")).to_be_visible()
    inspect(page, "made")


def inspect(page, what):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], f"{what}, {scheme}"
    assert overflow(page) == 0, what
