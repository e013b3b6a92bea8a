"""Decisions: approve, ask for changes, reject, reopen; each bound to the hash of the exact words it was about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from webapp.errors import Conflict, Forbidden, Invalid
from webapp.extensions import db, transaction
from webapp.models import (
    Allows,
    Approval,
    Decision,
    DecisionKind,
    Job,
    Reviewer,
    User,
    VersionKind,
    new_id,
    utcnow,
)
from webapp.services import (
    animatics,
    chain,
    changes,
    commitments,
    events,
    jobs,
    looks,
    notices,
    storyboards,
    throttles,
    versions,
)
from webapp.services.standings import Party, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Scene, Version
    from webapp.schemas.decisions import DecisionDraft

__all__ = [
    "Party", "Standing", "changes_since", "content_hash", "decide", "decide_as_guest", "history", "latest",
    "may_reopen", "reopen", "round_number", "standing",
]  # fmt: skip

PER_GUEST = throttles.Budget(30, 3600)
"""Decisions of one guest in an hour: one may change one's mind, and not fill the record."""
SIGNED = 120
"""Characters of who decided that are kept."""
USER_AGENT = 300
"""Characters of what a browser says of itself that are kept."""
WORDS = {
    DecisionKind.APPROVE: "approved the storyboard",
    DecisionKind.REQUEST_CHANGES: "asked for changes",
    DecisionKind.REJECT: "rejected the storyboard",
}


def content_hash(board: Sequence[Scene], ratio: str = "") -> str:
    """Return the SHA-256 of a whole storyboard as it stands, see `storyboards`; `ratio` is its `named_ratio`."""
    return storyboards.content_hash((scene.take for scene in board), ratio)


def history(job: Job) -> Sequence[Decision]:
    """Return a job's decisions, the newest first."""
    return db.session.scalars(
        select(Decision).where(Decision.job_id == job.id).order_by(Decision.sequence.desc())
    ).all()


def latest(job: Job) -> Decision | None:
    """Return the last decision, None while nobody has decided."""
    return db.session.scalars(
        select(Decision).where(Decision.job_id == job.id).order_by(Decision.sequence.desc()).limit(1)
    ).first()


def changes_since(decision: Decision, board: Sequence[Scene], *, ratio: str = "") -> changes.Changes:
    """Compare the storyboard (and its format, when given) with the one a decision was about."""
    reformatted = bool(ratio and decision.version and decision.version.ratio != ratio)
    if decision.content_hash == content_hash(board, decision.version.named_ratio if decision.version else ""):
        return changes.Changes(reformatted=reformatted)
    return changes.compare(decision.scene_hashes, board, reformatted=reformatted)


def round_number(job: Job, *, at: Version | None = None) -> int:
    """Return the round of review now, or when a version was kept: one more than the storyboards asked to be changed.

    A rejection that settled nothing had it written anew, so it counts as well.
    """
    anew = (Decision.kind == DecisionKind.REJECT) & Decision.is_final.is_(False)
    asked = select(func.count(Decision.content_hash.distinct())).where(
        Decision.job_id == job.id, (Decision.kind == DecisionKind.REQUEST_CHANGES) | anew
    )
    if at is not None:
        asked = asked.where(Decision.sequence <= at.sequence)
    return (db.session.scalar(asked) or 0) + 1


def decide(person: User, job: Job, draft: DecisionDraft, *, user_agent: str = "", settles: bool = True) -> Decision:
    """Record a decision about the storyboard as the person saw it; approving and rejecting freeze the board.

    It settles the matter at once, whoever else was asked. One that does not settle it (`settles`) is the rejection of
    somebody who has the storyboard written anew: it asks for changes, in stronger words, and leaves the board open.

    Raises:
        Conflict: it is frozen already, or still being written.
        StaleBoard: it is not the one the person looked at (`draft.seen`).
        VersionNeeded: the person does not say which one they looked at, and may not edit.
        Invalid: a request for changes or a rejection without a reason.
    """
    kind = _kind(draft)
    with transaction():
        board = jobs.scenes(job)
        must_be_decidable(job, board)
        looks.must_be_at(person, job, board, draft.seen)
        version = _version(job, board, person)
        decision = _record(job, kind, draft.reason, person, version, user_agent, person.name)
        decision.named_version = bool(draft.seen)
        decision.is_final = settles and kind != DecisionKind.REQUEST_CHANGES
        _set_approval(job, kind if decision.is_final else DecisionKind.REQUEST_CHANGES)
        _tell(job, decision, person)
    return decision


def must_be_decidable(job: Job, board: Sequence[Scene]) -> None:
    """Refuse a decision about a board that is frozen, empty, or being written. Raises Conflict."""
    job.must_be_open()
    job.must_be_idle()
    if not board:
        raise Conflict("There is no storyboard to decide on yet.", hint="Let the writing finish first.")
    if any(scene.is_redoing for scene in board):
        raise Conflict("A scene is being written right now.", hint="Wait a few seconds and look at it first.")


