"""Undo and redo of what a person did to the structure of a board, kept in the database so that it survives a reload."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from webapp.errors import Conflict
from webapp.extensions import db, transaction
from webapp.models import BoardAction, Comment, CommentState, Scene, Take, TakeSource, utcnow
from webapp.services import arrangement, comments, events
from webapp.services.storyboards import content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from webapp.models import Job, User

KEPT = 50
"""So many steps back a person can go on one board."""
BY_WRITER = (TakeSource.REDO, TakeSource.COMMENT)
"""Where candidates come from."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one person could undo and do again now; None: nothing."""

    undo: BoardAction | None
    redo: BoardAction | None


@contextmanager
def recorded(person: User, job: Job, text: str) -> Iterator[None]:
    """Remember what the body does to the board, so that this person can undo it (inside the caller's transaction).

    `text` says what was done, as in “Undo: deleted scene 3”. Nothing is remembered when nothing changed.
    """
    before = arrangement.places(job)
    yield
    db.session.flush()
    after = arrangement.places(job)
    if before == after:
        return
    own = _own(person, job)
    db.session.execute(delete(BoardAction).where(own, BoardAction.undone_at.is_not(None)))
    last = db.session.scalar(select(func.max(BoardAction.number)).where(BoardAction.job_id == job.id)) or 0
    action = BoardAction(job_id=job.id, user_id=person.id, text=text[:200], before=before, after=after, number=last + 1)
    db.session.add(action)
    db.session.flush()
    newest = select(BoardAction.id).where(own).order_by(BoardAction.number.desc()).limit(KEPT)
    db.session.execute(delete(BoardAction).where(own, BoardAction.id.not_in(newest)))


def offer(person: User, job: Job) -> Offer:
    """Say what this person could undo and do again now."""
    own = _own(person, job)
    done = select(BoardAction).where(own, BoardAction.undone_at.is_(None)).order_by(BoardAction.number.desc())
    undone = select(BoardAction).where(own, BoardAction.undone_at.is_not(None)).order_by(BoardAction.number)
    return Offer(db.session.scalar(done.limit(1)), db.session.scalar(undone.limit(1)))


def undo(person: User, job: Job, action_id: str = "") -> BoardAction:
    """Take back the last thing this person did to the board; only what it changed changes back.

    `action_id` names the action that is meant; then a later one is not taken back in its place.

    Raises:
        Conflict: there is nothing to undo, or somebody else changed the board since.
        StoryboardFrozen: as its name says.
    """
    with transaction():
        action = _meant(offer(person, job).undo, action_id, "undo")
        _go(person, job, action, action.after, action.before)
        action.undone_at = utcnow()
        _offer_again(job, action)
        events.record(job, "undone", f"undid: {action.text}", by=person)
    return action


def redo(person: User, job: Job, action_id: str = "") -> BoardAction:
    """Do again what this person undid last. Raises as `undo` does."""
    with transaction():
        action = _meant(offer(person, job).redo, action_id, "do again")
        _go(person, job, action, action.before, action.after)
        action.undone_at = None
        _answer_again(person, job, action)
        events.record(job, "done again", f"did again: {action.text}", by=person)
    return action


def _go(person: User, job: Job, action: BoardAction, here: arrangement.Places, there: arrangement.Places) -> None:
    """Change what differs between two boards, on a board that is in these things as it was left."""
    job.must_be_open()
    job.must_be_idle()
    present, mine, theirs = _by_scene(arrangement.places(job)), _by_scene(here), _by_scene(there)
    both = mine.keys() & theirs.keys()
    changed = {each for each in both if mine[each] != theirs[each]}
    if list(mine) != list(present) or not all(_is_as_left(present[each], mine[each]) for each in changed):
        raise Conflict(
            f"The board was changed since (“{action.text}”), so this cannot be taken back or done again any more.",
            hint="Versions and takes bring earlier words back.",
        )
    wanted = [present[scene_id] if scene_id in both - changed else each for scene_id, each in theirs.items()]
    arrangement.arrange(person, job, wanted)
    job.touch()


def _is_as_left(now: Mapping[str, str], left: Mapping[str, str]) -> bool:
    """Say whether a scene is locked as it was left and says what it said, in whichever take."""
    if now["locked"] != left["locked"]:
        return False
    if now["take_id"] == left["take_id"]:
        return True
    present, then = db.session.get(Take, now["take_id"]), db.session.get(Take, left["take_id"])
    return present is not None and then is not None and content(present) == content(then)


def _used(action: BoardAction) -> list[Take]:
    """Return the takes that this action made the present ones."""
    before, after = _by_scene(action.before), _by_scene(action.after)
    taken = {after[each]["take_id"] for each in before.keys() & after.keys()}
    ids = taken - {each["take_id"] for each in before.values()}
    return [take for each in sorted(ids) if (take := db.session.get(Take, each)) is not None]


def _offer_again(job: Job, action: BoardAction) -> None:
    """Let a candidate wait again whose use was taken back; what it answered is open again."""
    for take in _used(action):
        if take.source not in BY_WRITER:
            continue
        take.waiting = bool(take.origin)
        answered = Comment.answered_take_id == take.id, Comment.state == CommentState.ANSWERED
        fresh = {"state": CommentState.OPEN, "answered_take_id": None, "answered_by": "", "answered_at": None}
        if db.session.execute(update(Comment).where(*answered).values(fresh)).rowcount:  # type: ignore[attr-defined]
            job.touch(comments=True)


def _answer_again(person: User, job: Job, action: BoardAction) -> None:
    for take in _used(action):
        scene = db.session.get_one(Scene, take.scene_id)
        if take.comment_ids and scene.take_id == take.id:
            comments.answered_by_take(job, scene, take, by=person)


def _meant(action: BoardAction | None, action_id: str, word: str) -> BoardAction:
    if action is None:
        raise Conflict(f"There is nothing to {word}.")
    if action_id and action.id != action_id:
        raise Conflict("You did something else since.", hint="Undo at the top of the board goes back step by step.")
    return action


def _by_scene(board: Sequence[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    return {each["scene_id"]: each for each in board}


def _own(person: User, job: Job) -> ColumnElement[bool]:
    return (BoardAction.job_id == job.id) & (BoardAction.user_id == person.id)
