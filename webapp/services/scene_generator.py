"""Brief → scenes, scene → new take: drive a writer, keep each scene the moment it is whole, give it its length.

Runs in the worker. No transaction is open while a model, a fetch or a drawing is waited for.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.errors import WriterError
from webapp.extensions import db, let_go, transaction
from webapp.models import Job, Scene, Take
from webapp.services import briefs, costs, frame_store, generations, heart, jobs, placement, timing, writers
from webapp.services.generations import Superseded
from webapp.services.writers.base import BrokenScene, Constraints, Redo, SceneDraft, Usage, Withdrawn, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from webapp.services.writers.base import Brief, SceneWriter

log = logging.getLogger(__name__)

WORDS_INTERVAL = 0.25
"""Seconds between two looks at the words of the scene being written: pages poll at most 4 times a second."""
PACE = 0.11
"""Seconds the built-in writer waits after each piece of words at WRITING_PACE 1, so that people can follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What one attempt has to write: everything it needs, read once, so that no snapshot is held while writing."""

    job_id: str
    token: str
    kind: str
    brief: Brief
    planned_ms: tuple[int, ...]
    total_ms: int
    spent_ms: int
    done: tuple[SceneDraft, ...]
    scene_ids: tuple[str, ...]
    """For a regenerate: the scene at each place; an empty id is a locked one, or one that has its new take already."""
    take_ids: tuple[str | None, ...]
    """The takes these scenes showed."""


def write(job_id: str, token: str) -> None:
    """Write what is missing of a storyboard, or new takes of its scenes. Never raises: how it ended is in the row."""

    def work() -> None:
        task = _assignment(job_id, token)
        _write(task, writers.current(costs.settings()))

    _guarded(job_id, token, work)


def settle_assets(job_id: str, token: str, patience_seconds: float) -> None:
    """Wait for assets still coming in, at most so many seconds, then give every ready one a scene that suits it."""

    def work() -> None:
        deadline = time.monotonic() + patience_seconds
        while (waiting := _open_assets(job_id)) and time.monotonic() < deadline:
            plural = "" if waiting == 1 else "s"
            generations.announce(job_id, token, f"Fetching {waiting} asset{plural}", "The scenes are written already.")
            time.sleep(0.5)
        with transaction():
            job = generations.claim_inside(job_id, token)
            board = [scene for scene in jobs.scenes(job) if scene.take]
            placed = placement.place(briefs.notes(job), [briefs.draft(scene) for scene in board])
            ids = {scene.position: scene.id for scene in board}
            generations.add_assets(job_id, token, {ids[number]: found for number, found in placed.items()})

    _guarded(job_id, token, work)


def draw(job_id: str, token: str) -> None:
    """Draw the frames that are still missing, then say that the storyboard is ready."""

    def work() -> None:
        job = generations.claim(job_id, token)
        stage = "Sketching frames" if job.attempt_kind == "storyboard" else "Sketching new frames"
        generations.announce(job_id, token, stage)
        frame_store.draw_missing(
            job_id, lambda number: generations.announce(job_id, token, stage, f"Sketching frame {number}")
        )
        generations.finish(job_id, token)

    _guarded(job_id, token, work)


def _guarded(job_id: str, token: str, work: Callable[[], None]) -> None:
    """Do a step of the storyboard with signs of life; whatever goes wrong ends in the row, in words."""
    try:
        generations.claim(job_id, token)
        with heart.beating(lambda: generations.beat(job_id, token)):
            work()
    except Superseded:
        log.info("job %s: this attempt was stopped, replaced or finished", job_id)
    except WriterError as error:
        _fail(job_id, token, error.message, error.hint or ("" if error.permanent else "Try again in a moment."))
    except Exception:
        log.exception("job %s", job_id)
        _fail(job_id, token, "Something broke on our side while writing.", "Finished scenes are safe. Try again.")


def _assignment(job_id: str, token: str) -> Assignment:
    settings = costs.settings()
    job = generations.claim(job_id, token)
    board = [scene for scene in jobs.scenes(job) if scene.take is not None]
    pictures = writers.label(settings)[0] != "builtin"
    if job.attempt_kind == "regenerate":
        planned = tuple(scene.take.duration_ms for scene in board if scene.take)
        ids = tuple("" if scene.locked or _has_take_of(scene, job.generation_id) else scene.id for scene in board)
        read_ids = tuple(scene.take_id for scene in board)
        done: tuple[SceneDraft, ...] = ()
    else:
        planned = briefs.planned_ms(job, settings.scenes_per_video_min, settings.scenes_per_video_max)
        ids, read_ids, done = (), (), tuple(briefs.draft(scene) for scene in board)
    brief = briefs.of(job, planned, feedback=job.feedback, pictures=pictures)
    task = Assignment(
        job_id=job_id,
        token=token,
        kind=job.attempt_kind,
        brief=brief,
        planned_ms=planned,
        total_ms=job.duration_ms,
        spent_ms=round(sum(draft.seconds for draft in done) * 1000),
        done=done,
        scene_ids=ids,
        take_ids=read_ids,
    )
    let_go()
    return task


def _write(task: Assignment, writer: SceneWriter) -> None:
    total = len(task.planned_ms)
    first = len(task.done) + 1
    if first > total or (task.kind == "regenerate" and not any(task.scene_ids)):
        return
    generations.announce(task.job_id, task.token, f"Writing scene {first} of {total}")
    keep = _Keeper(task, writer)
    for event in writer.write(task.brief, task.done):
        match event:
            case Words():
                if writer.name == "builtin":
                    time.sleep(PACE * costs.settings().writing_pace)
                keep.show(event)
            case SceneDraft():
                keep.scene(event)
            case BrokenScene():
                keep.scene(_mend(task, writer, event, keep))
            case Withdrawn():
                keep.withdraw(event)
            case Usage():
                generations.book(task.job_id, event, writer.name)
    if keep.number < total:
        raise WriterError(
            f"The writer ended after {keep.number} of {total} scenes.",
            hint="Try again: the missing ones are written then.",
        )


class _Keeper:
    """Store scenes in order as they come, each with a length that keeps the whole at the brief's."""

    def __init__(self, task: Assignment, writer: SceneWriter) -> None:
        self.task = task
        self.writer = writer
        self.number = len(task.done)
        self.spent_ms = task.spent_ms
        self.kept: list[SceneDraft] = list(task.done)
        self._shown_at = 0.0
        self._lengths: list[int] = []
        """Of the scenes that this keeper stored, in ms."""
        self._before: dict[int, tuple[str, str]] = {}
        """For a regenerate: number → the scene and the take it showed before."""

    def wants(self, number: int) -> bool:
        """Say whether this scene is one that will be kept."""
        return self.task.kind != "regenerate" or (
            0 < number <= len(self.task.scene_ids) and bool(self.task.scene_ids[number - 1])
        )

    def show(self, words: Words) -> None:
        """Show the words of the scene being written, unless the last ones were shown a moment ago."""
        if self.wants(words.number) and time.monotonic() - self._shown_at >= WORDS_INTERVAL:
            generations.show_words(self.task.job_id, self.task.token, words, len(self.task.planned_ms))
            self._shown_at = time.monotonic()

    def scene(self, draft: SceneDraft) -> None:
        """Keep one scene; the number it says is not trusted, its turn is."""
        if self.number >= len(self.task.planned_ms):
            return
        self.number += 1
        self.kept.append(draft)
        task, model = self.task, self.writer.model
        if task.kind == "regenerate":
            at = self.number - 1
            if scene_id := task.scene_ids[at]:
                read_id = task.take_ids[at]
                before = generations.keep_again(task.job_id, task.token, scene_id, read_id, draft, model=model)
                self._before |= {self.number: (scene_id, before)} if before else {}
            return
        proposed = round(draft.seconds * 1000)
        length = timing.settle(proposed, task.planned_ms, self.number, self.spent_ms, task.total_ms)
        generations.keep_new(task.job_id, task.token, self.number, draft, length, model=model)
        self.spent_ms += length
        self._lengths.append(length)

    def withdraw(self, event: Withdrawn) -> None:
        """Take the last scenes off the board again: they were no part of the answer."""
        task, count = self.task, min(len(event.numbers), self.number)
        first = self.number - count + 1
        log.info("job %s: %s scenes were withdrawn: %s", task.job_id, count, event.reason)
        slots = range(first, self.number + 1)
        if task.kind == "regenerate":
            earlier = dict(self._before.pop(number) for number in slots if number in self._before)
            generations.take_back_takes(task.job_id, task.token, earlier)
        else:
            generations.take_back_scenes(task.job_id, task.token, slots)
            self.spent_ms -= sum(self._lengths[len(self._lengths) - count :])
            del self._lengths[len(self._lengths) - count :]
        self.number -= count
        del self.kept[len(self.kept) - count :]
        stage = f"Writing scene {first} of {len(task.planned_ms)}"
        generations.announce(task.job_id, task.token, stage, "What came so far was the model thinking aloud.")


