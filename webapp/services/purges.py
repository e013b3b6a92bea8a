"""Purges: an admin ends the record of a storyboard; a line that is chained to the one before says so for good."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from webapp.errors import Conflict, Forbidden, Invalid
from webapp.extensions import db, let_go, transaction
from webapp.models import Job, Purge, utcnow
from webapp.services import archive, chain, commitments, erasing, events, retries, storyboards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from webapp.models import User
    from webapp.schemas.purges import PurgeDraft

FORMAT = "slate-purge/1"


def purge(person: User, job: Job, draft: PurgeDraft) -> Purge:
    """End the record of a storyboard somebody decided on and keep one line about it.

    From the line's transaction on nobody finds the storyboard; its rows go in short transactions after it. Where that
    is broken off, `finish` goes on.

    Raises:
        Forbidden: this person is no admin.
        Conflict: nobody decided on it, so there is no record to keep: it can be deleted.
        Invalid: on `title` when what was typed is not its title.
    """
    job_id = job.id
    with transaction():
        must_be_allowed(person)
        if not archive.is_decided(job):
            raise Conflict("Nobody decided on this storyboard.", hint="Delete it instead: it has no record to purge.")
        if _words(draft.title) != _words(job.title):
            raise Invalid(fields={"title": f"Type the title exactly as it is: {job.title}"})
        line = note(person, job, draft.reason)
        retries.stop_all(person, job)
        job.purged_at = utcnow()
        job.archived_at = job.archived_at or job.purged_at
        job.touch()
    erasing.erase_in_batches(Job.id == job_id)
    return line


def note(person: User, job: Job, reason: str) -> Purge:
    """Write the line of a purge, in the transaction that takes the record away or marks it as gone."""
    last = db.session.scalars(select(Purge).order_by(Purge.sequence.desc()).limit(1)).first()
    line = Purge(
        sequence=last.sequence + 1 if last else 1,
        job_id=job.id,
        title=job.title,
        head=job.event_head,
        lines=events.count(job),
        decisions=archive.count_decisions(job),
        reason=reason,
        user_id=person.id,
        actor=person.name,
        created_at=utcnow(),
        previous_hash=last.hash if last else "",
    )
    commitments.seal(line)
    line.hash = line_hash(line)
    db.session.add(line)
    db.session.flush()
    return line


def finish() -> None:
    """Erase what is left of storyboards whose purge was broken off."""
    let_go()
    erasing.erase_in_batches(Job.purged_at.is_not(None))


def must_be_allowed(person: User) -> None:
    """Refuse to end a record to whoever is no admin. Raises Forbidden."""
    if not person.may_manage:
        raise Forbidden("Only admins purge the record of a storyboard.", hint="Ask an admin.")


def everything() -> Sequence[Purge]:
    """Return all lines, the newest first."""
    return db.session.scalars(select(Purge).order_by(Purge.sequence.desc())).all()


def of_job(job_id: str) -> Purge | None:
    """Return the line about a storyboard, None when its record was never purged."""
    return db.session.scalars(select(Purge).where(Purge.job_id == job_id).limit(1)).first()


def contains(head: str) -> bool:
    """Say whether a hash is that of a line."""
    return db.session.scalar(select(Purge.id).where(Purge.hash == head).limit(1)) is not None


def count() -> int:
    """Return how many lines there are."""
    return db.session.scalar(select(func.count()).select_from(Purge)) or 0


def faults() -> Iterator[str]:
    """Say in words where the lines are not what was written, or a storyboard is gone without one."""
    previous, number = "", 0
    for number, line in enumerate(reversed(everything()), 1):
        what = f"purge {number} (“{line.title}”)"
        if line.sequence != number:
            yield f"{what} is numbered {line.sequence}: a line is missing, added or moved"
        if line.previous_hash != previous:
            yield f"{what} does not follow the line before it"
        if line.hash != line_hash(line):
            yield f"{what} does not say what was written: its hash differs"
        if not commitments.holds(line):
            yield f"{what} names somebody else than it was written with"
        previous = line.hash
    known = select(Purge.job_id)
    for job in db.session.scalars(select(Job).where(Job.purged_at.is_not(None), Job.id.not_in(known))):
        yield f"storyboard {job.id} (“{job.title}”) is marked as purged, but no line tells of it"


def line_hash(line: Purge) -> str:
    """Return the SHA-256 of a line, 64 hex digits."""
    document = {
        "format": FORMAT,
        "previous": line.previous_hash,
        "sequence": line.sequence,
        "job": line.job_id,
        "title": line.title,
        "head": line.head,
        "lines": line.lines,
        "decisions": line.decisions,
        "reason": line.reason,
        "by": line.commitment,
        "at": chain.moment(line.created_at),
    }
    return hashlib.sha256(storyboards.canonical(document)).hexdigest()


def _words(title: str) -> str:
    return " ".join(title.split())
