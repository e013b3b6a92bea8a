"""Pages of the agency's clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.errors import StillDecided
from webapp.models import Job
from webapp.schemas.clients import ClientChange, ClientDraft
from webapp.schemas.rates import LANGUAGES
from webapp.services import campaigns, clients, dashboard, matching, timing
from webapp.views import hypermedia
from webapp.views.forms import Form
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from webapp.models import Client

blueprint = Blueprint("clients", __name__)

VOICES = {"languages": LANGUAGES, "usual_rates": timing.WORDS_PER_MINUTE}
"""What the form says beside the fields of the speaking rate."""


@blueprint.get("/clients")
def index() -> str:
    """List the clients, by words and archived or not."""
    query, archived = request.args.get("q", ""), request.args.get("archived") == "1"
    page = clients.page(person(), query, archived=archived, page=request.args.get("page", 1, type=int))
    return render_template(
        "clients/index.html",
        page=page,
        stats=clients.stats(each.id for each in page.rows),
        query=query,
        words=matching.words(query),
        archived=archived,
    )


@blueprint.route("/clients/new", methods=["GET", "POST"])
@editors
def new() -> Response | tuple[str, int]:
    """Make a client."""
    form = Form(ClientDraft)
    client = form.submit(lambda draft: clients.create(person(), draft))
    if client is None:
        return form.page("clients/new.html", **VOICES)
    flash(f"{client.name} is there. Next: its first storyboard.", "ok")
    return redirect(url_for("clients.show", client_id=client.id), 303)


@blueprint.get("/clients/<client_id>")
def show(client_id: str) -> str:
    """Show a client: guidelines, numbers, campaigns, storyboards."""
    client, archived = clients.find(person(), client_id), request.args.get("archived") == "1"
    its_campaigns = campaigns.of_client(person(), client)
    return render_template(
        "clients/show.html",
        client=client,
        stats=clients.stats([client.id])[client.id],
        namesakes=clients.namesakes(client),
        campaigns=its_campaigns,
        campaign_stats=campaigns.stats(each.id for each in its_campaigns),
        page=dashboard.of_client(person(), client, request.args.get("page", 1, type=int), archived=archived),
        archived=archived,
        in_archive=dashboard.count_archived(person(), Job.client_id == client.id),
    )


@blueprint.route("/clients/<client_id>/edit", methods=["GET", "POST"])
@editors
def edit(client_id: str) -> Response | tuple[str, int]:
    """Change a client."""
    client = clients.find(person(), client_id)
    form = Form(ClientChange, {name: getattr(client, name) for name in ClientChange.model_fields})
    if form.submit(lambda change: clients.change(client, change)) is None:
        return form.page("clients/edit.html", client=client, logos=clients.logo_choices(client), **VOICES)
    flash("Saved.", "ok")
    return redirect(url_for("clients.show", client_id=client.id), 303)


@blueprint.post("/clients/<client_id>/archive")
@editors
def archive(client_id: str) -> Response:
    """Put a client away."""
    client = clients.find(person(), client_id)
    clients.archive(client)
    undo = url_for("clients.restore", client_id=client.id)
    flash({"text": f"{client.name} is archived.", "undo": undo}, "ok")  # type: ignore[arg-type]  # the toast knows mappings
    return redirect(url_for("clients.index"), 303)


@blueprint.post("/clients/<client_id>/restore")
@editors
def restore(client_id: str) -> Response:
    """Bring an archived client back."""
    client = clients.find(person(), client_id)
    clients.restore(client)
    flash(f"{client.name} is back.", "ok")
    url = url_for("clients.show", client_id=client.id)
    return hypermedia.go_to(url) if hypermedia.wants_fragment() else redirect(url, 303)


@blueprint.get("/clients/<client_id>/delete")
@editors
def confirm_delete(client_id: str) -> str:
    """Ask before a client goes, and say what goes with it."""
    client = clients.find(person(), client_id)
    return _delete_page(client)


@blueprint.post("/clients/<client_id>/delete")
@editors
def delete(client_id: str) -> Response | tuple[str, int]:
    """Take a client away with everything that is its own."""
    client = clients.find(person(), client_id)
    name = client.name
    try:
        clients.delete(client)
    except StillDecided as refusal:
        return _delete_page(clients.find(person(), client_id)), refusal.status
    flash(f"{name} is deleted.", "ok")
    return redirect(url_for("clients.index"), 303)


def _delete_page(client: Client) -> str:
    decided = clients.count_decided([client])
    return render_template(
        "clients/delete.html",
        client=client,
        stats=clients.stats([client.id])[client.id],
        refusal=StillDecided(decided) if decided else None,
    )
