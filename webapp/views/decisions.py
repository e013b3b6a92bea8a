"""Decisions of people with an account: the forms, and what they send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from webapp.errors import StaleBoard
from webapp.schemas.decisions import FormDecision
from webapp.services import decisions, jobs
from webapp.views import boards, hypermedia
from webapp.views.forms import Form
from webapp.views.security import person

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("decisions", __name__, url_prefix="/jobs/<job_id>/decisions")


@blueprint.post("")
def create(job_id: str) -> BaseResponse | tuple[str, int]:
    """Approve, ask for changes or reject, with a reason; or reopen.

    A form about another storyboard than the present comes back with all that was typed, and with the present one.
    """
    job = jobs.find(person(), job_id)
    before = job.revision
    if request.form.get("kind") == "reopen":
        decisions.reopen(person(), job)
        return boards.changed(job, before, "")
    form, browser, stale = Form(FormDecision), request.user_agent.string, None
    try:
        if form.submit(lambda draft: decisions.decide(person(), job, draft, user_agent=browser)):
            return boards.changed(job, before, "")
    except StaleBoard as refusal:
        stale = refusal
        form.message = refusal.message
    template = "jobs/_decision_form.html" if hypermedia.wants_fragment() else "jobs/decision.html"
    page, status = form.page(template, board=boards.Board(job), kind=_kind(form.values.get("kind")), stale=stale)
    return page, 409 if stale and not hypermedia.wants_fragment() else status


@blueprint.get("/new")
def new(job_id: str) -> tuple[str, int]:
    """Show the form of a decision as a page of its own, for browsers without JavaScript."""
    job = jobs.find(person(), job_id)
    form = Form(FormDecision)
    return form.page("jobs/decision.html", board=boards.Board(job), kind=_kind(request.args.get("kind")))


def _kind(asked: object) -> str:
    """Return the kind of decision whose form is shown; for anything unknown the one that loses nothing."""
    return str(asked) if asked in ("approve", "request_changes", "reject") else "request_changes"
