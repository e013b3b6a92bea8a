"""Reading comments: threads with their replies, the counts and pins that cards show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import joinedload, lazyload, load_only

from webapp.extensions import db
from webapp.models import Comment, CommentState, Reviewer, Take, User

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from webapp.models import Job

SHOWN = 100
"""Most threads of one list; more are narrowed by scene or person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A comment and its replies, oldest first."""

    comment: Comment
    replies: tuple[Comment, ...]
    pin: str
    """What its pin is called: "1", "2" … within its scene, "T1" for one only the team sees; empty without a pin."""
    take_number: int | None
    """The number of the take its author was looking at; None: about the board, or the take is gone."""
    answered_take_number: int | None
    """The number of the take that answers it; None: by hand, or not yet."""

    @property
    def id(self) -> str:
        """Return the id of the comment that began it."""
        return self.comment.id

    @property
    def messages(self) -> tuple[Comment, ...]:
        """Return the comment and its replies."""
        return (self.comment, *self.replies)

    @property
    def last_at(self) -> datetime:
        """Return when somebody last said something."""
        return self.messages[-1].created_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the card of a scene shows of one thread."""

    id: str
    scene_id: str | None
    state: str
    author: str
    pin: str
    pin_x: int | None
    pin_y: int | None


def threads(  # noqa: PLR0913 - who looks, and what the list is narrowed to
    job: Job,
    *,
    for_guest: Reviewer | None = None,
    with_internal: bool = True,
    scene_id: str | None = None,
    state: str | None = None,
    author_id: str | None = None,
    ids: Collection[str] | None = None,
    also: Collection[str] = (),
    limit: int = SHOWN,
) -> list[Thread]:
    """Return a job's threads in the order they were begun, the newest `limit` of them.

    For a guest (and without `with_internal`) those that are only for the team do not exist; all others are shared among
    the guests of a job. `scene_id` is "board" for those about the whole board. With `ids` only these are listed; `also`
    names threads that are listed in any case, since somebody is typing in them.
    """
    wanted = [*_visible(job, internal=with_internal and for_guest is None), Comment.parent_id.is_(None)]
    narrowed = _narrowed(scene_id, state)
    if author_id is not None:
        narrowed.append((Comment.user_id == author_id) | (Comment.reviewer_id == author_id))
    if ids is not None:
        narrowed.append(Comment.id.in_(ids))
    wanted.append(or_(and_(*narrowed), Comment.id.in_(also)))
    newest = _with_authors().where(*wanted).order_by(Comment.created_at.desc(), Comment.id.desc()).limit(limit)
    return _told(job, list(reversed(db.session.scalars(newest).all())))


def page(  # noqa: PLR0913 - who looks, what the list is narrowed to, which page
    job: Job, *, with_internal: bool, scene_id: str | None, state: str | None, limit: int, offset: int
) -> tuple[list[Thread], int]:
    """Return a page of a job's threads, the one begun last first, and how many there are; narrowed as in `threads`."""
    wanted = [*_visible(job, internal=with_internal), Comment.parent_id.is_(None), *_narrowed(scene_id, state)]
    newest = _with_authors().where(*wanted).order_by(Comment.created_at.desc(), Comment.id.desc())
    total = db.session.scalar(select(func.count()).select_from(Comment).where(*wanted)) or 0
    return _told(job, db.session.scalars(newest.limit(limit).offset(offset)).all()), total


def _narrowed(scene_id: str | None, state: str | None) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = [true()]
    if scene_id is not None:
        narrowed.append(Comment.scene_id.is_(None) if scene_id == "board" else Comment.scene_id == scene_id)
    if state is not None:
        narrowed.append(Comment.state == state)
    return narrowed


def _told(job: Job, roots: Sequence[Comment]) -> list[Thread]:
    """Return the threads that these comments began, in the same order."""
    replies = _replies(roots)
    numbers = _take_numbers(roots)
    labels = {mark.id: mark.pin for mark in marks(job)} if any(root.pin_x is not None for root in roots) else {}
    return [
        Thread(
            comment=root,
            replies=tuple(replies.get(root.id, ())),
            pin=labels.get(root.id, ""),
            take_number=numbers.get(root.take_id),
            answered_take_number=numbers.get(root.answered_take_id),
        )
        for root in roots
    ]


def marks(job: Job, *, with_internal: bool = True) -> list[Mark]:
    """Return every thread of a job as cards need it, in one query, in the order they were begun.

    Pins are numbered within their scene and keep their number when others are answered or closed.
    """
    columns = (
        Comment.id, Comment.scene_id, Comment.state, Comment.author, Comment.is_internal, Comment.pin_x, Comment.pin_y,
    )  # fmt: skip
    query = select(*columns).where(Comment.job_id == job.id, Comment.parent_id.is_(None))
    counted: dict[tuple[str | None, bool], int] = {}
    found = []
    for id_, scene_id, state, author, is_internal, pin_x, pin_y in db.session.execute(
        query.order_by(Comment.created_at, Comment.id)
    ):
        pin = ""
        if pin_x is not None:
            number = counted[scene_id, is_internal] = counted.get((scene_id, is_internal), 0) + 1
            pin = f"T{number}" if is_internal else str(number)
        if with_internal or not is_internal:
            facts: dict[str, Any] = {"scene_id": scene_id, "state": state, "author": author}
            found.append(Mark(id=id_, pin=pin, pin_x=pin_x, pin_y=pin_y, **facts))
    return found


def states(job: Job, *, with_internal: bool = True) -> dict[str, int]:
    """Return how many threads are open, answered and closed."""
    query = select(Comment.state, func.count()).where(
        *_visible(job, internal=with_internal), Comment.parent_id.is_(None)
    )
    found = dict(db.session.execute(query.group_by(Comment.state)).all())
    return {state: found.get(state, 0) for state in CommentState}


def authors(job: Job, *, with_internal: bool = True) -> list[tuple[str, str]]:
    """Return who began threads, (id, name) by name: the id of an account or of a reviewer."""
    who = func.coalesce(Comment.user_id, Comment.reviewer_id)
    query = select(who, func.max(Comment.author)).where(
        *_visible(job, internal=with_internal), Comment.parent_id.is_(None), who.is_not(None)
    )
    return sorted(
        ((id_, name) for id_, name in db.session.execute(query.group_by(who))), key=lambda each: each[1].casefold()
    )


def _visible(job: Job, *, internal: bool) -> list[ColumnElement[bool]]:
    return [Comment.job_id == job.id, *([] if internal else [Comment.is_internal.is_(False)])]


def _with_authors() -> Any:
    return select(Comment).options(
        joinedload(Comment.user).load_only(User.name, User.email, User.role),
        joinedload(Comment.reviewer).options(load_only(Reviewer.name, Reviewer.email), lazyload(Reviewer.link)),
    )


def _replies(roots: Sequence[Comment]) -> dict[str | None, list[Comment]]:
    found: dict[str | None, list[Comment]] = {}
    if roots:
        query = _with_authors().where(Comment.parent_id.in_([root.id for root in roots]))
        for each in db.session.scalars(query.order_by(Comment.created_at, Comment.id)):
            found.setdefault(each.parent_id, []).append(each)
    return found


def _take_numbers(roots: Sequence[Comment]) -> dict[str | None, int]:
    ids = {take_id for root in roots for take_id in (root.take_id, root.answered_take_id) if take_id}
    if not ids:
        return {}
    query = select(Take.id, Take.number).where(Take.id.in_(ids))
    return dict(db.session.execute(query).all())
