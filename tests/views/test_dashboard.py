"""The first page: teaches when empty, then shows what waits, what is there and what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.views.reading import words
from webapp.extensions import db, transaction
from webapp.models import Approval, Client, Event, Job, JobStatus, User, utcnow
from webapp.services import archive


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def section(page, heading):
    return page.find("h2", id=heading).find_parent("section")


@pytest.fixture
def editor(browse, eve):
    return browse(eve)


def test_the_first_run_teaches_three_steps(editor, browse, ben):
    page = soup(editor.get("/"))
    assert [words(each) for each in page.select(".steps h3")] == [
        "Add a client",
        "Paste links and a brief",
        "Watch scenes appear",
    ]
    assert page.main.find("a", href="/clients/new")
    assert not soup(browse(ben).get("/")).main.find("a", href="/clients/new")


def test_storyboards_are_counted_by_state_and_filtered(editor):
    fjell = factories.client()
    factories.job(fjell, "One")
    factories.job(fjell, "Two")
    factories.job(fjell, "Three", approval=Approval.APPROVED)
    page = soup(editor.get("/"))
    assert [words(each) for each in page.select(".state-filter a")] == ["All 3", "Ready for review 2", "Approved 1"]
    page = soup(editor.get("/?state=approved"))
    assert [words(each) for each in page.select(".job-card h3")] == ["Three"]
    assert words(page.select_one(".state-filter [aria-current]")) == "Approved 1"
    assert "None in this state" in words(soup(editor.get("/?state=failed")).main)


def test_what_waits_depends_on_the_role(editor, browse, ben):
    fjell = factories.client()
    factories.job(fjell, "To review")
    factories.job(fjell, "Broken", status=JobStatus.FAILED, error="The writer did not answer.")
    mine = words(section(soup(editor.get("/")), "waiting"))
    theirs = words(section(soup(browse(ben).get("/")), "waiting"))
    assert "Broken" in mine
    assert "The writer did not answer." in mine
    assert "To review" not in mine
    assert "To review" in theirs
    assert "Broken" not in theirs


def test_a_newcomer_to_the_demo_sees_the_storyboard_that_begins_in_a_moment(editor, eve):
    demo = factories.client(is_demo=True)
    assert soup(editor.get("/")).select_one("#all")["hx-trigger"] == "every 3s"
    factories.job(demo, "It began", status=JobStatus.STORYBOARD_PROCESSING)
    assert not soup(editor.get("/")).select_one("#all").get("hx-get"), "its card asks for itself"
    with transaction():
        db.session.delete(db.session.query(Job).one())
        db.session.get(User, eve.id).created_at = utcnow() - timedelta(minutes=5)
    assert not soup(editor.get("/")).select_one("#all").get("hx-get"), "somebody who is not new expects nothing"


def test_nothing_waiting_is_said(editor):
    factories.client()
    assert "Nothing waits for you" in words(section(soup(editor.get("/")), "waiting"))


def test_recent_activity_says_who_did_what_and_leads_there(editor):
    job = factories.job(factories.client(), "One twist")
    with transaction():
        db.session.add(Event(job_id=job.id, actor="Ada", kind="redone", text="redid scene 3: <b>shorter</b>"))
        db.session.add(Event(job_id=job.id, kind="generated", text="wrote 4 scenes"))
    first, second = section(soup(editor.get("/")), "recent").select("li")
    assert words(first).startswith("Slate wrote 4 scenes One twist just now")
    assert words(second).startswith("Ada redid scene 3: <b>shorter</b>")
    assert first.find("a", href=f"/jobs/{job.id}")


def test_a_running_storyboard_says_what_it_does(editor):
    factories.job(factories.client(), status=JobStatus.STORYBOARD_PROCESSING, stage="Writing scene 3 of 5")
    assert "Writing scene 3 of 5" in words(soup(editor.get("/")).select_one(".job-card"))


def test_a_card_asks_for_itself_until_its_storyboard_is_written(editor):
    job = factories.job(factories.client(), status=JobStatus.STORYBOARD_PROCESSING, stage="Writing scene 1 of 3")
    page = editor.get("/")
    url = soup(page).select_one(".job-card")["hx-get"]
    assert editor.get(url).status_code == 204
    with transaction():
        job.stage = "Writing scene 2 of 3"
        job.touch()
    lone = editor.get(url).text
    assert lone.strip() in editor.get("/").text
    assert "Writing scene 2 of 3" in lone
    with transaction():
        job.status = JobStatus.STORYBOARD_READY
        job.touch()
    final = soup(editor.get(url))
    assert "hx-get" not in final.li.attrs
    assert "Ready for review" in words(final.li)
    archive.delete(factories.person("Eve Two", "two@example.com"), job)
    assert (editor.get(url).status_code, editor.get(url).text) == (200, "")


def test_a_storyboard_without_frames_shows_a_sketch_and_never_an_empty_box(editor):
    factories.job(factories.client())
    assert soup(editor.get("/")).select_one(".job-card .card-pic svg")


def test_the_demo_is_deleted_in_one_click(editor):
    factories.job(factories.client("Demo Coffee", is_demo=True))
    factories.client("Fjell")
    form = soup(editor.get("/")).select_one("form[action='/demo/delete']")
    assert "Demo Coffee" in form["data-confirm"]
    assert editor.post("/demo/delete").status_code == 303
    assert [each.name for each in db.session.query(Client)] == ["Fjell"]
    assert not soup(editor.get("/")).select_one("form[action='/demo/delete']")


def test_a_reviewer_sees_the_demo_but_may_not_delete_it(browse, ben):
    factories.client("Demo Coffee", is_demo=True)
    page = soup(browse(ben).get("/"))
    assert "Demo Coffee came with Slate" in words(page.main)
    assert not page.select("form[action='/demo/delete']")
    assert browse(ben).post("/demo/delete").status_code == 403
    assert db.session.query(Client).count() == 1


def test_deleting_the_demo_from_another_site_is_refused(app, eve):
    factories.client("Demo Coffee", is_demo=True)
    browser = factories.signed_in(app, eve)
    browser.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    assert browser.post("/demo/delete").status_code == 403
    assert db.session.query(Client).count() == 1
