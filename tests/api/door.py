"""The API behind HTTP for programs that make requests up, and which of their findings are right and no faults."""

from __future__ import annotations

import itertools
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.serving import make_server

from tests.api import world
from webapp import create_app
from webapp.config import load
from webapp.extensions import db
from webapp.services import tasks, upkeep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHADOWED = {
    f"/api/v3/{address}"
    for address in ("assets/from-url", "assets/from-urls", "jobs/dry-run", "jobs/{jobId}/scenes/order")
}
"""Addresses that a neighbour's {id} fits as well, so that OPTIONS names the neighbour's methods, too."""
RULES = re.compile(
    "does not exist|does not belong|is not one of|has no such|no such|not on the board|which is the most"
    "|link|web address|hex colour|e-mail address looks|no voice for|whole number from|at most|Write "  # forms of texts
    "|Give either|Pick one|Please|Say |mention|Choose|Name |Pick a moment|scenes"
    "|Tick (at least|them again)|was said twice|stays with its|kind of file|From 6 to",  # what fits together
    re.IGNORECASE,
)
"""Sentences of rules that no schema can say: ids that have to exist, links, addresses, colours, what fits together."""


class Door:
    """The app behind HTTP, with what a lonely test cannot give it.

    Nobody works in the background, so nothing is waited for. Keys for repetition are left out unless they are too long:
    made-up requests would share them. Each caller has an address of its own: wrong keys of one address are slowed down.
    Where it heals, whatever a DELETE took is there again for the next request.
    """

    def __init__(self, made: world.World, *, heals: bool) -> None:
        self.made = made
        self.heals = heals
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
        if self.heals and environ["REQUEST_METHOD"] == "DELETE" and status < "3":
            with self.made.app.app_context():
                self.made.go_back()
        return found


@contextmanager
def opened(folder: Path, *, heals: bool) -> Iterator[tuple[Door, str]]:
    """Serve a Slate with the demo in it on loopback and give its door and address.

    schemathesis' own way into a WSGI app drops requests of its checks.
    """
    loaded = load({"SLATE_DATA": str(folder / "instance"), "WRITING_PACE": "0", "API_REQUESTS_PER_MINUTE": "1000000"})
    app = create_app(loaded)
    upkeep.migrate(app)
    with app.app_context():
        door = Door(world.make(app, folder / "kept.db"), heals=heals)
        server = make_server("127.0.0.1", 0, door, threaded=False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield door, f"http://127.0.0.1:{server.port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            db.session.remove()
            db.engine.dispose()
            tasks.forget(loaded.workflows_path)


def is_right(check: str, case: Any, response: Any) -> bool:
    """Say whether what a check of schemathesis found is as it should be, and beyond its knowledge."""
    if check == "ignored_auth":  # wrong keys that come fast are slowed down, which lets nobody in either
        return response is not None and response.status_code == 429
    if check == "allow_header_conformance":
        return case.path in SHADOWED
    if check == "positive_data_acceptance" and response is not None and response.status_code == 422:
        refused = response.json()
        return all(RULES.search(why) for why in refused["meta"].get("fields", {"": refused["error"]}).values())
    return False


def shown(case: Any, response: Any) -> str:
    """Tell a request and its answer."""
    said = "" if response is None else f"{response.status_code} {response.content[:600]!r}"
    return f"{case.path_parameters} {case.query} {case.headers} {str(case.body)[:600]} → {said}"
