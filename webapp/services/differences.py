"""What is different between two texts, two takes, two boards: pure comparison, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from webapp.services.storyboards import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from webapp.models import Frame, Take

Kind = Literal["same", "added", "removed"]
LABELS = {
    "title": "Title", "description": "Action", "script": "Voice-over", "on_screen": "On screen", "beat": "Beat",
    "shot_type": "Shot", "camera_move": "Camera", "transition": "Transition", "duration_ms": "Seconds",
    "asset_ids": "Assets",
}  # fmt: skip
"""The columns of a take that people see, in the order in which they read them."""
GONE = "an asset deleted since"
TEXTS = {"title", "description", "script", "on_screen"}
_TOKENS = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff]|\w+(?:['’-]\w+)*|[^\w\s]")
"""Words with their inner apostrophes and hyphens; single signs where a script has no spaces; spaces as they are."""
_ALIKE = 0.5
"""Texts that share less than this part of the shorter one are rather two texts than one that was changed."""
_ISLANDS = {True: 3, False: 15}
"""Letters that two texts share between two changes are part of the change when they are no more than this.

By whether the texts are alike: of two different texts only what reads as a phrase is worth showing as the same.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that both have, or only one of them."""

    kind: Kind
    text: str


def words(old: str, new: str) -> tuple[Run, ...]:
    """Compare two texts word by word.

    The runs that are the same or removed make up the old text, those that are the same or added the new one, to the
    letter.
    """
    if old == new:
        return (Run("same", old),) if old else ()
    a, b = _TOKENS.findall(old), _TOKENS.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    alike = _common(matcher, a) >= _ALIKE * min(_letters(a), _letters(b))
    pieces = [("".join(a[a1:a2]), "".join(b[b1:b2]), tag == "equal") for tag, a1, a2, b1, b2 in matcher.get_opcodes()]
    return _runs(_without_islands(pieces, _ISLANDS[alike]))


def items(old: Sequence[str], new: Sequence[str], names: Mapping[str, str]) -> tuple[Run, ...]:
    """Compare two lists entry by entry, each entry a run of its own, written with its name."""
    runs: list[tuple[Kind, str]] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs += [("same", each) for each in old[a1:a2]]
        else:
            runs += [("removed", each) for each in old[a1:a2]]
            runs += [("added", each) for each in new[b1:b2]]
    return tuple(Run(kind, names.get(each, GONE)) for kind, each in runs)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a scene, then and now."""

    name: str
    label: str
    runs: tuple[Run, ...]

    @property
    def is_changed(self) -> bool:
        """Say whether it is different."""
        return any(run.kind != "same" for run in self.runs)

    @property
    def old(self) -> tuple[Run, ...]:
        """Return what it said."""
        return tuple(run for run in self.runs if run.kind != "added")

    @property
    def new(self) -> tuple[Run, ...]:
        """Return what it says."""
        return tuple(run for run in self.runs if run.kind != "removed")


def fields(old: Take, new: Take, asset_names: Mapping[str, str]) -> tuple[Field, ...]:
    """Compare two takes field by field, in the order people read them; `asset_names` by id."""
    then, now = content(old), content(new)
    return tuple(
        Field(name, label, _compare(name, then[name], now[name], asset_names)) for name, label in LABELS.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A scene on one of two boards."""

    scene_id: str
    position: int
    take: Take
    frame: Frame | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneChange:
    """What became of one scene between two boards."""

    before: Placed | None
    after: Placed | None
    is_moved: bool
    fields: tuple[Field, ...]

    @property
    def changed(self) -> tuple[Field, ...]:
        """Return the fields that say something else."""
        return tuple(each for each in self.fields if each.is_changed)

    @property
    def state(self) -> str:
        """Return added, removed, changed, moved (nothing but its place) or same."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "changed" if self.changed else ("moved" if self.is_moved else "same")


def boards(old: Sequence[Placed], new: Sequence[Placed], asset_names: Mapping[str, str]) -> tuple[SceneChange, ...]:
    """Compare two boards scene by scene: in the new order, what was removed where it stood."""
    then, now = {each.scene_id: each for each in old}, {each.scene_id: each for each in new}
    still = _in_order([each for each in then if each in now], [each for each in now if each in then])
    found: list[SceneChange] = []
    for scene_id in _merged(list(then), list(now)):
        before, after = then.get(scene_id), now.get(scene_id)
        both = before is not None and after is not None
        told = fields(before.take, after.take, asset_names) if before and after else ()
        found.append(SceneChange(before=before, after=after, is_moved=both and scene_id not in still, fields=told))
    return tuple(found)


def asset_ids(takes: Iterable[Take]) -> set[str]:
    """Return the assets that any of these takes shows."""
    return {asset_id for take in takes for asset_id in take.asset_ids}


def _compare(name: str, then: object, now: object, asset_names: Mapping[str, str]) -> tuple[Run, ...]:
    if name in TEXTS:
        return words(str(then), str(now))
    if isinstance(then, list) and isinstance(now, list):
        return items(then, now, asset_names)
    said = {
        str(value): f"{int(str(value)) / 1000:.1f} s" if name == "duration_ms" else str(value) for value in (then, now)
    }
    return items([str(then)], [str(now)], said)


def _merged(old: list[str], new: list[str]) -> list[str]:
    """Return the new order with what is only in the old one put in after the one it followed."""
    order = list(new)
    for at, each in enumerate(old):
        if each not in order:
            order.insert(order.index(old[at - 1]) + 1 if at else 0, each)
    return order


def _in_order(old: list[str], new: list[str]) -> set[str]:
    """Return those that kept their order: the longest common run of the two."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {each for block in blocks for each in old[block.a : block.a + block.size]}


def _common(matcher: SequenceMatcher[str], a: list[str]) -> int:
    return sum(_letters(a[block.a : block.a + block.size]) for block in matcher.get_matching_blocks())


def _letters(tokens: Iterable[str]) -> int:
    return sum(len(token) for token in tokens if not token.isspace())


def _without_islands(pieces: list[tuple[str, str, bool]], smallest: int) -> list[tuple[str, str, bool]]:
    """Join changes that no more than so many letters keep apart."""
    joined: list[tuple[str, str, bool]] = []
    for at, (old, new, same) in enumerate(pieces):
        at_edge = at in (0, len(pieces) - 1) and len(old) > smallest // 4
        same = same and (at_edge or len(old.strip()) > smallest)  # noqa: PLW2901
        if joined and not same and not joined[-1][2]:
            joined[-1] = (joined[-1][0] + old, joined[-1][1] + new, False)
        else:
            joined.append((old, new, same))
    return joined


def _runs(pieces: Iterable[tuple[str, str, bool]]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for old, new, same in pieces:
        if same:
            runs.append(Run("same", old))
        else:
            runs += [Run("removed", old)] if old else []
            runs += [Run("added", new)] if new else []
    return tuple(runs)
