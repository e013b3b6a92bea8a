"""Bytes that were lost or changed on the disk: noticed when they are read, by `doctor`, and by `verify`."""

from __future__ import annotations

import random
import socket

import pytest
from click.testing import CliRunner

from tests import factories
from webapp.cli import main
from webapp.errors import Damaged
from webapp.extensions import db, sqlite_module, transaction
from webapp.models import Frame, Role
from webapp.schemas.decisions import DecisionDraft
from webapp.services import blobs, chunks, decisions, integrity, jobs, sweep

sqlite = sqlite_module()  # the same as the app's: two SQLites in one process break each other's locks
CHUNK = chunks.CHUNK_BYTES
CONTENT = b"RIFF" + random.Random(5).randbytes(2 * CHUNK)


@pytest.fixture
def asset(app):
    blob = blobs.put(CONTENT, "image/webp").id
    return factories.asset(factories.client(), thumbnail_blob_id=blob, blob_id=blob)


@pytest.fixture
def slate(settings):
    def run(*words):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        env = {"SLATE_DATA": str(settings.data), "PORT": port, "OPENAI_API_KEY": "", "ANTHROPIC_API_KEY": ""}
        done = CliRunner().invoke(main, words, env=env)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return run


def run_sql(settings, *statement):
    with sqlite.connect(settings.blobs_path) as file:
        file.execute(*statement)


def flip(settings, seq=0, at=100):
    with sqlite.connect(settings.blobs_path) as file:
        ((row, data),) = file.execute("SELECT id, data FROM chunks WHERE seq = ?", (seq,)).fetchall()
        changed = bytearray(data)
        changed[at] ^= 1
        file.execute("UPDATE chunks SET data = ? WHERE id = ?", (bytes(changed), row))


HARMS = {
    "a flipped bit": flip,
    "a flipped bit in the last chunk": lambda settings: flip(settings, seq=2, at=0),
    "a missing first chunk": lambda settings: run_sql(settings, "DELETE FROM chunks WHERE seq = 0"),
    "a missing last chunk": lambda settings: run_sql(settings, "DELETE FROM chunks WHERE seq = 2"),
    "a short chunk": lambda settings: run_sql(settings, "UPDATE chunks SET data = substr(data, 2) WHERE seq = 1"),
    "an empty chunk": lambda settings: run_sql(settings, "UPDATE chunks SET data = x'' WHERE seq = 1"),
    "text in place of bytes": lambda settings: run_sql(settings, "UPDATE chunks SET data = 'lost' WHERE seq = 0"),
    "no chunks": lambda settings: run_sql(settings, "DELETE FROM chunks"),
    "two chunks that changed places": lambda settings: run_sql(settings, "UPDATE chunks SET seq = 9 - seq") or run_sql(
        settings, "UPDATE chunks SET seq = CASE seq WHEN 9 THEN 1 WHEN 8 THEN 0 ELSE 2 END"
    ),
}  # fmt: skip
NOTICED_WITHOUT_READING = ("missing", "short", "empty", "text", "no chunks")


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_damaged_bytes_are_not_sent_but_said(app, settings, asset, browse, ada, caplog, harm):
    browser = browse(ada)
    whole = browser.get(f"/assets/{asset.id}/thumbnail")
    assert (whole.status_code, whole.data == CONTENT) == (200, True)
    harm(settings)
    answer = browser.get(f"/assets/{asset.id}/thumbnail")
    assert answer.status_code == 503
    assert "damaged or gone" in answer.text
    assert "ETag" not in answer.headers
    assert answer.headers.get("Cache-Control", "") != whole.headers["Cache-Control"]
    assert "is damaged" in caplog.text
    assert "Traceback" not in caplog.text


def test_read_as_0_1_0_did_a_flipped_bit_is_sent_with_the_same_hash(app, settings, asset, browse, ada):
    """The control: without its checksum a changed chunk looks like any other."""
    before = browse(ada).get(f"/assets/{asset.id}/thumbnail").headers["ETag"]
    flip(settings)
    run_sql(settings, "DELETE FROM checksums")
    answer = browse(ada).get(f"/assets/{asset.id}/thumbnail")
    assert (answer.status_code, answer.headers["ETag"]) == (200, before)
    assert answer.data != CONTENT


def test_a_large_download_breaks_off_at_the_damaged_place(app, settings, browse, ada):
    content = random.Random(6).randbytes(8 * CHUNK)
    asset = factories.asset(factories.client(), blob_id=blobs.put(content, "image/png").id)
    flip(settings, seq=6)
    answer = browse(ada).get(f"/assets/{asset.id}/data")
    pieces = []
    with pytest.raises(Damaged):  # the web server closes the connection
        pieces.extend(answer.iter_encoded())
    assert b"".join(pieces) == content[: 6 * CHUNK]
    assert int(answer.headers["Content-Length"]) == 8 * CHUNK
    ranged = browse(ada).get(f"/assets/{asset.id}/data", headers={"Range": f"bytes={6 * CHUNK}-"})
    assert ranged.status_code == 503


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_the_doctor_finds_and_names_them(settings, asset, slate, harm, request):
    assert slate("doctor").exit_code == 0
    harm(settings)
    quick, thorough = slate("doctor"), slate("doctor", "--bytes")
    assert thorough.exit_code == 1
    assert "the asset “bottle.png” of Fjell Coffee" in thorough.output
    if any(words in request.node.callspec.id for words in NOTICED_WITHOUT_READING):
        assert quick.exit_code == 1
        assert "the asset “bottle.png” of Fjell Coffee" in quick.output


