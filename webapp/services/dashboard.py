"""What is going on: storyboards by state, what waits for somebody, what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager, lazyload

from webapp.extensions import db
from webapp.models import Approval, Campaign, Client, Event, Job, JobStatus, Scene, Take, User
from webapp.services import jobs, outcomes, paging, sending

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WAITING_SHOWN = 6
EVENTS_SHOWN = 6
STRIP_FRAMES = 5


@dataclass(frozen=True)
class JobState:
    """Say where a storyboard stands: `word` for people, `tone` for the badge that shows it, `key` for URLs."""

    key: str
    word: str
    tone: str


WRITING = JobState("writing", "Writing", "writing")
READY = JobState("ready", "Ready for review", "ready")
REVIEW = JobState("review", "In review", "in_review")
CHANGES = JobState("changes", "Changes requested", "changes_requested")
REJECTED = JobState("rejected", "Rejected", "rejected")
APPROVED = JobState("approved", "Approved", "approved")
FAILED = JobState("failed", "Failed", "failed")
STOPPED = JobState("stopped", "Stopped", "stopped")
ARCHIVED = JobState("archived", "Archived", "archived")
"""No state of the work: whatever it is, the storyboard is out of the lists."""
STATES = (WRITING, READY, REVIEW, CHANGES, REJECTED, APPROVED, FAILED, STOPPED)

FOR_EDITORS = (CHANGES, REJECTED, FAILED, STOPPED)
FOR_REVIEWERS = (READY, REVIEW)

_BY_STATUS = {
    JobStatus.PENDING: WRITING,
    JobStatus.STORYBOARD_PROCESSING: WRITING,
    JobStatus.FAILED: FAILED,
    JobStatus.CANCELLED: STOPPED,
}
_BY_APPROVAL = {
    Approval.APPROVED: APPROVED,
    Approval.CHANGES_REQUESTED: CHANGES,
    Approval.REJECTED: REJECTED,
}
# the same rule as `state`, for the database to filter and count by
_KEY = case(
    *((Job.status == status, found.key) for status, found in _BY_STATUS.items()),
    *((Job.approval == approval, found.key) for approval, found in _BY_APPROVAL.items()),
    (Job.sent_version_id.is_not(None) & ~sending.REOPENED, REVIEW.key),
    else_=READY.key,
)


def state(job: Job, *, reopened: bool = False) -> JobState:
    """Say where a storyboard stands: what the writer does counts before what people decided.

    `reopened`: somebody took back what was decided about the version sent last, so nobody is asked about it any more.
    """
    undecided = REVIEW if job.sent_version_id and not reopened else READY
    return _BY_STATUS.get(JobStatus(job.status)) or _BY_APPROVAL.get(Approval(job.approval)) or undecided


@dataclass(frozen=True)
class FrameThumb:
    """Name a picture small enough for a card."""

    scene_id: str
    frame_id: str


@dataclass(frozen=True)
class JobCard:
    """Hold what a card shows; `duration_ms` is what the scenes add up to, else what the brief asks for."""

    job: Job
    state: JobState
    scenes: int
    duration_ms: int
    frames: Sequence[FrameThumb]
    """The first few, in order."""
    settlement: outcomes.Settlement | None = None
    """How it was approved or rejected last, and what changed since; None: never."""


@dataclass(frozen=True)
class Happening:
    """Hold one line of the recent activity; the title is the storyboard's."""

    event: Event
    title: str


def listed(person: User, *conditions: Any, archived: bool = False) -> Select[Job]:  # noqa: ARG001 - all, so far
    """Select the storyboards this person may see, in use or in the archive, the latest change first."""
    place = Job.archived_at.is_not(None) if archived else Job.archived_at.is_(None)
    return (
        select(Job)
        .join(Job.client)
        .outerjoin(Job.campaign)
        .options(contains_eager(Job.client), contains_eager(Job.campaign).options(lazyload(Campaign.client)))
        .where(place, Job.purged_at.is_(None), *conditions)
        .order_by(Job.updated_at.desc(), Job.id)
    )


def job_page(query: Select[Job], page: int = 1, per_page: int = paging.PER_PAGE) -> paging.Page[JobCard]:
    """Return one page of a query for storyboards, as cards."""
    found = paging.paged(query, query.with_only_columns(Job.id), page, per_page)
    return paging.Page(cards(found.rows), found.total, found.page, found.per_page)


