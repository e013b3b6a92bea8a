"""Jobs in the browser: the new-storyboard form, the board and its live changes, brief, decisions, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.errors import Invalid
from webapp.models import new_id
from webapp.schemas.jobs import JobChange, JobDraft
from webapp.schemas.scenes import RegenerateRequest
from webapp.services import assets, attempts, campaigns, clients, jobs, presence, scenes
from webapp.views import boards, hypermedia
from webapp.views.forms import Form, parse
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("jobs", __name__)

TONES = [(word, word) for word in ("Dry", "Warm", "Playful", "Premium", "Urgent", "Honest", "Emotional")]
BRIEF = (
    "title", "product", "audience", "key_message", "call_to_action", "style", "tone", "visual_elements", "music_style",
    "language", "ratio",
)  # fmt: skip


@blueprint.get("/jobs/new")
@editors
def new() -> tuple[str, int]:
    """Show the form of a new storyboard, for a client and perhaps a campaign."""
    return _form(Form(JobDraft, {**request.args.to_dict(), "ratio": "16:9", "seconds": "30", "language": "en"}))


@blueprint.post("/jobs")
@editors
def create() -> BaseResponse | tuple[str, int]:
    """Ask for a storyboard; the board opens at once and fills while it is written."""
    form = Form(JobDraft)
    form.values["roles"] = _roles()
    form.values["asset_ids"] = [*form.values.get("asset_ids", []), *_linked()]
    job = form.submit(lambda draft: jobs.create(person(), draft))
    return redirect(url_for(".show", job_id=job.id), 303) if job else _form(form)


@blueprint.post("/jobs/estimate")
@editors
def estimate() -> str:
    """Say what the form, as far as it is filled in, would cost and how long it would take."""
    values = {**Form(JobDraft).values, "roles": {}}
    for name in ("product", "audience", "key_message", "call_to_action", "client_id"):
        values[name] = str(values.get(name) or "").strip()[:1000] or "…"
    try:
        draft = parse(JobDraft, values)
        found = jobs.estimate(draft)
    except Invalid as refusal:
        reason = next(iter(refusal.fields.values()), refusal.message)
        return render_template("jobs/_estimate.html", estimate=None, reason=reason)
    return render_template("jobs/_estimate.html", estimate=found, warnings=jobs.forbidden_words(draft))


@blueprint.get("/jobs/<job_id>")
def show(job_id: str) -> str:
    """Show the board."""
    return render_template("jobs/show.html", board=boards.Board(jobs.find(person(), job_id)))


@blueprint.get("/jobs/<job_id>/changes")
def changes(job_id: str) -> Response | tuple[str, int]:
    """Answer 204 when nothing changed since revision `after`, else only what did."""
    after = request.args.get("after", -1, type=int)
    now = jobs.revision(job_id)
    here = presence.visit(person(), job_id)
    if now != after:
        return boards.changes(jobs.find(person(), job_id), after)
    if request.args.get("here", here) != here:
        return boards.company(jobs.find(person(), job_id), after)
    return "", 204


@blueprint.route("/jobs/<job_id>/edit", methods=["GET", "POST"])
@editors
def edit(job_id: str) -> BaseResponse | tuple[str, int]:
    """Change the brief."""
    job = jobs.find(person(), job_id)
    job.must_be_open()
    initial: dict[str, Any] = {name: getattr(job, name) for name in BRIEF} | {"seconds": f"{job.duration_ms / 1000:g}"}
    initial["visual_elements"] = "\n".join(job.visual_elements)
    form = Form(JobChange, initial)
    saved = form.submit(lambda change: jobs.change(person(), job, change))
    if saved:
        flash("Brief saved", "ok")
        return redirect(url_for(".show", job_id=job_id), 303)
    return form.page("jobs/edit.html", job=job, seen=jobs.brief_hash(job))


@blueprint.post("/jobs/<job_id>/generation")
@editors
def generate(job_id: str) -> BaseResponse:
    """Go on writing (retry), or write new takes of all scenes (anew)."""
    job = jobs.find(person(), job_id)
    before = job.revision
    if request.form.get("kind") == "anew":
        attempts.regenerate(person(), job, parse(RegenerateRequest, request.form).feedback)
    else:
        attempts.retry(person(), job)
    return _changed(job_id, before)


@blueprint.post("/jobs/<job_id>/generation/stop")
@editors
def stop(job_id: str) -> BaseResponse:
    """Stop the writing; what is finished stays."""
    job = jobs.find(person(), job_id)
    before = job.revision
    attempts.stop(person(), job)
    return _changed(job_id, before)


@blueprint.post("/jobs/<job_id>/fit")
@editors
def fit(job_id: str) -> BaseResponse:
    """Make the scenes together as long as the brief says."""
    job = jobs.find(person(), job_id)
    before = job.revision
    scenes.fit(person(), job)
    return _changed(job_id, before)


@blueprint.post("/jobs/<job_id>/assets")
@editors
def set_assets(job_id: str) -> BaseResponse:
    """Make exactly the assets of the form the brief's."""
    job = jobs.find(person(), job_id)
    roles = _roles()
    chosen = [*request.form.getlist("asset_ids"), *_linked(job.client_id)]
    jobs.set_assets(person(), job, {each: roles.get(each, "") for each in chosen})
    flash("Assets saved", "ok")
    return redirect(url_for(".show", job_id=job_id), 303)


@blueprint.get("/jobs/<job_id>/assets")
@editors
def edit_assets(job_id: str) -> str:
    """Show the brief's assets with their roles, to add and remove."""
    job = jobs.find(person(), job_id)
    return render_template("jobs/assets.html", job=job, chosen=jobs.assets(job), client=job.client)


def _changed(job_id: str, before: int) -> BaseResponse:
    """Answer an action: htmx gets what changed, a plain browser goes back to the board."""
    if hypermedia.wants_fragment():
        return boards.changes(jobs.find(person(), job_id), before)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _linked(client_id: str = "") -> list[str]:
    """Take in links that were typed and never added: without JavaScript there is no button for that in this form."""
    typed = request.form.get("links", "").strip()
    if not typed:
        return []
    client = clients.find(person(), client_id or request.form.get("client_id", ""))
    return [asset.id for asset in assets.add_links(person(), client, typed)]


def _roles() -> dict[str, str]:
    """Read `role-<asset id>` fields."""
    return {name.removeprefix("role-"): value for name, value in request.form.items() if name.startswith("role-")}


def _tones(form: Form[JobDraft]) -> list[str]:
    """Return the ticked tones: several fields after a POST, one word in a link."""
    return request.form.getlist("tone") if form.sent else [str(form.values.get("tone", ""))]


def _form(form: Form[JobDraft]) -> tuple[str, int]:
    choices = clients.choices(person())
    client = next(
        (each for each in choices if each.id == form.values.get("client_id", request.args.get("client"))), None
    )
    client = client or (choices[0] if len(choices) == 1 else None)
    chosen = assets.of_client(client, form.values.get("asset_ids") or []) if client else []
    return form.page(
        "jobs/new.html",
        clients=choices,
        client=client,
        campaign_choices=[(each.id, each.name) for each in campaigns.of_client(person(), client)] if client else [],
        fresh_key=new_id(),
        tones=TONES,
        chosen_tones=_tones(form),
        scene_choices=jobs.scene_choices(),
        campaign_id=form.values.get("campaign_id") or request.args.get("campaign", ""),
        chosen=chosen,
        roles=form.values.get("roles") or {},
    )
