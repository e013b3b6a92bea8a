"""What the JSON API costs: CPU of single requests with and without a key, and how it answers while jobs are created."""

from __future__ import annotations

import http.client
import json
import threading
import time
from typing import TYPE_CHECKING

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.running import p99
from tests import factories
from webapp.extensions import db
from webapp.models import Client, Job, JobStatus
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.schemas.clients import ClientChange
from webapp.services import api_keys, clients

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.running import Slate
    from bench.standins import StandIn
    from bench.table import Table

REQUESTS = 500
"""Requests per measurement of CPU."""
BODY = {
    "adBasics": {
        "product": "Fjell Cold Brew",
        "targetAudience": "Commuters",
        "keyMessage": "Ready before you are",
        "callToAction": "Order at fjell.example",
    },
    "creative": {"direction": {"style": "Documentary"}},
    "advanced": {"numScenes": 5},
}


def measure_api(table: Table, slate: Slate, stand_in: StandIn) -> None:
    """Time single requests, then the list of clients beside four jobs that are being created."""
    _, key = api_keys.create(slate.ada, ApiKeyDraft(name="bench"))
    with_key = {"Authorization": f"Bearer {key}"}
    session = {"Cookie": f"slate_session={slate.token}"}
    slate.app.extensions["api_rates"].limit = 10**9  # what is measured here is not how often one may ask
    hundred = _library()
    job = factories.job(slate.client, "Seven scenes", duration_ms=21_000)
    for number in range(1, 8):
        factories.scene(job, number, script="Ready in one twist, cold and clear, before you are.")
    for what, path, goal in (
        ("GET /clients, 100 of them", "/api/v3/clients", 1.2),
        ("GET /jobs/{id} with 7 scenes", f"/api/v3/jobs/{job.id}", 0.6),
    ):
        own = _cpu(slate, path, with_key)
        table.add(f"{what}, CPU in the app", own, "ms", at_most=goal)
        table.add("… with a key against with a signed-in browser", own / _cpu(slate, path, session), "×", at_most=1.15)
    touched = db.session.get_one(Client, hundred[50])
    again = _cpu(slate, "/api/v3/clients", with_key, lambda n: clients.change(touched, ClientChange(tone=f"Tone {n}")))
    table.add("GET /clients, 100 of them, right after one was changed", again, "ms")
    _measure_busy(table, slate, stand_in, with_key)


def _library() -> list[str]:
    """Make clients until there are a hundred, with brand guidelines as people write them."""
    there = clients.count(None)  # type: ignore[arg-type]  # everybody sees all of them so far
    facts = {"fonts": ["Inter", "Lora"], "tone": "Warm, dry", "restrictions": ["cheap", "best"], "examples": ["Ready."]}
    made = [factories.client(f"Client {number}", description="Coffee. " * 10, **facts) for number in range(100 - there)]
    return [each.id for each in made]


def _cpu(slate: Slate, path: str, headers: dict[str, str], before: Callable[[int], object] | None = None) -> float:
    """Return the CPU milliseconds that the app needs to answer, this process's own, without the web server's."""
    spent, environ = 0.0, EnvironBuilder(path, headers=headers).get_environ()
    for number in range(-20, REQUESTS):
        if before:
            before(number)
        began = time.process_time()
        body, status, _ = run_wsgi_app(slate.app.wsgi_app, dict(environ))
        b"".join(body)
        if number >= 0:
            spent += time.process_time() - began
        if not status.startswith("200"):
            raise RuntimeError(f"{path} answered {status}")
    return spent / REQUESTS * 1000


def _measure_busy(table: Table, slate: Slate, stand_in: StandIn, headers: dict[str, str]) -> None:
    """Compare GET /clients while four POST /jobs wait for their scenes with the same when nothing happens."""
    idle = p99(slate.times(200, "GET", "/api/v3/clients", **headers))
    stand_in.tokens_per_second = 50
    answers: list[int] = []
    body = json.dumps(BODY | {"context": {"clientId": slate.client.id}})  # threads have no app context to read it in
    asking = [threading.Thread(target=lambda: answers.append(_create(slate, headers, body))) for _ in range(4)]
    for each in asking:
        each.start()
    slate.until(lambda: db.session.query(Job).filter_by(status=JobStatus.STORYBOARD_PROCESSING).count() == 4)
    busy = p99(slate.times(200, "GET", "/api/v3/clients", **headers))
    for each in asking:
        each.join()
    if answers != [201] * 4:
        raise RuntimeError(f"POST /jobs answered {answers}")
    table.add("GET /clients p99 when idle", idle, "ms")
    table.add("GET /clients p99 while four jobs are created against idle", busy / idle, "×", at_most=2)


def _create(slate: Slate, headers: dict[str, str], body: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", slate.port, timeout=60)
    connection.request("POST", "/api/v3/jobs", body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
