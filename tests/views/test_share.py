"""The share page: make a link, see who came, change, renew and revoke it."""

from __future__ import annotations

import dataclasses

import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp import create_app
from webapp.extensions import db, transaction
from webapp.models import ReviewLink, utcnow
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.sending import SendDraft
from webapp.services import review_links, reviewers, sending

FORM = {"name": "Legal", "allows": "comment", "who": "anybody", "expires": "30", "expires_on": "", "password": ""}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def job(app):
    made = factories.job(factories.client())
    factories.scene(made)
    return made


@pytest.fixture
def page(job):
    return f"/jobs/{job.id}/share"


@pytest.fixture
def link(ada, job):
    return review_links.create(ada, job, ReviewLinkDraft(name="Fjell, marketing"))[0]


def soup(response, code=200):
    assert response.status_code == code, response.text
    return BeautifulSoup(response.data, "html.parser")


def the_link():
    return db.session.query(ReviewLink).one()


# --- making


def test_an_empty_page_says_what_links_are_for(browse, eve, page):
    found = soup(browse(eve).get(page))
    assert "No links yet" in found.text
    assert found.select_one("input[name=expires][checked]")["value"] == "30"
    assert found.select_one("input[name=allows][checked]")["value"] == "comment"


def test_before_anything_was_sent_the_page_leads_to_sending(browse, eve, ada, job, page):
    found = soup(browse(eve).get(page))
    assert found.select_one(".notice a")["href"] == f"/jobs/{job.id}/sent/new"
    sending.send(ada, job, SendDraft())
    assert not soup(browse(eve).get(page)).select_one(".notice")


def test_the_address_is_shown_once_with_its_qr_code(browse, eve, page):
    browser = browse(eve)
    found = soup(browser.post(page, data=FORM))
    url = found.select_one("#share-url")["value"]
    assert url.startswith("http://localhost/r/")
    assert reviewers.link_of(url.rpartition("/")[2]) is the_link()
    picture = found.select_one(".share-qr img")
    assert picture["src"] == review_links.qr_code(url)
    assert picture["alt"]
    assert url not in browser.get(page).text
    assert the_link().token_hash not in browser.get(page).text


def test_the_public_address_is_what_is_sent_out(settings, app, eve, page):
    made = create_app(dataclasses.replace(settings, public_url="https://slate.example.com"))
    with made.app_context():
        browser = made.test_client()
        browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        from webapp.services import sign_ins

        token = sign_ins.begin(eve, address="", user_agent="")
        browser.set_cookie("__Host-slate_session", token, domain="slate.example.com")
        found = soup(browser.post(page, data=FORM, base_url="https://slate.example.com"))
        assert found.select_one("#share-url")["value"].startswith("https://slate.example.com/r/")
        db.session.remove()
        db.engine.dispose()


def test_a_refused_form_keeps_what_was_typed(browse, eve, page):
    typed = FORM | {"name": "x" * 121, "who": "named", "reviewers": "Maya\nmaya", "expires": "date", "password": "abc"}
    found = soup(browse(eve).post(page, data=typed), 422)
    assert found.select_one("#share-name")["value"] == "x" * 121
    assert found.select_one("#share-reviewers").text.split() == ["Maya", "maya"]
    assert found.select_one("input[name=who][checked]")["value"] == "named"
    wrong = {each["name"] for each in found.select("input[aria-invalid], textarea[aria-invalid]")}
    assert wrong == {"name", "reviewers", "expires_on", "password"}
    for each in found.select("[aria-invalid][aria-describedby]"):
        assert all(found.find(id=name) for name in each["aria-describedby"].split()), each
    assert db.session.query(ReviewLink).count() == 0


def test_a_new_link_cannot_end_as_it_did_before(browse, eve, page):
    """No form offers that; what asks for it all the same is refused like any word that is not offered."""
    for word in ("keep", "someday"):
        assert "Pick one of the choices." in soup(browse(eve).post(page, data=FORM | {"expires": word}), 422).text
    assert db.session.query(ReviewLink).count() == 0


def test_names_of_links_and_people_are_shown_as_text(browse, ada, eve, job, page):
    bad = "<img src=x onerror=alert(1)>"
    _, token = review_links.create(ada, job, ReviewLinkDraft(name=bad))
    guest, cookie = reviewers.enter(token)
    reviewers.introduce(guest, bad)
    reviewers.find(guest.link_id, cookie)
    found = soup(browse(eve).get(page))
    assert found.select_one(".share-link h3").text == bad
    assert bad in found.select_one(".share-people").text
    assert not found.select("img[onerror]")


