"""Rows of assets: who may add one, a new one, one that is tried again, one as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from webapp.errors import Forbidden, NotFound
from webapp.extensions import db
from webapp.models import Asset, AssetStatus, Client
from webapp.services import tasks
from webapp.services.asset_library import check_quota

if TYPE_CHECKING:
    from webapp.models import Campaign, User


def may_add(person: User, client: Client) -> None:
    """Refuse whoever may not add anything here.

    Raises:
        Forbidden: they are no editor.
        TooLarge: the client's library is full.
    """
    if not person.may_edit:
        raise Forbidden("Your account may look and decide, not add assets.", hint="Ask an admin to make you an editor.")
    check_quota(client, 0)


def new(person: User, client: Client, campaign: Campaign | None, name: str) -> Asset:
    """Put a new row into the transaction of the caller. Raises NotFound when its client is gone."""
    if db.session.get(Client, client.id) is None:
        raise NotFound("Somebody deleted this client in the meantime.")
    asset = Asset(
        client_id=client.id,
        campaign_id=campaign.id if campaign else None,
        user_id=person.id,
        name=name[:200],
        attempt=1,
    )
    db.session.add(asset)
    return asset


def begin_again(asset: Asset) -> None:
    """Have a refused asset tried once more; the caller holds the transaction."""
    asset.attempt += 1
    asset.take_overs = 0
    asset.status = AssetStatus.READING if asset.blob_id else AssetStatus.WAITING
    asset.error = asset.hint = asset.error_code = ""
    asset.can_retry = False
    asset.heartbeat_at = None
    if not asset.blob_id:
        asset.received_bytes, asset.expected_bytes = 0, None
    tasks.take_in(asset, urlsplit(asset.source_url).hostname or "")


def present(asset: Asset) -> Asset:
    """Return the row as it is now: it was read before the transaction began. Raises NotFound when it is gone."""
    row = db.session.get(Asset, asset.id, populate_existing=True)
    if row is None:
        raise NotFound("Somebody deleted this asset in the meantime.")
    return row
