"""The first page: what waits, what is there, what happened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.models import utcnow
from webapp.services import clients, dashboard, jobs, purges
from webapp.views.filters import plural
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("dashboard", __name__)

ARRIVAL = timedelta(seconds=45)
"""The demo begins to write its third storyboard about a second after somebody has set Slate up, so maybe after the
first page was sent: as long as somebody is this new, the page looks for it."""


@blueprint.get("/")
def index() -> str:
    """Show the dashboard; `state` keeps the storyboards of one state."""
    who, chosen = person(), request.args.get("state", "")
    counts, demo = dashboard.counts(who), clients.demo(who)
    demo_decided = clients.count_decided(demo)
    return render_template(
        "dashboard/index.html",
        counts=counts,
        states=dashboard.STATES,
        chosen=chosen,
        page=dashboard.of_everybody(who, chosen, request.args.get("page", 1, type=int)),
        waiting=dashboard.waiting(who),
        recent=dashboard.recent(who),
        clients=clients.count(who),
        archived=dashboard.count_archived(who),
        purges=purges.count() if chosen == dashboard.ARCHIVED.key else 0,
        demo=demo,
        demo_decided=demo_decided,
        may_delete_demo=who.may_manage or (who.may_edit and not demo_decided),
        expecting=bool(demo) and dashboard.WRITING.key not in counts and utcnow() - who.created_at < ARRIVAL,
    )


@blueprint.get("/jobs/<job_id>/card")
def card(job_id: str) -> str | tuple[str, int]:
    """Answer a card that polls while its storyboard is written: 204 while it stands as in revision `v`."""
    revision = jobs.revision(job_id)
    if revision is None:
        return ""  # deleted meanwhile: the card goes too
    if revision == request.args.get("v", type=int):
        return "", 204
    return render_template("dashboard/_job_card.html", card=dashboard.find_card(person(), job_id))


@blueprint.post("/demo/delete")
@editors
def delete_demo() -> Response:
    """Take the demo world away; only admins while it holds storyboards that were decided on."""
    gone = clients.delete_demo(person())
    flash(f"The demo is deleted: {plural(gone, 'client')} with everything that belonged to them.", "ok")
    return redirect(url_for("dashboard.index"), 303)
