"""The door of a review link: from the address in a message to the clean one, by password, by name, or not at all."""

from __future__ import annotations

import dataclasses
import logging
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp import create_app
from webapp.extensions import db, transaction
from webapp.models import Reviewer, utcnow
from webapp.schemas.review_links import ReviewLinkChange, ReviewLinkDraft
from webapp.schemas.sending import SendDraft
from webapp.services import review_links, reviewers, sending

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def job(app, ada):
    made = factories.job(factories.client())
    factories.scene(made)
    sending.send(ada, made, SendDraft())
    return made


@pytest.fixture
def make(ada, job):
    def make(**values):
        link, token = review_links.create(ada, job, ReviewLinkDraft(**({"name": "Fjell"} | values)))
        return link, f"/r/{token}", f"/review/{link.id}"

    return make


def soup(response, code=200):
    assert response.status_code == code, response.text
    return BeautifulSoup(response.data, "html.parser")


def count():
    return db.session.query(Reviewer).count()


def cookie(browser, link):
    return browser.get_cookie("slate_guest_" + link.id.replace("-", ""))


# --- in


def test_the_token_is_swapped_for_a_cookie_and_a_clean_address(browse, make):
    link, address, home = make()
    browser = browse(None)
    response = browser.get(address)
    assert (response.status_code, response.location) == (303, home)
    sent = response.headers["Set-Cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent
    assert "Path=/" in sent
    assert "Domain" not in sent
    assert cookie(browser, link).value not in address
    assert address.rpartition("/")[2] not in browser.get(home).text


def test_over_https_the_cookie_belongs_to_this_host_alone(settings, app, make):
    link, address, _ = make()
    made = create_app(dataclasses.replace(settings, public_url="https://slate.example.com"))
    with made.app_context():
        response = made.test_client().get(address, base_url="https://slate.example.com")
        sent = response.headers["Set-Cookie"]
        assert sent.startswith("__Host-slate_guest_" + link.id.replace("-", ""))
        assert "Secure" in sent
        db.session.remove()
        db.engine.dispose()


def test_opening_the_message_again_makes_nobody_new(browse, make):
    _, address, home = make()
    browser = browse(None)
    for _ in range(3):
        assert browser.get(address).location == home
        assert browser.get(home).status_code == 200
    assert count() == 1


def test_previews_that_only_ask_for_the_head_make_nobody(browse, make):
    _, address, _ = make()
    response = browse(None).head(address)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert count() == 0


def test_a_robot_that_does_not_go_on_is_forgotten(browse, make):
    link, address, _ = make()
    browse(None).get(address)
    with transaction():
        db.session.query(Reviewer).one().created_at = utcnow() - timedelta(days=2)
    assert link.opened_at is None
    assert reviewers.purge() == 1


def test_a_browser_may_hold_several_links(browse, make):
    browser = browse(None)
    places = [make() for _ in range(3)]
    for _, address, _ in places:
        browser.get(address)
    assert [browser.get(home).status_code for _, _, home in places] == [200] * 3


def test_the_clean_address_alone_opens_nothing(browse, make):
    link, address, home = make()
    browse(None).get(address)
    found = soup(browse(None).get(home), 404)
    assert "Open the link in the message" in found.text
    assert found.select("a[href]") == []  # no way to a dashboard that is not theirs
    assert link.name not in found.text


def test_there_is_no_telling_whether_a_link_exists(browse, make):
    _, _, home = make()
    there, not_there = (browse(None).get(path) for path in (home, "/review/no-such-link"))
    assert there.status_code == not_there.status_code == 404
    assert there.data == not_there.data


def test_an_address_with_a_letter_missing_says_so(browse, make):
    _, address, _ = make()
    found = soup(browse(None).get(address[:-1]), 404)
    assert "This link does not work" in found.h1.text
    assert "Set-Cookie" not in browse(None).get(address[:-1]).headers


def test_somebody_of_the_team_looks_as_themselves(browse, eve, make):
    _, address, home = make()
    browser = browse(eve)
    assert browser.get(address).location == home
    assert browser.get(home).status_code == 200
    assert db.session.query(Reviewer).one().name == eve.name


# --- passwords


def test_a_password_is_asked_for_first(browse, make):
    link, address, home = make(password="tram bell")
    browser = browse(None)
    found = soup(browser.get(address))
    assert found.select_one("input[type=password]")
    assert link.name not in found.text
    assert link.job.title not in found.text
    assert count() == 0
    assert "not the password" in soup(browser.post(address, data={"password": "wrong one"}), 422).text
    assert "fill this in" in soup(browser.post(address, data={"password": ""}), 422).text
    assert count() == 0
    assert browser.post(address, data={"password": "tram bell"}).location == home
    assert browser.get(home).status_code == 200


def test_guessing_is_slowed_down_in_words(browse, make):
    _, address, _ = make(password="tram bell")
    browser = browse(None)
    codes = [browser.post(address, data={"password": f"guess {number}"}).status_code for number in range(7)]
    assert codes == [422] * 5 + [429] * 2
    response = browser.post(address, data={"password": "tram bell"})
    assert int(response.headers["Retry-After"]) >= 1
    assert "Too many tries" in soup(response, 429).select_one(".notice").text


# --- who are you


def test_a_named_reviewer_picks_their_name(browse, make):
    link, address, home = make(who="named", reviewers=["Maya Lund, maya@fjell.example", "Legal"])
    browser = browse(None)
    browser.get(address)
    assert browser.get(home).location == f"{home}/who"
    found = soup(browser.get(f"{home}/who"))
    ids = {each.text: each.input["value"] for each in found.select(".names label")}
    assert set(ids) == {"Maya Lund", "Legal"}
    assert "maya@fjell.example" not in found.text
    for email, code in (("", 422), ("eve@fjell.example", 422), ("maya@fjell.example", 303)):
        answer = browser.post(f"{home}/who", data={"reviewer_id": ids["Maya Lund"], "email": email})
        assert answer.status_code == code
    assert browser.get(home).status_code == 200
    assert reviewers.find(link.id, cookie(browser, link).value).name == "Maya Lund"


def test_nobodys_name_is_a_wrong_choice(browse, make):
    _, address, home = make(who="named", reviewers=["Legal"])
    browser = browse(None)
    browser.get(address)
    for wrong in ({}, {"reviewer_id": "nobody"}, {"reviewer_id": "x" * 99}):
        assert soup(browser.post(f"{home}/who", data=wrong), 422).select_one("#names-error")


def test_a_guests_name_is_kept_and_can_be_put_right(browse, make):
    link, address, home = make(asks_email=True)
    browser = browse(None)
    browser.get(address)
    assert soup(browser.post(f"{home}/who", data={"name": " Maya  Lund "}), 422).select_one("#f-email-error")
    assert (
        soup(browser.post(f"{home}/who", data={"name": "M", "email": "no"}), 422).select_one("#f-name")["value"] == "M"
    )
    sent = {"name": " Maya  Lund ", "email": "Maya@Fjell.example"}
    assert browser.post(f"{home}/who", data=sent).location == home
    guest = reviewers.find(link.id, cookie(browser, link).value)
    assert (guest.name, guest.email) == ("Maya Lund", "maya@fjell.example")
    assert soup(browser.get(f"{home}/who")).select_one("#f-name")["value"] == "Maya Lund"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/jobs", "/review/other", "/review", "\\\\evil", "{home}/../../jobs",
     "{home}evil", "{home}\r\nSet-Cookie: a=b", "{home}@evil.example"],
)  # fmt: skip
def test_after_the_name_it_goes_on_within_the_review_only(browse, make, wanted):
    _, address, home = make()
    browser = browse(None)
    browser.get(address)
    query = {"next": wanted.replace("{home}", home)}
    assert browser.post(f"{home}/who", query_string=query, data={"name": "Maya"}).location == home


