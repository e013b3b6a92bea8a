"""/api/v3/campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, url_for
from orjson import Fragment

from webapp.errors import Invalid
from webapp.services import campaigns, clients
from webapp.views.api import envelope
from webapp.views.api.naming import named
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import campaigns as resources
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from webapp.views.api.v3.resources.campaigns import CampaignBody, CampaignChangeBody, CampaignQuery

blueprint = Blueprint("api_campaigns", __name__, url_prefix="/api/v3/campaigns")
TAG = "v3-campaigns"


@blueprint.get("")
@operation(TAG, query=resources.CampaignQuery, answers={200: list[resources.CampaignResource]}, is_list=True)
def index(query: CampaignQuery) -> Response:
    """List campaigns.

    Active ones come first, then drafts, then archived ones; the newest first in each.
    """
    found, total = campaigns.rows(person(), resources.SHAPE, **query.filters(), limit=query.limit, offset=query.offset)
    return envelope.page([Fragment(each) for each in found], total, limit=query.limit, offset=query.offset)


@blueprint.post("")
@editors
@operation(TAG, body=resources.CampaignBody, answers={201: resources.CampaignResource})
def create(body: CampaignBody) -> Response:
    """Make a campaign for a client."""
    with named("clientId"):
        client = clients.find(person(), body.client_id)
        made = campaigns.create(client, body.draft())
    return envelope.answer(resources.campaign(made), 201, location=url_for(".show", campaign_id=made.id))


@blueprint.get("/<campaign_id>")
@operation(TAG, answers={200: resources.CampaignResource}, refuses=(404,))
def show(campaign_id: str) -> Response:
    """Return a campaign."""
    return envelope.answer(resources.campaign(campaigns.find(person(), campaign_id)))


@blueprint.put("/<campaign_id>")
@editors
@operation(TAG, body=resources.CampaignChangeBody, answers={200: resources.CampaignResource}, refuses=(404,))
def change(campaign_id: str, body: CampaignChangeBody) -> Response:
    """Change the fields given of a campaign; null clears one.

    A brief is replaced as a whole. A campaign stays with its client: another `clientId` is refused.
    """
    campaign = campaigns.find(person(), campaign_id)
    if body.client_id not in ("", campaign.client_id):
        raise Invalid(fields={"clientId": "A campaign stays with its client."})
    return envelope.answer(resources.campaign(campaigns.change(campaign, body.change())))


@blueprint.delete("/<campaign_id>")
@editors
@operation(TAG, answers={200: None}, refuses=(404,))
def delete(campaign_id: str) -> Response:
    """Delete a campaign.

    Its jobs and assets stay with the client, without a campaign.
    """
    campaigns.delete(campaigns.find(person(), campaign_id))
    return envelope.answer(None)


@blueprint.get("/<campaign_id>/stats")
@operation(TAG, answers={200: resources.CampaignStatsResource}, refuses=(404,))
def stats(campaign_id: str) -> Response:
    """Count what a campaign has and what it cost."""
    found = campaigns.find(person(), campaign_id)
    return envelope.answer(resources.stats(campaigns.stats([found.id])[found.id]))
