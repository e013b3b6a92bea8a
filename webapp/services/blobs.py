"""Bytes and their descriptions: chunk rows in blobs.db (`chunks`), described by rows of asset_blobs.

A blob is written in two steps. `write` puts the chunks into blobs.db, one short transaction each; nothing refers to
them yet, so a process killed half-way leaves only chunks that `purge_orphans` sweeps. `describe` then makes the blob
exist, inside the transaction of whoever refers to it. The chunks are found by the hash of the whole, so the same bytes
are stored once, and two who write them at the same time write the same rows.
"""

from __future__ import annotations

import hashlib
import io
import logging
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING

from flask import current_app
from sqlalchemy import or_, select

from webapp.config import MB
from webapp.errors import Conflict, DiskFull
from webapp.extensions import db, delete_rows, let_go, transaction
from webapp.models import Base, Blob, utcnow
from webapp.services import chunks
from webapp.services.chunks import CHUNK_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement

log = logging.getLogger(__name__)

ORPHAN_AGE = timedelta(hours=1)
"""Chunks without a description may belong to somebody who is still writing; after this they do not."""
SEALED_AT_ONCE_BYTES = 256 * MB
"""So much of what an older release stored is checked and given checksums in one purge: a second of work an hour."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Name bytes that are in blobs.db but have no description yet."""

    sha256: str
    size_bytes: int


def put(source: Path | bytes, content_type: str) -> Blob:
    """Store a file or bytes and return their description; the same bytes give the same blob.

    Call it inside the transaction that refers to the blob when the bytes are few (a thumbnail), so that no purge can
    come between. For a large file call `write` before that transaction and `describe` in it: writing takes time.

    Raises:
        DiskFull: the disk has less free than MIN_FREE_DISK_MB.
    """
    return describe(write(source), content_type)


def write(source: Path | bytes | IO[bytes], sha256: str = "") -> Stored:
    """Write the bytes into blobs.db; `sha256` spares a second reading where the caller hashed the file already.

    An open file is read from its start. Bytes that are there already are read, and written again if they are damaged.

    Raises:
        DiskFull: the disk has less free than MIN_FREE_DISK_MB.
    """
    if isinstance(source, Path):
        with source.open("rb") as opened:
            return write(opened, sha256)
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    stored = Stored(sha256 or _hash(file), file.seek(0, io.SEEK_END))
    ensure_room(stored.size_bytes)
    if chunks.touch(stored.sha256, stored.size_bytes):
        if chunks.is_intact(stored.sha256, stored.size_bytes):
            return stored
        chunks.discard(stored.sha256)
    file.seek(0)
    try:
        chunks.write(stored.sha256, iter(lambda: file.read(CHUNK_BYTES), b""), lambda: ensure_room(0))
        is_whole = chunks.touch(stored.sha256, stored.size_bytes)
    except DiskFull:
        _take_back(stored)
        raise
    if not is_whole:
        raise Conflict("The file changed while it was being stored.", hint="Try again.")
    return stored


def describe(stored: Stored, content_type: str) -> Blob:
    """Make written bytes a blob, in the caller's transaction; the first content type given for the same bytes stays.

    Raises:
        Conflict: the bytes were swept meanwhile, because more than an hour passed since they were written.
    """
    with transaction():
        blob = db.session.scalar(select(Blob).where(Blob.sha256 == stored.sha256))
        if not chunks.touch(stored.sha256, stored.size_bytes):
            raise Conflict("Storing the file took too long.", hint="Try again.")
        if blob is None:
            blob = Blob(sha256=stored.sha256, content_type=content_type, size_bytes=stored.size_bytes)
            db.session.add(blob)
            db.session.flush()
    return blob


def find(blob_id: str | None) -> Blob | None:
    """Return a blob's description, None when there is none."""
    return db.session.get(Blob, blob_id) if blob_id else None


