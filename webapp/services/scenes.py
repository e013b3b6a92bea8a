"""Scenes: edit, redo, add, copy, delete, move. A new take each time; nothing is ever overwritten."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from webapp.errors import Conflict, Invalid, NotFound, StaleVersion
from webapp.extensions import db, transaction
from webapp.models import Asset, Blob, Job, Scene, Take, TakeSource, new_id, utcnow
from webapp.schemas.scenes import SceneChange
from webapp.services import arrangement, events, frame_store, jobs, takes, tasks, throttles, timing, undo
from webapp.services.storyboards import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from webapp.models import User
    from webapp.schemas.scenes import NewScene, RedoRequest

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


def frame_blob(scene: Scene, column: str) -> Blob:
    """Return the bytes' description of one variant of a scene's picture. Raises NotFound while there is none."""
    blob = db.session.get(Blob, getattr(scene.frame, column)) if scene.frame else None
    if blob is None:
        raise NotFound("This scene has no picture yet.")
    return blob


def edit(  # noqa: PLR0913 - who, what, and where they started from
    person: User,
    job: Job,
    scene: Scene,
    change: SceneChange,
    *,
    version: int | None = None,
    tab: str = "",
    began_at: str = "",
    merge: bool = True,
) -> Take:
    """Change fields of a scene by hand; a burst of saves by one person is one take, but for `merge`.

    `version` is the one the person looked at: others may have changed other fields since. `began_at` is the id of the
    take they looked at, for forms that send all fields: those that still say what it says are left alone.

    Raises:
        StaleVersion: another person or tab changed one of these fields since `version`.
        StoryboardFrozen, Invalid: as their names say.
    """
    given = columns(change)
    with transaction():
        job.must_be_open()
        takes.must_be_on_board(scene)
        given = touched(scene, given, began_at)
        must_be_current(scene, version, tab, given)
        old = takes.present(scene)
        said = content(old)
        if given.get("asset_ids", said["asset_ids"]) != said["asset_ids"]:
            given["asset_ids"] = known_assets(job, given["asset_ids"])
        new = said | given
        if new == said:
            return old
        merged = merge and takes.is_burst(job, old, person)
        take = takes.write(job, scene, new, TakeSource.EDIT, by=person, replaces=old if merged else None)
        if tab:
            own = {name: [scene.version, tab] for name, value in given.items() if value != said[name]}
            scene.field_tabs = scene.field_tabs | own
        if not merged:
            events.record(job, "edited", f"edited scene {scene.position}", by=person, scene=scene)
    return take


def columns(change: SceneChange) -> dict[str, Any]:
    """Return what a change sets, by the columns of a take: seconds become milliseconds in whole tenths."""
    given = change.model_dump(exclude_unset=True, exclude_none=True)
    if "seconds" in given:
        given["duration_ms"] = round(given.pop("seconds") * 10) * 100
    return given


def touched(scene: Scene, given: dict[str, Any], began_at: str) -> dict[str, Any]:
    """Leave out fields that were sent along and still say what the take `began_at` of this scene says."""
    take = db.session.get(Take, began_at) if began_at else None
    if take is None or take.scene_id != scene.id:
        return given
    said = content(take)
    return {name: value for name, value in given.items() if value != said[name]}


def must_be_current(scene: Scene, version: int | None, tab: str, given: Mapping[str, Any]) -> None:
    """Refuse to change fields that somebody else has changed since `version`; a tab has no conflict with itself.

    Raises:
        StaleVersion: naming the scene.
    """
    if version is not None and conflicting(scene, given, version, tab):
        raise StaleVersion(
            f"Somebody else changed scene {scene.position} while you were typing.",
            hint="Your words are still here. Compare, then keep yours or take theirs.",
        )


def conflicting(scene: Scene, given: Mapping[str, Any], version: int, tab: str = "") -> list[str]:
    """Return the columns of `given` that somebody else changed since `version` and that say something else now."""
    said, changed = content(takes.present(scene)), scene.field_versions
    own = {name for name, last in scene.field_tabs.items() if tab and last == [changed.get(name), tab]}
    return [
        name
        for name, value in given.items()
        if value != said[name] and name not in own and changed.get(name, 0) > version
    ]


def redo(person: User, job: Job, scene: Scene, request: RedoRequest, *, select: bool = False) -> Scene:
    """Ask the writer for a new take of one scene; it waits beside the present one, and nothing else changes.

    With `select` it is shown as soon as it is written. Comments that ask for it are its instruction where no other
    words are given.

    Raises:
        Conflict: the scene is being written already.
        Invalid: one of the comments is not of this storyboard, or an asset not one of the client's.
    """
    throttles.spend(f"generations:{person.id}", *throttles.GENERATIONS)
    with transaction():
        must_be_redoable(job, scene)
        comments = takes.asked_by(job, request.comment_ids)
        if len(comments) != len(set(request.comment_ids)):
            raise Invalid(fields={"comment_ids": "One of the comments was deleted meanwhile. Tick them again."})
        must_include = known_assets(job, request.must_include_asset_ids, "must_include_asset_ids")
        style = f"Style: {request.style}." if request.style else ""
        feedback = "\n".join(filter(None, (request.feedback or takes.instruction(comments), style)))
        options = request.model_dump(exclude={"feedback", "style"})
        options |= {"must_include_asset_ids": must_include, "select": select}
        _begin_redo(person, job, scene, feedback, options)
        said = f": {feedback}" if feedback else ""
        if comments:  # some are for the team alone, but everybody reads the history
            said = f" because of {len(comments)} comment{'' if len(comments) == 1 else 's'}"
        events.record(job, "redo", f"asked to redo scene {scene.position}{said}", by=person, scene=scene)
    return scene


def must_be_redoable(job: Job, scene: Scene) -> None:
    """Refuse a redo of a scene that is frozen, deleted, or being written already. Raises Conflict, NotFound."""
    job.must_be_open()
    takes.must_be_on_board(scene)
    if scene.is_redoing:
        raise Conflict(f"Scene {scene.position} is being written already.", hint="Wait for it, or stop it.")


def stop_redo(person: User, job: Job, scene: Scene) -> None:
    """Stop the redo of one scene; its present take stays."""
    with transaction():
        if not scene.is_redoing:
            raise Conflict("This scene is not being written.")
        scene.redo_token = ""
        scene.revision = job.touch()
        events.record(job, "stopped", f"stopped the redo of scene {scene.position}", by=person, scene=scene)


def add(person: User, job: Job, request: NewScene) -> Scene:
    """Add a scene by hand, blank or described; a described one is filled in by the writer."""
    words = SceneChange(description=request.description)
    return insert(person, job, words, after=request.after, write=bool(request.description))


def insert(person: User, job: Job, words: SceneChange, *, after: str = "", write: bool = False) -> Scene:
    """Put a new scene that says these words after another one, or where new ones go: before a closing scene.

    With `write` the writer is asked to fill it in as its description says.

    Raises:
        Conflict: the board is full, or being written.
        Invalid: an asset is not one of this client.
    """
    if write:
        throttles.spend(f"generations:{person.id}", *throttles.GENERATIONS)
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        board = list(jobs.scenes(job))
        if len(board) >= SCENES_MAX:
            raise Conflict(f"A storyboard holds at most {SCENES_MAX} scenes.", hint="Delete one first.")
        closing = 1 if len(board) > 1 and takes.present(board[-1]).beat == "cta" else 0
        at = next((i + 1 for i, each in enumerate(board) if each.id == after), len(board) - closing)
        said = _blank(job, board) | columns(words)
        said["asset_ids"] = known_assets(job, said["asset_ids"])
        with undo.recorded(person, job, f"added scene {at + 1}"):
            scene = _insert(person, job, board, at, said, TakeSource.EDIT)
        events.record(job, "added", f"added scene {scene.position}", by=person, scene=scene)
        if write:
            _begin_redo(person, job, scene, said["description"], {"select": True})
    return scene


def _blank(job: Job, board: Sequence[Scene]) -> dict[str, Any]:
    """Return what a new scene says where nobody said otherwise."""
    left = job.duration_ms - sum(takes.present(each).duration_ms for each in board)
    return {
        "title": "New scene", "beat": "product", "description": "", "script": "", "on_screen": "",
        "shot_type": "medium", "camera_move": "static", "transition": "cut",
        "duration_ms": _fair_share(job, left, len(board)), "asset_ids": [],
    }  # fmt: skip


def _insert(  # noqa: PLR0913 - who, where, and what it says
    person: User, job: Job, board: list[Scene], at: int, words: dict[str, Any], source: TakeSource
) -> Scene:
    """Put a new scene on the board, after the first `at` ones."""
    scene = Scene(job_id=job.id, position=at + 1)
    db.session.add(scene)
    db.session.flush()
    takes.write(job, scene, words, source, by=person)
    arrangement.number(job, [*board[:at], scene, *board[at:]])
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
        takes.must_be_on_board(scene)
        board = list(jobs.scenes(job))
        if len(board) >= SCENES_MAX:
            raise Conflict(f"A storyboard holds at most {SCENES_MAX} scenes.", hint="Delete one first.")
        words = takes.still_there(job, content(takes.present(scene)))
        with undo.recorded(person, job, f"duplicated scene {scene.position}"):
            copy = _insert(person, job, board, board.index(scene) + 1, words, TakeSource.COPY)
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
        takes.must_be_on_board(scene)
        board = list(jobs.scenes(job))
        if len(board) == 1:
            raise Conflict("A storyboard keeps at least one scene.", hint="Redo this one, or add another first.")
        with undo.recorded(person, job, f"deleted scene {scene.position}"):
            scene.deleted_at = utcnow()
            scene.redo_token = ""
            arrangement.number(job, [each for each in board if each is not scene])
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
        at = min(scene.position - 1, len(board))
        with undo.recorded(person, job, f"brought back scene {at + 1}"):
            scene.deleted_at = None
            arrangement.number(job, [*board[:at], scene, *board[at:]])
            frame_store.refresh(job, [scene])
        events.record(job, "undeleted", f"brought back scene {scene.position}", by=person, scene=scene)


def move(person: User, job: Job, scene: Scene, position: int, *, seen: int | None = None) -> None:
    """Move a scene to a 1-based place; the others close up. `seen` is the place where the person saw it.

    Raises:
        StaleVersion: it is not there any more, since somebody else moved it or others.
    """
    with transaction():
        takes.must_be_on_board(scene)
        if seen is not None and scene.position != seen:
            raise StaleVersion(
                f"Somebody else changed the order: the scene you moved is number {scene.position} now.",
                hint="Here is how it is now. Try again.",
            )
        board = [each.id for each in jobs.scenes(job) if each.id != scene.id]
        board.insert(max(0, min(position - 1, len(board))), scene.id)
        reorder(person, job, board)


def order_version(scene_ids: Iterable[str]) -> str:
    """Return a word for the order of a board: the same scenes in the same order have the same, 32 hex digits."""
    return sha256("\n".join(scene_ids).encode()).hexdigest()[:32]


def reorder(person: User, job: Job, scene_ids: Sequence[str]) -> None:
    """Put the scenes in this order.

    Raises:
        StaleVersion: these are not exactly the scenes of the board, somebody added or deleted one meanwhile.
    """
    with transaction():
        job.must_be_open()
        job.must_be_idle()
        board = {scene.id: scene for scene in jobs.scenes(job)}
        if sorted(board) != sorted(scene_ids):
            raise StaleVersion("The board changed while you were moving.", hint="Here is how it is now. Try again.")
        if list(board) == list(scene_ids):
            return
        with undo.recorded(person, job, "changed the order of the scenes"):
            arrangement.number(job, [board[each] for each in scene_ids])
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
        lengths = timing.refit([takes.present(scene).duration_ms for scene in board], job.duration_ms)
        text = f"fitted the scenes to {job.duration_ms / 1000:g} s"
        with undo.recorded(person, job, text):
            for scene, length in zip(board, lengths, strict=True):
                old = content(takes.present(scene))
                if length != old["duration_ms"]:
                    takes.write(job, scene, old | {"duration_ms": length}, TakeSource.EDIT, by=person)
        events.record(job, "fitted", text, by=person)


def lock(person: User, job: Job, scene: Scene, *, locked: bool) -> None:
    """Keep a scene out of “write all anew”, or let it in again."""
    with transaction():
        job.must_be_open()
        word = "locked" if locked else "unlocked"
        with undo.recorded(person, job, f"{word} scene {scene.position}"):
            scene.locked = locked
            scene.revision = job.touch()
        events.record(job, word, f"{word} scene {scene.position}", by=person, scene=scene)


def _begin_redo(person: User, job: Job, scene: Scene, feedback: str, options: dict[str, Any]) -> None:
    scene.redo_token = new_id()
    scene.redo_feedback = feedback
    scene.redo_options = options | {"user_id": person.id}
    scene.redo_heartbeat_at = utcnow()
    scene.error = ""
    scene.revision = job.touch()
    tasks.redo_scene(scene)


def known_assets(job: Job, ids: Sequence[str], field: str = "asset_ids") -> list[str]:
    """Return these ids of assets, each once. Raises Invalid, naming the places of those the job's client lacks."""
    wanted = list(dict.fromkeys(each for each in ids if each))
    query = select(Asset.id).where(Asset.id.in_(wanted), Asset.client_id == job.client_id)
    known = set(db.session.scalars(query)) if wanted else set()
    if missing := [i for i, each in enumerate(ids) if each and each not in known]:
        sentence = "This client has no such asset (any more). Pick another."
        raise Invalid(fields={f"{field}.{i}": sentence for i in missing})
    return wanted
