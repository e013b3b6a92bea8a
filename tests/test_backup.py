"""`slate backup` and `slate restore`, as somebody with a shell uses them: all of it comes back, or nothing at all."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests import factories
from webapp.cli import main
from webapp.extensions import db, sqlite_module, transaction
from webapp.models import Client
from webapp.services import blobs

sqlite = sqlite_module()  # the same as the app's: two SQLites in one process break each other's locks
LONG = os.environ.get("SLATE_LONG_TESTS") == "1"
CONTENT = random.Random(8).randbytes(700_000)


@pytest.fixture
def slate(settings, tmp_path, monkeypatch):
    """Run `slate` in this process: on the test's data folder, or on another one (`data=`)."""
    monkeypatch.chdir(tmp_path)

    def run(*words, data=settings.data, **environment):
        env = {"SLATE_DATA": str(data), "OPENAI_API_KEY": "", "ANTHROPIC_API_KEY": "", **environment}
        done = CliRunner().invoke(main, [str(word) for word in words], env=env)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done

    return run


@pytest.fixture
def agency(app, settings):
    """A client with two assets, one of which has three chunks, and settings of their own."""
    fjell = factories.client()
    for name, content in (("bottle.png", CONTENT), ("logo.png", b"a small one")):
        factories.asset(fjell, name, blob_id=blobs.put(content, "image/png").id)
    (settings.data / "settings.toml").write_text('SMTP_PORT = "2525"\n')
    return fjell


@pytest.fixture
def target(tmp_path):
    return tmp_path / "backup"


@pytest.fixture
def fresh(tmp_path):
    return tmp_path / "fresh"


def rows(data):
    """Return everything in slate.db, by table."""
    with sqlite.connect(data / "slate.db") as file:
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, file.execute(f'SELECT * FROM "{name}"'))) for name in tables}  # noqa: S608


def stored(data):
    """Return the hash of the bytes kept under each hash."""
    found = {}
    with sqlite.connect(data / "blobs.db") as file:
        for sha256, piece in file.execute("SELECT sha256, data FROM chunks ORDER BY sha256, seq"):
            found.setdefault(sha256, hashlib.sha256()).update(piece)
    return {sha256: digest.hexdigest() for sha256, digest in found.items()}


def nothing_made(fresh):
    return not fresh.exists() and not [path for path in fresh.parent.iterdir() if "restoring" in path.name]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_comes_back_and_the_result_is_well(slate, settings, agency, target, fresh):
    made = slate("backup", target)
    assert made.exit_code == 0, made.output
    assert "Snapshot 1" in made.output
    done = slate("restore", target, data=fresh)
    assert done.exit_code == 0, done.output
    assert rows(fresh) == rows(settings.data)
    assert stored(fresh) == {sha256: sha256 for sha256 in stored(settings.data)}
    for name in ("secret.key", "settings.toml"):
        assert (fresh / name).read_bytes() == (settings.data / name).read_bytes()
    assert slate("verify", data=fresh).exit_code == 0
    checked = slate("doctor", "--bytes", data=fresh, SMTP_PORT="0")
    assert checked.exit_code == 0, checked.output
    assert "2 looked at, all bytes are what was stored" in checked.output


def test_only_its_owner_can_read_it_or_what_is_restored(slate, agency, target, fresh):
    target.mkdir(mode=0o755)
    slate("backup", target)
    slate("restore", target, data=fresh)
    everything = [target, *target.rglob("*"), fresh, *fresh.rglob("*")]
    assert {mode(path) for path in everything if path.is_dir()} == {0o700}
    assert {mode(path) for path in everything if path.is_file()} == {0o600}
    assert any(path.name == "secret.key" for path in everything)


def test_what_was_acknowledged_before_it_began_is_in_it_while_others_go_on_writing(
    app, slate, agency, settings, target, fresh
):
    acknowledged, stop = [], threading.Event()

    def write():
        with app.app_context():
            while not stop.is_set():
                number = len(acknowledged)
                blob = blobs.put(f"{threading.get_ident()} {number}".encode(), "text/plain")
                acknowledged.append(factories.asset(agency, f"{number}.txt", blob_id=blob.id).id)
            db.session.remove()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        while len(acknowledged) < 20:
            time.sleep(0.01)
        before = set(acknowledged)
        naive = settings.data.with_name("naive")
        naive.mkdir()
        shutil.copy(settings.data / "slate.db", naive)
        made = slate("backup", target)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert made.exit_code == 0, made.output
    assert slate("restore", target, data=fresh).exit_code == 0
    with sqlite.connect(fresh / "slate.db") as file:
        assert before <= {row[0] for row in file.execute("SELECT id FROM assets")}
        described = {row[0] for row in file.execute("SELECT sha256 FROM asset_blobs")}
    assert stored(fresh) == {sha256: sha256 for sha256 in described}
    # the control: copying the file as anybody would
    with sqlite.connect(naive / "slate.db") as file:
        assert not before <= {row[0] for row in file.execute("SELECT id FROM assets")}


