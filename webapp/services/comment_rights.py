"""Who may see, correct, take back, answer and close which comment. The table of it stands in `comments`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from webapp.errors import Conflict, Forbidden, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Allows, Comment, Reviewer, User, utcnow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from webapp.models import Job

GUESTS_CORRECT = timedelta(minutes=10)
"""How long a guest may correct or take back what they said."""
MOST = 2000
"""Comments a job takes from guests in all, so that a link that got about cannot fill the disk. The team may go on."""


def sees_internal(by: User | Reviewer) -> bool:
    """Say whether somebody belongs to the team: threads that are only for it exist for nobody else."""
    return isinstance(by, User) and by.may_edit


def may_comment(by: User | Reviewer) -> bool:
    """Say whether somebody may say anything at all."""
    return isinstance(by, User) or by.link.allows != Allows.VIEW


def may_close(by: User | Reviewer, root: Comment) -> bool:
    """Say whether somebody may close and reopen a thread: the team, and whoever began it."""
    return sees_internal(by) or (is_own(by, root) and may_comment(by))


def may_delete(by: User | Reviewer, comment: Comment, *, now: datetime | None = None) -> bool:
    """Say whether somebody may still take a comment back."""
    if comment.deleted_at is not None or not is_own(by, comment) or not may_comment(by):
        return False
    return isinstance(by, User) or (now or utcnow()) - comment.created_at < GUESTS_CORRECT


def may_edit(by: User | Reviewer, comment: Comment, thread: Iterable[Comment], *, now: datetime | None = None) -> bool:
    """Say whether somebody may still correct a comment of a thread (all its messages)."""
    if isinstance(by, Reviewer):
        return may_delete(by, comment, now=now)
    went_on = any(each.created_at > comment.created_at and not is_own(by, each) for each in thread)
    return may_delete(by, comment) and not went_on


def is_own(by: User | Reviewer, comment: Comment) -> bool:
    """Say whether somebody wrote a comment."""
    return by.id == (comment.user_id if isinstance(by, User) else comment.reviewer_id)


def must_be_welcome(by: User | Reviewer, job: Job) -> None:
    """Refuse who may not say anything on a board; asked again under the write lock, since links are revoked.

    Raises:
        StoryboardArchived: as its name says.
        NotFound: the link ended, or leads to another board.
        Forbidden, Invalid: the link is for looking only; the guest has no name yet.
    """
    if isinstance(by, User):
        job.must_be_in_use()
        return
    link = by.link
    if not link.is_open or link.job_id != job.id:
        raise NotFound("This review link does not work any more.", hint="Ask whoever sent it for a new one.")
    if not may_comment(by):
        raise Forbidden("This link lets you look, not comment.", hint="Ask whoever sent it for one that does.")
    if not by.name:
        raise Invalid("Say who you are first.", fields={"name": "Please fill this in."})


def must_see_internal(by: User | Reviewer) -> None:
    """Refuse what is only for the team from somebody outside it. Raises Forbidden."""
    if not sees_internal(by):
        raise Forbidden("Only the team writes for the team alone.", hint="Leave it out, and everybody can read it.")


def must_have_room(by: User | Reviewer, job: Job) -> None:
    """Refuse one comment more of guests than a job takes. Raises Conflict."""
    if isinstance(by, User):
        return
    said = select(func.count()).select_from(Comment).where(Comment.job_id == job.id, Comment.reviewer_id.is_not(None))
    if (db.session.scalar(said) or 0) >= MOST:
        raise Conflict(f"This storyboard holds {MOST:,} comments; that is as many as it takes.")


def must_be_own(by: User | Reviewer, comment: Comment) -> None:
    """Refuse to touch other people's words. Raises Forbidden, or NotFound for what was taken back."""
    if comment.deleted_at is not None:
        raise NotFound("This comment is not here any more.", hint="Its author took it back.")
    if not is_own(by, comment):
        raise Forbidden("Only its author changes a comment.", hint="Write a reply instead.")


def too_late(by: User | Reviewer, what: str) -> Conflict:
    """Return the refusal of a correction that comes too late; `what` is "corrected" or "deleted"."""
    text = f"Somebody went on from this comment, so it cannot be {what} any more."
    if isinstance(by, Reviewer):
        text = f"A comment can be {what} for ten minutes; these have passed."
    return Conflict(text, hint="Write a reply instead.")
