"""The schemas of bodies, queries and answers, as pydantic knows them, under one roof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from webapp.schemas.messages import About, TestAbout
from webapp.views.api import envelope
from webapp.views.api.spec import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.views.api.document.routes import Route

PLACE = "#/components/schemas/"
METAS = (envelope.Meta, envelope.ListMeta, envelope.ErrorMeta)


class _Plain(GenerateJsonSchema):
    """Leave out what only repeats a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's own signature
        return False


class Schemas:
    """Every schema the document needs, each type once."""

    def __init__(self, routes: list[Route]) -> None:
        heard, said = list(_heard(routes)), list(_said(routes))
        inputs: list[tuple[str, Any, TypeAdapter[Any]]] = []
        inputs += [(_name(each), "validation", TypeAdapter(each)) for each in dict.fromkeys(heard)]
        inputs += [(_name(each), "serialization", TypeAdapter(each)) for each in _unique(said)]
        found, shared = TypeAdapter.json_schemas(
            inputs, by_alias=True, ref_template=PLACE + "{model}", schema_generator=_Plain
        )
        self._found = {key[0]: value for key, value in found.items()}
        self._shared: dict[str, Any] = shared.get("$defs", {})
        self._queries = {each.__name__ for route in routes if (each := route.operation.query)}

    def of(self, kind: Any) -> dict[str, Any]:
        """Return the schema of a type, mostly a reference to a component."""
        return self._found[_name(kind)]

    def fields(self, model: Any) -> tuple[dict[str, Any], set[str]]:
        """Return the fields of a model by name, and which of them have to be there."""
        schema = self.of(model)
        schema = self._shared[schema["$ref"].removeprefix(PLACE)] if "$ref" in schema else schema
        return schema.get("properties", {}), set(schema.get("required", ()))

    def components(self) -> dict[str, Any]:
        """Return what is referred to, by name; queries are told field by field instead."""
        shown = {name: schema for name, schema in self._shared.items() if name not in self._queries}
        return {name: _tidied(shown[name]) for name in sorted(shown)}


def _heard(routes: list[Route]) -> Iterator[Any]:
    for route in routes:
        yield from filter(None, (route.operation.query, route.operation.body, route.operation.form))


def _said(routes: list[Route]) -> Iterator[Any]:
    yield from METAS
    yield from (About, TestAbout)
    for route in routes:
        yield from (each for each in route.operation.answers.values() if each not in (None, FILE))


def _name(kind: Any) -> str:
    return kind.__qualname__ if isinstance(kind, type) and not hasattr(kind, "__args__") else repr(kind)


def _unique(kinds: list[Any]) -> list[Any]:
    return list({_name(each): each for each in kinds}.values())


def _tidied(schema: Any) -> Any:
    """Leave out `default: null`: in a body, null clears a field and leaving it out does not."""
    if isinstance(schema, list):
        return [_tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value if name in ("examples", "const", "enum") else _tidied(value)
        for name, value in schema.items()
        if not (name == "default" and value is None)
    }
