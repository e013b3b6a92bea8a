"""Chunk rows in blobs.db, found by the hash of the whole: write, read, check, delete, and give room back to the disk.

Beside each chunk lies its CRC-32, in a table of its own: files of releases that had none get them without being
written a second time (see `seal`), and since a hash stands for the same bytes for ever, no checksum can go stale.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import threading
import time
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
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
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateTable

from webapp.errors import Damaged, DiskFull
from webapp.extensions import set_up_engine, sqlite_module, turn_to_write
from webapp.models import utcnow
from webapp.models.base import UTCDateTime
from webapp.storage import refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine

log = logging.getLogger(__name__)

LOCK_NAME = "sweep.lock"
"""In the data folder: shared by those who delete chunks, held alone by a backup, so that no chunk goes under it."""
CHUNK_BYTES = 256 * 1024
"""A range costs 0.4-0.7 ms wherever it lies; one row for a whole file costs seconds at its end."""
PAGE_BYTES = 65536
"""SQLite's largest page: a chunk is four pages instead of 64."""
LAYOUT = 1
"""Kept as the file's user_version. Grows when an older Slate could no longer use the file; 0 is that of 0.1.0."""
LOG_PAGES = 256
"""The write-ahead log is copied into the file at 16 MB; SQLite's 1,000 pages would be 64 MB of a scarce disk."""
ROWS_AT_ONCE = 64
"""Chunks deleted in one transaction, 16 MB: other writers wait for milliseconds, and the log stays small."""
VACUUM_PAGES = (64, 8, 1)
"""Pages given back to the disk in one transaction: 4 MB of log, less when not even that has room."""
FREE_PAGES_KEPT = 16
"""So few free pages (1 MB) are left to whoever writes next."""

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
_checksums = Table(
    "checksums",
    _tables,
    Column("sha256", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("crc32", Integer, nullable=False),
    sqlite_with_rowid=False,
)
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Held:
    """Count what blobs.db holds of one hash."""

    chunks: int
    size_bytes: int


def pieces_of(size_bytes: int) -> int:
    """Return how many chunks so many bytes are."""
    return -(-size_bytes // CHUNK_BYTES)


def touch(sha256: str, size_bytes: int) -> bool:
    """Say whether all chunks are there, and keep the sweep away from them for another hour."""
    row = {"sha256": sha256, "touched_at": utcnow()}
    keep = insert(_uploads).values(row)
    keep = keep.on_conflict_do_update(index_elements=["sha256"], set_={"touched_at": keep.excluded.touched_at})
    count = select(func.count()).select_from(_chunks).where(_chunks.c.sha256 == sha256)
    with engine().connect() as connection, writing(connection):
        connection.execute(keep)
        return bool(connection.scalar(count) == pieces_of(size_bytes))


def write(sha256: str, pieces: Iterable[bytes], ensure_room: Callable[[], None]) -> None:
    """Write each chunk in a transaction of its own, so that other writers wait milliseconds.

    Only the caller's next commit (`touch`) waits for the disk: syncing it makes the earlier ones in the same log
    durable too. `ensure_room` is called every 16 MB: an upload may be larger than what is free by now.

    Raises:
        ValueError: the pieces are not those of the hash; nothing of them stays.
    """
    with engine().connect() as connection:
        _pragma(connection, "synchronous=NORMAL")
        try:
            is_right = _insert(connection, sha256, pieces, ensure_room)
        finally:
            _pragma(connection, "synchronous=FULL")
    if not is_right:
        discard(sha256)
        raise ValueError("the file is not what its hash says")


def fill(path: Path, blobs: Iterable[tuple[str, Iterable[bytes]]]) -> str:
    """Make a new blobs.db of hashes and their bytes; returns the first hash whose bytes are others, else nothing.

    Nothing is synced but the whole at the end: for a folder that nobody uses yet.
    """
    made = connect(path)
    try:
        with made.connect() as connection:
            _pragma(connection, "synchronous=OFF")
            for sha256, pieces in blobs:
                if not _insert(connection, sha256, pieces, lambda: None):
                    return sha256
                with writing(connection):
                    connection.execute(insert(_uploads), {"sha256": sha256, "touched_at": utcnow()})
            _pragma(connection, "synchronous=FULL")
            _pragma(connection, "wal_checkpoint(TRUNCATE)")
    finally:
        made.dispose()
    return ""


def read(source: Engine, sha256: str, size_bytes: int, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes from `start` up to `stop` of a blob that has `size_bytes`, a chunk at a time, each checked.

    Raises:
        Damaged: a chunk is missing, has another length, or its checksum says that it was changed.
    """
    wanted = select(_chunks.c.data, _checksums.c.crc32).outerjoin(
        _checksums, (_checksums.c.sha256 == _chunks.c.sha256) & (_checksums.c.seq == _chunks.c.seq)
    )
    for seq in range(start // CHUNK_BYTES, pieces_of(stop)):
        offset = seq * CHUNK_BYTES
        try:
            with refusing(), source.connect() as connection:
                row = connection.execute(wanted.where(_chunks.c.sha256 == sha256, _chunks.c.seq == seq)).first()
        except TypeError:  # somebody put text in place of bytes
            raise _damaged(sha256, f"chunk {seq} holds no bytes") from None
        if row is None:
            raise _damaged(sha256, f"chunk {seq} is missing")
        if len(row.data) != min(CHUNK_BYTES, size_bytes - offset):
            raise _damaged(sha256, f"chunk {seq} has {len(row.data)} bytes")
        if row.crc32 is not None and zlib.crc32(row.data) != row.crc32:
            raise _damaged(sha256, f"chunk {seq} is not what was written")
        yield row.data[max(0, start - offset) : stop - offset]


def check(sha256: str, size_bytes: int, start: int, stop: int) -> None:
    """Look whether the chunks of a range are there with all their bytes, without reading these: 2 ms for 100 MB.

    Raises:
        Damaged: one is missing or has another length.
    """
    first, last = start // CHUNK_BYTES, pieces_of(stop)
    count = select(func.count(), func.coalesce(func.sum(func.length(_chunks.c.data)), 0))
    with refusing(), engine().connect() as connection:
        held = connection.execute(
            count.where(_chunks.c.sha256 == sha256, _chunks.c.seq >= first, _chunks.c.seq < last)
        ).one()
    expected = max(0, min(last * CHUNK_BYTES, size_bytes) - first * CHUNK_BYTES)
    if tuple(held) != (max(0, last - first), expected):
        raise _damaged(sha256, f"{held[1]:,} of {expected:,} bytes are there")


def is_intact(sha256: str, size_bytes: int) -> bool:
    """Hash all bytes and say whether they are those that were stored: 0.3 s for 100 MB."""
    digest = hashlib.sha256()
    try:
        for piece in read(engine(), sha256, size_bytes, 0, size_bytes):
            digest.update(piece)
    except Damaged:
        return False
    return digest.hexdigest() == sha256


def all_held() -> dict[str, Held]:
    """Count chunks and bytes of everything in blobs.db, by hash: reads about 4 % of the file."""
    counts = select(_chunks.c.sha256, func.count(), func.sum(func.length(_chunks.c.data))).group_by(_chunks.c.sha256)
    with refusing(), engine().connect() as connection:
        return {row[0]: Held(row[1], row[2]) for row in connection.execute(counts)}


def seal(sha256: str, size_bytes: int) -> bool:
    """Give the chunks of an older release their checksums, if their bytes are still what they were; False if not."""
    if not is_intact(sha256, size_bytes):
        return False
    pieces = read(engine(), sha256, size_bytes, 0, size_bytes)
    rows = [{"sha256": sha256, "seq": seq, "crc32": zlib.crc32(piece)} for seq, piece in enumerate(pieces)]
    with engine().connect() as connection, writing(connection):
        connection.execute(insert(_checksums).on_conflict_do_nothing(), rows)
    return True


def sealed() -> set[str]:
    """Return the hashes whose chunks have checksums."""
    with engine().connect() as connection:
        return set(connection.scalars(select(_checksums.c.sha256).distinct()))


def discard(sha256: str) -> None:
    """Delete the chunks of a hash that are not what they should be, so that they can be written again."""
    with engine().connect() as connection, writing(connection):
        for table in (_chunks, _checksums):
            connection.execute(delete(table).where(table.c.sha256 == sha256))


def last_touched() -> dict[str, datetime]:
    """Return when each hash was last written or described."""
    with engine().connect() as connection:
        return {row[0]: row[1] for row in connection.execute(select(_uploads.c.sha256, _uploads.c.touched_at))}


def forget(limits: dict[str, datetime]) -> None:
    """Delete the chunks of these hashes, unless somebody touched them after the time beside each.

    Deleting needs some log: on a full disk what is in the log already is first copied into the file.
    """
    with engine().connect() as connection:
        if limits:
            _empty_log(connection)
        for sha256, limit in limits.items():
            while _delete_some(connection, sha256, limit):
                pass


def give_back() -> None:
    """Give free pages back to the disk in small steps, so that it works where there is hardly any room.

    Whatever remains (somebody reads or writes all the time, not even one page of log has room) is for the next time.
    """
    steps = iter(VACUUM_PAGES)
    pages = next(steps)
    with engine().connect() as connection:
        try:
            while (before := _pragma(connection, "freelist_count")) > FREE_PAGES_KEPT:
                try:
                    with refusing():
                        _pragma(connection, f"incremental_vacuum({pages})")
                except DiskFull:
                    pages = next(steps, 0)
                    if not pages:
                        return
                _empty_log(connection)
                if _pragma(connection, "freelist_count") >= before and pages == VACUUM_PAGES[-1]:
                    return
        except OperationalError:
            log.info("blobs.db is busy: its free pages go back to the disk later")


def free_bytes() -> int:
    """Return how many bytes blobs.db can take in without growing."""
    with refusing(), engine().connect() as connection:
        return _pragma(connection, "freelist_count") * PAGE_BYTES


@contextmanager
def sweeping(data: Path) -> Iterator[bool]:
    """Let chunks be deleted inside the block, together with other sweepers; yields False while a backup is made."""
    with (data / LOCK_NAME).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


@contextmanager
def keeping(data: Path) -> Iterator[None]:
    """Wait until nobody deletes chunks, and let nobody begin to inside the block."""
    with (data / LOCK_NAME).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """Run one write transaction on blobs.db."""
    connection.execution_options(slate_writing=True)
    with turn_to_write(connection.engine), refusing(), connection.begin():
        yield


def engine() -> Engine:
    """Return this app's engine for blobs.db, made at the first use."""
    with _opening:
        known: Engine | None = current_app.extensions.get("blobs")
        if known is None:
            with refusing():
                known = current_app.extensions["blobs"] = connect(current_app.extensions["settings"].blobs_path)
        return known


def connect(path: Path) -> Engine:
    """Open a blobs.db and make its tables, unless another process just did.

    Raises:
        Damaged: a newer Slate made it.
    """
    made = create_engine(f"sqlite+pysqlite:///{path}", module=sqlite_module(), pool_size=16, max_overflow=64)

    @event.listens_for(made, "connect")
    def _shape(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=30000")
        # both count only while the file is empty, hence before set_up_engine switches to WAL
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")

    set_up_engine(made)

    @event.listens_for(made, "connect")
    def _keep_log_small(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit={LOG_PAGES * PAGE_BYTES}")

    for patience in range(20, -1, -1):
        try:
            with made.connect() as connection:
                if (layout := _pragma(connection, "user_version")) > LAYOUT:
                    raise Damaged(
                        f"{path.name} was made by a newer Slate (layout {layout}, this one knows {LAYOUT}).",
                        hint="Start that release again, or restore a backup that this one can read.",
                    )
                with writing(connection):
                    for table in _tables.sorted_tables:
                        connection.execute(CreateTable(table, if_not_exists=True))
                    if layout < LAYOUT:
                        connection.exec_driver_sql(f"PRAGMA user_version={LAYOUT}")
            break
        except OperationalError:  # two processes switching a new file to WAL: SQLite does not wait there
            if not patience:
                raise
            time.sleep(0.05)
    return made


def _insert(connection: Connection, sha256: str, pieces: Iterable[bytes], ensure_room: Callable[[], None]) -> bool:
    """Write chunks and their checksums; returns whether the bytes are those of the hash."""
    digest = hashlib.sha256()
    chunk, checksum = (insert(table).on_conflict_do_nothing() for table in (_chunks, _checksums))
    for seq, piece in enumerate(pieces):
        digest.update(piece)
        key = {"sha256": sha256, "seq": seq}
        with writing(connection):
            connection.execute(chunk, key | {"data": piece})
            connection.execute(checksum, key | {"crc32": zlib.crc32(piece)})
        if seq % ROWS_AT_ONCE == ROWS_AT_ONCE - 1:
            ensure_room()
    return digest.hexdigest() == sha256


def _delete_some(connection: Connection, sha256: str, limit: datetime) -> bool:
    """Delete the last chunks of a hash; False when all are gone, or somebody has begun to write the same bytes."""
    is_old = select(_uploads.c.sha256).where(_uploads.c.sha256 == sha256, _uploads.c.touched_at <= limit)
    theirs = select(_chunks.c.id, _chunks.c.seq).where(_chunks.c.sha256 == sha256)
    with writing(connection):
        if connection.scalar(is_old) is None:
            return False
        last = connection.execute(theirs.order_by(_chunks.c.seq.desc()).limit(ROWS_AT_ONCE)).all()
        if not last:
            connection.execute(delete(_uploads).where(_uploads.c.sha256 == sha256))
            return False
        connection.execute(delete(_chunks).where(_chunks.c.id.in_([row.id for row in last])))
        gone = (_checksums.c.sha256 == sha256, _checksums.c.seq >= last[-1].seq)
        connection.execute(delete(_checksums).where(*gone))
        return True


def _empty_log(connection: Connection) -> None:
    """Copy the log into the file and cut it, if nobody reads or writes for a moment; else it is done later."""
    _pragma(connection, "busy_timeout=1000")
    try:
        _pragma(connection, "wal_checkpoint(TRUNCATE)")
    except sqlite_module().OperationalError as error:
        log.info("the log of blobs.db stays for now: %s", error)
    finally:
        _pragma(connection, "busy_timeout=30000")


def _damaged(sha256: str, what: str) -> Damaged:
    log.error("blob %s is damaged: %s", sha256, what)
    return Damaged(
        "The bytes of this file are damaged or gone.",
        hint="Tell whoever runs this Slate: `slate doctor --bytes` names every file concerned, a backup may have them.",
    )


def _pragma(connection: Connection, pragma: str) -> int:
    """Say a PRAGMA outside any transaction (inside one, SQLite ignores some of them); returns the number it answers."""
    answer = connection.connection.cursor().execute(f"PRAGMA {pragma}").fetchall()
    return answer[0][0] if answer and answer[0] else 0
