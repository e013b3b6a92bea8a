"""Control characters are dropped wherever texts come in; NUL is one of them."""

from __future__ import annotations

import pytest

from tests import factories
from tests.api.v3.briefs import brief

ODD = "a\x00b\x1b\x7f\tc\nd"
TEXT = "ab\tc\nd"
LINE = "ab c d"


@pytest.fixture
def fjell(app):
    return factories.client()


@pytest.fixture
def job(fjell):
    made = factories.job(fjell)
    factories.scene(made)
    return made


def heard(answer):
    assert answer.status_code in (200, 201, 202), answer.data
    assert "u0000" not in answer.text
    return answer.json["data"]


def test_in_free_form_fields_at_any_depth(api, eve, fjell, job):
    odd, plain = {ODD: [ODD, {"deep": {ODD: ODD}}], "n": 1.5, "none": None}, {TEXT: [TEXT, {"deep": {TEXT: TEXT}}]}
    plain |= {"n": 1.5, "none": None}
    program = api(eve)
    assert heard(program.post("/clients", json={"name": "A", "metadata": odd}))["metadata"] == plain
    campaign = {"clientId": fjell.id, "name": "A", "metadata": odd, "brief": odd}
    made = heard(program.post("/campaigns", json=campaign))
    assert (made["metadata"], made["brief"] | {"text": ""}) == (plain, plain | {"text": ""})
    assert heard(program.put(f"/jobs/{job.id}/scenes/1", json={"metadata": odd}))["metadata"] == plain


def test_in_what_is_only_kept_of_a_job(api, eve, fjell):
    asked = {"advanced__modelPreferences": [ODD], "context__userId": ODD, "creative__videoSpecs__resolution": ODD}
    made = heard(api(eve).post("/jobs", json=brief(fjell, **asked), headers={"Prefer": "respond-async"}))
    kept = made["advanced"]["modelPreferences"], made["context"]["userId"], made["creative"]["videoSpecs"]["resolution"]
    assert kept == ([LINE], TEXT, LINE)
    nothing = api(eve).post("/jobs", json=brief(fjell, advanced__modelPreferences=[None]))
    assert set(nothing.json["meta"]["fields"]) == {"advanced.modelPreferences.0"}, "null is no empty text"


def test_in_words_for_shots_that_are_kept_as_they_were_said(api, eve, job):
    scene = heard(api(eve).put(f"/jobs/{job.id}/scenes/1", json={"shotType": f"Zz{ODD}", "transition": f"Zz{ODD}"}))
    assert scene["metadata"] == {"shotTypeRaw": f"Zz{LINE}", "transitionRaw": f"Zz{LINE}"}


def test_in_the_forms_of_the_pages(browse, eve, api, job):
    page, odd, kept = browse(eve), "a\x00b", "ab"
    fields = ("title", "product", "audience", "key_message", "call_to_action", "style", "tone", "music_style")
    assert page.post(f"/jobs/{job.id}/edit", data=dict.fromkeys(fields, odd)).status_code < 400
    told = heard(api(eve).get(f"/jobs/{job.id}"))
    basics, look = told["adBasics"], told["creative"]["direction"]
    assert [told["title"], *basics.values(), look["style"], look["tone"], look["musicStyle"]] == [kept] * 8
    scene = told["scenes"][0]
    words = ("title", "description", "script", "on_screen")
    assert page.post(f"/jobs/{job.id}/scenes/{scene['id']}", data=dict.fromkeys(words, odd)).status_code < 400
    scene = heard(api(eve).get(f"/jobs/{job.id}/scenes/1"))
    assert [scene[name] for name in ("title", "description", "script", "onScreen")] == [kept] * 4