def test_after_the_name_it_goes_back_to_where_it_was_asked(browse, make):
    _, address, home = make()
    browser = browse(None)
    browser.get(address)
    query = {"next": f"{home}?scene=2"}
    assert browser.post(f"{home}/who", query_string=query, data={"name": "Maya"}).location == f"{home}?scene=2"


# --- out


def revoked(ada, link):
    review_links.revoke(ada, link)


def expired(ada, link):
    with transaction():
        link.expires_at = utcnow()


def renewed(ada, link):
    review_links.renew(ada, link)


def locked(ada, link):
    review_links.change(ada, link, ReviewLinkChange(name="Fjell", password="tram bell"))


@pytest.mark.parametrize("end", [revoked, expired, renewed, locked])
def test_whoever_is_reading_is_out_at_the_next_request(browse, ada, make, end):
    link, address, home = make(allows="decide")
    browser = browse(None)
    browser.get(address)
    frame = f"{home}/frames/1"
    assert browser.get(home).status_code == 200
    assert browser.get(frame).status_code != 410  # not drawn in this test, but asked for
    end(ada, link)
    for path in (home, frame, f"{home}/state", f"{home}/who"):
        found = soup(browser.get(path), 410)
        assert found.h1.text == "This link was closed"
        assert found.select("a[href]") == []
    for path in ("verdicts", "comments", "decisions", "who"):
        assert browser.post(f"{home}/{path}", data={"name": "Maya", "text": "Too late"}).status_code in (404, 405, 410)
    assert not db.session.query(Reviewer).one().name


