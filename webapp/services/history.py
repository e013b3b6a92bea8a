"""The history of a board as people use it: versions kept by name, renamed, compared, restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.errors import Conflict
from webapp.extensions import transaction
from webapp.models import VersionKind
from webapp.services import arrangement, differences, events, jobs, takes, undo, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Job, User, Version
    from webapp.schemas.versions import VersionDraft


def keep_named(person: User, job: Job, draft: VersionDraft) -> Version:
    """Keep the board as it is under a name. Raises Conflict while scenes are being written or there are none."""
    with transaction():
        job.must_be_in_use()
        job.must_be_idle()
        version = versions.keep(job, VersionKind.NAMED, name=draft.name, by=person)
        text = f"kept version {version.number}: {draft.name}"
        events.record(job, "version", text, by=person, version=version.number, hash=version.content_hash)
        job.touch()
    return version


def rename(person: User, job: Job, number: int, draft: VersionDraft) -> Version:
    """Give a version another name; what it holds never changes."""
    with transaction():
        job.must_be_in_use()
        version = versions.find(job, number)
        if version.name != draft.name:
            version.name = draft.name
            events.record(job, "version", f"named version {number}: {draft.name}", by=person, version=number)
            job.touch()
    return version


def restore(person: User, job: Job, number: int) -> Version:
    """Make the board what a version holds, as a new version; the present board is kept as one before.

    Only scenes that differ get a new take; scenes that were deleted since come back, others are taken off.

    Raises:
        Conflict: the board is just like it, or scenes are being written.
        StoryboardFrozen: as its name says.
    """
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        version = versions.find(job, number)
        said = [(each["scene_id"], each["take_id"]) for each in arrangement.places(job)]
        if said == [(each.scene_id, each.take_id) for each in version.scenes]:
            raise Conflict(f"The board is just like version {number} already.")
        if said:
            versions.keep(job, VersionKind.SAFETY, name=f"Before going back to version {number}", by=person)
        wanted = [{"scene_id": each.scene_id, "take_id": each.take_id} for each in version.scenes]
        with undo.recorded(person, job, f"went back to version {number}"):
            arrangement.arrange(person, job, wanted)
        again = versions.keep(job, VersionKind.NAMED, name=f"Version {number} again", by=person)
        events.record(job, "restored", f"went back to version {number}", by=person, version=number)
        job.touch(layout=True)
    return again


def placed(version: Version) -> list[differences.Placed]:
    """Return the scenes of a version for a comparison."""
    return [
        differences.Placed(scene_id=each.scene_id, position=each.position, take=each.take, frame=each.frame)
        for each in version.scenes
    ]


def placed_now(job: Job) -> list[differences.Placed]:
    """Return the scenes of the board as it is for a comparison."""
    return [
        differences.Placed(scene_id=scene.id, position=scene.position, take=scene.take, frame=scene.frame)
        for scene in jobs.scenes(job)
        if scene.take
    ]


def compare(
    old: Sequence[differences.Placed], new: Sequence[differences.Placed]
) -> tuple[differences.SceneChange, ...]:
    """Compare two boards scene by scene; scenes without words yet are left out."""
    shown = differences.asset_ids(each.take for each in (*old, *new))
    return differences.boards(old, new, takes.asset_names(shown))
