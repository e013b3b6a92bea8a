"""The archive of storyboards: delete or archive one, bring it back, end its record; the list of purges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for

from webapp.schemas.purges import PurgeDraft
from webapp.services import archive, events, jobs, purges
from webapp.views.forms import Form
from webapp.views.security import admins, editors, person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

blueprint = Blueprint("archive", __name__)


@blueprint.post("/jobs/<job_id>/delete")
@editors
def delete(job_id: str) -> Response:
    """Delete a storyboard nobody decided on; archive one with decisions."""
    job = jobs.find(person(), job_id)
    client_id, title = job.client_id, job.title
    if archive.delete(person(), job):
        text = f"“{title}” is archived, since its decisions stay on record."
        flash({"text": text, "undo": url_for(".restore", job_id=job_id)}, "ok")  # type: ignore[arg-type]  # the toast knows mappings
    else:
        flash(f"“{title}” deleted", "ok")
    return redirect(url_for("clients.show", client_id=client_id), 303)


@blueprint.post("/jobs/<job_id>/restore")
@editors
def restore(job_id: str) -> Response:
    """Bring a storyboard back from the archive."""
    job = jobs.find(person(), job_id)
    archive.restore(person(), job)
    flash(f"“{job.title}” is back.", "ok")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@blueprint.route("/jobs/<job_id>/purge", methods=["GET", "POST"])
@admins
def purge(job_id: str) -> ResponseReturnValue:
    """End the record of a storyboard after its title was typed; one line about it stays."""
    job = jobs.find(person(), job_id)
    form, title = Form(PurgeDraft), job.title
    if form.submit(lambda draft: purges.purge(person(), job, draft)):
        flash(f"The record of “{title}” is purged. One line on the list of purges stays.", "ok")
        return redirect(url_for(".list_purges"), 303)
    lines, decided = events.count(job), archive.count_decisions(job)
    return form.page("archive/purge.html", job=job, lines=lines, decisions=decided)


@blueprint.get("/purges")
@editors
def list_purges() -> str:
    """List the storyboards whose record an admin ended."""
    return render_template("archive/purges.html", purges=purges.everything(), faults=list(purges.faults()))
