"""POSTs with null in every field that may be left out make what they make without it."""

from __future__ import annotations

import pytest

from tests import factories


@pytest.fixture
def job(app):
    made = factories.job(factories.client())
    factories.scene(made)
    return made


def test_a_campaign_and_a_client(api, eve):
    client = {"name": "Fjell", "description": None, "homepage": None, "brandGuidelines": None, "metadata": None}
    made = api(eve).post("/clients", json=client)
    assert made.status_code == 201, made.data
    campaign = {"clientId": made.json["data"]["id"], "name": "Spring", "status": None, "brief": None}
    spring = api(eve).post("/campaigns", json=campaign).json["data"]
    assert spring["status"] == "draft"
    assert api(eve).put(f"/campaigns/{spring['id']}", json={"status": None}).status_code == 422  # a change says what
    inner = dict.fromkeys(["colors", "fonts", "tone", "restrictions", "examples", "disclaimer", "speakingRates"])
    assert api(eve).post("/clients", json=client | {"brandGuidelines": inner}).status_code == 201


def test_what_belongs_to_a_job(api, eve, job):
    at = f"/jobs/{job.id}"
    scene = api(eve).post(f"{at}/scenes", json=dict.fromkeys(["beat", "duration", "shotType", "transition", "locked"]))
    assert scene.status_code == 201, scene.data
    usual = api(eve).post(f"{at}/scenes", json={}).json["data"]
    for name in ("beat", "duration", "shotType", "transition", "locked"):
        assert scene.json["data"][name] == usual[name]
    assert api(eve).post(f"{at}/comments", json={"text": "Fine.", "isInternal": None}).status_code == 201
    link = api(eve).post(f"{at}/review-links", json={"name": "Ben", "allows": None, "asksEmail": None})
    assert (link.status_code, link.json["data"]["allows"]) == (201, "comment")


def test_a_webhook(api, ada):
    made = api(ada).post("/webhooks", json={"url": "https://hooks.example.com/x", "events": None})
    assert (made.status_code, made.json["data"]["events"]) == (201, [])


def test_a_change_clears_with_null_and_only_what_can_be_empty(api, ada):
    hook = api(ada).post("/webhooks", json={"url": "https://hooks.example.com/x"}).json["data"]
    assert api(ada).put(f"/webhooks/{hook['id']}", json={"isActive": None}).status_code == 422
