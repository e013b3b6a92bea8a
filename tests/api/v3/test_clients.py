"""Clients over the API: said and heard in camelCase, changed in part, counted, taken away with all that is theirs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.services import media_files
from webapp.extensions import db, transaction
from webapp.models import Asset, Blob, Campaign, Client, Job, utcnow
from webapp.services import assets, blobs

if TYPE_CHECKING:
    from flask import Flask

    from tests.api.conftest import Program
    from webapp.models import User

FULL = {
    "name": "Fjell Coffee",
    "description": "Cold brew from Bergen",
    "homepage": "https://fjell.example",
    "brandGuidelines": {
        "colors": ["#1f7a63"],
        "fonts": ["Inter"],
        "tone": "Warm, never loud",
        "restrictions": ["cheap"],
        "examples": ["Ready before you are."],
        "disclaimer": "Contains caffeine.",
        "spellings": ["Fjell Cold Brew"],
        "speakingRates": {"de": 140},
    },
    "metadata": {"crm": {"id": 7, "tags": ["a", None, 1.5]}},
}
BARE = {
    "colors": [],
    "fonts": [],
    "tone": None,
    "restrictions": [],
    "examples": [],
    "disclaimer": None,
    "spellings": [],
    "speakingRates": {},
}


@pytest.fixture
def program(api: Any, eve: User) -> Program:
    return api(eve)


def fields_of(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.json
    assert answer.json["meta"]["code"] == "validation_failed"
    return answer.json["meta"]["fields"]


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.json
    assert (answer.json["success"], answer.json["error"], answer.json["meta"]["version"]) == (True, None, "v3")
    return answer.json["data"]


def without(said: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in names}


def test_a_client_is_said_as_it_was_heard(program):
    answer = program.post("/clients", json=FULL)
    made = told(answer, 201)
    assert answer.location == f"/api/v3/clients/{made['id']}"
    assert without(made, "id", "createdAt", "updatedAt") == FULL
    assert made["createdAt"] == made["updatedAt"]
    assert made["createdAt"].endswith("Z")
    assert told(program.get(answer.location)) == made
    assert told(program.get("/clients")) == [made], "a list says the same as one"


def test_a_name_is_enough(program):
    made = told(program.post("/clients", json={"name": "  Fjell\n Coffee "}), 201)
    expected = {"name": "Fjell Coffee", "description": None, "homepage": None, "brandGuidelines": BARE, "metadata": {}}
    assert without(made, "id", "createdAt", "updatedAt") == expected
    assert told(program.get("/clients")) == [made]


def test_a_change_touches_only_what_is_given(program):
    url = program.post("/clients", json=FULL).location
    told(program.put(url, json={"description": "New"}))
    told(program.put(url, json={"brandGuidelines": {"tone": "Dry", "fonts": []}}))
    expected = FULL | {
        "description": "New",
        "brandGuidelines": FULL["brandGuidelines"] | {"tone": "Dry", "fonts": []},
    }
    assert without(told(program.get(url)), "id", "createdAt", "updatedAt") == expected
    assert without(told(program.put(url, json={})), "id", "createdAt", "updatedAt") == expected


@pytest.mark.parametrize("name", ["description", "homepage"])
def test_null_clears_a_field(name, program):
    url = program.post("/clients", json=FULL).location
    found = told(program.put(url, json={name: None}))
    assert without(found, "id", "createdAt", "updatedAt") == FULL | {name: None}


@pytest.mark.parametrize("name", list(BARE))
def test_null_clears_a_guideline(name, program):
    url = program.post("/clients", json=FULL).location
    found = told(program.put(url, json={"brandGuidelines": {name: None}}))
    assert found["brandGuidelines"] == FULL["brandGuidelines"] | {name: BARE[name]}


def test_null_clears_all_guidelines_and_metadata(program):
    url = program.post("/clients", json=FULL).location
    found = told(program.put(url, json={"brandGuidelines": None, "metadata": None}))
    assert (found["brandGuidelines"], found["metadata"]) == (BARE, {})
    assert told(program.get("/clients"))[0]["brandGuidelines"] == BARE


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"name": ""}, {"name"}),
        ({"name": None}, {"name"}),
        ({"name": 3}, {"name"}),
        ({"name": "x" * 121}, {"name"}),
        ({"homepage": "javascript:alert(1)"}, {"homepage"}),
        ({"colour": "#fff"}, {"colour"}),
        ({"brand_guidelines": {}}, {"brand_guidelines"}),
        ({"id": "x", "createdAt": "2026-01-01T00:00:00Z"}, {"id", "createdAt"}),
        ({"brandGuidelines": []}, {"brandGuidelines"}),
        (
            {"brandGuidelines": {"colors": ["blue"], "fonts": "Inter"}},
            {"brandGuidelines.colors", "brandGuidelines.fonts"},
        ),
        ({"brandGuidelines": {"speakingRates": {"de": 9}}}, {"brandGuidelines.speakingRates"}),
        ({"brandGuidelines": {"speakingRates": [140]}}, {"brandGuidelines.speakingRates"}),
        ({"brandGuidelines": {"voice": "x"}}, {"brandGuidelines.voice"}),
        ({"metadata": []}, {"metadata"}),
        ({"metadata": {"n": 10**20}}, {"metadata"}),
        ({"metadata": {"text": "x" * 65_536}}, {"metadata"}),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(body, wrong, program):
    assert set(fields_of(program.post("/clients", json={"name": "Fjell"} | body))) == wrong
    url = program.post("/clients", json=FULL).location
    fields = fields_of(program.put(url, json=body))
    assert set(fields) == wrong
    assert all(sentence.endswith((".", "?")) for sentence in fields.values())
    assert without(told(program.get(url)), "id", "createdAt", "updatedAt") == FULL


def test_numbers_without_end_are_no_metadata(program):
    answer = program.post("/clients", data=b'{"name": "F", "metadata": {"n": 1e999}}', content_type="application/json")
    assert set(fields_of(answer)) == {"metadata"}


def test_a_speaking_rate_may_be_written_with_a_zero(program):
    """140.0 is an integer by JSON Schema, as everywhere in the document; 140.5 is none."""

    def asked(rate: object) -> Any:
        return program.post("/clients", json={"name": "F", "brandGuidelines": {"speakingRates": {"de": rate}}})

    assert repr(asked(140.0).json["data"]["brandGuidelines"]["speakingRates"]) == "{'de': 140}"
    for wrong in (140.5, 1e300, True):
        assert set(fields_of(asked(wrong))) == {"brandGuidelines.speakingRates"}


def test_a_missing_name_is_named(program):
    assert fields_of(program.post("/clients", json={})) == {"name": "Please fill this in."}


def test_a_list_has_pages_and_a_true_total(program):
    for number in range(5):
        factories.client(f"Client {number}", description="coffee" if number % 2 else "")
    factories.client("Past", archived_at=utcnow())

    def names(query: str) -> tuple[list[str], dict[str, Any]]:
        answer = program.get(f"/clients{query}")
        meta = without(answer.json["meta"], "timestamp", "version", "requestId")
        return [each["name"] for each in told(answer)], meta

    assert names("?limit=2&offset=2") == (["Client 2", "Client 3"], {"total": 5, "page": 2, "limit": 2, "offset": 2})
    assert names("?limit=2&offset=4")[1] == {"total": 5, "page": 3, "limit": 2, "offset": 4}
    assert names("?offset=5") == ([], {"total": 5, "page": 1, "limit": 100, "offset": 5})
    assert names("?search=COFFEE&limit=1") == (["Client 1"], {"total": 2, "page": 1, "limit": 1, "offset": 0})
    assert names("?archived=true")[0] == ["Past"]
    assert names("?archived=both")[1]["total"] == 6
    assert names("?archived=both&search=client")[1]["total"] == 5
    assert names("?archived=false&limit=1000")[1]["total"] == 5


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "offset=-1", "archived=maybe", "page=2", f"search={'x' * 201}"]
)
def test_a_wrong_question_is_refused_by_name(query, program):
    assert set(fields_of(program.get(f"/clients?{query}"))) == {query.partition("=")[0]}


def test_stats_count_real_rows(program):
    fjell, other = factories.client(), factories.client("Other")
    for _ in range(2):
        factories.campaign(fjell)
    for client, micros in ((fjell, 1_250_000), (fjell, 4_500), (fjell, 0), (other, 9_000_000)):
        factories.job(client, actual_cost_micros=micros, estimated_cost_micros=77_000_000)
    stats = told(program.get(f"/clients/{fjell.id}/stats"))
    assert stats == {"campaignCount": 2, "videoCount": 3, "totalSpend": 1.2545}
    empty = factories.client("Empty")
    nothing = {"campaignCount": 0, "videoCount": 0, "totalSpend": 0.0}
    assert told(program.get(f"/clients/{empty.id}/stats")) == nothing


def test_deleting_takes_everything_along_and_purges_bytes_nobody_else_has(program, app: Flask, eve):
    fjell, other = factories.client(), factories.client("Other")
    png, wav = media_files.MAKERS["png"](), media_files.MAKERS["wav"]()
    shared = assets.add_file(eve, fjell, io.BytesIO(png), "a.png")
    alone = assets.add_file(eve, fjell, io.BytesIO(wav), "b.wav")
    theirs = assets.add_file(eve, other, io.BytesIO(png), "c.png")
    assert shared.blob_id == theirs.blob_id != alone.blob_id
    shared_id, fjell_id = theirs.blob_id, fjell.id
    factories.job(fjell, campaign_id=factories.campaign(fjell).id)
    assert told(program.delete(f"/clients/{fjell_id}")) is None
    db.session.rollback()
    counts = [db.session.scalar(select(func.count()).select_from(model)) for model in (Client, Campaign, Job, Asset)]
    assert counts == [1, 0, 0, 1]
    # without a description nothing reads bytes any more; the hourly sweep takes them (tests/services/test_blobs.py)
    assert db.session.scalars(select(Blob.id)).all() == [shared_id]
    assert blobs.read(blobs.find(shared_id)) == png
    for method in (program.get, program.delete):
        assert method(f"/clients/{fjell_id}").status_code == 404


def test_a_change_of_colours_reaches_what_depends_on_it(program):
    fjell = factories.client()
    job = factories.job(fjell)
    before = job.revision
    told(program.put(f"/clients/{fjell.id}", json={"brandGuidelines": {"colors": ["#112233"]}}))
    db.session.rollback()
    assert db.session.get(Job, job.id, populate_existing=True).revision > before, "its board is drawn anew"


def test_what_is_not_there_is_a_404(program):
    for answer in (
        program.get("/clients/none"),
        program.put("/clients/none", json={}),
        program.get("/clients/x/stats"),
    ):
        assert (answer.status_code, answer.json["meta"]["code"]) == (404, "not_found")


def test_old_rows_without_a_value_are_said_as_null(program):
    fjell = factories.client(description="", homepage="", colors=[])
    with transaction():
        fjell.extra = {}
    assert told(program.get(f"/clients/{fjell.id}")) == told(program.get("/clients"))[0]
