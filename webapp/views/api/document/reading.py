"""The document as pages show it: groups of operations, each with its parameters, body, examples and answers."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from webapp.views.api.document import fields
from webapp.views.api.document.fields import Field

METHODS = ("get", "post", "put", "patch", "delete")
MESSAGES = "webhooks"
"""The group of what Slate itself sends."""


class Example(NamedTuple):
    """A body, as it is sent or answered."""

    kind: str
    text: str


class Answer(NamedTuple):
    """What comes back with a status."""

    status: str
    meaning: str
    headers: list[str]
    kind: str
    rows: list[Field]
    example: str


class Operation(NamedTuple):
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[tuple[str, Field]]
    """Where it stands (path, query, header) and what it is."""
    bodies: list[tuple[str, list[Field]]]
    """Media type and fields."""
    examples: list[Example]
    answers: list[Answer]
    refusals: list[Answer]
    is_public: bool


class Group(NamedTuple):
    """Operations that belong together."""

    name: str
    title: str
    words: str
    operations: list[Operation]


def groups(tree: dict[str, Any]) -> list[Group]:
    """Return the document's operations by group, and what Slate sends to webhooks as the last one."""
    found = [
        Group(tag["name"], _title(tag["name"]), tag["description"], _of(tree, tag["name"])) for tag in tree["tags"]
    ]
    sent = [_operation(tree, kind, "post", told["post"]) for kind, told in tree["webhooks"].items()]
    return [*found, Group(MESSAGES, "Webhooks", "Messages that Slate sends to your addresses, signed.", sent)]


def _title(tag: str) -> str:
    return {"v3-webhooks": "Webhook addresses"}.get(tag, tag.removeprefix("v3-").capitalize())


def _of(tree: dict[str, Any], tag: str) -> list[Operation]:
    return [
        _operation(tree, path, method, told[method])
        for path, told in tree["paths"].items()
        for method in METHODS
        if method in told and tag in told[method]["tags"]
    ]


def _operation(tree: dict[str, Any], path: str, method: str, told: dict[str, Any]) -> Operation:
    components = tree["components"]["schemas"]
    content = told.get("requestBody", {}).get("content", {})
    answers = [_answer(tree, status, answer) for status, answer in told["responses"].items()]
    return Operation(
        anchor=told["operationId"].replace(".", "-").replace("_", "-"),
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=told.get("description", ""),
        parameters=[(each["in"], _parameter(each, components)) for each in told.get("parameters", ())],
        bodies=[(kind, fields.rows(each["schema"], components)) for kind, each in content.items()],
        examples=[
            Example(kind, _text(example["value"]))
            for kind, each in content.items()
            for example in each.get("examples", {}).values()
        ],
        answers=[each for each in answers if each.status[0] in "23"],
        refusals=[each for each in answers if each.status[0] not in "23"],
        is_public=told.get("security") == [],
    )


def _parameter(told: dict[str, Any], components: dict[str, Any]) -> Field:
    schema = told["schema"]
    kind, limits = fields.kind_of(schema, components), fields.limits_of(schema, components)
    return Field(told["name"], kind, told["required"], limits, told.get("description", ""))


def _answer(tree: dict[str, Any], status: str, told: dict[str, Any]) -> Answer:
    if "$ref" in told:
        told = tree["components"]["responses"][told["$ref"].rpartition("/")[2]]
    contents: dict[str, dict[str, Any]] = told.get("content", {})
    kind = next(iter(contents), "")
    content = contents.get(kind, {})
    data = content.get("schema", {}).get("properties", {}).get("data", {})
    example = _text(content["example"]) if "example" in content else ""
    rows = fields.rows(data, tree["components"]["schemas"])
    return Answer(status, told["description"], list(told.get("headers", ())), kind, rows, example)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
