"""What somebody with a review link sees: the version that was sent last, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.errors import NotFound
from webapp.extensions import db, transaction
from webapp.models import Frame, Scene, Version, VersionKind
from webapp.services import blobs, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Blob, Job, Reviewer, Take, VersionScene

VARIANTS = {"board": "board_blob_id", "plain": "plain_blob_id", "thumb": "thumbnail_blob_id"}
"""Kinds of picture: with camera arrows, without, small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One scene of the version as a guest sees it."""

    number: int
    """1-based, in the order of the version."""
    scene_id: str
    take: Take
    frame_id: str
    """Empty while its picture is not drawn."""
    starts_ms: int
    """When it begins, in milliseconds from the start of the film."""

    @property
    def title(self) -> str:
        """Return its title, or its number in words."""
        return self.take.title or f"Scene {self.number}"

    @property
    def ends_ms(self) -> int:
        """Return when it ends, in milliseconds from the start of the film."""
        return self.starts_ms + self.take.duration_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBoard:
    """The version a reviewer looks at."""

    version: Version
    shots: tuple[Shot, ...]

    @property
    def running_ms(self) -> int:
        """Return how long the scenes take together, in milliseconds."""
        return self.shots[-1].ends_ms

    def shot(self, number: int) -> Shot:
        """Return the scene with this number, the nearest one for a number out of range."""
        return self.shots[min(max(number, 1), len(self.shots)) - 1]

    def shot_of(self, scene_id: str | None) -> Shot | None:
        """Return the scene with this id; None when the version has none."""
        return next((shot for shot in self.shots if shot.scene_id == scene_id), None)


def look(reviewer: Reviewer) -> ReviewBoard | None:
    """Return the version sent last as this reviewer sees it; None: nothing was sent yet."""
    return of_job(reviewer.link.job)


def of_job(job: Job) -> ReviewBoard | None:
    """Return the version of a job that was sent last, its scenes in order; None: nothing was sent yet."""
    version = versions.sent(job)
    if version is None or not version.scenes:
        return None
    return of_version(version)


def of_version(version: Version) -> ReviewBoard:
    """Return a version (with its scenes) as somebody looks at it: its scenes in order, each with its picture."""
    return ReviewBoard(version=version, shots=_shots(version.scenes))


def note_look(reviewer: Reviewer) -> None:
    """Remember that the reviewer has the version sent last before them; the one before stays to compare with."""
    if reviewer.seen_version_id == reviewer.link.job.sent_version_id:
        return
    with transaction():
        sent_id = reviewer.link.job.sent_version_id
        if sent_id is not None and sent_id != reviewer.seen_version_id:
            reviewer.previous_version_id, reviewer.seen_version_id = reviewer.seen_version_id, sent_id


def seen(reviewer: Reviewer, version_id: str) -> Version:
    """Return the version a guest wrote about: one that was sent to them, perhaps not the last one any more.

    Raises:
        NotFound: it is none that was sent for this job.
    """
    found = db.session.get(Version, version_id)
    if found is None or found.job_id != reviewer.link.job_id or found.kind != VersionKind.SENT:
        raise NotFound("There is no such version to review.", hint="Open the page again.")
    return found


def picture(board: ReviewBoard, number: int, variant: str) -> Blob:
    """Return the bytes of one scene's picture in the version.

    Raises:
        NotFound: there is no such scene or kind of picture, or it is not drawn yet.
    """
    if not 1 <= number <= len(board.shots) or variant not in VARIANTS:
        raise NotFound("There is no such picture.")
    frame = db.session.get(Frame, board.shot(number).frame_id)
    blob = blobs.find(getattr(frame, VARIANTS[variant])) if frame else None
    if blob is None:
        raise NotFound("This picture is not drawn yet.")
    return blob


def _shots(scenes: Sequence[VersionScene]) -> tuple[Shot, ...]:
    drawn = _drawn_later(scenes)
    shots, starts_ms = [], 0
    for number, scene in enumerate(scenes, 1):
        shots.append(
            Shot(
                number=number,
                scene_id=scene.scene_id,
                take=scene.take,
                frame_id=drawn[scene.scene_id],
                starts_ms=starts_ms,
            )
        )
        starts_ms += scene.take.duration_ms
    return tuple(shots)


def _drawn_later(scenes: Sequence[VersionScene]) -> dict[str, str]:
    """Return the picture of each scene, by scene id: the one it should have, else the one it had when it was kept.

    A picture that was not drawn when the version was kept is found by its key. A photograph that could not be shown
    is sketched under another key: then the scene itself has it, as long as it shows the same take.
    """
    late = [each for each in scenes if each.frame is None or each.frame.key != each.frame_key]
    keys = {each.frame_key for each in late}
    by_key = (
        {frame.key: frame.id for frame in db.session.scalars(select(Frame).where(Frame.key.in_(keys)))} if keys else {}
    )
    ids = [each.scene_id for each in late if each.frame_key not in by_key]
    now = {scene.id: scene for scene in db.session.scalars(select(Scene).where(Scene.id.in_(ids)))} if ids else {}
    found = {}
    for each in scenes:
        present = now.get(each.scene_id)
        same = present.frame_id if present is not None and present.take_id == each.take_id else None
        found[each.scene_id] = by_key.get(each.frame_key) or same or each.frame_id or ""
    return found
