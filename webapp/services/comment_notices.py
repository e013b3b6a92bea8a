"""Who is told of a comment: those it mentions, and all who have to do with the job; of the team's own only the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Comment, Scene, User
from webapp.services import mentions, notices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webapp.models import Job, Reviewer

QUOTED = 120
"""Characters of a comment that a notice quotes."""

BY_GUESTS = 5
"""People that one comment of somebody without an account calls: a list of names must not reach the whole house."""


def tell(job: Job, comment: Comment, did: str, *, by: User | Reviewer) -> None:
    """Tell of a new comment; `did` is what its author did: “commented on scene 3”."""
    tell_mentioned(job, comment, did, by=by)
    _put(job, notices.COMMENT, comment, did, by, notices.audience(job))


def tell_mentioned(job: Job, comment: Comment, did: str, *, by: User | Reviewer, before: str = "") -> None:
    """Tell those a comment mentions; after a correction only those whom the words `before` did not mention."""
    known = {each.id for each in mentions.found(before)}
    named = [each for each in mentions.found(comment.text) if each.id not in known]
    if not isinstance(by, User):
        named = named[:BY_GUESTS]
    _put(job, notices.MENTION, comment, did, by, named)


def tell_answered(job: Job, root: Comment, text: str, *, by: User | None, scene: Scene) -> None:
    """Tell those with an account who wrote in a thread that it is answered."""
    wrote = select(Comment.user_id).where((Comment.id == root.id) | (Comment.parent_id == root.id))
    people = db.session.scalars(select(User).where(User.id.in_(wrote))).all()
    told = _allowed(root, people)
    notices.tell(job, notices.COMMENT, text, by=by, to=told, scene=scene, anchor=f"comment-{root.id}")


def _put(  # noqa: PLR0913 - what, about what, by whom, for whom
    job: Job, kind: str, comment: Comment, did: str, by: User | Reviewer, people: Iterable[User]
) -> None:
    said = " ".join(comment.text.split())
    line = f"{did}: {said if len(said) <= QUOTED else said[: QUOTED - 1] + '…'}"
    notices.tell(job, kind, line, by=by, to=_allowed(comment, people), anchor=f"comment-{comment.id}")


def _allowed(comment: Comment, people: Iterable[User]) -> list[User]:
    """Leave out who may not see the comment."""
    return [each for each in people if each.may_edit or not comment.is_internal]
