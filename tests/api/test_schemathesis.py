"""The whole document as a contract: what it allows is taken, what it forbids is refused, and answers are as it says.

schemathesis makes requests from the document alone, the same ones each time: its examples, every limit it names, what
lies just beyond, and a few at random, with every check it has. A real Slate with the demo in it is asked over HTTP.
"""

from __future__ import annotations

import itertools
import re
import threading
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from werkzeug.serving import make_server

from tests.api import world
from webapp import create_app
from webapp.config import load
from webapp.extensions import db
from webapp.services import tasks, upkeep

EXAMPLES = 4
"""Requests made up for each operation, beside those that its limits and examples give."""
SEED = 20261122
SHADOWED = {
    f"/api/v3/{address}"
    for address in ("assets/from-url", "assets/from-urls", "jobs/dry-run", "jobs/{jobId}/scenes/order")
}
"""Addresses that a neighbour's {id} fits as well, so that OPTIONS names the neighbour's methods, too."""
RULES = re.compile(
    "does not exist|does not belong|is not one of|has no such|no such|not on the board|which is the most"
    "|link|web address|hex colour|no voice for|whole number from|at most|Write "  # forms of texts
    "|Give either|Pick one|Please|Say |mention|Choose|Name |Pick a moment|scenes"
    "|Tick at least|stays with its|kind of file",  # what fits together
    re.IGNORECASE,
)
"""Sentences of rules that no schema can say: ids that have to be there, links, colours, what fits together."""


class Door:
    """The app behind HTTP, with what a lonely test cannot give it.

    Nobody works in the background, so nothing is waited for. Keys for repetition are left out unless they are too long:
    made-up requests would share them. Each caller has an address of its own: wrong keys of one address are slowed down.
    Whatever a DELETE took is there again for the next request.
    """

    def __init__(self, made: world.World) -> None:
        self.made = made
        self.callers = itertools.count(1)
        self.answers: dict[str, int] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        number = next(self.callers)
        environ["REMOTE_ADDR"] = f"10.{number & 255}.{number >> 8 & 255}.1"
        environ["HTTP_PREFER"] = "respond-async"
        if len(environ.get("HTTP_IDEMPOTENCY_KEY", "")) <= 200:
            environ.pop("HTTP_IDEMPOTENCY_KEY", None)
        status = ""

        def begin(line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status
            status = line
            return start(line, headers, exc_info)

        found = list(self.made.app.wsgi_app(environ, begin))
        self.answers[status[:3]] = self.answers.get(status[:3], 0) + 1
        if environ["REQUEST_METHOD"] == "DELETE" and status < "3":
            with self.made.app.app_context():
                self.made.go_back()
        return found


@pytest.fixture
def door(tmp_path):
    loaded = load({"SLATE_DATA": str(tmp_path / "instance"), "WRITING_PACE": "0", "API_REQUESTS_PER_MINUTE": "1000000"})
    app = create_app(loaded)
    upkeep.migrate(app)
    with app.app_context():
        yield Door(world.make(app, tmp_path / "kept.db"))
        db.session.remove()
        db.engine.dispose()
        tasks.forget(loaded.workflows_path)


@pytest.fixture
def address(door):
    """Serve it on loopback: schemathesis' own way into a WSGI app drops requests of its checks."""
    server = make_server("127.0.0.1", 0, door, threaded=False)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.filterwarnings("default")  # schemathesis' own
def test_the_document_is_kept(door, address):
    config = SchemathesisConfig.from_dict(
        {
            "headers": {"Authorization": f"Bearer {door.made.key}"},
            "seed": SEED,
            # ids that lead somewhere; numbers are made up, as a wrong one would be put right here
            "parameters": {f"path.{name}": value for name, value in door.made.places.items() if name != "number"},
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "no-shrink": True, "database": "none"},
            # steps from one operation to the next are what test_worked_client.py and the tests of each noun walk
            "phases": {"stateful": {"enabled": False}},
        }
    )
    document = schemathesis.openapi.from_url(f"{address}/api/v3/openapi.json", config=config)
    odd = {}
    for event in from_schema(document).execute():
        assert not isinstance(event, events.FatalError), event.exception
        if isinstance(event, events.NonFatalError):
            odd[event.label] = str(event.value)
        if isinstance(event, events.ScenarioFinished):
            odd |= failures(event.recorder)
    assert not odd, "\n\n".join(f"{label}\n{text}" for label, text in odd.items())
    assert sum(door.answers.values()) > 1000, door.answers
    assert door.answers["200"] > 200, door.answers


def failures(recorder: Any) -> dict[str, str]:
    """Return what a check found at an operation, but for what is right and beyond schemathesis."""
    return {
        f"{recorder.label} {check.name}": f"{check.failure_info.failure.message}\n{shown(recorder, case_id)}"
        for case_id, checks in recorder.checks.items()
        for check in checks
        if check.failure_info and not is_right(check.name, recorder, case_id)
    }


def is_right(check: str, recorder: Any, case_id: str) -> bool:
    case, response = recorder.cases[case_id].value, recorder.interactions[case_id].response
    if check == "ignored_auth":  # wrong keys that come fast are slowed down, which lets nobody in either
        return response is not None and response.status_code == 429
    if check == "allow_header_conformance":
        return case.path in SHADOWED
    if check == "positive_data_acceptance" and response is not None and response.status_code == 422:
        refused = response.json()
        return all(RULES.search(why) for why in refused["meta"].get("fields", {"": refused["error"]}).values())
    return False


def shown(recorder: Any, case_id: str) -> str:
    case, response = recorder.cases[case_id].value, recorder.interactions[case_id].response
    said = "" if response is None else f"{response.status_code} {response.content[:600]!r}"
    return f"{case.query} {case.headers} {str(case.body)[:600]} → {said}"
