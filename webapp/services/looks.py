"""What a decision is about: whoever decides names the storyboard they looked at, and it has to be the present one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.errors import StaleBoard, VersionNeeded
from webapp.services import board_states, storyboards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene, User, Version

CHANGED = "The storyboard changed while you were looking at it."
LOOK_AGAIN = "Have another look, then decide."


def must_be_at(person: User, job: Job, board: Sequence[Scene], seen: str) -> None:
    """Refuse a decision about another storyboard than the one with the hash `seen` (inside the caller's transaction).

    Raises:
        VersionNeeded: it names none, and this person only looks and decides.
        StaleBoard: it names another one than the present.
    """
    present = storyboards.content_hash((scene.take for scene in board), job.named_ratio)
    if not seen and not person.may_edit:
        raise VersionNeeded(present)
    if seen and seen.lower() != present:
        raise _stale(job, board, seen.lower(), present)


def must_be_at_version(version: Version, seen: str) -> None:
    """Refuse a guest's decision that does not name the version it is sent for. Raises VersionNeeded, StaleBoard."""
    if not seen:
        raise VersionNeeded(version.content_hash)
    if seen.lower() != version.content_hash:
        message = f"What you looked at is not version {version.number}."
        raise StaleBoard(message, hint=LOOK_AGAIN, content_hash=version.content_hash, is_known=False)


def _stale(job: Job, board: Sequence[Scene], seen: str, present: str) -> StaleBoard:
    found = board_states.since(job, board, seen)
    if found is None:
        return StaleBoard(
            f"{CHANGED} Slate does not know the one you looked at, so any scene may be different.",
            hint=LOOK_AGAIN,
            content_hash=present,
            changed={scene.id: scene.position for scene in board},
            is_known=False,
        )
    return StaleBoard(
        f"{CHANGED} Different now: {found}." if found else CHANGED,
        hint=LOOK_AGAIN,
        content_hash=present,
        changed=dict(zip(found.ids, found.numbers, strict=True)),
        deleted=found.deleted,
        is_reordered=found.reordered,
        is_reformatted=found.reformatted,
    )
