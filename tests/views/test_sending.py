"""Checks beside the board, sending for review, faces: as pages, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from tests import factories
from tests.views.reading import words
from webapp.extensions import db, transaction
from webapp.models import Approval, JobStatus, ReviewLink
from webapp.schemas.scenes import SceneChange
from webapp.services import jobs, presence, scenes, versions

HTMX = {"HX-Request": "true"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def client(app):
    return factories.client(restrictions=["cheap"], disclaimer="Contains caffeine.")


@pytest.fixture
def job(client, eve):
    made = factories.job(client, duration_ms=9000, user_id=eve.id)
    factories.scene(made, 1, beat="hook", shot_type="wide", script="Why is it so cheap?", description="A commuter.")
    factories.scene(made, 2, shot_type="product", script="Real cold brew, ready before you are.")
    end = "fjell.coffee\nContains caffeine."
    factories.scene(made, 3, beat="cta", shot_type="end-card", script="Order today.", on_screen=end)
    return made


@pytest.fixture
def editor(browse, eve):
    return browse(eve)


def board(browser, job):
    return soup(browser.get(f"/jobs/{job.id}"))


def test_the_checks_stand_beside_the_board_and_lead_to_the_field(editor, job):
    page, first = board(editor, job), jobs.scenes(job)[0]
    line = page.select_one("#job-checks [data-code=forbidden-words] a")
    assert line["href"] == f"/jobs/{job.id}#v-{first.id}"
    assert page.select_one(f"textarea#v-{first.id}")
    assert words(line).startswith(
        "Warning: Fjell Coffee never says “cheap”: say it otherwise in the voice-over of scene 1."
    )
    assert line.mark.text == "cheap"
    assert words(line.q) == "Why is it so cheap?"
    assert words(page.select_one("#job-head a[href='#job-checks']")) == "2 checks"
    assert page.select_one(f"#marks-{first.id} a")["aria-label"] == "2 checks in scene 1"
    assert not page.select_one(f"#marks-{jobs.scenes(job)[1].id}").find_all("a", attrs={"aria-label": re.compile("2 ")})


def test_whoever_may_not_edit_is_led_to_the_scene(browse, ben, job):
    page = board(browse(ben), job)
    assert page.select_one("[data-code=forbidden-words] a")["href"] == f"/jobs/{job.id}#scene-{jobs.scenes(job)[0].id}"
    assert not page.select("#job-send a")


def test_coverage_is_a_table_that_can_be_heard(editor, job):
    table = board(editor, job).select_one("#job-coverage table")
    assert table.caption
    assert [words(each) for each in table.select("thead th")] == ["Scene 1", "Scene 2", "Scene 3"]
    rows = {words(row.th): [words(cell) for cell in row.select("td")] for row in table.select("tbody tr")}
    assert rows["Key message"] == ["– not found", "in words", "– not found"]
    assert rows["Product"] == ["– not found", "in words", "~ some of the words"]
    assert rows["Audience"][0] == "in words"
    assert rows["Call to action"][2] == "in words"


def test_hostile_words_stay_words(editor, job, client, eve):
    with transaction():
        client.restrictions = [HOSTILE, "onerror"]
        client.spellings = ["<B>bold</B>"]
    scenes.edit(eve, job, jobs.scenes(job)[0], SceneChange(script=f"x {HOSTILE} <b>bold</b>", title=HOSTILE[:80]))
    for page in (board(editor, job), soup(editor.get(f"/jobs/{job.id}/sent/new"))):
        assert not page.select("script:not([src]), img[onerror], .check-line b")
        assert any("onerror" in words(each) for each in page.select(".check-line q"))


def test_a_change_of_one_scene_renews_the_checks_of_all(editor, job, eve):
    after, first, second = job.revision, *jobs.scenes(job)[:2]
    scenes.edit(eve, job, second, SceneChange(shot_type="wide"))
    sent = soup(editor.get(f"/jobs/{job.id}/changes?after={after}", headers=HTMX))
    targets = [each["hx-target"] for each in sent.find_all("hx-partial")]
    assert {"#job-checks", "#job-send", "#job-faces", f"#marks-{first.id}", f"#scene-{second.id}"} <= set(targets)
    assert f"#marks-{second.id}" not in targets
    assert "Scenes 1 and 2 are the same shot in a row" in words(sent.select_one("#job-checks"))


def test_while_scenes_are_written_there_are_no_checks_and_nothing_is_sent(editor, job):
    with transaction():
        job.status = JobStatus.STORYBOARD_PROCESSING
    page = board(editor, job)
    assert page.select_one("#job-checks").has_attr("hidden")
    assert not page.select("#job-send a, .check-line, .marks a")
    assert editor.get(f"/jobs/{job.id}/sent/new").status_code == 409


def test_sending_shows_the_warnings_first_and_never_blocks(editor, job):
    page = soup(editor.get(f"/jobs/{job.id}/sent/new"))
    assert words(page.select_one("#send-checks-t")) == "1 warning"
    assert "never says “cheap”" in words(page.select_one(".send-checks"))
    assert page.select_one("[name=name]")["value"] == "Sent to Fjell Coffee, round 1"
    assert words(page.select_one("form [type=submit].btn-primary")) == "Send anyway"
    form = {field["name"]: field.get("value", "") for field in page.select("#send-form input[type=hidden]")}
    response = editor.post(f"/jobs/{job.id}/sent", data=form | {"note": "Scene 2 first", "approval_rule": "all"})
    assert (response.status_code, response.location) == (303, f"/jobs/{job.id}/share")
    version = versions.sent(job)
    assert (version.number, version.note, job.approval_rule) == (1, "Scene 2 first", "all")


def test_without_warnings_the_button_just_says_send(editor, job, client):
    with transaction():
        client.restrictions = []
    page = soup(editor.get(f"/jobs/{job.id}/sent/new"))
    assert words(page.select_one("form [type=submit].btn-primary")) == "Send"
    assert "No warnings" in words(page.select_one("#send-form"))


def test_with_a_link_the_way_leads_back_to_the_board(editor, job, eve):
    with transaction():
        db.session.add(ReviewLink(job_id=job.id, name="Maya", token_hash="x" * 64, user_id=eve.id))
    assert editor.post(f"/jobs/{job.id}/sent", data={}).location == f"/jobs/{job.id}"
    answer = editor.post(f"/jobs/{job.id}/sent", data={}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/jobs/{job.id}")


def test_the_board_says_what_was_sent_and_what_changed_since(editor, job, eve):
    assert not board(editor, job).select(".sent")
    assert words(board(editor, job).select_one("#job-send")) == "Send for review"
    editor.post(f"/jobs/{job.id}/sent", data={"name": "For Maya"})
    page = board(editor, job)
    assert "Sent: v1, round 1" in words(page.select_one(".sent"))
    assert words(page.select_one("#job-head .badge")) == "In review"
    assert "btn-primary" not in page.select_one("#job-send a")["class"]
    scenes.edit(eve, job, jobs.scenes(job)[1], SceneChange(script="Other words"))
    page = board(editor, job)
    assert words(page.select_one(".sent .changed")) == "Changed since: scene 2"
    assert words(page.select_one("#job-send .btn-primary")) == "Send again"
    assert "In review" in words(soup(editor.get("/")).main)


def test_what_was_typed_is_kept_when_it_cannot_go_out_like_this(editor, job, ada):
    long = {"name": "x" * 121, "note": "Kept", "approval_rule": "all"}
    answer = editor.post(f"/jobs/{job.id}/sent", data=long)
    assert answer.status_code == 422
    assert words(soup(answer).select_one("#send-name-error")) == "At most 120 characters."
    assert "Kept" in soup(answer).select_one("#send-note").text
    seen = soup(editor.get(f"/jobs/{job.id}/sent/new")).select_one("[name=seen]")["value"]
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script="cheap cheap"))
    answer = editor.post(f"/jobs/{job.id}/sent", data={"seen": seen, "note": "Kept"}, headers=HTMX)
    assert answer.status_code == 422
    page = soup(answer)
    assert "changed while you were looking" in words(page.select_one("[role=alert]"))
    assert page.select_one("[name=seen]")["value"] != seen
    assert "Kept" in page.select_one("#send-note").text
    assert versions.sent(job) is None


@pytest.mark.parametrize("approval", [Approval.APPROVED, Approval.REJECTED])
def test_a_frozen_board_is_refused_with_a_sentence(editor, job, approval):
    with transaction():
        job.approval = approval
    assert not board(editor, job).select("#job-send a")
    for answer in (editor.get(f"/jobs/{job.id}/sent/new"), editor.post(f"/jobs/{job.id}/sent", data={})):
        assert answer.status_code == 409
        assert "frozen" in words(soup(answer).main)


def test_reviewers_and_strangers_send_nothing(browse, ben, job):
    assert browse(ben).post(f"/jobs/{job.id}/sent", data={}).status_code == 403
    assert browse(None).post(f"/jobs/{job.id}/sent", data={}).status_code == 401
    assert versions.sent(job) is None
    assert browse(ben).get("/jobs/nobody/sent/new").status_code == 403


def poll(browser, page):
    address = page.select_one("#job-live")["hx-get"]
    return browser.get(address, headers=HTMX)


def test_two_people_see_each_other_without_a_change_of_the_board(browse, eve, ada, job):
    hers, his = browse(eve), browse(ada)
    page = board(hers, job)
    assert not page.select("#job-faces li")
    assert poll(hers, page).status_code == 204
    poll(his, board(his, job))
    answer = poll(hers, page)
    assert answer.status_code == 200
    assert words(soup(answer).select_one("#job-faces .faces")) == "AB Ada Byron"
    assert poll(hers, soup(answer)).status_code == 204
    presence.typing(ada, job.id, jobs.scenes(job)[0].id)
    answer = soup(poll(hers, soup(answer)))
    assert "Ada Byron is typing" in words(answer.select_one(f"#marks-{jobs.scenes(job)[0].id}"))
    assert f"after={job.revision}" in answer.select_one("#job-live")["hx-get"]


def test_a_change_that_comes_with_somebody_is_not_lost(browse, eve, ada, job):
    page = board(browse(eve), job)
    presence.visit(ada, job.id)
    scenes.edit(ada, job, jobs.scenes(job)[1], SceneChange(script="Ada was here"))
    answer = soup(poll(browse(eve), page))
    assert "Ada was here" in answer.select_one(f"#scene-{jobs.scenes(job)[1].id}").text
    assert answer.select("#job-faces li")


def test_the_number_of_queries_does_not_grow_with_the_scenes(editor, client, eve):
    def queries(path):
        db.session.remove()
        found = []
        listen = lambda *args: found.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        answer = editor.get(path, headers=HTMX if "changes" in path else {})
        event.remove(db.engine, "before_cursor_execute", listen)
        assert answer.status_code == 200
        return len(found)

    ids = []
    for count in (2, 20):
        job = factories.job(client, f"{count} scenes")
        for number in range(1, count + 1):
            factories.scene(job, number, script="cheap fjell coffee")
        ids.append(job.id)
        editor.post(f"/jobs/{job.id}/sent", data={})
        presence.visit(eve, job.id)
    for path in ("/jobs/{}", "/jobs/{}/sent/new", "/jobs/{}/changes?after=0"):
        queries(path.format(ids[0]))
        few, many = (queries(path.format(each)) for each in ids)
        assert few == many, path
