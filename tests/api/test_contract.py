"""Every route of the API keeps the same promises, whatever is added: documented, checked, answered in the envelope.

The routes are read from the app itself. A route that forgets `@operation`, a status or a description fails here.
"""

from __future__ import annotations

import re

import pytest
from flask import Blueprint
from werkzeug.routing.converters import NumberConverter

from webapp import create_app
from webapp.views.api import openapi
from webapp.views.api.document import routes, words
from webapp.views.api.document.routes import METHODS, path_of
from webapp.views.api.spec import operation

WITHOUT_ENVELOPE = {"api_document.show"}
"""The document itself is plain OpenAPI."""
UNKNOWN = "ffffffff-ffff-4fff-8fff-ffffffffffff"


def undocumented(app):
    """List every route under /api/v3 that has no operation or does not stand in the document."""
    paths = openapi.write(app)["paths"]
    odd = []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api"):
            continue
        for method in rule.methods & set(METHODS):
            view = app.view_functions[rule.endpoint]
            told = paths.get(path_of(rule), {}).get(method.lower())
            if not hasattr(view, "operation") or told is None:
                odd.append(f"{method} {rule.rule}")
    return odd


def address(route):
    """Return an address of a route that leads to nothing: its ids are not known."""
    numbers = [name for name, each in route.rule._converters.items() if isinstance(each, NumberConverter)]
    return re.sub(r"\{([^}]+)\}", lambda part: "999" if part[1] in numbers else UNKNOWN, route.path)


def is_enveloped(response, *, success):
    body = response.json
    meta = body["meta"]
    assert set(body) == {"success", "data", "error", "meta"}, body
    assert body["success"] is success
    assert meta["version"] == "v3"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", meta["timestamp"])
    assert meta["requestId"] == response.headers["X-Request-Id"]
    if success:
        assert body["error"] is None
    else:
        assert body["data"] is None
        assert body["error"]
        assert re.fullmatch(r"[a-z_]+", meta["code"])
    return True


def test_every_route_is_documented(app):
    assert not undocumented(app)


def test_a_route_that_forgets_it_is_noticed(settings):
    """The control: two throwaway routes, one bare and one that says what it does."""
    made = create_app(settings)
    forgetful = Blueprint("api_forgetful", __name__, url_prefix="/api/v3/forgetful")

    @forgetful.get("")
    def bare():
        """Forget everything."""

    @forgetful.post("")
    @operation("v3-jobs", answers={200: None})
    def told():
        """Tell what it does."""

    made.register_blueprint(forgetful)
    assert undocumented(made) == ["GET /api/v3/forgetful"]


def test_what_is_said_of_a_route_is_whole(app):
    """A summary, a known tag, an answer, and words for every id in its address, field of a query and header."""
    document, names = openapi.write(app), set()
    odd = []
    for route in routes.found(app):
        told = document["paths"][route.path][route.method.lower()]
        names.add(told["operationId"])
        wrong = {
            "no summary": not told["summary"],
            "a summary of more than a line": len(told["summary"]) > 100,
            "an unknown tag": told["tags"][0] not in words.TAGS,
            "no answer": not any(code.startswith(("2", "3")) for code in told["responses"]),
            "a nameless parameter": not all(each["description"] for each in told.get("parameters", ())),
            "no examples": any(
                kind == "application/json" and not content.get("examples")
                for kind, content in told.get("requestBody", {"content": {}})["content"].items()
            ),
        }
        odd += [f"{route.method} {route.path}: {name}" for name, is_so in wrong.items() if is_so]
    assert not odd
    assert len(names) == len(routes.found(app))


def test_every_schema_has_a_plain_name(app):
    """Two types of the same name would get their module's names in front."""
    odd = [name for name in openapi.write(app)["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z]+", name)]
    assert not odd


def test_every_reference_leads_somewhere(app):
    document = openapi.write(app)
    for place in set(re.findall(r"'#/([^']+)'", repr(document))):
        found = document
        for part in place.split("/"):
            found = found[part]


