"""The certificate of a decision: exactly what was decided on, by whom, and whether it still stands."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Approval, Decision, DecisionKind, Event, Version
from webapp.services import decisions, events, jobs, review_board, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job
    from webapp.services.changes import Changes
    from webapp.services.review_board import ReviewBoard


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Everything a certificate says."""

    job: Job
    decision: Decision
    board: ReviewBoard
    """The version, with its scenes and pictures."""
    others: tuple[Decision, ...]
    """What others decided about the same version, the oldest first."""
    is_intact: bool
    """The version's words still have the hash that was decided on."""
    changes: Changes
    """What the storyboard says otherwise by now."""
    line: Event | None
    """The line of the history that tells of the decision; its hash seals the decision."""
    head: Event | None
    """The last line of the history."""

    @property
    def version(self) -> Version:
        """Return the version that was decided on."""
        return self.board.version

    @property
    def is_in_force(self) -> bool:
        """Say whether the storyboard is still frozen by what was decided here."""
        word = {DecisionKind.APPROVE: Approval.APPROVED, DecisionKind.REJECT: Approval.REJECTED}
        return self.is_intact and not self.changes and self.job.approval == word.get(DecisionKind(self.decision.kind))

    @property
    def state(self) -> str:
        """Say how it is now: “Unchanged since”, “Changed since: scenes 2, 5”."""
        if not self.is_intact:
            return "The words on record are not those that were decided on"
        if self.changes:
            return f"Changed since: {self.changes}"
        return "Unchanged since" if self.is_in_force else "Unchanged since, and open for changes"


def find(job: Job, decision_id: str) -> Decision:
    """Return one of a job's decisions with its version and all its scenes.

    Raises:
        NotFound: the job has no such decision, or its version is gone.
    """
    query = select(Decision).where(Decision.id == decision_id, Decision.job_id == job.id)
    found = db.session.scalar(query.options(selectinload(Decision.version).selectinload(Version.scenes)))
    if found is None or found.version is None:
        raise NotFound("This storyboard has no such decision.")
    return found


def of(job: Job, decision: Decision) -> Certificate:
    """Return the certificate of a decision, as `find` gave it."""
    if decision.version is None:
        raise NotFound("The version that was decided on is gone.")
    history = events.of_job(job, limit=1)
    return Certificate(
        job=job,
        decision=decision,
        board=review_board.of_version(decision.version),
        others=_others(decision),
        is_intact=sha256(versions.document(decision.version)).hexdigest() == decision.content_hash,
        changes=decisions.changes_since(decision, jobs.scenes(job), ratio=job.ratio),
        line=_line(job, decision),
        head=history[0] if history else None,
    )


def _others(decision: Decision) -> tuple[Decision, ...]:
    query = select(Decision).where(
        Decision.version_id == decision.version_id, Decision.id != decision.id, Decision.kind != DecisionKind.REOPEN
    )
    found: Sequence[Decision] = db.session.scalars(query.order_by(Decision.sequence)).all()
    return tuple(found)


def _line(job: Job, decision: Decision) -> Event | None:
    line = db.session.scalar(select(Event).where(Event.job_id == job.id, Event.sequence == decision.sequence))
    return line if line is not None and line.details.get("decision") == decision.id else None