def test_the_board_opens_it_as_a_dialog(browse, eve, job, page):
    board = soup(browse(eve).get(f"/jobs/{job.id}"))
    button = board.select_one(f'.topbar a[href="{page}"]')
    assert button.text.strip() == "Share"
    target = board.select_one(button["hx-target"])
    assert target.name == "dialog"
    dialog = soup(browse(eve).get(page, headers=HTMX))
    assert not dialog.select_one("html")
    assert dialog.select_one("form")["hx-target"] == button["hx-target"]
    made = soup(browse(eve).post(page, data=FORM, headers=HTMX))
    assert made.select_one("#share-url")
    assert not made.select_one("html")


# --- who came


def test_the_list_says_who_came_and_who_did_not(browse, ada, eve, job, page):
    link, token = review_links.create(
        ada, job, ReviewLinkDraft(name="Fjell", who="named", reviewers=["Maya Lund, maya@fjell.example", "Legal"])
    )
    visitor, cookie = reviewers.enter(token)
    legal = next(each for each in reviewers.on_list(link) if each.name == "Legal")
    reviewers.choose(visitor, cookie, legal.id)
    before = soup(browse(eve).get(page))
    assert "Not opened yet" in before.select_one(".share-link").text
    reviewers.find(link.id, cookie)
    found = soup(browse(eve).get(page)).select_one(".share-link")
    assert "Active" in found.text
    assert [each.b.text for each in found.select(".share-people li:not(.awaited)")] == ["Legal"]
    assert [each.b.text for each in found.select(".share-people .awaited")] == ["Maya Lund"]


def test_guests_without_a_name_are_counted(browse, ada, eve, job, page):
    link, token = review_links.create(ada, job, ReviewLinkDraft(name="Fjell"))
    for _ in range(2):
        reviewers.find(link.id, reviewers.enter(token)[1])
    reviewers.enter(token)  # a robot
    assert "2 people looked and gave no name" in " ".join(soup(browse(eve).get(page)).text.split())


# --- changing


def test_a_link_is_changed(browse, eve, page, link):
    browser = browse(eve)
    found = soup(browser.get(f"{page}/{link.id}"))
    assert found.select_one("#share-name")["value"] == "Fjell, marketing"
    assert found.select_one("input[name=expires][checked]")["value"] == "keep"
    typed = FORM | {"name": "Fjell, sales", "allows": "decide", "expires": "never", "password": "tram bell"}
    assert browser.post(f"{page}/{link.id}", data=typed).location == page
    assert (link.name, link.allows, link.expires_at) == ("Fjell, sales", "decide", None)
    assert link.password_hash
    assert "no_password" in browser.get(f"{page}/{link.id}").text


def test_the_password_is_never_shown_again(browse, ada, eve, job, page):
    link, _ = review_links.create(ada, job, ReviewLinkDraft(name="Fjell", password="tram bell"))
    shown = browse(eve).get(f"{page}/{link.id}").text
    assert "tram bell" not in shown
    assert link.password_hash not in shown


def test_a_new_address_is_shown_and_the_old_one_stops(browse, ada, eve, job, page):
    link, old = review_links.create(ada, job, ReviewLinkDraft(name="Fjell"))
    found = soup(browse(eve).post(f"{page}/{link.id}/address"))
    assert reviewers.link_of(found.select_one("#share-url")["value"].rpartition("/")[2]) is link
    assert browse(None).get(f"/r/{old}").status_code == 404


def test_revoking_is_asked_once_more_and_goes_back_to_the_list(browse, eve, page, link):
    browser = browse(eve)
    form = soup(browser.get(page)).select_one(f'form[action="{page}/{link.id}/revocation"]')
    assert "stops at once" in form["data-confirm"]
    assert browser.post(form["action"]).location == page
    assert link.revoked_at is not None
    shown = soup(browser.get(page)).select_one(".share-link")
    assert "Revoked" in shown.text
    assert not shown.select("form")


def test_an_expired_link_says_so(browse, eve, page, link):
    with transaction():
        link.expires_at = utcnow()
    assert "Expired" in soup(browse(eve).get(page)).select_one(".share-link").text


def test_a_link_of_another_storyboard_does_not_exist_here(browse, eve, link):
    other = factories.job(factories.client("Other"))
    wrong = f"/jobs/{other.id}/share/{link.id}"
    assert browse(eve).get(wrong).status_code == 404
    for path in (wrong, f"{wrong}/address", f"{wrong}/revocation"):
        assert browse(eve).post(path, data=FORM).status_code == 404
    assert link.revoked_at is None


def test_reviewers_with_an_account_make_no_links(browse, ben, page, link):
    browser = browse(ben)
    assert browser.get(page).status_code == 403
    assert browser.post(page, data=FORM).status_code == 403
    assert browser.post(f"{page}/{link.id}/revocation").status_code == 403
