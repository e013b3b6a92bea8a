"""The operations of the document, by address and method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing.converters import NumberConverter

from webapp.views.api.document import answers, words
from webapp.views.api.document.links import Links
from webapp.views.api.v3.resources.base import outside

if TYPE_CHECKING:
    from webapp.views.api.document.routes import Route
    from webapp.views.api.document.schemas import Schemas

FORM = "multipart/form-data"


def write(routes: list[Route], schemas: Schemas) -> dict[str, Any]:
    """Return address → method → operation."""
    paths: dict[str, Any] = {}
    links = Links(routes)
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas, links)
    return paths


def _operation(route: Route, schemas: Schemas, links: Links) -> dict[str, Any]:
    operation = route.operation
    described: dict[str, Any] = {"operationId": route.name, "tags": [operation.tag], "summary": operation.summary}
    if operation.description:
        described["description"] = operation.description
    if parameters := [*_places(route), *_query(route, schemas), *_headers(route)]:
        described["parameters"] = parameters
    if operation.body or operation.form:
        described["requestBody"] = _body(route, schemas)
    described["responses"] = answers.write(route, schemas, links)
    if route.is_public:
        described["security"] = []
    return described


def _places(route: Route) -> list[dict[str, Any]]:
    found = []
    for name, converter in route.rule._converters.items():  # noqa: SLF001 - werkzeug tells it nowhere else
        place = outside(name)
        schema = {"type": "integer", "minimum": 1} if isinstance(converter, NumberConverter) else {"type": "string"}
        described = {"name": place, "in": "path", "required": True, "description": words.PLACES.get(place, "")}
        found.append(described | {"schema": schema})
    return found


def _query(route: Route, schemas: Schemas) -> list[dict[str, Any]]:
    if route.operation.query is None:
        return []
    fields, required = schemas.fields(route.operation.query)
    found = []
    for name, schema in fields.items():
        described = {"name": name, "in": "query", "required": name in required}
        found.append(described | {"description": schema.get("description", ""), "schema": _sayable(schema)})
    return found


def _sayable(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave null out of a field of a query or a form: nothing is said by leaving the field out."""
    rest = {key: value for key, value in schema.items() if key != "description" and (key, value) != ("default", None)}
    kinds = [each for each in rest.pop("anyOf", ()) if each != {"type": "null"}]
    return rest | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {})


def _words(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": schema["description"]} if "description" in schema else {}


def _headers(route: Route) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "header", "required": False, "description": text, "schema": {"type": "string"}}
        for name, text in route.operation.headers.items()
    ]
    if route.method == "POST":
        schema = {"type": "string", "maxLength": words.LONGEST_IDEMPOTENCY_KEY}
        key = {"name": "Idempotency-Key", "in": "header", "required": False, "description": words.IDEMPOTENCY_KEY}
        found.append(key | {"schema": schema})
    return found


def _body(route: Route, schemas: Schemas) -> dict[str, Any]:
    operation, content = route.operation, {}
    if operation.body:
        content["application/json"] = {"schema": schemas.of(operation.body)} | _examples(operation.body)
    if operation.form:
        content[FORM] = {"schema": _form(operation.form, operation.file_field, schemas)}
    return {"required": not operation.body_is_optional, "content": content}


def _examples(model: Any) -> dict[str, Any]:
    extra = model.model_config.get("json_schema_extra") or {}
    found = extra.get("examples", ()) if isinstance(extra, dict) else ()
    return {"examples": {str(number): {"value": each} for number, each in enumerate(found, 1)}} if found else {}


def _form(model: Any, file_field: str, schemas: Schemas) -> dict[str, Any]:
    """Return the fields of a form, the file beside them."""
    fields, required = schemas.fields(model)
    file = {file_field: {"type": "string", "format": "binary"}} if file_field else {}
    wanted = [*file, *sorted(required)]
    said = {name: _sayable(field) | _words(field) for name, field in fields.items()}
    shape = {"type": "object", "properties": file | said, "additionalProperties": False}
    return shape | ({"required": wanted} if wanted else {})
