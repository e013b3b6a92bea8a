"""Versions and undo in the browser, as pages and as fragments."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp.models import VersionKind
from webapp.schemas.scenes import SceneChange
from webapp.schemas.versions import VersionDraft
from webapp.services import history, jobs, scenes, versions

FRAGMENT = {"HX-Request": "true"}


def soup(response):
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


@pytest.fixture
def job(app):
    job = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(job, number, title=f"Scene {number} title")
    return job


@pytest.fixture
def kept(job, ada):
    return history.keep_named(ada, job, VersionDraft(name="Round <1>"))


def test_a_board_without_versions_says_what_they_are_for(ada, browse, job):
    browser = browse(ada)
    assert "Keep the board as it is under a name" in soup(browser.get(f"/jobs/{job.id}")).text
    assert soup(browser.get(f"/jobs/{job.id}/versions")).select_one(".empty h2").text == "No versions yet"


def test_a_version_is_kept_from_the_board(ada, browse, job):
    answer = browse(ada).post(f"/jobs/{job.id}/versions", data={"name": " Round 1 "}, headers=FRAGMENT)
    assert "Version 1 kept: Round 1" in answer.headers["HX-Trigger"]
    assert "Round 1" in soup(answer).select_one(".versions").text


def test_a_version_without_a_name_is_asked_for_one(ada, browse, job):
    answer = browse(ada).post(f"/jobs/{job.id}/versions", data={"name": " "}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert soup(answer).select_one("[name=name]")["aria-invalid"] == "true"
    page = browse(ada).post(f"/jobs/{job.id}/versions", data={"name": "x" * 121})
    assert page.status_code == 422
    assert "At most 120 characters." in page.text
    assert "x" * 121 in page.text
    assert versions.of_job(job) == []


def test_it_works_without_javascript(ada, browse, job):
    answer = browse(ada).post(f"/jobs/{job.id}/versions", data={"name": "Round 1"})
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}/versions")


def test_the_list_says_kind_who_when_and_the_hash(ada, browse, job, kept):
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Edited"))
    history.restore(ada, job, 1)
    rows = soup(browse(ada).get(f"/jobs/{job.id}/versions")).select("tbody tr")
    assert [row["id"] for row in rows] == ["v3", "v2", "v1"]
    assert "Round <1>" in rows[2].text
    assert "Safety copy" in rows[1].text
    assert kept.content_hash[:12] in rows[2].text
    assert "Ada Byron" in rows[2].text


def test_it_is_renamed(ada, browse, job, kept):
    browser = browse(ada)
    assert browser.post(f"/jobs/{job.id}/versions/1/name", data={"name": "Final"}).status_code == 303
    assert versions.find(job, 1).name == "Final"
    refused = browser.post(f"/jobs/{job.id}/versions/1/name", data={"name": ""})
    assert refused.status_code == 422
    assert soup(refused).select_one("#v1 [aria-invalid=true]")
    assert versions.find(job, 1).name == "Final"


def test_compared_scene_by_scene(ada, browse, job, kept):
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Ready in two twists."))
    scenes.delete(ada, job, jobs.scenes(job)[1])
    page = soup(browse(ada).get(f"/jobs/{job.id}/versions/compare?left=1&right=now"))
    assert [each["data-state"] for each in page.select(".board-diff > li")] == ["changed", "removed", "same"]
    assert [each.text for each in page.select(".board-diff del")] == [" removed: one twist"]
    assert "2 of 3 scenes differ." in page.text
    backwards = soup(browse(ada).get(f"/jobs/{job.id}/versions/compare?left=now&right=1"))
    assert [each["data-state"] for each in backwards.select(".board-diff > li")] == ["changed", "added", "same"]


@pytest.mark.parametrize(("side", "status"), [("99", 404), ("x", 422), ("9" * 30, 422)])
def test_sides_that_are_not_there(ada, browse, job, kept, side, status):
    assert browse(ada).get(f"/jobs/{job.id}/versions/compare?left={side}").status_code == status


def test_restored_and_undone(ada, browse, job, kept):
    browser = browse(ada)
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="Edited"))
    assert browser.post(f"/jobs/{job.id}/versions/1/restore").status_code == 303
    assert jobs.scenes(job)[0].take.script == "Ready in one twist."
    assert [each.kind for each in versions.of_job(job)] == [VersionKind.NAMED, VersionKind.SAFETY, VersionKind.NAMED]
    page = soup(browser.get(f"/jobs/{job.id}"))
    assert page.select_one("[data-history=undo] button")["title"] == "Undo: went back to version 1"
    assert page.select_one("[data-history=redo] button").has_attr("disabled")
    assert browser.post(f"/jobs/{job.id}/undo").status_code == 303
    assert jobs.scenes(job)[0].take.script == "Edited"


def test_undo_is_each_person_s_own(ada, eve, browse, job):
    scenes.delete(ada, job, jobs.scenes(job)[2])
    page = soup(browse(eve).get(f"/jobs/{job.id}"))
    assert page.select_one("[data-history=undo] button")["aria-label"] == "Nothing to undo"
    assert browse(eve).post(f"/jobs/{job.id}/undo", headers=FRAGMENT).status_code == 409
    answer = browse(ada).post(f"/jobs/{job.id}/undo", headers=FRAGMENT)
    assert "Undone: deleted scene 3" in answer.headers["HX-Trigger"]
    assert len(soup(answer).select("#board > .scene")) == 3
    again = browse(ada).post(f"/jobs/{job.id}/redo", headers=FRAGMENT)
    assert "Done again: deleted scene 3" in again.headers["HX-Trigger"]


def test_reviewers_change_nothing(ben, browse, job, kept):
    browser = browse(ben)
    assert not soup(browser.get(f"/jobs/{job.id}")).select("[data-history], #keep-version")
    page = soup(browser.get(f"/jobs/{job.id}/versions"))
    assert page.select("tbody tr")
    assert not page.select("main form")
    for path in ("versions", "versions/1/name", "versions/1/restore", "undo", "redo"):
        assert browser.post(f"/jobs/{job.id}/{path}", data={"name": "x"}).status_code == 403
