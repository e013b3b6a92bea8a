"""The messages Slate sends to webhooks, told from what builds, signs and sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.schemas.messages import About, TestAbout
from webapp.schemas.webhooks import MessageType
from webapp.services import deliveries, webhooks

if TYPE_CHECKING:
    from webapp.views.api.document.schemas import Schemas

TAG = "webhooks"
MEANINGS = {
    MessageType.JOB_CREATED: "Somebody asked for a storyboard.",
    MessageType.STORYBOARD_READY: "Its scenes are written, or written anew.",
    MessageType.STORYBOARD_FAILED: "Writing failed; the scenes that were finished stay.",
    MessageType.SCENE_REDONE: "A redo wrote a new take.",
    MessageType.COMMENT_CREATED: "Somebody commented. Replies, and what only the team sees, are not told.",
    MessageType.COMMENT_ANSWERED: "The team answered a comment, by hand or with a take.",
    MessageType.VERSION_SENT: "A version was sent for review.",
    MessageType.DECISION_RECORDED: "Somebody approved, asked for changes or rejected.",
    MessageType.JOB_REOPENED: "A decided storyboard was opened again.",
    MessageType.ANIMATIC_READY: "The animatic of an approved storyboard was rendered.",
    webhooks.TEST: "Somebody pressed “Send a test”. It goes out whatever events are picked.",
}
HEADERS = {
    "webhook-id": ("The message; it stays the same when it is sent again.", {"type": "string"}),
    "webhook-timestamp": ("When this try was made, in seconds since 1970.", {"type": "string", "pattern": "^[0-9]+$"}),
    "webhook-signature": (
        "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the webhook's secret.",
        {"type": "string", "pattern": "^v1,"},
    ),
}
HOW = (
    "Signed as [Standard Webhooks](https://www.standardwebhooks.com) say. Check the signature over the bytes as they "
    f"came. Answer 2xx within {deliveries.POST_SECONDS:.0f} seconds; anything else is tried again, {deliveries.TRIES} "
    "tries over about a day. `410` switches the webhook off. Messages may come twice and in another order."
)


def write(schemas: Schemas) -> dict[str, Any]:
    """Return type → the request that Slate makes."""
    return {str(kind): {"post": _message(str(kind), meaning, schemas)} for kind, meaning in MEANINGS.items()}


def _message(kind: str, meaning: str, schemas: Schemas) -> dict[str, Any]:
    data = schemas.of(TestAbout if kind == webhooks.TEST else About)
    properties = {
        "type": {"const": kind},
        "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
        "data": data,
    }
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {
        "operationId": kind,
        "summary": meaning.rstrip("."),
        "description": HOW,
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": text, "schema": shape}
            for name, (text, shape) in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "2XX": {"description": "It arrived; the body is not read."},
            "410": {"description": "Nobody listens here any more: the webhook is switched off."},
        },
    }
