"""Schemas as people read them: one row a field, by its path, with its kind, its limits and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 4
"""Levels of fields within fields that are shown; deeper ones are in the document itself."""
LIMITS = (
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minimum", "from {}"),
    ("maximum", "to {}"),
    ("minItems", "at least {}"),
    ("maxItems", "at most {}"),
)


class Field(NamedTuple):
    """One field."""

    path: str
    kind: str
    is_required: bool
    limits: str
    words: str


def rows(schema: dict[str, Any], components: dict[str, Any]) -> list[Field]:
    """Return the fields of a schema, those of inner objects after them, with their paths."""
    return list(_fields(schema, components, "", 0))


def kind_of(schema: dict[str, Any], components: dict[str, Any]) -> str:
    """Name the kind of a schema: text, number, list of texts, object, or null."""
    schema = _resolved(schema, components)
    if branches := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(kind_of(each, components) for each in branches))
    if "const" in schema:
        return "text"
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}), components)}"
    if kind == "string":
        return {"date-time": "time", "binary": "file"}.get(schema.get("format", ""), "text")
    return {"integer": "whole number", "boolean": "true or false"}.get(kind, kind)


def limits_of(schema: dict[str, Any], components: dict[str, Any]) -> str:
    """Say what a value has to keep to, and what is taken when it is left out."""
    schema = _one(schema, components)
    words = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    said = [", ".join(f"`{each}`" for each in words)] if words else []
    said += [_limit(text, schema[name]) for name, text in LIMITS if name in schema]
    if schema.get("default") not in (None, "", [], {}):
        said.append(f"else `{schema['default']}`" if not isinstance(schema["default"], dict) else "")
    return "; ".join(filter(None, said))


def _limit(text: str, most: float) -> str:
    return text.removesuffix("s" if most == 1 else "").format(f"{most:,}")


def _fields(schema: dict[str, Any], components: dict[str, Any], prefix: str, depth: int) -> Iterator[Field]:
    schema, prefix = _object(schema, components, prefix)
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        words = field.get("description") or _one(field, components).get("description", "")
        yield Field(prefix + name, kind_of(field, components), name in required, limits_of(field, components), words)
        if depth < DEEPEST:
            yield from _fields(field, components, f"{prefix}{name}.", depth + 1)


def _object(schema: dict[str, Any], components: dict[str, Any], prefix: str) -> tuple[dict[str, Any], str]:
    """Return what has the fields of a schema: itself, or the items of a list."""
    schema = _one(schema, components)
    if schema.get("type") == "array":
        return _object(schema.get("items", {}), components, f"{prefix.removesuffix('.')}[]." if prefix else "[].")
    return schema, prefix


def _one(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and of two branches the one that is not null."""
    schema = _resolved(schema, components)
    for branch in schema.get("anyOf", ()):
        found = _resolved(branch, components)
        if found.get("type") != "null":
            return _one(found, components) | {key: value for key, value in schema.items() if key == "default"}
    return schema


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        rest = {key: value for key, value in schema.items() if key != "$ref"}
        schema = components[schema["$ref"].rpartition("/")[2]] | rest
    return schema
