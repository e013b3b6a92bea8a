"""What became of a storyboard's review, in words: who approved what, who is waited for, what changed since."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Approval, Decision, DecisionKind, Scene
from webapp.services import decisions, versions
from webapp.services.changes import Changes
from webapp.services.standings import Standing, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from webapp.models import Job

PAST = {
    DecisionKind.APPROVE: "Approved",
    DecisionKind.REQUEST_CHANGES: "Changes requested",
    DecisionKind.REJECT: "Rejected",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where the decision about a storyboard stands."""

    title: str
    """Approved, Rejected, Changes requested, Round 2, v4 approved."""
    text: str
    more: str = ""
    """What follows the reason: how far the others are."""
    standing: Standing
    decision: Decision | None = None
    """The one it is about; None while nobody has decided."""
    since_approval: Changes = field(default_factory=Changes)
    """What is different from what was approved last, while the storyboard is not approved (any more)."""

    @property
    def reason(self) -> str:
        """Return the words of a request for changes or a rejection."""
        said = self.decision is not None and self.decision.kind != DecisionKind.APPROVE
        return self.decision.reason if self.decision and said else ""


def of(job: Job, board: Sequence[Scene]) -> Outcome:
    """Say where the decision about a board stands."""
    history = [each for each in decisions.history(job) if each.kind != DecisionKind.REOPEN]
    last = history[0] if history else None
    settled = next((each for each in history if each.is_final), None)
    standing = decisions.standing(job)
    since = _since(job, settled, board)
    if job.is_frozen and settled is not None:
        return Outcome(
            title=PAST[DecisionKind(settled.kind)], text=_by(settled, history), standing=standing, decision=settled
        )
    if job.approval == Approval.CHANGES_REQUESTED and last is not None:
        asked = next((each for each in history if each.kind != DecisionKind.APPROVE), last)
        more = f"{standing.approved} of {standing.total} approved" if standing.approved else ""
        return Outcome(
            title="Changes requested",
            text=_by(asked, [asked]),
            more=more,
            standing=standing,
            decision=asked,
            since_approval=since,
        )
    if settled is not None and settled.version is not None and _is_latest(job, settled):
        title = f"v{settled.version.number} {PAST[DecisionKind(settled.kind)].lower()}"
        changes = decisions.changes_since(settled, board, ratio=job.ratio)
        tail = f"; changed since: {changes}" if changes else ", nothing changed since"
        return Outcome(
            title=title,
            text=f"{_by(settled, history)}{tail}",
            standing=standing,
            decision=settled,
            since_approval=since,
        )
    text, sent = standing.sentence or _quiet(job, last, board), versions.sent(job)
    title = f"Round {decisions.round_number(job, at=sent)}"
    return Outcome(title=title, text=text, standing=standing, decision=last, since_approval=since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The last decision that settled a storyboard, and what changed since it was approved."""

    decision_id: str
    since_approval: Changes


def settlements(found: Iterable[Job]) -> dict[str, Settlement]:
    """Return by job id how storyboards were settled last, in two queries for any number of them."""
    jobs = {job.id: job for job in found}
    query = select(Decision).where(Decision.job_id.in_(jobs), Decision.is_final)
    rows = db.session.scalars(query.order_by(Decision.sequence)) if jobs else ()
    settled = {decision.job_id: decision for decision in rows}
    boards: dict[str, list[Scene]] = {job_id: [] for job_id, each in settled.items() if _is_past(jobs[job_id], each)}
    scenes = select(Scene).where(Scene.job_id.in_(boards), Scene.deleted_at.is_(None)).order_by(Scene.position)
    for scene in db.session.scalars(scenes) if boards else ():
        boards[scene.job_id].append(scene)
    return {
        job_id: Settlement(decision_id=each.id, since_approval=_since(jobs[job_id], each, boards.get(job_id, ())))
        for job_id, each in settled.items()
    }


def _is_past(job: Job, settled: Decision) -> bool:
    """Say whether a storyboard was approved and is not any more."""
    return settled.kind == DecisionKind.APPROVE and job.approval != Approval.APPROVED


def _since(job: Job, settled: Decision | None, board: Sequence[Scene]) -> Changes:
    if settled is None or not _is_past(job, settled):
        return Changes()
    return decisions.changes_since(settled, board, ratio=job.ratio)


def _is_latest(job: Job, settled: Decision) -> bool:
    """Say whether nothing was sent after the version that this decision settled."""
    sent = versions.sent(job)
    return sent is None or settled.version is None or sent.number <= settled.version.number


def _by(decision: Decision, history: Iterable[Decision]) -> str:
    """Name who decided so about the same version: “by Ben Berg and Cleo (Legal)”."""
    names: dict[tuple[str, str], None] = {}
    for each in sorted(history, key=lambda each: each.sequence):
        if each.version_id == decision.version_id and each.kind == decision.kind:
            names[each.decided_by, each.link_name] = None
    return "by " + join([f"{name} ({link})" if link and link != name else name for name, link in names])


def _quiet(job: Job, last: Decision | None, board: Sequence[Scene]) -> str:
    """Say what there is to say when nobody was asked through a link."""
    if last is None:
        return "Nobody has decided yet"
    since = {"approve": "approval", "request_changes": "the last round", "reject": "rejection"}[last.kind]
    changes = decisions.changes_since(last, board, ratio=job.ratio)
    return f"Changed since {since}: {changes}" if changes else "Nothing changed since the last decision"
