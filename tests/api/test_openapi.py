"""The document at /api/v3/openapi.json: what it says, that it is valid, and that nothing of it changes unseen."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from tests import factories
from tests.api.asking import closed
from webapp.extensions import db
from webapp.models import Delivery
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.webhooks import MessageType, WebhookDraft
from webapp.services import decisions, webhooks
from webapp.views.api import openapi
from webapp.views.api.document import messages

SNAPSHOT = Path(__file__).with_name("openapi.json")
HOW = """
The API's document has changed. If that is meant:

    .venv/bin/python -m scripts.freeze_openapi

and have the diff of tests/api/openapi.json reviewed: whatever goes away or becomes narrower breaks programs of others.
"""


@pytest.fixture
def document(app):
    return openapi.written(app).tree


def test_it_is_public_and_answered_from_memory(app, api):
    stranger = api(None)
    first, second = stranger.get("/openapi.json"), stranger.get("/openapi.json")
    assert first.status_code == 200
    assert first.mimetype == "application/json"
    assert first.data == second.data
    assert first.json["openapi"] == "3.1.0"
    again = stranger.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_it_is_a_valid_document(document):
    """By the OpenAPI Initiative's own schema, which schemathesis brings along."""
    from schemathesis.specs.openapi import definitions

    assert definitions.OPENAPI_31_VALIDATOR.is_valid(document)
    assert not definitions.OPENAPI_31_VALIDATOR.is_valid(document | {"paths": {"/x": {"get": {"responses": 200}}}})


def test_it_is_the_frozen_one(document):
    assert json.loads(SNAPSHOT.read_text()) == json.loads(json.dumps(document)), HOW


def test_every_way_to_say_who_asks_is_told(document):
    kinds = {
        (each["type"], each.get("in"), each.get("name")) for each in document["components"]["securitySchemes"].values()
    }
    assert kinds == {("http", None, None), ("apiKey", "header", "X-API-Key"), ("apiKey", "cookie", "slate_session")}
    assert [list(each) for each in document["security"]] == [
        [name] for name in document["components"]["securitySchemes"]
    ]


def test_guards_are_told(document):
    paths = document["paths"]["/api/v3/clients"]
    assert "403" in paths["post"]["responses"]
    assert "403" not in paths["get"]["responses"]
    assert {"400", "409", "413", "415", "422", "401", "429", "503"} <= set(paths["post"]["responses"])


def test_lists_say_how_many_there_are(document):
    schema = document["paths"]["/api/v3/clients"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["properties"]["meta"] == {"$ref": "#/components/schemas/ListMeta"}
    assert {"total", "page", "limit", "offset"} <= set(document["components"]["schemas"]["ListMeta"]["required"])


def test_links_follow_from_the_routes(document):
    """What was made leads to all that can be asked of it; what changes nothing but itself leads nowhere new."""
    paths = document["paths"]
    made = paths["/api/v3/clients"]["post"]["responses"]["201"]["links"]
    assert list(made) == ["clients.show", "clients.change", "clients.delete", "clients.stats"]
    assert made["clients.delete"] == {
        "operationId": "clients.delete",
        "parameters": {"path.clientId": "$response.body#/data/id"},
    }
    comment = paths["/api/v3/jobs/{jobId}/comments"]["post"]["responses"]["201"]["links"]["comments.show"]
    places = {"path.jobId": "$request.path.jobId", "path.commentId": "$response.body#/data/id"}
    assert comment["parameters"] == places
    scenes = paths["/api/v3/jobs/{jobId}/scenes"]["get"]["responses"]["200"]["links"]["scenes.show"]
    assert scenes["parameters"]["path.sceneId"] == "$response.body#/data/scenes/0/id"
    version = paths["/api/v3/jobs/{jobId}/send"]["post"]["responses"]["201"]["links"]["versions.show"]
    assert version["parameters"]["path.number"] == "$response.body#/data/number"
    assert "links" not in paths["/api/v3/jobs/{jobId}/comments/{commentId}/close"]["post"]["responses"]["200"]
    assert "links" not in paths["/api/v3/clients/{clientId}"]["delete"]["responses"]["200"]


def test_every_link_leads_to_an_operation_and_fills_its_address(document):
    operations = {
        told["operationId"]: {each["name"] for each in told.get("parameters", ()) if each["in"] == "path"}
        for methods in document["paths"].values()
        for told in methods.values()
    }
    links = [
        link
        for methods in document["paths"].values()
        for told in methods.values()
        for answer in told["responses"].values()
        for link in answer.get("links", {}).values()
    ]
    assert len(links) > 200
    for link in links:
        given = {name.removeprefix("path.") for name in link["parameters"]}
        assert given == operations[link["operationId"]], link


def test_every_message_to_webhooks_is_told(document):
    assert set(document["webhooks"]) == {*map(str, MessageType), webhooks.TEST}
    assert set(messages.MEANINGS) == {*MessageType, webhooks.TEST}
    for each in document["webhooks"].values():
        headers = {one["name"] for one in each["post"]["parameters"]}
        assert headers == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_messages_are_as_they_are_told(document, ada):
    """What is queued for a webhook fits its schema, with nothing in it that is not named there."""
    hook = webhooks.add(ada, WebhookDraft(url="https://hooks.example/slate"))
    webhooks.send_test(ada, hook)
    job = factories.job(factories.client())
    factories.scene(job)
    decisions.decide(ada, job, DecisionDraft(kind="request_changes", reason="Shorter."))
    messages_sent = [each.payload for each in db.session.query(Delivery)]
    assert {each["type"] for each in messages_sent} == {"webhook.test", "decision.recorded"}
    told = closed(document)
    for message in messages_sent:
        content = told["webhooks"][message["type"]]["post"]["requestBody"]["content"]["application/json"]
        validator = jsonschema_rs.validator_for(content["schema"] | {"components": told["components"]})
        assert not [each.message for each in validator.iter_errors(message)]
        assert not validator.is_valid(message | {"more": 1})
