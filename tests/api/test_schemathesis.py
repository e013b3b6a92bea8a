"""The whole document as a contract: what it allows is taken, what it forbids is refused, and answers are as it says.

schemathesis makes requests from the document alone, the same ones each time: its examples, every limit it names, what
lies just beyond, and a few at random, with every check it has. A real Slate with the demo in it is asked over HTTP.
`test_stateful.py` walks from one operation to the next.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.api.door import is_right, opened, shown

EXAMPLES = 4
"""Requests made up for each operation, beside those that its limits and examples give."""
SEED = 20261122


@pytest.mark.filterwarnings("default")  # schemathesis' own
def test_the_document_is_kept(tmp_path):
    with opened(tmp_path, heals=True) as (door, address):
        config = SchemathesisConfig.from_dict(
            {
                "headers": {"Authorization": f"Bearer {door.made.key}"},
                "seed": SEED,
                # ids that lead somewhere; numbers are made up, as a wrong one would be put right here
                "parameters": {f"path.{name}": value for name, value in door.made.places.items() if name != "number"},
                "generation": {"max-examples": EXAMPLES, "deterministic": True, "no-shrink": True, "database": "none"},
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
    odd = {}
    for case_id, checks in recorder.checks.items():
        case, response = recorder.cases[case_id].value, recorder.interactions[case_id].response
        for check in checks:
            if check.failure_info and not is_right(check.name, case, response):
                message = check.failure_info.failure.message
                odd[f"{recorder.label} {check.name}"] = f"{message}\n{shown(case, response)}"
    return odd