def test_a_fragment_of_a_closed_link_leads_to_the_page_that_says_so(browse, ada, make):
    link, address, home = make()
    browser = browse(None)
    browser.get(address)
    review_links.revoke(ada, link)
    response = browser.get(f"{home}/state", headers=FRAGMENT)
    assert response.status_code == 410
    assert response.headers["HX-Redirect"] == home


def test_a_fragment_for_an_unnamed_reviewer_leads_to_the_names(browse, make):
    _, address, home = make(who="named", reviewers=["Legal"])
    browser = browse(None)
    browser.get(address)
    response = browser.get(home, headers=FRAGMENT)
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, f"{home}/who")


def test_a_closed_address_says_so(browse, ada, make):
    link, address, _ = make()
    review_links.revoke(ada, link)
    assert "This link was closed" in soup(browse(None).get(address), 410).h1.text
    assert browse(None).post(address, data={"password": "x"}).status_code == 410


# --- quiet


def test_guests_pages_are_for_nobody_else(browse, ada, make):
    link, address, home = make(password="tram bell")
    browser = browse(None)
    answers = [browser.get(address), browser.get(address + "x"), browser.get(home)]
    answers.append(browser.post(address, data={"password": "tram bell"}))
    answers += [browser.get(home), browser.get(f"{home}/who"), browser.get(f"{home}/nothing/here")]
    review_links.revoke(ada, link)
    answers += [browser.get(address), browser.get(home)]
    for each in answers:
        assert "noindex" in each.headers["X-Robots-Tag"], each.request.path
        assert each.headers["Referrer-Policy"] == "no-referrer"
        assert each.headers["Cache-Control"] == "no-store"
        assert each.headers["X-Frame-Options"] == "DENY"


def test_over_plain_http_the_origin_still_reaches_the_guard(app, make):
    """Where browsers do not say Sec-Fetch-Site, no-referrer would make them say Origin: null, which is refused."""
    _, address, _ = make(password="tram bell")
    browser = app.test_client()
    assert browser.get(address).headers["Referrer-Policy"] == "strict-origin"
    sent = browser.post(address, data={"password": "tram bell"}, headers={"Origin": "http://localhost"})
    assert sent.status_code == 303


def test_a_token_is_never_logged(app, browse, ada, make, caplog):
    caplog.set_level(logging.DEBUG)
    link, address, home = make(password="tram bell")
    browser = browse(None)
    token = address.rpartition("/")[2]
    browser.get(address)
    browser.post(address, data={"password": "wrong one"})
    browser.post(address, data={"password": "tram bell"}, headers={"Sec-Fetch-Site": "cross-site"})
    browser.post(address, data={"password": "tram bell"})
    browser.get(home)
    browser.get(address + "/more")
    browser.delete(address)
    review_links.revoke(ada, link)
    browser.get(address)
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "cross-site" in said  # the control: there was something to read
    for secret in (token, "tram bell", cookie(browser, link).value):
        assert secret not in said
