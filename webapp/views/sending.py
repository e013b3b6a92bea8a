"""Send for review in the browser: what there is to look at first, then one button. Warnings never keep anybody back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for

from webapp.errors import Conflict, StoryboardFrozen
from webapp.schemas.sending import SendDraft
from webapp.services import jobs, review_links, sending
from webapp.views import boards, hypermedia
from webapp.views.forms import Form
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.models import Job

blueprint = Blueprint("sending", __name__, url_prefix="/jobs/<job_id>/sent")


@blueprint.get("/new")
@editors
def new(job_id: str) -> ResponseReturnValue:
    """Show what there is to look at before it goes out: a dialog for htmx, a page for a plain browser."""
    job = jobs.find(person(), job_id)
    sending.must_be_sendable(job, jobs.scenes(job))
    initial = {"name": sending.suggested_name(job), "approval_rule": job.approval_rule}
    return _form(job, Form(SendDraft, initial))


@blueprint.post("")
@editors
def create(job_id: str) -> ResponseReturnValue:
    """Send it. While nobody has a link to look at it, the next page is the one that makes links."""
    job, form = jobs.find(person(), job_id), Form(SendDraft)
    try:
        version = form.submit(lambda draft: sending.send(person(), job, draft))
    except StoryboardFrozen:
        raise
    except Conflict as refusal:  # what was typed stays, and what is new is shown
        form.message = refusal.message
        return _form(job, form, refusal.hint)
    if version is None:
        return _form(job, form)
    shared = any(link.revoked_at is None for link in review_links.of_job(job))
    flash(f"v{version.number} is sent. " + ("Its links show it now." if shared else "Now make a link to it."), "ok")
    url = url_for("jobs.show" if shared else "share.show", job_id=job_id)
    return hypermedia.go_to(url) if hypermedia.wants_fragment() else redirect(url, 303)


def _form(job: Job, form: Form[SendDraft], hint: str = "") -> ResponseReturnValue:
    template = "sending/_form.html" if hypermedia.wants_fragment() else "sending/new.html"
    status = 422 if form.message else 200
    return render_template(template, form=form, board=boards.Board(job), hint=hint), status
