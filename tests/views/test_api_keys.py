"""One's own API keys: made, shown once, listed, revoked; without a line of JavaScript."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from webapp.extensions import db, transaction
from webapp.models import ApiKey, utcnow
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys


def soup(response, status=200):
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def make(browser, name="Nightly import", days="90"):
    return soup(browser.post("/account/api-keys", data={"name": name, "days": days})).select_one("#key")["value"]


def cells(page):
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in page.select("tbody tr")]


def asks(app, text):
    answer = app.test_client().get("/api/v3/clients", headers={"Authorization": f"Bearer {text}"})
    return answer.status_code


def test_the_empty_page_teaches(browse, eve):
    page = soup(browse(eve).get("/account/api-keys"))
    assert page.select_one("h1").text == "API keys"
    assert "No keys yet" in page.text
    assert page.select_one(".empty code").text == (
        'curl -H "Authorization: Bearer $SLATE_KEY" http://localhost/api/v3/clients'
    )
    assert page.select_one("main a[href='/docs']")
    assert [(each["value"], each.has_attr("checked")) for each in page.select("[name=days]")] == [
        ("30", False), ("90", True), ("365", False), ("0", False)
    ]  # fmt: skip


def test_the_way_there_is_in_the_menu_and_on_the_account_page(browse, ben):
    page = soup(browse(ben).get("/account"))
    assert page.select_one(".menu-user a[href='/account/api-keys']").text.strip() == "API keys"
    assert page.select_one("main a[href='/account/api-keys']")


def test_a_key_is_shown_once_and_works(app, browse, eve):
    browser = browse(eve)
    answer = browser.post("/account/api-keys", data={"name": " Nightly  import ", "days": "30"})
    page = soup(answer)
    text = page.select_one("#key")["value"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert page.select_one("h1").text == "Copy the key now"
    assert page.select_one("[data-copy=key]")
    assert "$SLATE_KEY" in page.select_one("#example")["value"]
    assert asks(app, text) == 200
    for path in ("/account/api-keys", "/account", "/"):
        assert text[api_keys.START :] not in browser.get(path).text
    (row,) = cells(soup(browser.get("/account/api-keys")))
    last_day = (utcnow() + timedelta(days=30)).strftime("%-d %b %Y")
    assert row[:4] == [f"Nightly import {text[:10]}…", "just now", "just now", last_day]


def test_the_list_says_which_are_used_and_which_are_over(browse, eve):
    browser = browse(eve)
    for name, days in (("Import", "365"), ("Old", "30"), ("For good", "0")):
        make(browser, name, days)
    with transaction():
        made = {each.name: each for each in db.session.query(ApiKey)}
        made["Import"].last_used_at = utcnow() - timedelta(minutes=3, seconds=5)
        made["Old"].expires_at = utcnow() - timedelta(seconds=1)
    rows = {row[0].partition(" slate_")[0]: row for row in cells(soup(browser.get("/account/api-keys")))}
    assert rows["Import"][2] == "3 min ago"
    assert rows["Old"][2:4] == ["Never", "Expired"]
    assert rows["For good"][3] == "No end"


def test_what_is_wrong_stands_beside_its_field(browse, eve):
    browser = browse(eve)
    page = soup(browser.post("/account/api-keys", data={"name": " ", "days": "365"}), 422)
    assert page.select_one("#f-name-error").text == "Please fill this in."
    assert page.select_one("[name=days][checked]")["value"] == "365"
    for days in ("-1", "4000", "soon"):
        page = soup(browser.post("/account/api-keys", data={"name": "x", "days": days}), 422)
        assert page.select_one("#f-days-error")
    assert db.session.query(ApiKey).count() == 0


def test_revoking_asks_first_and_ends_a_key_at_once(app, browse, eve):
    browser = browse(eve)
    text, other = make(browser), make(browser, "Another")
    page = soup(browser.get("/account/api-keys"))
    form = next(row for row in page.select("tbody tr") if "Nightly import" in row.text).select_one("form")
    assert form["data-confirm"] == "Revoke Nightly import? Programs that use it are refused from now on."
    assert browser.post(form["action"]).status_code == 303
    assert asks(app, text) == 401
    assert asks(app, other) == 200
    page = soup(browser.get("/account/api-keys"))
    assert "Nightly import is revoked" in page.text
    assert [row[0] for row in cells(page)] == [f"Another {other[:10]}…"]
    assert browser.post(form["action"]).status_code == 303  # twice is once


def test_everybody_has_their_own(app, browse, ada, eve):
    key, text = api_keys.create(eve, ApiKeyDraft(name="Eve's"))
    admin = browse(ada)
    assert "Eve's" not in soup(admin.get("/account/api-keys")).text
    assert admin.post(f"/account/api-keys/{key.id}/revocation").status_code == 404
    assert asks(app, text) == 200


@pytest.mark.parametrize("role", ["ben", "eve", "ada"])
def test_the_page_says_what_a_key_may_do(browse, request, role):
    who = request.getfixturevalue(role)
    words = {"ben": "a reviewer", "eve": "an editor", "ada": "an admin"}[role]
    assert f"what you may as {words}." in soup(browse(who).get("/account/api-keys")).text


def test_a_name_is_words_and_not_markup(browse, eve):
    browser = browse(eve)
    make(browser, "<b>bold</b>\" onclick='x'")
    page = soup(browser.get("/account/api-keys"))
    assert not page.select("tbody b")
    assert "<b>bold</b>\" onclick='x'" in page.select_one("tbody").text
    assert not page.select("[onclick]")


def test_the_example_names_the_address_people_use(app, browse, eve):
    app.extensions["settings"] = replace(app.extensions["settings"], public_url="http://slate.example.com:8000")
    page = soup(browse(eve).get("/account/api-keys"))
    assert page.select_one(".empty code").text.endswith(" http://slate.example.com:8000/api/v3/clients")
