"""DELETE over the API: what was decided on is archived, can be found, read and restored, no more."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Decision, Event, Job, JobStatus, Version
from webapp.services import animatics, decisions, integrity


def data(response, status=200):
    assert response.status_code == status, response.text
    return response.json["data"]


@pytest.fixture
def job(app, ada):
    job = factories.job(factories.client(), "Cold brew", user_id=ada.id)
    for number in (1, 2):
        factories.scene(job, number)
    return job


def decide(person, job, kind="approve", **more):
    words = "" if kind == "approve" else "Shorter."
    return decisions.decide(person, job, factories.decision(job, kind, words), **more)


def approve_and_reopen(ada, job):
    decide(ada, job)
    decisions.reopen(ada, job)


DECIDED = {
    "approved": decide,
    "changes requested": lambda ada, job: decide(ada, job, "request_changes"),
    "rejected": lambda ada, job: decide(ada, job, "reject"),
    "rejected, nothing settled": lambda ada, job: decide(ada, job, "reject", settles=False),
    "approved, then reopened": approve_and_reopen,
}


@pytest.mark.parametrize("how", DECIDED)
def test_deleting_what_was_decided_on_archives_it(api, ada, eve, job, how):
    DECIDED[how](ada, job)
    job_id, kept = job.id, [db.session.query(each).count() for each in (Decision, Version)]
    answer = data(api(eve).delete(f"/jobs/{job_id}"))
    assert (answer["id"], answer["archived"]) == (job_id, True)
    assert [db.session.query(each).count() for each in (Decision, Version)] == kept
    assert db.session.query(Event).filter_by(job_id=job_id).order_by(Event.id.desc()).first().kind == "archived"
    assert not next(iter(integrity.reports(job_id))).faults


def test_what_nobody_decided_on_is_deleted_as_ever(api, eve, job):
    job_id = job.id
    assert api(eve).delete(f"/jobs/{job_id}").json["data"] is None
    assert api(eve).get(f"/jobs/{job_id}").status_code == 404
    assert db.session.query(Job).count() == 0


def test_lists_hold_it_only_when_asked(api, ada, eve, job):
    factories.job(job.client, "Another")
    decide(ada, job)
    program = api(eve)
    program.delete(f"/jobs/{job.id}")

    def titles(query):
        answer = program.get(f"/jobs{query}").json
        assert answer["meta"]["total"] == len(answer["data"])
        return {(each["title"], each["archived"]) for each in answer["data"]}

    assert titles("") == titles("?archived=false") == {("Another", False)}
    assert titles("?archived=true") == {("Cold brew", True)}
    assert titles("?archived=true&search=cold&approval=approved") == {("Cold brew", True)}
    assert titles("?archived=both") == {("Another", False), ("Cold brew", True)}
    assert program.get("/jobs?archived=yes").status_code == 422
    assert data(program.get(f"/clients/{job.client_id}/stats"))["videoCount"] == 1


def test_it_is_read_as_before(api, ada, ben, eve, job):
    decision = decide(ada, job)
    path = f"/jobs/{job.id}"
    words = api(ben).get(f"{path}/storyboard.json?version=1").data
    api(eve).delete(path)
    program = api(ben)
    assert data(program.get(path))["approval"]["state"] == "approved"
    assert data(program.get(f"{path}/decisions"))[0]["id"] == decision.id
    assert program.get(f"{path}/storyboard.json?version=1").data == words
    assert data(program.get(f"{path}/history"))[0]["kind"] == "archived"
    assert data(program.get(f"{path}/actions")) == []


def test_twice_is_once_and_restoring_brings_it_back_as_it_was(api, ada, eve, job):
    decide(ada, job)
    with transaction():
        animatics.stop(ada, job)
    program, path = api(eve), f"/jobs/{job.id}"
    before = data(program.get(path))
    first, second = data(program.delete(path)), data(program.delete(path))
    assert first == second
    restored = data(program.post(f"{path}/restore"))
    assert restored["archived"] is False
    changing = {"archived", "updatedAt"}
    assert {name: restored[name] for name in restored if name not in changing} == {
        name: before[name] for name in before if name not in changing
    }
    assert data(program.post(f"{path}/restore")) == restored
    assert [each.kind for each in db.session.query(Event).order_by(Event.id)][-2:] == ["archived", "unarchived"]
    assert data(program.post(f"{path}/actions", json={"action": "reopen"}))


def test_work_that_is_going_on_ends_first(api, ada, eve, job):
    decide(ada, job)
    assert job.status == JobStatus.VIDEO_PROCESSING
    assert data(api(eve).delete(f"/jobs/{job.id}"))["status"] == "storyboard_ready"
    with transaction():
        job.archived_at = None
        job.approval, job.status, job.attempt_token = "changes_requested", JobStatus.STORYBOARD_PROCESSING, "t"
    assert data(api(eve).delete(f"/jobs/{job.id}"))["status"] == "cancelled"


def test_reviewers_neither_archive_nor_restore(api, ada, ben, eve, job):
    decide(ada, job)
    assert api(ben).delete(f"/jobs/{job.id}").status_code == 403
    api(eve).delete(f"/jobs/{job.id}")
    assert api(ben).post(f"/jobs/{job.id}/restore").status_code == 403


@pytest.mark.parametrize("archived", [False, True])
def test_a_client_with_what_was_decided_on_stays(api, ada, eve, job, archived):
    decide(ada, job)
    second = factories.job(job.client, "Second")
    factories.scene(second)
    decide(ada, second, "request_changes")
    factories.job(job.client, "Undecided")
    program = api(eve)
    if archived:
        program.delete(f"/jobs/{job.id}")
    answer = program.delete(f"/clients/{job.client_id}")
    assert (answer.status_code, answer.json["meta"]["code"]) == (409, "conflict")
    assert "2 storyboards that were decided on" in answer.json["error"]
    assert "Archive the client" in answer.json["meta"]["hint"]
    assert db.session.query(Job).count() == 3
    lone = factories.client("Nobody decided")
    factories.scene(factories.job(lone, "Undecided"))
    assert program.delete(f"/clients/{lone.id}").status_code == 200


def test_deleting_a_campaign_leaves_the_record_of_its_storyboards(api, ada, eve, job):
    campaign = factories.campaign(job.client)
    with transaction():
        job.campaign_id = campaign.id
    decide(ada, job)
    assert api(eve).delete(f"/campaigns/{campaign.id}").status_code == 200
    assert data(api(eve).get(f"/jobs/{job.id}"))["context"]["campaignId"] is None
    assert not next(iter(integrity.reports(job.id))).faults
