"""Every form of a decision says which storyboard it showed, and one that does not decides nothing."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.views.test_review import Guest, guest, job, sent, words  # noqa: F401 - fixtures
from webapp.extensions import db
from webapp.models import Approval, Decision
from webapp.schemas.jobs import JobChange
from webapp.schemas.scenes import SceneChange
from webapp.services import decisions, jobs, scenes

KINDS = ["approve", "request_changes", "reject"]


@pytest.fixture
def board(app):
    made = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(made, number, title=f"Title {number}", script=f"Words of {number}.")
    return made


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def fields(page):
    """Return what a form sends besides what is typed."""
    return {each["name"]: each.get("value", "") for each in page.select("main form input[type=hidden]")}


def asked(browser, board, kind):
    return soup(browser.get(f"/jobs/{board.id}/decisions/new?kind={kind}"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_without_javascript_shows_what_it_names(browse, ben, board, kind):
    page = asked(browse(ben), board, kind)
    assert fields(page)["seen"] == decisions.content_hash(jobs.scenes(board))
    shown = page.select_one(".approved-words").text
    assert all(f"“Words of {number}.”" in shown for number in (1, 2, 3))


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_does_not_say_what_it_showed_decides_nothing(browse, ben, eve, board, kind):
    for browser, seen in ((browse(who), seen) for who in (ben, eve) for seen in ({}, {"seen": ""})):
        answer = browser.post(f"/jobs/{board.id}/decisions", data={"kind": kind, "reason": "My own words"} | seen)
        assert answer.status_code == 422
        page = soup(answer)
        assert "did not say which storyboard it showed" in page.select_one("[role=alert]").text
        assert page.select_one("textarea").text.strip() == "My own words"
    assert db.session.query(Decision).count() == 0
    again = fields(page) | {"reason": page.select_one("textarea").text}
    assert browser.post(f"/jobs/{board.id}/decisions", data=again).status_code == 303
    assert db.session.query(Decision).one().named_version is True


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_about_words_that_changed_comes_back_with_what_was_typed_and_what_is_new(browse, ben, eve, board, kind):
    browser = browse(ben)
    before = fields(asked(browser, board, kind))
    scenes.edit(eve, board, jobs.scenes(board)[1], SceneChange(script="Quite other words."))
    answer = browser.post(f"/jobs/{board.id}/decisions", data=before | {"reason": "My own words"})
    page = soup(answer)
    assert answer.status_code == 409
    alert = page.select_one("[role=alert]").text
    assert "The storyboard changed while you were looking at it. Different now: scene 2." in alert
    assert page.select_one("textarea").text.strip() == "My own words"
    changed = [each.b.text for each in page.select(".approved-words li") if each.select(".chip-warn")]
    assert changed == ["Title 2"]
    assert "Quite other words." in page.select_one(".approved-words").text
    assert db.session.query(Decision).count() == 0
    db.session.refresh(board)
    assert board.approval == Approval.NONE
    after = fields(page) | {"reason": "My own words"}
    assert after["seen"] == decisions.content_hash(jobs.scenes(board)) != before["seen"]
    assert browser.post(f"/jobs/{board.id}/decisions", data=after).status_code == 303


def test_the_dialog_comes_back_as_well(browse, ben, eve, board):
    browser = browse(ben)
    before = fields(asked(browser, board, "approve"))
    scenes.edit(eve, board, jobs.scenes(board)[0], SceneChange(script="Other."))
    url, htmx = f"/jobs/{board.id}/decisions", {"HX-Request": "true"}
    answer = browser.post(url, data=before | {"reason": "Lovely"}, headers=htmx)
    form = soup(answer)
    assert answer.status_code == 422
    assert not form.select("html")
    assert form.select_one("form")["id"] == "decision-approve"
    assert form.select_one("textarea").text.strip() == "Lovely"
    assert form.select_one("[name=seen]")["value"] == decisions.content_hash(jobs.scenes(board))


def test_who_saw_16_to_9_does_not_approve_9_to_16(browse, ben, eve, board):
    browser = browse(ben)
    before = fields(asked(browser, board, "approve"))
    jobs.change(eve, board, JobChange(ratio="9:16"))
    answer = browser.post(f"/jobs/{board.id}/decisions", data=before)
    assert answer.status_code == 409
    assert "Different now: new format" in answer.text


def test_a_reason_that_is_missing_does_not_change_what_was_seen(browse, ben, eve, board):
    browser = browse(ben)
    before = fields(asked(browser, board, "reject"))
    page = soup(browser.post(f"/jobs/{board.id}/decisions", data=before | {"reason": " "}))
    scenes.edit(eve, board, jobs.scenes(board)[0], SceneChange(script="Other."))
    answer = browser.post(f"/jobs/{board.id}/decisions", data=fields(page) | {"reason": "No"})
    assert answer.status_code == 409


# ---- guests ----


@pytest.fixture
def maya(guest, sent):  # noqa: F811
    return guest(name="Fjell marketing", allows="decide")


@pytest.mark.parametrize("kind", KINDS)
def test_a_guests_form_names_its_version(maya, sent, kind):  # noqa: F811
    """Without, and with that of another one; nothing typed is lost, and the form that comes back works."""
    typed = {"reason": "My own words", "signature": "Maya Lund", "name": "Maya Lund"}
    for seen in (None, "", "0" * 64):
        data = fields(maya.see(f"/decision?kind={kind}")) | typed | {"seen": seen}
        sent_fields = {name: said for name, said in data.items() if said is not None}
        page = maya.send("/decision", code=409 if seen else 422, **sent_fields)
        alert = page.select_one("[role=alert]").text
        assert ("What you looked at is not version 1" if seen else "which storyboard was looked at") in alert
        assert page.select_one("#f-reason").text.strip() == "My own words"
        assert page.select_one(".approved-words")
        assert "contentHash" not in page.text
    assert db.session.query(Decision).count() == 0
    again = fields(page) | typed
    assert again["seen"] == decisions.content_hash(jobs.scenes(sent))
    maya.send("/decision", **again)
    assert db.session.query(Decision).one().named_version is True
