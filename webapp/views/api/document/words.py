"""The words of the document that belong to no single operation."""

from __future__ import annotations

from typing import Any

SUMMARY = "Turn a brief and a handful of links into an approved storyboard for a video ad."
DESCRIPTION = """\
Every JSON answer comes in the same envelope: `success`, `data`, `error` and `meta`. A refusal has a sentence for people
in `error`, a stable word for programs in `meta.code`, and for wrong fields a sentence each in `meta.fields`.

- Make a key in Slate, under **your name → API keys**, and send it as `Authorization: Bearer slate_…` or `X-API-Key`.
  It may do what its owner may do.
- Names are in camelCase; in queries they are in snake_case. Ids are opaque texts. Times are ISO 8601 in UTC, durations
  are seconds, money is US dollars. What does not apply is null.
- `PUT` changes the fields given and no others; null clears one. A field that is not known is refused by its name.
- Lists come in pages: `limit` and `offset`; `meta.total` counts all rows that match.
- A `POST` with an `Idempotency-Key` is done once: for a day its repetitions get the first answer.
- Answers may gain fields: pass by what you do not know.
"""
TAGS = {
    "v3-clients": "Brands, and how they sound and look.",
    "v3-campaigns": "What a client wants to reach with several ads.",
    "v3-assets": "Pictures, films, sounds and documents, by link or by upload; measured from the bytes.",
    "v3-jobs": "Ads in the making: from the brief to the approved storyboard and its film; versions, checks.",
    "v3-scenes": "The scenes of a storyboard, the takes of each, and how to have one written anew.",
    "v3-review": "Review links, comments, decisions, and the record that is kept of them.",
    "v3-cost": "What a storyboard would cost, before anybody asks for it.",
    "v3-webhooks": "Addresses that are told what happens; for admins.",
    "v3-document": "This document.",
}
SECURITY: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer slate_…`."},
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same key in a header of its own.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "slate_session",
        "description": "A signed-in browser; what changes something has to come from Slate's own pages. "
        "Over https the cookie is called `__Host-slate_session`.",
    },
}
PLACES = {
    "clientId": "The client's id.",
    "campaignId": "The campaign's id.",
    "assetId": "The asset's id.",
    "jobId": "The job's id.",
    "sceneId": "The scene's id, or its number, counted from 1.",
    "takeId": "The take's id.",
    "commentId": "The comment's id.",
    "linkId": "The review link's id.",
    "decisionId": "The decision's id.",
    "webhookId": "The webhook's id.",
    "deliveryId": "The delivery's id: what a message carries as `webhook-id`.",
    "number": "The version's number, counted from 1.",
}
"""Parts of addresses."""
IDEMPOTENCY_KEY = (
    "Any text of your own, such as a UUID: the request is done once, its repetitions get the first answer."
)
LONGEST_IDEMPOTENCY_KEY = 200
HEADERS: dict[str, Any] = {
    "requestId": {
        "description": "Name it when you ask whoever runs this Slate about a request.",
        "required": True,
        "schema": {"type": "string"},
    },
    "rateLimit": {
        "description": "Requests this key may make in a minute.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "rateRemaining": {
        "description": "Requests it has left of this minute.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
    "rateReset": {
        "description": "Seconds until the next minute begins.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "maximum": 60},
    },
    "retryAfter": {
        "description": "Seconds until it is worth trying again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "authenticate": {
        "description": "How to say who asks.",
        "required": True,
        "schema": {"type": "string"},
    },
    "location": {
        "description": "Where the new one is.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "replayed": {
        "description": "`true` when this is the first answer to the same Idempotency-Key.",
        "schema": {"type": "string", "const": "true"},
    },
    "etag": {"description": "Names these very bytes; send it as If-None-Match.", "schema": {"type": "string"}},
}
REFUSALS: dict[int, tuple[str, str, str, str]] = {
    400: ("malformed", "The request cannot be read.", "The body is not JSON: EOF while parsing an object.", ""),
    401: (
        "unauthorized",
        "No key, or one that is unknown, revoked or expired.",
        "Say who asks.",
        "Send an API key: Authorization: Bearer slate_…",
    ),
    403: (
        "forbidden",
        "The key's owner may see this but not do it, or a browser was sent here by another site.",
        "Your account may look and decide, not change.",
        "Ask an admin to make you an editor.",
    ),
    404: (
        "not_found",
        "It is not there, or its existence is none of this person's business.",
        "There is nothing here.",
        "",
    ),
    409: (
        "conflict",
        "The state of things forbids it; the sentence names it and what is possible.",
        "This storyboard is approved and frozen.",
        "Reopen it to make changes.",
    ),
    410: ("gone", "It was there and is closed now.", "It does not lead anywhere any more.", ""),
    412: ("precondition_failed", "It is not what the request expected it to be.", "It has changed since.", ""),
    413: ("too_large", "Over a limit.", "The JSON is larger than 1 MB, the most one request may have.", ""),
    415: (
        "unsupported_media_type",
        "A body of a kind that is not taken here.",
        "Send JSON.",
        "Say so, too: Content-Type: application/json.",
    ),
    416: ("range_not_satisfiable", "There are no such bytes; Content-Range says how many there are.", "", ""),
    422: (
        "validation_failed",
        "Fields to correct; `meta.fields` says which and why.",
        "Some fields need another look.",
        "",
    ),
    428: (
        "precondition_required",
        "A reviewer's decision has to name the storyboard it is about; `meta.current` has the present one's hash.",
        "This does not say which storyboard was looked at, so nothing was decided.",
        "Look at it as it is now, then name its contentHash, in the body or as If-Match.",
    ),
    429: (
        "rate_limited",
        "Too many requests; Retry-After says when to go on.",
        "That is enough for now: at most 600 requests a minute.",
        "Ask again in 12 seconds.",
    ),
    502: (
        "upstream_failed",
        "A model, an asset's host or another machine failed.",
        "The server of this link answered 404.",
        "",
    ),
    503: (
        "unavailable",
        "The database is busy, or a file or database of this Slate is damaged.",
        "Busy. The database is busy. Try again in a moment.",
        "",
    ),
    507: ("disk_full", "The disk of this Slate is nearly full.", "The disk is nearly full; nothing was saved.", ""),
}
"""Status → word, what it means, an example's sentence and hint."""
