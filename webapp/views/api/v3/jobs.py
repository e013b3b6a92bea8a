"""/api/v3/jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import orjson
from flask import Blueprint, Response, url_for
from orjson import Fragment

from webapp.services import archive, commissions, dossiers, jobs
from webapp.views.api import envelope, waiting
from webapp.views.api.kept_texts import KeptTexts
from webapp.views.api.spec import operation, request_key
from webapp.views.api.v3.resources import job_bodies, job_changes
from webapp.views.api.v3.resources import jobs as resources
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from webapp.services.dossiers import Stamp
    from webapp.views.api.v3.resources.job_bodies import JobBody, JobQuery
    from webapp.views.api.v3.resources.job_changes import JobChangeBody

blueprint = Blueprint("api_jobs", __name__, url_prefix="/api/v3/jobs")
TAG = "v3-jobs"

_texts = KeptTexts()


@blueprint.get("")
@operation(TAG, query=job_bodies.JobQuery, answers={200: list[resources.JobResource]}, is_list=True)
def index(query: JobQuery) -> Response:
    """List jobs, the newest first; archived ones only when asked for."""
    found, total = dossiers.page(person(), query.filter(), limit=query.limit, offset=query.offset)
    return envelope.page(_said(found), total, limit=query.limit, offset=query.offset)


@blueprint.post("")
@editors
@operation(
    TAG,
    body=job_bodies.JobBody,
    answers={201: resources.JobResource, 202: resources.JobResource},
    headers=waiting.HEADERS,
    refuses=(404, 413),
    says=("Location", "Preference-Applied"),
)
def create(body: JobBody) -> Response:
    """Make a job and write its storyboard.

    Waits up to 30 s for the storyboard and answers 201 with its scenes; a writer that failed meanwhile is answered
    with 201 too, `status` is "failed" then and `error` says why. With `Prefer: respond-async`, or when the wait runs
    out, the answer is 202: the scenes are still being written, look again at `Location`. A link that cannot be fetched
    does not fail the job: it stands among its `assets` with its error. A body that is refused leaves nothing behind.
    """
    made = commissions.create(person(), body.draft(request_key()), body.wanted())
    job_id = made.id
    done = waiting.until(lambda: not jobs.is_running(job_id))
    data = resources.job(person(), jobs.find(person(), job_id))
    if not done:
        data["status"] = "storyboard_processing"
    response = envelope.answer(data, 201 if done else 202, location=url_for(".show", job_id=job_id))
    if waiting.wants_async():
        response.headers["Preference-Applied"] = "respond-async"
    return response


@blueprint.get("/<job_id>")
@operation(TAG, answers={200: resources.JobResource}, refuses=(404,))
def show(job_id: str) -> Response:
    """Return a job with its scenes."""
    return envelope.answer(_said([dossiers.stamp(person(), job_id)])[0])


@blueprint.put("/<job_id>")
@editors
@operation(TAG, body=job_changes.JobChangeBody, answers={200: resources.JobResource}, refuses=(404, 409, 413))
def change(job_id: str, body: JobChangeBody) -> Response:
    """Change the fields given of a job's brief; null clears one.

    Scenes stay as they are: regenerate them to have them follow. `creative.assets` replaces the assets of the brief.
    An approved or rejected storyboard is frozen (409); its length and format do not change while scenes are written.
    """
    commissions.change(person(), jobs.find(person(), job_id), body.change(), body.wanted())
    return envelope.answer(_said([dossiers.stamp(person(), job_id)])[0])


@blueprint.delete("/<job_id>")
@editors
@operation(TAG, answers={200: resources.JobResource | None}, refuses=(404,))
def delete(job_id: str) -> Response:
    """Delete a job with its scenes, takes and history; the client's assets stay.

    A job that somebody decided on is archived instead, whatever the decision was: then `data` is the job, with
    `archived` true. It leaves the lists, its review links close, and it can only be read until it is restored.
    """
    if not archive.delete(person(), jobs.find(person(), job_id)):
        return envelope.answer(None)
    return envelope.answer(_said([dossiers.stamp(person(), job_id)])[0])


@blueprint.post("/<job_id>/restore")
@editors
@operation(TAG, answers={200: resources.JobResource}, refuses=(404,))
def restore(job_id: str) -> Response:
    """Bring a job back from the archive, as it was; its review links work again."""
    archive.restore(person(), jobs.find(person(), job_id))
    return envelope.answer(_said([dossiers.stamp(person(), job_id)])[0])


def _said(stamps: Sequence[Stamp]) -> list[Fragment]:
    """Return jobs as JSON; those that were said before and are unchanged since are not read again."""
    return [Fragment(text) for text in _texts.all(stamps, _texts_of)]


def _texts_of(stamps: Sequence[Hashable]) -> dict[Hashable, bytes]:
    wanted = {stamp.job_id: stamp for stamp in cast("Sequence[Stamp]", stamps)}
    found = list(dossiers.of(wanted).values())
    said = resources.several(found)
    return {wanted[each["id"]]: orjson.dumps(each, option=envelope.OPTIONS) for each in said}
