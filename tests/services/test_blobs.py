"""Blobs: right bytes, stored once, nothing wrong after a kill, nothing left behind."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from tests import factories
from webapp.errors import DiskFull
from webapp.extensions import db, sqlite_module, transaction
from webapp.models import Blob, Frame, utcnow
from webapp.services import blobs, chunks

if TYPE_CHECKING:
    from flask import Flask

COUNTS = {"chunks": "SELECT count(*) FROM chunks", "uploads": "SELECT count(*) FROM uploads"}
LONG = os.environ.get("SLATE_LONG_TESTS") == "1"
CHUNK = blobs.CHUNK_BYTES


def some_bytes(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


def rows(app: Flask, table: str) -> int:
    connection = sqlite_module().connect(app.extensions["settings"].blobs_path)
    try:
        return connection.execute(COUNTS[table]).fetchone()[0]
    finally:
        connection.close()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])
def test_what_is_put_is_read(app: Flask, tmp_path: Path, size: int):
    content = some_bytes(size)
    path = tmp_path / "file"
    path.write_bytes(content)
    from_path, from_bytes = blobs.put(path, "image/png"), blobs.put(content, "image/png")
    assert from_path.id == from_bytes.id
    assert (from_path.size_bytes, from_path.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert blobs.read(from_path) == content


def test_any_range_is_exact_and_comes_in_small_pieces(app: Flask):
    content = some_bytes(3 * CHUNK + 17)
    blob = blobs.put(content, "video/mp4")
    dice = random.Random(1)
    for _ in range(60):
        start, stop = sorted(dice.sample(range(len(content) + 1), 2))
        pieces = list(blobs.open_range(blob, start, stop))
        assert b"".join(pieces) == content[start:stop]
        assert all(0 < len(piece) <= CHUNK for piece in pieces)


def test_a_reader_needs_no_request_and_no_session(app: Flask):
    blob = blobs.put(some_bytes(2 * CHUNK), "video/mp4")
    pieces = blobs.open_range(blob, 0, blob.size_bytes)
    db.session.remove()
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.extend(pieces))  # no app context in that thread
    reader.start()
    reader.join()
    assert b"".join(read) == some_bytes(2 * CHUNK)


def test_the_same_bytes_are_stored_once_even_when_eight_write_them_at_the_same_time(app: Flask):
    content = some_bytes(4 * CHUNK)
    found: list[str] = []

    def write() -> None:
        with app.app_context():
            found.append(blobs.put(content, "image/png").id)

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert rows(app, "chunks") == 4


def test_the_file_has_large_pages_and_write_ahead_logging(app: Flask):
    blobs.put(b"x", "text/plain")
    connection = sqlite_module().connect(app.extensions["settings"].blobs_path)
    pragmas = [
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "journal_mode", "auto_vacuum")
    ]
    connection.close()
    assert pragmas == [65536, "wal", 2]


def test_a_description_is_part_of_the_transaction_that_refers_to_it(app: Flask):
    def change_ones_mind() -> None:
        with transaction():
            blobs.put(b"never", "text/plain")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_ones_mind()
    assert db.session.query(Blob).count() == 0


def test_purging_keeps_what_any_row_refers_to(app: Flask):
    client = factories.client()
    kept = [blobs.put(bytes([number]) * 10, "image/webp").id for number in range(3)]
    factories.asset(client, blob_id=kept[0], thumbnail_blob_id=kept[1], picture_blob_id=kept[2])
    frame = [blobs.put(bytes([number]) * 20, "image/webp").id for number in range(3)]
    with transaction():
        pictures = dict(zip(("board_blob_id", "plain_blob_id", "thumbnail_blob_id"), frame, strict=True))
        db.session.add(Frame(key="k", source="sketch", **pictures))
    lost = blobs.put(b"lost", "image/webp").id
    assert blobs.purge_orphans() == 1
    left = {blob.id for blob in db.session.query(Blob)}
    assert left == {*kept, *frame}
    assert lost not in left


def look_ups() -> list[str]:
    """Say how SQLite looks for the blobs no row refers to, and for the rows that a deleted blob would leave behind."""
    plan = text(f"EXPLAIN QUERY PLAN {select(Blob.id).where(~blobs._is_referred_to())}")
    return [row[-1] for row in db.session.execute(plan)]


def test_looking_for_orphans_takes_an_index_for_each_reference(app: Flask):
    references = "SELECT count(*) FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS k WHERE k.[table] = :to"
    expected = db.session.execute(text(references), {"to": "asset_blobs"}).scalar_one()
    assert expected >= 7  # an asset's three, a frame's three, a job's film
    assert {step.split()[1] for step in look_ups() if step.startswith("SCAN")} == {"asset_blobs"}
    assert sum("INDEX ix_" in step for step in look_ups()) == expected


def test_a_missing_index_would_show(app: Flask):
    """The control: without it every blob means a walk through the whole table, 57 s for 4,000 assets and frames."""
    with transaction():
        db.session.execute(text("DROP INDEX ix_frames_plain_blob_id"))
    assert "SCAN frames" in look_ups()


def age_uploads(app: Flask, by: timedelta) -> None:
    with chunks.engine().connect() as connection, chunks.writing(connection):
        connection.execute(chunks._uploads.update().values(touched_at=utcnow() - by))


def test_half_written_chunks_are_swept_after_an_hour_and_not_before(app: Flask):
    blob = blobs.put(b"described", "text/plain")
    factories.asset(factories.client(), blob_id=blob.id)
    blobs.write(some_bytes(2 * CHUNK))  # written, and then the process died
    blobs.purge_orphans()
    assert rows(app, "chunks") == 3
    age_uploads(app, timedelta(hours=2))
    blobs.purge_orphans()
    assert rows(app, "chunks") == 1
    assert blobs.read(blob) == b"described"


def test_purged_space_goes_back_to_the_disk(app: Flask):
    blobs.write(some_bytes(40 * CHUNK))
    age_uploads(app, timedelta(hours=2))
    before = page_count(app)
    blobs.purge_orphans()
    assert page_count(app) < before / 4


def page_count(app: Flask) -> int:
    connection = sqlite_module().connect(app.extensions["settings"].blobs_path)
    try:
        return connection.execute("PRAGMA page_count").fetchone()[0]
    finally:
        connection.close()


def test_bytes_swept_before_their_description_are_refused_not_lost_in_silence(app: Flask):
    stored = blobs.write(b"slow")
    age_uploads(app, timedelta(hours=2))
    blobs.purge_orphans()
    with pytest.raises(Exception, match="took too long"):
        blobs.describe(stored, "text/plain")


def test_a_nearly_full_disk_is_refused_with_a_sentence(app: Flask):
    object.__setattr__(app.extensions["settings"], "min_free_disk_mb", 10**9)
    with pytest.raises(DiskFull, match="nearly full"):
        blobs.put(b"x", "text/plain")


NURSERY = """
    import hashlib, os, random, sys
    from pathlib import Path
    from flask import Flask
    from webapp import config, extensions
    from webapp.models import Blob
    from webapp.services import blobs, chunks

    settings = config.load({"SLATE_DATA": sys.argv[1]})
    app = Flask("nursery")
    app.extensions["settings"] = settings
    extensions.init_app(app, settings)  # connects to nothing yet: connections do not survive a fork
    for line in sys.stdin:  # each line: fork a child that stores blob after blob until it is killed
        child = os.fork()
        if child == 0:
            with app.app_context():
                dice = random.Random(int(line))
                while True:
                    content = dice.randbytes(dice.randrange(1, 6 * 256 * 1024))
                    blobs.put(content, "image/png")
                    print(os.getpid(), flush=True)  # from now on it may be killed
        os.waitpid(child, 0)
        print("dead", flush=True)
