"""Decisions, where they stand, the canonical storyboard and the chained history, read over the API."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from tests import factories
from tests.house.test_queries import counted
from webapp.extensions import db, transaction
from webapp.models import Allows, Reviewer, ReviewLink
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.scenes import SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import decisions, jobs, scenes, sending, versions


@pytest.fixture
def job(app, ada):
    made = factories.job(factories.client(), user_id=ada.id)
    for number in (1, 2):
        factories.scene(made, number, script=f"Ein Wörtchen {number}: “ja”.")
    return made


@pytest.fixture
def path(job):
    return f"/jobs/{job.id}"


def data(response, status=200):
    assert response.status_code == status, response.text
    return response.json["data"]


def decide(person, job, kind="approve", reason="", **more):
    draft = factories.decision(job, kind, reason or ("" if kind == "approve" else "Shorter."))
    return decisions.decide(person, job, draft, **more)


def invite(job, name, *reviewers, allows=Allows.DECIDE):
    with transaction():
        link = ReviewLink(job_id=job.id, name=name, token_hash=name.ljust(64, "t"), allows=allows, password_hash="PW")
        db.session.add(link)
        db.session.flush()
        people = [Reviewer(link_id=link.id, name=who, email=f"{who.lower()}@fjell.example") for who in reviewers]
        for each in people:
            each.is_named = True
            db.session.add(each)
    return people


def approve(reviewer, version, **more):
    draft = DecisionDraft(kind="approve", signature=reviewer.name, seen=version.content_hash)
    return decisions.decide_as_guest(reviewer, version, draft, user_agent="Phone/1", **more)


# ---- decisions ------------------------------------------------------------------------------------------------------


def test_a_decision_says_who_what_and_about_which_words(api, ben, job, path):
    decide(ben, job, reason="Lovely.", user_agent="Desk/2")
    (said,) = data(api(ben).get(f"{path}/decisions"))
    found = decisions.latest(job)
    assert said == {
        "id": found.id,
        "jobId": job.id,
        "kind": "approve",
        "reason": "Lovely.",
        "decidedBy": "Ben Berg",
        "email": "ben@example.com",
        "linkName": None,
        "version": 1,
        "contentHash": decisions.content_hash(jobs.scenes(job)),
        "namedVersion": True,
        "isFinal": True,
        "userAgent": "Desk/2",
        "createdAt": found.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    assert data(api(ben).get(f"{path}/decisions/{found.id}")) == said


def test_a_guests_decision_names_the_link_it_came_through(api, eve, job, path):
    maya, _tor = invite(job, "Fjell", "Maya", "Tor")
    approve(maya, sending.send(eve, job, SendDraft(approval_rule="all")))
    (said,) = data(api(eve).get(f"{path}/decisions"))
    assert (said["decidedBy"], said["email"], said["linkName"], said["userAgent"], said["isFinal"]) == (
        "Maya", "maya@fjell.example", "Fjell", "Phone/1", False,
    )  # fmt: skip


def test_decisions_come_by_the_page_the_newest_first(api, eve, ben, job, path):
    for number in range(3):
        decide(ben, job, "request_changes", f"Shorter {number}.")
    decide(ben, job)
    decisions.reopen(eve, job)
    answer = api(ben).get(f"{path}/decisions?limit=3").json
    assert [each["kind"] for each in answer["data"]] == ["reopen", "approve", "request_changes"]
    assert answer["data"][2]["reason"] == "Shorter 2."
    assert (answer["meta"]["total"], answer["meta"]["limit"], answer["meta"]["page"]) == (5, 3, 1)
    rest = api(ben).get(f"{path}/decisions?limit=3&offset=3").json
    assert [each["reason"] for each in rest["data"]] == ["Shorter 1.", "Shorter 0."]


def test_a_decision_about_another_job_is_not_there(api, ben, job, path):
    found = decide(ben, job)
    other = factories.job(job.client)
    assert api(ben).get(f"/jobs/{other.id}/decisions/{found.id}").status_code == 404
    assert api(ben).get(f"{path}/decisions/nowhere").status_code == 404


# ---- standing -------------------------------------------------------------------------------------------------------


def test_nobody_was_asked_yet(api, ben, path):
    assert data(api(ben).get(f"{path}/standing")) == {
        "state": "none", "rule": "any", "sentVersion": None, "asked": [], "approved": 0, "waitingFor": [],
        "isComplete": False, "isDisputed": False, "sentence": None,
    }  # fmt: skip


def test_who_was_asked_and_what_each_said(api, eve, ben, job, path):
    maya, tor = invite(job, "Fjell", "Maya", "Tor")
    invite(job, "Lookers", "Pia", allows=Allows.VIEW)
    version = sending.send(eve, job, SendDraft(approval_rule="all"))
    approve(maya, version)
    said = data(api(ben).get(f"{path}/standing"))
    assert [(each["name"], each["verdict"], each["by"]) for each in said["asked"]] == [
        ("Maya", "approve", "Maya"),
        ("Tor", None, None),
    ]
    assert (said["rule"], said["sentVersion"], said["approved"], said["waitingFor"]) == ("all", 1, 1, ["Tor"])
    assert (said["isComplete"], said["sentence"], said["state"]) == (False, "1 of 2 approved, waiting for Tor", "none")
    approve(tor, version)
    said = data(api(ben).get(f"{path}/standing"))
    assert (said["isComplete"], said["isDisputed"], said["state"]) == (True, False, "approved")
    assert said["asked"][1]["at"].endswith("Z")


# ---- the canonical storyboard ---------------------------------------------------------------------------------------


def test_the_hash_of_the_bytes_is_the_one_that_was_approved(api, ben, job, path):
    decision = decide(ben, job)
    response = api(ben).get(f"{path}/storyboard.json")
    assert response.status_code == 200
    assert sha256(response.data).hexdigest() == decision.content_hash
    assert response.headers["ETag"] == f'"{decision.content_hash}"'
    assert response.mimetype == "application/json"
    assert response.json["format"] == "slate-storyboard/1"
    assert [each["script"] for each in response.json["scenes"]] == ["Ein Wörtchen 1: “ja”.", "Ein Wörtchen 2: “ja”."]


def test_whoever_has_it_already_is_told_so(api, ben, path):
    program = api(ben)
    etag = program.get(f"{path}/storyboard.json").headers["ETag"]
    again = program.get(f"{path}/storyboard.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert program.get(f"{path}/storyboard.json", headers={"If-None-Match": '"other"'}).status_code == 200
    head = program.head(f"{path}/storyboard.json")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", etag)


def test_a_version_keeps_its_own_words(api, eve, job, path):
    version = sending.send(eve, job, SendDraft())
    scenes.edit(eve, job, jobs.scenes(job)[0], SceneChange(script="Anders."))
    program = api(eve)
    now, then = (program.get(f"{path}/storyboard.json{query}") for query in ("", "?version=1"))
    assert sha256(then.data).hexdigest() == version.content_hash == versions.sent(job).content_hash
    assert sha256(now.data).hexdigest() == decisions.content_hash(jobs.scenes(job)) != version.content_hash
    assert program.get(f"{path}/storyboard.json?version=2").status_code == 404
    assert program.get(f"{path}/storyboard.json?version=2147483647").status_code == 404
    for wrong in ("0", "-1", "now", "", "2147483648"):
        assert program.get(f"{path}/storyboard.json?version={wrong}").status_code == 422


# ---- history --------------------------------------------------------------------------------------------------------


def hashed(job_id, line):
    """Make a line's hash anew from what the API says, as the document tells to."""
    said = {
        "format": "slate-event/2", "job": job_id, "previous": line["previousHash"] or "",
        "actor": line["actorCommitment"], "sequence": line["sequence"], "kind": line["kind"], "text": line["text"],
        "details": line["details"], "scene": line["sceneId"], "at": line["at"],
    }  # fmt: skip
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def test_the_chain_can_be_checked_from_what_is_said(api, eve, ben, job, path):
    sending.send(eve, job, SendDraft(note="Wörter & mehr"))
    scenes.edit(eve, job, jobs.scenes(job)[0], SceneChange(script="Anders."))
    decide(ben, job)
    lines = data(api(ben).get(f"{path}/history"))
    assert [line["sequence"] for line in lines] == list(range(len(lines), 0, -1))
    assert [line["kind"] for line in lines] == ["approve", "edited", "sent"]
    assert [hashed(job.id, line) for line in lines] == [line["hash"] for line in lines]
    assert [line["previousHash"] for line in lines] == [*(line["hash"] for line in lines[1:]), None]
    assert lines[0]["hash"] == job.event_head
    lines[1]["text"] = "edited scene 2"
    assert hashed(job.id, lines[1]) != lines[1]["hash"]


