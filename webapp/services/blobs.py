"""The only code that touches bytes: chunk rows in blobs.db, described by rows of asset_blobs.

A blob is written in two steps. `write` puts the chunks into blobs.db, one short transaction each; nothing refers to
them yet, so a process killed half-way leaves only chunks that `purge_orphans` sweeps. `describe` then makes the blob
exist, inside the transaction of whoever refers to it. The chunks are found by the hash of the whole, so the same bytes
are stored once, and two who write them at the same time write the same rows.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateTable

from webapp.config import MB
from webapp.errors import Conflict, Refusal
from webapp.extensions import db, delete_rows, set_up_engine, sqlite_module, transaction, turn_to_write
from webapp.models import Base, Blob, utcnow
from webapp.models.base import UTCDateTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Engine

CHUNK_BYTES = 256 * 1024
"""A range costs 0.4-0.7 ms wherever it lies; one row for a whole file costs seconds at its end."""
PAGE_BYTES = 65536
"""SQLite's largest page: a chunk is four pages instead of 64."""
ORPHAN_AGE = timedelta(hours=1)
"""Chunks without a description may belong to somebody who is still writing; after this they do not."""

_tables = MetaData()
_uploads = Table(
    "uploads",
    _tables,
    Column("sha256", String(64), primary_key=True),
    Column("touched_at", UTCDateTime, nullable=False),
)
_chunks = Table(
    "chunks",
    _tables,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("sha256", "seq"),
)
_opening = threading.Lock()


class DiskFull(Refusal):
    """Say that the disk is nearly full, before it is."""

    status = 507
    code = "disk_full"
    title = "The disk is nearly full"


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


def write(source: Path | bytes, sha256: str = "") -> Stored:
    """Write the bytes into blobs.db; `sha256` spares a second reading where the caller hashed the file already.

    Raises:
        DiskFull: the disk has less free than MIN_FREE_DISK_MB.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    stored = Stored(sha256 or _hash(source), size)
    ensure_room(size)
    if not _touch(stored):
        _write_chunks(stored, source)
        if not _touch(stored):
            raise Conflict("The file changed while it was being stored.", hint="Try again.")
    return stored


def describe(stored: Stored, content_type: str) -> Blob:
    """Make written bytes a blob, in the caller's transaction; the first content type given for the same bytes stays.

    Raises:
        Conflict: the bytes were swept meanwhile, because more than an hour passed since they were written.
    """
    with transaction():
        blob = db.session.scalar(select(Blob).where(Blob.sha256 == stored.sha256))
        if not _touch(stored):
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
    holds neither a connection nor a snapshot, and nothing depends on the request. Raises EOFError when bytes are gone.
    """
    return opener(blob)(start, stop)


def opener(blob: Blob) -> Callable[[int, int], Iterator[bytes]]:
    """Return what `open_range` does for one blob, to be called where there is no app context any more."""
    engine, sha256, size = _engine(), blob.sha256, blob.size_bytes
    return lambda start, stop: _read(engine, sha256, max(0, start), min(stop, size))


def read(blob: Blob) -> bytes:
    """Return all bytes of a small blob, such as a thumbnail. Raises EOFError when they are gone."""
    return b"".join(open_range(blob, 0, blob.size_bytes))


def copy_to(blob: Blob, path: Path) -> None:
    """Write a blob's bytes to a new file, for programs that need one. Raises EOFError when they are gone."""
    with path.open("wb") as file:
        for piece in open_range(blob, 0, blob.size_bytes):
            file.write(piece)


def ensure_room(size_bytes: int) -> None:
    """Refuse to fill the disk: `size_bytes` more must leave MIN_FREE_DISK_MB free.

    Raises:
        DiskFull: saying how much is free and what to do.
    """
    settings = current_app.extensions["settings"]
    if shutil.disk_usage(settings.data).free - size_bytes < settings.min_free_disk_mb * MB:
        raise disk_full()


def disk_full() -> DiskFull:
    """Return the refusal that says how much is free and what to do."""
    settings = current_app.extensions["settings"]
    free = shutil.disk_usage(settings.data).free
    return DiskFull(
        f"The server's disk is nearly full: {free // MB:,} MB are free, "
        f"and {settings.min_free_disk_mb:,} MB are kept in reserve.",
        hint="Delete assets that are no longer needed, or ask whoever runs this Slate for more space.",
    )


def purge_orphans() -> int:
    """Delete the descriptions no row refers to, then old chunks without a description.

    Call it outside any transaction: it deletes in many short ones, so that no other writer waits for a large library.
    Returns the number of descriptions deleted.
    """
    gone = delete_rows(Blob, ~_is_referred_to())
    _sweep_chunks()
    return gone


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


def _hash(source: Path | bytes) -> str:
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        for start in range(0, len(source), CHUNK_BYTES):
            yield source[start : start + CHUNK_BYTES]
        return
    with source.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            yield piece


