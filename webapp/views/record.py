"""The record of a job: its history, the certificate of a decision, the exact words as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for

from webapp.services import certificates, decisions, events, integrity, jobs, review_board
from webapp.views.blobs import blob_response
from webapp.views.security import person

if TYPE_CHECKING:
    from webapp.services.certificates import Certificate

blueprint = Blueprint("record", __name__, url_prefix="/jobs/<job_id>")

LINES = 50
"""Lines of the history on one page."""


@blueprint.get("/activity")
def activity(job_id: str) -> str:
    """Show what happened, newest first, and every decision with its hash; short histories are checked on the way."""
    job = jobs.find(person(), job_id)
    lines = events.of_job(job, before=request.args.get("before", type=int), limit=LINES + 1)
    count = events.count(job)
    report = integrity.report(job) if count <= integrity.CHECKED_ON_PAGES else None
    return render_template(
        "jobs/activity.html",
        job=job,
        events=lines[:LINES],
        more=len(lines) > LINES,
        decisions=decisions.history(job),
        report=report,
        count=count,
    )


@blueprint.get("/decisions/<decision_id>/certificate")
def certificate(job_id: str, decision_id: str) -> str:
    """Show exactly what was decided on, by whom, and whether it still stands; made for printing."""
    found = _certificate(job_id, decision_id)
    thumbs = {
        shot.number: url_for(".frame", job_id=job_id, decision_id=decision_id, number=shot.number, k=shot.frame_id)
        for shot in found.board.shots
        if shot.frame_id
    }
    document = url_for(".decided_words", job_id=job_id, decision_id=decision_id)
    return render_template("record/certificate.html", certificate=found, thumbs=thumbs, document_url=document)


@blueprint.get("/decisions/<decision_id>/frames/<int:number>")
def frame(job_id: str, decision_id: str, number: int) -> Response:
    """Answer with the picture of a scene as it was decided on."""
    board = _certificate(job_id, decision_id).board
    blob = review_board.picture(board, number, "thumb")
    return blob_response(blob, filename=f"scene-{number}.webp", inline=True)


@blueprint.get("/decisions/<decision_id>/storyboard.json")
def decided_words(job_id: str, decision_id: str) -> Response:
    """Send the canonical storyboard that was decided on: its SHA-256 is the decision's hash."""
    job = jobs.find(person(), job_id)
    decision = certificates.find(job, decision_id)
    number = decision.version.number if decision.version else None
    return _document(integrity.document(job, number))


@blueprint.get("/versions/<int:number>/storyboard.json")
def words(job_id: str, number: int) -> Response:
    """Send the canonical storyboard of a version: its SHA-256 is the version's hash."""
    return _document(integrity.document(jobs.find(person(), job_id), number))


def _certificate(job_id: str, decision_id: str) -> Certificate:
    job = jobs.find(person(), job_id)
    return certificates.of(job, certificates.find(job, decision_id))


def _document(content: bytes) -> Response:
    response = Response(content, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="storyboard.json"'
    return response
