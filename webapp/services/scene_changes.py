"""Scenes as programs change them: found by id or number, against a version, in words of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from webapp.errors import Invalid, NotFound, StaleVersion
from webapp.extensions import db, transaction
from webapp.models import Scene
from webapp.services import jobs, numbers, scenes, takes
from webapp.services.writers import vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from webapp.models import Job, User
    from webapp.schemas.scenes import SceneChange

NEAREST = {"shot_type": vocabulary.shot_type, "transition": vocabulary.transition}
"""Columns that take any word, and who knows the nearest one on our lists."""


def at(person: User, job_id: str, address: str, *, deleted: bool = False) -> tuple[Job, Scene]:
    """Return a job and one of its scenes by the scene's id or its number from 1; `deleted`: one taken off, by its id.

    Raises:
        NotFound: there is no such job, or the scene is not one of its scenes.
    """
    job, number = jobs.find(person, job_id), None if deleted else numbers.of_address(address)
    found = Scene.id == address if number is None else Scene.position == number
    off = Scene.deleted_at.is_not(None) if deleted else Scene.deleted_at.is_(None)
    scene = db.session.scalar(select(Scene).where(Scene.job_id == job.id, off, found).limit(1))
    if scene is None:
        what = "This scene" if number is None else f"Scene {number}"
        raise NotFound(f"{what} does not belong to this job.", hint="Its scenes are at GET /jobs/{id}/scenes.")
    return job, scene


def change(  # noqa: PLR0913 - who, what, in which words, against what
    person: User,
    job: Job,
    scene: Scene,
    wanted: SceneChange,
    *,
    words: Mapping[str, str] | None = None,
    locked: bool | None = None,
    versions: Collection[int] | None = None,
) -> Scene:
    """Change fields of a scene, and whether it is locked, all at once; fields make a take of their own.

    `words` are a program's own for shot type and transition. `versions` are those that it takes for the present one.

    Raises:
        StaleVersion: the scene has another version.
        StoryboardFrozen, NotFound, Invalid: as `scenes.edit` does.
    """
    with transaction():
        job.must_be_open()
        takes.must_be_on_board(scene)
        if versions is not None and scene.version not in versions:
            raise StaleVersion(
                f"Somebody else changed scene {scene.position}: it has version {scene.version} by now.",
                hint="Compare `meta.current` with what you wanted, then send its version in If-Match.",
            )
        wanted = in_our_words(wanted, words or {}, takes.present(scene).extra)
        if wanted.model_fields_set:
            scenes.edit(person, job, scene, wanted, merge=False)
        if locked is not None and locked != scene.locked:
            scenes.lock(person, job, scene, locked=locked)
    return scene


def insert(  # noqa: PLR0913 - who, what, in which words, where
    person: User,
    job: Job,
    wanted: SceneChange,
    *,
    words: Mapping[str, str] | None = None,
    after: str = "",
    locked: bool = False,
    write: bool = False,
) -> Scene:
    """Put a new scene after the one with the id `after`, else at the end; see `scenes.insert`.

    Raises:
        Invalid: there is no such scene on the board; there is nothing to write from.
    """
    if write and not wanted.description:
        raise Invalid(fields={"description": "Say what the scene shows, for the writer to fill it in."})
    with transaction():
        board = [each.id for each in jobs.scenes(job)]
        if after and after not in board:
            raise Invalid(fields={"after": "This scene does not belong to this job."})
        wanted = in_our_words(wanted, words or {}, {})
        scene = scenes.insert(person, job, wanted, after=after or (board or [""])[-1], write=write)
        if locked:
            scenes.lock(person, job, scene, locked=True)
    return scene


def reorder(person: User, job: Job, scene_ids: Sequence[str], *, versions: Collection[str] | None = None) -> None:
    """Put the scenes of a board in this order. `versions` are those of the order that it takes for the present one.

    Raises:
        Invalid: naming the places of ids that come twice or never were scenes of this job.
        StaleVersion: the order has another version, some scenes are not named, or were deleted meanwhile.
    """
    with transaction():
        job.must_be_open()
        if versions is not None and scenes.order_version(each.id for each in jobs.scenes(job)) not in versions:
            raise StaleVersion(
                "Somebody else changed the order of the scenes, or added or deleted one.",
                hint="Compare `meta.current` with what you wanted, then send its orderVersion in If-Match.",
            )
        theirs = set(db.session.scalars(select(Scene.id).where(Scene.job_id == job.id)))  # deleted ones as well
        wrong = {i: "This scene does not belong to this job." for i, each in enumerate(scene_ids) if each not in theirs}
        twice = {i: "This scene is named twice." for i, each in enumerate(scene_ids) if each in scene_ids[:i]}
        if fields := twice | wrong:
            raise Invalid(fields={f"scene_ids.{i}": why for i, why in fields.items()})
        scenes.reorder(person, job, scene_ids)


def in_our_words(wanted: SceneChange, words: Mapping[str, str], extra: Mapping[str, Any]) -> SceneChange:
    """Return a change with the nearest words of our lists; those that are on none are kept in `extra` as they were.

    `extra` is what the scene has so far, for a change that does not replace it.
    """
    if not words:
        return wanted
    named = {column: NEAREST[column](said) for column, said in words.items()}
    unknown = {takes.RAW[column]: words[column] for column, (_, is_known) in named.items() if not is_known}
    if wanted.extra is None:
        settled = {takes.RAW[column] for column in words}
        kept = {name: value for name, value in extra.items() if name not in settled} | unknown
    else:
        kept = wanted.extra | unknown
    return wanted.model_copy(update={column: name for column, (name, _) in named.items()} | {"extra": kept})
