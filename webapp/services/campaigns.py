"""A client's campaigns: list, make, change, put away, take away (their storyboards stay with the client)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, func, select
from sqlalchemy import delete as delete_rows

from webapp.errors import NotFound
from webapp.extensions import db, transaction
from webapp.models import Approval, Campaign, CampaignStatus, Client, Job, User
from webapp.services import json_rows, matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from webapp.schemas.campaigns import CampaignChange, CampaignDraft


@dataclass(frozen=True)
class CampaignStats:
    """Count what a campaign has, without storyboards in the archive; money in micro-dollars, booked, of all of them."""

    storyboards: int = 0
    approved: int = 0
    spend_micros: int = 0
    active_at: datetime | None = None
    """When one of its storyboards was last changed."""

    @property
    def average_cost_micros(self) -> int:
        """Return what one of its storyboards cost on average."""
        return round(self.spend_micros / self.storyboards) if self.storyboards else 0


def find(person: User, campaign_id: str) -> Campaign:  # noqa: ARG001 - everybody signed in sees all of them so far
    """Return a campaign as this person may see it.

    Raises:
        NotFound: there is none, or none this person may see.
    """
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("This campaign does not exist.", hint="It may have been deleted.")
    return campaign


def listed(
    person: User,  # noqa: ARG001
    query: str = "",
    *,
    client_id: str = "",
    status: CampaignStatus | None = None,
) -> Select[Campaign]:
    """Select the campaigns this person may see: active ones first, then drafts, then archived, newest first in each."""
    place = case({CampaignStatus.ACTIVE: 0, CampaignStatus.DRAFT: 1}, value=Campaign.status, else_=2)
    found = select(Campaign).join(Client).order_by(place, Campaign.created_at.desc(), Campaign.id)
    if client_id:
        found = found.where(Campaign.client_id == client_id)
    if status is not None:
        found = found.where(Campaign.status == status)
    text = Campaign.brief["text"].as_string()
    return found.where(*matching.matches(query, Campaign.name, Campaign.goal, Campaign.product_url, Client.name, text))


def rows(  # noqa: PLR0913 - each is a filter
    person: User,
    shape: json_rows.Shape,
    query: str = "",
    *,
    client_id: str = "",
    status: CampaignStatus | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[Sequence[str], int]:
    """Return campaigns as JSON text of this shape (see `json_rows`), as `listed` orders them, and how many in all."""
    found = listed(person, query, client_id=client_id, status=status)
    return json_rows.page(found, Campaign, shape, limit=limit, offset=offset)


def of_client(person: User, client: Client) -> Sequence[Campaign]:
    """Return all campaigns of a client."""
    return db.session.scalars(listed(person, client_id=client.id)).all()


def create(client: Client, draft: CampaignDraft) -> Campaign:
    """Make a campaign for a client."""
    with transaction():
        campaign = Campaign(client_id=client.id, **_columns(draft.model_dump(), {}))
        db.session.add(campaign)
    db.session.refresh(campaign)
    return campaign


def change(campaign: Campaign, change: CampaignChange) -> Campaign:
    """Change the fields given."""
    with transaction():
        for name, value in _columns(change.model_dump(exclude_unset=True), campaign.brief).items():
            setattr(campaign, name, value)
    return campaign


def _columns(values: dict[str, Any], brief: dict[str, Any]) -> dict[str, Any]:
    """Put the brief's text and its other fields into the one column they live in; what was not given stays."""
    if "brief_fields" in values:
        values.setdefault("brief", brief.get("text", ""))
        brief = values.pop("brief_fields")
    if "brief" in values:
        others = {name: value for name, value in brief.items() if name != "text"}
        values["brief"] = others | ({"text": values["brief"]} if values["brief"] else {})
    return values


def brief_text(campaign: Campaign) -> str:
    """Return the brief's text; the API may have stored other fields beside it or none at all."""
    text = campaign.brief.get("text", "")
    return text if isinstance(text, str) else ""


def archive(campaign: Campaign) -> None:
    """Put a campaign away: it moves to the end of the list, its storyboards stay."""
    _set_status(campaign, CampaignStatus.ARCHIVED)


def activate(campaign: Campaign) -> None:
    """Start a campaign, or bring an archived one back."""
    _set_status(campaign, CampaignStatus.ACTIVE)


def _set_status(campaign: Campaign, status: CampaignStatus) -> None:
    with transaction():
        campaign.status = status


def delete(campaign: Campaign) -> None:
    """Take a campaign away; its storyboards and assets stay with the client."""
    with transaction():
        query = delete_rows(Campaign).where(Campaign.id == campaign.id)
        db.session.execute(query.execution_options(synchronize_session=False))
        db.session.expire_all()


def stats(campaign_ids: Iterable[str]) -> dict[str, CampaignStats]:
    """Count what each of these campaigns has, in one query; one without storyboards has zeros."""
    ids = list(campaign_ids)
    query = (
        select(
            Job.campaign_id,
            func.sum(case((Job.archived_at.is_(None), 1), else_=0)),
            func.sum(case((Job.archived_at.is_(None) & (Job.approval == Approval.APPROVED), 1), else_=0)),
            func.coalesce(func.sum(Job.actual_cost_micros), 0),
            func.max(Job.updated_at),
        )
        .where(Job.campaign_id.in_(ids))
        .group_by(Job.campaign_id)
    )
    counted = {row[0]: CampaignStats(*row[1:]) for row in db.session.execute(query)}
    return {each: counted.get(each, CampaignStats()) for each in ids}
