"""The record in the browser: decisions with their hashes, the certificate, the exact words as a file, the history."""

from __future__ import annotations

import hashlib

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from tests import factories
from tests.views.reading import words
from webapp.extensions import db, transaction
from webapp.models import Allows, ApprovalRule, Reviewer, ReviewLink, VersionKind
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.scenes import SceneChange
from webapp.services import decisions, events, jobs, scenes, versions

EVIL = "<script>alert(1)</script>"


def soup(answer):
    return BeautifulSoup(answer.data, "html.parser")


@pytest.fixture
def job(app):
    job = factories.job(factories.client(), "Cold brew")
    for number in (1, 2, 3):
        factories.scene(job, number, title=f"Scene {number}", script=f"Wörds {number} {EVIL}")
    return job


@pytest.fixture
def guests(ada, job):
    """Two who were asked through one link, a third through another; all of them have to approve."""
    with transaction():
        marketing = ReviewLink(job_id=job.id, name="Marketing", token_hash="1", allows=Allows.DECIDE)
        legal = ReviewLink(job_id=job.id, name="Legal", token_hash="2", allows=Allows.DECIDE)
        db.session.add_all([marketing, legal])
        db.session.flush()
        people = [
            Reviewer(link_id=marketing.id, name="Cleo", email="cleo@fjell.example", is_named=True),
            Reviewer(link_id=marketing.id, name="Dan", email="dan@fjell.example", is_named=True),
            Reviewer(link_id=legal.id, name="Lea", email=""),
        ]
        db.session.add_all(people)
        job.approval_rule = ApprovalRule.ALL
        job.sent_version_id = versions.keep(job, VersionKind.SENT, name="Round one", by=ada).id
    return people


def say(guest, kind="approve", **more):
    sent = versions.sent(guest.link.job)
    said = {"signature": guest.name, "reason": "Go.", "seen": sent.content_hash} | more
    draft = DecisionDraft(kind=kind, **said)
    return decisions.decide_as_guest(guest, sent, draft, user_agent=f"Phone {EVIL}")


def approve(who, job, **more):
    return decisions.decide(who, job, factories.decision(job, kind="approve", **more), user_agent="Desk/1")


def dock(browser, job):
    return soup(browser.get(f"/jobs/{job.id}")).select_one("#job-dock")


def certificate(browser, job, decision):
    answer = browser.get(f"/jobs/{job.id}/decisions/{decision.id}/certificate")
    assert answer.status_code == 200
    return soup(answer).select_one("article.certificate")


def test_the_dock_says_who_is_waited_for(browse, ada, job, guests):
    cleo, dan, _ = guests
    say(cleo)
    say(dan, "request_changes", reason="Longer.")
    found = dock(browse(ada), job)
    assert [dot.get("data-v") for dot in found.select(".dots i")] == ["ok", "chg", ""]
    assert "Changes requested by Dan (Marketing): Longer. (1 of 3 approved)" in words(found)
    say(dan)
    found = dock(browse(ada), job)
    assert "Round 1 2 of 3 approved, waiting for Legal" in words(found)


def test_an_account_is_told_that_others_are_still_waited_for(browse, ada, job, guests):
    page = soup(browse(ada).get(f"/jobs/{job.id}/decisions/new?kind=approve"))
    said = words(page.select_one("#approving"))
    assert "Scenes 3 Length 9.0 s of 15 s" in said
    assert decisions.content_hash(jobs.scenes(job))[:12] in said
    assert "0 of 3 approved, waiting for Cleo, Dan and Legal. Your approval settles it without waiting" in said


def test_approved_edited_changed_since_on_board_dashboard_and_certificate(browse, ada, ben, job):
    decision, browser = approve(ben, job), browse(ada)
    assert "Approved by Ben Berg" in words(dock(browser, job))
    assert "Certificate" in words(soup(browser.get("/")).select_one(f"#job-{job.id}"))
    assert "Unchanged since" in words(certificate(browser, job, decision))
    decisions.reopen(ada, job)
    assert "v1 approved by Ben Berg, nothing changed since" in words(dock(browser, job))
    assert "Unchanged since, and open for changes" in words(certificate(browser, job, decision))
    for number in (1, 2):
        scenes.edit(ada, job, jobs.scenes(job)[number], SceneChange(script="Other."))
    page = soup(browser.get(f"/jobs/{job.id}"))
    assert "v1 approved by Ben Berg; changed since: scenes 2, 3" in words(page.select_one("#job-dock"))
    assert words(page.select_one("#job-head .since-approval")) == "Changed since approval: scenes 2, 3"
    card = soup(browser.get("/")).select_one(f"#job-{job.id}")
    assert "Changed since approval: scenes 2, 3" in words(card)
    assert "Certificate" not in words(card)
    assert "Changed since: scenes 2, 3" in words(certificate(browser, job, decision))


