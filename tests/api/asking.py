"""Every example of the document as a request: who asks what, what has to be done before, and what may be answered."""

from __future__ import annotations

import io
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from PIL import Image

from tests.api.working import at_work
from tests.api.world import numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.api.world import World

FORM = "multipart/form-data"
JSON = "application/json"
FIRST: dict[str, tuple[str, ...]] = {
    "comments.reopen": ("comments.close",),
    "fit.redo": ("scenes.duplicate", "fit.undo"),
    "fit.undo": ("scenes.duplicate",),
    "jobs.restore": ("jobs.delete",),
    "scenes.restore": ("scenes.delete",),
    "scenes.stop": ("scenes.regenerate",),
}
"""Operation → the operations whose examples are asked before it, so that there is something to do."""
OWN = {"commentId": numbered("Comment", 4)}
"""What only its author may change."""
ELSEWHERE = {
    "assets.delete": {"assetId": numbered("Asset", 4)},
    "assets.retry": {"assetId": numbered("Asset", 6)},
    "clients.delete": {"clientId": numbered("Client", 1)},
    "comments.delete": OWN,
    "comments.edit": OWN,
}
"""Operation → what stands in its address, where the first will not do: decided on, somebody else's, fine."""
NOT_YET = {"video.show"}
"""There is no film of a storyboard that is not approved: tests/api/v3 render one."""
WAITS = {("jobs.create", JSON), ("scenes.create", JSON), ("scenes.regenerate", JSON), ("assets.create", FORM)}
"""Examples that are asked once more without `Prefer: respond-async`, with somebody at work; links lead nowhere here."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request that an example of the document stands for."""

    name: str
    """The operation."""
    method: str
    path: str
    kind: str = ""
    """The media type of its body; empty without one."""
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    waits: bool = False

    def ask(self, world: World) -> TestResponse:
        """Ask it with an admin's key."""
        headers = self.headers | {"Authorization": f"Bearer {world.key}"}
        options: dict[str, Any] = {}
        if self.kind == FORM:
            options["data"] = {name: filled(value) for name, value in self.body.items()}
        elif self.kind:
            options["json"] = self.body
        program = world.app.test_client(use_cookies=False)
        address = world.address(self.path, ELSEWHERE.get(self.name, {}))
        with at_work(world.app) if self.waits else nullcontext():
            return program.open(address, method=self.method, headers=headers, buffered=True, **options)


def cases(document: dict[str, Any]) -> list[Case]:
    """Return every example of every operation, one without body where that may be left out."""
    return [
        case
        for path, operations in document["paths"].items()
        for method, told in operations.items()
        for case in _cases(method.upper(), path, told)
    ]


def _cases(method: str, path: str, told: dict[str, Any]) -> Iterator[Case]:
    name, wanted = told["operationId"], told.get("requestBody")
    headers = {}
    if any(each["name"] == "Prefer" for each in told.get("parameters", ())):
        headers["Prefer"] = "respond-async"  # nobody works in the background here
    for kind, content in (wanted or {"content": {}})["content"].items():
        for example in content.get("examples", {}).values():
            yield Case(name, method, path, kind, example["value"], headers)
            if (name, kind) in WAITS:
                yield Case(name, method, path, kind, example["value"], waits=True)
    if not wanted or not wanted["required"]:
        yield Case(name, method, path, headers=headers)


def ask(world: World, everything: dict[str, list[Case]], case: Case) -> TestResponse:
    """Go back to the beginning, do what has to be done before, and ask."""
    world.go_back()
    for name in FIRST.get(case.name, ()):
        before = everything[name][0].ask(world)
        assert before.status_code < 300, (name, before.get_data(as_text=True))
    return case.ask(world)


def by_name(found: list[Case]) -> dict[str, list[Case]]:
    """Return the cases of each operation."""
    named: dict[str, list[Case]] = {}
    for case in found:
        named.setdefault(case.name, []).append(case)
    return named


def filled(value: Any) -> Any:
    """Return a form's field as it is sent; “(a file)” stands for one."""
    return (io.BytesIO(picture()), "bottle.png") if value == "(a file)" else value


def picture() -> bytes:
    """Return a small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#1f7a63").save(out, "PNG")
    return out.getvalue()


class Shapes:
    """Check answers against the document: with nothing in them that it does not name."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = closed(document)

    def errors(self, case: Case, status: int, answer: Any) -> list[str]:
        """Say what an answer has that the document does not, and the other way round."""
        told = self.document["paths"][case.path][case.method.lower()]["responses"].get(str(status))
        if told is None:
            return [f"{status} is not documented"]
        content = told.get("content", {}).get("application/json")
        if content is None:
            return []
        schema = content["schema"] | {"components": self.document["components"]}
        validator = jsonschema_rs.validator_for(schema, validate_formats=True)
        return [
            f"{'/'.join(map(str, each.instance_path))}: {each.message}"[:300] for each in validator.iter_errors(answer)
        ]


def closed(schema: Any) -> Any:
    """Return a document whose objects hold what is named and nothing else."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made
