"""Words and seconds in the browser: trade seconds, fit a scene to its words, ask for fewer words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from webapp.errors import Invalid
from webapp.schemas.scenes import RedoRequest
from webapp.services import fit, scenes
from webapp.views import boards, hypermedia
from webapp.views.forms import Form
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("fit", __name__, url_prefix="/jobs/<job_id>/scenes/<scene_id>")


@blueprint.post("/trade")
@editors
def trade(job_id: str, scene_id: str) -> BaseResponse:
    """Give this scene milliseconds (`ms`) of the next one, or the other way round."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    ms = request.form.get("ms", type=int)
    if ms is None:
        raise Invalid(fields={"ms": "How many milliseconds should go over?"})
    fit.trade(person(), job, scene, ms)
    return boards.changed(job, before, "", scene_id)


@blueprint.post("/fit")
@editors
def to_words(job_id: str, scene_id: str) -> BaseResponse:
    """Give the scene the seconds that its words need."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    text = f"Scene {scene.position} fits its words"
    if short := fit.to_words(person(), job, scene):
        text += f", scene {' and '.join(map(str, short))} is short of seconds now"
    return boards.changed(job, before, text, scene_id, boards.undo_url(job))


@blueprint.get("/tighten")
@editors
def tighten(job_id: str, scene_id: str) -> tuple[str, int]:
    """Show the redo form, asking for a voice-over of as many words as fit."""
    job, scene = scenes.find(person(), job_id, scene_id)
    room = fit.of_scene(scene, fit.rate_of(job)).room
    asked = {"feedback": f"Tighten the voice-over to at most {room} words.", "parts": ["script"]}
    template = "scenes/_redo.html" if hypermedia.wants_fragment() else "scenes/redo.html"
    return Form(RedoRequest, asked).page(template, board=boards.Board(job), scene=scene)
