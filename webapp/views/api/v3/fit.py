"""/api/v3/jobs/{id}: do the words fit the seconds, seconds moved to where words need them, and steps taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from webapp.services import fit as fits
from webapp.services import jobs, scene_changes, scenes
from webapp.services import undo as steps
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import scene_bodies as bodies
from webapp.views.api.v3.resources import scenes as resources
from webapp.views.api.v3.scenes import TAG
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from webapp.models import Job

blueprint = Blueprint("api_fit", __name__, url_prefix="/api/v3/jobs/<job_id>")


@blueprint.get("/fit")
@operation(TAG, answers={200: resources.BoardFit}, refuses=(404,))
def show(job_id: str) -> Response:
    """Say how the words of each scene and of the whole storyboard fit their seconds."""
    job = jobs.find(person(), job_id)
    return envelope.answer(resources.board_fit(job, jobs.scenes(job)))


@blueprint.post("/fit")
@editors
@operation(TAG, answers={200: resources.BoardFit}, refuses=(404, 409))
def to_length(job_id: str) -> Response:
    """Stretch or shorten all scenes alike so that together they take the brief's length, as new takes."""
    job = jobs.find(person(), job_id)
    scenes.fit(person(), job)
    return envelope.answer(resources.board_fit(job, jobs.scenes(job)))


@blueprint.post("/scenes/<scene_id>/fit")
@editors
@operation(TAG, answers={200: resources.FittedScenes}, refuses=(404, 409))
def to_words(job_id: str, scene_id: str) -> Response:
    """Give a scene the seconds its words need; other unlocked scenes give or get the difference."""
    job, scene = scene_changes.at(person(), job_id, scene_id)
    return _fitted(job, fits.to_words(person(), job, scene))


@blueprint.post("/scenes/<scene_id>/trade")
@editors
@operation(TAG, body=bodies.TradeBody, answers={200: resources.FittedScenes}, refuses=(404, 409))
def trade(job_id: str, scene_id: str, body: bodies.TradeBody) -> Response:
    """Give a scene seconds of the next one, or the other way round."""
    job, scene = scene_changes.at(person(), job_id, scene_id)
    fits.trade(person(), job, scene, round(body.seconds * 10) * 100)
    return _fitted(job, [])


@blueprint.post("/undo")
@editors
@operation(TAG, answers={200: resources.UndoneScenes}, refuses=(404, 409))
def undo(job_id: str) -> Response:
    """Take back the last thing you did to the structure of the board.

    A scene added, deleted, moved or locked, a take used, lengths fitted.
    """
    job = jobs.find(person(), job_id)
    return _undone(job, f"Undone: {steps.undo(person(), job).text}")


@blueprint.post("/redo")
@editors
@operation(TAG, answers={200: resources.UndoneScenes}, refuses=(404, 409))
def redo(job_id: str) -> Response:
    """Do again what you undid last."""
    job = jobs.find(person(), job_id)
    return _undone(job, f"Done again: {steps.redo(person(), job).text}")


def _fitted(job: Job, short: list[int]) -> Response:
    return envelope.answer({"scenes": resources.scenes(job, jobs.scenes(job)), "shortOfSeconds": short})


def _undone(job: Job, message: str) -> Response:
    return envelope.answer({"message": message, "scenes": resources.scenes(job, jobs.scenes(job))})
