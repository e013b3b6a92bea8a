"""Which scenes a board has, in which order, showing which takes: read it, number it, make it another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.extensions import db
from webapp.models import Scene, Take, utcnow
from webapp.services import frame_store, jobs, takes
from webapp.services.storyboards import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.models import Job, User

Places = list[dict[str, str]]
"""A board in order: `scene_id`, `take_id` and `locked` ("1" or "") of each scene."""


def places(job: Job) -> Places:
    """Return the board as it is."""
    return [
        {"scene_id": scene.id, "take_id": scene.take_id or "", "locked": "1" if scene.locked else ""}
        for scene in jobs.scenes(job)
    ]


def arrange(person: User, job: Job, wanted: Sequence[Mapping[str, str]]) -> None:
    """Make the board these scenes in this order, each saying what its take says (inside the caller's transaction).

    Scenes that are not wanted are taken off, those that were taken off come back. A scene gets a new take only when
    its words differ; `locked` is left alone where it is not named. What is gone for good is left out.
    """
    board = {scene.id: scene for scene in jobs.scenes(job)}
    order = [scene for each in wanted if (scene := _scene(job, each["scene_id"])) is not None]
    for scene in board.values():
        if scene not in order:
            scene.deleted_at, scene.redo_token = utcnow(), ""
    back = [scene for scene in order if scene.deleted_at is not None]
    for scene in back:
        scene.deleted_at = None
    named = {each["scene_id"]: each for each in wanted}
    for scene in order:
        _set(person, job, scene, named[scene.id])
    if list(board.values()) != order:
        number(job, order)
    frame_store.refresh(job, back)


def number(job: Job, board: Sequence[Scene]) -> None:
    """Make positions 1..n, contiguous, in this order (inside the caller's transaction)."""
    revision = job.touch(layout=True)
    for position, scene in enumerate(board, 1):
        if scene.position != position:
            scene.position = position
        scene.revision = revision


def _set(person: User, job: Job, scene: Scene, wanted: Mapping[str, str]) -> None:
    take = db.session.get(Take, wanted["take_id"]) if wanted["take_id"] else None
    if take is not None and take.id != scene.take_id:
        words = takes.still_there(job, content(take))
        if take.waiting or scene.take is None or words != content(scene.take):
            takes.bring_back(person, job, scene, take, words)
    locked = wanted.get("locked", "1" if scene.locked else "") == "1"
    if locked != scene.locked:
        scene.locked = locked
        scene.revision = job.touch()


def _scene(job: Job, scene_id: str) -> Scene | None:
    scene = db.session.get(Scene, scene_id)
    return scene if scene is not None and scene.job_id == job.id else None
