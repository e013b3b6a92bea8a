"""Checks over the API: what there is to look at before a storyboard goes out."""

from __future__ import annotations

import pytest

from tests import factories
from tests.house.test_queries import counted
from webapp.extensions import transaction
from webapp.models import JobStatus
from webapp.services import checks, jobs


@pytest.fixture
def job(app):
    """A board that says what its client never says, has more words than seconds, and leaves out the disclaimer."""
    client = factories.client(disclaimer="Contains caffeine.", restrictions=["cheap"])
    made = factories.job(client, duration_ms=9000)
    factories.scene(made, 1, script="So cheap.")
    factories.scene(made, 2, script="word " * 60)
    factories.scene(made, 3, on_screen="Cheap!")
    return made


def listed(program, job, query=""):
    response = program.get(f"/jobs/{job.id}/checks{query}")
    assert response.status_code == 200, response.text
    return response.json


def test_what_the_page_shows_is_listed(api, ben, job):
    answer = listed(api(ben), job)
    links, board = jobs.assets(job), jobs.scenes(job)
    shown = checks.run(job, board, links, jobs.all_assets(links, board)).checks
    assert [each["sentence"] for each in answer["data"]] == [check.text for check in shown]
    assert answer["meta"]["total"] == len(shown) >= 4
    severities = [each["severity"] for each in answer["data"]]
    assert severities == sorted(severities, key=["warn", "note"].index)


def test_a_check_leads_to_its_scene_and_field(api, ben, job):
    board = jobs.scenes(job)
    found = [each for each in listed(api(ben), job)["data"] if each["kind"] == "forbidden-words"]
    by_scene = {each["sceneNumber"]: each for each in found}
    assert (by_scene[1]["sceneId"], by_scene[1]["field"], by_scene[1]["words"]) == (board[0].id, "script", "cheap")
    assert (by_scene[3]["field"], by_scene[3]["words"], by_scene[3]["about"]) == ("onScreen", "Cheap", "scene")
    assert by_scene[1]["sceneIds"] == [board[0].id]
    over = next(each for each in listed(api(ben), job)["data"] if each["kind"] == "words-over")
    assert (over["sceneNumber"], over["severity"]) == (2, "warn")


def test_checks_come_by_the_page(api, ben, job):
    everything = listed(api(ben), job)["data"]
    answer = listed(api(ben), job, "?limit=2&offset=1")
    assert answer["data"] == everything[1:3]
    assert (answer["meta"]["total"], answer["meta"]["limit"]) == (len(everything), 2)
    assert listed(api(ben), job, "?offset=1000")["data"] == []


def test_nothing_is_said_of_a_board_that_is_empty_or_being_written(api, ben, job):
    assert listed(api(ben), factories.job(job.client))["data"] == []
    with transaction():
        job.status = JobStatus.STORYBOARD_PROCESSING
    assert listed(api(ben), job)["meta"]["total"] == 0


def test_it_is_read_by_everybody_with_an_account_and_nobody_else(api, ada, eve, ben, job):
    path = f"/jobs/{job.id}/checks"
    assert api(None).get(path).status_code == 401
    assert {api(who).get(path).status_code for who in (ada, eve, ben)} == {200}
    assert api(ben).get("/jobs/nowhere/checks").status_code == 404
    assert api(ben).get(f"{path}?severity=warn").status_code == 422


def test_a_longer_board_asks_no_more_questions(api, ben, job):
    program = api(ben)
    listed(program, job)
    with counted() as one:
        listed(program, job)
    for number in range(4, 12):
        factories.scene(job, number, script="So cheap.")
    with counted() as many:
        listed(program, job)
    assert len(many) <= len(one) + 1  # the job that changed meanwhile is read again
