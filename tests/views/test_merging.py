"""The question of a conflict and the seconds of the board, as a browser without JavaScript sees them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.views.reading import words
from webapp.extensions import db
from webapp.schemas.scenes import SceneChange
from webapp.services import jobs, scenes, takes

ELEVEN = "One two three four five six seven eight nine ten eleven."


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def job(app):
    return factories.job(factories.client())


@pytest.fixture
def scene(job):
    made = factories.scene(job, 1)
    factories.scene(job, 2)
    return made


@pytest.fixture
def editor(browse, ada):
    return browse(ada)


def form_of(editor, job, scene):
    """Read the card's form as a browser without JavaScript would send it."""
    page = soup(editor.get(f"/jobs/{job.id}"))
    form = page.find(id=f"form-{scene.id}")
    sent = {each["name"]: each.get("value", "") for each in form.find_all("input")}
    sent |= {each["name"]: each.get_text() for each in form.find_all("textarea")}
    chosen = {each["name"]: each.find("option", selected=True)["value"] for each in form.find_all("select")}
    return form["action"], sent | chosen


def said(form):
    return {each["name"]: each.get("value", "") for each in form.find_all("input", type="hidden")}


def test_a_plain_form_leaves_fields_alone_that_were_not_touched(editor, eve, job, scene):
    action, form = form_of(editor, job, scene)
    scenes.edit(eve, job, scene, SceneChange(title="Theirs", description="Theirs, too."))
    assert editor.post(action, data=form | {"script": "Mine."}).status_code == 303
    db.session.expire_all()
    assert (scene.take.title, scene.take.description, scene.take.script) == ("Theirs", "Theirs, too.", "Mine.")


def test_a_conflict_is_a_page_of_its_own_that_holds_everything_typed(editor, eve, job, scene):
    action, form = form_of(editor, job, scene)
    scenes.edit(eve, job, scene, SceneChange(script="Their <b>words</b>."))
    response = editor.post(action, data=form | {"script": "My\r\nwords.", "title": "Mine", "seconds": "4,5"})
    assert response.status_code == 409
    page = soup(response)
    question = page.find(id=f"merge-{scene.id}")
    assert words(page.h1) == "Two texts for scene 1"
    assert "Eve Holt changed this scene" in words(question)
    assert [words(each.legend) for each in question.find_all("fieldset")] == ["Voice-over"]
    assert question.select_one("[data-said=theirs]").get_text() == "Their <b>words</b>."
    kept = {"version": "2", "mine-script": "My\nwords.", "mine-title": "Mine", "mine-seconds": "4,5"}
    assert kept.items() <= said(question).items()
    answer = said(question) | {"choice-script": "merged", "merged-script": "Our words."}
    done = editor.post(question["action"], data=answer)
    assert done.status_code == 303
    db.session.expire_all()
    assert (scene.take.script, scene.take.title, scene.take.duration_ms) == ("Our words.", "Mine", 4500)
    assert {"My\nwords.", "Their <b>words</b>."} <= {take.script for take in takes.of_scene(scene)}


@pytest.mark.parametrize(("button", "now"), [("mine", "Mine."), ("theirs", "Theirs.")])
def test_one_button_answers_for_all_fields(editor, eve, job, scene, button, now):
    action, form = form_of(editor, job, scene)
    scenes.edit(eve, job, scene, SceneChange(script="Theirs.", seconds="6", beat="hook"))
    response = editor.post(action, data=form | {"script": "Mine.", "seconds": "5", "beat": "proof"})
    question = soup(response).find(id=f"merge-{scene.id}")
    assert {words(each.legend) for each in question.find_all("fieldset")} == {"Seconds", "Voice-over", "Beat"}
    answer = said(question) | {f"choice-{name}": "mine" for name in ("script", "seconds", "beat")} | {"all": button}
    assert editor.post(question["action"], data=answer).status_code == 303
    db.session.expire_all()
    assert scene.take.script == now
    assert (scene.take.duration_ms, scene.take.beat) == ((5000, "proof") if button == "mine" else (6000, "hook"))


def test_words_that_changed_again_meanwhile_are_asked_about_again(editor, eve, job, scene):
    action, form = form_of(editor, job, scene)
    scenes.edit(eve, job, scene, SceneChange(script="Theirs."))
    question = soup(editor.post(action, data=form | {"script": "Mine."})).find(id=f"merge-{scene.id}")
    scenes.edit(eve, job, scene, SceneChange(script="Theirs, again."))
    response = editor.post(
        question["action"], data=said(question) | {"choice-script": "merged", "merged-script": "Ours."}
    )
    assert response.status_code == 409
    again = soup(response).find(id=f"merge-{scene.id}")
    assert words(again.select_one("[data-said=theirs]")) == "Theirs, again."
    assert again.select_one("textarea[name=merged-script]").get_text() == "Ours."
    assert said(again)["mine-script"] == "Mine."