def decide_as_guest(reviewer: Reviewer, version: Version, draft: DecisionDraft, *, user_agent: str = "") -> Decision:
    """Record what somebody without an account decides about the version that was sent to them.

    The board follows once everybody has approved whose approval is needed, and only while it still says what that
    version says; else the decision stands for the version alone. The same form sent twice counts once.

    Raises:
        Conflict: the version is not the one sent last, the link does not allow deciding (any more), the reviewer has
            not said who they are, or the storyboard is approved or rejected already.
        VersionNeeded, StaleBoard: the form does not carry that version's hash (`draft.seen`).
        Invalid: a request for changes or a rejection without words (`reason`), an approval without the typed name
            (`signature`).
        TooMany: thirty decisions within an hour.
    """
    kind, reviewer_id, version_id = _kind(draft), reviewer.id, version.id
    if kind == DecisionKind.APPROVE and not draft.signature:
        raise Invalid("Type your name to approve.", fields={"signature": "Type your name to approve."})
    throttles.spend(f"decisions:{reviewer_id}", *PER_GUEST)
    with transaction():
        job, here = _asked(reviewer_id, version_id)
        before = _sent_twice(here, version_id, kind, draft)
        if before is not None:
            return before
        _must_be_undecided(job)
        looks.must_be_at_version(version, draft.seen)
        sent = versions.sent(job)
        if sent is None:  # for the types: _asked has seen that it is there
            raise Conflict("This version was not sent for review.")
        name = _signed(here, draft.signature) if kind == DecisionKind.APPROVE else here.name
        decision = _record(job, kind, draft.reason, here, sent, user_agent, name)
        decision.named_version = True
        db.session.flush()
        _follow(job, decision, sent)
        _tell(job, decision, here)
    return decision


def reopen(person: User, job: Job) -> Decision:
    """Let an approved or rejected storyboard be changed again; the decision stays on record.

    Raises:
        Forbidden: the person neither edits nor made the decision themselves.
        Conflict: it is open already.
    """
    with transaction():
        must_be_reopenable(person, job)
        last = latest(job)
        job.approval = Approval.NONE
        animatics.drop(job)
        version = last.version if last and last.version else _version(job, jobs.scenes(job), person)
        decision = _record(job, DecisionKind.REOPEN, "", person, versions.find(job, version.number), "", person.name)
        _note(job, decision, person, "reopened", "reopened the storyboard")
    return decision


def must_be_reopenable(person: User, job: Job) -> None:
    """Refuse to reopen what is open, or what somebody else decided. Raises Conflict, Forbidden."""
    job.must_be_in_use()
    if not job.is_frozen:
        raise Conflict("This storyboard is open already.")
    if not may_reopen(person, latest(job)):
        raise Forbidden("Only editors, or whoever decided, may reopen a storyboard.", hint="Ask one of them.")


def may_reopen(person: User, decision: Decision | None) -> bool:
    """Say whether this person may take a final decision back: an editor, or whoever made it."""
    return person.may_edit or (decision is not None and decision.user_id == person.id)


def is_still(job: Job, version: Version, board: Sequence[Scene]) -> bool:
    """Say whether the board shows what a version shows: the same words in the same format."""
    return version.ratio == job.ratio and version.content_hash == content_hash(board, version.named_ratio)


def _kind(draft: DecisionDraft) -> DecisionKind:
    """Return what was decided. Raises Invalid for a no without words."""
    kind = DecisionKind(draft.kind)
    if kind != DecisionKind.APPROVE and not draft.reason:
        raise Invalid(
            "Say what should be different.", fields={"reason": "Say what should be different, one line is enough."}
        )
    return kind


def _version(job: Job, board: Sequence[Scene], person: User) -> Version:
    """Return the version that was sent when the board is still that one, else keep the board as a new version."""
    sent = versions.sent(job)
    if sent is not None and is_still(job, sent, board):
        return sent
    return versions.keep(job, VersionKind.DECIDED, by=person)


def _asked(reviewer_id: str, version_id: str) -> tuple[Job, Reviewer]:
    """Return the job and the reviewer as they are now. Raises Conflict when this reviewer may not decide on it."""
    reviewer = db.session.get(Reviewer, reviewer_id)
    link = reviewer.link if reviewer else None
    if reviewer is None or link is None or not link.is_open:
        raise Conflict("This link is not in force any more.", hint="Ask whoever sent it to you for a new one.")
    if link.allows != Allows.DECIDE:
        raise Conflict("This link is for looking and commenting.", hint="Ask whoever sent it to you for one to decide.")
    if not reviewer.name or (link.named_only and not reviewer.is_named):
        raise Conflict("Say who you are first.", hint="Give your name, then decide.")
    if link.job.sent_version_id != version_id:
        raise Conflict("A newer version was sent meanwhile.", hint="Look at that one, then decide.")
    return link.job, reviewer


