"""The animatic on the board: how far it is, the film itself, why there is none, another try."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp.extensions import transaction
from webapp.models import Approval, JobStatus
from webapp.schemas.decisions import DecisionDraft
from webapp.services import animatics, blobs, decisions


@pytest.fixture
def job(app):
    job = factories.job(factories.client(), "Cold brew <b>")
    factories.scene(job)
    return job


def part(answer):
    return BeautifulSoup(answer.data, "html.parser").select_one("#job-film")


def rendered(job, content=b"\0\0\0\x18ftypisom" + b"film" * 500):
    with transaction():
        job.status, job.approval = JobStatus.COMPLETED, Approval.APPROVED
        job.video_blob_id = blobs.put(content, "video/mp4").id
    return content


def test_a_board_that_is_not_approved_shows_nothing(browse, eve, job):
    browser = browse(eve)
    assert part(browser.get(f"/jobs/{job.id}")).get_text(strip=True) == ""
    answer = browser.get(f"/jobs/{job.id}/animatic")
    assert answer.status_code == 404
    assert b"rendered when the storyboard is approved" in answer.data


def test_an_approved_board_says_that_its_animatic_is_on_its_way(browse, eve, ada, job):
    decisions.decide(ada, job, DecisionDraft(kind="approve"))
    browser = browse(eve)
    page = browser.get(f"/jobs/{job.id}")
    assert "The animatic is being rendered" in part(page).get_text()
    assert "no worker is running" in part(page).get_text()
    assert part(page).progress["value"] == "0"
    assert "every 500ms" in page.text
    assert b"being rendered" in browser.get(f"/jobs/{job.id}/animatic").data
    head = BeautifulSoup(page.data, "html.parser").select_one("#job-head")
    assert "Approved" in head.get_text()


def test_the_film_is_played_and_downloaded(browse, ben, job):
    content, browser = rendered(job), browse(ben)
    shown = part(browser.get(f"/jobs/{job.id}"))
    video = shown.video
    assert (video["preload"], video.has_attr("controls")) == ("metadata", True)
    assert "Cold brew <b>, 3.0 seconds" in video["aria-label"]
    answer = browser.get(video["src"])
    assert (answer.data, answer.content_type) == (content, "video/mp4")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "immutable" in answer.headers["Cache-Control"]
    some = browser.get(video["src"], headers={"Range": "bytes=4-7"})
    assert (some.status_code, some.data) == (206, b"ftyp")
    download = browser.get(shown.a["href"])
    assert download.headers["Content-Disposition"].startswith('attachment; filename="Cold brew <b>.mp4"')


def test_letters_that_cannot_be_shown_are_named_before_approving_and_beside_the_film(browse, ada):
    job = factories.job(factories.client())
    for number, words in ((1, "Żółć, Ґанок, Cà phê sữa đá"), (2, "Tea \ue000\ue001")):
        factories.scene(job, number, script=words, on_screen="")
    browser, told = browse(ada), "letters of scene 2 (U+E000 U+E001): it draws □ instead"
    page = BeautifulSoup(browser.get(f"/jobs/{job.id}").data, "html.parser")
    assert told in page.select_one("#job-checks").get_text()
    assert told in page.select_one("dialog#approve").get_text()
    assert told not in page.select_one("dialog#reject").get_text()
    assert told in browser.get(f"/jobs/{job.id}/decisions/new?kind=approve").text
    rendered(job)
    assert told in part(browser.get(f"/jobs/{job.id}")).get_text()


def test_where_every_letter_can_be_shown_nothing_is_said(browse, ada, job):
    rendered(job)
    assert "□" not in browse(ada).get(f"/jobs/{job.id}").text


def test_another_film_under_the_same_address_is_never_taken_for_the_old_one(browse, ben, job):
    rendered(job)
    answer = browse(ben).get(f"/jobs/{job.id}/animatic")
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_the_page_learns_that_the_film_is_there(browse, eve, ada, job):
    decisions.decide(ada, job, DecisionDraft(kind="approve"))
    before, browser = job.revision, browse(eve)
    animatics.draw(job.id, job.video_token)
    animatics.render(job.id, job.video_token)
    sent = BeautifulSoup(browser.get(f"/jobs/{job.id}/changes?after={before}").data, "html.parser")
    film = sent.select_one('hx-partial[hx-target="#job-film"] video')
    assert browser.get(film["poster"]).content_type == "image/webp"
    assert browser.get(film["src"]).data[4:8] == b"ftyp"


def failed(job, why="The disk is <i>full</i>. Try again."):
    with transaction():
        job.approval, job.video_error = Approval.APPROVED, why


def test_a_failure_says_why_and_offers_another_try(browse, eve, job):
    failed(job)
    browser = browse(eve)
    shown = part(browser.get(f"/jobs/{job.id}"))
    assert "There is no animatic" in shown.get_text()
    assert "The disk is <i>full</i>. Try again." in shown.get_text()
    assert b"The writing could not be finished" not in browser.get(f"/jobs/{job.id}").data
    answer = browser.post(shown.form["action"])
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert job.status == JobStatus.VIDEO_PROCESSING
    again = browser.post(shown.form["action"], headers={"HX-Request": "true"})
    assert again.status_code == 409


def test_a_reviewer_sees_the_failure_and_no_button(browse, ben, job):
    failed(job)
    browser = browse(ben)
    shown = part(browser.get(f"/jobs/{job.id}"))
    assert "There is no animatic" in shown.get_text()
    assert shown.form is None
    assert browser.post(f"/jobs/{job.id}/animatic").status_code == 403


def test_a_stranger_sees_no_film(browse, job):
    rendered(job)
    assert browse(None).get(f"/jobs/{job.id}/animatic").status_code in (302, 303)


def test_a_reopened_board_shows_no_film(browse, ada, job):
    browser = browse(ada)
    decisions.decide(ada, job, DecisionDraft(kind="approve"))
    rendered(job)
    browser.post(f"/jobs/{job.id}/decisions", data={"kind": "reopen"})
    assert part(browser.get(f"/jobs/{job.id}")).get_text(strip=True) == ""
    assert browser.get(f"/jobs/{job.id}/animatic").status_code == 404


def test_the_dashboard_counts_it_as_approved(browse, eve, job):
    rendered(job)
    page = BeautifulSoup(browse(eve).get("/").data, "html.parser")
    card = page.select_one(f"#job-{job.id}")
    assert "Approved" in card.get_text()
