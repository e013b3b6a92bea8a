"""Versions over the API: kept, sent, renamed, compared word by word, restored."""

from __future__ import annotations

import pytest

from tests import factories
from tests.house.test_queries import counted
from webapp.extensions import transaction
from webapp.models import Approval
from webapp.schemas.scenes import SceneChange
from webapp.services import decisions, jobs, scenes, storyboards, versions


@pytest.fixture
def job(app, ada):
    made = factories.job(factories.client(), user_id=ada.id, duration_ms=9000)
    for number in (1, 2, 3):
        factories.scene(made, number, title=f"Title {number}", script=f"Words of {number}.", extra={"ref": number})
    return made


@pytest.fixture
def path(job):
    return f"/jobs/{job.id}"


def data(response, status=200):
    assert response.status_code == status, response.text
    return response.json["data"]


def keep(program, path, name="Before the call"):
    return data(program.post(f"{path}/versions", json={"name": name}), 201)


def edit(person, job, at, **change):
    scenes.edit(person, job, jobs.scenes(job)[at], SceneChange(**change))


# ---- keeping --------------------------------------------------------------------------------------------------------


def test_a_board_is_kept_with_all_that_it_says(api, eve, job, path):
    response = api(eve).post(f"{path}/versions", json={"name": "  Before the\ncall "})
    made = data(response, 201)
    board = jobs.scenes(job)
    assert (made["number"], made["kind"], made["name"], made["isSent"]) == (1, "named", "Before the call", False)
    assert (made["format"], made["language"], made["duration"], made["madeBy"]) == ("16:9", "en", 9.0, "Eve Holt")
    assert made["hash"] == decisions.content_hash(board)
    assert [each["sceneId"] for each in made["scenes"]] == [scene.id for scene in board]
    first = made["scenes"][0]
    assert (first["sceneNumber"], first["take"], first["title"], first["script"]) == (1, 1, "Title 1", "Words of 1.")
    assert (first["duration"], first["onScreen"], first["assets"], first["metadata"]) == (3.0, None, [], {"ref": 1})
    assert first["hash"] == storyboards.scene_hash(board[0].take)
    assert data(api(eve).get(response.headers["Location"])) == made


def test_versions_are_listed_without_scenes_the_newest_first(api, eve, ben, path):
    program = api(eve)
    for number in range(4):
        keep(program, path, f"Version {number}")
    answer = api(ben).get(f"{path}/versions?limit=2&offset=1").json
    assert [(each["number"], each["name"]) for each in answer["data"]] == [(3, "Version 2"), (2, "Version 1")]
    assert (answer["meta"]["total"], "scenes" in answer["data"][0]) == (4, False)


def test_a_version_gets_another_name_and_nothing_else(api, eve, path):
    program = api(eve)
    made = keep(program, path)
    renamed = data(program.put(f"{path}/versions/1", json={"name": "After the call"}))
    assert renamed == made | {"name": "After the call"}


@pytest.mark.parametrize("body", [{"name": ""}, {"name": " \u200b "}, {"name": "x" * 121}, {"name": None}, {}])
def test_a_name_is_needed(api, eve, path, body):
    keep(api(eve), path)
    for response in (api(eve).post(f"{path}/versions", json=body), api(eve).put(f"{path}/versions/1", json=body)):
        assert (response.status_code, set(response.json["meta"]["fields"])) == (422, {"name"})


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "one", "-1", "1.0"])
def test_a_version_that_is_not_there_is_a_404(api, eve, path, number):
    keep(api(eve), path)
    for method, tail in (("GET", ""), ("PUT", ""), ("GET", "/compare"), ("POST", "/restore")):
        body = {"json": {"name": "X"}} if method == "PUT" else {}
        response = api(eve).open(method, f"{path}/versions/{number}{tail}", **body)
        assert (response.status_code, response.json["meta"]["code"]) == (404, "not_found")


def test_an_empty_board_is_not_kept(api, eve, job):
    empty = f"/jobs/{factories.job(job.client).id}"
    assert api(eve).post(f"{empty}/versions", json={"name": "Nothing"}).status_code == 409
    assert api(eve).post(f"{empty}/send").status_code == 409


# ---- sending --------------------------------------------------------------------------------------------------------


def test_a_board_is_sent_without_a_word(api, eve, job, path):
    response = api(eve).post(f"{path}/send")
    sent = data(response, 201)
    assert (sent["kind"], sent["name"], sent["note"], sent["isSent"]) == (
        "sent", "Sent to Fjell Coffee, round 1", None, True,
    )  # fmt: skip
    assert versions.sent(job).id == sent["id"]
    assert data(api(eve).get(response.headers["Location"])) == sent


def test_what_is_said_with_it_is_kept(api, eve, ben, job, path):
    body = {"name": "For Maya", "note": "Scene 2 is new.", "approvalRule": "all"}
    first = data(api(eve).post(f"{path}/send", json=body), 201)
    assert (first["name"], first["note"]) == ("For Maya", "Scene 2 is new.")
    assert data(api(ben).get(f"{path}/standing"))["rule"] == "all"
    data(api(eve).post(f"{path}/send", json={}), 201)
    assert [each["isSent"] for each in data(api(eve).get(f"{path}/versions"))] == [True, False]


def test_what_changed_meanwhile_is_not_sent(api, eve, job, path):
    seen = decisions.content_hash(jobs.scenes(job))
    edit(eve, job, 0, script="Anders.")
    response = api(eve).post(f"{path}/send", json={"seen": seen})
    assert (response.status_code, versions.sent(job)) == (409, None)
    now = decisions.content_hash(jobs.scenes(job))
    assert data(api(eve).post(f"{path}/send", json={"seen": now}), 201)["hash"] == now


