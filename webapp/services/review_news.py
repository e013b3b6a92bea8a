"""What changed for one reviewer since the version they looked at before this one, and what that answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from webapp.extensions import db
from webapp.models import CommentState, Version
from webapp.services import storyboards

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from webapp.models import Reviewer, Take
    from webapp.services.review_board import ReviewBoard
    from webapp.services.threads import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One scene that is not what it was."""

    kind: str
    """added, changed, moved or removed"""
    scene_id: str
    number: int
    """Its number now; the one it had for a removed one."""
    title: str
    before: Take | None = None
    after: Take | None = None
    was: int = 0
    """The number it had before; 0 for a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is different from the version a reviewer looked at before; empty for the first one they see."""

    since: Version | None = None
    changes: tuple[Change, ...] = ()
    answered: tuple[Thread, ...] = ()
    """Their own comments on earlier versions that were answered."""

    @property
    def marks(self) -> dict[str, str]:
        """Return the kind of change of each scene that is there, by scene id."""
        return {each.scene_id: each.kind for each in self.changes if each.kind != "removed"}

    def of(self, scene_id: str) -> Change | None:
        """Return what changed in one scene, None when nothing did."""
        return next((each for each in self.changes if each.scene_id == scene_id), None)


def for_reviewer(reviewer: Reviewer, board: ReviewBoard, threads: Iterable[Thread] = ()) -> News:
    """Return what changed since the version this reviewer looked at before; `threads` are those they may see."""
    before = _version(reviewer.previous_version_id)
    if before is None or before.id == board.version.id:
        return News()
    mine = [
        each
        for each in threads
        if each.comment.reviewer_id == reviewer.id
        and each.comment.state == CommentState.ANSWERED
        and each.comment.version_id != board.version.id
    ]
    return News(since=before, changes=tuple(compare(before, board.version)), answered=tuple(mine))


def compare(before: Version, after: Version) -> list[Change]:
    """Return the scenes that are new, say something else, stand elsewhere or are gone, in the order of `after`.

    A scene that was changed and moved counts as changed. Scenes that only made room for others did not move: as few
    as possible count as moved.
    """
    then = {scene.scene_id: scene for scene in before.scenes}
    stay = _in_order([then[each.scene_id].position for each in after.scenes if each.scene_id in then])
    found = []
    for number, scene in enumerate(after.scenes, 1):
        old = then.pop(scene.scene_id, None)
        kind = "added" if old is None else ""
        if old is not None:
            changed = storyboards.content(old.take) != storyboards.content(scene.take)
            kind = "changed" if changed else "" if old.position in stay else "moved"
        if kind:
            found.append(
                Change(
                    kind=kind,
                    scene_id=scene.scene_id,
                    number=number,
                    title=scene.take.title or f"Scene {number}",
                    before=old.take if old else None,
                    after=scene.take,
                    was=old.position if old else 0,
                )
            )
    return found + [_gone(each.scene_id, each.position, each.take) for each in then.values()]


def _gone(scene_id: str, number: int, take: Take) -> Change:
    title = take.title or f"Scene {number}"
    return Change(kind="removed", scene_id=scene_id, number=number, title=title, before=take, was=number)


def _in_order(places: Sequence[int]) -> set[int]:
    """Return a longest set of places that are still in their old order."""
    best: list[list[int]] = []
    longest: list[int] = []
    for place in places:
        ahead = max((each for each in best if each[-1] < place), key=lambda each: len(each), default=[])  # noqa: PLW0108
        best.append([*ahead, place])
        longest = max(longest, best[-1], key=lambda each: len(each))  # noqa: PLW0108
    return set(longest)


def _version(version_id: str | None) -> Version | None:
    if version_id is None:
        return None
    return db.session.scalar(select(Version).where(Version.id == version_id).options(selectinload(Version.scenes)))
