"""Campaigns over the API: briefs as objects or plain texts, changed in part, counted, outlived by their jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import factories
from webapp.extensions import db
from webapp.models import Asset, Job

if TYPE_CHECKING:
    from flask import Flask

    from tests.api.conftest import Program
    from webapp.models import Client, User

FULL = {
    "name": "Spring launch",
    "goal": "First orders",
    "status": "active",
    "productUrl": "https://fjell.example/cold-brew",
    "brief": {"text": "Commuters, before eight.", "channels": ["social"], "budget": {"usd": 1200.5}},
    "metadata": {"crm": 7},
}
OWN = {"id", "clientId", "createdAt", "updatedAt"}


@pytest.fixture
def program(api: Any, eve: User) -> Program:
    return api(eve)


@pytest.fixture
def fjell(app: Flask) -> Client:
    return factories.client("Fjell Coffee")


def fields_of(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.json
    return answer.json["meta"]["fields"]


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.json
    assert (answer.json["success"], answer.json["error"]) == (True, None)
    return answer.json["data"]


def facts(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in OWN}


def test_a_campaign_is_said_as_it_was_heard(program, fjell):
    answer = program.post("/campaigns", json=FULL | {"clientId": fjell.id})
    made = told(answer, 201)
    assert answer.location == f"/api/v3/campaigns/{made['id']}"
    assert (made["clientId"], facts(made)) == (fjell.id, FULL)
    assert told(program.get(answer.location)) == made
    assert told(program.get("/campaigns")) == [made], "a list says the same as one"


def test_a_client_and_a_name_are_enough(program, fjell):
    made = told(program.post("/campaigns", json={"clientId": fjell.id, "name": "Spring"}), 201)
    expected = {"name": "Spring", "goal": None, "status": "draft", "productUrl": None, "brief": {}, "metadata": {}}
    assert facts(made) == expected
    assert told(program.get("/campaigns")) == [made]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Commuters, before eight.", {"text": "Commuters, before eight."}),
        ("  two\r\nlines ", {"text": "two\nlines"}),
        ("", {}),
        (None, {}),
        ({}, {}),
        ({"channels": ["tv"], "n": 1.5}, {"channels": ["tv"], "n": 1.5}),
        ({"text": None, "n": 1}, {"n": 1}),
    ],
)
def test_a_brief_is_an_object_or_a_text(sent, kept, program, fjell):
    answer = program.post("/campaigns", json={"clientId": fjell.id, "name": "Spring", "brief": sent})
    assert told(answer, 201)["brief"] == kept
    full = program.post("/campaigns", json=FULL | {"clientId": fjell.id}).location
    assert told(program.put(full, json={"brief": sent}))["brief"] == kept, "a brief is replaced as a whole"


@pytest.mark.parametrize(
    "brief", [5, ["a"], {"text": 5}, {"text": "x" * 10_001}, "x" * 10_001, {"n": 10**20}, {"long": "x" * 65_536}]
)
def test_a_brief_that_cannot_be_kept_is_refused(brief, program, fjell):
    assert set(fields_of(program.post("/campaigns", json={"clientId": fjell.id, "name": "S", "brief": brief}))) == {
        "brief"
    }
    assert told(program.get("/campaigns")) == []


def test_the_page_edits_the_text_and_keeps_the_rest(program, browse, eve, fjell):
    made = told(program.post("/campaigns", json=FULL | {"clientId": fjell.id}), 201)
    form = {"name": "Spring", "brief": "Evenings.", "status": "active", "goal": "", "product_url": ""}
    assert browse(eve).post(f"/campaigns/{made['id']}/edit", data=form).status_code == 303
    found = told(program.get(f"/campaigns/{made['id']}"))
    assert found["brief"] == FULL["brief"] | {"text": "Evenings."}
    assert (found["metadata"], found["goal"]) == (FULL["metadata"], None)


def test_a_change_touches_only_what_is_given(program, fjell):
    url = program.post("/campaigns", json=FULL | {"clientId": fjell.id}).location
    assert facts(told(program.put(url, json={"status": "ARCHIVED"}))) == FULL | {"status": "archived"}
    assert facts(told(program.put(url, json={"name": "New", "clientId": fjell.id}))) == FULL | {
        "status": "archived",
        "name": "New",
    }
    cleared = told(program.put(url, json={"goal": None, "productUrl": None, "brief": None, "metadata": None}))
    nothing = {"goal": None, "productUrl": None, "brief": {}, "metadata": {}}
    assert facts(cleared) == FULL | {"status": "archived", "name": "New"} | nothing


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"name": None}, {"name"}),
        ({"name": " "}, {"name"}),
        ({"status": "paused"}, {"status"}),
        ({"productUrl": "javascript:alert(1)"}, {"productUrl"}),
        ({"goal": "x" * 2001}, {"goal"}),
        ({"metadata": "x"}, {"metadata"}),
        ({"product_url": "https://a.example"}, {"product_url"}),
        ({"id": "x", "budget": 3}, {"id", "budget"}),
        ({"clientId": "another"}, {"clientId"}),
        ({"clientId": None}, {"clientId"}),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(body, wrong, program, fjell):
    assert set(fields_of(program.post("/campaigns", json={"clientId": fjell.id, "name": "S"} | body))) == wrong
    url = program.post("/campaigns", json=FULL | {"clientId": fjell.id}).location
    assert set(fields_of(program.put(url, json=body))) == wrong
    assert facts(told(program.get(url))) == FULL


def test_a_campaign_needs_a_client_and_a_name(program):
    assert fields_of(program.post("/campaigns", json={})) == {
        "clientId": "Please fill this in.",
        "name": "Please fill this in.",
    }


def test_a_campaign_stays_with_its_client(program, fjell):
    other = factories.client("Other")
    url = f"/campaigns/{factories.campaign(fjell).id}"
    assert fields_of(program.put(url, json={"clientId": other.id})) == {"clientId": "A campaign stays with its client."}
    assert told(program.get(url))["clientId"] == fjell.id


def test_a_list_has_filters_pages_and_a_true_total(program, fjell):
    other = factories.client("Other roaster")
    for number, status in enumerate(("draft", "active", "archived", "draft", "active")):
        factories.campaign(fjell, f"Push {number}", status=status, goal="trial" if number > 2 else "")
    factories.campaign(other, "Theirs", status="active", brief={"text": "Nordlicht"})

    def names(query: str) -> tuple[list[str], int]:
        answer = program.get(f"/campaigns{query}")
        return [each["name"] for each in told(answer)], answer.json["meta"]["total"]

    assert names("")[1] == 6
    assert names(f"?client_id={fjell.id}") == (["Push 4", "Push 1", "Push 3", "Push 0", "Push 2"], 5)
    assert names("?status=draft") == (["Push 3", "Push 0"], 2)
    assert names(f"?status=active&client_id={other.id}") == (["Theirs"], 1)
    assert names("?search=NORDLICHT") == (["Theirs"], 1)
    assert names("?search=trial&limit=1") == (["Push 4"], 2)
    assert names("?limit=2&offset=4")[1] == 6
    assert names("?offset=50") == ([], 6)
    assert names("?client_id=nobody") == ([], 0)


@pytest.mark.parametrize("query", ["status=paused", "limit=0", "limit=1001", "offset=-1", "client=x"])
def test_a_wrong_question_is_refused_by_name(query, program):
    assert set(fields_of(program.get(f"/campaigns?{query}"))) == {query.partition("=")[0]}


def test_stats_count_real_rows(program, fjell):
    spring, autumn = factories.campaign(fjell), factories.campaign(fjell, "Autumn")
    nothing = {"videoCount": 0, "totalSpend": 0.0, "avgCost": 0.0}
    assert told(program.get(f"/campaigns/{spring.id}/stats")) == nothing
    for campaign, micros in ((spring, 1_250_000), (spring, 250_000), (autumn, 9_000_000), (None, 5_000_000)):
        job = {"actual_cost_micros": micros, "estimated_cost_micros": 77_000_000}
        factories.job(fjell, campaign_id=campaign and campaign.id, **job)
    stats = told(program.get(f"/campaigns/{spring.id}/stats"))
    assert stats == {"videoCount": 2, "totalSpend": 1.5, "avgCost": 0.75}


def test_jobs_and_assets_outlive_their_campaign(program, fjell):
    spring = factories.campaign(fjell)
    job, asset = factories.job(fjell, campaign_id=spring.id), factories.asset(fjell, campaign_id=spring.id)
    ids = job.id, asset.id
    answer = program.delete(f"/campaigns/{spring.id}")
    assert told(answer) is None
    db.session.rollback()
    for model, row_id in zip((Job, Asset), ids, strict=True):
        row = db.session.get(model, row_id, populate_existing=True)
        assert (row.client_id, row.campaign_id) == (fjell.id, None)
    for method in (program.get, program.delete):
        answer = method(f"/campaigns/{answer.request.path.rpartition('/')[2]}")
        assert (answer.status_code, answer.json["meta"]["code"]) == (404, "not_found")


def test_who_may_look_and_who_may_change(api, ben, fjell):
    url = f"/campaigns/{factories.campaign(fjell).id}"
    assert api(None).get(url).status_code == 401
    looking = api(ben)
    assert told(looking.get(url))["name"] == "Spring launch"
    assert told(looking.get(f"{url}/stats"))["videoCount"] == 0
    assert looking.put(url, json={"name": "x"}).status_code == 403
    assert looking.delete(url).status_code == 403
    assert looking.post("/campaigns", json={"clientId": fjell.id, "name": "x"}).status_code == 403