def test_a_merged_text_that_cannot_be_says_why_and_stays(editor, eve, job, scene):
    action, form = form_of(editor, job, scene)
    scenes.edit(eve, job, scene, SceneChange(title="Theirs"))
    question = soup(editor.post(action, data=form | {"title": "Mine"})).find(id=f"merge-{scene.id}")
    response = editor.post(
        question["action"], data=said(question) | {"choice-title": "merged", "merged-title": "x" * 81}
    )
    assert response.status_code == 422
    again = soup(response).find(id=f"merge-{scene.id}")
    assert "At most 80 characters" in words(again.p)
    assert again.select_one("textarea[name=merged-title]").get_text() == "x" * 81


def test_what_cannot_be_saved_is_shown_again_with_everything_typed(editor, job, scene):
    action, form = form_of(editor, job, scene)
    response = editor.post(action, data=form | {"seconds": "0", "script": "Typed with care."})
    assert response.status_code == 422
    page = soup(response)
    assert "1 to 180 seconds" in words(page.main)
    assert page.main.select_one("textarea[name=script]").get_text().strip() == "Typed with care."
    assert page.main.select_one("[name=seconds]")["value"] == "0"


def test_seconds_are_moved_by_plain_forms(editor, job, scene):
    page = soup(editor.get(f"/jobs/{job.id}"))
    trade = page.select_one(".trades form")
    assert editor.post(trade["action"], data={"ms": trade.find_all("button")[1]["value"]}).status_code == 303
    db.session.expire_all()
    assert [each.take.duration_ms for each in jobs.scenes(job)] == [3500, 2500]
    assert editor.post(trade["action"], data={"ms": "many"}).status_code == 422
    assert editor.post(trade["action"], data={"ms": "99999"}).status_code == 409
    assert editor.post(trade["action"], data={"ms": "9" * 30}).status_code == 409
    scenes.edit(factories.person("Cy", "cy@example.com"), job, scene, SceneChange(script=ELEVEN))
    page = soup(editor.get(f"/jobs/{job.id}"))
    button = page.find(id=f"fit-{scene.id}").button
    assert editor.post(page.find(id=button["form"])["action"]).status_code == 303
    db.session.expire_all()
    assert [each.take.duration_ms for each in jobs.scenes(job)] == [4400, 1600]


def test_tighten_fills_in_the_redo_form(editor, job, scene, eve):
    scenes.edit(eve, job, scene, SceneChange(script=ELEVEN))
    page = soup(editor.get(f"/jobs/{job.id}"))
    link = page.find(id=f"fit-{scene.id}").a
    assert words(link) == "Tighten to 7 words"
    form = soup(editor.get(link["href"])).find(id="redo-form")
    assert form.select_one("textarea[name=feedback]").get_text().strip() == "Tighten the voice-over to at most 7 words."
    assert [each["value"] for each in form.select("input[name=parts][checked]")] == ["script"]


def test_reviewers_read_the_meter_and_move_nothing(browse, ben, job, scene):
    reviewer = browse(ben)
    page = soup(reviewer.get(f"/jobs/{job.id}"))
    assert words(page.find(id=f"fit-{scene.id}").p) == "4 words · 1.6 s · room for 3"
    assert not page.select(".edge, .trades, .fit-acts")
    for action in ("trade", "fit", "merge"):
        assert reviewer.post(f"/jobs/{job.id}/scenes/{scene.id}/{action}", data={"ms": "100"}).status_code == 403


def test_speaking_rates_are_set_in_the_clients_form(editor, job):
    path = f"/clients/{job.client_id}/edit"
    fields = soup(editor.get(path)).select("input[name=speaking_rates]")
    assert [each["placeholder"] for each in fields] == ["150", "120", "144", "126"]
    wrong = editor.post(path, data={"name": "Fjell", "speaking_rates": ["140", "", "900", ""]})
    assert wrong.status_code == 422
    assert words(soup(wrong).find(id="f-rates-error")) == (
        "Spanish: a whole number from 60 to 300 words a minute, or nothing."
    )
    assert [each["value"] for each in soup(wrong).select("input[name=speaking_rates]")] == ["140", "", "900", ""]
    assert editor.post(path, data={"name": "Fjell", "speaking_rates": ["140", "", "", "100"]}).status_code == 303
    db.session.expire_all()
    assert job.client.speaking_rates == {"en": 140, "fr": 100}
    assert "English 140, French 100 words a minute" in words(soup(editor.get(f"/clients/{job.client_id}")))
    assert [each["value"] for each in soup(editor.get(path)).select("input[name=speaking_rates]")] == [
        "140",
        "",
        "",
        "100",
    ]
