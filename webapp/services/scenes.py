"""Scenes: edit, redo, restore, add, copy, delete, move. A new take each time; nothing is ever overwritten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp.errors import Conflict, Invalid, NotFound, StaleVersion
from webapp.extensions import db, transaction
from webapp.models import Asset, Blob, Decision, Job, Scene, Take, TakeSource, VersionScene, new_id, utcnow
from webapp.services import events, frame_store, jobs, tasks, throttles, timing
from webapp.services.storyboards import content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import User
    from webapp.schemas.scenes import NewScene, RedoRequest, SceneChange

BURST = timedelta(minutes=10)
"""Saves of one person within this time are one take: autosave must not bury the takes that matter."""
SCENES_MAX = 30
"""Most scenes a storyboard may hold when people add their own."""


def find(person: User, job_id: str, scene_id: str, *, deleted: bool = False) -> tuple[Job, Scene]:
    """Return a job and one of its scenes, if this person may see them.

    Raises:
        NotFound: there is no such job, or the scene is not (or no longer) one of its scenes.
    """
    job = jobs.find(person, job_id)
    scene = db.session.get(Scene, scene_id)
    if scene is None or scene.job_id != job.id or (scene.deleted_at is not None) != deleted:
        raise NotFound("This scene does not belong to this storyboard any more.", hint="Somebody may have deleted it.")
    return job, scene


def takes(scene: Scene) -> Sequence[Take]:
    """Return all takes of a scene, the newest first."""
    query = select(Take).where(Take.scene_id == scene.id).order_by(Take.number.desc()).options(joinedload(Take.user))
    return db.session.scalars(query).all()


def frame_blob(scene: Scene, column: str) -> Blob:
    """Return the bytes' description of one variant of a scene's picture. Raises NotFound while there is none."""
    blob = db.session.get(Blob, getattr(scene.frame, column)) if scene.frame else None
    if blob is None:
        raise NotFound("This scene has no picture yet.")
    return blob


def edit(  # noqa: PLR0913 - who, what, and where they started from
    person: User, job: Job, scene: Scene, change: SceneChange, *, version: int | None = None, tab: str = ""
) -> Take:
    """Change fields of a scene by hand; a burst of saves by one person is one take.

    Raises:
        StaleVersion: another person or tab wrote since `version`.
        StoryboardFrozen, Invalid: as their names say.
    """
    given = change.model_dump(exclude_unset=True, exclude_none=True)
    if "seconds" in given:
        given["duration_ms"] = round(given.pop("seconds") * 10) * 100
    with transaction():
        job.must_be_open()
        _must_be_on_board(scene)
        must_be_current(scene, version, tab)
        if "asset_ids" in given:
            given["asset_ids"] = _known_assets(job, given["asset_ids"])
        old = _take(scene)
        new = content(old) | given
        if new == content(old):
            return old
        merged = _is_burst(job, old, person)
        take = _write(job, scene, new, TakeSource.EDIT, by=person, replaces=old if merged else None)
        scene.edited_by_tab = tab
        if not merged:
            events.record(job, "edited", f"edited scene {scene.position}", by=person, scene=scene)
    return take


def must_be_current(scene: Scene, version: int | None, tab: str = "") -> None:
    """Refuse a change that began at a version somebody else has replaced; a tab has no conflict with itself.

    Raises:
        StaleVersion: naming the scene.
    """
    own = bool(tab) and scene.edited_by_tab == tab
    if version is not None and version != scene.version and not own:
        raise StaleVersion(
            f"Somebody else changed scene {scene.position} while you were typing.",
            hint="Your words are still here. Compare, then keep yours or take theirs.",
        )


def redo(person: User, job: Job, scene: Scene, request: RedoRequest) -> Scene:
    """Ask the writer for a new take of one scene; every other scene stays byte-identical, the old take restorable."""
    throttles.spend(f"generations:{person.id}", *throttles.GENERATIONS)
    with transaction():
        job.must_be_open()
        _must_be_on_board(scene)
        if scene.is_redoing:
            raise Conflict(f"Scene {scene.position} is being written already.", hint="Wait for it, or stop it.")
        _begin_redo(person, job, scene, request.feedback, request.model_dump(exclude={"feedback"}))
        said = f": {request.feedback}" if request.feedback else ""
        events.record(job, "redo", f"asked to redo scene {scene.position}{said}", by=person, scene=scene)
    return scene


def stop_redo(person: User, job: Job, scene: Scene) -> None:
    """Stop the redo of one scene; its present take stays."""
    with transaction():
        if not scene.is_redoing:
            raise Conflict("This scene is not being written.")
        scene.redo_token = ""
        scene.revision = job.touch()
        events.record(job, "stopped", f"stopped the redo of scene {scene.position}", by=person, scene=scene)


def use_take(person: User, job: Job, scene: Scene, take_id: str) -> Take:
    """Bring the words of an earlier take back, as a new take: history only grows.

    Raises:
        NotFound: the take is not one of this scene's.
    """
    with transaction():
        job.must_be_open()
        _must_be_on_board(scene)
        chosen = db.session.get(Take, take_id)
        if chosen is None or chosen.scene_id != scene.id:
            raise NotFound("This take does not belong to this scene.")
        if chosen.id == scene.take_id:
            return chosen
        take = _write(job, scene, _still_there(job, content(chosen)), TakeSource.RESTORE, by=person)
        text = f"went back to take {chosen.number} of scene {scene.position}"
        events.record(job, "restored", text, by=person, scene=scene, take=chosen.number)
    return take


def add(person: User, job: Job, request: NewScene) -> Scene:
    """Add a scene by hand, blank or described; a described one is filled in by the writer."""
    if request.description:
        throttles.spend(f"generations:{person.id}", *throttles.GENERATIONS)
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        board = list(jobs.scenes(job))
        if len(board) >= SCENES_MAX:
            raise Conflict(f"A storyboard holds at most {SCENES_MAX} scenes.", hint="Delete one first.")
        closing = 1 if len(board) > 1 and _take(board[-1]).beat == "cta" else 0
        at = next((i + 1 for i, each in enumerate(board) if each.id == request.after), len(board) - closing)
        scene = Scene(job_id=job.id, position=at + 1)
        db.session.add(scene)
        db.session.flush()
        left = job.duration_ms - sum(_take(each).duration_ms for each in board)
        blank = {
            "title": "New scene", "beat": "product", "description": request.description, "script": "", "on_screen": "",
            "shot_type": "medium", "camera_move": "static", "transition": "cut",
            "duration_ms": _fair_share(job, left, len(board)), "asset_ids": [],
        }  # fmt: skip
        _write(job, scene, blank, TakeSource.EDIT, by=person)
        _number(job, [*board[:at], scene, *board[at:]])
        events.record(job, "added", f"added scene {scene.position}", by=person, scene=scene)
        if request.description:
            _begin_redo(person, job, scene, request.description, {})
    return scene


def _fair_share(job: Job, left_ms: int, count: int) -> int:
    """Return how long a new scene is: what is left of the brief's length, else the average; 1 to 4 s, in tenths."""
    wanted = left_ms if left_ms >= 1000 else job.duration_ms // max(count, 1)
    return min(max(wanted // 100 * 100, 1000), 4000)


def duplicate(person: User, job: Job, scene: Scene) -> Scene:
    """Copy a scene, right after itself."""
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        _must_be_on_board(scene)
        board = list(jobs.scenes(job))
        if len(board) >= SCENES_MAX:
            raise Conflict(f"A storyboard holds at most {SCENES_MAX} scenes.", hint="Delete one first.")
        copy = Scene(job_id=job.id, position=scene.position + 1)
        db.session.add(copy)
        db.session.flush()
        _write(job, copy, _still_there(job, content(_take(scene))), TakeSource.COPY, by=person)
        at = board.index(scene) + 1
        _number(job, [*board[:at], copy, *board[at:]])
        events.record(job, "duplicated", f"duplicated scene {scene.position}", by=person, scene=copy)
    return copy


def delete(person: User, job: Job, scene: Scene) -> None:
    """Take a scene off the board; `undelete` brings it back with all its takes.

    Raises:
        Conflict: it is the last one.
    """
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        _must_be_on_board(scene)
        board = list(jobs.scenes(job))
        if len(board) == 1:
            raise Conflict("A storyboard keeps at least one scene.", hint="Redo this one, or add another first.")
        scene.deleted_at = utcnow()
        scene.redo_token = ""
        _number(job, [each for each in board if each is not scene])
        events.record(job, "deleted", f"deleted scene {scene.position}", by=person, scene=scene)


def undelete(person: User, job: Job, scene: Scene) -> None:
    """Put a deleted scene back where it was."""
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        board = list(jobs.scenes(job))
        if len(board) >= SCENES_MAX:
            raise Conflict(f"A storyboard holds at most {SCENES_MAX} scenes.", hint="Delete one first.")
        if scene.deleted_at is None:  # two people clicked Undo
            return
        scene.deleted_at = None
        at = min(scene.position - 1, len(board))
        _number(job, [*board[:at], scene, *board[at:]])
        frame_store.refresh(job, [scene])
        events.record(job, "undeleted", f"brought back scene {scene.position}", by=person, scene=scene)


def move(person: User, job: Job, scene: Scene, position: int) -> None:
    """Move a scene to a 1-based place; the others close up."""
    board = [each.id for each in jobs.scenes(job) if each.id != scene.id]
    board.insert(max(0, min(position - 1, len(board))), scene.id)
    reorder(person, job, board)


def reorder(person: User, job: Job, scene_ids: Sequence[str]) -> None:
    """Put the scenes in this order.

    Raises:
        Conflict: these are not exactly the scenes of the board, somebody added or deleted one meanwhile.
    """
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        board = {scene.id: scene for scene in jobs.scenes(job)}
        if sorted(board) != sorted(scene_ids):
            raise Conflict("The board changed while you were moving.", hint="Here is how it is now. Try again.")
        if list(board) == list(scene_ids):
            return
        moved = [board[each] for each in scene_ids]
        _number(job, moved)
        events.record(job, "moved", "changed the order of the scenes", by=person)


def fit(person: User, job: Job) -> None:
    """Stretch or shorten all scenes alike so that together they take the brief's length, as new takes.

    Raises:
        Conflict: the length is too short for so many scenes of at least 1 s.
    """
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        board = list(jobs.scenes(job))
        if not board or job.duration_ms < 1000 * len(board):
            raise Conflict(f"{job.duration_ms / 1000:g} s are too short for {len(board)} scenes of at least 1 s.")
        lengths = timing.refit([_take(scene).duration_ms for scene in board], job.duration_ms)
        for scene, length in zip(board, lengths, strict=True):
            if length != _take(scene).duration_ms:
                _write(job, scene, content(_take(scene)) | {"duration_ms": length}, TakeSource.EDIT, by=person)
        events.record(job, "fitted", f"fitted the scenes to {job.duration_ms / 1000:g} s", by=person)


def lock(person: User, job: Job, scene: Scene, *, locked: bool) -> None:
    """Keep a scene out of “write all anew”, or let it in again."""
    with transaction():
        job.must_be_open()
        scene.locked = locked
        scene.revision = job.touch()
        word = "locked" if locked else "unlocked"
        events.record(job, word, f"{word} scene {scene.position}", by=person, scene=scene)


def new_take(  # noqa: PLR0913 - a take simply has that many sides
    job: Job,
    scene: Scene,
    words: dict[str, Any],
    source: TakeSource,
    *,
    origin: str | None = None,
    feedback: str = "",
    writer: str = "",
    model: str = "",
    cost_micros: int = 0,
) -> Take:
    """Store what a writer wrote as the scene's present take (inside the caller's transaction)."""
    return _write(
        job, scene, words, source, origin=origin, feedback=feedback, writer=writer, model=model, cost_micros=cost_micros
    )


def _write(  # noqa: PLR0913 - a take simply has that many sides
    job: Job,
    scene: Scene,
    words: dict[str, Any],
    source: TakeSource,
    *,
    by: User | None = None,
    replaces: Take | None = None,
    **facts: Any,
) -> Take:
    number = replaces.number if replaces else _last_number(scene) + 1
    if replaces:
        facts["created_at"] = replaces.created_at  # a burst is measured from its first save
    if replaces:
        scene.take = None
        db.session.flush()
        db.session.delete(replaces)
        db.session.flush()
    take = Take(scene_id=scene.id, number=number, source=source, user_id=by.id if by else None, **words, **facts)
    db.session.add(take)
    db.session.flush()
    scene.take = take
    scene.version += 1
    scene.edited_by_tab = ""
    scene.error = ""
    scene.revision = job.touch()
    frame_store.refresh(job, [scene])
    return take


def _last_number(scene: Scene) -> int:
    return db.session.scalar(select(func.max(Take.number)).where(Take.scene_id == scene.id)) or 0


def _take(scene: Scene) -> Take:
    if scene.take is None:
        raise NotFound("This scene has no words yet.", hint="Wait a moment and try again.")
    return scene.take


def _must_be_on_board(scene: Scene) -> None:
    """Refuse a change to a scene that somebody deleted between the look and the lock."""
    if scene.deleted_at is not None:
        raise NotFound("Somebody deleted this scene in the meantime.", hint="Undo brings it back.")


def _is_burst(job: Job, take: Take, person: User) -> bool:
    """Say whether the next save goes on with this take: one person, a short while, and nobody kept or decided on it."""
    own = take.source == TakeSource.EDIT and take.user_id == person.id and take.number > 1
    if not own or utcnow() - take.created_at >= BURST:
        return False
    if db.session.scalar(select(VersionScene.id).where(VersionScene.take_id == take.id).limit(1)) is not None:
        return False
    decided = select(Decision.id).where(Decision.job_id == job.id, Decision.created_at >= take.created_at)
    return db.session.scalar(decided.limit(1)) is None


def _begin_redo(person: User, job: Job, scene: Scene, feedback: str, options: dict[str, Any]) -> None:
    del person
    scene.redo_token = new_id()
    scene.redo_feedback = feedback
    scene.redo_options = options
    scene.redo_heartbeat_at = utcnow()
    scene.error = ""
    scene.revision = job.touch()
    tasks.redo_scene(scene)


def _number(job: Job, board: Sequence[Scene]) -> None:
    """Make positions 1..n, contiguous, in this order."""
    revision = job.touch(layout=True)
    for number, scene in enumerate(board, 1):
        if scene.position != number:
            scene.position = number
        scene.revision = revision


def _still_there(job: Job, words: dict[str, Any]) -> dict[str, Any]:
    """Leave out assets that were deleted since these words were written."""
    found = select(Asset.id).where(Asset.id.in_(words["asset_ids"]), Asset.client_id == job.client_id)
    known = set(db.session.scalars(found))
    return words | {"asset_ids": [each for each in words["asset_ids"] if each in known]}


def _known_assets(job: Job, ids: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(each for each in ids if each))
    known = set(db.session.scalars(select(Asset.id).where(Asset.id.in_(wanted), Asset.client_id == job.client_id)))
    if missing := [each for each in wanted if each not in known]:
        raise Invalid(fields={"asset_ids": f"{len(missing)} of these assets no longer exist. Pick others."})
    return wanted