def _write_chunks(stored: Stored, source: Path | bytes) -> None:
    """Write each chunk in a transaction of its own, so that other writers wait milliseconds.

    Only the last commit (`_touch`) waits for the disk: syncing it makes the earlier ones in the same WAL durable too.
    """
    digest = hashlib.sha256()
    with _engine().connect() as connection:
        _pragma(connection, "synchronous=NORMAL")
        try:
            for seq, piece in enumerate(_pieces(source)):
                digest.update(piece)
                row = {"sha256": stored.sha256, "seq": seq, "data": piece}
                with _writing(connection):
                    connection.execute(insert(_chunks).values(row).on_conflict_do_nothing())
                if seq % 64 == 63:  # every 16 MB: an upload may be larger than what is free by now
                    ensure_room(0)
        finally:
            _pragma(connection, "synchronous=FULL")
    if digest.hexdigest() != stored.sha256:
        raise ValueError("the file is not what its hash says")


def _touch(stored: Stored) -> bool:
    """Say whether all chunks are there, and keep the sweep away from them for another hour."""
    chunks = -(-stored.size_bytes // CHUNK_BYTES)
    row = {"sha256": stored.sha256, "touched_at": utcnow()}
    keep = insert(_uploads).values(row)
    keep = keep.on_conflict_do_update(index_elements=["sha256"], set_={"touched_at": keep.excluded.touched_at})
    count = select(func.count()).select_from(_chunks).where(_chunks.c.sha256 == stored.sha256)
    with _engine().connect() as connection, _writing(connection):
        connection.execute(keep)
        return bool(connection.scalar(count) == chunks)


def _read(engine: Engine, sha256: str, start: int, stop: int) -> Iterator[bytes]:
    for seq in range(start // CHUNK_BYTES, -(-stop // CHUNK_BYTES)):
        wanted = select(_chunks.c.data).where(_chunks.c.sha256 == sha256, _chunks.c.seq == seq)
        with engine.connect() as connection:
            piece = connection.scalar(wanted)
        if piece is None:
            raise EOFError(f"blob {sha256} has lost its bytes")
        offset = seq * CHUNK_BYTES
        yield piece[max(0, start - offset) : stop - offset]


def _sweep_chunks() -> None:
    """Delete old chunks without a description; who wrote them was killed, or their description was purged."""
    with _engine().connect() as connection:
        old = list(connection.scalars(select(_uploads.c.sha256).where(_uploads.c.touched_at < utcnow() - ORPHAN_AGE)))
    with db.engine.connect() as described:
        kept = set(described.scalars(select(Blob.sha256)))
    orphans = [sha256 for sha256 in old if sha256 not in kept]
    with _engine().connect() as connection:
        for sha256 in orphans:
            _delete_chunks(connection, sha256)
        if orphans:
            _pragma(connection, "incremental_vacuum")  # gives the space back to the disk


def _delete_chunks(connection: Connection, sha256: str) -> None:
    """Delete one hash's chunks, unless somebody has begun to write the same bytes since we looked."""
    with _writing(connection):
        still_old = delete(_uploads).where(_uploads.c.sha256 == sha256, _uploads.c.touched_at < utcnow() - ORPHAN_AGE)
        if connection.execute(still_old).rowcount:
            connection.execute(delete(_chunks).where(_chunks.c.sha256 == sha256))


@contextmanager
def _writing(connection: Connection) -> Iterator[None]:
    """Run one write transaction on blobs.db."""
    connection.execution_options(slate_writing=True)
    with turn_to_write(connection.engine), connection.begin():
        yield


def _pragma(connection: Connection, pragma: str) -> None:
    """Say a PRAGMA outside any transaction: inside one, SQLite ignores some of them."""
    connection.connection.cursor().execute(f"PRAGMA {pragma}").fetchall()


def _engine() -> Engine:
    """Return this app's engine for blobs.db, made at the first use."""
    with _opening:
        known: Engine | None = current_app.extensions.get("blobs")
        if known is None:
            known = current_app.extensions["blobs"] = _open(current_app.extensions["settings"].blobs_path)
        return known


def _open(path: Path) -> Engine:
    """Open blobs.db and make its tables, unless another process just did."""
    engine = create_engine(f"sqlite+pysqlite:///{path}", module=sqlite_module(), pool_size=16, max_overflow=64)

    @event.listens_for(engine, "connect")
    def _shape(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=30000")
        # both count only while the file is empty, hence before set_up_engine switches to WAL
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")

    set_up_engine(engine)
    for patience in range(20, -1, -1):
        try:
            with engine.connect() as connection, _writing(connection):
                for table in _tables.sorted_tables:
                    connection.execute(CreateTable(table, if_not_exists=True))
            break
        except OperationalError:  # two processes switching a new file to WAL: SQLite does not wait there
            if not patience:
                raise
            time.sleep(0.05)
    return engine
