"""Comments as the instruction of a redo: which scenes they ask about, and their words as its feedback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.services import jobs, threads

if TYPE_CHECKING:
    from collections.abc import Collection

    from webapp.models import Comment, Job, Scene
    from webapp.services.threads import Thread

LONGEST = 1000
"""Characters of a redo's feedback."""
ENDS = (".", "!", "?", "…", "”", '"')
"""What a sentence ends with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What comments ask of one scene."""

    scene: Scene
    threads: tuple[Thread, ...]
    feedback: str
    """Their words, in the order they were said; at most 1,000 characters."""
    is_cut: bool
    """They said more than that."""

    @property
    def is_internal(self) -> bool:
        """Say whether some of it was said in the team only."""
        return any(thread.comment.is_internal for thread in self.threads)

    @property
    def comment_ids(self) -> list[str]:
        """Return the ids of the comments, in order."""
        return [thread.id for thread in self.threads]


def of(job: Job, comment_ids: Collection[str]) -> list[Wish]:
    """Return what these comments ask for, one wish for each scene on the board, in its order.

    What is about the whole board, about a scene that was deleted, or taken back asks for nothing.
    """
    asked = [each for each in threads.threads(job, ids=comment_ids) if each.comment.deleted_at is None]
    found = []
    for scene in jobs.scenes(job):
        if about := tuple(each for each in asked if each.comment.scene_id == scene.id):
            words = "\n".join(_sentence(each) for thread in about for each in _wishing(thread))
            found.append(Wish(scene=scene, threads=about, feedback=_cut(words), is_cut=len(words) > LONGEST))
    return found


def _wishing(thread: Thread) -> list[Comment]:
    """Return the comment, and what those who review added to it: the team's replies are about the work, not wishes."""
    more = [each for each in thread.replies if each.deleted_at is None and not (each.user and each.user.may_edit)]
    return [thread.comment, *more]


def _sentence(comment: Comment) -> str:
    """Return the words as a sentence of their own, so that two wishes stay two.

    Neither names nor quotation marks: writers may take them for a part of the picture, or for words to be said.
    """
    said = " ".join(comment.text.split())
    return f"{said}{'' if said.endswith(ENDS) else '.'}"


def _cut(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    kept = words[: LONGEST - 1]
    return f"{kept.rsplit(' ', 1)[0] if ' ' in kept else kept}…"
