"""One's own account, as its owner's browser sees it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp.models import Role
from webapp.services import people, sign_ins

NEW_PASSWORD = "gravel otter lantern 42"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15"


@pytest.fixture
def boss(app):
    return people.add("boss@example.com", "Boss", Role.ADMIN, factories.PASSWORD)


def page_of(response):
    return BeautifulSoup(response.text, "html.parser")


def test_name(browse, ben):
    browser = browse(ben)
    response = browser.post("/account/name", data={"name": "  Benedikt Berg "})
    assert (response.status_code, response.location) == (303, "/account")
    page = page_of(browser.get("/account"))
    assert page.select_one("input[name=name]")["value"] == "Benedikt Berg"
    assert "Name saved" in page.get_text()
    assert "Name saved" not in browser.get("/account").text


def test_a_refused_name_stays_in_its_field(browse, ben):
    response = browse(ben).post("/account/name", data={"name": "x" * 121})
    assert response.status_code == 422
    page = page_of(response)
    assert page.select_one("input[name=name]")["value"] == "x" * 121
    assert "120" in page.select_one("#f-name-error").text
    assert ben.name == "Ben Berg"


def test_password(browse, boss):
    here, there = browse(boss), browse(boss)
    response = here.post("/account/password", data={"current": factories.PASSWORD, "password": NEW_PASSWORD})
    assert response.status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"current": "wrong wrong wrong", "password": NEW_PASSWORD}, "current"),
        ({"password": NEW_PASSWORD}, "current"),
        ({"current": factories.PASSWORD, "password": "short"}, "password"),
        ({"current": factories.PASSWORD, "password": ""}, "password"),
    ],
)
def test_a_refused_password_changes_nothing_and_is_not_repeated_in_the_page(browse, boss, typed, field):
    before = boss.password_hash
    response = browse(boss).post("/account/password", data=typed)
    page = page_of(response)
    assert response.status_code == 422
    assert page.select_one(f"#f-{field}-error")
    assert page.select_one("input[name=name]")["value"] == "Boss"
    assert not any(each.get("value") for each in page.select("input[type=password]"))
    assert boss.password_hash == before


def test_guessing_the_current_password_is_slowed_down(browse, boss):
    browser = browse(boss)
    codes = [
        browser.post("/account/password", data={"current": f"wrong {n}", "password": NEW_PASSWORD}).status_code
        for n in range(6)
    ]
    assert codes == [422] * 5 + [429]


def test_somebody_who_came_by_a_link_sets_a_first_password(browse, ben):
    browser = browse(ben)
    assert not page_of(browser.get("/account")).select("[name=current]")
    assert browser.post("/account/password", data={"password": NEW_PASSWORD}).status_code == 303
    assert page_of(browser.get("/account")).select("[name=current]")


def test_lists_browsers_and_ends_them(app, browse, ben, eve):
    phone = sign_ins.begin(ben, address="203.0.113.9", user_agent=IPHONE)
    hers = sign_ins.begin(eve, address="203.0.113.10", user_agent="")
    browser = browse(ben)
    page = page_of(browser.get("/account"))
    rows = page.select(".rows li")
    assert len(rows) == 2
    assert "This browser" in next(row for row in rows if not row.select("form")).get_text()
    other = next(row for row in rows if row.select("form"))
    assert "Safari on iPhone" in other.get_text()
    assert "203.0.113.9" in other.get_text()
    assert browser.post(f"/account/sign-ins/{sign_ins.find(hers).id}/end").status_code == 404
    assert browser.post(other.select_one("form")["action"]).status_code == 303
    assert sign_ins.find(phone) is None
    assert sign_ins.find(hers) is not None


def test_ends_all_others(browse, ben):
    first, second, third = (browse(ben) for _ in range(3))
    assert first.post("/account/sign-ins/end-others").status_code == 303
    assert [each.get("/account").status_code for each in (first, second, third)] == [200, 303, 303]


def test_ending_this_browser_signs_it_out(app, browse, ben):
    browser = browse(ben)
    mine = sign_ins.find(browser.get_cookie("slate_session").value)
    browser.post(f"/account/sign-ins/{mine.id}/end")
    assert browser.get("/account").status_code == 303
