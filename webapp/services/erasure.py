"""Erases a person for good: their name, e-mail and browsers go, what they did and decided stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from webapp.errors import Forbidden, Invalid, NotFound
from webapp.extensions import db, transaction
from webapp.models import (
    AccessLink,
    ApiKey,
    Comment,
    Decision,
    Event,
    Job,
    Notice,
    Purge,
    Reviewer,
    ReviewerBrowser,
    SignIn,
    User,
    Version,
    new_id,
    utcnow,
)
from webapp.models.user import ERASED_DOMAIN
from webapp.services import commitments, events, people, throttles
from webapp.services.commitments import ERASED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

KIND = "erased"
"""The kind of line that tells of it; its details list the commitments whose names are gone."""


@dataclass(slots=True)
class Erased:
    """What was done: rows of the record whose name is gone, and those from before 0.2 that cannot lose it."""

    jobs: int = 0
    rows: int = 0
    named: int = 0
    """Lines and decisions whose own hash covers the name: without it the chain could not be checked any more."""

    @property
    def sentence(self) -> str:
        """Say what could not be erased; empty: nothing."""
        if not self.named:
            return ""
        lines = "line" if self.named == 1 else "lines"
        return f"{self.named} {lines} of the record from before version 0.2 keep the name: their hashes cover it."


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody as the rows know them: by account, as reviewers of links, by e-mail."""

    email: str
    users: Sequence[User]
    reviewers: Sequence[Reviewer]

    @property
    def user_ids(self) -> list[str]:
        return [user.id for user in self.users]

    @property
    def reviewer_ids(self) -> list[str]:
        return [reviewer.id for reviewer in self.reviewers]

    def is_in(self, model: type[Event | Comment | Decision]) -> ColumnElement[bool]:
        return or_(model.user_id.in_(self.user_ids), model.reviewer_id.in_(self.reviewer_ids))


def by_email(email: str, *, by: User | None = None) -> Erased:
    """Erase whoever has this e-mail address: an account, guests of review links, or both.

    `by` is the admin who does it; None: whoever runs the command line. Each storyboard they had a part in gets a line
    that says so, so that `slate verify` can tell an erased name from one that somebody removed.

    Raises:
        NotFound: nobody has this address, or the person who asks is no admin.
        Forbidden: it is the admin's own account.
        Conflict: it is the only admin who can sign in.
    """
    email, erased, done = people.address_of(email), Erased(), set()
    for job_id in _job_ids(_allowed(email, by)):
        with transaction():
            _erase_in(job_id, _allowed(email, by), erased, by)
        done.add(job_id)
    with transaction():
        person = _allowed(email, by)
        for job_id in set(_job_ids(person)) - done:  # what they did meanwhile
            _erase_in(job_id, person, erased, by)
        _erase_elsewhere(person)
    return erased


def confirmed(admin: User, who: User, typed: str) -> Erased:
    """Erase a person whose address the admin typed to confirm. Raises Invalid for another one, else as `by_email`."""
    if people.address_of(typed) != who.email:
        raise Invalid(fields={"email": f"Type {who.email} to confirm."})
    return by_email(typed, by=admin)


def _allowed(email: str, by: User | None) -> _Person:
    """Return who is to be erased, as the rows know them now. Raises as `by_email` does."""
    if by is not None and not by.may_manage:
        raise NotFound
    person = _find(email)
    if by is not None and by.id in person.user_ids:
        raise Forbidden("You cannot erase your own account.", hint="Ask another admin.")
    for user in person.users:
        people.need_another_admin(user)
    return person


def _find(email: str) -> _Person:
    users = db.session.scalars(select(User).where(User.email == email)).all()
    theirs = [user.id for user in users]
    guests = select(Reviewer).where(or_(Reviewer.email == email, Reviewer.user_id.in_(theirs)))
    reviewers = db.session.scalars(guests).unique().all()
    if not users and not reviewers:
        raise NotFound(f"Nobody here has the address {email}.", hint="`slate user list` shows the accounts.")
    return _Person(email, users, reviewers)


def _job_ids(person: _Person) -> Sequence[str]:
    lines = select(Event.job_id).where(person.is_in(Event), Event.job_id.is_not(None))
    decided = select(Decision.job_id).where(or_(person.is_in(Decision), Decision.email == person.email))
    return db.session.scalars(select(Job.id).where(or_(Job.id.in_(lines), Job.id.in_(decided))).order_by(Job.id)).all()


def _erase_in(job_id: str, person: _Person, erased: Erased, by: User | None) -> None:
    """Take the name from the record of one job (inside the caller's transaction)."""
    job = db.session.get(Job, job_id)
    if job is None:  # deleted meanwhile
        return
    lines = select(Event).where(Event.job_id == job_id, person.is_in(Event)).order_by(Event.id)
    theirs = or_(person.is_in(Decision), Decision.email == person.email)
    decided = select(Decision).where(Decision.job_id == job_id, theirs).order_by(Decision.sequence)
    rows: list[Event | Decision] = [*db.session.scalars(lines), *db.session.scalars(decided)]
    erased.named += sum(row.commitment is None for row in rows)
    open_rows = [row for row in rows if row.commitment and not commitments.is_erased(row)]
    if not open_rows:
        return
    for row in open_rows:
        commitments.erase(row)
    gone = [row.commitment for row in open_rows]
    events.record(job, KIND, "erased a person from the record", by=by, commitments=gone)
    job.touch(layout=True)
    erased.jobs += 1
    erased.rows += len(gone)


def _erase_elsewhere(person: _Person) -> None:
    """Take the name from purges and all that is not hashed: comments, versions, inboxes, review links, the account."""
    names = {user.name for user in person.users} | {reviewer.name for reviewer in person.reviewers if reviewer.name}
    for line in db.session.scalars(select(Purge).where(Purge.user_id.in_(person.user_ids))):
        commitments.erase(line)
    comments = person.is_in(Comment)
    db.session.execute(update(Comment).where(comments).values(author=ERASED))
    db.session.execute(update(Comment).where(Comment.answered_by.in_(names)).values(answered_by=ERASED))
    db.session.execute(update(Version).where(Version.user_id.in_(person.user_ids)).values(made_by=ERASED))
    db.session.execute(update(Notice).where(Notice.actor.in_(names)).values(actor=ERASED))
    db.session.execute(delete(ReviewerBrowser).where(ReviewerBrowser.reviewer_id.in_(person.reviewer_ids)))
    for reviewer in person.reviewers:
        reviewer.name, reviewer.email = ERASED, ""
    for model in (SignIn, AccessLink, ApiKey):
        db.session.execute(delete(model).where(model.user_id.in_(person.user_ids)))
    throttles.forget_networks(person.email)
    for user in person.users:
        people.need_another_admin(user)
        user.name, user.email = ERASED, new_id() + ERASED_DOMAIN
        user.password_hash, user.wants_mail = None, False
        user.deactivated_at = user.deactivated_at or utcnow()