def test_no_bytes_are_swept_under_a_backup(app, agency, target, settings):
    from webapp.services import chunks

    with transaction():
        db.session.query(Client).delete()
    with chunks.keeping(settings.data):
        blobs.purge_orphans()
        assert len(stored(settings.data)) == 2
    blobs.purge_orphans()
    app.extensions["settings"] = settings
    blobs.write(b"and then it goes on")
    assert len(stored(settings.data)) == 3, "swept an hour later"


def test_a_folder_is_used_again_and_bytes_are_not_copied_twice(slate, agency, target, fresh, settings):
    slate("backup", target)
    files = {path: path.stat().st_ino for path in (target / "blobs").glob("*/*")}
    factories.asset(agency, "third.png", blob_id=blobs.put(b"a third one", "image/png").id)
    again = slate("backup", target)
    assert "Snapshot 2" in again.output
    assert files.items() <= {path: path.stat().st_ino for path in (target / "blobs").glob("*/*")}.items()
    assert slate("restore", target, data=fresh).exit_code == 0
    assert rows(fresh) == rows(settings.data)
    first = fresh.with_name("first")
    assert slate("restore", target, "--snapshot", "1", data=first).exit_code == 0
    assert len(rows(first)["assets"]) == 2


def test_old_snapshots_go_when_asked_and_their_bytes_with_them(slate, agency, target, fresh):
    slate("backup", target)
    with transaction():
        db.session.query(Client).delete()
    blobs.purge_orphans()
    factories.client("Nord Bank")
    slate("backup", target)
    assert len(list((target / "blobs").glob("*/*"))) == 2
    assert slate("backup", target, "--keep", "1").exit_code == 0
    assert [path.name for path in (target / "snapshots").iterdir()] == ["000003"]
    assert list((target / "blobs").glob("*/*")) == []
    assert slate("restore", target, data=fresh).exit_code == 0


def test_bytes_that_were_damaged_in_the_backup_are_copied_again(slate, agency, target, fresh):
    slate("backup", target)
    for path in (target / "blobs").glob("*/*"):
        path.write_bytes(b"x" * path.stat().st_size)
    assert slate("restore", target, data=fresh).exit_code == 1
    assert slate("backup", target).exit_code == 0
    assert slate("restore", target, data=fresh).exit_code == 0


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [flip, cut, Path.unlink], ids=["flip", "cut", "unlink"])
def test_a_backup_with_any_damaged_file_is_refused_whole(slate, agency, target, fresh, harm):
    slate("backup", target)
    files = [path for path in target.rglob("*") if path.is_file() and path.name != "lock"]
    assert len(files) == 9
    for path in files:
        whole = path.read_bytes()
        harm(path)
        done = slate("restore", target, data=fresh)
        assert done.exit_code == 1, path
        assert "is damaged" in done.output
        assert path.name in done.output or "manifest" in path.name
        assert nothing_made(fresh)
        path.write_bytes(whole)
    assert slate("restore", target, data=fresh).exit_code == 0


def test_a_damaged_snapshot_names_the_others(slate, agency, target, fresh):
    slate("backup", target)
    slate("backup", target)
    flip(target / "snapshots/000002/slate.db")
    assert "Other snapshots there: 1" in slate("restore", target, data=fresh).output
    assert slate("restore", target, "--snapshot", "1", data=fresh).exit_code == 0


