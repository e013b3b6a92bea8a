"""/api/v3/jobs/{id}/versions, and sending for review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, url_for

from webapp.services import history, jobs, records, sending, versions
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import comparisons
from webapp.views.api.v3.resources import versions as resources
from webapp.views.api.v3.resources.base import Paged
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from webapp.models import Job, Version
    from webapp.services.differences import Placed
    from webapp.views.api.v3.resources.comparisons import ComparisonQuery
    from webapp.views.api.v3.resources.versions import SendBody, VersionBody

blueprint = Blueprint("api_versions", __name__, url_prefix="/api/v3/jobs/<job_id>")
TAG = "v3-jobs"


@blueprint.post("/send")
@editors
@operation(
    TAG,
    body=resources.SendBody,
    body_is_optional=True,
    answers={201: resources.WholeVersionResource},
    refuses=(404, 409),
)
def send(job_id: str, body: SendBody) -> Response:
    """Send a storyboard for review.

    The board as it is becomes a version, which everybody with a review link sees from now on. Checks warn and never
    keep it back.
    """
    job = jobs.find(person(), job_id)
    return _made(job, sending.send(person(), job, body.draft()))


@blueprint.get("/versions")
@operation(TAG, query=Paged, answers={200: list[resources.VersionResource]}, is_list=True, refuses=(404,))
def index(job_id: str, query: Paged) -> Response:
    """List the versions of a job, the newest first, without their scenes."""
    job = jobs.find(person(), job_id)
    found, total = records.versions(job, limit=query.limit, offset=query.offset)
    rows = [resources.version(job, each) for each in found]
    return envelope.page(rows, total, limit=query.limit, offset=query.offset)


@blueprint.post("/versions")
@editors
@operation(TAG, body=resources.VersionBody, answers={201: resources.WholeVersionResource}, refuses=(404, 409))
def keep(job_id: str, body: VersionBody) -> Response:
    """Keep the board as it is under a name."""
    job = jobs.find(person(), job_id)
    return _made(job, history.keep_named(person(), job, body.draft()))


@blueprint.get("/versions/<int:number>")
@operation(TAG, answers={200: resources.WholeVersionResource}, refuses=(404,))
def show(job_id: str, number: int) -> Response:
    """Return a version with its scenes."""
    job = jobs.find(person(), job_id)
    return envelope.answer(resources.whole(job, versions.find(job, number)))


@blueprint.put("/versions/<int:number>")
@editors
@operation(TAG, body=resources.VersionBody, answers={200: resources.WholeVersionResource}, refuses=(404,))
def rename(job_id: str, number: int, body: VersionBody) -> Response:
    """Give a version another name; what it holds never changes."""
    job = jobs.find(person(), job_id)
    return envelope.answer(resources.whole(job, history.rename(person(), job, number, body.draft())))


@blueprint.get("/versions/<int:number>/compare")
@operation(TAG, query=comparisons.ComparisonQuery, answers={200: comparisons.ComparisonResource}, refuses=(404,))
def compare(job_id: str, number: int, query: ComparisonQuery) -> Response:
    """Compare a version, word by word, with another one, or with the board as it is.

    In the other's order; a scene that is only in this version stands where it stood.
    """
    job = jobs.find(person(), job_id)
    old = history.placed(versions.find(job, number))
    changes = history.compare(old, _placed(job, query.other))
    return envelope.answer(comparisons.comparison(number, query.other, changes))


@blueprint.post("/versions/<int:number>/restore")
@editors
@operation(TAG, answers={201: resources.WholeVersionResource}, refuses=(404, 409))
def restore(job_id: str, number: int) -> Response:
    """Make the board what a version holds, as a new version.

    The present board is kept as a version before. Only scenes that differ get a new take; nothing is lost.
    """
    job = jobs.find(person(), job_id)
    return _made(job, history.restore(person(), job, number))


def _placed(job: Job, other: str) -> list[Placed]:
    if other == comparisons.BOARD:
        return history.placed_now(job)
    return history.placed(versions.find(job, int(other)))


def _made(job: Job, version: Version) -> Response:
    """Answer with a version that was made just now, read anew with its scenes."""
    found = versions.find(job, version.number)
    url = url_for(".show", job_id=job.id, number=found.number)
    return envelope.answer(resources.whole(job, found), 201, location=url)
