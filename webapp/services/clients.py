"""The agency's clients: list, make, change, put away, take away with everything that is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy import delete as delete_rows

from webapp.errors import Invalid, NotFound
from webapp.extensions import after_commit, db, transaction
from webapp.models import Approval, Asset, AssetStatus, Campaign, Client, Job, User, utcnow
from webapp.services import archive as job_archive
from webapp.services import assets, erasing, frame_store, jobs, json_rows, matching, paging, purges

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from webapp.schemas.clients import ClientChange, ClientDraft


DEMO_DELETED = "The demo was deleted."
"""Why the record of its storyboards ended."""
_LISTED = select(Client).where(Client.archived_at.is_(None)).order_by(func.lower(Client.name), Client.id)


@dataclass(frozen=True)
class ClientStats:
    """Count what a client has, without storyboards in the archive; money in micro-dollars, booked, of all of them."""

    campaigns: int = 0
    storyboards: int = 0
    approved: int = 0
    assets: int = 0
    spend_micros: int = 0
    active_at: datetime | None = None
    """When one of its storyboards was last changed."""


def find(person: User, client_id: str) -> Client:  # noqa: ARG001 - everybody who can sign in sees every client so far
    """Return a client as this person may see it.

    Raises:
        NotFound: there is none, or none this person may see.
    """
    client = db.session.get(Client, client_id)
    if client is None:
        raise NotFound("This client does not exist.", hint="It may have been deleted. The list shows what is there.")
    return client


def listed(person: User, query: str = "", *, archived: bool | None = False) -> Select[Client]:  # noqa: ARG001
    """Select the clients this person may see, by name; `archived` None: both. Every word of `query` must match."""
    found = select(Client).order_by(func.lower(Client.name), Client.id)
    if archived is not None:
        found = found.where(Client.archived_at.is_not(None) if archived else Client.archived_at.is_(None))
    return found.where(*matching.matches(query, Client.name, Client.description, Client.homepage))


def rows(  # noqa: PLR0913 - each is a filter
    person: User,
    shape: json_rows.Shape,
    query: str = "",
    *,
    archived: bool | None = False,
    limit: int,
    offset: int = 0,
) -> tuple[Sequence[str], int]:
    """Return clients as JSON text of this shape (see `json_rows`), chosen as `listed` does, and how many there are."""
    found = listed(person, query, archived=archived) if query or archived is not False else _LISTED
    return json_rows.page(found, Client, shape, limit=limit, offset=offset)


def page(person: User, query: str = "", *, archived: bool = False, page: int = 1) -> paging.Page[Client]:
    """Return one page of the clients this person may see."""
    found = listed(person, query, archived=archived)
    return paging.paged(found, found.with_only_columns(Client.id), page)


def choices(person: User) -> Sequence[Client]:
    """Return all clients that are not archived, for a drop-down."""
    return db.session.scalars(listed(person)).all()


def count(person: User) -> int:
    """Count the clients that are not archived."""
    return paging.count(listed(person).with_only_columns(Client.id))


def create(person: User, draft: ClientDraft) -> Client:  # noqa: ARG001 - the face checks the role
    """Make a client."""
    with transaction():
        client = Client(**draft.model_dump())
        db.session.add(client)
    return client


def change(client: Client, change: ClientChange) -> Client:
    """Change the fields given.

    Raises:
        Invalid: the logo is not a ready image of this client.
    """
    values = change.model_dump(exclude_unset=True)
    with transaction():
        if "logo_asset_id" in values:
            values["logo_asset_id"] = _logo(client, values["logo_asset_id"])
        drawn_from, rules = (client.name, client.colors), _rules(client)
        for name, value in values.items():
            setattr(client, name, value)
        if (client.name, client.colors) != drawn_from:
            _redraw(client)
        elif _rules(client) != rules:
            for job in _open_jobs(client):
                job.touch()
    return client


def _rules(client: Client) -> tuple[object, ...]:
    """Return what the checks of every board of a client depend on."""
    return client.restrictions, client.disclaimer, client.spellings, client.speaking_rates


def _redraw(client: Client) -> None:
    """Ask for new frames in the new colours; a storyboard that was decided on stays as it was then."""
    for job in _open_jobs(client):
        job.touch()
        frame_store.refresh(job, jobs.scenes(job))


def _open_jobs(client: Client) -> Sequence[Job]:
    decided = (Approval.APPROVED, Approval.REJECTED)
    changeable = (Job.approval.not_in(decided), Job.archived_at.is_(None))
    return db.session.scalars(select(Job).where(Job.client_id == client.id, *changeable)).all()


def _logo(client: Client, asset_id: str) -> str | None:
    if not asset_id or asset_id == client.logo_asset_id:
        return asset_id or None
    if asset_id not in {each.id for each in logo_choices(client)}:
        raise Invalid(fields={"logo_asset_id": "Pick one of this client's images, or none."})
    return asset_id


def logo_choices(client: Client) -> Sequence[Asset]:
    """Return the client's images that can be its logo, newest first: ready, and with a thumbnail to show."""
    query = (
        select(Asset)
        .where(Asset.client_id == client.id, Asset.kind == "image", Asset.status == AssetStatus.READY)
        .where(Asset.thumbnail_blob_id.is_not(None))
        .order_by(Asset.created_at.desc(), Asset.id)
    )
    return db.session.scalars(query).all()


