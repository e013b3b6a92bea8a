"""Links that become assets: each is judged, known ones are found again, new ones are queued to be fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import select

from webapp.errors import Refusal
from webapp.extensions import db, transaction
from webapp.models import Asset, AssetStatus
from webapp.schemas.assets import clean_tags
from webapp.schemas.web_links import one_link
from webapp.services import asset_rows, tasks, throttles
from webapp.services.asset_intake import fetch_policy, link_name, refuse
from webapp.services.fetching.links import check_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Campaign, Client, User
    from webapp.services.fetching.policy import FetchPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose an asset is going to be, and what is said about it: its kind, a name and tags in place of found ones."""

    client: Client
    campaign: Campaign | None = None
    kind: str = ""
    name: str = ""
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink(About):
    """A link somebody adds."""

    url: str


class Added(NamedTuple):
    """An asset, and whether it was made for this link or was there before."""

    asset: Asset
    is_new: bool


def add(person: User, links: Sequence[NewLink]) -> list[Added]:
    """Add assets by links; returns one for each, in order.

    A link its client already has is not added again; a refused one is tried again. A link that will never be fetched
    becomes a refused asset with the reason, so that one bad link never blocks the rest.

    Raises:
        Forbidden, TooLarge: as `asset_rows.may_add` does.
        TooMany: this person adds links faster than anybody can mean to.
    """
    throttles.spend(f"fetches:{person.id}", *throttles.FETCHES, amount=len(links))
    policy = fetch_policy()
    checked = [source(link.url, policy) for link in links]
    with transaction():
        for client in {link.client.id: link.client for link in links}.values():
            asset_rows.may_add(person, client)
        known = _known({link.client.id for link in links}, {source for source, _ in checked} - {""})
        return [_add(person, link, *each, known) for link, each in zip(links, checked, strict=True)]


def source(typed: str, policy: FetchPolicy) -> tuple[str, Refusal | None]:
    """Return a link as it will be fetched, or what was typed and why it will not be."""
    link = one_link(typed)
    try:
        return check_url(link, policy), None
    except Refusal as error:
        return link[:2000], error


def _known(client_ids: set[str], sources: set[str]) -> dict[tuple[str, str], Asset]:
    """Return the clients' assets that came from these links; a usable one wins over a refused one."""
    rows = db.session.scalars(select(Asset).where(Asset.client_id.in_(client_ids), Asset.source_url.in_(sources)))
    ordered = sorted(rows, key=lambda asset: (asset.is_ready, asset.created_at))
    return {(asset.client_id, asset.source_url): asset for asset in ordered}


def _add(
    person: User, link: NewLink, source: str, refusal: Refusal | None, known: dict[tuple[str, str], Asset]
) -> Added:
    asset = known.get((link.client.id, source))
    if asset is None:
        asset = known[link.client.id, source] = _new(person, link, source, refusal)
        return Added(asset, is_new=True)
    if asset.status == AssetStatus.REFUSED and refusal is None:
        asset.declared_kind = link.kind
        asset_rows.begin_again(asset)
    return Added(asset, is_new=False)


def _new(person: User, link: NewLink, source: str, refusal: Refusal | None) -> Asset:
    # the whole of a link that is refused is its name: it is what has to be corrected
    name = link.name or (source if refusal else link_name(source)) or "Link"
    asset = asset_rows.new(person, link.client, link.campaign, name)
    asset.source_url, asset.declared_kind, asset.tags = source, link.kind, clean_tags(list(link.tags))
    if refusal is not None:
        refuse(asset, refusal)
    else:
        db.session.flush()
        tasks.take_in(asset, urlsplit(source).hostname or "")
    return asset
