"""Time: words over their seconds, the whole off the brief, the product too late, no call at the end, a shot twice."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from webapp.services import fit
from webapp.services.checks import coverage
from webapp.services.checks.base import Board, Check, Severity, numbered, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from webapp.models import Scene

PRODUCT_BY_MS = 3000
"""Feeds are scrolled on within about three seconds: what has not seen the product by then never will."""
_FAR_OFF = 10
"""Percent of the brief's length from which being too short is more than a note."""


def check(board: Board, found: Sequence[coverage.Row]) -> Iterator[Check]:
    """Point out what does not fit into its time, or comes at the wrong one."""
    yield from _words_over(board)
    yield from _uncounted(board)
    yield from _total(board)
    yield from _product_late(board, found)
    yield from _no_call(board, found)
    yield from _same_shots(board)


def _words_over(board: Board) -> Iterator[Check]:
    rate = fit.rate_of(board.job)
    for scene in board.scenes:
        spoken = fit.of_scene(scene, rate)
        if not spoken.over:
            continue
        more = spoken.needed_ms - spoken.duration_ms
        cure = f"cut {_plural(spoken.over, 'word')}" + (f" or give it {_seconds(more)} more" if more > 0 else "")
        yield Check(
            code="words-over",
            severity=Severity.WARN,
            text=f"The words of scene {scene.position} take {_seconds(spoken.needed_ms)}, the scene has"
            f" {_seconds(spoken.duration_ms)}: {cure}.",
            scene_ids=(scene.id,),
            field="script",
        )


def _uncounted(board: Board) -> Iterator[Check]:
    scenes = [scene for scene in board.scenes if not fit.of_scene(scene, fit.rate_of(board.job)).counted]
    if scenes:
        yield Check(
            code="words-not-counted",
            severity=Severity.NOTE,
            text=f"The words of {numbered(scenes)} are written without spaces and not counted: read them aloud to see"
            " if they fit.",
            scene_ids=tuple(scene.id for scene in scenes),
            field="script",
        )


def _total(board: Board) -> Iterator[Check]:
    wanted = board.job.duration_ms
    off = sum(scene.take.duration_ms for scene in board.scenes if scene.take) - wanted
    if abs(off) < 100:
        return
    text = (
        f"The scenes take {_seconds(off)} more than the {_seconds(wanted)} of the brief: shorten some, or fit all."
        if off > 0
        else f"The scenes leave {_seconds(-off)} of the brief’s {_seconds(wanted)} unused: lengthen some, or fit all."
    )
    severity = Severity.WARN if off > 0 or -off * 100 > wanted * _FAR_OFF else Severity.NOTE
    yield Check(code="length-off", severity=severity, text=text, about="length")


def _product_late(board: Board, found: Sequence[coverage.Row]) -> Iterator[Check]:
    cells = next(row.cells for row in found if row.key == "product")
    start = 0
    for scene, cell in zip(board.scenes, cells, strict=True):
        if cell in (coverage.SAID, coverage.SHOWN):
            if start > PRODUCT_BY_MS:
                yield Check(
                    code="product-late",
                    severity=Severity.NOTE,
                    text=f"The product is first seen after {_seconds(start)}, in scene {scene.position}: name or show"
                    f" it within the first {_seconds(PRODUCT_BY_MS)}.",
                    scene_ids=(scene.id,),
                )
            return
        start += scene.take.duration_ms if scene.take else 0


def _no_call(board: Board, found: Sequence[coverage.Row]) -> Iterator[Check]:
    last, cells = board.last, next(row.cells for row in found if row.key == "action")
    calls = last.take is not None and last.take.beat == "cta" and bool(said(last, "script", "on_screen").strip())
    if calls or cells[-1] == coverage.SAID:
        return
    yield Check(
        code="no-call-at-end",
        severity=Severity.WARN,
        text=f"Scene {last.position} ends without a call to action: let it say or show what to do next.",
        scene_ids=(last.id,),
        field="script",
    )


def _same_shots(board: Board) -> Iterator[Check]:
    for shot, group in groupby(board.scenes, key=lambda scene: scene.take.shot_type if scene.take else ""):
        run: list[Scene] = list(group)
        if shot and len(run) > 1:
            yield Check(
                code="same-shots",
                severity=Severity.NOTE,
                text=f"{numbered(run).capitalize()} are the same shot in a row, {shot.replace('-', ' ')}:"
                " change one of them.",
                scene_ids=tuple(scene.id for scene in run),
                field="shot_type",
            )


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f} s" if ms % 1000 else f"{ms // 1000} s"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
