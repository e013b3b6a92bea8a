"""Pages of a client's campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.models import CampaignStatus
from webapp.schemas.campaigns import CampaignChange, CampaignDraft
from webapp.services import campaigns, clients, dashboard
from webapp.views import hypermedia
from webapp.views.forms import Form
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from webapp.models import Campaign

blueprint = Blueprint("campaigns", __name__)

STATUSES = [(each.value, each.value.capitalize()) for each in CampaignStatus]


@blueprint.route("/clients/<client_id>/campaigns/new", methods=["GET", "POST"])
@editors
def new(client_id: str) -> Response | tuple[str, int]:
    """Make a campaign for a client."""
    client = clients.find(person(), client_id)
    form = Form(CampaignDraft, {"status": CampaignStatus.ACTIVE})
    campaign = form.submit(lambda draft: campaigns.create(client, draft))
    if campaign is None:
        return form.page("campaigns/new.html", client=client, statuses=STATUSES)
    flash(f"{campaign.name} is there. Next: its first storyboard.", "ok")
    return _page_of(campaign)


@blueprint.get("/campaigns/<campaign_id>")
def show(campaign_id: str) -> str:
    """Show a campaign: goal, brief, numbers, storyboards."""
    campaign = campaigns.find(person(), campaign_id)
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        stats=campaigns.stats([campaign.id])[campaign.id],
        page=dashboard.of_campaign(person(), campaign, request.args.get("page", 1, type=int)),
    )


@blueprint.route("/campaigns/<campaign_id>/edit", methods=["GET", "POST"])
@editors
def edit(campaign_id: str) -> Response | tuple[str, int]:
    """Change a campaign."""
    campaign = campaigns.find(person(), campaign_id)
    values = {name: getattr(campaign, name) for name in ("name", "goal", "status", "product_url")}
    form = Form(CampaignChange, {**values, "brief": campaigns.brief_text(campaign)})
    if form.submit(lambda change: campaigns.change(campaign, change)) is None:
        return form.page("campaigns/edit.html", campaign=campaign, statuses=STATUSES)
    flash("Saved.", "ok")
    return _page_of(campaign)


@blueprint.post("/campaigns/<campaign_id>/archive")
@editors
def archive(campaign_id: str) -> Response:
    """Put a campaign away."""
    campaign = campaigns.find(person(), campaign_id)
    campaigns.archive(campaign)
    undo = url_for("campaigns.activate", campaign_id=campaign.id)
    flash({"text": f"{campaign.name} is archived.", "undo": undo}, "ok")  # type: ignore[arg-type]  # the toast knows mappings
    return redirect(url_for("clients.show", client_id=campaign.client_id), 303)


@blueprint.post("/campaigns/<campaign_id>/activate")
@editors
def activate(campaign_id: str) -> Response:
    """Start a campaign, or bring an archived one back."""
    campaign = campaigns.find(person(), campaign_id)
    campaigns.activate(campaign)
    flash(f"{campaign.name} is active.", "ok")
    return _page_of(campaign)


@blueprint.get("/campaigns/<campaign_id>/delete")
@editors
def confirm_delete(campaign_id: str) -> str:
    """Ask before a campaign goes, and say what stays."""
    campaign = campaigns.find(person(), campaign_id)
    stats = campaigns.stats([campaign.id])[campaign.id]
    return render_template("campaigns/delete.html", campaign=campaign, stats=stats)


@blueprint.post("/campaigns/<campaign_id>/delete")
@editors
def delete(campaign_id: str) -> Response:
    """Take a campaign away; its storyboards stay with the client."""
    campaign = campaigns.find(person(), campaign_id)
    name, client_id = campaign.name, campaign.client_id
    campaigns.delete(campaign)
    flash(f"{name} is deleted. Its storyboards stay here.", "ok")
    return redirect(url_for("clients.show", client_id=client_id), 303)


def _page_of(campaign: Campaign) -> Response:
    url = url_for("campaigns.show", campaign_id=campaign.id)
    return hypermedia.go_to(url) if hypermedia.wants_fragment() else redirect(url, 303)
