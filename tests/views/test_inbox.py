"""The inbox: one's own notices, the bell, following and reading them; the link that ends mails."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, text

from tests import factories
from tests.services.receivers import PostOffice
from webapp.extensions import db, transaction
from webapp.models import Delivery, Notice, utcnow
from webapp.services import deliveries, mail, notices


@pytest.fixture
def job(ada):
    return factories.job(factories.client(), "Cold brew", user_id=ada.id)


@pytest.fixture
def tell(job, eve):
    def once(text="commented on scene 1: <b>nice</b>", kind="comment", **facts):
        with transaction():
            notices.tell(job, kind, text, **({"by": eve} | facts))

    return once


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def test_the_empty_inbox_says_what_comes_in(browse, ada):
    for show in ("", "?show=unread"):
        page = soup(browse(ada).get(f"/inbox{show}"))
        assert page.select_one(".empty h2")
        assert not page.select("form[action='/inbox/read']")


def test_newest_first_unread_marked_words_escaped(browse, ada, job, tell):
    tell()
    with transaction():
        db.session.query(Notice).one().created_at = utcnow() - timedelta(hours=3)
    tell("approved v2", "decision")
    page = soup(browse(ada).get("/inbox"))
    rows = page.select(".inbox > li")
    assert [row.select_one(".card-link").get_text() for row in rows] == [
        "Unread: Eve Holt approved v2",
        "Unread: Eve Holt commented on scene 1: <b>nice</b>",
    ]
    assert all("unread" in row["class"] for row in rows)
    assert "Cold brew, Fjell Coffee" in rows[0].text
    assert page.select_one("#bell")["aria-label"] == "Inbox, 2 unread"


def test_following_leads_to_the_place_and_marks_it_read(browse, ada, job, tell):
    scene = factories.scene(job)
    tell(scene=scene)
    browser = browse(ada)
    link = soup(browser.get("/inbox")).select_one(".inbox .card-link")["href"]
    answer = browser.get(link)
    assert answer.status_code == 303
    assert answer.location == f"/jobs/{job.id}#scene-{scene.id}"
    page = soup(browser.get("/inbox"))
    assert not page.select(".unread")
    assert len(page.select(".inbox > li")) == 1
    assert soup(browser.get("/inbox?show=unread")).select_one(".empty")
    assert soup(browser.get("/")).select_one("#bell")["aria-label"] == "Inbox"


def test_a_line_about_a_comment_leads_to_its_page_where_there_is_no_javascript(browse, ada, job, tell):
    tell(anchor="comment-abc")
    browser = browse(ada)
    answer = browser.get(soup(browser.get("/inbox")).select_one(".inbox .card-link")["href"])
    assert answer.location == f"/jobs/{job.id}?comment=abc#comment-abc"
    refresh = soup(browser.get(answer.location)).select_one("head > noscript > meta[http-equiv=refresh]")
    assert refresh["content"] == f"0; url=/jobs/{job.id}/comments?comment=abc"
    assert not soup(browser.get(f"/jobs/{job.id}")).select("meta[http-equiv=refresh]")


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_fetching_a_link_ahead_of_time_reads_nothing(browse, ada, tell, headers):
    tell()
    notice = db.session.query(Notice).one()
    assert browse(ada).get(f"/inbox/{notice.id}", headers=headers).status_code == 303
    assert notices.unread(ada) == 1


def test_other_peoples_notices_do_not_exist(browse, ada, eve, tell):
    tell()
    notice = db.session.query(Notice).one()
    assert browse(eve).get(f"/inbox/{notice.id}").status_code == 404
    assert browse(eve).get("/inbox/nothing").status_code == 404
    assert not soup(browse(eve).get("/inbox")).select(".inbox li")
    browse(eve).post("/inbox/read")
    assert notices.unread(ada) == 1


def test_mark_all_as_read(browse, ada, tell):
    tell()
    tell()
    browser = browse(ada)
    assert soup(browser.get("/inbox")).select_one("form[action='/inbox/read'] button")
    assert browser.post("/inbox/read").status_code == 303
    assert notices.unread(ada) == 0


def test_the_bell_asks_cheaply(browse, ada, tell):
    browser = browse(ada)
    bell = soup(browser.get("/")).select_one("#bell")
    assert bell["hx-get"] == "/inbox/bell?seen=0"
    assert not bell.select(".bell-n")
    assert browser.get(bell["hx-get"]).status_code == 204
    tell()
    fresh = soup(browser.get(bell["hx-get"], headers={"HX-Request": "true"})).select_one("#bell")
    assert (fresh["hx-get"], fresh.select_one(".bell-n").text) == ("/inbox/bell?seen=1", "1")


def test_many_notices_have_pages_and_the_bell_stays_small(browse, ada, job):
    with transaction():
        db.session.add_all(Notice(user_id=ada.id, job_id=job.id, kind="comment", text=f"{n}") for n in range(120))
    page = soup(browse(ada).get("/inbox?page=2"))
    assert len(page.select(".inbox > li")) == notices.PER_PAGE
    assert "Page 2 of 4" in page.select_one(".pagination").text
    assert page.select_one(".bell-n").text == "99+"


def test_a_bell_that_cannot_count_breaks_no_page(browse, ada):
    """It is on every page, those that say what is broken included."""
    browser = browse(ada)
    with transaction():
        db.session.execute(text("DROP TABLE notices"))
    assert soup(browser.get("/account")).select_one("#bell")["aria-label"] == "Inbox"
    assert browser.get("/inbox").status_code == 503
    assert browser.get("/nothing-here").status_code == 404


@pytest.fixture
def mailing(app, settings):
    with PostOffice() as office:
        app.extensions["settings"] = replace(
            settings,
            smtp_host="127.0.0.1",
            smtp_port=office.port,
            smtp_security="none",
            mail_from="slate@agency.example",
            public_url="http://localhost",
        )
        yield office


def test_the_account_page_says_whether_there_is_mail_and_keeps_the_wish(app, browse, ada):
    assert "no mail server" in soup(browse(ada).get("/account")).text
    app.extensions["settings"] = replace(
        app.extensions["settings"], smtp_host="mail.example.com", public_url="http://localhost"
    )
    browser = browse(ada)
    assert soup(browser.get("/account")).select_one("[name=wants_mail]").has_attr("checked")
    assert browser.post("/account/mails").status_code == 303
    assert not soup(browser.get("/account")).select_one("[name=wants_mail]").has_attr("checked")
    browser.post("/account/mails", data={"wants_mail": "1"})
    assert soup(browser.get("/account")).select_one("[name=wants_mail]").has_attr("checked")


def test_one_click_unsubscribes_without_signing_in_and_looking_does_not(app, browse, ada, mailing):
    path = mail.unsubscribe_url(ada).removeprefix("http://localhost")
    reader = browse(None)
    page = reader.get(path)
    assert "Stop these mails?" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    db.session.refresh(ada)
    assert ada.wants_mail
    foreign = app.test_client()  # a mail provider's machine says neither Origin nor Sec-Fetch-Site (RFC 8058)
    assert foreign.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.refresh(ada)
    assert not ada.wants_mail
    assert foreign.post(f"{path}x").status_code == 404


def test_an_invitation_is_mailed_when_that_is_ticked(browse, ada, mailing):
    browser = browse(ada)
    assert soup(browser.get("/people")).select_one("[name=by_mail]")
    typed = {"name": "Ben", "email": "ben@example.com", "role": "reviewer"}
    shown = soup(browser.post("/people", data={**typed, "by_mail": "1"}))
    link = shown.select_one("#link")["value"]
    assert "on its way to Ben" in shown.select_one("h1").text
    (row,) = db.session.query(Delivery)
    deliveries.attempt(row.id, 0)
    assert link in mailing.mails[0].get_body(("plain",)).get_content()
    assert mailing.recipients == ["ben@example.com"]
    browser.post("/people", data=typed | {"email": "other@example.com"})
    assert db.session.query(Delivery).count() == 1


def test_without_a_mail_server_nothing_is_mailed_whatever_is_ticked(browse, ada):
    browser = browse(ada)
    assert not soup(browser.get("/people")).select("[name=by_mail]")
    typed = {"name": "Ben", "email": "ben@example.com", "role": "reviewer", "by_mail": "1"}
    assert "Send this link to Ben" in soup(browser.post("/people", data=typed)).text
    assert db.session.query(Delivery).count() == 0


@contextmanager
def counted():
    """Collect the statements sent meanwhile."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_asking_costs_as_many_queries_for_many_as_for_few(browse, ada, job, tell):
    browser = browse(ada)
    sent = []
    for count in (1, 25):
        for number in range(count):
            other = factories.job(factories.client(f"Client {number}"), f"Job {number}")
            with transaction():
                db.session.add(Notice(user_id=ada.id, job_id=other.id, kind="comment", text="commented"))
        db.session.remove()
        with counted() as page:
            assert browser.get("/inbox").status_code == 200
        with counted() as poll:
            assert browser.get(f"/inbox/bell?seen={1 if count == 1 else 26}").status_code == 204
        sent.append((len(page), sum("count" in each.lower() for each in poll), len(poll)))
    assert sent[0] == sent[1]
    assert sent[0][0] <= 12
    assert sent[0][1] == 1
