"""“Looks good” and “needs changes”: what each reviewer thinks of each scene of the version that was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from webapp.errors import Conflict, NotFound, StaleVersion
from webapp.extensions import db, transaction
from webapp.models import Allows, Job, Reviewer, Scene, SceneVerdict, Verdict, VersionScene
from webapp.services import throttles

if TYPE_CHECKING:
    from webapp.models import Version

OF_A_GUEST = throttles.Budget(300, 3600)
"""Words about scenes of one guest in an hour: each of them makes the team's open boards ask what changed."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What reviewers said of one scene, by their names, whoever said it first comes first."""

    good: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """Return one word for all of them: a single wish for changes weighs more than any praise; empty: no word."""
        return Verdict.CHANGES if self.changes else Verdict.GOOD if self.good else ""


def give(reviewer: Reviewer, version: Version, scene_id: str, verdict: Verdict | None) -> None:
    """Say of one scene that it looks good or needs changes; None takes one's word back.

    Raises:
        LinkClosed, Forbidden: the link is over, or only lets people look.
        NotFound: the version is of another job, or has no such scene.
        StaleVersion: a newer version was sent meanwhile.
        Conflict: the storyboard is approved or rejected already.
        TooMany: three hundred within an hour.
    """
    throttles.spend(f"verdicts:{reviewer.id}", *OF_A_GUEST)
    with transaction():
        job = _open_job(reviewer, version)
        if job.is_frozen:
            raise Conflict(f"This storyboard is {job.approval} already.", hint="Write to the team to have it reopened.")
        if scene_id not in _scene_ids(version):
            raise NotFound("This scene is not part of the version you look at.")
        said = _said(reviewer, version, scene_id)
        if said is None and verdict is not None:
            said = SceneVerdict(version_id=version.id, scene_id=scene_id, reviewer_id=reviewer.id, verdict=verdict)
            db.session.add(said)
        elif said is not None and verdict is not None:
            said.verdict = verdict
        elif said is not None:
            db.session.delete(said)
        scene = db.session.get(Scene, scene_id)
        revision = job.touch()
        if scene is not None:
            scene.revision = revision  # its card shows what was said


def of_job(job: Job) -> dict[str, Tally]:
    """Return what was said of each scene of the version sent last, by scene id; empty when nothing was sent."""
    return of_version(job.sent_version_id) if job.sent_version_id else {}


def of_version(version_id: str) -> dict[str, Tally]:
    """Return what was said of each scene of a version, by scene id; scenes nobody spoke about are missing."""
    query = (
        select(SceneVerdict.scene_id, SceneVerdict.verdict, Reviewer.name)
        .join(Reviewer, SceneVerdict.reviewer_id == Reviewer.id)
        .where(SceneVerdict.version_id == version_id)
        .order_by(SceneVerdict.created_at, SceneVerdict.id)
    )
    found: dict[str, Tally] = {}
    for scene_id, verdict, name in db.session.execute(query):
        tally = found.setdefault(scene_id, Tally())
        (tally.good if verdict == Verdict.GOOD else tally.changes).append(name or "A reviewer")
    return found


def of_reviewer(reviewer: Reviewer, version: Version) -> dict[str, str]:
    """Return one reviewer's own words, by scene id."""
    query = select(SceneVerdict).where(SceneVerdict.version_id == version.id, SceneVerdict.reviewer_id == reviewer.id)
    return {each.scene_id: each.verdict for each in db.session.scalars(query)}


def _open_job(reviewer: Reviewer, version: Version) -> Job:
    """Return the job when the reviewer may speak about this version of it."""
    job = db.session.get(Job, version.job_id)
    if job is None or reviewer.link.job_id != job.id:
        raise NotFound("There is no such version to review.")
    reviewer.link.must_allow(Allows.COMMENT)
    if job.sent_version_id != version.id:
        raise StaleVersion("A newer version was sent meanwhile.", hint="Have a look at it first.")
    return job


def _scene_ids(version: Version) -> set[str]:
    return set(db.session.scalars(select(VersionScene.scene_id).where(VersionScene.version_id == version.id)))


def _said(reviewer: Reviewer, version: Version, scene_id: str) -> SceneVerdict | None:
    return db.session.scalar(
        select(SceneVerdict).where(
            SceneVerdict.version_id == version.id,
            SceneVerdict.scene_id == scene_id,
            SceneVerdict.reviewer_id == reviewer.id,
        )
    )
