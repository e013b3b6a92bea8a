"""How far the writing of a storyboard and its animatic are: the same arithmetic for the board and for the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from webapp.models import JobStatus
from webapp.services import animatics, jobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, Scene

Stage = Literal["waiting", "writing", "drawing", "ready", "rendering", "completed", "failed", "cancelled"]

_ENDED: dict[str, tuple[Stage, str]] = {
    JobStatus.STORYBOARD_READY: ("ready", "The storyboard is ready."),
    JobStatus.COMPLETED: ("completed", "The animatic is ready."),
    JobStatus.CANCELLED: ("cancelled", "The writing was stopped; finished scenes are kept."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the making of a storyboard stands."""

    stage: Stage
    percent: int
    message: str
    """What is happening, in words a person reads."""
    step: int
    """Scenes written, of `steps`."""
    steps: int


def of(job: Job, board: Sequence[Scene]) -> Progress:
    """Say how far a job is, given its scenes."""
    total = planned(job, board)
    written = fresh(job, board) if job.is_running and job.attempt_kind == "regenerate" else len(board)
    stage, message = _stage(job, is_written=written >= total)
    done = stage in ("ready", "rendering", "completed")
    return Progress(
        stage=stage,
        percent=film_percent(job, board) if stage == "rendering" else 100 if done else percent(job, board),
        message=message,
        step=len(board) if done else min(written, total),
        steps=len(board) if done else total,
    )


def planned(job: Job, board: Sequence[Scene]) -> int:
    """Return how many scenes the storyboard will have when it is written."""
    return max(len(board), jobs.planned_count(job))


def fresh(job: Job, board: Sequence[Scene]) -> int:
    """Return how many scenes were written in the present (or last) generation."""
    return sum(1 for scene in board if scene.take and scene.take.origin == job.generation_id)


def percent(job: Job, board: Sequence[Scene]) -> int:
    """Return how far the writing is, 0–100: two thirds for the words, one for the pictures."""
    total = planned(job, board) or 1
    drawn = sum(1 for scene in board if is_drawn(scene))
    written = len(board)
    if job.attempt_kind == "regenerate":
        written = fresh(job, board)
        drawn = min(drawn, written)
    return round(100 * (2 * written + drawn) / (3 * total))


def film_percent(job: Job, board: Sequence[Scene]) -> int:
    """Return how far the animatic is, 0–100: half for the frames it waits for, 75 while it is put together.

    Nothing in between: the child process that renders it says one thing, at its end.
    """
    if animatics.has_film(job):
        return 100
    drawn = sum(1 for scene in board if is_drawn(scene))
    return 50 * drawn // max(1, len(board)) + (25 if job.stage == animatics.RENDERING else 0)


def is_drawn(scene: Scene) -> bool:
    """Say whether a scene shows the picture it should (or has given up on it)."""
    return bool(scene.frame_error) or (scene.frame is not None and scene.frame.key == scene.frame_key)


def _stage(job: Job, *, is_written: bool) -> tuple[Stage, str]:
    if job.status in _ENDED:
        return _ENDED[job.status]
    if job.status == JobStatus.FAILED:
        return "failed", job.error
    message = ". ".join(part.rstrip(".") for part in (job.stage, job.detail) if part)
    if job.status == JobStatus.PENDING:
        return "waiting", message
    if job.status == JobStatus.VIDEO_PROCESSING:
        return "rendering", message
    return ("drawing" if is_written else "writing"), message
