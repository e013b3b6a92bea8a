"""Asking for changes: as often as promised, one question at a time, none from a hidden tab."""

from __future__ import annotations

from playwright.sync_api import expect

from webapp.schemas.scenes import SceneChange
from webapp.services import jobs, scenes


def questions(page, seconds):
    """Count the questions for changes a page asks in so many seconds."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/changes" in request.url else None)
    page.wait_for_timeout(seconds * 1000)
    return len(asked)


def test_an_idle_board_asks_every_second_and_a_half_however_often_it_changed(visit, slate, ada, eve, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    scene = slate.now(lambda: jobs.scenes(job))[0]
    for words in ("one", "two", "three"):
        scenes.edit(eve, job, scene, SceneChange(script=words))
        expect(page.locator("[name=script]").first).to_have_value(words, timeout=4000)
    expect(page.locator("#job-live")).to_have_attribute("hx-trigger", "every 1500ms", timeout=15_000)
    assert 2 <= questions(page, 4.5) <= 4


def test_a_slow_answer_does_not_pile_up_questions(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    slate.slow_down("GET", 3.0)
    open_questions, most = [0], [0]

    def began(request):
        if "/changes" in request.url:
            open_questions[0] += 1
            most[0] = max(most[0], open_questions[0])

    def ended(request):
        if "/changes" in request.url:
            open_questions[0] -= 1

    page.on("request", began)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    page.wait_for_timeout(7000)
    assert most[0] == 1


def test_a_server_that_is_gone_is_said_and_found_again(visit, slate, ada, board):
    job = board(2)
    page = visit(ada, f"/jobs/{job.id}")
    page.faults.expect_no_connection()
    page.route("**/changes*", lambda route: route.abort())
    expect(page.locator(".live")).to_have_text("Offline, trying again", timeout=5000)
    page.unroute("**/changes*")
    expect(page.locator(".live")).to_have_text("Live", timeout=5000)
    expect(page.locator(".toast")).to_have_count(0)
