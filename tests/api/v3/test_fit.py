"""Words and seconds over the API: told, moved, and steps taken back."""

from __future__ import annotations

import pytest

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import JobStatus
from webapp.services import jobs

LONG = " ".join(["word"] * 15)
"""Six seconds at 150 words a minute."""


@pytest.fixture
def job(app):
    job = factories.job(factories.client(), duration_ms=15_000)
    factories.scene(job, 1, script=LONG, duration_ms=4000)
    factories.scene(job, 2, script="Two words", duration_ms=5000)
    factories.scene(job, 3, script="", duration_ms=3000)
    return job


@pytest.fixture
def program(api, eve):
    return api(eve)


def seconds(job):
    db.session.expire_all()
    return [each.take.duration_ms / 1000 for each in jobs.scenes(job)]


def test_the_fit_of_every_scene_and_of_the_board(program, job):
    said = program.get(f"/jobs/{job.id}/fit").json["data"]
    board = {name: value for name, value in said.items() if name != "scenes"}
    assert board == {
        "duration": 15.0, "sceneSeconds": 12.0, "words": 17, "estimatedSeconds": 6.8, "overBy": 0,
        "wordsPerMinute": 150,
    }  # fmt: skip
    first = said["scenes"][0]
    assert first["sceneId"] == jobs.scenes(job)[0].id
    assert (first["words"], first["estimatedSeconds"], first["overBy"], first["room"]) == (15, 6.0, 5, 10)
    assert [each["state"] for each in said["scenes"]] == ["over", "ok", "silent"]


def test_all_scenes_together_take_the_length_of_the_brief(program, job):
    answer = program.post(f"/jobs/{job.id}/fit")
    assert answer.json["data"]["sceneSeconds"] == 15.0
    assert sum(seconds(job)) == 15.0


def test_a_scene_gets_the_seconds_its_words_need(program, job):
    answer = program.post(f"/jobs/{job.id}/scenes/1/fit")
    assert answer.json["data"]["scenes"][0]["fit"]["overBy"] == 0
    assert answer.json["data"]["shortOfSeconds"] == []
    assert seconds(job)[0] == 6.0
    assert sum(seconds(job)) == 12.0


def test_seconds_are_traded_with_the_next_scene(program, job):
    assert program.post(f"/jobs/{job.id}/scenes/1/trade", json={"seconds": -1.5}).status_code == 200
    assert seconds(job) == [2.5, 6.5, 3.0]
    assert program.post(f"/jobs/{job.id}/scenes/3/trade", json={"seconds": 1}).status_code == 409
    assert program.post(f"/jobs/{job.id}/scenes/1/trade", json={"seconds": -2}).status_code == 409
    assert program.post(f"/jobs/{job.id}/scenes/1/trade", json={"seconds": "x"}).status_code == 422
    assert program.post(f"/jobs/{job.id}/scenes/1/trade", json={}).json["meta"]["fields"].keys() == {"seconds"}
    assert seconds(job) == [2.5, 6.5, 3.0]


def test_the_last_step_is_taken_back_and_done_again(program, job):
    assert program.post(f"/jobs/{job.id}/undo").status_code == 409
    program.delete(f"/jobs/{job.id}/scenes/2")
    answer = program.post(f"/jobs/{job.id}/undo")
    assert answer.json["data"]["message"] == "Undone: deleted scene 2"
    assert [each["script"] for each in answer.json["data"]["scenes"]] == [LONG, "Two words", None]
    assert len(program.post(f"/jobs/{job.id}/redo").json["data"]["scenes"]) == 2
    assert program.post(f"/jobs/{job.id}/redo").status_code == 409


def test_nothing_moves_while_scenes_are_written(program, job):
    with transaction():
        job.status = JobStatus.STORYBOARD_PROCESSING
    for path in ("fit", "scenes/1/fit", "scenes/1/duplicate", "scenes"):
        assert program.post(f"/jobs/{job.id}/{path}", json={} if path == "scenes" else None).status_code == 409
    assert program.delete(f"/jobs/{job.id}/scenes/1").status_code == 409
    assert seconds(job) == [4.0, 5.0, 3.0]


def test_a_job_that_is_not_there(program):
    assert program.get("/jobs/none/fit").status_code == 404
    for path in ("fit", "undo", "redo", "scenes/1/fit"):
        assert program.post(f"/jobs/none/{path}").status_code == 404
