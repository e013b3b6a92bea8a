"""Jobs with all that belongs to them, read for many at once; and the cheapest way to see that one is unchanged."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import String, bindparam, cast, func, select, type_coerce

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Asset, Client, Decision, Job, JobAsset, Scene, Take
from webapp.services import matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

    from webapp.models import User


class Stamp(NamedTuple):
    """Name a job as it is at a moment: as long as its stamp is the same, all that is said of it is the same."""

    job_id: str
    revision: int
    """Grows with what people see of the board: words, order, frames, decisions, comments."""
    updated_at: str
    """For what is written into the row alone, such as its cost."""
    client_updated_at: str
    """For the client's own pace of speaking, which says how words fit."""
    campaign_id: str | None
    """Goes when the campaign does, which touches no row but its own."""
    assets: str
    """When one changed last, how many it has, and how many of those have a campaign and a maker."""


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One job with what belongs to it."""

    job: Job
    scenes: Sequence[Scene] = ()
    """In order, each with its take and frame."""
    links: Sequence[JobAsset] = ()
    """The brief's assets in the order they were added, each with its asset."""
    decisions: Sequence[Decision] = ()
    """The newest first."""
    candidates: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Numbers of takes that wait, by scene id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Say which jobs are wanted; what is empty does not matter."""

    client_id: str = ""
    campaign_id: str = ""
    status: str = ""
    approval: str = ""
    archived: bool | None = False
    """True: only those in the archive; None: those as well."""
    words: str = ""


# tables and bare texts: a stamp is asked for at every look and only compared; the ORM and dates would double its cost
_jobs, _clients, _links_of, _assets = (each.__table__.c for each in (Job, Client, JobAsset, Asset))
_OF_JOB = (_links_of.job_id == _jobs.id) & (_links_of.asset_id == _assets.id)
_HELD = (_assets.id, _assets.campaign_id, _assets.user_id)


def _of_assets() -> ColumnElement[str]:
    """Put counts and time into one text with ||: concat_ws wants SQLite 3.44."""
    stamp: ColumnElement[str] = func.coalesce(type_coerce(func.max(_assets.updated_at), String), "")
    for each in _HELD:
        stamp = stamp.concat(" ").concat(cast(func.count(each), String))
    return stamp


_STAMPS: Select[Any] = select(
    _jobs.id,
    _jobs.revision,
    type_coerce(_jobs.updated_at, String).label("updated_at"),
    type_coerce(_clients.updated_at, String).label("client_updated_at"),
    _jobs.campaign_id,
    select(_of_assets()).where(_OF_JOB).correlate(Job.__table__).scalar_subquery(),
).where(_clients.id == _jobs.client_id, _jobs.purged_at.is_(None))
_ONE = _STAMPS.where(_jobs.id == bindparam("job_id"))


def stamp(person: User, job_id: str) -> Stamp:
    """Return the stamp of a job this person may see, in one query.

    Raises:
        NotFound: there is no such job.
    """
    row = db.session.execute(_ONE, {"job_id": job_id}).one_or_none() if person.is_active else None
    if row is None:
        raise NotFound("This storyboard does not exist any more.", hint="It may have been deleted.")
    return Stamp._make(row)


def page(person: User, wanted: Filter, *, limit: int, offset: int) -> tuple[list[Stamp], int]:
    """Return the stamps of a page of the jobs this person may see, the newest first, and how many there are in all."""
    conditions = _conditions(wanted) if person.is_active else [_jobs.id.is_(None)]
    query = _STAMPS.where(*conditions).order_by(_jobs.created_at.desc(), _jobs.id).limit(limit).offset(offset)
    found = [Stamp._make(row) for row in db.session.execute(query)]
    if not offset and len(found) < limit:
        return found, len(found)
    count = select(func.count()).where(_clients.id == _jobs.client_id, _jobs.purged_at.is_(None), *conditions)
    return found, db.session.scalar(count) or 0


def of(job_ids: Iterable[str]) -> dict[str, Dossier]:
    """Return jobs with what belongs to them by id, in five queries however many they are; those gone are left out.

    All of it is read anew, so that it is never older than a stamp that was asked for before.
    """
    ids = list(job_ids)
    if not ids:
        return {}
    scenes, links, decisions = _scenes(ids), _links(ids), _decisions(ids)
    candidates = _candidates(ids)
    return {
        job.id: Dossier(
            job=job,
            scenes=scenes[job.id],
            links=links[job.id],
            decisions=decisions[job.id],
            candidates=candidates[job.id],
        )
        for job in _anew(select(Job).where(Job.id.in_(ids)))
    }


def _conditions(wanted: Filter) -> list[Any]:
    same = ("client_id", "campaign_id", "status", "approval")
    found: list[Any] = [getattr(_jobs, name) == value for name in same if (value := getattr(wanted, name))]
    if wanted.archived is not None:
        found.append(_jobs.archived_at.is_not(None) if wanted.archived else _jobs.archived_at.is_(None))
    return found + list(matching.matches(wanted.words, _jobs.title, _jobs.product, _clients.name))


def _scenes(ids: list[str]) -> dict[str, list[Scene]]:
    query = select(Scene).where(Scene.job_id.in_(ids), Scene.deleted_at.is_(None)).order_by(Scene.position)
    return _grouped(_anew(query))


def _links(ids: list[str]) -> dict[str, list[JobAsset]]:
    query = select(JobAsset).where(JobAsset.job_id.in_(ids)).order_by(JobAsset.id)
    return _grouped(_anew(query))


def _decisions(ids: list[str]) -> dict[str, list[Decision]]:
    query = select(Decision).where(Decision.job_id.in_(ids)).order_by(Decision.sequence.desc())
    return _grouped(_anew(query))


def _candidates(ids: list[str]) -> dict[str, dict[str, list[int]]]:
    query = (
        select(Scene.job_id, Take.scene_id, Take.number)
        .join(Scene, Scene.id == Take.scene_id)
        .where(Scene.job_id.in_(ids), Scene.deleted_at.is_(None), Take.waiting.is_(True))
        .order_by(Take.number)
    )
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for job_id, scene_id, number in db.session.execute(query):
        found[job_id][scene_id].append(number)
    return found


def _anew(query: Select[Any]) -> Iterable[Any]:
    """Read rows as they are now; the session may hold them as an earlier transaction left them."""
    return db.session.scalars(query.execution_options(populate_existing=True))


def _grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.job_id].append(row)
    return found
