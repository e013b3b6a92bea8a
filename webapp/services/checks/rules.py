"""The client's rule book against what scenes say: forbidden words, the disclaimer, how names are spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services import rule_book
from webapp.services.checks.base import FIELDS, HEARD, Board, Check, Severity, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.models import Scene

SHOWN = 60
"""How much of a long disclaimer a sentence quotes."""


def check(board: Board) -> Iterator[Check]:
    """Point out what breaks the rule book, scene by scene."""
    names = rule_book.names_of(board.client.name, board.client.spellings)
    for scene in board.scenes:
        for field in FIELDS:
            yield from _forbidden(board, scene, field)
            yield from _misspelt(scene, field, names)
    yield from _disclaimer(board)


def _forbidden(board: Board, scene: Scene, field: str) -> Iterator[Check]:
    for place in rule_book.forbidden(getattr(scene.take, field), board.client.restrictions):
        yield Check(
            code="forbidden-words",
            severity=Severity.WARN,
            text=f"{board.client.name} never says “{place.found}”: say it otherwise in the {FIELDS[field]} of scene"
            f" {scene.position}.",
            scene_ids=(scene.id,),
            field=field,
            place=place,
        )


def _misspelt(scene: Scene, field: str, names: tuple[str, ...]) -> Iterator[Check]:
    for place in rule_book.misspelt(getattr(scene.take, field), names):
        # one plain word in lower case may be just that word: apple, target
        is_word = " " not in place.rule and place.found == place.rule.lower()
        yield Check(
            code="name-spelling",
            severity=Severity.NOTE if is_word or field not in HEARD else Severity.WARN,
            text=f"“{place.found}” is written “{place.rule}”: correct it in the {FIELDS[field]} of scene"
            f" {scene.position}.",
            scene_ids=(scene.id,),
            field=field,
            place=place,
        )


def _disclaimer(board: Board) -> Iterator[Check]:
    wanted = " ".join(board.client.disclaimer.split())
    if not any(map(str.isalnum, wanted)):
        return
    if any(rule_book.has_disclaimer(getattr(scene.take, field), wanted) for scene in board.scenes for field in HEARD):
        return
    shown = wanted if len(wanted) <= SHOWN else wanted[:SHOWN].rpartition(" ")[0] + " …"
    close = next((scene for scene in board.scenes if rule_book.is_nearly(said(scene, *HEARD), wanted)), None)
    text = (
        f"The required disclaimer is not word for word in scene {close.position}: it must read “{shown}”."
        if close
        else f"The required disclaimer is missing: show “{shown}”, for example in scene {board.last.position}."
    )
    yield Check(
        code="disclaimer-missing",
        severity=Severity.WARN,
        text=text,
        scene_ids=(close.id,) if close else (),
        cure_id=(close or board.last).id,
        field="on_screen",
    )
