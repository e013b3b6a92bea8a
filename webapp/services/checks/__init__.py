"""Checks before a storyboard goes out: plain functions over brief, rule book and scenes. They warn and never block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from webapp.services.checks import coverage, letters, pictures, rules, timing
from webapp.services.checks.base import Board as Board
from webapp.services.checks.base import Check as Check
from webapp.services.checks.base import Severity as Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.models import Asset, Job, JobAsset, Scene


@dataclass(frozen=True)
class Report:
    """What there is to look at, warnings first; and which scene carries which part of the brief."""

    checks: tuple[Check, ...] = ()
    coverage: tuple[coverage.Row, ...] = ()

    @cached_property
    def warnings(self) -> tuple[Check, ...]:
        """Return what the client would not want to go out like this."""
        return tuple(each for each in self.checks if each.severity == Severity.WARN)

    @cached_property
    def notes(self) -> tuple[Check, ...]:
        """Return what is worth a look and may be meant."""
        return tuple(each for each in self.checks if each.severity == Severity.NOTE)

    @cached_property
    def by_scene(self) -> dict[str, list[Check]]:
        """Return the checks of each scene that has any, by its id."""
        found: dict[str, list[Check]] = {}
        for check in self.checks:
            for scene_id in check.scene_ids:
                found.setdefault(scene_id, []).append(check)
        return found


def run(job: Job, scenes: Sequence[Scene], links: Sequence[JobAsset], assets: Mapping[str, Asset]) -> Report:
    """Look a storyboard through. `links` are the brief's assets, `assets` those that scenes show, by id.

    Asks the database nothing. Nothing is found in a board without scenes.
    """
    board = Board(job, [scene for scene in scenes if scene.take], links, assets)
    if not board.scenes:
        return Report()
    rows = coverage.rows(board)
    found = [
        *rules.check(board),
        *timing.check(board, rows),
        *coverage.check(board, rows),
        *letters.check(board),
        *pictures.check(board),
    ]
    return Report(tuple(sorted(found, key=lambda check: check.severity != Severity.WARN)), rows)
