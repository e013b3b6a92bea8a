"""/api/v3/jobs/{id}/checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from webapp.services import checks, jobs
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import checks as resources
from webapp.views.api.v3.resources.base import Paged
from webapp.views.security import person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from webapp.models import Job, Scene

blueprint = Blueprint("api_checks", __name__, url_prefix="/api/v3/jobs/<job_id>/checks")
TAG = "v3-jobs"


@blueprint.get("")
@operation(TAG, query=Paged, answers={200: list[resources.CheckResource]}, is_list=True, refuses=(404,))
def index(job_id: str, query: Paged) -> Response:
    """List what there is to look at before a storyboard goes out, warnings first.

    The client's rule book, the words that fit the seconds, what the brief asks for, the pictures. Computed anew each
    time; nothing while scenes are being written.
    """
    job = jobs.find(person(), job_id)
    board = jobs.scenes(job)
    numbers = {scene.id: scene.position for scene in board}
    found = _found(job, board)
    rows = [resources.check(each, numbers) for each in found[query.offset : query.offset + query.limit]]
    return envelope.page(rows, len(found), limit=query.limit, offset=query.offset)


def _found(job: Job, board: Sequence[Scene]) -> Sequence[checks.Check]:
    if job.is_running:
        return ()
    links = jobs.assets(job)
    return checks.run(job, board, links, jobs.all_assets(links, board)).checks
