"""/api/v3/openapi.json: the document of the API, written once and then answered from memory."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from flask import Blueprint, Response, current_app, request

from webapp.views.api.document import answers, messages, paths, words
from webapp.views.api.document.routes import found
from webapp.views.api.document.schemas import Schemas
from webapp.views.api.spec import FILE, described
from webapp.views.security import public

if TYPE_CHECKING:
    from flask import Flask

blueprint = Blueprint("api_document", __name__, url_prefix="/api/v3")
TAG = "v3-document"


class Written(NamedTuple):
    """The document, as it is and as it is sent."""

    tree: dict[str, Any]
    raw: bytes
    etag: str


@blueprint.get("/openapi.json")
@public
@described(TAG, answers={200: FILE, 304: None}, media=("application/json",))
def show() -> Response:
    """Return this document.

    OpenAPI 3.1; it is the one answer without an envelope, and needs no key.
    """
    document = written(current_app)
    response = Response(document.raw, mimetype="application/json", headers={"Cache-Control": "no-cache"})
    response.set_etag(document.etag)
    response.make_conditional(request)
    return response


def written(app: Flask) -> Written:
    """Return the document of this app; what it says follows from the code, so it is written once."""
    document: Written | None = app.extensions.get("api_document")
    if document is None:
        tree = write(app)
        raw = orjson.dumps(tree)
        document = app.extensions["api_document"] = Written(tree, raw, sha256(raw).hexdigest()[:32])
    return document


def write(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of everything under /api/v3 that has an `operation`."""
    routes = found(app)
    schemas = Schemas(routes)
    used = {route.operation.tag for route in routes}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Slate", "version": "v3", "summary": words.SUMMARY, "description": words.DESCRIPTION},
        "servers": [{"url": "/", "description": "This Slate."}],
        "security": [{name: []} for name in words.SECURITY],
        "tags": [{"name": tag, "description": text} for tag, text in words.TAGS.items() if tag in used],
        "paths": paths.write(routes, schemas),
        "webhooks": messages.write(schemas),
        "components": {
            "securitySchemes": words.SECURITY,
            "schemas": schemas.components(),
            "responses": answers.refusals(schemas),
            "headers": words.HEADERS,
        },
    }
