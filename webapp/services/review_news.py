"""What changed for one reviewer since the version they looked at before this one, and what that answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from webapp.extensions import db
from webapp.models import CommentState, Version
from webapp.services import differences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webapp.models import Reviewer
    from webapp.services.review_board import ReviewBoard
    from webapp.services.threads import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is different from the version a reviewer looked at before; empty for the first one they see."""

    since: Version | None = None
    changes: tuple[differences.SceneChange, ...] = ()
    """Scenes that are new, say something else, stand elsewhere or are gone."""
    answered: tuple[Thread, ...] = ()
    """Their own comments on earlier versions that were answered."""

    @property
    def marks(self) -> dict[str, str]:
        """Return added, changed or moved of each scene that is there and not as it was, by scene id."""
        return {each.after.scene_id: each.state for each in self.changes if each.after}

    def of(self, scene_id: str) -> differences.SceneChange | None:
        """Return what changed in one scene, None when nothing did."""
        return next((each for each in self.changes if each.after and each.after.scene_id == scene_id), None)


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
    # guests are told that other assets are shown, not what they are called in the library
    told = differences.boards(_placed(before), _placed(board.version), {})
    return News(since=before, changes=tuple(each for each in told if each.state != "same"), answered=tuple(mine))


def _placed(version: Version) -> list[differences.Placed]:
    return [
        differences.Placed(scene_id=each.scene_id, position=each.position, take=each.take, frame=each.frame)
        for each in version.scenes
    ]


def _version(version_id: str | None) -> Version | None:
    if version_id is None:
        return None
    return db.session.scalar(select(Version).where(Version.id == version_id).options(selectinload(Version.scenes)))
