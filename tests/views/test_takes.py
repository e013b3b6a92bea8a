"""Takes in the browser: the strip, the list, two side by side, used whole or in parts; as pages and as fragments."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.house.test_queries import counted
from webapp.extensions import db, transaction
from webapp.models import Approval, Comment, Job, TakeSource
from webapp.schemas.scenes import SceneChange
from webapp.services import jobs, scenes, storyboards, takes

FRAGMENT = {"HX-Request": "true"}


def soup(response):
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


@pytest.fixture
def job(app):
    job = factories.job(factories.client())
    for number in (1, 2, 3):
        factories.scene(job, number, title=f"Scene {number} title", description="Rain <on> the bottle.")
    return job


@pytest.fixture
def scene(job):
    return jobs.scenes(job)[0]


@pytest.fixture
def candidate(job, scene, ada):
    """A candidate with new words, another shot and hostile signs in what it says."""
    words = storyboards.content(scene.take) | {
        "script": "Ready in <b>two</b> twists.", "description": "Rain <on> the cup.", "shot_type": "close-up",
    }  # fmt: skip
    with transaction():
        return takes.propose(
            job, scene, words, TakeSource.REDO, by=ada, origin="token", feedback="Show the <cup>.", writer="openai",
            model="gpt-x", cost_micros=4200, took_ms=3210,
        )  # fmt: skip


@pytest.fixture
def base(job, scene):
    return f"/jobs/{job.id}/scenes/{scene.id}/takes"


def test_the_card_says_that_a_candidate_waits(eve, browse, job, scene, candidate):
    page = soup(browse(eve).get(f"/jobs/{job.id}"))
    strips = page.select(".waiting-take")
    assert len(strips) == 1
    assert strips[0].find_parent(id=f"scene-{scene.id}")
    assert "Take 2 is ready" in strips[0].text
    assert page.select_one(f"#scene-{scene.id} [name=script]").text.strip() == scene.take.script


def test_it_comes_to_open_boards_by_itself_and_changes_no_word_of_them(eve, browse, job, scene, candidate):
    answer = browse(eve).get(f"/jobs/{job.id}/changes?after={job.revision - 1}", headers=FRAGMENT)
    assert "Take 2 is ready" in answer.text
    assert "two</b>" not in answer.text
    assert "&lt;b&gt;two" not in answer.text


def test_who_may_not_edit_sees_no_candidate_on_the_board(ben, browse, job, candidate):
    assert not soup(browse(ben).get(f"/jobs/{job.id}")).select(".waiting-take")


def test_a_frozen_board_offers_none(ada, browse, job, candidate):
    with transaction():
        job.approval = Approval.APPROVED
    assert not soup(browse(ada).get(f"/jobs/{job.id}")).select(".waiting-take")


def test_compared_side_by_side_with_what_differs_marked(ada, browse, base, candidate):
    page = soup(browse(ada).get(f"{base}/compare", headers=FRAGMENT))
    assert [each.text for each in page.select(".diff h4")] == ["Action", "Voice-over", "Shot"]
    voice = page.select(".diff")[1]
    assert [each.text for each in voice.select("del")] == [" removed: one twist"]
    assert [each.text for each in voice.select("ins")] == [" added: <b>two</b> twists"]
    assert [box["value"] for box in page.select("[name=fields][checked]")] == ["description", "script", "shot_type"]
    assert "The same in both: title, on screen, beat, camera, transition, seconds, assets." in page.text
    assert "Show the <cup>." in page.text
    assert page.select_one("[name=seen]")["value"]


def test_the_comparison_is_a_page_without_javascript(ada, browse, base, candidate):
    page = soup(browse(ada).get(f"{base}/compare?left=1&right=2"))
    assert page.select_one("main #use-take")["method"] == "post"
    assert not page.select("main [hx-post], main .compare [hx-get]")
    assert page.select_one("button[form=keep-take]").text == "Keep current"
    assert page.select_one(".compare-f a")["href"].endswith("takes/new?like=2")


def test_used_it_is_shown_and_the_toast_takes_it_back(ada, browse, job, scene, base, candidate):
    browser = browse(ada)
    form = soup(browser.get(f"{base}/compare", headers=FRAGMENT))
    data = {
        "picked": "1",
        "seen": form.select_one("[name=seen]")["value"],
        "fields": ["description", "script", "shot_type"],
    }
    answer = browser.post(f"{base}/{candidate.id}/use", data=data, headers=FRAGMENT)
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast["text"] == "Scene 1 shows take 2"
    assert "Ready in &lt;b&gt;two" in answer.text
    assert "Take 2 is ready" not in answer.text
    assert scene.take_id == candidate.id
    assert browser.post(toast["undo"], headers=FRAGMENT).status_code == 200
    assert scene.take.script == "Ready in one twist."


def test_some_fields_are_used_without_javascript(ada, browse, job, scene, base, candidate):
    answer = browse(ada).post(f"{base}/{candidate.id}/use", data={"picked": "1", "fields": "script"})
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}#scene-{scene.id}")
    assert scene.take.script == "Ready in <b>two</b> twists."
    assert scene.take.description == "Rain <on> the bottle."


def test_no_field_ticked_says_so_where_one_looks(ada, browse, base, scene, candidate):
    answer = browse(ada).post(f"{base}/{candidate.id}/use", data={"picked": "1"}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert "data-alert" in answer.text
    assert "Tick at least one field" in answer.text
    assert scene.take.number == 1


def test_compared_with_words_that_changed_meanwhile_it_is_a_conflict(ada, eve, browse, job, scene, base, candidate):
    seen = scene.take_id
    scenes.edit(eve, job, scene, SceneChange(title="Eve was here"))
    answer = browse(ada).post(f"{base}/{candidate.id}/use", data={"seen": seen}, headers=FRAGMENT)
    assert answer.status_code == 409
    assert scene.take.title == "Eve was here"


def test_kept_as_it_is_the_strip_goes(ada, browse, job, scene, base, candidate):
    answer = browse(ada).post(f"{base}/{candidate.id}/keep", headers=FRAGMENT)
    assert f'id="scene-{scene.id}"' in answer.text
    assert "is ready" not in answer.text
    assert scene.take.number == 1


def test_another_one_begins_with_the_same_feedback(ada, browse, base, candidate):
    page = soup(browse(ada).get(f"{base}/new?like=2", headers=FRAGMENT))
    assert page.select_one("[name=feedback]").text.strip() == "Show the <cup>."


def test_the_list_says_who_when_why_and_at_what_cost(ada, browse, base, candidate):
    rows = soup(browse(ada).get(base, headers=FRAGMENT)).select(".take")
    assert [row.select_one("b").text for row in rows] == ["Take 2", "Take 1"]
    said = " ".join(rows[0].text.split())
    assert "Redone by gpt-x, asked by Ada Byron, just now, $0.0042, took 3.2 s" in said
    assert "Asked for: Show the <cup>." in said
    assert "Waiting" in said
    assert "Shown" in rows[1].text


def test_a_long_list_goes_on(ada, eve, browse, job, scene, base, monkeypatch):
    monkeypatch.setattr(takes, "SHOWN", 3)
    for number in range(takes.SHOWN + 2):
        scenes.edit((ada, eve)[number % 2], job, scene, SceneChange(script=f"Words {number}"))
    browser = browse(ada)
    first = soup(browser.get(base, headers=FRAGMENT))
    assert len(first.select(".take")) == takes.SHOWN
    older = soup(browser.get(first.select_one(".takes-more a")["href"], headers=FRAGMENT))
    assert [row.select_one("b").text for row in older.select(".take")] == [f"Take {n}" for n in (3, 2, 1)]
    assert not older.select(".takes-more, header.head, dialog")


def test_reviewers_may_read_but_not_use(ben, browse, base, scene, candidate):
    browser = browse(ben)
    page = soup(browser.get(f"{base}/compare"))
    assert page.select("ins")
    assert not page.select("[name=fields], button[form]")
    for path in ("use", "keep"):
        assert browser.post(f"{base}/{candidate.id}/{path}").status_code == 403
    assert candidate.waiting


@pytest.mark.parametrize(
    "asked", ["left=99", "right=99", "left=1&right=99999999999999999999999999", "left=-99999999999999999999999"]
)
def test_takes_that_are_not_there_are_not_found(ada, browse, base, candidate, asked):
    assert browse(ada).get(f"{base}/compare?{asked}").status_code == 404


def test_a_candidate_s_picture_that_is_not_drawn_is_not_found(ada, browse, base, candidate):
    browser = browse(ada)
    assert browser.get(f"{base}/2/frame").status_code == 404
    assert browser.get(f"{base}/99999999999999999999999999/frame").status_code == 404


def test_the_board_asks_as_often_for_many_candidates_as_for_one(ada, browse, job, candidate):
    browser = browse(ada)
    browser.get(f"/jobs/{job.id}")

    def queries():
        db.session.remove()
        with counted() as statements:
            assert browser.get(f"/jobs/{job_id}").status_code == 200
        return [each for each in statements if "takes.waiting" in each or "board_actions" in each or "versions" in each]

    job_id = job.id
    few = queries()
    job = db.session.get(Job, job_id)
    for number in range(4, 9):
        factories.scene(job, number)
    for scene in jobs.scenes(job):
        with transaction():
            takes.propose(job, scene, storyboards.content(scene.take) | {"script": "New"}, TakeSource.REDO)
    assert len(queries()) == len(few)


def test_the_form_of_a_redo_that_failed_is_filled_as_it_was(ada, browse, job, scene, base):
    with transaction():
        scene.error, scene.redo_feedback, scene.redo_options = "It failed.", "louder", {"parts": ["script"]}
    page = soup(browse(ada).get(f"{base}/new"))
    assert page.select_one("[name=feedback]").text.strip() == "louder"
    assert [each["value"] for each in page.select("[name=parts][checked]")] == ["script"]
    assert not page.select("#redo-form[hx-post]")


def test_a_comment_for_the_team_alone_is_not_read_by_reviewers(ada, ben, browse, job, scene, base, candidate):
    with transaction():
        comment = Comment(job_id=job.id, scene_id=scene.id, text="The client is slow.", author="Eve", is_internal=True)
        db.session.add(comment)
        db.session.flush()
        words = storyboards.content(scene.take) | {"script": "Slower."}
        takes.propose(job, scene, words, TakeSource.COMMENT, comment_ids=[comment.id], feedback=comment.text)
    for path in (base, f"{base}/compare"):
        assert "The client is slow." in browse(ada).get(path).text
        assert "The client is slow." not in browse(ben).get(path).text


def test_the_assets_of_a_scene_are_a_form_that_works_alone_on_its_page(ada, browse, job, scene):
    browser, path = browse(ada), f"/jobs/{job.id}/scenes/{scene.id}/assets"
    assert not soup(browser.get(path)).select(f"form[action='{path}'][hx-post]")
    assert soup(browser.get(path, headers=FRAGMENT)).select(f"form[action='{path}'][hx-post='{path}']")
    assert browser.post(path, data={}).status_code == 303