def test_a_version_approved_after_the_board_moved_on(browse, ada, job, guests):
    scenes.edit(ada, job, jobs.scenes(job)[1], SceneChange(script="Other."))
    for guest in guests:
        say(guest)
    assert "v1 approved by Cleo (Marketing), Dan (Marketing) and Lea (Legal); changed since: scene 2" in words(
        dock(browse(ada), job)
    )


def test_a_certificate_says_everything_and_nothing_of_it_runs(browse, ada, job, guests):
    for guest in guests:
        decision = say(guest)
    found = certificate(browse(ada), job, decision)
    said = words(found)
    for part in (
        "Fjell Coffee", "Certificate of approval", "“Cold brew”, version 1 (Round one): 3 scenes, 9.0 s, 16:9",
        "Lea (name as typed)", "the review link “Legal”", f"Phone {EVIL}", f"Wörds 2 {EVIL}", "2. Scene 2 3.0 s",
        decision.content_hash, events.of_job(job)[0].hash, f"slate hash {job.id} --version 1",
        "Cleo (Marketing): approved", "UTC", "Unchanged since",
    ):  # fmt: skip
        assert part in said, part
    assert not found.select("script")
    first = certificate(browse(ada), job, decisions.history(job)[-1])
    assert "cleo@fjell.example" in words(first)
    assert "with others still to answer" in words(first)


def test_a_rejection_has_a_record_too(browse, ada, job):
    decision = decisions.decide(ada, job, factories.decision(job, kind="reject", reason="Not us."))
    found = certificate(browse(ada), job, decision)
    assert "Record of a rejection" in words(found)
    assert "Words Not us." in words(found)


def test_a_certificate_of_words_that_were_tampered_with_says_so(browse, ada, job):
    decision = approve(ada, job)
    with transaction():
        db.session.execute(text("UPDATE takes SET script = 'Forged'"))
    db.session.expire_all()
    assert "The words on record are not those that were decided on" in words(certificate(browse(ada), job, decision))


@pytest.mark.parametrize("path", ["versions/1/storyboard.json", "decisions/{decision}/storyboard.json"])
def test_the_file_has_the_hash_of_the_decision(browse, ada, job, path):
    decision = approve(ada, job)
    decisions.reopen(ada, job)
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Later."))
    answer = browse(ada).get(f"/jobs/{job.id}/{path.format(decision=decision.id)}")
    assert hashlib.sha256(answer.data).hexdigest() == decision.content_hash
    assert answer.headers["Content-Disposition"] == 'attachment; filename="storyboard.json"'
    assert answer.content_type == "application/json"


def test_the_decision_keeps_what_the_browser_calls_itself(browse, ben, job):
    seen = decisions.content_hash(jobs.scenes(job))
    browse(ben).post(
        f"/jobs/{job.id}/decisions", data={"kind": "approve", "seen": seen}, headers={"User-Agent": "X" * 400}
    )
    assert decisions.latest(job).user_agent == "X" * 300


def test_decisions_of_another_storyboard_are_not_found(browse, ada, job):
    decision, other = approve(ada, job), factories.job(job.client)
    for path in ("certificate", "storyboard.json", "frames/1"):
        assert browse(ada).get(f"/jobs/{other.id}/decisions/{decision.id}/{path}").status_code == 404
        assert browse(ada).get(f"/jobs/{job.id}/decisions/none/{path}").status_code == 404
    assert browse(ada).get(f"/jobs/{job.id}/versions/9/storyboard.json").status_code == 404
    assert browse(ada).get(f"/jobs/{job.id}/decisions/{decision.id}/frames/9").status_code == 404


def test_a_stranger_sees_nothing_of_the_record(browse, ada, job):
    decision = approve(ada, job)
    for path in ("activity", f"decisions/{decision.id}/certificate", f"decisions/{decision.id}/storyboard.json"):
        assert browse(None).get(f"/jobs/{job.id}/{path}").status_code in (302, 303, 401)


def test_the_activity_page_checks_the_record_and_names_faults(browse, ada, job):
    approve(ada, job, reason="Go.")
    browser = browse(ada)
    page = soup(browser.get(f"/jobs/{job.id}/activity"))
    assert "1 line and 1 decision checked just now: all as they were written." in words(page.select_one(".integrity"))
    assert page.select_one(f"a[href$='/decisions/{decisions.latest(job).id}/certificate']")
    assert "account, ada@example.com" in words(page.select_one("table"))
    with transaction():
        db.session.execute(text("UPDATE events SET actor = 'Cleo'"))
    page = soup(browser.get(f"/jobs/{job.id}/activity"))
    assert "The record is not as it was written" in words(page.select_one(".notice-bad"))
    assert "line 1 (event" in words(page.select_one(".faults"))


def test_a_very_long_history_is_left_to_the_command(browse, ada, job, monkeypatch):
    from webapp.services import integrity

    approve(ada, job)
    monkeypatch.setattr(integrity, "CHECKED_ON_PAGES", 0)
    page = soup(browse(ada).get(f"/jobs/{job.id}/activity"))
    assert f"slate verify {job.id}" in words(page.select_one(".integrity"))
