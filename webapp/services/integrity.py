"""Checks the record: every history's chain, every decision's words, pictures and own hash, every frozen board."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload

from webapp.errors import NotFound
from webapp.extensions import db, let_go
from webapp.models import Approval, Decision, DecisionKind, Event, Job, Version
from webapp.services import blobs, chain, chunks, commitments, decisions, jobs, purges, storyboards, versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ERASED = "erased"
"""The kind of line that tells of names that were erased; its details hold their commitments."""
CHECKED_ON_PAGES = 500
"""Lines of a history that a page checks by itself: some milliseconds. Longer ones are for `slate verify`."""
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, SQLAlchemyError)
"""What reading a row raises that somebody filled with what no program of ours writes: one such row hides no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at in one job's record, and what is wrong with it."""

    job_id: str
    title: str
    lines: int
    decisions: int
    faults: tuple[str, ...]
    erased: int = 0
    """Lines and decisions whose person was erased since."""


def job_ids() -> Sequence[str]:
    """Return the ids of all jobs, the oldest first."""
    kept = select(Job.id).where(Job.purged_at.is_(None))
    return db.session.scalars(kept.order_by(Job.created_at, Job.id)).all()


def find(job_id: str) -> Job:
    """Return a job for the command line, which may see all of them. Raises NotFound."""
    job = db.session.get(Job, job_id)
    if job is None or job.purged_at is not None:
        if (line := purges.of_job(job_id)) is not None:
            raise NotFound(f"The record of “{line.title}” was purged on {line.created_at:%Y-%m-%d}: {line.reason}")
        raise NotFound("There is no such storyboard.", hint="The id is the last part of its address, after /jobs/.")
    return job


def reports(job_id: str = "") -> Iterator[Report]:
    """Check one job, or all of them one after the other; each is read as it was at one moment."""
    for each in [find(job_id).id] if job_id else job_ids():
        let_go()
        db.session.expire_all()
        try:
            job = db.session.get(Job, each)
            if job is not None:  # else deleted meanwhile
                yield report(job)
        except UNREADABLE:
            let_go()
            wrong = "the record cannot be read: something in it is not what Slate writes"
            yield Report(job_id=each, title="", lines=0, decisions=0, faults=(wrong,))


def report(job: Job) -> Report:
    """Check a job's whole record: history, decisions, the frozen board."""
    events = db.session.scalars(select(Event).where(Event.job_id == job.id).order_by(Event.id)).all()
    decided = _decisions(job)
    found = [
        *chain.faults(job, events),
        *(fault for each in decided for fault in _decision_faults(each)),
        *_picture_faults(decided),
        *_unsealed(events, decided),
        *_erased_in_silence(events, decided),
        *_board_faults(job, decided),
    ]
    return Report(
        job_id=job.id,
        title=job.title,
        lines=len(events),
        decisions=len(decided),
        faults=tuple(found),
        erased=sum(map(commitments.is_erased, events)) + sum(map(commitments.is_erased, decided)),
    )


def document(job: Job, number: int | None = None) -> bytes:
    """Return the canonical storyboard of a version, or of the board as it stands.

    Raises:
        NotFound: the job has no such version.
    """
    if number is None:
        return storyboards.document((scene.take for scene in jobs.scenes(job)), job.named_ratio)
    return versions.document(versions.find(job, number))


def contains(head: str, job: Job | None = None) -> bool:
    """Say whether a hash that was written down is that of a line: of the job's history, else of any or of a purge."""
    head = head.strip().lower()
    lines = select(Event.id).where(Event.hash == head)
    if job is not None:
        return db.session.scalar(lines.where(Event.job_id == job.id).limit(1)) is not None
    return db.session.scalar(lines.limit(1)) is not None or purges.contains(head)


def _decisions(job: Job) -> Sequence[Decision]:
    """Return a job's decisions, the oldest first, each with all words of its version."""
    query = (
        select(Decision)
        .where(Decision.job_id == job.id)
        .order_by(Decision.sequence)
        .options(selectinload(Decision.version).selectinload(Version.scenes))
    )
    return db.session.scalars(query).all()


