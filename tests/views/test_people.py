"""The people page, as an admin's browser sees it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp.models import Role
from webapp.services import people


@pytest.fixture
def boss(app):
    return people.add("boss@example.com", "Boss <b>", Role.ADMIN, factories.PASSWORD)


def page_of(response):
    return BeautifulSoup(response.text, "html.parser")


def row_of(page, who):
    return page.select_one(f"#person-{who.id}")


def test_lists_everybody_with_role_state_and_last_seen(browse, boss, eve):
    browse(eve).get("/account")
    page = page_of(browse(boss).get("/people"))
    cells = [cell.get_text(" ", strip=True) for cell in row_of(page, eve).select("td")][:3]
    assert cells == ["Editor", "Active", "just now"]
    assert "Boss <b>" in row_of(page, boss).get_text()
    assert "(you)" in row_of(page, boss).get_text()


def test_for_everybody_else_the_page_does_not_exist(browse, boss, eve, ben):
    for who in (eve, ben):
        browser = browse(who)
        assert browser.get("/people").status_code == 404
        assert browser.post("/people", data={"email": "x@example.com", "name": "X", "role": "admin"}).status_code == 404
        assert browser.post(f"/people/{who.id}/role", data={"role": "admin"}).status_code == 404
        assert browser.post(f"/people/{boss.id}/deactivation").status_code == 404
        assert browser.post(f"/people/{boss.id}/link").status_code == 404
    assert people.by_email("x@example.com") is None
    assert (eve.role, ben.role) == (Role.EDITOR, Role.REVIEWER)


def test_inviting_shows_the_link_once_and_the_link_works(app, browse, boss):
    browser = browse(boss)
    response = browser.post("/people", data={"email": "Ben@example.com", "name": "Ben", "role": "reviewer"})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    page = page_of(response)
    link = page.select_one("#link")["value"]
    assert link.startswith("http://localhost/invitations/")
    assert "Send this link to Ben" in page.select_one("h1").text
    token = link.rsplit("/", 1)[1]
    assert token not in browser.get("/people").text
    assert people.by_email("ben@example.com").role == Role.REVIEWER
    assert factories.signed_in(app, None).get(f"/invitations/{token}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"email": "a b@example.com"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "boss@example.com"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"role": "owner"}, "role"),
    ],
)
def test_a_refused_invitation_says_why_beside_the_field_and_keeps_what_was_typed(browse, boss, typed, field):
    facts = {"email": "ben@example.com", "name": "Ben Berg", "role": "reviewer"} | typed
    response = browse(boss).post("/people", data=facts)
    page = page_of(response)
    assert response.status_code == 422
    assert page.select_one(f"#f-{field}-error").get_text(strip=True)
    assert len(page.select(".error")) == 1
    assert page.select_one("input[name=email]")["value"] == facts["email"]
    assert page.select_one("input[name=name]")["value"] == facts["name"]
    assert people.by_email("ben@example.com") is None


def test_changes_roles_and_makes_links_and_shuts_out_and_lets_in(browse, boss, ben):
    browser, his = browse(boss), browse(ben)
    assert browser.post(f"/people/{ben.id}/role", data={"role": "editor"}).location == "/people"
    assert ben.role == Role.EDITOR
    assert "Ben Berg is now editor" in browser.get("/people").text
    assert "/invitations/" in page_of(browser.post(f"/people/{ben.id}/link")).select_one("#link")["value"]
    assert his.get("/account").status_code == 200
    browser.post(f"/people/{ben.id}/deactivation")
    assert his.get("/account").status_code == 303
    assert "Deactivated" in row_of(page_of(browser.get("/people")), ben).get_text()
    browser.post(f"/people/{ben.id}/reactivation")
    assert ben.is_active
    assert his.get("/account").status_code == 303


def test_the_last_admin_is_told_why_not(browse, boss):
    browser = browse(boss)
    for path, data in ((f"/people/{boss.id}/deactivation", {}), (f"/people/{boss.id}/role", {"role": "editor"})):
        response = browser.post(path, data=data)
        assert response.status_code == 409
        assert "only admin" in response.text


def test_who_gives_away_the_role_goes_home(browse, boss):
    people.add("other@example.com", "Other", Role.ADMIN, factories.PASSWORD)
    assert browse(boss).post(f"/people/{boss.id}/role", data={"role": "editor"}).location == "/"


def test_unknown_people_and_roles(browse, boss, ben):
    browser = browse(boss)
    assert browser.post("/people/nobody/role", data={"role": "editor"}).status_code == 404
    assert browser.post(f"/people/{ben.id}/role", data={"role": "owner"}).status_code == 422
    assert browser.post(f"/people/{ben.id}/role").status_code == 422


def test_erasing_somebody_asks_for_their_address_and_takes_their_name_from_the_page(browse, boss, eve):
    browser = browse(boss)
    assert browser.get(f"/people/{eve.id}/erasure").status_code == 409
    browser.post(f"/people/{eve.id}/deactivation")
    assert browser.get(f"/people/{eve.id}/erasure").status_code == 200
    wrong = browser.post(f"/people/{eve.id}/erasure", data={"email": "eva@example.com"})
    assert wrong.status_code == 422
    assert "Type eve@example.com to confirm." in page_of(wrong).text
    assert page_of(wrong).select_one("[name=email]")["value"] == "eva@example.com"
    assert browser.post(f"/people/{eve.id}/erasure", data={"email": " EVE@example.com "}).status_code == 303
    row = row_of(page_of(browser.get("/people")), eve)
    assert "Erased person" in row.text
    assert "eve@example.com" not in row.text
    assert browser.post(f"/people/{eve.id}/erasure", data={"email": "x"}).status_code == 409
    for who in (factories.person("Ed", "ed@example.com", Role.EDITOR), None):
        assert browse(who).post(f"/people/{eve.id}/erasure", data={"email": "x"}).status_code in (401, 404)
