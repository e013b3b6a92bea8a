"""Scenes in the browser: edit in place, redo, add, copy, delete, move, their pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request

from webapp.errors import Invalid, NotFound, StaleVersion
from webapp.schemas.scenes import NewScene, RedoRequest, SceneChange
from webapp.services import jobs, presence, scenes, takes
from webapp.views import boards, hypermedia, merging
from webapp.views.blobs import blob_response
from webapp.views.forms import Form, parse
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Job, Scene

blueprint = Blueprint("scenes", __name__, url_prefix="/jobs/<job_id>/scenes")

VARIANTS = {"board": "board_blob_id", "plain": "plain_blob_id", "thumb": "thumbnail_blob_id"}


@blueprint.route("/<scene_id>", methods=["PATCH", "POST"])
@editors
def edit(job_id: str, scene_id: str) -> BaseResponse | tuple[str, int]:
    """Save fields of a scene; “Saved” is said only after the commit."""
    job, scene = scenes.find(person(), job_id, scene_id)
    version = request.form.get("version", type=int)
    if hypermedia.wants_fragment():
        presence.typing(person(), job_id, scene_id)
    try:
        change, began_at = parse(SceneChange, _edited()), request.form.get("began_at", "")
        scenes.edit(person(), job, scene, change, version=version, tab=hypermedia.tab(), began_at=began_at)
    except Invalid as refusal:
        return _unsaved(job, scene, refusal)
    except StaleVersion:
        return merging.question(*scenes.find(person(), job_id, scene_id), _edited(), version)
    if not hypermedia.wants_fragment():
        return boards.to_scene(job_id, scene_id)
    board = boards.Board(job)
    # others wrote as well: a page that took this version for its own would not know their words
    alone = scene.version == (version or 0) + 1
    return hypermedia.answer(
        render_template("scenes/_saved.html", board=board, scene=scene),
        "" if alone else hypermedia.partial(f"#scene-{scene.id}", "scenes/_scene.html", board=board, scene=scene),
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
    return boards.changed(job, before, f"Scene {scene.position} added", scene.id)


@blueprint.post("/<scene_id>/takes")
@editors
def redo(job_id: str, scene_id: str) -> BaseResponse | tuple[str, int]:
    """Ask for a new take, with feedback."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    form = Form(RedoRequest)
    if form.submit(lambda asked: scenes.redo(person(), job, scene, asked)):
        return boards.changed(job, before, "", scene_id)
    template = "scenes/_redo.html" if hypermedia.wants_fragment() else "scenes/redo.html"
    return form.page(template, board=boards.Board(job), scene=scene)


@blueprint.get("/<scene_id>/takes/new")
@editors
def new_take(job_id: str, scene_id: str) -> tuple[str, int]:
    """Show the redo form: a dialog for htmx, a page for a plain browser."""
    job, scene = scenes.find(person(), job_id, scene_id)
    template = "scenes/_redo.html" if hypermedia.wants_fragment() else "scenes/redo.html"
    return Form(RedoRequest, _asked_before(job, scene)).page(template, board=boards.Board(job), scene=scene)


@blueprint.post("/<scene_id>/takes/stop")
@editors
def stop(job_id: str, scene_id: str) -> BaseResponse:
    """Stop the redo; the present take stays."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    scenes.stop_redo(person(), job, scene)
    return boards.changed(job, before, "", scene_id)


@blueprint.post("/<scene_id>/copies")
@editors
def duplicate(job_id: str, scene_id: str) -> BaseResponse:
    """Copy a scene."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    copy = scenes.duplicate(person(), job, scene)
    return boards.changed(job, before, f"Copied to scene {copy.position}", copy.id)


@blueprint.post("/<scene_id>/delete")
@editors
def delete(job_id: str, scene_id: str) -> BaseResponse:
    """Delete a scene; the toast offers Undo."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before, number = job.revision, scene.position
    scenes.delete(person(), job, scene)
    return boards.changed(job, before, f"Scene {number} deleted", "", boards.undo_url(job))


@blueprint.post("/<scene_id>/restore")
@editors
def restore(job_id: str, scene_id: str) -> BaseResponse:
    """Bring a deleted scene back."""
    job, scene = scenes.find(person(), job_id, scene_id, deleted=True)
    before = job.revision
    scenes.undelete(person(), job, scene)
    return boards.changed(job, before, f"Scene {scene.position} is back", scene_id)


@blueprint.route("/<scene_id>/position", methods=["PUT", "POST"])
@editors
def move(job_id: str, scene_id: str) -> BaseResponse:
    """Move a scene to a place, counted from 1; `seen` is the place it had on the page."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    position = request.form.get("position", type=int)
    if position is None:
        raise Invalid(fields={"position": "Which place should the scene have?"})
    scenes.move(person(), job, scene, position, seen=request.form.get("seen", type=int))
    return boards.changed(job, before, "", scene_id)


@blueprint.post("/<scene_id>/lock")
@editors
def lock(job_id: str, scene_id: str) -> BaseResponse:
    """Keep a scene out of “write all anew”, or let it in again."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    scenes.lock(person(), job, scene, locked=request.form.get("locked") == "1")
    return boards.changed(job, before, "", scene_id)


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
    return boards.changed(job, before, "Assets saved", scene_id)


@blueprint.get("/<scene_id>/frame")
def frame(job_id: str, scene_id: str) -> BaseResponse:
    """Send the picture of a scene; the page's URL carries the frame's id, so it may be kept for good."""
    _, scene = scenes.find(person(), job_id, scene_id)
    if scene.frame is None:
        raise NotFound("This scene has no picture yet.")
    blob = scenes.frame_blob(scene, VARIANTS.get(request.args.get("variant", "board"), "board_blob_id"))
    return blob_response(blob, filename=f"scene-{scene.position}.webp", inline=True)


def _asked_before(job: Job, scene: Scene) -> dict[str, Any]:
    """Fill the redo form: like an earlier take (`like`), or as it was when it failed."""
    if number := request.args.get("like", type=int):
        take = takes.find(scene, number)
        asked: dict[str, Any] = {"feedback": take.feedback, "comment_ids": take.comment_ids}
    elif scene.error:
        asked = scene.redo_options | {"feedback": scene.redo_feedback}
    else:
        return {}
    standing = takes.asked_by(job, asked.get("comment_ids") or [])
    return asked | {"comment_ids": [comment.id for comment in standing]}


def _edited() -> dict[str, str]:
    """Read the fields of the form that were sent; browsers send line ends as CRLF."""
    known = SceneChange.model_fields
    return {name: value.replace("\r\n", "\n") for name, value in request.form.items() if name in known}


def _unsaved(job: Job, scene: Scene, refusal: Invalid) -> tuple[str, int]:
    """Say why nothing was saved: on the card for htmx, as a form with everything typed for a plain browser."""
    if hypermedia.wants_fragment():
        reason = next(iter(refusal.fields.values()), refusal.message)
        return render_template("scenes/_unsaved.html", scene=scene, reason=reason), 422
    board = boards.Board(job)
    return render_template(
        "scenes/unsaved.html", board=board, scene=scene, typed=request.form, errors=refusal.fields
    ), 422
