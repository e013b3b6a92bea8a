"""Letters that the animatic and the pictures cannot show, because no font here has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services import typefaces
from webapp.services.checks.base import Board, Check, Severity, numbered
from webapp.services.media_child.runs import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.models import Scene

CODE = "letters-missing"
NAMED = 8
"""So many letters are named, of more it says that there are more."""


def check(board: Board) -> Iterator[Check]:
    """Point out what would be a box in the film, and what to do: one line for each cause."""
    found: dict[typefaces.Gap, dict[Scene, tuple[str, list[str]]]] = {}
    for scene in board.scenes:
        for field, text in _shown(board, scene):
            for letter in typefaces.missing(text):
                scenes = found.setdefault(typefaces.gap(letter), {})
                scenes.setdefault(scene, (field, []))[1].append(letter)
    for gap, scenes in found.items():
        letters = list(dict.fromkeys(letter for _, some in scenes.values() for letter in some))
        named = " ".join(map(spelled, letters[:NAMED])) + (" …" if len(letters) > NAMED else "")
        yield Check(
            code=CODE,
            severity=Severity.NOTE if gap.is_sign else Severity.WARN,
            text=f"The animatic cannot show {gap.name} of {numbered(list(scenes))} ({named}): it draws □ instead, or"
            f" leaves out a text with no other letters. {gap.cure}",
            scene_ids=tuple(scene.id for scene in scenes),
            field=next(iter(scenes.values()))[0],
        )


def _shown(board: Board, scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield the texts that are drawn for a scene, and the field of the scene nearest to each."""
    take = scene.take
    if take is None:
        return
    yield "on_screen", take.on_screen
    yield "script", take.script
    if take.shot_type == "end-card":
        yield "shot_type", f"{board.client.name} {board.job.call_to_action}"