def of_client(person: User, client: Client, page: int = 1, *, archived: bool = False) -> paging.Page[JobCard]:
    """Return a client's storyboards, in use or in the archive."""
    return job_page(listed(person, Job.client_id == client.id, archived=archived), page)


def of_campaign(person: User, campaign: Campaign, page: int = 1) -> paging.Page[JobCard]:
    """Return a campaign's storyboards."""
    return job_page(listed(person, Job.campaign_id == campaign.id), page)


def of_everybody(person: User, state_key: str = "", page: int = 1) -> paging.Page[JobCard]:
    """Return the storyboards of all clients that are not archived; `state_key` keeps those of one state.

    ARCHIVED stands for the archive, that of archived clients too.
    """
    if state_key == ARCHIVED.key:
        return job_page(listed(person, archived=True), page)
    chosen = [state_key == _KEY] if state_key in {each.key for each in STATES} else []
    return job_page(listed(person, Client.archived_at.is_(None), *chosen), page)


def find_card(person: User, job_id: str) -> JobCard:
    """Return the card of one storyboard.

    Raises:
        NotFound: there is none, or none this person may see.
    """
    return cards([jobs.find(person, job_id)])[0]


def counts(person: User) -> dict[str, int]:  # noqa: ARG001
    """Count the storyboards of each state, by the state's key; neither the archive nor archived clients count."""
    query = select(_KEY, func.count()).select_from(Job).join(Client, Client.id == Job.client_id)
    rows = db.session.execute(query.where(Client.archived_at.is_(None), Job.archived_at.is_(None)).group_by(_KEY))
    return {key: number for key, number in rows}  # noqa: C416 - a Row is not the pair that dict() is typed for


def count_archived(person: User, *conditions: Any) -> int:
    """Count the storyboards in the archive that this person may see."""
    return paging.count(listed(person, *conditions, archived=True).with_only_columns(Job.id))


def waiting(person: User) -> paging.Page[JobCard]:
    """Return what waits for this person: reviews for reviewers, what came back or broke for editors; admins both."""
    theirs: tuple[JobState, ...] = FOR_EDITORS if person.may_edit else FOR_REVIEWERS
    if person.may_manage:
        theirs = (*FOR_REVIEWERS, *FOR_EDITORS)
    keys = [each.key for each in theirs]
    return job_page(listed(person, Client.archived_at.is_(None), _KEY.in_(keys)), per_page=WAITING_SHOWN)


def recent(person: User) -> Sequence[Happening]:  # noqa: ARG001
    """Return what happened to storyboards last, newest first."""
    query = select(Event, Job.title).join(Job, Job.id == Event.job_id).where(Job.archived_at.is_(None))
    rows = db.session.execute(query.order_by(Event.id.desc()).limit(EVENTS_SHOWN))
    return [Happening(event, title) for event, title in rows]


def cards(found: Iterable[Job]) -> list[JobCard]:
    """Return the cards of these storyboards, with one query for all their scenes."""
    found = list(found)
    query = (
        select(Scene.job_id, Scene.id, Scene.frame_id, Take.duration_ms)
        .outerjoin(Take, Take.id == Scene.take_id)
        .where(Scene.job_id.in_([job.id for job in found]), Scene.deleted_at.is_(None))
        .order_by(Scene.job_id, Scene.position)
    )
    scenes: dict[str, list[Any]] = {}
    for row in db.session.execute(query) if found else ():
        scenes.setdefault(row.job_id, []).append(row)
    reopened, settled = _reopened(found), outcomes.settlements(found)
    return [
        _card(job, scenes.get(job.id, []), state(job, reopened=job.id in reopened), settled.get(job.id))
        for job in found
    ]


def _reopened(found: Iterable[Job]) -> set[str]:
    """Return those that were sent, decided on and reopened: they wait to be sent again."""
    ids = [job.id for job in found if job.sent_version_id and job.approval == Approval.NONE]
    return set(db.session.scalars(select(Job.id).where(Job.id.in_(ids), sending.REOPENED))) if ids else set()


def _card(job: Job, scenes: list[Any], state: JobState, settled: outcomes.Settlement | None) -> JobCard:
    frames = [FrameThumb(scene.id, scene.frame_id) for scene in scenes if scene.frame_id]
    length = sum(scene.duration_ms or 0 for scene in scenes) or job.duration_ms
    return JobCard(job, state, len(scenes), length, frames[:STRIP_FRAMES], settled)