def change_manifest(target, **facts):
    folder = target / "snapshots/000001"
    text = json.dumps(json.loads((folder / "manifest.json").read_text()) | facts).encode()
    (folder / "manifest.json").write_bytes(text)
    (folder / "manifest.sha256").write_text(f"{hashlib.sha256(text).hexdigest()}  manifest.json\n")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"format": 2}, "has format 2, and this Slate knows 1"),
        ({"schema": "9999"}, "newer than this one"),
        ({"files": {}}, "slate.db is missing"),
        ({"files": []}, "is not what Slate writes"),
        ({"missing": None}, "is not what Slate writes"),
        ({"surprise": 1}, "is not what Slate writes"),
    ],
)
def test_a_manifest_this_release_cannot_follow_is_refused(slate, agency, target, fresh, facts, sentence):
    slate("backup", target)
    change_manifest(target, **facts)
    done = slate("restore", target, data=fresh)
    assert (done.exit_code, sentence in done.output) == (1, True), done.output
    assert nothing_made(fresh)


def test_the_manifest_is_checked_by_sha256sum_too(slate, agency, target):
    slate("backup", target)
    folder = target / "snapshots/000001"
    assert subprocess.run(["sha256sum", "--check", "manifest.sha256"], cwd=folder, check=False).returncode == 0


