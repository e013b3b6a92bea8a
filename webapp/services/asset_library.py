"""What is asked about assets: a client's library, what a client holds, which scenes use one, what has stalled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import String, cast, func, or_, select

from webapp.config import MB
from webapp.errors import TooLarge
from webapp.extensions import db
from webapp.models import Asset, AssetStatus, Blob, Job, Scene, Take, utcnow
from webapp.services import matching
from webapp.services.paging import Page, paged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Select

    from webapp.models import Client, User

KINDS = ("image", "video", "audio", "document")
STALE_AFTER = timedelta(seconds=90)
"""Longer than one fetch may take; a worker that lives writes a heartbeat far more often."""
_OPEN = tuple(status for status in AssetStatus if status.is_open)


@dataclass(frozen=True, slots=True)
class Use:
    """Name a scene that shows an asset."""

    job_id: str
    job_title: str
    scene_id: str
    scene_number: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Hold one page of a client's library with what its filters offer."""

    page: Page[Asset]
    kinds: dict[str, int]
    """How many assets of each kind the client has, whatever the filter."""
    total: int
    """All of them, refused and open ones as well."""
    tags: list[str]
    used_bytes: int
    quota_bytes: int


def library(  # noqa: PLR0913 - each is a filter of the page
    person: User, client: Client, *, kind: str = "", tag: str = "", query: str = "", page: int = 1, ready: bool = False
) -> Shelf:
    """Return a page of a client's assets, newest first, filtered by kind, tag and words of name or link."""
    del person  # everybody who can sign in sees every client
    rows = _filtered(select(Asset), client, kind, tag, query, ready=ready)
    ids = _filtered(select(Asset.id), client, kind, tag, query, ready=ready)
    rows = rows.order_by(Asset.created_at.desc(), Asset.id)
    kinds = {row[0]: row[1] for row in db.session.execute(_kinds(client))}
    return Shelf(
        page=paged(rows, ids, page),
        kinds={name: count for name, count in kinds.items() if name},
        total=sum(kinds.values()),
        tags=tags_in_use(client),
        used_bytes=used_bytes(client),
        quota_bytes=quota_bytes(),
    )


def _kinds(client: Client) -> Select[str, int]:
    return select(Asset.kind, func.count()).where(Asset.client_id == client.id).group_by(Asset.kind)


def of_client(client: Client, asset_ids: Sequence[str]) -> list[Asset]:
    """Return those of these assets that belong to the client, in the order asked for, each once."""
    rows = db.session.scalars(select(Asset).where(Asset.client_id == client.id, Asset.id.in_(asset_ids)))
    found = {asset.id: asset for asset in rows}
    return [found[asset_id] for asset_id in dict.fromkeys(asset_ids) if asset_id in found]


def found(  # noqa: PLR0913 - each is a filter
    person: User,
    *,
    client_id: str = "",
    campaign_id: str = "",
    kind: str = "",
    query: str = "",
    limit: int,
    offset: int = 0,
) -> tuple[Sequence[Asset], int]:
    """Return assets of all clients, newest first, and how many match in all; words are those of name and link."""
    del person  # everybody who can sign in sees every client
    conditions = matching.matches(query, Asset.name, Asset.source_url)
    asked = ((Asset.client_id, client_id), (Asset.campaign_id, campaign_id), (Asset.kind, kind))
    conditions += [column == value for column, value in asked if value]
    rows = select(Asset).where(*conditions).order_by(Asset.created_at.desc(), Asset.id).limit(limit).offset(offset)
    total = select(func.count()).select_from(Asset).where(*conditions)
    return db.session.scalars(rows).all(), db.session.scalar(total) or 0


def blobs_of(assets: Iterable[Asset]) -> dict[str, Blob]:
    """Return the descriptions of the bytes of these assets by their id, in one query."""
    ids = {asset.blob_id for asset in assets if asset.blob_id}
    return {blob.id: blob for blob in db.session.scalars(select(Blob).where(Blob.id.in_(ids)))} if ids else {}


def tags_in_use(client: Client) -> list[str]:
    """Return every tag of the client's assets, each once, in alphabetical order."""
    # sifted here: PostgreSQL has no "equal" and no "distinct" for JSON
    lists = db.session.scalars(select(Asset.tags).where(Asset.client_id == client.id))
    return sorted({tag for tags in lists for tag in tags})


def used_in(asset: Asset) -> list[Use]:
    """Return the scenes that show an asset in their present take, by storyboard and number."""
    query = (
        select(Job.id, Job.title, Scene.id, Scene.position, Take.asset_ids)
        .join(Scene, Scene.job_id == Job.id)
        .join(Take, Take.id == Scene.take_id)
        .where(Job.client_id == asset.client_id, Scene.deleted_at.is_(None))
        .where(cast(Take.asset_ids, String).contains(asset.id))
        .order_by(Job.created_at, Job.id, Scene.position)
    )
    rows = db.session.execute(query)
    return [Use(job_id, title, scene_id, number) for job_id, title, scene_id, number, ids in rows if asset.id in ids]


def used_bytes(client: Client) -> int:
    """Return how many bytes a client's assets have; the same bytes count once."""
    mine = select(Asset.blob_id).where(Asset.client_id == client.id)
    return db.session.scalar(select(func.sum(Blob.size_bytes)).where(Blob.id.in_(mine))) or 0


def quota_bytes() -> int:
    """Return CLIENT_QUOTA_MB in bytes."""
    return int(current_app.extensions["settings"].client_quota_mb) * MB


def check_quota(client: Client, more_bytes: int) -> None:
    """Refuse what would not fit into the client's library any more.

    Raises:
        TooLarge: saying how much is used of how much.
    """
    used, quota = used_bytes(client), quota_bytes()
    if used + more_bytes > quota or used >= quota:
        raise TooLarge(
            f"{client.name}'s library is full: {_of(used, quota)} used"
            + (f", and this needs {more_bytes / MB:,.1f} MB." if more_bytes else "."),
            hint="Delete assets that are no longer needed, or raise CLIENT_QUOTA_MB.",
        )


def stale_open() -> list[Asset]:
    """Return assets that should be on their way but show no life since 90 s, for the sweep to enqueue again."""
    alive = func.coalesce(Asset.heartbeat_at, Asset.updated_at)
    return list(db.session.scalars(select(Asset).where(Asset.status.in_(_OPEN), alive < utcnow() - STALE_AFTER)))


def _filtered(  # noqa: PLR0913 - as above
    statement: Select[Any], client: Client, kind: str, tag: str, query: str, *, ready: bool
) -> Select[Any]:
    statement = statement.where(Asset.client_id == client.id)
    if kind in KINDS:
        statement = statement.where(Asset.kind == kind)
    if tag:
        # tags are lower-case words in a JSON list, so a tag stands between its quotes
        statement = statement.where(cast(Asset.tags, String).contains(json.dumps(tag), autoescape=True))
    for word in query.split()[:8]:
        hit = (Asset.name.icontains(word, autoescape=True), Asset.source_url.icontains(word, autoescape=True))
        statement = statement.where(or_(*hit))
    if ready:
        statement = statement.where(Asset.status == AssetStatus.READY)
    return statement


def _of(used: int, quota: int) -> str:
    unit, name = (1024 * MB, "GB") if quota >= 1000 * MB else (MB, "MB")
    return f"{used / unit:,.1f} of {quota / unit:,.1f} {name}"