def namesakes(client: Client) -> Sequence[Client]:
    """Return other clients of the same name that are not archived: likely made twice."""
    query = select(Client).where(Client.id != client.id, Client.archived_at.is_(None))
    return db.session.scalars(query.where(func.lower(Client.name) == func.lower(client.name)).limit(3)).all()


def archive(client: Client) -> None:
    """Put a client away: it leaves the lists, nothing is lost."""
    with transaction():
        client.archived_at = client.archived_at or utcnow()


def restore(client: Client) -> None:
    """Bring an archived client back."""
    with transaction():
        client.archived_at = None


def delete(client: Client) -> None:
    """Take a client away with its campaigns, storyboards and assets; bytes nobody else uses are purged.

    Raises:
        Conflict: somebody decided on storyboards of it, archived ones included: their record stays.
    """
    with transaction():
        job_archive.must_have_no_record(client.id)
        after_commit(_purge)
        _delete([client.id])


def demo(person: User) -> Sequence[Client]:  # noqa: ARG001
    """Return the clients of the demo world."""
    return db.session.scalars(select(Client).where(Client.is_demo.is_(True)).order_by(Client.name)).all()


def delete_demo(person: User) -> int:
    """Take the demo world away and return how many clients that were.

    Storyboards of it that somebody decided on leave a line on the list of purges.

    Raises:
        Forbidden: this person is no admin, and there are such storyboards.
    """
    with transaction():
        ids = [each.id for each in demo(person)]
        decided = db.session.scalars(select(Job).where(Job.client_id.in_(ids), job_archive.DECIDED)).all()
        for job in decided:
            purges.must_be_allowed(person)
            if job.purged_at is None:
                purges.note(person, job, DEMO_DELETED)
        after_commit(_purge)
        _delete(ids)
    return len(ids)


def count_decided(found: Iterable[Client]) -> int:
    """Count the storyboards of clients that somebody decided on, archived ones included."""
    ids = [each.id for each in found]
    return job_archive.count_decided(Job.client_id.in_(ids)) if ids else 0


def _purge() -> None:
    frame_store.purge_unused()
    assets.purge_orphans()


def _delete(ids: Sequence[str]) -> None:
    # a statement for each table: no row of a large library passes through Python
    erasing.erase(Job.client_id.in_(ids))
    db.session.execute(delete_rows(Client).where(Client.id.in_(ids)).execution_options(synchronize_session=False))
    db.session.expire_all()


def stats(client_ids: Iterable[str]) -> dict[str, ClientStats]:
    """Count what each of these clients has, in one query."""
    query = select(
        Client.id,
        _of_each(func.count(), Campaign.client_id),
        _of_each(func.count(), Job.client_id, Job.archived_at.is_(None)),
        _of_each(func.count(), Job.client_id, Job.archived_at.is_(None), Job.approval == Approval.APPROVED),
        _of_each(func.count(), Asset.client_id),
        _of_each(func.coalesce(func.sum(Job.actual_cost_micros), 0), Job.client_id),
        _of_each(func.max(Job.updated_at), Job.client_id),
    ).where(Client.id.in_(list(client_ids)))
    return {row[0]: ClientStats(*row[1:]) for row in db.session.execute(query)}


def _of_each(value: Any, owner: Any, *conditions: Any) -> ScalarSelect[Any]:
    return select(value).where(owner == Client.id, *conditions).correlate(Client).scalar_subquery()
