"""Assets as programs ask for them: whose they are, what they are said to be, and how it ended.

What ends in a refusal leaves nothing behind that was not there before: the refusal is the answer.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from webapp.errors import Conflict, DiskFull, FetchRefused, Invalid, NotFound, Refusal, TooLarge
from webapp.extensions import db, transaction
from webapp.models import Asset, AssetStatus, JobAsset
from webapp.services import asset_links, asset_rows, assets, campaigns, clients
from webapp.services.asset_intake import OTHER_KIND, check_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Campaign, Client, User
    from webapp.services.asset_links import About, Added, NewLink

_OPEN = [status for status in AssetStatus if status.is_open]


class Entered(NamedTuple):
    """An asset that was asked for: whether it was made for it, the kind it was said to be, and what was sent."""

    asset_id: str
    is_new: bool
    kind: str = ""
    field: str = "url"


class Place(NamedTuple):
    """Where an asset belongs."""

    client: Client
    campaign: Campaign | None


def place(person: User, client_id: str, campaign_id: str) -> Place:
    """Find the client and the campaign an asset is for; the campaign's client needs no naming.

    Raises:
        Invalid: `client_id` or `campaign_id` names none, or they do not belong together.
    """
    if not client_id and not campaign_id:
        raise Invalid(fields={"client_id": "Say whose asset this is: name a client or a campaign."})
    try:
        campaign = campaigns.find(person, campaign_id) if campaign_id else None
        if campaign is not None and client_id not in ("", campaign.client_id):
            raise Invalid(fields={"campaign_id": "This campaign is another client's."})
    except NotFound as error:
        raise Invalid(fields={"campaign_id": error.message}) from error
    try:
        return Place(campaign.client if campaign else clients.find(person, client_id), campaign)
    except NotFound as error:
        raise Invalid(fields={"client_id": error.message}) from error


def add_link(person: User, link: NewLink) -> Entered:
    """Add one link. Raises what `asset_links.add` does."""
    return _entered(asset_links.add(person, [link])[0], link.kind)


def add_links(person: User, links: Sequence[NewLink]) -> list[Entered | Refusal]:
    """Add links as well as can be: the answer to each stands where it stood, and none stands in another's way.

    Raises:
        TooMany: this person adds links faster than anybody can mean to.
    """
    full = _full(person, links)
    wanted = [link for link in links if link.client.id not in full]
    added = asset_links.add(person, wanted) if wanted else []
    new = {asset.id for asset, is_new in added if is_new}  # a link named twice is as new the second time
    entered = (Entered(asset.id, asset.id in new, link.kind) for link, (asset, _) in zip(wanted, added, strict=True))
    return [full.get(link.client.id) or next(entered) for link in links]


def add_file(person: User, about: About, stream: IO[bytes], filename: str) -> Entered:
    """Take in an uploaded file. Raises what `assets.add_file` does."""
    where = (about.client, stream, filename, about.campaign)
    made = assets.add_file(person, *where, name=about.name, kind=about.kind, tags=about.tags)
    return Entered(made.id, is_new=True, kind=about.kind, field="file")


def are_done(asset_ids: Sequence[str]) -> bool:
    """Say whether none of these assets is being fetched or read any more; one that was deleted is done."""
    count = select(func.count()).select_from(Asset).where(Asset.id.in_(asset_ids), Asset.status.in_(_OPEN))
    return not db.session.scalar(count)


def settle(person: User, entered: Entered) -> Asset:
    """Return an asset that was asked for as it is by now: ready or still on its way.

    Raises:
        FetchRefused, Invalid, TooLarge: it was refused. If it was made for this, it is taken away again.
        Invalid: it is of another kind than it was said to be.
        Conflict: somebody deleted it.
    """
    try:
        asset = assets.find(person, entered.asset_id)
    except NotFound as error:
        raise Conflict("Somebody deleted this asset in the meantime.") from error
    if asset.is_ready:
        check_kind(entered.kind, asset.kind, asset.format, is_read=True)
    if asset.status == AssetStatus.REFUSED:
        refusal = refusal_of(asset, entered.field)
        if entered.is_new:
            _withdraw(asset.id)
        raise refusal
    return asset


def refusal_of(asset: Asset, sent: str) -> Refusal:
    """Return why an asset was refused, as it was once raised; `sent` is the field it came in."""
    if asset.error_code == TooLarge.code:
        return TooLarge(asset.error, hint=asset.hint)
    if asset.error_code == DiskFull.code:
        return DiskFull(asset.error, hint=asset.hint)
    if asset.error_code in (Invalid.code, OTHER_KIND):
        field = "type" if asset.error_code == OTHER_KIND else sent
        return Invalid(asset.error, fields={field: asset.error}, hint=asset.hint)
    return FetchRefused(asset.error, permanent=not asset.can_retry, hint=asset.hint)


def _entered(added: Added, kind: str) -> Entered:
    return Entered(added.asset.id, added.is_new, kind)


def _withdraw(asset_id: str) -> None:
    """Take a refused asset away again, unless somebody tries it once more or a storyboard names it by now."""
    with transaction():
        asset = db.session.get(Asset, asset_id)
        named = db.session.scalar(select(JobAsset.id).where(JobAsset.asset_id == asset_id).limit(1))
        if asset is not None and asset.status == AssetStatus.REFUSED and named is None:
            assets.delete(asset)


def _full(person: User, links: Sequence[NewLink]) -> dict[str, Refusal]:
    """Return the clients nothing can be added to any more, with the reason."""
    found: dict[str, Refusal] = {}
    for client in {link.client.id: link.client for link in links}.values():
        try:
            asset_rows.may_add(person, client)
        except TooLarge as refusal:
            found[client.id] = refusal
    return found
