"""One scene written again, in the worker: a new take beside the old ones; nothing else changes."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from webapp.errors import WriterError
from webapp.extensions import db, let_go, transaction
from webapp.models import Job, Scene, TakeSource, User, utcnow
from webapp.services import (
    briefs,
    comments,
    costs,
    events,
    frame_store,
    generations,
    heart,
    jobs,
    notices,
    storyboards,
    takes,
    writers,
)
from webapp.services.writers.base import Constraints, Redo

if TYPE_CHECKING:
    from webapp.services.writers.base import Rewrite

log = logging.getLogger(__name__)

COLUMNS = {
    "picture": ("description", "shot_type", "camera_move", "asset_ids"),
    "script": ("script", "on_screen"),
    "description": ("title", "description"),
    "shot": ("shot_type", "camera_move", "transition"),
    "timing": ("duration_ms",),
}
"""What each part that can be ticked in a redo may change."""
_LENGTH = re.compile(r"\d\s*(s\b|sec|sek|seg)", re.IGNORECASE)
"""Feedback that names seconds ("make it 4 s", "2 Sekunden") is about the length, also without a tick."""


def rewrite(scene_id: str, token: str) -> None:
    """Write a new take of a scene as its redo asks: a candidate, or shown at once where that was asked for.

    Never raises: how it ended is in the row.
    """
    try:
        with heart.beating(lambda: _beat(scene_id, token)):
            _rewrite(scene_id, token)
    except WriterError as error:
        _fail(scene_id, token, " ".join(filter(None, (error.message, error.hint))))
    except Exception:
        log.exception("redo of scene %s", scene_id)
        _fail(scene_id, token, "Something broke on our side. The scene is as it was; try again.")


def _rewrite(scene_id: str, token: str) -> None:
    db.session.rollback()
    scene = db.session.get(Scene, scene_id)
    if scene is None or scene.redo_token != token or scene.take is None:
        return
    job, settings = db.session.get_one(Job, scene.job_id), costs.settings()
    board = [each for each in jobs.scenes(job) if each.take]
    options, asked, number = scene.redo_options, scene.redo_feedback, scene.position
    read_id = scene.take_id
    brief = briefs.of(
        job,
        [each.take.duration_ms for each in board if each.take],
        pictures=writers.label(settings)[0] != "builtin",
    )
    present = briefs.draft(scene)
    limits = Constraints(
        seconds=options.get("seconds") or present.seconds,
        must_include_asset_ids=tuple(options.get("must_include_asset_ids") or ()),
        parts=tuple(options.get("parts") or ()),
    )
    neighbours = [briefs.draft(each) for each in board if each.id != scene_id]
    previous = [briefs.as_draft(take, number) for take in takes.of_scene(scene)]
    blank = not (present.script or present.on_screen) and present.title == "New scene"
    job_id = job.id
    let_go()
    writer = writers.current(settings)
    began = time.monotonic()
    result = writer.rewrite(
        Redo(
            brief=brief,
            number=number,
            scene=None if blank else present,
            neighbours=neighbours,
            previous=previous,
            feedback=asked,
            constraints=limits,
        )
    )
    took_ms = round((time.monotonic() - began) * 1000)
    cost = generations.book(job_id, result.usage, writer.name)
    take_id = _keep(scene_id, token, result, read_id=read_id, writer=writer.name, cost_micros=cost, took_ms=took_ms)
    if options.get("select"):
        frame_store.draw_missing(job_id, wait=False)
    elif take_id:
        frame_store.draw_candidate(take_id)


def _keep(scene_id: str, token: str, result: Rewrite, *, read_id: str | None = None, **facts: Any) -> str:
    """Store what was written, once; returns the id of the take, empty when the redo was stopped or replaced.

    It waits beside when it should be shown at once, but somebody decided meanwhile, or changed the take that the writer
    read (`read_id`): nobody's words go without their seeing it.
    """
    with transaction():
        scene = db.session.get(Scene, scene_id)
        if scene is None or scene.redo_token != token:
            return ""
        job, options = db.session.get_one(Job, scene.job_id), scene.redo_options
        words = _asked_for(scene, generations.words_of(result.draft, max(1000, round(result.draft.seconds * 10) * 100)))
        comment_ids = options.get("comment_ids") or []
        shown = bool(options.get("select")) and not job.is_frozen and scene.take_id == read_id
        keep = takes.write if shown else takes.propose
        by = db.session.get(User, options.get("user_id") or "")
        take = keep(
            job, scene, words, TakeSource.COMMENT if comment_ids else TakeSource.REDO, by=by,
            origin=token, feedback=scene.redo_feedback,
            comment_ids=comment_ids, model=result.usage.model, input_tokens=result.usage.input_tokens,
            output_tokens=result.usage.output_tokens, **facts,
        )  # fmt: skip
        if shown:
            comments.answered_by_take(job, scene, take, by=by)
        scene.redo_token, scene.redo_feedback, scene.redo_options = "", "", {}
        said = "wrote a new take of" if shown else f"wrote take {take.number}, to compare, of"
        events.record(job, "redone", f"{said} scene {scene.position}", scene=scene, take=take.number)
        return take.id


def _asked_for(scene: Scene, words: dict[str, Any]) -> dict[str, Any]:
    """Keep what the redo was not to change, whatever a model did: parts that were not ticked, and the length."""
    if scene.take is None:
        return words
    present, ticked = storyboards.content(scene.take), scene.redo_options.get("parts") or []
    changed = set(words) - {"duration_ms"} if not ticked else {name for part in ticked for name in COLUMNS[part]}
    if "timing" in ticked or scene.redo_options.get("seconds") or (not ticked and _LENGTH.search(scene.redo_feedback)):
        changed.add("duration_ms")
    if "shot_type" in changed:
        changed.add("raw")
    return present | {name: words[name] for name in changed}


def _fail(scene_id: str, token: str, message: str) -> None:
    db.session.rollback()
    with transaction():
        scene = db.session.get(Scene, scene_id)
        if scene is None or scene.redo_token != token:
            return
        scene.redo_token, scene.error = "", message
        job = db.session.get_one(Job, scene.job_id)
        scene.revision = job.touch()
        text = f"could not redo scene {scene.position}: {message}"
        events.record(job, "redo failed", text, scene=scene)
        notices.tell(job, notices.FAILURE, text, to=notices.maker(job), scene=scene)


def _beat(scene_id: str, token: str) -> None:
    with transaction():
        db.session.execute(
            update(Scene)
            .where(Scene.id == scene_id, Scene.redo_token == token)
            .values(redo_heartbeat_at=utcnow(), updated_at=Scene.updated_at)
        )
