"""What is kept of a job for good: /api/v3/jobs/{id}/decisions, standing, storyboard.json and history."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from webapp.services import certificates, integrity, jobs, records, standings
from webapp.views.api import envelope
from webapp.views.api.spec import FILE, operation
from webapp.views.api.v3.resources import decisions as resources
from webapp.views.api.v3.resources.base import Paged
from webapp.views.security import person

if TYPE_CHECKING:
    from webapp.views.api.v3.resources.decisions import StoryboardQuery

blueprint = Blueprint("api_decisions", __name__, url_prefix="/api/v3/jobs/<job_id>")
TAG = "v3-review"


@blueprint.get("/decisions")
@operation(TAG, query=Paged, answers={200: list[resources.DecisionResource]}, is_list=True, refuses=(404,))
def index(job_id: str, query: Paged) -> Response:
    """List every decision about a job, the newest first.

    Each is bound to the hash of the words it was about. `POST /jobs/{id}/actions` decides.
    """
    found, total = records.decisions(jobs.find(person(), job_id), limit=query.limit, offset=query.offset)
    rows = [resources.decision(each) for each in found]
    return envelope.page(rows, total, limit=query.limit, offset=query.offset)


@blueprint.get("/decisions/<decision_id>")
@operation(TAG, answers={200: resources.DecisionResource}, refuses=(404,))
def show(job_id: str, decision_id: str) -> Response:
    """Return a decision."""
    return envelope.answer(resources.decision(certificates.find(jobs.find(person(), job_id), decision_id)))


@blueprint.get("/standing")
@operation(TAG, answers={200: resources.StandingResource}, refuses=(404,))
def standing(job_id: str) -> Response:
    """Say how far the approval of the version that was sent last is: who was asked, and what each said."""
    job = jobs.find(person(), job_id)
    sent = records.version_numbers(job).get(job.sent_version_id)
    return envelope.answer(resources.standing(job, standings.standing(job), sent))


@blueprint.get("/storyboard.json")
@operation(
    TAG,
    query=resources.StoryboardQuery,
    answers={200: FILE, 304: None},
    media=("application/json",),
    says=("ETag",),
    headers={"If-None-Match": "The ETag of a copy you have: while it still holds, 304 is the answer."},
    refuses=(404,),
)
def storyboard(job_id: str, query: StoryboardQuery) -> Response:
    """Return the canonical storyboard: the very bytes a decision is bound to, without the envelope.

    Their SHA-256 is the job's `approval.hash`, a decision's `contentHash`, and the ETag.
    """
    content = integrity.document(jobs.find(person(), job_id), query.version)
    response = Response(content, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="storyboard.json"'
    response.set_etag(sha256(content).hexdigest())
    return response.make_conditional(request)  # type: ignore[return-value]  # werkzeug's own type for the same object


@blueprint.get("/history")
@operation(TAG, query=Paged, answers={200: list[resources.EventResource]}, is_list=True, refuses=(404,))
def history(job_id: str, query: Paged) -> Response:
    """List what happened to a job, the newest line first.

    Each line carries the hash of the one before it, so nothing can be changed or left out unseen.
    """
    found, total = records.events(jobs.find(person(), job_id), limit=query.limit, offset=query.offset)
    rows = [resources.event(each) for each in found]
    return envelope.page(rows, total, limit=query.limit, offset=query.offset)
