"""What an operation answers: every status in its envelope, with headers, and an example that was really answered."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from webapp.views.api import envelope
from webapp.views.api.document import examples, words
from webapp.views.api.spec import FILE

if TYPE_CHECKING:
    from webapp.views.api.document.links import Links
    from webapp.views.api.document.routes import Route
    from webapp.views.api.document.schemas import Schemas

EMPTY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
"""Answers without a body."""
EVERYWHERE = {401, 429, 503}
WITH_A_BODY = {400, 413, 415, 422}
RATES = {"RateLimit-Limit": "rateLimit", "RateLimit-Remaining": "rateRemaining", "RateLimit-Reset": "rateReset"}


def statuses(route: Route) -> set[int]:
    """Return every status a route refuses with."""
    operation = route.operation
    found = set(operation.refuses)
    if not route.is_public:
        found |= EVERYWHERE
    if route.needs == "edit" or route.method != "GET":
        found.add(403)
    if "{" in route.path or route.needs == "manage":
        found.add(404)
    if operation.body or operation.form:
        found |= WITH_A_BODY
    if operation.query:
        found.add(422)
    if route.method == "POST":
        found |= {409, 413, 422}  # the Idempotency-Key is in use, or was used for something else; a body nobody wants
    return found


def write(route: Route, schemas: Schemas, links: Links) -> dict[str, Any]:
    """Return the responses of an operation by status."""
    said = {str(status): _answer(route, status, kind, schemas) for status, kind in route.operation.answers.items()}
    for status in route.operation.answers:
        if found := links.of(route, status):
            said[str(status)]["links"] = found
    refused = {
        str(status): {"$ref": f"#/components/responses/{words.REFUSALS[status][0]}"} for status in statuses(route)
    }
    return dict(sorted((said | refused).items()))


def refusals(schemas: Schemas) -> dict[str, Any]:
    """Return the refusals, each once for all operations."""
    return {name: _refusal(status, schemas) for status, (name, *_) in words.REFUSALS.items()}


def _answer(route: Route, status: int, kind: Any, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {"description": _meaning(status, kind), "headers": _headers(route, status, kind)}
    if status in EMPTY:
        return described
    if kind == FILE:
        described["content"] = {each: {"schema": {}} for each in route.operation.media or ("*/*",)}
        return described
    data = {"type": "null"} if kind is None else schemas.of(kind)
    meta = envelope.ListMeta if route.operation.is_list else envelope.Meta
    content: dict[str, Any] = {"schema": _envelope(data, schemas.of(meta), success=True)}
    if example := _example(route, status, kind):
        content["example"] = example
    described["content"] = {"application/json": content}
    return described


def _example(route: Route, status: int, kind: Any) -> Any:
    """Return what was answered with this status, else with another one that says the same."""
    alike = [each for each, other in route.operation.answers.items() if repr(other) == repr(kind) and each != status]
    found = (examples.answered(route.name, each) for each in (status, *alike))
    return next(filter(None, found), None)


def _meaning(status: int, kind: Any) -> str:
    if kind == FILE and status == HTTPStatus.PARTIAL_CONTENT:
        return "The bytes asked for."
    if kind == FILE:
        return "The bytes."
    return {200: "Done.", 201: "Made.", 202: "Begun; it goes on in the background.", 304: "It is what you have."}[
        status
    ]


def _headers(route: Route, status: int, kind: Any) -> dict[str, Any]:
    names = {"X-Request-Id": "requestId"} | ({} if route.is_public else RATES)
    if status == HTTPStatus.CREATED or "Location" in route.operation.says:
        names["Location"] = "location"
    if route.method == "POST":
        names["Idempotency-Replayed"] = "replayed"
    if kind == FILE or status == HTTPStatus.NOT_MODIFIED or "ETag" in route.operation.says:
        names["ETag"] = "etag"
    return {name: {"$ref": f"#/components/headers/{place}"} for name, place in names.items()}


def _refusal(status: int, schemas: Schemas) -> dict[str, Any]:
    code, meaning, sentence, hint = words.REFUSALS[status]
    names = {"X-Request-Id": "requestId"}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        names["Retry-After"] = "retryAfter"
    if status == HTTPStatus.UNAUTHORIZED:
        names["WWW-Authenticate"] = "authenticate"
    schema = _envelope({"type": "null"}, schemas.of(envelope.ErrorMeta), success=False)
    content = {"schema": schema, "example": examples.refused(code, sentence or meaning, hint)}
    headers = {name: {"$ref": f"#/components/headers/{place}"} for name, place in names.items()}
    return {"description": meaning, "headers": headers, "content": {"application/json": content}}


def _envelope(data: dict[str, Any], meta: dict[str, Any], *, success: bool) -> dict[str, Any]:
    error = {"type": "null"} if success else {"type": "string", "description": "One sentence a person can act on."}
    properties = {"success": {"const": success}, "data": data, "error": error, "meta": meta}
    return {"type": "object", "required": list(properties), "properties": properties}
