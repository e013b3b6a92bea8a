"""Versions of a board in the browser: kept by name, compared, restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.errors import Invalid
from webapp.schemas.versions import VersionDraft
from webapp.services import history, jobs, versions
from webapp.views import boards, hypermedia
from webapp.views.forms import Form
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.models import Job, Version
    from webapp.services.differences import Placed

blueprint = Blueprint("versions", __name__, url_prefix="/jobs/<job_id>/versions")

NOW = "now"
"""Stands in an address for the board as it is."""


@blueprint.get("")
def index(job_id: str) -> ResponseReturnValue:
    """Show all versions of a board."""
    job = jobs.find(person(), job_id)
    return _page(job, Form(VersionDraft))


@blueprint.post("")
@editors
def keep(job_id: str) -> ResponseReturnValue:
    """Keep the board as it is under a name."""
    job = jobs.find(person(), job_id)
    before, form = job.revision, Form(VersionDraft)
    version = form.submit(lambda draft: history.keep_named(person(), job, draft))
    if hypermedia.wants_fragment():
        if version:
            return boards.changed(job, before, f"Version {version.number} kept: {version.name}")
        return form.page("versions/_keep.html", job=job)
    if version is None:
        return _page(job, form)
    flash(f"Version {version.number} kept: {version.name}", "ok")
    return redirect(url_for(".index", job_id=job_id), 303)


@blueprint.post("/<int:number>/name")
@editors
def rename(job_id: str, number: int) -> ResponseReturnValue:
    """Give a version another name."""
    job = jobs.find(person(), job_id)
    form = Form(VersionDraft)
    if form.submit(lambda draft: history.rename(person(), job, number, draft)) is None:
        return _page(job, form, number)
    flash("Name saved", "ok")
    return redirect(url_for(".index", job_id=job_id, _anchor=f"v{number}"), 303)


@blueprint.post("/<int:number>/restore")
@editors
def restore(job_id: str, number: int) -> ResponseReturnValue:
    """Make the board what a version holds; the toast offers Undo."""
    job = jobs.find(person(), job_id)
    before = job.revision
    history.restore(person(), job, number)
    return boards.changed(job, before, f"The board is as in version {number} again", "", boards.undo_url(job))


@blueprint.get("/compare")
def compare(job_id: str) -> ResponseReturnValue:
    """Show what is different between two versions, or between one and the board as it is."""
    job = jobs.find(person(), job_id)
    known = versions.of_job(job)
    left = request.args.get("left") or (str(known[0].number) if known else NOW)
    right = request.args.get("right") or NOW
    old, new = _side(job, left), _side(job, right)
    return render_template(
        "versions/compare.html",
        job=job,
        versions=known,
        left=left,
        right=right,
        changes=history.compare(old, new),
    )


def _page(job: Job, form: Form[VersionDraft], number: int | None = None) -> ResponseReturnValue:
    """Render the list; `number` is the version whose new name was refused."""
    known: list[Version] = list(versions.of_job(job))
    return form.page("versions/index.html", job=job, board=boards.Board(job), versions=known, renaming=number)


def _side(job: Job, asked: str) -> list[Placed]:
    if asked == NOW:
        return history.placed_now(job)
    if not asked.isdecimal() or len(asked) > 9:
        raise Invalid("Pick a version, or the board as it is.")
    return history.placed(versions.find(job, int(asked)))