def _mend(task: Assignment, writer: SceneWriter, broken: BrokenScene, keep: _Keeper) -> SceneDraft:
    """Ask again for one scene that came out broken, not for the whole board."""
    number = keep.number + 1
    log.info("job %s: scene %s was broken (%s), asking again", task.job_id, number, broken.reason)
    generations.announce(task.job_id, task.token, f"Writing scene {number} of {len(task.planned_ms)}", "Asking again.")
    seconds = task.planned_ms[min(number, len(task.planned_ms)) - 1] / 1000
    redo = Redo(
        brief=task.brief, number=number, scene=None, neighbours=keep.kept, constraints=Constraints(seconds=seconds)
    )
    again = writer.rewrite(redo)
    generations.book(task.job_id, again.usage, writer.name)
    return again.draft


def _fail(job_id: str, token: str, message: str, hint: str) -> None:
    db.session.rollback()
    try:
        generations.fail(job_id, token, message, hint)
    except Superseded:
        log.info("job %s: failed after it was stopped", job_id)


def _has_take_of(scene: Scene, generation_id: str) -> bool:
    return db.session.scalar(select(Take.id).where(Take.scene_id == scene.id, Take.origin == generation_id)) is not None


def _open_assets(job_id: str) -> int:
    db.session.rollback()
    job = db.session.get(Job, job_id)
    open_ones = [link for link in (jobs.assets(job) if job else []) if link.asset.is_open]
    let_go()
    return len(open_ones)