@pytest.mark.parametrize("body", [{"approvalRule": "most"}, {"note": "x" * 2001}, {"name": "x" * 121}, {"sent": True}])
def test_a_wrong_word_sends_nothing(api, eve, job, path, body):
    response = api(eve).post(f"{path}/send", json=body)
    assert (response.status_code, set(response.json["meta"]["fields"])) == (422, set(body))
    assert versions.sent(job) is None


def test_an_approved_board_is_not_sent_again_but_may_be_kept(api, eve, job, path):
    with transaction():
        job.approval = Approval.APPROVED
    response = api(eve).post(f"{path}/send")
    assert (response.status_code, response.json["error"]) == (409, "This storyboard is approved and frozen.")
    assert keep(api(eve), path)["number"] == 1


# ---- comparing ------------------------------------------------------------------------------------------------------


def test_a_version_is_compared_with_the_board_word_by_word(api, eve, ben, job, path):
    keep(api(eve), path)
    edit(eve, job, 1, script="Words of two.", seconds=4.0)
    scenes.delete(eve, job, jobs.scenes(job)[2])
    said = data(api(ben).get(f"{path}/versions/1/compare"))
    assert (said["version"], said["other"]) == (1, "board")
    assert [(each["before"], each["after"], each["state"]) for each in said["scenes"]] == [
        (1, 1, "same"),
        (2, 2, "changed"),
        (3, None, "removed"),
    ]
    assert said["scenes"][1]["changes"] == [
        {
            "field": "script",
            "runs": [
                {"kind": "same", "text": "Words of "},
                {"kind": "removed", "text": "2"},
                {"kind": "added", "text": "two"},
                {"kind": "same", "text": "."},
            ],
        },
        {"field": "duration", "runs": [{"kind": "removed", "text": "3.0 s"}, {"kind": "added", "text": "4.0 s"}]},
    ]


def test_two_versions_are_compared(api, eve, job, path):
    program = api(eve)
    keep(program, path)
    scenes.move(eve, job, jobs.scenes(job)[2], 1)
    edit(eve, job, 0, on_screen="0 sugar", shot_type="wide")
    keep(program, path, "Later")
    said = data(program.get(f"{path}/versions/1/compare?with=2"))
    moved = said["scenes"][0]
    assert (moved["before"], moved["after"], moved["isMoved"], moved["state"]) == (3, 1, True, "changed")
    assert [each["field"] for each in moved["changes"]] == ["onScreen", "shotType"]
    back = data(program.get(f"{path}/versions/2/compare?with=1"))
    assert (back["version"], back["other"]) == (2, "1")
    assert {each["state"] for each in data(program.get(f"{path}/versions/2/compare?with=board"))["scenes"]} == {"same"}


@pytest.mark.parametrize("other", ["now", "", "-1", "1.5", "1234567890", "1%0A"])
def test_what_is_no_version_is_refused(api, eve, path, other):
    keep(api(eve), path)
    response = api(eve).get(f"{path}/versions/1/compare?with={other}")
    assert (response.status_code, set(response.json["meta"]["fields"])) == (422, {"with"})
    assert api(eve).get(f"{path}/versions/1/compare?with=7").status_code == 404


# ---- restoring ------------------------------------------------------------------------------------------------------


def test_a_board_is_as_in_a_version_again_and_nothing_is_lost(api, eve, job, path):
    program = api(eve)
    made = keep(program, path)
    edit(eve, job, 0, script="Anders.")
    again = data(program.post(f"{path}/versions/1/restore"), 201)
    assert (again["number"], again["hash"]) == (3, made["hash"])
    assert [scene.take.script for scene in jobs.scenes(job)] == ["Words of 1.", "Words of 2.", "Words of 3."]
    kinds = [(each["number"], each["kind"]) for each in data(program.get(f"{path}/versions"))]
    assert kinds == [(3, "named"), (2, "safety"), (1, "named")]
    assert data(program.get(f"{path}/versions/2"))["scenes"][0]["script"] == "Anders."


def test_what_is_so_already_and_what_is_frozen_is_not_restored(api, eve, job, path):
    program = api(eve)
    keep(program, path)
    same = program.post(f"{path}/versions/1/restore")
    assert (same.status_code, same.json["error"]) == (409, "The board is just like version 1 already.")
    edit(eve, job, 0, script="Anders.")
    with transaction():
        job.approval = Approval.REJECTED
    assert program.post(f"{path}/versions/1/restore").status_code == 409
    assert jobs.scenes(job)[0].take.script == "Anders."


# ---- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "tail"), [("POST", "send"), ("POST", "versions"), ("PUT", "versions/1"), ("POST", "versions/1/restore")]
)
def test_the_team_makes_versions(api, eve, ben, job, path, method, tail):
    keep(api(eve), path)
    edit(eve, job, 0, script="Anders.")
    assert api(None).open(method, f"{path}/{tail}", json={"name": "Mine"}).status_code == 401
    assert api(ben).open(method, f"{path}/{tail}", json={"name": "Mine"}).status_code == 403
    assert [(each.number, each.name) for each in versions.of_job(job)] == [(1, "Before the call")]


def test_reviewers_read_versions(api, eve, ben, path):
    keep(api(eve), path)
    for tail in ("versions", "versions/1", "versions/1/compare"):
        assert api(ben).get(f"{path}/{tail}").status_code == 200
        assert api(None).get(f"{path}/{tail}").status_code == 401


def test_a_list_asks_no_more_questions_when_it_is_longer(api, eve, job, path):
    program = api(eve)
    keep(program, path)
    with counted() as one:
        data(program.get(f"{path}/versions"))
    for _ in range(5):
        keep(program, path)
    with counted() as many:
        assert len(data(program.get(f"{path}/versions"))) == 6
    assert len(many) <= len(one)
