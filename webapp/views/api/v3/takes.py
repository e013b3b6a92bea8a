"""/api/v3/jobs/{id}/scenes/{sceneId}/takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from webapp.errors import NotFound
from webapp.services import candidates, scene_changes, takes
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import scene_bodies, scenes
from webapp.views.api.v3.resources import takes as resources
from webapp.views.api.v3.scenes import COLUMNS, ETAG, FRAMES, TAG, WEBP, kept
from webapp.views.blobs import blob_response
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene, Take

blueprint = Blueprint("api_takes", __name__, url_prefix="/api/v3/jobs/<job_id>/scenes/<scene_id>/takes")


@blueprint.get("")
@operation(TAG, query=resources.TakeQuery, answers={200: list[resources.TakeResource]}, is_list=True, refuses=(404,))
def index(job_id: str, scene_id: str, query: resources.TakeQuery) -> Response:
    """List the takes of a scene, the newest first."""
    job, scene = scene_changes.at(person(), job_id, scene_id)
    found, total = takes.page(scene, limit=query.limit, offset=query.offset)
    return envelope.page(_said(job, scene, found), total, limit=query.limit, offset=query.offset)


@blueprint.get("/<take_id>")
@operation(TAG, answers={200: resources.TakeResource}, refuses=(404,))
def show(job_id: str, scene_id: str, take_id: str) -> Response:
    """Return a take by its id or its number."""
    job, scene = scene_changes.at(person(), job_id, scene_id)
    return _take(job, scene, takes.at(scene, take_id))


@blueprint.post("/<take_id>/use")
@editors
@operation(
    TAG,
    body=resources.UseBody,
    body_is_optional=True,
    answers={200: scenes.SceneResource},
    refuses=(404, 409),
    says=ETAG,
)
def use(job_id: str, scene_id: str, take_id: str, body: resources.UseBody) -> Response:
    """Show a take, or the fields named of it; answers with the scene.

    A candidate becomes the present take itself; an older take, or parts of one, come back as a new take.
    """
    job, scene = scene_changes.at(person(), job_id, scene_id)
    candidates.use(person(), job, scene, takes.at(scene, take_id).id, fields=body.columns())
    response = envelope.answer(scenes.scene(job, scene))
    response.headers["ETag"] = f'"{scene.version}"'
    return response


@blueprint.post("/<take_id>/dismiss")
@editors
@operation(TAG, answers={200: resources.TakeResource}, refuses=(404, 409))
def dismiss(job_id: str, scene_id: str, take_id: str) -> Response:
    """Let a candidate wait no longer; it stays among the takes, and the scene as it is."""
    job, scene = scene_changes.at(person(), job_id, scene_id)
    take = candidates.keep_present(person(), job, scene, takes.at(scene, take_id).id)
    return _take(job, scene, takes.at(scene, take.id))


@blueprint.get("/<take_id>/frame")
@operation(TAG, query=scene_bodies.FrameQuery, answers=FRAMES, refuses=(404, 416), media=WEBP)
def frame(job_id: str, scene_id: str, take_id: str, query: scene_bodies.FrameQuery) -> Response:
    """Send the picture that a take has, or would have, WebP."""
    job, scene = scene_changes.at(person(), job_id, scene_id)
    take = takes.at(scene, take_id)
    picture = takes.pictures(job, scene, [take]).get(take.id)
    if picture is None:
        raise NotFound("This take has no picture.")
    blob = takes.frame_blob(picture, COLUMNS[query.variant])
    response = blob_response(blob, filename=f"scene-{scene.position}-take-{take.number}.webp", inline=True)
    return kept(response, for_good=query.v == picture.id)


def _take(job: Job, scene: Scene, take: Take) -> Response:
    return envelope.answer(_said(job, scene, [take])[0])


def _said(job: Job, scene: Scene, found: Sequence[Take]) -> list[resources.TakeResource]:
    pictures = takes.pictures(job, scene, found)
    asked = {comment_id for take in found for comment_id in take.comment_ids}
    comments = {each.id for each in takes.asked_by(job, asked, team=person().may_edit)}
    return [resources.take(job, scene, take, pictures.get(take.id), comments) for take in found]
