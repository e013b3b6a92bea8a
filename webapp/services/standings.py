"""Who was asked to approve the version that was sent, and what each of them said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Allows, ApprovalRule, Decision, DecisionKind, Reviewer, ReviewLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from webapp.models import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody whose approval was asked for: a named reviewer, or whoever comes through a link."""

    label: str
    """The reviewer's name, or the link's."""
    verdict: str = ""
    """What they said last of the version: approve, request_changes or reject; empty: nothing yet."""
    by: str = ""
    """Who said it, where the party is a link."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the approval of the version that was sent last is."""

    rule: str
    """any or all, see `ApprovalRule`."""
    asked: tuple[Party, ...] = ()
    is_complete: bool = False
    """Everybody has approved it whose approval is needed."""
    is_disputed: bool = False
    """The last word of somebody about it is not an approval."""

    @property
    def approved(self) -> int:
        """Return how many of those asked approved it."""
        return len(_labels(self.asked, DecisionKind.APPROVE))

    @property
    def total(self) -> int:
        """Return how many were asked."""
        return len(self.asked)

    @property
    def waiting_for(self) -> list[str]:
        """Return who has not said anything yet, by name; nobody once it is complete."""
        return [] if self.is_complete else _labels(self.asked, "")

    @property
    def sentence(self) -> str:
        """Say it in words: “2 of 3 approved, waiting for Legal”. Empty when nobody was asked."""
        if not self.asked:
            return ""
        parts = [f"{self.approved} of {self.total} approved"]
        if against := _labels(self.asked, DecisionKind.REQUEST_CHANGES):
            parts.append(f"changes asked for by {join(against)}")
        if against := _labels(self.asked, DecisionKind.REJECT):
            parts.append(f"rejected by {join(against)}")
        if self.waiting_for:
            one = self.rule == ApprovalRule.ANY and self.total > 1
            parts.append("one is enough" if one else f"waiting for {join(self.waiting_for)}")
        return ", ".join(parts)


def standing(job: Job) -> Standing:
    """Return who was asked about the version sent last and what they said of it.

    Asked are the named reviewers of each link that is in force and allows deciding; a link without any counts as one
    party by its own name. What somebody says later about the same version replaces what they said before.
    """
    parties, decisions = _parties(job), _decisions(job)
    asked = tuple(_party(label, key, decisions) for key, label in parties)
    last = _last_words(decisions)
    approvals = [each for each in last if each.kind == DecisionKind.APPROVE]
    if job.approval_rule == ApprovalRule.ALL:
        complete = bool(asked) and all(each.verdict == DecisionKind.APPROVE for each in asked)
    else:
        complete = bool(approvals)
    return Standing(rule=job.approval_rule, asked=asked, is_complete=complete, is_disputed=len(approvals) < len(last))


def _parties(job: Job) -> list[tuple[tuple[str, str], str]]:
    """Return those asked as ((link id, reviewer id or nothing), label), in the order the links were made."""
    query = (
        select(ReviewLink.id, ReviewLink.name, Reviewer.id, Reviewer.name, Reviewer.email)
        .outerjoin(Reviewer, (Reviewer.link_id == ReviewLink.id) & Reviewer.is_named)
        .where(
            ReviewLink.job_id == job.id,
            ReviewLink.allows == Allows.DECIDE,
            ReviewLink.open_ones(),
        )
        .order_by(ReviewLink.created_at, ReviewLink.id, Reviewer.created_at, Reviewer.name, Reviewer.id)
    )
    return [
        ((link_id, reviewer_id or ""), (name or email if reviewer_id else link))
        for link_id, link, reviewer_id, name, email in db.session.execute(query)
    ]


def _decisions(job: Job) -> Sequence[tuple[Decision, str | None]]:
    """Return the decisions about the version sent last, newest first, each with the link it came through."""
    if job.sent_version_id is None:
        return []
    query = (
        select(Decision, Reviewer.link_id)
        .outerjoin(Reviewer, Reviewer.id == Decision.reviewer_id)
        .where(Decision.version_id == job.sent_version_id, Decision.kind != DecisionKind.REOPEN)
        .order_by(Decision.sequence.desc())
    )
    return [(decision, link_id) for decision, link_id in db.session.execute(query)]


def _party(label: str, key: tuple[str, str], decisions: Iterable[tuple[Decision, str | None]]) -> Party:
    link_id, reviewer_id = key
    for decision, through in decisions:
        if decision.reviewer_id == reviewer_id or (not reviewer_id and through == link_id):
            return Party(label=label, verdict=decision.kind, by=decision.decided_by, at=decision.created_at)
    return Party(label=label)


def _last_words(decisions: Iterable[tuple[Decision, str | None]]) -> list[Decision]:
    """Return the last decision of each person."""
    last: dict[str | None, Decision] = {}
    for decision, _ in decisions:
        last.setdefault(decision.reviewer_id or decision.user_id or decision.id, decision)
    return list(last.values())


def _labels(asked: Iterable[Party], verdict: str) -> list[str]:
    return [party.label for party in asked if party.verdict == verdict]


def join(names: Sequence[str]) -> str:
    """Join names as people do; more than three are counted."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