def test_without_a_key_every_route_refuses_in_the_envelope(app, api):
    stranger = api(None)
    for route in routes.found(app):
        response = stranger.open(route.method, address(route))
        if route.endpoint in WITHOUT_ENVELOPE:
            assert response.status_code == 200
            continue
        assert response.status_code == 401, route
        assert is_enveloped(response, success=False)


def test_wrong_methods_are_refused_in_the_envelope(app, api, ada):
    program = api(ada)
    for path in {address(route) for route in routes.found(app)}:
        allowed = set(app.url_map.bind("localhost").allowed_methods(path))
        for method in set(METHODS) - allowed:
            response = program.open(method, path)
            assert response.status_code == 405, (method, path)
            assert is_enveloped(response, success=False)
            assert set(response.headers["Allow"].replace(" ", "").split(",")) == allowed


@pytest.mark.parametrize("path", ["/api/", "/api/v3", "/api/v3/", "/api/v3/nothing", "/api/v2/clients"])
def test_unknown_addresses_answer_in_the_envelope(api, ada, path):
    for who in (ada, None):
        response = api(who).get(path)
        assert response.status_code in (401, 404)
        assert is_enveloped(response, success=False)


def test_programs_are_not_sent_to_buttons(api, ada):
    assert "/docs" in api(ada).get("/nothing").json["error"]
    assert "Allow" in api(ada).open("PATCH", "/api/v3/clients").json["error"]


def test_choices_are_named_to_those_who_do_not_see_them(api, ada):
    said = api(ada).get("/campaigns?status=live").json["meta"]["fields"]["status"]
    assert said == "Must be draft, active or archived."
    said = api(ada).post("/campaigns", json={"clientId": "x", "name": "C", "status": "live"}).json["meta"]["fields"]
    assert said["status"] == "Must be draft, active or archived."


def test_what_a_route_answers_about_nothing_is_declared(app, api, ada):
    """Unknown ids, an empty body: whatever comes back is one of the statuses the document names."""
    program = api(ada)
    document = openapi.write(app)
    for route in routes.found(app):
        response = program.open(route.method, address(route), json={} if route.operation.body else None)
        told = document["paths"][route.path][route.method.lower()]["responses"]
        assert str(response.status_code) in told, (route, response.status_code, response.get_data())
        if route.endpoint not in WITHOUT_ENVELOPE and response.is_json:
            assert is_enveloped(response, success=response.status_code < 400)
        if "{" in route.path:
            assert response.status_code in (404, 422), (route, response.get_data())


def test_null_says_nothing_in_what_makes_something(app):
    """Old clients write null for what they do not say: wherever a POST lets a field be left out, it may be null."""
    tree = openapi.write(app)
    schemas = tree["components"]["schemas"]
    never = {f"{name}.{field}" for name in made(tree) for field in refuses_null(schemas[name])}
    assert not never
    changed = schemas["WebhookChangeBody"]  # the control: in a change, null clears, and not everything can be empty
    assert "isActive" in refuses_null(changed)


def made(tree):
    """Name the schemas of all JSON bodies of POSTs, with those of the objects in them."""
    found, schemas = set(), tree["components"]["schemas"]
    open_ones = [each["post"]["requestBody"]["content"]["application/json"] for each in tree["paths"].values()
                 if "application/json" in each.get("post", {}).get("requestBody", {}).get("content", {})]  # fmt: skip
    while open_ones:
        for name in re.findall(r"#/components/schemas/(\w+)", str(open_ones.pop())):
            if name not in found:
                found.add(name)
                open_ones.append(schemas[name])
    return found


def refuses_null(schema):
    """Name the fields that may be left out but not be null."""
    fields = schema.get("properties", {})
    return {
        name
        for name, field in fields.items()
        if name not in schema.get("required", ()) and {"type": "null"} not in field.get("anyOf", ())
    }
