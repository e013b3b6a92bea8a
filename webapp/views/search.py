"""Search across clients, campaigns and storyboards."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webapp.services import campaigns, searching
from webapp.views.security import person

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def index() -> str:
    """Show what contains all the words of `q`; `kind` shows all results of one kind."""
    query, kind = request.args.get("q", ""), request.args.get("kind", "")
    kind = kind if kind in searching.KINDS else ""
    found = searching.find(person(), query, kind=kind, page=request.args.get("page", 1, type=int))
    numbers = campaigns.stats(each.id for each in found.campaigns.rows) if found else {}
    return render_template("search/index.html", query=query, kind=kind, found=found, campaign_stats=numbers)
