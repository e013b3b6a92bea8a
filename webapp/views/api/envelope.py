"""The envelope every JSON answer comes in, errors and unknown addresses included."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
"""Times as 2026-11-22T09:00:00Z."""


class Meta(BaseModel):
    """What is said about an answer."""

    model_config = ConfigDict(alias_generator=to_camel)

    timestamp: datetime = Field(description="When it was answered, UTC.")
    version: str = Field(description="Always v3.", examples=["v3"])
    request_id: str = Field(description="Name it when you ask whoever runs this Slate about a request.")


class ListMeta(Meta):
    """What is said about a page of a list."""

    total: int = Field(description="All rows that match, not only those of this page.")
    page: int = Field(description="Counts from 1.")
    limit: int
    offset: int


class ErrorMeta(Meta):
    """What is said about a refusal."""

    code: str = Field(description="A stable word for programs.", examples=["not_found"])
    hint: str | None = Field(None, description="What to do next, where there is something.")
    fields: dict[str, str] | None = Field(
        None,
        description="For each wrong field, by its path, a sentence.",
        examples=[{"adBasics.product": "Please fill this in."}],
    )
    current: dict[str, Any] | None = Field(
        None, description="The thing as it is now, where somebody else changed it in the meantime."
    )


def answer(data: Any, status: int = 200, *, location: str = "", **meta: Any) -> Response:
    """Answer with data: dictionaries and lists as `resources` makes them, in the envelope."""
    body = {"success": True, "data": data, "error": None, "meta": _meta() | meta}
    response = Response(orjson.dumps(body, option=OPTIONS), status, mimetype="application/json")
    if location:
        response.headers["Location"] = location
    return response


def page(rows: list[Any], total: int, *, limit: int, offset: int) -> Response:
    """Answer with one page of a list; `total` counts all rows that match."""
    return answer(rows, total=total, page=offset // limit + 1, limit=limit, offset=offset)


def refused(  # noqa: PLR0913 - a refusal has that many sides
    status: int,
    code: str,
    error: str,
    *,
    hint: str = "",
    fields: Mapping[str, str] | None = None,
    current: Any = None,
) -> Response:
    """Answer with a refusal: a sentence for people, a word for programs, a sentence for each wrong field.

    `current` is the thing as it is now, for those who wanted to change an older version of it.
    """
    meta = _meta() | {"code": code}
    if hint:
        meta["hint"] = hint
    if fields:
        meta["fields"] = dict(fields)
    if current is not None:
        meta["current"] = current
    body = {"success": False, "data": None, "error": error, "meta": meta}
    return Response(orjson.dumps(body, option=OPTIONS), status, mimetype="application/json")


def request_id() -> str:
    """Return the name of this request, which answers and logs carry."""
    return str(request.environ.setdefault("slate.request_id", uuid4().hex))


def _meta() -> dict[str, Any]:
    return {"timestamp": datetime.now(UTC), "version": "v3", "requestId": request_id()}
