"""What boards said before a change, kept as hashes: so that what changed since somebody looked can be named.

A program names only the hash of what it saw. Takes that a burst of saves replaced are gone, so the scenes behind an
old hash cannot be found again later: each state is kept in the transaction that replaces it, whoever writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import delete, event, insert, inspect, select
from sqlalchemy.orm import selectinload

from webapp.extensions import db
from webapp.models import BoardState, Job, Scene, Take, Version
from webapp.models.job import named_ratio
from webapp.services import changes, storyboards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session, UOWTransaction

    from webapp.services.changes import Changes

KEPT = 100
"""States kept of one board, the newest: as many changes may lie between a look and a decision."""
CHANGES_A_BOARD = ("take", "take_id", "position", "deleted_at")

_table = cast("Table", BoardState.__table__)
_jobs, _scenes, _takes, _states = Job.__table__.c, Scene.__table__.c, Take.__table__.c, _table.c


def since(job: Job, board: Sequence[Scene], seen: str) -> Changes | None:
    """Return what a board says otherwise than the one with the hash `seen`; None when nobody knows that one (any more).

    Where the job never was like that the hash may be one of a version.
    """
    state = db.session.scalar(select(BoardState).where(BoardState.job_id == job.id, BoardState.content_hash == seen))
    if state is not None:
        return changes.compare(state.scene_hashes, board, reformatted=state.ratio != job.ratio)
    query = (
        select(Version).where(Version.job_id == job.id, Version.content_hash == seen).order_by(Version.number.desc())
    )
    version = db.session.scalars(query.options(selectinload(Version.scenes)).limit(1)).first()
    if version is None:
        return None
    then = {each.scene_id: storyboards.scene_hash(each.take) for each in version.scenes}
    return changes.compare(then, board, reformatted=version.ratio != job.ratio)


@event.listens_for(db.session, "before_flush")
def _keep(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Keep what a board said before the first change of it in a transaction, as the database still has it."""
    changed = set(_changed(session))
    if not changed:
        return
    began = session.get_transaction()
    if session.info.get("boards_kept_in") is not began:
        session.info["boards_kept_in"], session.info["boards_kept"] = began, set()
    for job_id in changed - session.info["boards_kept"]:
        session.info["boards_kept"].add(job_id)
        _keep_state(session, job_id)


def _changed(session: Session) -> Iterator[str]:
    """Name the jobs whose storyboard or format the coming flush changes."""
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Scene) and (row not in session.dirty or _differs(row, CHANGES_A_BOARD)):
            yield row.job_id
        elif isinstance(row, Job) and row not in session.new and _differs(row, ("ratio",)):
            yield row.id
        elif isinstance(row, Take) and row not in session.new and _differs(row, storyboards.CONTENT):
            yield from session.execute(select(_scenes.job_id).where(_scenes.take_id == row.id)).scalars()


def _differs(row: Any, names: Sequence[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in names)


def _keep_state(session: Session, job_id: str) -> None:
    """Read plain columns: rows of the session say what will be."""
    job = session.execute(select(_jobs.ratio, _jobs.first_ratio).where(_jobs.id == job_id)).one_or_none()
    words = [_takes[name] for name in storyboards.CONTENT]
    query = (
        select(_scenes.id.label("scene_id"), _scenes.take_id, *words)
        .select_from(Scene.__table__.outerjoin(Take.__table__, _takes.id == _scenes.take_id))
        .where(_scenes.job_id == job_id, _scenes.deleted_at.is_(None))
        .order_by(_scenes.position)
    )
    rows = session.execute(query).all()
    if job is None or not rows:
        return
    said: Mapping[str, Any] = {row.scene_id: row if row.take_id else None for row in rows}
    digest = storyboards.content_hash(said.values(), named_ratio(job.ratio, job.first_ratio))
    hashes = {scene_id: storyboards.scene_hash(take) for scene_id, take in said.items()}
    own = _states.job_id == job_id
    newest = select(_states.id).where(own).order_by(_states.id.desc()).limit(KEPT)
    session.execute(delete(_table).where(own, _states.content_hash == digest))
    session.execute(insert(_table).values(job_id=job_id, content_hash=digest, ratio=job.ratio, scene_hashes=hashes))
    session.execute(delete(_table).where(own, _states.id.not_in(newest)))
