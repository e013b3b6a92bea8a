"""How a redo that somebody waits for ended; `scenes.redo` asks for one."""

from __future__ import annotations

from sqlalchemy import select

from webapp.errors import Conflict, WriterError
from webapp.extensions import db
from webapp.models import Scene, Take


def is_over(scene_id: str, token: str) -> bool:
    """Say whether nobody writes at this redo (`scene.redo_token` when it began) any more, however it ended."""
    return db.session.scalar(select(Scene.id).where(Scene.id == scene_id, Scene.redo_token == token)) is None


def result(scene: Scene, token: str) -> Take | None:
    """Return the take that a redo wrote, None while it is at work.

    Raises:
        WriterError: it failed, in the scene's own words.
        Conflict: somebody stopped it, or asked for another one instead.
    """
    if scene.redo_token == token:
        return None
    take = db.session.scalar(select(Take).where(Take.scene_id == scene.id, Take.origin == token))
    if take is not None:
        return take
    if scene.error and not scene.is_redoing:
        raise WriterError(scene.error)
    raise Conflict(f"Somebody stopped the writing of scene {scene.position}.", hint="Ask for it again.")


def sentence(scene: Scene, take: Take | None) -> str:
    """Say how far the redo of a scene is."""
    if take is None:
        return f"Scene {scene.position} is being written."
    if take.id == scene.take_id:
        return f"Scene {scene.position} shows its new take {take.number}."
    return f"Take {take.number} of scene {scene.position} is written and waits beside the one that is shown."
