"""Takes in the browser: the list of a scene's takes, two of them compared, one of them used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from webapp.errors import NotFound
from webapp.services import candidates, differences, scenes, takes
from webapp.views import boards, hypermedia
from webapp.views.blobs import blob_response
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from webapp.models import Scene, Take

blueprint = Blueprint("takes", __name__, url_prefix="/jobs/<job_id>/scenes/<scene_id>/takes")

VARIANTS = {"board": "board_blob_id", "plain": "plain_blob_id", "thumb": "thumbnail_blob_id"}


@blueprint.get("")
def index(job_id: str, scene_id: str) -> str:
    """Show the takes of a scene: a dialog for htmx, a page for a plain browser; `before` goes on with older ones."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = request.args.get("before", type=int)
    found = takes.of_scene(scene, before=before, limit=takes.SHOWN + 1)
    shown, more = found[: takes.SHOWN], len(found) > takes.SHOWN
    template = "takes/index.html"
    if hypermedia.wants_fragment():
        template = "takes/_rows.html" if before else "takes/_list.html"
    asked = {comment_id for take in shown for comment_id in take.comment_ids}
    return render_template(
        template,
        board=boards.Board(job),
        scene=scene,
        takes=shown,
        more=more,
        pictures=takes.pictures(job, scene, shown),
        comments={comment.id: comment for comment in takes.asked_by(job, asked, team=person().may_edit)},
    )


@blueprint.get("/compare")
def compare(job_id: str, scene_id: str) -> str:
    """Show two takes side by side: the present one and the newest that waits, or the two asked for."""
    job, scene = scenes.find(person(), job_id, scene_id)
    left, right = _sides(scene)
    names = takes.asset_names(differences.asset_ids([left, right]))
    template = "takes/_compare.html" if hypermedia.wants_fragment() else "takes/compare.html"
    return render_template(
        template,
        board=boards.Board(job),
        scene=scene,
        left=left,
        right=right,
        fields=differences.fields(left, right, names),
        pictures=takes.pictures(job, scene, [left, right]),
        takes=takes.of_scene(scene, limit=100),
        comments=takes.asked_by(job, right.comment_ids, team=person().may_edit),
    )


@blueprint.post("/<take_id>/use")
@editors
def use(job_id: str, scene_id: str, take_id: str) -> BaseResponse:
    """Show a take, or the ticked fields of it; the toast offers Undo."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    fields = request.form.getlist("fields") if request.form.get("picked") else None
    take = candidates.use(person(), job, scene, take_id, fields=fields, seen=request.form.get("seen", ""))
    said = f"Scene {scene.position} shows take {take.number}"
    return boards.changed(job, before, said, scene_id, boards.undo_url(job))


@blueprint.post("/<take_id>/keep")
@editors
def keep(job_id: str, scene_id: str, take_id: str) -> BaseResponse:
    """Keep the scene as it is; the candidate stays in the list."""
    job, scene = scenes.find(person(), job_id, scene_id)
    before = job.revision
    take = candidates.keep_present(person(), job, scene, take_id)
    return boards.changed(job, before, f"Scene {scene.position} stays; take {take.number} is in its list", scene_id)


@blueprint.get("/<int:number>/frame")
def frame(job_id: str, scene_id: str, number: int) -> BaseResponse:
    """Send the picture that a take has, or would have."""
    job, scene = scenes.find(person(), job_id, scene_id)
    take = takes.find(scene, number)
    picture = takes.pictures(job, scene, [take]).get(take.id)
    if picture is None:
        raise NotFound("This take has no picture.")
    blob = takes.frame_blob(picture, VARIANTS.get(request.args.get("variant", "board"), "board_blob_id"))
    return blob_response(blob, filename=f"scene-{scene.position}-take-{number}.webp", inline=True)


def _sides(scene: Scene) -> tuple[Take, Take]:
    """Return the older and the newer side of the comparison that was asked for."""
    left, right = request.args.get("left", type=int), request.args.get("right", type=int)
    present = takes.present(scene)
    return (takes.find(scene, left) if left else present), (takes.find(scene, right) if right else takes.rival(scene))
