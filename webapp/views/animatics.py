"""The animatic of a board: the film itself, and another try at rendering it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from webapp.services import animatics, jobs
from webapp.views import boards
from webapp.views.blobs import blob_response
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Job

blueprint = Blueprint("animatics", __name__, url_prefix="/jobs/<job_id>/animatic")


@blueprint.get("")
def show(job_id: str) -> Response:
    """Send the film: in place, or with `?download=1` as a file."""
    inline = request.args.get("download") != "1"
    return film_of(jobs.find(person(), job_id), inline=inline, named=request.args.get("k", ""))


@blueprint.post("")
@editors
def retry(job_id: str) -> BaseResponse:
    """Render it again after it failed."""
    job = jobs.find(person(), job_id)
    before = job.revision
    animatics.retry(person(), job)
    return boards.changed(job, before, "")


def film_of(job: Job, *, inline: bool = True, named: str = "") -> Response:
    """Answer with a job's animatic; it may be kept for good only where the address named this very film.

    Raises NotFound with a sentence while there is none.
    """
    film = animatics.find(job)
    response = blob_response(film, filename=f"{job.title}.mp4", inline=inline, content_type=animatics.CONTENT_TYPE)
    if named != film.id:
        response.headers["Cache-Control"] = "private, no-cache"
    return response