def test_a_history_comes_by_the_page(api, eve, job, path):
    for number in range(5):
        scenes.edit(eve, job, jobs.scenes(job)[0], SceneChange(script=f"Anders {number}."))
        with transaction():  # so that the next edit is a line of its own
            jobs.scenes(job)[0].take.created_at -= timedelta(hours=1)
    answer = api(eve).get(f"{path}/history?limit=2&offset=1").json
    assert answer["meta"]["total"] == 5
    assert [line["sequence"] for line in answer["data"]] == [4, 3]
    assert datetime.fromisoformat(answer["data"][0]["at"]).tzinfo is not None


# ---- who may --------------------------------------------------------------------------------------------------------


PARTS = ("decisions", "standing", "storyboard.json", "history")


@pytest.mark.parametrize("part", PARTS)
def test_it_is_read_by_everybody_with_an_account_and_nobody_else(api, ada, eve, ben, path, part):
    assert api(None).get(f"{path}/{part}").status_code == 401
    assert {api(who).get(f"{path}/{part}").status_code for who in (ada, eve, ben)} == {200}
    assert api(ben).get(f"/jobs/nowhere/{part}").status_code == 404
    assert api(ben).post(f"{path}/{part}", json={}).status_code == 405


def test_nothing_of_a_link_gets_out(api, eve, ben, job, path):
    (maya,) = invite(job, "Fjell", "Maya")
    approve(maya, sending.send(eve, job, SendDraft()))
    for part in PARTS:
        said = api(ben).get(f"{path}/{part}").text
        assert "PW" not in said
        assert maya.link.token_hash not in said
        assert maya.link.id not in said


@pytest.mark.parametrize("part", ["decisions", "history"])
def test_a_list_asks_no_more_questions_when_it_is_longer(api, ben, job, path, part):
    program = api(ben)
    decide(ben, job, "request_changes")
    program.get(f"{path}/{part}")
    with counted() as one:
        program.get(f"{path}/{part}")
    for number in range(5):
        decide(ben, job, "request_changes", f"Shorter {number}.")
    with counted() as many:
        assert len(data(program.get(f"{path}/{part}"))) == 6
    assert len(many) <= len(one) + 1  # the job that changed meanwhile is read again
