"""A new take of one scene, waited for: what the route of a scene and the action of a job both answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.errors import Conflict, UpstreamFailed
from webapp.services import scene_changes, scenes, takes
from webapp.views.api import envelope, waiting
from webapp.views.api.v3.resources import scenes as resources
from webapp.views.security import person

if TYPE_CHECKING:
    from flask import Response

    from webapp.models import Job, Scene
    from webapp.schemas.scenes import RedoRequest


def regenerate(job: Job, scene: Scene, request: RedoRequest, *, select: bool = True) -> Response:
    """Ask for a new take of a scene, wait for it, and answer with a message and the scene as it is then.

    200 when it is written, 202 when the caller does not wait or the wait ran out.

    Raises:
        UpstreamFailed: the writer failed, with its sentence.
        Conflict: somebody stopped it; or as `scenes.redo` does.
    """
    scenes.redo(person(), job, scene, request, select=select)
    return awaited(job.id, scene.id, scene.redo_token)


def awaited(job_id: str, scene_id: str, token: str) -> Response:
    """Wait for a redo that was just asked for, and answer as `regenerate` does."""
    is_done = waited_for(scene_id, token)
    job, scene = scene_changes.at(person(), job_id, scene_id)
    if not is_done:
        return _said(job, scene, f"Scene {scene.position} is being written.", 202)
    take = takes.written_by(scene_id, token)
    if take is None and scene.error:
        raise UpstreamFailed(scene.error)
    if take is None:
        raise Conflict(f"Somebody stopped the writing of scene {scene.position}.", hint="The scene is as it was.")
    shows = f"Scene {scene.position} shows take {take.number}."
    waits = f"Take {take.number} of scene {scene.position} waits to be used."
    return _said(job, scene, waits if take.waiting else shows, 200)


def waited_for(scene_id: str, token: str) -> bool:
    """Wait for a redo, by its token; say whether it has ended, in whichever way."""
    return waiting.until(lambda: not takes.is_being_written(scene_id, token))


def _said(job: Job, scene: Scene, message: str, status: int) -> Response:
    return envelope.answer({"message": message, "scene": resources.scene(job, scene)}, status)
