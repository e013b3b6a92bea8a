"""Examples of answers: what a prepared Slate really answered, caught by `scripts/freeze_openapi.py`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

CAUGHT = Path(__file__).with_name("examples.json")
"""Operation → status → the answer."""
META = {"timestamp": "2026-11-22T09:00:00Z", "version": "v3", "requestId": "5d1c0c8e2c1b4e7f9a0d3b6c8f2e4a71"}


def answered(operation: str, status: int) -> Any:
    """Return what was answered to an operation's example; None where none was caught."""
    return caught().get(operation, {}).get(str(status))


def refused(code: str, sentence: str, hint: str) -> dict[str, Any]:
    """Return a refusal as it looks."""
    meta = META | {"code": code} | ({"hint": hint} if hint else {})
    return {"success": False, "data": None, "error": sentence, "meta": meta}


@cache
def caught() -> dict[str, Any]:
    """Return all that was caught: operation → status → answer."""
    return orjson.loads(CAUGHT.read_bytes())  # type: ignore[no-any-return]