def _sent_twice(reviewer: Reviewer, version_id: str, kind: DecisionKind, draft: DecisionDraft) -> Decision | None:
    """Return the job's last decision when this is the very same one once more: a double click, a repeated request."""
    last = latest(reviewer.link.job)
    same = last is not None and (last.reviewer_id, last.version_id, last.kind, last.reason) == (
        reviewer.id, version_id, kind, draft.reason,
    )  # fmt: skip
    return last if same else None


def _signed(reviewer: Reviewer, signature: str) -> str:
    """Return who an approval is by: the name as typed, behind that of a known reviewer who typed another one."""
    is_known = reviewer.is_named or reviewer.user_id is not None
    is_own = " ".join(signature.casefold().split()) == " ".join(reviewer.name.casefold().split())
    return signature if is_own or not is_known else f"{reviewer.name}, signed “{signature}”"[:SIGNED]


def _must_be_undecided(job: Job) -> None:
    """Refuse a decision about what is decided, in words for somebody who cannot reopen it."""
    if job.is_frozen:
        raise Conflict(f"This storyboard is {job.approval} already.", hint="Ask whoever sent it to you to reopen it.")


def _follow(job: Job, decision: Decision, version: Version) -> None:
    """Let the job follow a guest's decision, as far as it is about the board as it is and nobody else is needed."""
    now = standing(job)
    unchanged = not job.is_running and is_still(job, version, jobs.scenes(job))
    if decision.kind == DecisionKind.APPROVE:
        decision.is_final = now.is_complete
        if now.is_complete and unchanged:
            _set_approval(job, DecisionKind.APPROVE)
        elif job.approval == Approval.CHANGES_REQUESTED and not now.is_disputed:
            job.approval = Approval.NONE
    else:
        decision.is_final = decision.kind == DecisionKind.REJECT
        _set_approval(job, DecisionKind.REJECT if decision.is_final and unchanged else DecisionKind.REQUEST_CHANGES)


def _set_approval(job: Job, kind: DecisionKind) -> None:
    job.approval = {
        DecisionKind.APPROVE: Approval.APPROVED,
        DecisionKind.REQUEST_CHANGES: Approval.CHANGES_REQUESTED,
        DecisionKind.REJECT: Approval.REJECTED,
    }[kind]
    if kind == DecisionKind.APPROVE:
        # a stopped or failed board that somebody approves is as complete as it needs to be
        job.error, job.hint = "", ""
        animatics.begin(job)


def _record(  # noqa: PLR0913 - a record has that many sides
    job: Job, kind: DecisionKind, reason: str, by: User | Reviewer, version: Version, user_agent: str, name: str
) -> Decision:
    decision = Decision(
        id=new_id(),
        job_id=job.id,
        kind=kind,
        reason=reason,
        user_id=by.id if isinstance(by, User) else None,
        reviewer_id=by.id if isinstance(by, Reviewer) else None,
        version=version,
        decided_by=name,
        email=by.email,
        link_name=by.link.name if isinstance(by, Reviewer) else "",
        user_agent=user_agent[:USER_AGENT],
        content_hash=version.content_hash,
        scene_hashes={each.scene_id: storyboards.scene_hash(each.take) for each in version.scenes},
        is_final=False,
        sequence=events.count(job) + 1,
        created_at=utcnow(),
    )
    commitments.seal(decision)
    db.session.add(decision)
    return decision


def _tell(job: Job, decision: Decision, by: User | Reviewer) -> None:
    number = decision.version.number if decision.version else 0
    said = f": {decision.reason}" if decision.reason else ""
    unnamed = "" if decision.named_version else ", named no version"
    text = f"{WORDS[DecisionKind(decision.kind)]} (v{number}{unnamed}){said}"
    _note(job, decision, by, decision.kind, text)
    notices.tell(job, notices.DECISION, text, by=by, anchor="job-dock")


def _note(job: Job, decision: Decision, by: User | Reviewer, kind: str, text: str) -> None:
    """Write the line of the history that carries the decision's own hash, so that the record cannot be changed."""
    record, ratio = chain.decision_hash(decision), decision.version.ratio if decision.version else ""
    named: dict[str, Any] = {} if decision.named_version is None else {"named_version": decision.named_version}
    line = events.record(
        job, kind, text, by=by, decision=decision.id, record=record, hash=decision.content_hash, ratio=ratio, **named
    )
    decision.sequence = line.sequence or 0
    job.touch(layout=True)
