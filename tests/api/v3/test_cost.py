"""POST /api/v3/jobs/dry-run: the price of the very job that would be made, and nothing made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.api.v3.briefs import brief, now
from webapp.extensions import db
from webapp.models import Asset, Job, JobAsset, Throttle
from webapp.services import tasks

ASYNC = {"Prefer": "respond-async"}
MODEL = {
    "ai_provider": "openai",
    "ai_model": "test-model",
    "openai_api_key": "sk-test",
    "openai_base_url": "http://127.0.0.1:9/v1",
    "ai_price_input_per_mtok": 2.0,
    "ai_price_output_per_mtok": 10.0,
}


@pytest.fixture
def fjell(app):
    return factories.client(restrictions=["cheap"], disclaimer="Contains caffeine.")


@pytest.fixture
def priced(app, settings):
    """A model that costs something writes."""
    app.extensions["settings"] = replace(settings, **MODEL)


def bodies(client):
    """Make briefs that cost differently."""
    photo = factories.asset(client, "bottle.png", source_url="https://a.example/bottle.png")
    words = factories.asset(client, "brief.pdf", kind="document", format="pdf")
    refused = factories.asset(client, "gone.png", kind="", status="refused", source_url="https://a.example/gone.png")
    known, links = {"assetId": photo.id}, [{"url": f"https://a.example/{n}.png"} for n in range(3)]
    return {
        "plain": brief(client),
        "long": brief(client, creative__videoSpecs__duration=60),
        "seven scenes": brief(client, creative__videoSpecs__duration=60, advanced__numScenes=7),
        "many words": brief(client, adBasics__product="Cold brew. " * 80),
        "an asset": brief(client, known, {"assetId": words.id, "role": "background"}),
        "links": brief(client, *links),
        "the same link twice": brief(client, links[0], links[0]),
        "a link that is here": brief(client, {"url": photo.source_url}),
        "a link that failed": brief(client, {"url": refused.source_url}),
        "a bad link, named": brief(client, {"url": "not a link", "name": "The bottle"}),
        "german": brief(client, advanced__language="de"),
    }


def test_the_estimate_is_exactly_what_the_job_carries(priced, api, eve, fjell):
    program, seen = api(eve), {}
    for name, body in bodies(fjell).items():
        said = program.post("/jobs/dry-run", json=body).json["data"]
        made = program.post("/jobs", json=body, headers=ASYNC).json["data"]
        assert said["estimatedCost"] == made["estimatedCost"] == made["cost"]["estimated"], name
        assert db.session.get(Job, made["id"]).estimated_cost_micros == round(said["estimatedCost"] * 1_000_000) > 0
        tokens = said["tokens"]
        assert said["estimatedCost"] == pytest.approx((2 * tokens["input"] + 10 * tokens["output"]) / 1_000_000)
        parts = {"storyboard_generation": said["estimatedCost"], "image_generation": 0.0, "video_rendering": 0.0}
        assert said["breakdown"] == parts
        assert (said["currency"], said["priceKnown"], said["model"]) == ("USD", True, "test-model")
        seen[name] = said["estimatedCost"]
    for cheap, dear in (
        ("plain", "long"), ("long", "seven scenes"), ("plain", "many words"), ("plain", "an asset"), ("plain", "links"),
        ("the same link twice", "links"), ("plain", "a link that is here"),
    ):  # fmt: skip
        assert seen[cheap] < seen[dear], (cheap, dear)


def test_nothing_is_made_and_nothing_is_fetched(priced, api, eve, fjell):
    program, body = api(eve), bodies(fjell)["links"]
    body["creative"]["assets"].append({"url": "https://a.example/gone.png"})

    def there():
        counts = [
            db.session.scalar(select(func.count()).select_from(each)) for each in (Job, Asset, JobAsset, Throttle)
        ]
        return counts, sorted(db.session.execute(select(Asset.id, Asset.status, Asset.attempt)).all())

    before, waiting = now(there), len(tasks._ours().list_workflows())
    for _ in range(3):
        assert program.post("/jobs/dry-run", json=body).status_code == 200
    assert now(there) == before
    assert len(tasks._ours().list_workflows()) == waiting


def test_the_built_in_writer_costs_nothing(api, eve, fjell):
    said = api(eve).post("/jobs/dry-run", json=brief(fjell)).json["data"]
    assert (said["estimatedCost"], said["tokens"]) == (0.0, {"input": 0, "output": 0})
    assert said["validUntil"].endswith("Z")


def test_a_price_nobody_knows_is_not_said_to_be_nothing(app, settings, api, eve, fjell):
    own = {"ai_price_input_per_mtok": -1.0, "ai_price_output_per_mtok": -1.0}
    app.extensions["settings"] = replace(settings, **(MODEL | own))
    said = api(eve).post("/jobs/dry-run", json=brief(fjell)).json["data"]
    assert (said["estimatedCost"], said["priceKnown"]) == (0.0, False)
    assert said["tokens"]["input"] > 0


def test_it_refuses_what_making_the_job_would_refuse(api, eve, ben, fjell):
    answer = api(eve).post("/jobs/dry-run", json=brief(fjell, {"assetId": "nothing"}))
    assert (answer.status_code, list(answer.json["meta"]["fields"])) == (422, ["creative.assets.0.assetId"])
    assert api(ben).post("/jobs/dry-run", json=brief(fjell)).status_code == 403
    assert api(eve).get("/jobs/dry-run").status_code == 404