def test_the_doctor_notices_when_the_whole_file_is_gone(settings, asset, slate):
    for name in ("blobs.db", "blobs.db-wal", "blobs.db-shm"):
        (settings.data / name).unlink(missing_ok=True)
    for words in (["doctor"], ["doctor", "--bytes"], ["doctor"]):
        done = slate(*words)
        assert done.exit_code == 1
        assert "1 of 1 have lost" in done.output
    assert not settings.blobs_path.exists(), "it only looks"


def test_adding_the_same_file_again_mends_it(app, settings, asset):
    for harm in HARMS.values():
        harm(settings)
        with pytest.raises(Damaged):
            blobs.read(blobs.find(asset.blob_id))
        blobs.put(CONTENT, "image/webp")
        assert blobs.read(blobs.find(asset.blob_id)) == CONTENT


def test_what_an_older_release_stored_gets_its_checksums_unless_it_is_damaged(app, settings, asset, caplog):
    run_sql(settings, "DELETE FROM checksums")  # as 0.1.0 left it
    sweep.purge()
    flip(settings)
    with pytest.raises(Damaged):
        blobs.read(blobs.find(asset.blob_id))
    run_sql(settings, "DELETE FROM checksums")
    sweep.purge()
    assert "not what was stored" in caplog.text
    with sqlite.connect(settings.blobs_path) as file:
        assert file.execute("SELECT count(*) FROM checksums").fetchone() == (0,)


def test_a_file_of_0_1_0_is_opened_and_one_of_a_newer_release_refused(app, settings, asset, slate):
    run_sql(settings, "DROP TABLE checksums")
    run_sql(settings, "PRAGMA user_version = 0")
    app.extensions.pop("blobs").dispose()
    assert blobs.read(blobs.find(asset.blob_id)) == CONTENT
    app.extensions.pop("blobs").dispose()
    run_sql(settings, "PRAGMA user_version = 2")
    with pytest.raises(Damaged, match="made by a newer Slate"):
        blobs.read(blobs.find(asset.blob_id))


@pytest.fixture
def decided(app):
    """An approved board of two scenes with a picture each; returns the job."""
    job = factories.job(factories.client())
    for number in (1, 2):
        scene = factories.scene(job, number)
        names = ("board_blob_id", "plain_blob_id", "thumbnail_blob_id")
        pictures = {name: blobs.put(f"{name} {number}".encode(), "image/webp").id for name in names}
        with transaction():
            scene.frame = Frame(key=f"key-{number}", source="sketch", **pictures)
            scene.frame_key = f"key-{number}"
    ada = factories.person("Ada", "ada@example.com", Role.ADMIN)
    decisions.decide(ada, jobs.find(ada, job.id), DecisionDraft(kind="approve"))
    return job


@pytest.mark.parametrize("picture", ["board_blob_id", "plain_blob_id", "thumbnail_blob_id"])
def test_verify_covers_the_pictures_of_decided_versions(decided, settings, slate, picture):
    assert slate("verify").exit_code == 0
    sha256 = blobs.find(getattr(db.session.query(Frame).filter_by(key="key-2").one(), picture)).sha256
    run_sql(
        settings, "UPDATE chunks SET data = CAST(replace(data, 'blob', 'BLOB') AS BLOB) WHERE sha256 = ?", (sha256,)
    )
    done = slate("verify")
    assert done.exit_code == 1
    assert "v1: the picture of scene 2 is damaged or gone" in done.output
    assert "scene 1" not in done.output


def test_verify_hashes_pictures_even_where_the_checksum_was_changed_too(decided, settings):
    run_sql(settings, "UPDATE chunks SET data = CAST(replace(data, 'plain', 'PLAIN') AS BLOB)")
    run_sql(settings, "DELETE FROM checksums")
    (report,) = integrity.reports(decided.id)
    assert len(report.faults) == 2


GARBAGE = {
    "text": lambda path: path.write_text("this is no database\n" * 500),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "a damaged first page": lambda path: overwrite(path, 100, 3000),
    "a damaged schema": lambda path: overwrite(path, 16, 84),
}


def overwrite(path, start, size):
    content = bytearray(path.read_bytes())
    content[start : start + size] = b"\xff" * size
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["slate.db", "workflows.db"])
@pytest.mark.parametrize("harm", GARBAGE.values(), ids=GARBAGE.keys())
def test_a_damaged_database_ends_every_command_in_a_sentence(app, settings, slate, harm, name):
    db.session.remove()
    db.engine.dispose()
    for path in settings.data.glob(f"{name}-*"):
        path.unlink()
    harm(settings.data / name)
    done = slate("doctor")
    assert done.exit_code == 1
    assert f"Integrity of {name}" in done.output
    assert "restore" in done.output
    for words in (["migrate"], ["serve", "--no-worker"], ["worker"]):
        done = slate(*words)
        assert (done.exit_code, "Traceback" in done.output) == (1, False), words
        assert done.output.startswith("Error: "), done.output
        assert "damaged" in done.output, done.output
        assert "slate restore" in done.output
