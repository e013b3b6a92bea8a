"""From one operation to the next, as the document's links say: made, asked for, changed, deleted, gone.

schemathesis walks them over HTTP, the same way each time, with every check it has but the one of keys, which asks each
operation thrice more: what was made is there, and what was deleted is not. Two controls plant what it has to find.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from tests.api import asking
from tests.api.door import is_right, opened, shown
from webapp.errors import NotFound
from webapp.services import clients
from webapp.views.api import openapi

if TYPE_CHECKING:
    from tests.api.door import Door

SEEDS = range(6)
"""Walks begin at different operations with each."""
WALKS = 5
"""For each seed."""
STEPS = 25
"""The most of one walk."""
STAYS = "/api/v3/jobs/{jobId}/review-links/{linkId}"
"""What is deleted here is revoked: it lets nobody in any more and still says who came."""
BACK = re.compile("/(restore|undo|redo)$")
"""Steps that bring deleted scenes back, which schemathesis does not know of."""

DELETE_JOB = "DELETE /api/v3/jobs/{jobId}"
"""Archives a job that somebody decided on, and says so: it can still be read."""
TAKES_ITS_JOBS = "DELETE /api/v3/clients/{clientId}"


class Seen:
    """What a walk came by: links by how often they were followed, answers, and what the checks found."""

    def __init__(self) -> None:
        self.links: Counter[str] = Counter()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.odd: dict[str, str] = {}


@pytest.fixture
def opened_door(tmp_path):
    with opened(tmp_path, heals=False) as found:
        yield found


class Walker:
    """What each walk does beside following links.

    First steps ask what the document's examples ask, so that something is made that links lead from; of the others
    every second one does, and the rest are made up.
    """

    door: Door
    seen: Seen
    examples: dict[str, Any]

    def setup(self) -> None:
        self.door.made.go_back()
        self.taken = 0
        self.done: set[str] = set()
        self.archived: set[str] = set()

    def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
        return {"headers": {"Authorization": f"Bearer {self.door.made.key}"}}

    def before_call(self, case: Any) -> None:
        link, self.taken = self.recorder.cases[case.id].transition, self.taken + 1
        if link is None:
            case.query = {}
            case.path_parameters = {name: self.door.made.places[name] for name in case.path_parameters}
        else:
            self.seen.links[link.id] += 1
        if (link is None or self.taken % 2) and case.operation.label in self.examples:
            case.body, case.media_type = self.examples[case.operation.label], asking.JSON

    def validate_response(self, response: Any, case: Any, **options: Any) -> None:
        self.seen.answers[case.operation.label, response.status_code] += 1
        if response.status_code < 300:
            self.done.add(case.operation.label)
        deleted = case.operation.label == DELETE_JOB and response.status_code == 200
        if deleted and (response.json()["data"] or {}).get("archived"):
            self.archived.add(case.path_parameters["jobId"])
        try:
            super().validate_response(response, case, **options)
        except FailureGroup as found:
            for failure in found.exceptions:
                check = failure.checks[0] if failure.checks else type(failure).__name__
                archived = case.path_parameters.get("jobId") in self.archived
                explained = is_explained(check, case.path, self.done) or (check == "use_after_free" and archived)
                if not is_right(check, case, response) and not explained:
                    self.seen.odd[f"{case.operation.label} {check}"] = f"{failure.message}\n{shown(case, response)}"


def walk(door: Door, address: str, *, seeds: range, only: str = ".*") -> Seen:
    """Follow links from operations that need none, everything as it was at the beginning of each walk."""
    config = {
        "generation": {"mode": "positive", "with-security-parameters": False, "database": "none"},
        "checks": {"ignored_auth": {"enabled": False}},
        "phases": {"stateful": {"inference": {"algorithms": []}}},  # the document's own links, no guesses
    }
    document = schemathesis.openapi.from_url(
        f"{address}/api/v3/openapi.json", config=SchemathesisConfig.from_dict(config)
    )
    found = reversed(asking.cases(openapi.written(door.made.app).tree))
    examples = {f"{each.method} {each.path}": each.body for each in found if each.kind == asking.JSON}
    seen = Seen()
    machine = document.include(path_regex=only).as_state_machine()
    walker = type("Walk", (Walker, machine), {"door": door, "seen": seen, "examples": examples})
    bounds = hypothesis.settings(
        max_examples=WALKS,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    for seed in seeds:
        walker.rule_order_seed = seed
        hypothesis.seed(seed)(walker).run(settings=bounds)
    return seen


def is_explained(check: str, path: str, done: set[str]) -> bool:
    """Say whether something done in a walk explains what schemathesis found; it only knows what addresses tell."""
    if check == "use_after_free":
        return path == STAYS or ("/scenes/" in path and any(map(BACK.search, done)))
    return check == "ensure_resource_availability" and "/jobs/" in path and TAKES_ITS_JOBS in done


@pytest.mark.filterwarnings("default")  # schemathesis' own
def test_links_can_be_walked(opened_door):
    seen = walk(*opened_door, seeds=SEEDS)
    assert not seen.odd, "\n\n".join(f"{label}\n{text}" for label, text in seen.odd.items())
    assert len(seen.links) > 80, len(seen.links)
    assert seen.links.total() > 300, seen.links.total()
    freed = {label for label, status in seen.answers if label.startswith("DELETE") and status == 200}
    assert len(freed) > 4, freed


@pytest.mark.filterwarnings("default")
def test_what_is_deleted_and_still_there_is_noticed(opened_door, monkeypatch):
    """The control: a DELETE that says so and does nothing."""
    monkeypatch.setattr(clients, "delete", lambda _client: None)
    seen = walk(*opened_door, seeds=range(1), only="/clients")
    assert any(label.endswith("use_after_free") for label in seen.odd), seen.odd


@pytest.mark.filterwarnings("default")
def test_what_is_made_and_not_there_is_noticed(opened_door, monkeypatch):
    """The control: a client that was made and cannot be found."""

    def lost(_person: Any, _client_id: str) -> None:
        raise NotFound("There is no such client.")

    monkeypatch.setattr(clients, "find", lost)
    seen = walk(*opened_door, seeds=range(1), only="/clients")
    assert any(label.endswith("ensure_resource_availability") for label in seen.odd), seen.odd
