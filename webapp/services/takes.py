"""Takes: what a scene said, says and might say. A take is written once; a candidate waits beside the one shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import (
    Asset,
    Blob,
    BoardAction,
    Comment,
    Frame,
    Job,
    Scene,
    Take,
    TakeSource,
    VersionScene,
    utcnow,
)
from webapp.services import frame_store, numbers
from webapp.services.storyboards import CONTENT, content

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    from webapp.models import User

BURST = timedelta(minutes=10)
"""Saves of one person within this time are one take: autosave must not bury the takes that matter."""
LARGEST_NUMBER = 2**31
"""No scene has so many takes; an address can claim any number."""
SHOWN = 30
"""Takes a list shows at once."""
RAW = {"shot_type": "shotTypeRaw", "transition": "transitionRaw"}
"""Where a program's own word is kept that is on no list, beside the column with the nearest one that is."""


def of_scene(scene: Scene, *, before: int | None = None, limit: int | None = None) -> Sequence[Take]:
    """Return the takes of a scene, the newest first; `before` is the number of the last one already shown."""
    query = select(Take).where(Take.scene_id == scene.id).order_by(Take.number.desc()).options(joinedload(Take.user))
    if before is not None:
        query = query.where(Take.number < _within(before))
    return db.session.scalars(query.limit(limit)).all()


def find(scene: Scene, number: int) -> Take:
    """Return a take of a scene by its number. Raises NotFound when it has none of that number."""
    query = select(Take).where(Take.scene_id == scene.id, Take.number == _within(number)).options(joinedload(Take.user))
    take = db.session.scalar(query)
    if take is None:
        raise NotFound("This scene has no such take.")
    return take


def page(scene: Scene, *, limit: int, offset: int) -> tuple[Sequence[Take], int]:
    """Return some takes of a scene, the newest first, each with its author, and how many there are in all."""
    query = select(Take).where(Take.scene_id == scene.id).order_by(Take.number.desc()).options(joinedload(Take.user))
    found = db.session.scalars(query.limit(limit).offset(offset)).all()
    return found, db.session.scalar(select(func.count()).where(Take.scene_id == scene.id)) or 0


def at(scene: Scene, address: str) -> Take:
    """Return a take of a scene, with its author, by its id or its number. Raises NotFound when it is none of it."""
    number = numbers.of_address(address)
    named = Take.id == address if number is None else Take.number == number
    take = db.session.scalar(select(Take).where(Take.scene_id == scene.id, named).options(joinedload(Take.user)))
    if take is None:
        raise NotFound("This take does not belong to this scene.")
    return take


def written_by(scene_id: str, token: str) -> Take | None:
    """Return the take that a redo wrote, by its token; None when it wrote none."""
    return db.session.scalar(select(Take).where(Take.scene_id == scene_id, Take.origin == token))


def is_being_written(scene_id: str, token: str) -> bool:
    """Say whether a redo, by its token, is still at work on a scene."""
    return db.session.scalar(select(Scene.id).where(Scene.id == scene_id, Scene.redo_token == token)) is not None


def get(scene: Scene, take_id: str) -> Take:
    """Return a take of a scene by its id. Raises NotFound when it is none of this scene's."""
    take = db.session.get(Take, take_id)
    if take is None or take.scene_id != scene.id:
        raise NotFound("This take does not belong to this scene.")
    return take


def present(scene: Scene) -> Take:
    """Return the take a scene shows. Raises NotFound while it has no words."""
    if scene.take is None:
        raise NotFound("This scene has no words yet.", hint="Wait a moment and try again.")
    return scene.take


def rival(scene: Scene) -> Take:
    """Return what the present take is compared with first: the newest candidate, else the newest other take."""
    query = select(Take).where(Take.scene_id == scene.id, Take.id != scene.take_id).options(joinedload(Take.user))
    found = db.session.scalar(query.order_by(Take.waiting.desc(), Take.number.desc()).limit(1))
    return found or present(scene)


def frame_blob(frame: Frame, column: str) -> Blob:
    """Return the bytes' description of one variant of a picture. Raises NotFound when they are gone."""
    blob = db.session.get(Blob, getattr(frame, column))
    if blob is None:
        raise NotFound("This take has no picture.")
    return blob


def waiting(job: Job) -> dict[str, list[int]]:
    """Return the numbers of all candidates of a board by the id of their scene, in one query."""
    query = (
        select(Take.scene_id, Take.number)
        .join(Scene, Scene.id == Take.scene_id)
        .where(Scene.job_id == job.id, Scene.deleted_at.is_(None), Take.waiting.is_(True))
        .order_by(Take.number)
    )
    found: dict[str, list[int]] = {}
    for scene_id, number in db.session.execute(query):
        found.setdefault(scene_id, []).append(number)
    return found


