"""Scenes in the browser: edit in place, redo, takes, add, copy, delete, move, their pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.errors import Invalid, NotFound, StaleVersion
from webapp.schemas.scenes import NewScene, RedoRequest, SceneChange
from webapp.services import candidates, jobs, scenes, storyboards
from webapp.services import takes as take_list
from webapp.views import boards, hypermedia
from webapp.views.blobs import blob_response
from webapp.views.forms import Form, parse
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Job, Scene

blueprint = Blueprint("scenes", __name__, url_prefix="/jobs/<job_id>/scenes")

LABELS = {
    "title": "Title", "beat": "Beat", "shot_type": "Shot", "camera_move": "Camera", "transition": "Transition",
    "seconds": "Seconds", "description": "Action", "script": "Voice-over", "on_screen": "On screen",
}  # fmt: skip
"""What the fields of a scene's form are called on the card."""
CHOSEN = {"beat", "shot_type", "camera_move", "transition"}
VARIANTS = {"board": "board_blob_id", "plain": "plain_blob_id", "thumb": "thumbnail_blob_id"}


@blueprint.route("/<scene_id>", methods=["PATCH", "POST"])
@editors
def edit(job_id: str, scene_id: str) -> BaseResponse | tuple[str, int]:
    """Save fields of a scene; “Saved” is said only after the commit."""
    job, scene = scenes.find(person(), job_id, scene_id)
    version = request.form.get("version", type=int)
    try:
        change = parse(SceneChange, _edited())
        scenes.edit(person(), job, scene, change, version=version, tab=hypermedia.tab())
    except Invalid as refusal:
        return _unsaved(job, scene, next(iter(refusal.fields.values()), refusal.message))
    except StaleVersion:
        job, scene = scenes.find(person(), job_id, scene_id)
        if not hypermedia.wants_fragment():
            raise
        board = boards.Board(job)
        return render_template("scenes/_conflict.html", board=board, scene=scene, theirs=_theirs(scene)), 409
    if not hypermedia.wants_fragment():
        return _to_scene(job_id, scene_id)
    board = boards.Board(job)
    return hypermedia.answer(
        render_template("scenes/_saved.html", board=board, scene=scene),
        hypermedia.partial("#job-timeline", "jobs/_timeline.html", board=board),
        hypermedia.partial("#job-meter", "jobs/_meter.html", board=board),
        event="scene-saved",
    )


@blueprint.post("")
@editors
def add(job_id: str) -> BaseResponse:
    """Add a scene, blank or described."""
    job = jobs.find(person(), job_id)
    before = job.revision
    scene = scenes.add(person(), job, parse(NewScene, request.form))
    return _changed(job, before, f"Scene {scene.position} added", scene.id)


@blueprint.post("/<scene_id>/takes")
@editors
def redo(job_id: str, scene_id: str) -> BaseResponse | tuple[str, int]:
    """Ask for a new take, with feedback."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    form = Form(RedoRequest)
    if form.submit(lambda asked: scenes.redo(person(), job, scene, asked)):
        return _changed(job, before, "", scene_id)
    template = "scenes/_redo.html" if hypermedia.wants_fragment() else "scenes/redo.html"
    return form.page(template, board=boards.Board(job), scene=scene)


@blueprint.get("/<scene_id>/takes/new")
@editors
def new_take(job_id: str, scene_id: str) -> tuple[str, int]:
    """Show the redo form: a dialog for htmx, a page for a plain browser."""
    job, scene = scenes.find(person(), job_id, scene_id)
    template = "scenes/_redo.html" if hypermedia.wants_fragment() else "scenes/redo.html"
    asked = {"feedback": scene.redo_feedback, "parts": scene.redo_options.get("parts", [])} if scene.error else {}
    return Form(RedoRequest, asked).page(template, board=boards.Board(job), scene=scene)


@blueprint.post("/<scene_id>/takes/stop")
@editors
def stop(job_id: str, scene_id: str) -> BaseResponse:
    """Stop the redo; the present take stays."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    scenes.stop_redo(person(), job, scene)
    return _changed(job, before, "", scene_id)


@blueprint.get("/<scene_id>/takes")
def takes(job_id: str, scene_id: str) -> str:
    """Show all takes of a scene: a dialog for htmx, a page for a plain browser."""
    job, scene = scenes.find(person(), job_id, scene_id)
    template = "scenes/_takes.html" if hypermedia.wants_fragment() else "scenes/takes.html"
    return render_template(template, board=boards.Board(job), scene=scene, takes=take_list.of_scene(scene))


@blueprint.post("/<scene_id>/takes/<take_id>/use")
@editors
def use(job_id: str, scene_id: str, take_id: str) -> BaseResponse:
    """Bring an earlier take back."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before, present = job.revision, scene.take_id
    candidates.use(person(), job, scene, take_id)
    undo = url_for(".use", job_id=job_id, scene_id=scene_id, take_id=present)
    return _changed(job, before, f"Scene {scene.position} says the earlier words again", scene_id, undo)


@blueprint.post("/<scene_id>/copies")
@editors
def duplicate(job_id: str, scene_id: str) -> BaseResponse:
    """Copy a scene."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    copy = scenes.duplicate(person(), job, scene)
    return _changed(job, before, f"Copied to scene {copy.position}", copy.id)


