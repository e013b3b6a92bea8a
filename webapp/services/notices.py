"""What lands in people's inboxes: who is told of what, and what they have read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select, union, update

from webapp.errors import NotFound
from webapp.extensions import db, delete_rows, transaction
from webapp.models import Comment, Decision, Job, Notice, Scene, Take, User, utcnow
from webapp.services import mail
from webapp.services.paging import Page, paged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement

    from webapp.models import Reviewer

MENTION, COMMENT, DECISION, FAILURE, REVIEW = "mention", "comment", "decision", "failure", "review"
"""What a notice can be about; a mention is a comment that names somebody."""
TEXT = 500
"""Longest text, in characters: what a row holds."""
KEPT_READ = timedelta(days=90)
"""Read notices are kept so long; unread ones until somebody reads them."""
PER_PAGE = 30


def tell(  # noqa: PLR0913 - what happened, who did it, whom to tell, where it leads
    job: Job,
    kind: str,
    text: str,
    *,
    by: User | Reviewer | None = None,
    to: Iterable[User] | None = None,
    scene: Scene | None = None,
    anchor: str = "",
) -> None:
    """Put a line into people's inboxes, in the transaction of what happened.

    Without `to` everybody who has to do with the job is told: who made it, edited, decided or commented. Whoever did it
    is never told, nor is anybody whose account is closed. `text` follows the name of who did it (“commented on scene 3:
    …”); what is longer than 500 characters is cut. `anchor` is the element of the board it leads to; a scene's own when
    only `scene` is given.
    """
    anchor = anchor or (f"scene-{scene.id}" if scene else "")
    text = text if len(text) <= TEXT else f"{text[: TEXT - 1]}…"
    for person in audience(job) if to is None else to:
        if person.is_active and not (isinstance(by, User) and by.id == person.id):
            _put(person, Notice(job_id=job.id, kind=kind, actor=by.name if by else "", text=text, anchor=anchor))


def audience(job: Job) -> Sequence[User]:
    """Return everybody active who made a job, wrote takes of its scenes, decided or commented on it, by name."""
    edited = select(Take.user_id).join(Scene, Take.scene_id == Scene.id).where(Scene.job_id == job.id)
    decided = select(Decision.user_id).where(Decision.job_id == job.id)
    commented = select(Comment.user_id).where(Comment.job_id == job.id, Comment.deleted_at.is_(None))
    involved = union(edited, decided, commented).subquery()
    theirs = (User.id == job.user_id) | User.id.in_(select(involved.c.user_id).where(involved.c.user_id.is_not(None)))
    return db.session.scalars(select(User).where(theirs, User.deactivated_at.is_(None)).order_by(User.name)).all()


def maker(job: Job) -> list[User]:
    """Return who made a job, for `tell(…, to=…)`; nobody when they are not known any more."""
    found = db.session.get(User, job.user_id) if job.user_id else None
    return [found] if found else []


def unread(person: User) -> int:
    """Count what somebody has not read."""
    mine = (*_of(person), Notice.read_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Notice).where(*mine)) or 0


def of_person(person: User, *, only_unread: bool = False, page: int = 1) -> Page[Notice]:
    """Return one page of somebody's inbox, newest first."""
    mine = _of(person)
    if only_unread:
        mine.append(Notice.read_at.is_(None))
    order = (Notice.created_at.desc(), Notice.id)
    ids = select(Notice.id).where(*mine).order_by(*order)
    return paged(select(Notice).order_by(*order), ids, page, PER_PAGE)


def find(person: User, notice_id: str) -> Notice:
    """Return one's own notice. Raises NotFound, also for somebody else's."""
    found = db.session.get(Notice, notice_id)
    if found is None or found.user_id != person.id:
        raise NotFound
    return found


def read(person: User, notice_id: str) -> Notice:
    """Mark one's own notice as read and return it. Raises NotFound."""
    notice = find(person, notice_id)
    if notice.read_at is None:
        with transaction():
            notice = find(person, notice_id)
            notice.read_at = notice.read_at or utcnow()
    return notice


def read_all(person: User) -> None:
    """Mark everything in somebody's inbox as read."""
    with transaction():
        mine = update(Notice).where(*_of(person), Notice.read_at.is_(None))
        db.session.execute(mine.values(read_at=utcnow()), execution_options={"synchronize_session": False})


def purge() -> int:
    """Delete what was read long ago; returns how many."""
    return delete_rows(Notice, Notice.read_at < utcnow() - KEPT_READ)


def _of(person: User) -> list[ColumnElement[bool]]:
    """Return the conditions for somebody's notices, without those about archived storyboards."""
    return [Notice.user_id == person.id, ~exists().where(Job.id == Notice.job_id, Job.archived_at.is_not(None))]


def _put(person: User, notice: Notice) -> None:
    """Add a notice unless this transaction told this person of the very same thing; a mention beats a comment."""
    told = _told()
    key = (person.id, notice.job_id, notice.actor, notice.anchor)
    twin = told.get(key) if notice.anchor and notice.kind in (MENTION, COMMENT) else None
    if twin is not None:
        if notice.kind == MENTION and twin.kind == COMMENT:
            twin.kind, twin.text = MENTION, notice.text
        return
    notice.user_id = person.id
    db.session.add(notice)
    if notice.kind in (MENTION, COMMENT):
        told[key] = notice
    mail.gather(person, notice)


def _told() -> dict[Any, Notice]:
    """Return what the transaction that is open now has told of comments."""
    session = db.session()
    now = session.get_transaction()
    if session.info.get("told", (None,))[0] is not now:
        session.info["told"] = (now, {})
    told: dict[Any, Notice] = session.info["told"][1]
    return told
