"""Decisions, where they stand, and the history, as the API says them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from webapp.services import chain
from webapp.views.api.v3.resources.base import UUID, Query

if TYPE_CHECKING:
    from webapp.models import Decision, Event, Job
    from webapp.services.standings import Party, Standing

Hash = Annotated[str, Field(description="SHA-256, 64 hex digits.")]
Verdict = Literal["approve", "request_changes", "reject"]


class DecisionResource(TypedDict):
    """What somebody decided, bound to the hash of the exact words it was about."""

    id: UUID
    jobId: UUID
    kind: Literal["approve", "request_changes", "reject", "reopen"]
    reason: str | None
    decidedBy: Annotated[str, Field(description="The name at the time; through a link as it was typed.")]
    email: str | None
    linkName: Annotated[str | None, Field(description="The review link it came through; null: an account.")]
    version: Annotated[int | None, Field(description="The number of the version it was about.")]
    contentHash: Annotated[str, Field(description="SHA-256 of that version's storyboard.json, 64 hex digits.")]
    namedVersion: Annotated[
        bool | None,
        Field(
            description="It named this hash, so somebody looked at exactly this; false: it named no version. "
            "Null: unknown (it is older than that), or a reopening."
        ),
    ]
    isFinal: Annotated[bool, Field(description="It settled the matter; else others were still to answer.")]
    userAgent: Annotated[str | None, Field(description="What the browser or program said of itself.")]
    createdAt: datetime


class PartyResource(TypedDict):
    """Somebody whose approval was asked for: a named reviewer, or whoever comes through a link."""

    name: str
    verdict: Annotated[Verdict | None, Field(description="What they said last; null: nothing yet.")]
    by: Annotated[str | None, Field(description="Who said it, where the party is a link.")]
    at: datetime | None


class StandingResource(TypedDict):
    """How far the approval of the version that was sent last is."""

    state: Literal["none", "approved", "changes_requested", "rejected"]
    rule: Annotated[Literal["any", "all"], Field(description="Whose approval it needs: one of those asked, or each.")]
    sentVersion: Annotated[int | None, Field(description="Null: nothing was sent for review yet.")]
    asked: list[PartyResource]
    approved: Annotated[int, Field(description="How many of those asked approved it.")]
    waitingFor: list[str]
    isComplete: Annotated[bool, Field(description="Everybody has approved it whose approval is needed.")]
    isDisputed: Annotated[bool, Field(description="The last word of somebody about it is not an approval.")]
    sentence: Annotated[str | None, Field(examples=["1 of 2 approved, waiting for Legal"])]


class EventResource(TypedDict):
    """One line of a job's history, chained to the line before it.

    `hash` is the SHA-256 of this JSON, keys sorted, without spaces, in UTF-8: {"actor", "at", "details",
    "format": "slate-event/2", "job", "kind", "previous", "scene", "sequence", "text"}; its actor is `actorCommitment`.
    Lines from before 0.2 have no commitment: their format is "slate-event/1", their actor the name or "".
    """

    sequence: Annotated[int, Field(description="From 1, contiguous.")]
    kind: str
    text: Annotated[str, Field(description="What was done, without who did it.")]
    actor: Annotated[str | None, Field(description="By name at the time; null: Slate itself.")]
    actorCommitment: Annotated[
        str | None,
        Field(
            description="Stands for the name in the hash: the SHA-256 of {email, format: slate-person/1, name, salt, "
            "user_agent}. Empty for Slate itself; null: a line from before 0.2."
        ),
    ]
    actorSalt: Annotated[str | None, Field(description="Null: Slate itself, or the person was erased since.")]
    sceneId: str | None
    details: Annotated[dict[str, Any], Field(description="Further facts, exactly as they are hashed.")]
    at: Annotated[
        str, Field(description="To the microsecond, as it is hashed.", examples=["2026-11-22T20:13:00.123456Z"])
    ]
    previousHash: Annotated[str | None, Field(description="That of the line before; null: this is the first.")]
    hash: Hash


class StoryboardQuery(Query):
    """Which storyboard is wanted."""

    version: Annotated[
        int | None, Field(ge=1, le=2**31 - 1, description="The number of a version; without it, the board as it is.")
    ] = None


def decision(found: Decision) -> DecisionResource:
    """Say a decision."""
    return {
        "id": found.id,
        "jobId": found.job_id,
        "kind": found.kind,  # type: ignore[typeddict-item]
        "reason": found.reason or None,
        "decidedBy": found.decided_by,
        "email": found.email or None,
        "linkName": found.link_name or None,
        "version": found.version.number if found.version else None,
        "contentHash": found.content_hash,
        "namedVersion": found.named_version,
        "isFinal": found.is_final,
        "userAgent": found.user_agent or None,
        "createdAt": found.created_at,
    }


def standing(job: Job, found: Standing, sent: int | None) -> StandingResource:
    """Say where the decision stands; `sent` is the number of the version that was sent last."""
    return {
        "state": job.approval,  # type: ignore[typeddict-item]
        "rule": found.rule,  # type: ignore[typeddict-item]
        "sentVersion": sent,
        "asked": [_party(each) for each in found.asked],
        "approved": found.approved,
        "waitingFor": found.waiting_for,
        "isComplete": found.is_complete,
        "isDisputed": found.is_disputed,
        "sentence": found.sentence or None,
    }


def event(found: Event) -> EventResource:
    """Say a line of the history, so that its hash can be made again from it."""
    return {
        "sequence": found.sequence or 0,
        "kind": found.kind,
        "text": found.text,
        "actor": found.actor or None,
        "actorCommitment": found.commitment,
        "actorSalt": found.salt or None,
        "sceneId": found.scene_id,
        "details": found.details,
        "at": chain.moment(found.created_at),
        "previousHash": found.previous_hash or None,
        "hash": found.hash,
    }


def _party(found: Party) -> PartyResource:
    return {
        "name": found.label,
        "verdict": found.verdict or None,  # type: ignore[typeddict-item]
        "by": found.by or None,
        "at": found.at,
    }
