"""The hash chain of a job's history: the canonical bytes of a line, its hash, and what is wrong with a chain."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from webapp.services import commitments, storyboards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from webapp.models import Decision, Event, Job

EVENT_FORMAT = "slate-event/2"
DECISION_FORMAT = "slate-decision/2"
NAMED_EVENT_FORMAT = "slate-event/1"
"""Lines from before 0.2: they hash the name itself. They stay as they are, since all later hashes rest on theirs."""
NAMED_DECISION_FORMAT = "slate-decision/1"


def line(event: Event) -> bytes:
    """Return the canonical bytes of one line of a history, the hash of the line before it included."""
    return storyboards.canonical(
        {
            "format": NAMED_EVENT_FORMAT if event.commitment is None else EVENT_FORMAT,
            "previous": event.previous_hash,
            "job": event.job_id,
            "sequence": event.sequence,
            "actor": event.actor if event.commitment is None else event.commitment,
            "kind": event.kind,
            "text": event.text,
            "details": event.details,
            "scene": event.scene_id,
            "at": moment(event.created_at),
        }
    )


def line_hash(event: Event) -> str:
    """Return the SHA-256 of a line, 64 hex digits."""
    return hashlib.sha256(line(event)).hexdigest()


def decision_hash(decision: Decision) -> str:
    """Return the SHA-256 of all that a decision says, 64 hex digits; the line that tells of it carries it.

    What the database forgets with an account or a link (their ids) is no part of it. Names and addresses are, by their
    commitment.
    """
    version = decision.version
    document: dict[str, Any] = {
        **_who(decision),
        "id": decision.id,
        "job": decision.job_id,
        "kind": decision.kind,
        "reason": decision.reason,
        "link": decision.link_name,
        "version": version.number if version else None,
        "content": decision.content_hash,
        "scenes": [[scene_id, digest] for scene_id, digest in decision.scene_hashes.items()],
        "final": decision.is_final,
        "at": moment(decision.created_at),
    }
    return hashlib.sha256(storyboards.canonical(document)).hexdigest()


def _who(decision: Decision) -> dict[str, str]:
    if decision.commitment is not None:
        return {"format": DECISION_FORMAT, "by": decision.commitment}
    return {
        "format": NAMED_DECISION_FORMAT,
        "by": decision.decided_by,
        "email": decision.email,
        "user_agent": decision.user_agent,
    }


def moment(at: datetime) -> str:
    """Write a time so that it is the same before and after the database: 2026-11-22T20:13:00.123456Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def faults(job: Job, events: Sequence[Event]) -> Iterator[str]:
    """Say in words where a job's history, all of its lines, oldest first, is not what was written."""
    previous = ""
    for number, event in enumerate(events, 1):
        if event.sequence != number:
            yield f"line {number} (event {event.id}) is numbered {event.sequence}: a line is missing, added or moved"
        if event.previous_hash != previous:
            yield f"line {number} (event {event.id}) does not follow the line before it"
        if event.hash != line_hash(event):
            yield f"line {number} (event {event.id}, {event.kind}) does not say what was written: its hash differs"
        if not commitments.holds(event):
            yield f"line {number} (event {event.id}, {event.kind}) names somebody else than it was written with"
        previous = event.hash
    if job.event_head != previous:
        yield f"the history ends at line {len(events)}, but the job's head is another line: lines are missing or added"
