"""Every example in the document is asked of a real Slate with the demo in it, and answered as the document says."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from scripts import freeze_openapi
from tests.api import asking, world
from tests.api.conftest import Program
from tests.house.test_record_keys import RECORD
from webapp import create_app
from webapp.config import load
from webapp.extensions import db
from webapp.models import Base
from webapp.services import tasks, upkeep
from webapp.views.api import openapi
from webapp.views.api.document import examples


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    settings = load({"SLATE_DATA": str(folder / "instance"), "WRITING_PACE": "0", "API_REQUESTS_PER_MINUTE": "100000"})
    app = create_app(settings)
    app.testing = True
    upkeep.migrate(app)
    with app.app_context():
        yield world.make(app, folder / "kept.db")
        db.session.remove()
        db.engine.dispose()
        tasks.forget(settings.workflows_path)


@pytest.fixture(scope="module")
def document(prepared):
    return openapi.written(prepared.app).tree


def test_every_example_is_answered_as_the_document_says(prepared, document):
    found = asking.cases(document)
    named, shapes, odd = asking.by_name(found), asking.Shapes(document), []
    for case in found:
        response = asking.ask(prepared, named, case)
        wrong = [] if response.status_code < 300 or case.name in asking.NOT_YET else [response.get_data(as_text=True)]
        if response.is_json and "success" in response.json:
            wrong += shapes.errors(case, response.status_code, response.json)
        odd += [f"{case.method} {case.path} {response.status_code}: {each}" for each in wrong]
    assert not odd, "\n" + "\n".join(odd)


def test_no_example_changes_an_archived_job(prepared, document):
    """Every example that works on a job in use (the test above) is refused for an archived one, and writes nothing."""

    def rows():
        db.session.rollback()
        tables = [Base.metadata.tables[name] for name in sorted(RECORD)]
        return {table.name: sorted(map(repr, db.session.execute(select(table)).all())) for table in tables}

    prepared.go_back()
    archive = next(case for case in asking.cases(document) if case.name == "jobs.delete")
    assert archive.ask(prepared).json["data"]["archived"] is True
    before, odd, asked = rows(), [], 0
    for case in asking.cases(document):
        if case.method == "GET" or "{jobId}" not in case.path or case.name in ("jobs.delete", "jobs.restore"):
            continue
        asked += 1
        status = case.ask(prepared).status_code
        changed = [name for name, now in rows().items() if now != before[name]]
        if status < 400 or changed:
            odd.append(f"{case.method} {case.path} {status}: {changed}")
    prepared.go_back()
    assert not odd, "\n" + "\n".join(odd)
    assert asked >= 30


def test_every_answer_in_the_document_is_one_that_was_given(document):
    """Each 2xx JSON answer has an example, caught by scripts/freeze_openapi.py, that fits its schema."""
    shapes, odd = asking.Shapes(document), []
    for case in asking.cases(document):
        for status, told in document["paths"][case.path][case.method.lower()]["responses"].items():
            content = told.get("content", {}).get("application/json")
            if not status.startswith("2") or not content or not content["schema"]:
                continue
            if "example" not in content:
                odd.append(f"{case.method} {case.path} {status}: no example")
            else:
                wrong = shapes.errors(case, int(status), content["example"])
                odd += [f"{case.method} {case.path} {status}: {each}" for each in wrong]
    assert not odd, "Run .venv/bin/python -m scripts.freeze_openapi:\n" + "\n".join(dict.fromkeys(odd))


def test_asking_again_writes_the_same_examples(prepared):
    """Nothing random, no ids and no times: the diff of a change shows that change."""
    caught, _ = freeze_openapi.catch(prepared)
    again = {name: (said, examples.caught()[name]) for name, said in caught.items() if said != examples.caught()[name]}
    assert not again, "Run .venv/bin/python -m scripts.freeze_openapi and review what differs."
    assert set(caught) == set(examples.caught())


def test_examples_belong_to_operations(document):
    names = {told["operationId"] for operations in document["paths"].values() for told in operations.values()}
    assert set(examples.caught()) <= names


def test_links_lead_to_what_was_made_and_to_the_first_of_a_list(prepared, document):
    """The first link of an answer shows the thing, and so does its Location."""
    found = asking.cases(document)
    named, followed, odd = asking.by_name(found), set(), []
    program = Program(prepared.app, prepared.key)
    for case in found:
        responses = document["paths"][case.path][case.method.lower()]["responses"]
        if case.name in followed or not any("links" in each for each in responses.values()):
            continue
        response = asking.ask(prepared, named, case)
        links = responses[str(response.status_code)].get("links")
        if links is None:
            continue
        operation, link = next(iter(links.items()))
        place = led(link, response.json, prepared.places | asking.ELSEWHERE.get(case.name, {}))
        path = next(each.path for each in found if each.name == operation)
        address = prepared.address(path, place)
        shown = program.get(address)
        named_too = program.get(response.headers.get("Location", address))
        if shown.status_code != 200 or named_too.json["data"] != shown.json["data"]:
            odd.append(f"{case.name}: {response.headers.get('Location')} {address} {shown.status_code}")
        followed.add(case.name)
    assert not odd, "\n".join(odd)
    assert {
        "clients.create",
        "assets.create",
        "jobs.create",
        "comments.add",
        "scenes.index",
        "versions.send",
    } <= followed


def led(link, answer, asked):
    """Return what a link puts into the address it leads to: ids of the answer, or of the request's own address."""
    found = {}
    for name, where in link["parameters"].items():
        source, _, pointer = where.partition("#/")
        value = answer if pointer else asked[source.rpartition(".")[2]]
        for part in pointer.split("/") if pointer else ():
            value = value[int(part) if part.isdigit() else part]
        found[name.removeprefix("path.")] = str(value)
    return found


def test_a_field_that_is_not_documented_is_noticed(document):
    """The control: an answer with one field more, and one with a field less, do not fit."""
    (case,) = [each for each in asking.cases(document) if each.name == "clients.show"]
    shapes, fine = asking.Shapes(document), examples.answered("clients.show", 200)
    assert not shapes.errors(case, 200, fine)
    assert shapes.errors(case, 200, fine | {"data": fine["data"] | {"secret": 1}})
    assert shapes.errors(case, 200, fine | {"data": {**fine["data"], "name": None}})
    assert shapes.errors(case, 299, fine)