def asked_by(job: Job, comment_ids: Collection[str], *, team: bool = True) -> Sequence[Comment]:
    """Return those of these comments that belong to the job and still stand, the oldest first.

    Without `team`, those that only the team may read are left out.
    """
    query = select(Comment).where(Comment.id.in_(comment_ids), Comment.job_id == job.id, Comment.deleted_at.is_(None))
    if not team:
        query = query.where(Comment.is_internal.is_(False))
    return db.session.scalars(query.order_by(Comment.created_at)).all() if comment_ids else []


def instruction(comments: Iterable[Comment]) -> str:
    """Return what these comments ask for as the feedback of a redo, one line each, at most 1,000 characters."""
    return "\n".join(comment.text.strip() for comment in comments)[:1000]


def asset_names(asset_ids: Collection[str]) -> dict[str, str]:
    """Return the names of those of these assets that still exist, by id."""
    if not asset_ids:
        return {}
    found = db.session.execute(select(Asset.id, Asset.name).where(Asset.id.in_(asset_ids)))
    return {row.id: row.name for row in found}


def pictures(job: Job, scene: Scene, shown: Iterable[Take]) -> dict[str, Frame]:
    """Return the pictures these takes of one scene have, or would have, by take id; not drawn yet: left out."""
    shown = list(shown)
    ids = {asset_id for take in shown for asset_id in take.asset_ids}
    _at_hand = db.session.scalars(select(Asset).where(Asset.id.in_(ids))).all() if ids else []  # not one by one below
    keys = {take.id: frame_store.plan(job, scene, take).key for take in shown}
    if scene.take_id in keys and scene.frame_key:  # a photograph that could not be shown was sketched instead
        keys[scene.take_id] = scene.frame_key
    drawn = {frame.key: frame for frame in db.session.scalars(select(Frame).where(Frame.key.in_(keys.values())))}
    return {take_id: drawn[key] for take_id, key in keys.items() if key in drawn}


def write(  # noqa: PLR0913 - a take simply has that many sides
    job: Job,
    scene: Scene,
    words: dict[str, Any],
    source: TakeSource,
    *,
    by: User | None = None,
    replaces: Take | None = None,
    **facts: Any,
) -> Take:
    """Store words as the scene's next take and show it (inside the caller's transaction).

    `replaces` is the take that a burst of saves goes on with; its number and its first moment stay.
    """
    words = _with_facts(scene, words)
    number = replaces.number if replaces else _last_number(scene) + 1
    before = content(scene.take) if scene.take else {}
    if replaces:
        facts["created_at"] = replaces.created_at  # a burst is measured from its first save
        scene.take = None
        db.session.flush()
        db.session.delete(replaces)
        db.session.flush()
    take = Take(scene_id=scene.id, number=number, source=source, user_id=by.id if by else None, **words, **facts)
    db.session.add(take)
    db.session.flush()
    _show(job, scene, take, before)
    return take


def propose(
    job: Job, scene: Scene, words: dict[str, Any], source: TakeSource, *, by: User | None = None, **facts: Any
) -> Take:
    """Store words as a candidate beside the take that is shown (inside the caller's transaction).

    The scene's take and version stay as they are: nobody's edit is in conflict with what nobody has used yet.
    """
    who, words = by.id if by else None, _with_facts(scene, words)
    number = _last_number(scene) + 1
    take = Take(scene_id=scene.id, number=number, source=source, user_id=who, waiting=True, **words, **facts)
    take.frame_key = frame_store.plan(job, scene, take).key
    db.session.add(take)
    db.session.flush()
    scene.error = ""
    scene.revision = job.touch()
    return take


def bring_back(person: User, job: Job, scene: Scene, chosen: Take, words: dict[str, Any] | None = None) -> Take:
    """Show what a take says, all of it or these words from it (inside the caller's transaction).

    A candidate becomes the present take itself when exactly its words are wanted; else they are a take of their own.
    """
    words = still_there(job, content(chosen)) if words is None else words
    if chosen.waiting and words == content(chosen):
        _show(job, scene, chosen, content(scene.take) if scene.take else {})
        return chosen
    if not chosen.waiting:
        return write(job, scene, words, TakeSource.RESTORE, by=person)
    chosen.waiting = False
    return write(
        job, scene, words, TakeSource.REDO, by=person,
        feedback=chosen.feedback, comment_ids=chosen.comment_ids, writer=chosen.writer, model=chosen.model,
    )  # fmt: skip


