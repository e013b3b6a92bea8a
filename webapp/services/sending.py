"""Send for review: the board as it is becomes the version that review links show. Warnings never keep it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from webapp.errors import Conflict
from webapp.extensions import db, transaction
from webapp.models import Approval, Decision, DecisionKind, Job, VersionKind
from webapp.services import decisions, events, jobs, notices, storyboards, versions
from webapp.services.changes import Changes, compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Scene, User, Version
    from webapp.schemas.sending import SendDraft

NAME = 120
"""Longest name of a version, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent last, and what became of it."""

    version: Version
    round: int
    changes: Changes
    """What the board says otherwise since."""
    is_open: bool
    """It waits for a decision."""


REOPENED = exists().where(
    Decision.job_id == Job.id, Decision.version_id == Job.sent_version_id, Decision.kind == DecisionKind.REOPEN
)
"""Somebody took back what was decided about the version sent last: it waits to be sent again."""


def send(person: User, job: Job, draft: SendDraft) -> Version:
    """Keep the board as a version, and let it be what everybody with a review link sees from now on.

    Raises:
        StoryboardFrozen: it is approved or rejected.
        Conflict: scenes are being written, there are none, or they changed since the person looked (`seen`).
    """
    with transaction():
        board = jobs.scenes(job)
        must_be_sendable(job, board)
        if draft.seen and draft.seen != decisions.content_hash(board, job.named_ratio):
            raise Conflict("The storyboard changed while you were looking.", hint="Have another look, then send it.")
        version = versions.keep(job, VersionKind.SENT, name=draft.name or suggested_name(job), by=person)
        version.note = draft.note
        job.sent_version_id = version.id
        job.approval_rule = draft.approval_rule
        job.approval = Approval.NONE
        text = f"sent v{version.number} for review: {version.name}"
        events.record(
            job, "sent", text, by=person, version=version.number, hash=version.content_hash,
            note=draft.note, approval_rule=draft.approval_rule,
        )  # fmt: skip
        notices.tell(job, notices.REVIEW, text, by=person)
        job.touch()
    return version


def must_be_sendable(job: Job, board: Sequence[Scene]) -> None:
    """Refuse what cannot go out.

    Raises:
        StoryboardFrozen: it is approved or rejected.
        Conflict: scenes are being written, or there are none.
    """
    job.must_be_open()
    job.must_be_idle()
    if not any(scene.take for scene in board):
        raise Conflict("There are no scenes to send yet.", hint="Let the writing finish, or add a scene.")
    busy = [str(scene.position) for scene in board if scene.is_redoing]
    if busy:
        which = f"Scene {busy[0]} is" if len(busy) == 1 else f"Scenes {', '.join(busy)} are"
        raise Conflict(f"{which} being written right now.", hint="Wait for it and look at it first, or stop it.")


def suggested_name(job: Job) -> str:
    """Return the name of the next version to send: “Sent to Fjell Coffee, round 2”."""
    after = f", round {decisions.round_number(job)}"
    return f"Sent to {job.client.name}"[: NAME - len(after)] + after


def latest(job: Job, board: Sequence[Scene]) -> Sent | None:
    """Return what was sent last and what changed since; None when nothing ever was."""
    version = versions.sent(job)
    if version is None:
        return None
    return Sent(
        version=version,
        round=decisions.round_number(job, at=version),
        changes=changes_since(version, job, board),
        is_open=job.approval == Approval.NONE and not _is_reopened(job),
    )


def changes_since(version: Version, job: Job, board: Sequence[Scene]) -> Changes:
    """Compare a version (with its scenes) with the board."""
    if decisions.is_still(job, version, board):
        return Changes()
    then = {each.scene_id: storyboards.scene_hash(each.take) for each in version.scenes}
    return compare(then, board, reformatted=version.ratio != job.ratio)


def _is_reopened(job: Job) -> bool:
    return db.session.scalar(select(Job.id).where(Job.id == job.id, REOPENED)) is not None
