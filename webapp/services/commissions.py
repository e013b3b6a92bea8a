"""Jobs asked for together with what they should show: links to fetch and assets that are there already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from webapp.errors import Invalid
from webapp.extensions import db, transaction
from webapp.models import Client
from webapp.services import asset_links, assets, jobs
from webapp.services.asset_intake import fetch_policy, link_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Asset, Campaign, Job, User
    from webapp.schemas.jobs import JobChange, JobDraft
    from webapp.services.costs import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Something an ad should show: an asset of the client by its id, or a link to fetch."""

    asset_id: str = ""
    url: str = ""
    kind: str = ""
    """What has to come by the link: image, video, audio or document; empty: any of them."""
    name: str = ""
    """For an asset that comes by link and that nobody has named."""
    role: str = ""


class _TakenBack(Exception):
    """End a transaction that was only meant to be looked at."""


def create(person: User, draft: JobDraft, wanted: Sequence[Wanted] = ()) -> Job:
    """Keep a new job with its assets and ask for its storyboard; refused, it leaves nothing behind.

    A link that will not or cannot be fetched becomes a refused asset of the job and never its failure.

    Raises:
        Invalid: as `jobs.create` does; `assets.<number>.asset_id` where an asset does not exist.
        TooLarge, TooMany: as `assets.add_links` does.
    """
    with transaction():
        return jobs.create(person, _with_assets(person, draft, wanted))


def estimate(person: User, draft: JobDraft, wanted: Sequence[Wanted] = ()) -> Estimate:
    """Price exactly the job that `create` would make: it is put together the same way, and taken back.

    Raises: as `create` does.
    """
    try:
        with transaction():
            found = jobs.estimate(_with_assets(person, draft, wanted))
            _take_back()
    except _TakenBack:
        return found


def change(person: User, job: Job, draft: JobChange, wanted: Sequence[Wanted] | None = None) -> None:
    """Change a brief, and make exactly what is wanted its assets unless that is None; all of it or nothing.

    Raises:
        StoryboardFrozen, Conflict, Invalid, TooLarge, TooMany: as `jobs.change` and `create` do.
    """
    with transaction():
        job.must_be_open()
        if wanted is not None:
            client = db.session.get_one(Client, job.client_id)
            jobs.set_assets(person, job, _taken_in(person, client, None, wanted))
        if draft.model_fields_set:
            jobs.change(person, job, draft)


def _take_back() -> NoReturn:
    raise _TakenBack


def _with_assets(person: User, draft: JobDraft, wanted: Sequence[Wanted]) -> JobDraft:
    client, campaign, _ = jobs.belongings(draft)
    roles = _taken_in(person, client, campaign, wanted)
    return draft.model_copy(update={"asset_ids": list(roles), "roles": roles})


def _taken_in(person: User, client: Client, campaign: Campaign | None, wanted: Sequence[Wanted]) -> dict[str, str]:
    """Return the roles of what is wanted by asset id, in order; links become assets."""
    ids = [each.asset_id for each in wanted if each.asset_id]
    known = {asset.id for asset in assets.of_client(client, ids)} if ids else set()
    if missing := [at for at, each in enumerate(wanted) if each.asset_id and each.asset_id not in known]:
        sentence = "This client has no such asset."
        raise Invalid(fields={f"assets.{at}.asset_id": sentence for at in missing})
    linked = _linked(person, client, campaign, [each for each in wanted if not each.asset_id])
    roles: dict[str, str] = {}
    for each in wanted:
        asset_id = each.asset_id or linked[_source(each.url)].id
        roles[asset_id] = roles.get(asset_id) or each.role
    return roles


def _linked(person: User, client: Client, campaign: Campaign | None, wanted: Sequence[Wanted]) -> dict[str, Asset]:
    """Add links to the client's assets; returns them by where they come from."""
    if not wanted:
        return {}
    added = assets.add_links(person, client, [each.url for each in wanted], campaign)
    db.session.flush()  # a refused one has no id before
    found = {asset.source_url: asset for asset in added}
    for each in wanted:
        asset = found[_source(each.url)]
        if each.name and asset.name in (link_name(asset.source_url)[:200], asset.source_url[:200]):
            asset.name = each.name
        if each.kind and asset.is_open and not asset.kind:
            asset.declared_kind = each.kind
    return found


def _source(typed: str) -> str:
    """Return where an asset that comes by this link says it comes from."""
    return asset_links.source(typed, fetch_policy())[0]