def forget(scene: Scene, origin: str, *, instead: Take | None) -> None:
    """Delete the take that an attempt wrote (inside the caller's transaction), and show another where it was shown."""
    take = written_by(scene.id, origin)
    if take is None or is_kept(take):
        return
    if scene.take_id == take.id:
        scene.take = instead
        scene.version += 1
        scene.field_versions = scene.field_versions | dict.fromkeys(CONTENT, scene.version)
        db.session.flush()
    db.session.delete(take)
    db.session.flush()


def is_untouched(scene: Scene) -> bool:
    """Say whether nothing hangs on a scene: no takes, no comments, no place in a version."""
    reasons = (
        select(Take.id).where(Take.scene_id == scene.id),
        select(Comment.id).where(Comment.scene_id == scene.id),
        select(VersionScene.id).where(VersionScene.scene_id == scene.id),
    )
    return not any(db.session.scalar(each.limit(1)) is not None for each in reasons)


def still_there(job: Job, words: dict[str, Any]) -> dict[str, Any]:
    """Leave out assets that were deleted since these words were written."""
    found = select(Asset.id).where(Asset.id.in_(words["asset_ids"]), Asset.client_id == job.client_id)
    known = set(db.session.scalars(found)) if words["asset_ids"] else set()
    return words | {"asset_ids": [each for each in words["asset_ids"] if each in known]}


def must_be_on_board(scene: Scene) -> None:
    """Refuse a change to a scene that somebody deleted between the look and the lock."""
    if scene.deleted_at is not None:
        raise NotFound("Somebody deleted this scene in the meantime.", hint="Undo brings it back.")


def is_kept(take: Take) -> bool:
    """Say whether a version holds this take, so that nothing of it may ever change."""
    return db.session.scalar(select(VersionScene.id).where(VersionScene.take_id == take.id).limit(1)) is not None


def is_burst(job: Job, take: Take, person: User) -> bool:
    """Say whether the next save goes on with this take: one person, a short while, and nobody relies on it yet.

    What was kept, decided on, commented, recorded for an undo, or what a candidate was written beside stays as it is.
    """
    own = take.source == TakeSource.EDIT and take.user_id == person.id and take.number > 1
    if not own or utcnow() - take.created_at >= BURST:
        return False
    reasons = (
        select(VersionScene.id).where(VersionScene.take_id == take.id),
        select(Comment.id).where(or_(Comment.take_id == take.id, Comment.answered_take_id == take.id)),
        select(Take.id).where(Take.scene_id == take.scene_id, Take.number > take.number),
        select(BoardAction.id).where(BoardAction.job_id == job.id, _names(BoardAction.before, take)),
        select(BoardAction.id).where(BoardAction.job_id == job.id, _names(BoardAction.after, take)),
    )
    return not any(db.session.scalar(each.limit(1)) is not None for each in reasons)


def _names(places: InstrumentedAttribute[Any], take: Take) -> ColumnElement[bool]:
    """Say in SQL whether a board that was recorded for an undo shows this take."""
    return cast(places, Text).contains(take.id)


def _with_facts(scene: Scene, words: dict[str, Any]) -> dict[str, Any]:
    """Carry programs' facts on where none are given; a word of their own goes with the choice it stood for.

    `raw` among the words holds such words of a writer's by column.
    """
    before = content(scene.take) if scene.take else {"extra": {}}
    extra = dict(words.get("extra", before["extra"]))
    for column, key in RAW.items():
        if column in before and words[column] != before[column] and extra.get(key) == before["extra"].get(key):
            extra.pop(key, None)
    extra |= {RAW[column]: said for column, said in words.get("raw", {}).items()}
    return {name: value for name, value in words.items() if name != "raw"} | {"extra": extra}


def _show(job: Job, scene: Scene, take: Take, before: Mapping[str, Any]) -> None:
    """Make a take the one that is shown, and note which fields say something else since."""
    after = content(take)
    changed = [name for name in CONTENT if name not in before or before[name] != after[name]]
    take.waiting = False
    scene.take = take
    scene.version += 1
    scene.field_versions = scene.field_versions | dict.fromkeys(changed, scene.version)
    scene.error = ""
    scene.revision = job.touch()
    frame_store.refresh(job, [scene])


def _within(number: int) -> int:
    """Return a number that a database can hold; any that was too large or too small names no take all the same."""
    return max(0, min(number, LARGEST_NUMBER))


def _last_number(scene: Scene) -> int:
    return db.session.scalar(select(func.max(Take.number)).where(Take.scene_id == scene.id)) or 0
