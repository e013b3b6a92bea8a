"""The state of a writer at work, as it is kept in the database: start, progress, heartbeat, finished scenes, the end.

All writes of a worker are fenced: they name the attempt's token and change nothing once another attempt, a stop or a
deletion took that token away. A step that runs twice stores everything once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from webapp.extensions import db, transaction
from webapp.models import Approval, Job, JobStatus, Scene, Take, TakeSource, new_id, utcnow
from webapp.services import costs, events, frame_store, notices, takes, tasks, writers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webapp.services.writers.base import SceneDraft, Usage, Words


class Superseded(Exception):
    """Say that this attempt has lost its token: it was stopped, replaced or deleted, and must end quietly."""


def begin(job: Job, kind: str, feedback: str = "", *, again: bool = False) -> None:
    """Start a generation, or another attempt at the last one (`again`), inside the caller's transaction.

    Its new token fences every older attempt.
    """
    job.attempt += 1
    job.take_overs = 0
    if not again:
        job.generation_id = new_id()
    if kind == "regenerate" and not again:
        job.seed += 1  # the built-in writer turns every list one further; a random seed may say the same again
    job.attempt_token = new_id()
    job.attempt_kind = kind
    job.feedback = feedback
    job.status = JobStatus.PENDING
    job.approval = Approval.NONE
    job.error, job.hint = "", ""
    job.stage, job.detail, job.partial = "Getting ready", "", None
    job.heartbeat_at = utcnow()
    job.writer, job.model = writers.label(costs.settings())
    job.touch(layout=True)
    tasks.write_storyboard(job)


def claim(job_id: str, token: str) -> Job:
    """Return the job while this attempt still holds its token.

    Raises:
        Superseded: it does not.
    """
    db.session.rollback()
    job = db.session.get(Job, job_id)
    if job is None or not token or job.attempt_token != token or not job.is_running:
        raise Superseded
    return job


def announce(job_id: str, token: str, stage: str, detail: str = "") -> None:
    """Say what is happening, in words a person reads."""
    with transaction():
        job = claim_inside(job_id, token)
        job.status = JobStatus.STORYBOARD_PROCESSING
        if (job.stage, job.detail) != (stage, detail):
            job.stage, job.detail = stage, detail
            job.touch()
        job.heartbeat_at = utcnow()


def mention(job_id: str, detail: str) -> None:
    """Say what else goes on while a storyboard is written, such as a frame being sketched; needs no token."""
    with transaction():
        job = db.session.get(Job, job_id)
        if job is not None and job.is_running and job.detail != detail:
            job.detail = detail
            job.touch()


def show_words(job_id: str, token: str, words: Words, total: int) -> None:
    """Keep the words of the scene being written so far, so that every open page can show them."""
    with transaction():
        job = claim_inside(job_id, token)
        job.status = JobStatus.STORYBOARD_PROCESSING
        job.stage = f"Writing scene {words.number} of {total}"
        job.partial = {
            "number": words.number,
            "title": words.title,
            "description": words.description,
            "script": words.script,
        }
        job.heartbeat_at = utcnow()
        job.touch()


def beat(job_id: str, token: str) -> None:
    """Show that the worker is alive. Takes no part in revisions: nobody sees it."""
    with transaction():
        db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.attempt_token == token)
            .values(heartbeat_at=utcnow(), updated_at=Job.updated_at)
        )


def book(job_id: str, usage: Usage, writer: str) -> int:
    """Book what a call cost to the job, whatever became of the attempt: it was paid for. Returns micro-dollars."""
    cost = costs.booked(writer, usage)
    with transaction():
        db.session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(
                actual_cost_micros=Job.actual_cost_micros + cost,
                input_tokens=Job.input_tokens + usage.input_tokens,
                output_tokens=Job.output_tokens + usage.output_tokens,
                revision=Job.revision + 1,
            )
        )
    return cost


def keep_new(  # noqa: PLR0913 - the claim, the place and what goes there
    job_id: str, token: str, slot: int, draft: SceneDraft, duration_ms: int, *, model: str
) -> None:
    """Store a finished scene of a new storyboard, once: (job, attempt, slot) is unique and looked up first.

    Where people said something about a draft that was taken back, the scene they meant comes back with the new words.
    """
    with transaction():
        job = claim_inside(job_id, token)
        twin = select(Scene).where(Scene.job_id == job_id, Scene.attempt == job.attempt, Scene.slot == slot)
        scene = db.session.scalar(twin)
        if scene is not None and scene.deleted_at is None:
            return
        last = db.session.scalar(
            select(func.max(Scene.position)).where(Scene.job_id == job_id, Scene.deleted_at.is_(None))
        )
        scene = scene or Scene(job_id=job_id, attempt=job.attempt, slot=slot)
        scene.position, scene.deleted_at = (last or 0) + 1, None
        db.session.add(scene)
        db.session.flush()
        words = words_of(draft, duration_ms)
        takes.write(job, scene, words, TakeSource.WRITER, origin=job.generation_id, writer=job.writer, model=model)
        job.partial = None
        job.heartbeat_at = utcnow()
        job.touch(layout=True)


def take_back_scenes(job_id: str, token: str, slots: Sequence[int]) -> None:
    """Take scenes that this attempt wrote off the board: they were drafts, which a model made while thinking.

    Nothing stays of one that nobody touched. Of the others the draft's words go; `keep_new` fills them again.
    """
    with transaction():
        job = claim_inside(job_id, token)
        query = select(Scene).where(Scene.job_id == job_id, Scene.attempt == job.attempt, Scene.slot.in_(slots))
        for scene in db.session.scalars(query.where(Scene.deleted_at.is_(None))).all():
            takes.forget(scene, job.generation_id, instead=None)
            if takes.is_untouched(scene):
                db.session.delete(scene)
            else:
                scene.deleted_at = utcnow()
        job.partial = None
        job.touch(layout=True)


def take_back_takes(job_id: str, token: str, earlier: Mapping[str, str]) -> None:
    """Let scenes (id → id of the take before) show what they showed before this attempt wrote a draft of them."""
    with transaction():
        job = claim_inside(job_id, token)
        for scene_id, take_id in earlier.items():
            scene, before = db.session.get(Scene, scene_id), db.session.get(Take, take_id)
            if scene is not None and before is not None:
                takes.forget(scene, job.generation_id, instead=before)
                frame_store.refresh(job, [scene])
                scene.revision = job.touch()
        job.partial = None
        job.touch()


def keep_again(  # noqa: PLR0913 - the claim, the scene as it was read, and what goes there
    job_id: str, token: str, scene_id: str, read_id: str | None, draft: SceneDraft, *, model: str
) -> str:
    """Store a new take of an existing scene, once: (scene, origin) is unique and looked up first. Its length stays.

    It waits beside when somebody changed the take that the writer read (`read_id`). A scene locked since stays.

    Returns the id of the take it showed before; empty when nothing was stored.
    """
    with transaction():
        job = claim_inside(job_id, token)
        scene = db.session.get(Scene, scene_id)
        done = select(Take.id).where(Take.scene_id == scene_id, Take.origin == job.generation_id)
        if scene is None or scene.take is None or scene.deleted_at or db.session.scalar(done) is not None:
            return ""
        if scene.locked:
            return ""
        before = scene.take.id
        words = words_of(draft, scene.take.duration_ms)
        keep = takes.write if scene.take_id == read_id else takes.propose
        keep(
            job,
            scene,
            words,
            TakeSource.REDO,
            origin=job.generation_id,
            feedback=job.feedback,
            writer=job.writer,
            model=model,
        )
        job.partial = None
        job.heartbeat_at = utcnow()
        job.touch()
        return before


def add_assets(job_id: str, token: str, placed: dict[str, tuple[str, ...]]) -> None:
    """Give scenes (id → asset ids) the assets that came in while they were written.

    A take is complete when its generation is: only takes of this very generation are still open for this, and of them
    none that a version holds, since somebody may have decided on it.
    """
    with transaction():
        job = claim_inside(job_id, token)
        for scene_id, asset_ids in placed.items():
            scene = db.session.get(Scene, scene_id)
            if scene is None or scene.take is None or scene.take.origin != job.generation_id:
                continue
            if list(asset_ids) != scene.take.asset_ids and not takes.is_kept(scene.take):
                scene.take.asset_ids = list(asset_ids)
                scene.version += 1
                scene.revision = job.touch()
                frame_store.refresh(job, [scene])


def finish(job_id: str, token: str) -> None:
    """Say that the storyboard is ready."""
    with transaction():
        job = claim_inside(job_id, token)
        count = db.session.scalar(select(func.count()).where(Scene.job_id == job_id, Scene.deleted_at.is_(None)))
        _end(job, JobStatus.STORYBOARD_READY)
        verb = "wrote" if job.attempt_kind == "storyboard" else "wrote new takes of"
        events.record(job, "generated", f"{verb} {count} scene{'' if count == 1 else 's'}")


def fail(job_id: str, token: str, message: str, hint: str) -> None:
    """Say why it ended and what to do next; finished scenes stay."""
    with transaction():
        job = claim_inside(job_id, token)
        _end(job, JobStatus.FAILED)
        job.error, job.hint = message, hint
        text = f"could not go on writing: {message}"
        events.record(job, "failed", text)
        notices.tell(job, notices.FAILURE, text, to=notices.maker(job))


def claim_inside(job_id: str, token: str) -> Job:
    """Return the job inside a transaction, while this attempt still holds its token; raises Superseded."""
    job = db.session.get(Job, job_id)
    if job is None or not token or job.attempt_token != token or not job.is_running:
        raise Superseded
    return job


def words_of(draft: SceneDraft, duration_ms: int) -> dict[str, Any]:
    """Return a draft as the columns of a take."""
    return {
        "title": draft.title,
        "beat": draft.beat,
        "description": draft.description,
        "script": draft.script,
        "on_screen": draft.on_screen,
        "shot_type": draft.shot_type,
        "camera_move": draft.camera_move,
        "transition": draft.transition,
        "duration_ms": duration_ms,
        "asset_ids": list(draft.asset_ids),
        "raw": dict(draft.raw),
    }


def _end(job: Job, status: JobStatus) -> None:
    job.status = status
    job.attempt_token = ""
    job.stage, job.detail, job.partial = "", "", None
    job.error, job.hint = "", ""
    job.touch(layout=True)
