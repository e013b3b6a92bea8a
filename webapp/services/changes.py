"""What a board says otherwise than the storyboard somebody decided on, or was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.services import storyboards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.models import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different between a storyboard then and now."""

    numbers: tuple[int, ...] = ()
    """Scenes, by their present numbers, that are new or say something else."""
    ids: tuple[str, ...] = ()
    """The same scenes, by their ids."""
    deleted: int = 0
    reordered: bool = False
    reformatted: bool = False
    """The format (16:9, 9:16 …) is another."""

    def __bool__(self) -> bool:
        return bool(self.numbers or self.deleted or self.reordered or self.reformatted)

    def __str__(self) -> str:
        """Name them: “scenes 2, 5, 1 scene deleted, new order”."""
        parts = []
        if self.numbers:
            parts.append(f"scene{'s' if len(self.numbers) > 1 else ''} {', '.join(map(str, self.numbers))}")
        if self.deleted:
            parts.append(f"{self.deleted} scene{'s' if self.deleted > 1 else ''} deleted")
        if self.reordered:
            parts.append("new order")
        if self.reformatted:
            parts.append("new format")
        return ", ".join(parts)


def compare(then: Mapping[str, str], board: Sequence[Scene], *, reformatted: bool = False) -> Changes:
    """Compare a board with the hashes that its scenes had, by scene id and in their order."""
    now = [scene.id for scene in board]
    other = [scene for scene in board if then.get(scene.id) != storyboards.scene_hash(scene.take)]
    return Changes(
        numbers=tuple(scene.position for scene in other),
        ids=tuple(scene.id for scene in other),
        deleted=sum(scene_id not in now for scene_id in then),
        reordered=[each for each in then if each in now] != [each for each in now if each in then],
        reformatted=reformatted,
    )
