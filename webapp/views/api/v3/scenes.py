"""/api/v3/jobs/{id}/scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request, url_for

from webapp.errors import StaleVersion
from webapp.services import jobs, numbers, scene_changes, scenes
from webapp.views.api import conditions, envelope, waiting
from webapp.views.api.spec import FILE, operation
from webapp.views.api.v3 import redos
from webapp.views.api.v3.resources import scene_bodies as bodies
from webapp.views.api.v3.resources import scenes as resources
from webapp.views.blobs import blob_response
from webapp.views.security import editors, person

if TYPE_CHECKING:
    from webapp.models import Job, Scene

blueprint = Blueprint("api_scenes", __name__, url_prefix="/api/v3/jobs/<job_id>/scenes")
TAG = "v3-scenes"
IF_MATCH = {"If-Match": 'The version the change started from, such as "3": another one present answers 409.'}
ORDER_IF_MATCH = {
    conditions.NAME: 'The `orderVersion` that the new order started from, as a strong tag: "<orderVersion>". '
    "Another one present answers 409."
}
COLUMNS = {"board": "board_blob_id", "plain": "plain_blob_id", "thumbnail": "thumbnail_blob_id"}
FRAMES = {200: FILE, 206: FILE, 304: None}
WEBP = ("image/webp",)
ETAG = frozenset({"ETag"})


@blueprint.get("")
@operation(TAG, answers={200: resources.ScenesResource}, refuses=(404,))
def index(job_id: str) -> Response:
    """List the scenes of a job in order."""
    return board(jobs.find(person(), job_id))


@blueprint.post("")
@editors
@operation(
    TAG,
    body=bodies.SceneBody,
    answers={201: resources.SceneResource, 202: resources.SceneResource},
    refuses=(404, 409),
    says=ETAG | {"Location"},
    headers=waiting.HEADERS,
)
def create(job_id: str, body: bodies.SceneBody) -> Response:
    """Insert a scene.

    It says exactly what you send. With `write` the writer fills it in as the description says; this waits up to 30 s
    for it, then answers 202.
    """
    job = jobs.find(person(), job_id)
    scene = scene_changes.insert(
        person(), job, body.change(), words=body.words, after=body.after_scene_id or "", locked=body.locked,
        write=body.write,
    )  # fmt: skip
    scene_id, token = scene.id, scene.redo_token
    is_done = not token or redos.waited_for(scene_id, token)
    address = url_for(".show", job_id=job_id, scene_id=scene_id)
    return _scene(*scene_changes.at(person(), job_id, scene_id), 201 if is_done else 202, location=address)


@blueprint.put("/order")
@editors
@operation(
    TAG,
    body=bodies.OrderBody,
    answers={200: resources.ScenesResource},
    refuses=(404, 409),
    headers=ORDER_IF_MATCH,
)
def order(job_id: str, body: bodies.OrderBody) -> Response:
    """Put the scenes in another order; name all of them.

    Send the `orderVersion` you started from, which the list of scenes says, in If-Match; without it your order replaces
    whatever somebody else made of it meanwhile. When it is another one by now, or you do not name all scenes, as
    somebody added or deleted one, it answers 409 and `meta.current` has the `scenes` as they are now, in order, with
    their `orderVersion`.
    """
    job = jobs.find(person(), job_id)
    try:
        scene_changes.reorder(person(), job, body.scene_ids, versions=conditions.tags())
    except StaleVersion as refusal:
        refusal.current = _all(job)
        raise
    return board(job)


@blueprint.get("/<scene_id>")
@operation(TAG, answers={200: resources.SceneResource}, refuses=(404,), says=ETAG)
def show(job_id: str, scene_id: str) -> Response:
    """Return a scene by its id or its number; its version is the ETag."""
    return _scene(*scene_changes.at(person(), job_id, scene_id))


@blueprint.put("/<scene_id>")
@editors
@operation(
    TAG,
    body=bodies.SceneChangeBody,
    answers={200: resources.SceneResource},
    refuses=(404, 409),
    headers=IF_MATCH,
    says=ETAG,
)
def change(job_id: str, scene_id: str, body: bodies.SceneChangeBody) -> Response:
    """Change the fields given of a scene, as a new take; null clears one.

    With If-Match, a scene that has another version by now answers 409 and stands in `meta.current`.
    """
    job, scene = scene_changes.at(person(), job_id, scene_id)
    locked = body.locked if "locked" in body.model_fields_set else None
    try:
        scene_changes.change(
            person(), job, scene, body.change(), words=body.words, locked=locked, versions=_versions()
        )  # fmt: skip
    except StaleVersion as refusal:
        refusal.current = resources.scene(*scene_changes.at(person(), job_id, scene.id))
        raise
    return _scene(job, scene)


@blueprint.delete("/<scene_id>")
@editors
@operation(TAG, answers={200: None}, refuses=(404, 409))
def delete(job_id: str, scene_id: str) -> Response:
    """Take a scene off the board; the last one stays."""
    scenes.delete(person(), *scene_changes.at(person(), job_id, scene_id))
    return envelope.answer(None)


@blueprint.post("/<scene_id>/restore")
@editors
@operation(TAG, answers={200: resources.SceneResource}, refuses=(404, 409), says=ETAG)
def restore(job_id: str, scene_id: str) -> Response:
    """Bring a deleted scene back, by its id, with all its takes."""
    job, scene = scene_changes.at(person(), job_id, scene_id, deleted=True)
    scenes.undelete(person(), job, scene)
    return _scene(job, scene)


@blueprint.post("/<scene_id>/duplicate")
@editors
@operation(TAG, answers={201: resources.SceneResource}, refuses=(404, 409), says=ETAG)
def duplicate(job_id: str, scene_id: str) -> Response:
    """Copy a scene, right after itself."""
    job, scene = scene_changes.at(person(), job_id, scene_id)
    copy = scenes.duplicate(person(), job, scene)
    return _scene(job, copy, 201, location=url_for(".show", job_id=job_id, scene_id=copy.id))


@blueprint.post("/<scene_id>/regenerate")
@editors
@operation(
    TAG,
    body=bodies.RegenerateBody,
    body_is_optional=True,
    answers={200: resources.SceneMessage, 202: resources.SceneMessage},
    refuses=(404, 409, 502),
    headers=waiting.HEADERS,
)
def regenerate(job_id: str, scene_id: str, body: bodies.RegenerateBody) -> Response:
    """Ask for a new take of a scene and wait up to 30 s for it.

    It is shown at once and the old one stays among the takes; with `"select": false` it waits as a candidate. When the
    wait runs out, or you prefer not to wait, the answer is 202: look at the scene until `isRegenerating` is false.
    """
    job, scene = scene_changes.at(person(), job_id, scene_id)
    return redos.regenerate(job, scene, body.request(), select=body.select)


@blueprint.post("/<scene_id>/regenerate/stop")
@editors
@operation(TAG, answers={200: resources.SceneResource}, refuses=(404, 409), says=ETAG)
def stop(job_id: str, scene_id: str) -> Response:
    """Stop the writing of a new take; the scene stays as it is."""
    job, scene = scene_changes.at(person(), job_id, scene_id)
    scenes.stop_redo(person(), job, scene)
    return _scene(job, scene)


@blueprint.get("/<scene_id>/frame")
@operation(TAG, query=bodies.FrameQuery, answers=FRAMES, refuses=(404, 416), media=WEBP)
def frame(job_id: str, scene_id: str, query: bodies.FrameQuery) -> Response:
    """Send the picture of a scene, WebP."""
    _, scene = scene_changes.at(person(), job_id, scene_id)
    blob = scenes.frame_blob(scene, COLUMNS[query.variant])
    response = blob_response(blob, filename=f"scene-{scene.position}.webp", inline=True)
    return kept(response, for_good=query.v == scene.frame_id)


def board(job: Job) -> Response:
    """Answer with all scenes of a job."""
    return envelope.answer(_all(job))


def kept(response: Response, *, for_good: bool) -> Response:
    """Let a picture be kept for good only where its address names it: a scene gets other pictures."""
    if not for_good:
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _all(job: Job) -> dict[str, Any]:
    found = jobs.scenes(job)
    version = scenes.order_version(each.id for each in found)
    return {"scenes": resources.scenes(job, found), "orderVersion": version}


def _scene(job: Job, scene: Scene, status: int = 200, location: str = "") -> Response:
    response = envelope.answer(resources.scene(job, scene), status, location=location)
    response.headers["ETag"] = f'"{scene.version}"'
    return response


def _versions() -> set[int] | None:
    """Read If-Match: the versions it names, None where it is not sent or takes any (*)."""
    asked = request.if_match
    if "If-Match" not in request.headers or asked.star_tag:
        return None
    found = {numbers.of_address((tag or "").strip()) for tag in asked.as_set(include_weak=True)}
    return {version for version in found if version is not None}
