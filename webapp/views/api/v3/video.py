"""/api/v3/jobs/{id}/video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from webapp.services import animatics, jobs
from webapp.views.animatics import film_of
from webapp.views.api.spec import FILE, operation
from webapp.views.security import person

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("api_video", __name__, url_prefix="/api/v3/jobs/<job_id>/video")
TAG = "v3-jobs"


@blueprint.get("")
@operation(
    TAG, answers={200: FILE, 206: FILE, 304: None}, refuses=(404, 416), media=(animatics.CONTENT_TYPE,)
)  # fmt: skip
def show(job_id: str) -> Response:
    """Send the animatic of an approved job, MP4.

    Approving renders it, which takes seconds: until then the answer is 404 with a sentence that says how far it is, or
    why there is none. It is as long as the scenes together, to the millisecond. Reopening the job drops it.
    """
    return film_of(jobs.find(person(), job_id))
