"""Undo and redo of what one did to the structure of a board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from webapp.services import jobs
from webapp.services import undo as steps
from webapp.views import boards
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("undo", __name__, url_prefix="/jobs/<job_id>")


@blueprint.post("/undo")
@editors
def undo(job_id: str) -> BaseResponse:
    """Take back the last thing this person did to the board (`action`: only if it was that one)."""
    job = jobs.find(person(), job_id)
    before = job.revision
    action = steps.undo(person(), job, request.args.get("action", ""))
    return boards.changed(job, before, f"Undone: {action.text}")


@blueprint.post("/redo")
@editors
def redo(job_id: str) -> BaseResponse:
    """Do again what this person undid last."""
    job = jobs.find(person(), job_id)
    before = job.revision
    action = steps.redo(person(), job, request.args.get("action", ""))
    return boards.changed(job, before, f"Done again: {action.text}")