def _decision_faults(decision: Decision) -> Iterator[str]:
    """Say where the words that a decision is bound to are not those it was about."""
    what = f"decision {decision.id} ({decision.kind} by {decision.decided_by})"
    version = decision.version
    if version is None:
        yield f"{what}: its version is missing"
        return
    what = f"{what}, v{version.number}"
    hashes = {each.scene_id: storyboards.scene_hash(each.take) for each in version.scenes}
    if sha256(versions.document(version)).hexdigest() != decision.content_hash:
        then = decision.scene_hashes
        numbers = [str(each.position) for each in version.scenes if then.get(each.scene_id) != hashes[each.scene_id]]
        where = f" (scene {', '.join(numbers)})" if numbers else ""
        yield f"{what}: the words of the version are not those decided on{where}"
    if version.content_hash != decision.content_hash:
        yield f"{what}: the version names another hash than the decision"
    if hashes.keys() != decision.scene_hashes.keys():
        yield f"{what}: scenes of the version are missing or added"


def _picture_faults(decided: Sequence[Decision]) -> Iterator[str]:
    """Say which pictures that a decision was about are no longer the bytes that were drawn."""
    intact: dict[str, bool] = {}
    for version in {each.version.number: each.version for each in decided if each.version}.values():
        for scene in version.scenes:
            frame = scene.frame
            for blob_id in (frame.board_blob_id, frame.plain_blob_id, frame.thumbnail_blob_id) if frame else ():
                if blob_id not in intact:
                    blob = blobs.find(blob_id)
                    intact[blob_id] = blob is not None and chunks.is_intact(blob.sha256, blob.size_bytes)
                if not intact[blob_id]:
                    yield f"v{version.number}: the picture of scene {scene.position} is damaged or gone"
                    break


def _unsealed(events: Sequence[Event], decided: Sequence[Decision]) -> Iterator[str]:
    """Say which decisions differ from the line of the history that carries their hash, or have no such line."""
    lines = {event.details["decision"]: event for event in events if "decision" in event.details}
    for decision in decided:
        event = lines.pop(decision.id, None)
        what = f"decision {decision.id} ({decision.kind} by {decision.decided_by})"
        if event is None:
            yield f"{what}: no line of the history tells of it"
        elif event.details.get("record") != chain.decision_hash(decision) or not commitments.holds(decision):
            yield f"{what}: it is not as line {event.sequence} (event {event.id}) recorded it"
        elif decision.sequence != event.sequence:
            yield f"{what}: it says line {decision.sequence} tells of it, but line {event.sequence} does"
        elif decision.version and event.details.get("ratio", decision.version.ratio) != decision.version.ratio:
            yield f"{what}: its version has another format than line {event.sequence} (event {event.id}) recorded"
        elif event.details.get("named_version") != decision.named_version:
            yield f"{what}: whether it named a version is not as line {event.sequence} (event {event.id}) recorded it"
    for event in lines.values():
        yield f"line {event.sequence} (event {event.id}, {event.kind}): the decision it tells of is missing"


def _erased_in_silence(events: Sequence[Event], decided: Sequence[Decision]) -> Iterator[str]:
    """Say which names are gone though no line of the history tells that somebody was erased."""
    told = {each for event in events if event.kind == ERASED for each in event.details.get("commitments", ())}
    for event in events:
        if commitments.is_erased(event) and event.commitment not in told:
            yield f"line {event.sequence} (event {event.id}): its name is gone, and no line says that it was erased"
    for decision in decided:
        if commitments.is_erased(decision) and decision.commitment not in told:
            yield f"decision {decision.id} ({decision.kind}): its name is gone, and no line says that it was erased"


def _board_faults(job: Job, decided: Sequence[Decision]) -> Iterator[str]:
    """Say whether an approved or rejected board is no longer the one that was decided on, or no longer frozen."""
    settled = [each for each in decided if each.is_final or each.kind == DecisionKind.REOPEN]
    if not job.is_frozen:
        # a guest's decision freezes only a board that is still the version they saw; one by an account always does
        last = settled[-1] if settled else None
        if last is not None and last.kind != DecisionKind.REOPEN and not last.link_name:
            yield f"the board is open, but nobody reopened it since {last.decided_by} decided ({last.kind})"
        return
    kind = DecisionKind.APPROVE if job.approval == Approval.APPROVED else DecisionKind.REJECT
    if not settled or settled[-1].kind != kind:
        yield f"the board is {job.approval}, but no decision says so"
    elif changed := decisions.changes_since(settled[-1], jobs.scenes(job), ratio=job.ratio):
        yield f"the board is {job.approval}, but it is not what was decided on: {changed}"