"""


@pytest.mark.long
def test_killed_at_any_moment_while_storing_leaves_nothing_wrong(app: Flask, settings, tmp_path: Path):
    blobs.put(b"before", "text/plain")
    script = tmp_path / "nursery.py"
    script.write_text(textwrap.dedent(NURSERY))
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}
    nursery = subprocess.Popen(
        [sys.executable, str(script), str(settings.data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
    )
    dice = random.Random(7)
    with nursery:
        for number in range(100 if LONG else 20):
            nursery.stdin.write(f"{number}\n")
            nursery.stdin.flush()
            child = int(nursery.stdout.readline())
            time.sleep(dice.uniform(0, 0.1))
            os.kill(child, signal.SIGKILL)
            while nursery.stdout.readline() != "dead\n":
                pass
        nursery.stdin.close()
    stored = db.session.query(Blob).all()
    assert len(stored) > 10, "the children got nowhere: the test would prove nothing"
    assert all(hashlib.sha256(blobs.read(blob)).hexdigest() == blob.sha256 for blob in stored)
    for path in (settings.blobs_path, settings.data / "slate.db"):
        connection = sqlite_module().connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    db.session.rollback()
    age_uploads(app, timedelta(hours=2))
    described = sum(-(-blob.size_bytes // CHUNK) for blob in stored)
    for blob in stored:
        factories.asset(factories.client(name=blob.id), blob_id=blob.id)
    assert rows(app, "chunks") > described, "no child was killed half-way: the test would prove nothing"
    blobs.purge_orphans()
    assert rows(app, "chunks") == described, "half-written chunks were swept, whole blobs were kept"
