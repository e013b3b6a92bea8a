"""New takes of single scenes, for programs: ask the writer, wait for it, say what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services import redos, scenes
from webapp.views.api import waiting
from webapp.views.security import person

if TYPE_CHECKING:
    from webapp.models import Job, Scene


def wait(job_id: str, scene_id: str, token: str) -> tuple[Job, Scene, str, int]:
    """Wait for a redo that was just asked for; return job and scene as they are then, a sentence, and the status.

    `token` is the scene's `redo_token`. 200: the take is there; 202: the writer is still at it, or the caller prefers
    not to wait.

    Raises:
        NotFound: somebody deleted the scene meanwhile.
        WriterError: the writer failed; the scene is as it was.
        Conflict: somebody stopped it.
    """
    waiting.until(lambda: redos.is_over(scene_id, token))
    job, scene = scenes.find(person(), job_id, scene_id)
    take = redos.result(scene, token)
    return job, scene, redos.sentence(scene, take), 200 if take else 202
