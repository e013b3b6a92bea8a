"""Spare each test what making a whole app costs twice: half of the suite's time went into compiling the same words.

A test gets an app of its own (`conftest.app`). Two things in it are compiled from what never changes while tests run:
the functions that build the addresses of 240 routes (0.1 s an app) and the templates (1.2 s for all). They are compiled
once per process here; what runs is the same code.
"""

from __future__ import annotations

import gc
import itertools
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache
from werkzeug.routing import Rule

if TYPE_CHECKING:
    from types import CodeType

    from flask import Flask
    from jinja2.bccache import Bucket

_compile_builder = Rule._compile_builder
_builders: dict[tuple[Any, ...], Any] = {}
COLLECT_EVERY = 25
"""Apps: it takes a quarter of a second."""
_apps = itertools.count(1)


def calm_collector() -> None:
    """Look for garbage less often, and not among what stays to the end: it was a fifth of the suite's time.

    Each app is a knot of 30,000 objects: with Python's own 700 it walks them, and all that tests keep, at every turn.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 25, 50)


def clear_away() -> None:
    """Collect the apps of the last tests: left to the calm collector they grew to 3 GB."""
    if next(_apps) % COLLECT_EVERY == 0:
        gc.collect()


def share_builders() -> None:
    """Let equal routes of all apps share the functions that build their addresses; they take the route as argument."""

    def shared(rule: Rule, *way: bool) -> Any:
        key = (*rule._trace, repr(rule.defaults), way)
        if key not in _builders:
            _builders[key] = _compile_builder(rule, *way)
        return _builders[key]

    Rule._compile_builder = shared  # type: ignore[method-assign]


class _CompiledOnce(BytecodeCache):
    """Templates of this process; Jinja's key and checksum see to it that another text is another entry."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.kept[bucket.key, bucket.checksum] = bucket.code


_templates = _CompiledOnce()


def share_templates(app: Flask) -> None:
    """Let an app take the templates that another app of this process compiled."""
    app.jinja_env.bytecode_cache = _templates
