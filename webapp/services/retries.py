"""All of a job's work at once: stop what is going on, try again what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.extensions import transaction
from webapp.models import Approval
from webapp.schemas.scenes import RedoRequest
from webapp.services import animatics, attempts, jobs, scenes, takes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene, User


def retry(person: User, job: Job) -> str:
    """Go on with a storyboard that failed or was stopped, else redo the scenes whose redo failed, as they were asked.

    Of an approved storyboard the animatic is rendered again. What is finished is kept. Returns a sentence that says
    what goes on now.

    Raises:
        Conflict: nothing failed, or work is going on.
    """
    with transaction():
        board = jobs.scenes(job)
        must_be_retryable(job, board)
        if job.approval == Approval.APPROVED:
            animatics.retry(person, job)
            return "The animatic is being rendered again."
        if attempts.is_incomplete(job):
            attempts.retry(person, job)
            return "The writing goes on; finished scenes are kept."
        failed = _failed(board)
        for scene in failed:
            scenes.redo(person, job, scene, _asked(job, scene), select=bool(scene.redo_options.get("select")))
    numbers = ", ".join(str(scene.position) for scene in failed)
    return (
        f"Scene{'' if len(failed) == 1 else 's'} {numbers} {'is' if len(failed) == 1 else 'are'} being written again."
    )


def must_be_retryable(job: Job, board: Sequence[Scene]) -> None:
    """Refuse to try again where nothing failed. Raises Conflict."""
    if job.approval == Approval.APPROVED:
        animatics.must_lack_film(job)
    elif attempts.is_incomplete(job) or not _failed(board):
        attempts.must_have_gaps(job)
    else:
        job.must_be_open()
        job.must_be_idle()


def cancel(person: User, job: Job) -> None:
    """Stop all that is going on: writing, redos of scenes, the rendering of the animatic. What is finished stays.

    Raises:
        Conflict: nothing is going on.
    """
    with transaction():
        board = jobs.scenes(job)
        must_be_at_work(job, board)
        stop_all(person, job)


def stop_all(person: User, job: Job) -> None:
    """Stop whatever is going on, inside the caller's transaction."""
    for scene in jobs.scenes(job):
        if scene.is_redoing:
            scenes.stop_redo(person, job, scene)
    if job.is_running:
        attempts.stop(person, job)
    if animatics.is_rendering(job):
        animatics.stop(person, job)


def must_be_at_work(job: Job, board: Sequence[Scene]) -> None:
    """Refuse to stop where nothing is going on. Raises Conflict."""
    if not animatics.is_rendering(job) and not any(scene.is_redoing for scene in board):
        attempts.must_be_running(job)


def _failed(board: Sequence[Scene]) -> list[Scene]:
    return [scene for scene in board if scene.error and not scene.is_redoing]


def _asked(job: Job, scene: Scene) -> RedoRequest:
    """Return what the redo that failed was asked for, as far as comments and assets still are there."""
    options = scene.redo_options
    asked = RedoRequest.model_validate({"feedback": scene.redo_feedback[:1000], **_known(options)})
    standing = [comment.id for comment in takes.asked_by(job, asked.comment_ids)]
    kept = takes.still_there(job, {"asset_ids": asked.must_include_asset_ids})["asset_ids"]
    return asked.model_copy(update={"comment_ids": standing, "must_include_asset_ids": kept})


def _known(options: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in options.items() if name in RedoRequest.model_fields}