@blueprint.post("/<scene_id>/delete")
@editors
def delete(job_id: str, scene_id: str) -> BaseResponse:
    """Delete a scene; the toast offers Undo."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before, number = job.revision, scene.position
    scenes.delete(person(), job, scene)
    undo = url_for(".restore", job_id=job_id, scene_id=scene_id)
    return _changed(job, before, f"Scene {number} deleted", "", undo)


@blueprint.post("/<scene_id>/restore")
@editors
def restore(job_id: str, scene_id: str) -> BaseResponse:
    """Bring a deleted scene back."""
    job, scene = scenes.find(person(), job_id, scene_id, deleted=True)
    before = job.revision
    scenes.undelete(person(), job, scene)
    return _changed(job, before, f"Scene {scene.position} is back", scene_id)


@blueprint.route("/<scene_id>/position", methods=["PUT", "POST"])
@editors
def move(job_id: str, scene_id: str) -> BaseResponse:
    """Move a scene to a place, counted from 1."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    position = request.form.get("position", type=int)
    if position is None:
        raise Invalid(fields={"position": "Which place should the scene have?"})
    scenes.move(person(), job, scene, position)
    return _changed(job, before, "", scene_id)


@blueprint.post("/<scene_id>/lock")
@editors
def lock(job_id: str, scene_id: str) -> BaseResponse:
    """Keep a scene out of “write all anew”, or let it in again."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    scenes.lock(person(), job, scene, locked=request.form.get("locked") == "1")
    return _changed(job, before, "", scene_id)


@blueprint.get("/<scene_id>/assets")
@editors
def choose_assets(job_id: str, scene_id: str) -> str:
    """Show the assets a scene may use: a dialog for htmx, a page for a plain browser."""
    job, scene = scenes.find(person(), job_id, scene_id)
    template = "scenes/_assets.html" if hypermedia.wants_fragment() else "scenes/assets.html"
    return render_template(template, board=boards.Board(job), scene=scene)


@blueprint.post("/<scene_id>/assets")
@editors
def set_assets(job_id: str, scene_id: str) -> BaseResponse:
    """Make exactly the ticked assets the scene's, the one chosen as picture first."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    ticked, first = request.form.getlist("asset_ids"), request.form.get("picture", "")
    ordered = [first, *(each for each in ticked if each != first)] if first in ticked else ticked
    scenes.edit(person(), job, scene, SceneChange(asset_ids=ordered))
    return _changed(job, before, "Assets saved", scene_id)


@blueprint.get("/<scene_id>/frame")
def frame(job_id: str, scene_id: str) -> BaseResponse:
    """Send the picture of a scene; the page's URL carries the frame's id, so it may be kept for good."""
    _, scene = scenes.find(person(), job_id, scene_id)
    if scene.frame is None:
        raise NotFound("This scene has no picture yet.")
    blob = scenes.frame_blob(scene, VARIANTS.get(request.args.get("variant", "board"), "board_blob_id"))
    return blob_response(blob, filename=f"scene-{scene.position}.webp", inline=True)


def _theirs(scene: Scene) -> list[tuple[str, str]]:
    """Return what the scene says now in the fields that were sent and differ: (label, text)."""
    said = storyboards.content(scene.take) if scene.take else {}
    said["seconds"] = f"{said.get('duration_ms', 0) / 1000:.1f}"
    return [
        (label, str(said[name]).replace("-", " ") if name in CHOSEN else str(said[name]))
        for name, label in LABELS.items()
        if name in request.form and name in said and request.form[name].replace("\r\n", "\n").strip() != str(said[name])
    ]


def _edited() -> dict[str, object]:
    """Read the fields of the form that were sent; browsers send line ends as CRLF."""
    known = SceneChange.model_fields
    return {name: value.replace("\r\n", "\n") for name, value in request.form.items() if name in known}


def _unsaved(job: Job, scene: Scene, reason: str) -> BaseResponse | tuple[str, int]:
    if hypermedia.wants_fragment():
        return render_template("scenes/_unsaved.html", scene=scene, reason=reason), 422
    flash(reason, "bad")
    return _to_scene(job.id, scene.id)


def _changed(job: Job, before: int, said: str, scene_id: str, undo: str = "") -> Response | BaseResponse:
    """Answer an action: htmx gets what changed and a toast, a plain browser goes back to the scene."""
    if not hypermedia.wants_fragment():
        if said:
            message: Any = {"text": said, "undo": undo} if undo else said  # layout.html reads both
            flash(message, "ok")
        return _to_scene(job.id, scene_id)
    response = boards.changes(jobs.find(person(), job.id), before)
    return hypermedia.with_toast(response, said, undo) if said else response


def _to_scene(job_id: str, scene_id: str) -> BaseResponse:
    return redirect(url_for("jobs.show", job_id=job_id, _anchor=f"scene-{scene_id}" if scene_id else None), 303)
