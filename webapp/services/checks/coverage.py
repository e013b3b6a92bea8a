"""Brief coverage: which scene carries the product, the message, the audience, the call to action. A match of words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.services import placement, words
from webapp.services.checks.base import FIELDS, HEARD, Board, Check, Severity, said
from webapp.services.writers.base import AssetNote
from webapp.services.writers.builtin.phrases import head

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from webapp.models import Scene

SAID, SHOWN, PARTLY, ABSENT = "said", "shown", "partly", ""
"""What a scene does for a part of the brief. Shown: by a picture or the kind of shot; partly: some of its words."""
_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_LONGEST_NAME = 6
"""Words of a product's name; what follows describes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One part of the brief and what each scene does for it."""

    key: str
    """product, message, audience or action"""
    label: str
    wanted: str
    """The brief's own words."""
    cells: tuple[str, ...]
    """One for each scene, in order: said, shown, partly or nothing."""
    together: bool = False
    """No scene carries it alone; together they do."""

    @property
    def is_covered(self) -> bool:
        """Say whether it is anywhere."""
        return self.together or SAID in self.cells or SHOWN in self.cells

    @property
    def count(self) -> int:
        """Return how many scenes carry it."""
        return sum(cell in (SAID, SHOWN) for cell in self.cells)


def rows(board: Board) -> tuple[Row, ...]:
    """Return the four parts of the brief against the scenes."""
    job = board.job
    return (
        _row(board, "product", "Product", job.product, head(job.product, _LONGEST_NAME), tuple(FIELDS)),
        _row(board, "message", "Key message", job.key_message, job.key_message, HEARD),
        _row(board, "audience", "Audience", job.audience, job.audience, tuple(FIELDS)),
        _row(board, "action", "Call to action", job.call_to_action, job.call_to_action, HEARD),
    )


def shows_product(board: Board, scene: Scene) -> bool:
    """Say whether a scene shows the product: by its kind, or with a picture of it."""
    take = scene.take
    if take is None:
        return False
    return (
        take.shot_type == "product" or take.beat == "product" or any(_is_product(board, id_) for id_ in take.asset_ids)
    )


def is_comparable(board: Board) -> bool:
    """Say whether brief and ad are in one language: words of two languages cannot be compared."""
    job = board.job
    brief = f"{job.product}\n{job.audience}\n{job.key_message}\n{job.call_to_action}"
    return words.language_of(brief, job.language) == job.language


MISSING = {
    "product": (Severity.WARN, "description", "The product is not named or shown in any scene: name it, or show it."),
    "message": (Severity.WARN, "script", "The key message is not found in words: let the voice or the screen say it."),
    "audience": (Severity.NOTE, "description", "The audience is not found in words: show for whom the ad is."),
    "action": (Severity.WARN, "script", "The call to action is not found in words: say or show what to do next."),
}
"""Part of the brief → how much its absence matters, the field where it could be cured, the sentence."""


def check(board: Board, found: Sequence[Row]) -> Iterator[Check]:
    """Point out parts of the brief that no scene carries."""
    if not is_comparable(board):
        yield Check(
            code="other-language",
            severity=Severity.NOTE,
            text="The brief is in another language than the ad, so what it asks for cannot be looked up in words.",
        )
        return
    for row in found:
        if not row.is_covered:
            severity, field, text = MISSING[row.key]
            cure = _cure(board, row.key)
            yield Check(code=f"{row.key}-missing", severity=severity, text=text, cure_id=cure.id, field=field)


def _cure(board: Board, key: str) -> Scene:
    """Return the scene where a missing part of the brief would fit best."""
    if key == "action":
        return board.last
    if key == "audience":
        return board.scenes[0]
    beats = ("product", "proof")
    return next((scene for scene in board.scenes if scene.take and scene.take.beat in beats), board.scenes[0])


def _row(board: Board, key: str, label: str, wanted: str, looked_for: str, fields: tuple[str, ...]) -> Row:  # noqa: PLR0913
    sought = _sought(board, key, looked_for)
    needed = -(-len(sought) // 2) if key != "audience" else 1
    found = [words.among(sought, board.stems(said(scene, *fields)), board.job.language) for scene in board.scenes]
    cells = tuple(
        SAID
        if (needed and len(some) >= needed) or (key == "action" and _has_address(looked_for, said(scene, *fields)))
        else SHOWN
        if key == "product" and shows_product(board, scene)
        else PARTLY
        if some
        else ABSENT
        for scene, some in zip(board.scenes, found, strict=True)
    )
    everything = frozenset[str]().union(*found)
    together = SAID not in cells and key == "message" and bool(sought) and len(everything) * 3 >= len(sought) * 2
    return Row(key=key, label=label, wanted=wanted, cells=cells, together=together)


def _sought(board: Board, key: str, text: str) -> frozenset[str]:
    """Return the words that tell a part of the brief: not the brand's name, which is everywhere, nor ages."""
    sought = board.stems(text)
    if key == "product":
        return sought
    less = sought - board.stems(board.client.name)
    if key == "audience":
        less = frozenset(word for word in less if not word.isdigit())
    return less or sought


def _has_address(wanted: str, text: str) -> bool:
    """Say whether a text names a web address that the call to action names."""
    return any(address in words.fold(text) for address in _ADDRESS.findall(words.fold(wanted)))


def _is_product(board: Board, asset_id: str) -> bool:
    asset = board.assets.get(asset_id)
    if asset is None:
        return False
    note = AssetNote(
        id=asset.id, name=asset.name, kind=asset.kind, role=board.roles.get(asset_id, ""), tags=tuple(asset.tags)
    )
    return placement.role_of(note) == "product_shot"