def test_a_folder_in_use_is_never_filled(slate, agency, target, settings, fresh):
    slate("backup", target)
    before = rows(settings.data)
    done = slate("restore", target)
    assert (done.exit_code, "is not empty" in done.output) == (1, True)
    with (settings.data / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Slate is running" in slate("restore", target).output
    assert rows(settings.data) == before
    fresh.mkdir()
    (fresh / "notes.txt").write_text("mine")
    assert "notes.txt" in slate("restore", target, data=fresh).output
    assert [path.name for path in fresh.iterdir()] == ["notes.txt"]


def test_the_empty_folder_of_a_checkout_is_filled_and_stays_ignored(slate, agency, target, fresh):
    slate("backup", target)
    fresh.mkdir()
    (fresh / ".gitignore").write_text("*\n")
    assert slate("restore", target, data=fresh).exit_code == 0
    assert (fresh / ".gitignore").read_text() == "*\n"
    assert (fresh / "slate.db").exists()


def test_what_a_killed_restore_left_is_in_nobodys_way(slate, agency, target, fresh):
    slate("backup", target)
    left = fresh.with_name(".fresh.restoring")
    left.mkdir()
    (left / "slate.db").write_bytes(b"half of it")
    assert slate("restore", target, data=fresh).exit_code == 0
    assert not left.exists()


def test_folders_that_cannot_hold_a_backup_are_refused(slate, agency, settings, tmp_path):
    file, other = tmp_path / "file", tmp_path / "photos"
    file.write_text("a file")
    other.mkdir()
    (other / "cat.jpg").write_bytes(b"")
    for place, sentence in (
        (settings.data, "lie in each other"),
        (settings.data / "backup", "lie in each other"),
        (tmp_path, "lie in each other"),
        (file, "is a file"),
        (file / "below", "is a file"),
        (other, "cat.jpg"),
    ):
        done = slate("backup", place)
        assert (done.exit_code, sentence in done.output) == (1, True), done.output
    assert {path.name for path in other.iterdir()} == {"cat.jpg"}
    assert not (settings.data / "backup").exists()


def test_two_backups_to_one_folder_do_not_get_in_each_others_way(slate, agency, target):
    slate("backup", target)
    with (target / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Another backup" in slate("backup", target).output
    assert slate("backup", target).exit_code == 0


def test_where_there_is_nothing_there_is_a_sentence(slate, target, fresh, tmp_path):
    assert "There is nothing to back up" in slate("backup", target, data=fresh).output
    assert "There is no backup in" in slate("restore", tmp_path / "nowhere", data=fresh).output
    assert nothing_made(fresh)


def test_a_damaged_database_is_not_backed_up_and_the_earlier_backup_stays(slate, agency, settings, target, fresh):
    slate("backup", target)
    good = {path: path.read_bytes() for path in (target / "snapshots").rglob("*") if path.is_file()}
    db.session.remove()
    db.engine.dispose()
    damaged = fresh.with_name("damaged")
    shutil.copytree(settings.data, damaged)
    content = bytearray((damaged / "slate.db").read_bytes())
    content[4096 * 3 : 4096 * 5] = b"\xff" * 8192
    (damaged / "slate.db").write_bytes(content)
    done = slate("backup", target, data=damaged)
    assert (done.exit_code, "slate.db is damaged" in done.output) == (1, True), done.output
    assert {path: path.read_bytes() for path in (target / "snapshots").rglob("*") if path.is_file()} == good


def test_bytes_lost_before_are_said_and_the_rest_is_backed_up(slate, agency, settings, target, fresh):
    with sqlite.connect(settings.blobs_path) as file:
        file.execute("DELETE FROM chunks WHERE seq = 1")
    done = slate("backup", target)
    assert (done.exit_code, "The bytes of 1 files" in done.output) == (1, True), done.output
    restored = slate("restore", target, data=fresh)
    assert (restored.exit_code, "1 files have no bytes" in restored.output) == (0, True)
    assert len(stored(fresh)) == 1


@contextmanager
def no_file_larger_than(size):
    """Let the system refuse to write more, as a full disk or a quota does."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@pytest.mark.parametrize("size", [100, 100_000, 900_000], ids=["any file", "a database", "an asset"])
def test_a_full_disk_ends_in_a_sentence_and_leaves_the_earlier_backup(slate, agency, target, fresh, size):
    slate("backup", target)
    kept = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    factories.asset(agency, "large.png", blob_id=blobs.put(CONTENT * 2, "image/png").id)
    db.session.remove()
    with no_file_larger_than(size):
        done = slate("backup", target)
        assert (done.exit_code, "There is no room in" in done.output) == (1, True), done.output
        assert kept == {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} | kept
        done = slate("restore", target, data=fresh)
        assert (done.exit_code, "There is no room" in done.output) == (1, True), done.output
        assert nothing_made(fresh)
    assert slate("backup", target).exit_code == 0
    assert slate("restore", target, data=fresh).exit_code == 0


NURSERY = """
    import os, sys
    from pathlib import Path
    from webapp import config
    from webapp.services import backups

    settings, target = config.load({"SLATE_DATA": sys.argv[1]}), Path(sys.argv[2])
    for line in sys.stdin:  # each line: fork a child that makes a backup, unless it is killed before
        child = os.fork()
        if child == 0:
            print(os.getpid(), flush=True)
            backups.make(settings, target, keep=2)
            os._exit(0)
        os.waitpid(child, 0)
        print("ended", flush=True)
"""


@pytest.mark.long
def test_killed_at_any_moment_a_backup_is_whole_or_none(slate, agency, settings, target, tmp_path, record_property):
    for number in range(12):
        content = random.Random(number).randbytes(300_000)
        factories.asset(agency, f"{number}.png", blob_id=blobs.put(content, "image/png").id)
    script = tmp_path / "nursery.py"
    script.write_text(textwrap.dedent(NURSERY))
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[1])}
    nursery = subprocess.Popen(
        [sys.executable, script, settings.data, target],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env,
    )  # fmt: skip
    dice, refused, restored, unfinished, whole_seconds = random.Random(3), 0, 0, 0, 0.0
    with nursery:
        for number in range(100 if LONG else 8):
            if number % 10 == 5:
                shutil.rmtree(target)  # begin again without an earlier backup to fall back on
            nursery.stdin.write("\n")
            nursery.stdin.flush()
            child, began = int(nursery.stdout.readline()), time.monotonic()
            if number % 10:  # every tenth may end, so that those after it have something to fall back on
                time.sleep(dice.uniform(0, 1.3 * whole_seconds))
                with suppress(ProcessLookupError):  # it ended before
                    os.kill(child, signal.SIGKILL)
            assert nursery.stdout.readline() == "ended\n"
            if not number:
                whole_seconds = time.monotonic() - began
            unfinished += (target / "snapshots/.unfinished").exists()
            fresh = tmp_path / f"fresh-{number}"
            done = slate("restore", target, data=fresh)
            if done.exit_code:
                assert "There is no backup" in done.output or "never finished" in done.output
                assert nothing_made(fresh)
                refused += 1
            else:
                assert rows(fresh) == rows(settings.data)
                assert stored(fresh) == {sha256: sha256 for sha256 in stored(settings.data)}
                shutil.rmtree(fresh)
                restored += 1
        nursery.stdin.close()
    record_property("backups, nine of ten killed", refused + restored)
    record_property("left unfinished", unfinished)
    record_property("then restored whole", restored)
    record_property("refused, for there was no whole one", refused)
    assert restored
    assert unfinished, "no backup was killed half-way: the test would prove nothing"
    assert slate("backup", target).exit_code == 0
    assert slate("restore", target, data=tmp_path / "last").exit_code == 0
    assert rows(tmp_path / "last") == rows(settings.data)
