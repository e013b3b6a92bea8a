"""Takes over the API: listed, used whole or in parts, dismissed, their pictures; their words stay the team's."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests import factories
from tests.house.test_queries import counted
from webapp.extensions import db, transaction
from webapp.models import Comment, TakeSource
from webapp.services import frame_store, jobs, storyboards, takes

FIELDS = {
    "id", "number", "source", "title", "description", "script", "feedback", "author", "writer", "model", "inputTokens",
    "outputTokens", "cost", "tookMs", "waiting", "isPresent", "comments", "frameUrl", "createdAt",
}  # fmt: skip


@pytest.fixture
def job(app):
    job = factories.job(factories.client())
    for number in (1, 2):
        factories.scene(job, number)
    return job


@pytest.fixture
def scene(job):
    return jobs.scenes(job)[0]


@pytest.fixture
def base(job, scene):
    return f"/jobs/{job.id}/scenes/{scene.id}/takes"


@pytest.fixture
def program(api, eve):
    return api(eve)


def propose(job, scene, by, **words):
    asked = {"feedback": "Closer", "writer": "openai", "model": "m", "input_tokens": 900, "output_tokens": 80}
    facts = asked | {"cost_micros": 4200, "took_ms": 3210, "comment_ids": words.pop("comment_ids", [])}
    with transaction():
        said = storyboards.content(scene.take) | words
        return takes.propose(job, scene, said, TakeSource.REDO, by=by, origin=str(uuid4()), **facts)


@pytest.fixture
def candidate(job, scene, eve):
    return propose(job, scene, eve, script="Two twists.", shot_type="close-up", duration_ms=2000)


def test_takes_are_listed_with_who_wrote_them_and_what_they_cost(program, base, scene, candidate):
    answer = program.get(base)
    assert answer.json["meta"]["total"] == 2
    new, old = answer.json["data"]
    assert set(new) >= FIELDS
    assert (new["number"], new["waiting"], new["isPresent"]) == (2, True, False)
    assert (old["number"], old["waiting"], old["isPresent"], old["source"]) == (1, False, True, "writer")
    assert (new["author"], new["writer"], new["model"], new["cost"]) == ("Eve Holt", "openai", "m", 0.0042)
    assert (new["inputTokens"], new["outputTokens"], new["tookMs"]) == (900, 80, 3210)
    assert (new["feedback"], new["script"], new["duration"]) == ("Closer", "Two twists.", 2.0)
    assert (old["author"], old["feedback"], old["tookMs"]) == (None, None, None)


def test_a_list_is_told_page_by_page(program, base, job, scene, eve):
    for number in range(2, 6):
        propose(job, scene, eve, script=f"Take {number}")
    answer = program.get(base + "?limit=2&offset=2")
    assert [each["number"] for each in answer.json["data"]] == [3, 2]
    assert (answer.json["meta"]["total"], answer.json["meta"]["page"]) == (5, 2)


def test_the_number_of_queries_does_not_grow_with_the_takes(program, base, job, scene, eve):
    def queries():
        db.session.rollback()
        db.session.expire_all()
        with counted() as statements:
            assert program.get(base).status_code == 200
        return len(statements)

    def grow(number):
        asset = factories.asset(job.client, f"{number}.png")
        with transaction():
            comment = Comment(job_id=job.id, scene_id=scene.id, text="Closer", author="Ben")
            db.session.add(comment)
        propose(job, scene, eve, asset_ids=[asset.id], comment_ids=[comment.id], script=f"Take {number}")

    grow(1)
    queries()
    few = queries()
    for number in range(2, 8):
        grow(number)
    assert queries() == few


def test_a_take_is_found_by_its_id_or_number(program, base, candidate):
    for address in (candidate.id, "2"):
        assert program.get(f"{base}/{address}").json["data"]["id"] == candidate.id


@pytest.mark.parametrize("address", ["0", "3", "-1", "9" * 9, "9" * 400, "٢", "none", "1.0"])
def test_what_names_no_take_is_not_found(program, base, candidate, address):
    for answer in (
        program.get(f"{base}/{address}"),
        program.get(f"{base}/{address}/frame"),
        program.post(f"{base}/{address}/use"),
        program.post(f"{base}/{address}/dismiss"),
    ):
        assert (answer.status_code, answer.json["meta"]["code"]) == (404, "not_found")


def test_a_take_of_another_scene_is_none_of_this_one(program, base, job, eve):
    other = jobs.scenes(job)[1]
    foreign = propose(job, other, eve, script="Elsewhere")
    assert program.get(f"{base}/{foreign.id}").status_code == 404
    assert program.post(f"{base}/{foreign.id}/use").status_code == 404


def test_a_candidate_that_is_used_becomes_the_present_take(program, base, candidate):
    answer = program.post(f"{base}/2/use")
    assert answer.status_code == 200
    said = answer.json["data"]
    assert (said["script"], said["shotType"], said["candidates"], said["version"]) == ("Two twists.", "close-up", [], 2)
    assert answer.headers["ETag"] == '"2"'
    assert program.get(f"{base}/2").json["data"]["isPresent"] is True
    # and back again: an older take comes back as a new one
    assert program.post(f"{base}/1/use", json={}).json["data"]["script"] == "Ready in one twist."
    assert [each["source"] for each in program.get(base).json["data"]] == ["restore", "redo", "writer"]


def test_parts_of_a_take_are_used(program, base, candidate):
    said = program.post(f"{base}/2/use", json={"fields": ["shotType", "duration"]}).json["data"]
    assert (said["script"], said["shotType"], said["duration"]) == ("Ready in one twist.", "close-up", 2.0)
    assert said["candidates"] == []
    assert program.get(f"{base}").json["meta"]["total"] == 3


@pytest.mark.parametrize(
    "body", [{"fields": []}, {"fields": ["title"]}, {"fields": ["shot_type"]}, {"fields": "script"}, {"parts": []}]
)
def test_parts_that_are_none_are_refused(program, base, candidate, body):
    assert program.post(f"{base}/2/use", json=body).status_code == 422
    assert program.get(f"{base}/2").json["data"]["waiting"] is True


def test_a_candidate_that_is_dismissed_waits_no_longer(program, base, job, scene, candidate):
    answer = program.post(f"{base}/2/dismiss")
    assert answer.status_code == 200
    assert answer.json["data"]["waiting"] is False
    found = program.get(f"/jobs/{job.id}/scenes/1").json["data"]
    assert (found["candidates"], found["version"]) == ([], 1)


def test_a_candidate_has_its_picture_and_the_scene_keeps_its_own(program, base, job, scene, candidate):
    assert program.get(f"{base}/2").json["data"]["frameUrl"] is None
    frame_store.draw_candidate(candidate.id)
    db.session.expire_all()
    url = program.get(f"{base}/2").json["data"]["frameUrl"]
    answer = program.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert "immutable" in answer.headers["Cache-Control"]
    assert program.get(f"{base}/2/frame?variant=thumbnail").headers["Cache-Control"] == "private, no-cache"
    assert program.get(f"{base}/1/frame").status_code == 404


def test_what_the_team_alone_said_is_not_told_to_reviewers(program, api, ben, base, job, scene, eve):
    with transaction():
        team = Comment(job_id=job.id, scene_id=scene.id, text="Their logo is ugly", author="Eve", is_internal=True)
        open_one = Comment(job_id=job.id, scene_id=scene.id, text="Closer", author="Ben")
        db.session.add_all([team, open_one])
    with transaction():
        said = storyboards.content(scene.take) | {"script": "Hidden logo."}
        takes.propose(
            job, scene, said, TakeSource.COMMENT, by=eve, origin="token", feedback="Their logo is ugly\nCloser",
            comment_ids=[team.id, open_one.id],
        )  # fmt: skip
    theirs, ours = api(ben).get(f"{base}/2"), program.get(f"{base}/2")
    assert "ugly" not in theirs.text
    assert theirs.json["data"]["comments"] == [open_one.id]
    assert set(ours.json["data"]["comments"]) == {team.id, open_one.id}
    assert "ugly" in ours.json["data"]["feedback"]
