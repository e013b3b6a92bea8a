"""Decisions: approve, ask for changes, reject, reopen; each bound to the hash of the exact words it was about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from webapp.errors import Conflict, Forbidden, Invalid
from webapp.extensions import db, transaction
from webapp.models import Approval, Decision, DecisionKind, JobStatus
from webapp.services import events, jobs, storyboards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene, User
    from webapp.schemas.scenes import DecisionDraft

OUTCOMES = {
    DecisionKind.APPROVE: (Approval.APPROVED, "approved the storyboard"),
    DecisionKind.REQUEST_CHANGES: (Approval.CHANGES_REQUESTED, "asked for changes"),
    DecisionKind.REJECT: (Approval.REJECTED, "rejected the storyboard"),
}


def content_hash(board: Sequence[Scene]) -> str:
    """Return the SHA-256 of a whole storyboard as it stands, see `storyboards`."""
    return storyboards.content_hash(scene.take for scene in board)


def history(job: Job) -> Sequence[Decision]:
    """Return a job's decisions, the newest first."""
    return db.session.scalars(
        select(Decision).where(Decision.job_id == job.id).order_by(Decision.created_at.desc(), Decision.id)
    ).all()


def latest(job: Job) -> Decision | None:
    """Return the last decision, None while nobody has decided."""
    return db.session.scalars(
        select(Decision).where(Decision.job_id == job.id).order_by(Decision.created_at.desc(), Decision.id).limit(1)
    ).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different from the words a decision was about."""

    numbers: tuple[int, ...]
    """Scenes, by their present numbers, that are new or say something else."""
    deleted: int
    reordered: bool

    def __bool__(self) -> bool:
        return bool(self.numbers or self.deleted or self.reordered)


def changes_since(decision: Decision, board: Sequence[Scene]) -> Changes:
    """Compare the storyboard with the one a decision was about."""
    then, now = decision.scene_hashes, {scene.id: scene for scene in board}
    return Changes(
        numbers=tuple(scene.position for scene in board if then.get(scene.id) != storyboards.scene_hash(scene.take)),
        deleted=sum(1 for scene_id in then if scene_id not in now),
        reordered=[each for each in then if each in now] != [each for each in now if each in then],
    )


def round_number(job: Job) -> int:
    """Return the round of review: one more than the times changes were asked for."""
    asked = select(func.count()).where(Decision.job_id == job.id, Decision.kind == DecisionKind.REQUEST_CHANGES)
    return (db.session.scalar(asked) or 0) + 1


def decide(person: User, job: Job, draft: DecisionDraft) -> Decision:
    """Record a decision about the storyboard as the person saw it; approving and rejecting freeze the board.

    Raises:
        Conflict: it is frozen already, still being written, or changed since the person looked at it.
        Invalid: a request for changes or a rejection without a reason.
    """
    kind = DecisionKind(draft.kind)
    if kind != DecisionKind.APPROVE and not draft.reason:
        raise Invalid(
            "Say what should be different.", fields={"reason": "Say what should be different, one line is enough."}
        )
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        board = jobs.scenes(job)
        if not board:
            raise Conflict("There is no storyboard to decide on yet.", hint="Let the writing finish first.")
        if any(scene.is_redoing for scene in board):
            raise Conflict("A scene is being written right now.", hint="Wait a few seconds and look at it first.")
        now = content_hash(board)
        if draft.seen and draft.seen != now:
            raise Conflict(
                "The storyboard changed while you were looking at it.", hint="Have another look, then decide."
            )
        job.approval, words = OUTCOMES[kind]
        if kind == DecisionKind.APPROVE:
            # a stopped or failed board that somebody approves is as complete as it needs to be
            job.status, job.error, job.hint = JobStatus.STORYBOARD_READY, "", ""
        decision = _record(person, job, kind, draft.reason, board, now)
        said = f": {draft.reason}" if draft.reason else ""
        events.record(job, kind, f"{words}{said}", by=person, hash=now)
        job.touch(layout=True)
    return decision


def reopen(person: User, job: Job) -> Decision:
    """Let an approved or rejected storyboard be changed again; the decision stays on record.

    Raises:
        Forbidden: the person neither edits nor made the decision themselves.
        Conflict: it is open already.
    """
    with transaction():
        if not job.is_frozen:
            raise Conflict("This storyboard is open already.")
        if not may_reopen(person, latest(job)):
            raise Forbidden("Only editors, or whoever decided, may reopen a storyboard.", hint="Ask one of them.")
        job.approval = Approval.NONE
        board = jobs.scenes(job)
        decision = _record(person, job, DecisionKind.REOPEN, "", board, content_hash(board))
        events.record(job, "reopened", "reopened the storyboard", by=person)
        job.touch(layout=True)
    return decision


def may_reopen(person: User, decision: Decision | None) -> bool:
    """Say whether this person may take a final decision back: an editor, or whoever made it."""
    return person.may_edit or (decision is not None and decision.user_id == person.id)


def _record(  # noqa: PLR0913 - a record has that many sides
    person: User, job: Job, kind: DecisionKind, reason: str, board: Sequence[Scene], digest: str
) -> Decision:
    decision = Decision(
        job_id=job.id,
        kind=kind,
        reason=reason,
        user_id=person.id,
        decided_by=person.name,
        content_hash=digest,
        scene_hashes={scene.id: storyboards.scene_hash(scene.take) for scene in board},
    )
    db.session.add(decision)
    return decision