def open_range(blob: Blob, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes from `start` up to but not including `stop`, at most 256 KB at a time.

    Each piece is read over a connection of its own that is given back before the piece is handed out, so a slow reader
    holds neither a connection nor a snapshot, and nothing depends on the request. Each piece is checked.

    Raises:
        Damaged: bytes are gone, or are not those that were stored.
    """
    return opener(blob)(start, stop)


def opener(blob: Blob) -> Callable[[int, int], Iterator[bytes]]:
    """Return what `open_range` does for one blob, to be called where there is no app context any more."""
    engine, sha256, size = chunks.engine(), blob.sha256, blob.size_bytes
    return lambda start, stop: chunks.read(engine, sha256, size, max(0, start), min(stop, size))


def check(blob: Blob, start: int, stop: int) -> None:
    """Look whether the bytes of a range are all there, before a program is promised them. Raises Damaged."""
    chunks.check(blob.sha256, blob.size_bytes, max(0, start), min(stop, blob.size_bytes))


def read(blob: Blob) -> bytes:
    """Return all bytes of a small blob, such as a thumbnail. Raises Damaged when any are gone or changed."""
    return b"".join(open_range(blob, 0, blob.size_bytes))


def copy_to(blob: Blob, path: Path) -> None:
    """Write a blob's bytes to a new file, for programs that need one. Raises Damaged when any are gone or changed."""
    with path.open("wb") as file:
        for piece in open_range(blob, 0, blob.size_bytes):
            file.write(piece)


def free_bytes() -> int:
    """Return how much more can be stored: what is free on the disk, and in blobs.db for new bytes."""
    return shutil.disk_usage(current_app.extensions["settings"].data).free + chunks.free_bytes()


def has_room() -> bool:
    """Say whether more than MIN_FREE_DISK_MB is free."""
    try:
        ensure_room(0)
    except DiskFull:
        return False
    return True


def ensure_room(size_bytes: int) -> None:
    """Refuse to fill the disk: `size_bytes` more must leave MIN_FREE_DISK_MB free.

    Raises:
        DiskFull: saying how much is free and what to do.
    """
    settings = current_app.extensions["settings"]
    if free_bytes() - size_bytes < settings.min_free_disk_mb * MB:
        raise disk_full()


def disk_full() -> DiskFull:
    """Return the refusal that says how much is free and what to do."""
    settings = current_app.extensions["settings"]
    return DiskFull(
        f"The server's disk is nearly full: {free_bytes() // MB:,} MB are free, "
        f"and {settings.min_free_disk_mb:,} MB are kept in reserve.",
    )


def purge_orphans() -> int:
    """Delete the descriptions no row refers to, then chunks without a description, and give their room to the disk.

    Call it outside any transaction: it deletes in many short ones, so that no other writer waits for a large library.
    Returns the number of descriptions deleted.
    """
    let_go()
    unused = db.session.execute(select(Blob.sha256, Blob.created_at).where(~_is_referred_to()))
    made_at = {row.sha256: row.created_at for row in unused}
    gone = delete_rows(Blob, ~_is_referred_to())
    with chunks.sweeping(current_app.extensions["settings"].data) as may_delete:
        if may_delete:
            _sweep_chunks(made_at)
    return gone


def seal_some() -> None:
    """Give some of the bytes that a release without checksums stored their checksums; say which are damaged."""
    let_go()
    sealed, room = chunks.sealed(), SEALED_AT_ONCE_BYTES
    for sha256, size in db.session.execute(select(Blob.sha256, Blob.size_bytes)).all():
        if sha256 not in sealed and size and room > 0:
            let_go()
            room -= size
            if not chunks.seal(sha256, size):
                log.error("blob %s is not what was stored; `slate doctor --bytes` names whose it is", sha256)


def _is_referred_to() -> ColumnElement[bool]:
    """Say in SQL whether any row points at a blob: read from the foreign keys, so that no table is forgotten."""
    return or_(
        *(
            select(1).where(key.parent == Blob.__table__.c.id).exists()
            for table in Base.metadata.tables.values()
            for key in table.foreign_keys
            if key.column.table is Blob.__table__
        )
    )


def _hash(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(CHUNK_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def _take_back(stored: Stored) -> None:
    """Delete what was written before the disk was full, unless somebody else has the same bytes."""
    with db.engine.connect() as described:
        if described.scalar(select(Blob.id).where(Blob.sha256 == stored.sha256)) is not None:
            return
    with suppress(DiskFull):  # not even that has room: the hourly sweep does it later
        chunks.forget({stored.sha256: utcnow()})


def _sweep_chunks(made_at: dict[str, datetime]) -> None:
    """Delete chunks without a description; who wrote them was killed, or their description was purged.

    Chunks whose description was just deleted (`made_at`: when it was made) go at once if nobody has written the same
    bytes since.
    """
    old = utcnow() - ORPHAN_AGE
    touched = chunks.last_touched()
    limits = {sha256: max(old, made_at.get(sha256, old)) for sha256 in touched}
    with db.engine.connect() as described:
        kept = set(described.scalars(select(Blob.sha256)))
    orphans = (sha256 for sha256, at in touched.items() if at <= limits[sha256] and sha256 not in kept)
    chunks.forget({sha256: limits[sha256] for sha256 in orphans})
    chunks.give_back()
