"""The animatic over the API: rendered after an approval, served with ranges, gone when the job is reopened."""

from __future__ import annotations

import io

import av
import pytest

from tests import factories
from webapp.extensions import transaction
from webapp.schemas.decisions import DecisionDraft
from webapp.services import animatics, decisions


@pytest.fixture
def job(app):
    job = factories.job(factories.client(), "Cold brew")
    factories.scene(job, duration_ms=1234)
    return job


@pytest.fixture
def film(ada, job):
    """Approve and render; returns where it is."""
    decisions.decide(ada, job, DecisionDraft(kind="approve"))
    animatics.draw(job.id, job.video_token)
    animatics.render(job.id, job.video_token)
    return f"/jobs/{job.id}/video"


def test_until_there_is_one_a_sentence_says_so(api, eve, ada, job):
    program = api(eve)
    answer = program.get(f"/jobs/{job.id}/video")
    assert (answer.status_code, answer.json["meta"]["code"]) == (404, "not_found")
    assert answer.json["error"] == "There is no animatic yet."
    decisions.decide(ada, job, DecisionDraft(kind="approve"))
    assert "being rendered" in program.get(f"/jobs/{job.id}/video").json["error"]
    assert program.get("/jobs/unknown/video").status_code == 404


def test_a_rendered_animatic_is_served_whole_in_parts_and_not_at_all(api, ben, film):
    program = api(ben)
    whole = program.get(film)
    assert (whole.status_code, whole.content_type) == (200, "video/mp4")
    with av.open(io.BytesIO(whole.data)) as container:
        assert container.duration == 1_234_000
    assert whole.headers["Content-Disposition"].startswith('inline; filename="Cold brew.mp4"')
    assert whole.headers["Cache-Control"] == "private, no-cache"
    part = program.get(film, headers={"Range": "bytes=-100"})
    assert (part.status_code, part.data) == (206, whole.data[-100:])
    assert program.get(film, headers={"Range": f"bytes={len(whole.data)}-"}).status_code == 416
    assert program.get(film, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    head = program.head(film)
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(whole.data))


def test_the_job_says_where_it_is_and_that_it_is_completed(api, eve, film, job):
    told = api(eve).get(f"/jobs/{job.id}").json["data"]
    assert (told["status"], told["videoUrl"]) == ("completed", f"/api/v3{film}")


def test_it_heeds_no_parameters_of_the_pages(api, ben, job, film):
    program = api(ben)
    plain, asked = program.get(film), program.get(f"{film}?download=1&k={job.video_blob_id}")
    for name in ("Content-Disposition", "Cache-Control"):
        assert asked.headers[name] == plain.headers[name]
    assert (asked.status_code, asked.data) == (200, plain.data)


def test_while_it_is_rendered_the_progress_is_its_own(api, eve, ada, job):
    program = api(eve)

    def told():
        said = program.get(f"/jobs/{job.id}").json["data"]["progress"]
        return said["stage"], said["percent"], said["message"]

    decisions.decide(ada, job, DecisionDraft(kind="approve"))
    assert told() == ("rendering", 0, animatics.DRAWING)
    animatics.draw(job.id, job.video_token)
    assert told()[:2] == ("rendering", 50)
    with transaction():
        job.stage, job.detail = animatics.RENDERING, ""
        job.touch()
    assert told() == ("rendering", 75, animatics.RENDERING)
    animatics.render(job.id, job.video_token)
    assert told() == ("completed", 100, "The animatic is ready.")


def test_a_reopened_job_has_none(api, eve, ada, film, job):
    program = api(eve)
    decisions.reopen(ada, job)
    assert program.get(film).status_code == 404
    told = program.get(f"/jobs/{job.id}").json["data"]
    assert (told["status"], told["videoUrl"]) == ("storyboard_ready", None)


def test_nobody_without_a_key_sees_it(api, film):
    assert api(None).get(film).status_code == 401
