"""A disk that fills up: a sentence for everybody, and deleting makes room again, without a restart."""

from __future__ import annotations

import gc
import io
import json
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import factories
from webapp.config import MB
from webapp.errors import DiskFull
from webapp.extensions import db, sqlite_module, transaction
from webapp.models import Asset, Blob, utcnow
from webapp.services import assets, blobs, chunks

DISK_BYTES = 48 * MB


def some_bytes(size, seed):
    return b"\xff\xd8\xff" + random.Random(seed).randbytes(size)  # begins as a JPEG does


@pytest.fixture
def small_disk(app, settings, monkeypatch):
    """A disk of 48 MB on which only the data folder is; 4 MB of it are kept in reserve."""
    app.extensions["settings"] = replace(settings, min_free_disk_mb=4)

    def usage(_path):
        used = sum(path.stat().st_size for path in settings.data.iterdir() if path.is_file())
        return shutil._ntuple_diskusage(DISK_BYTES, used, max(0, DISK_BYTES - used))

    monkeypatch.setattr(blobs.shutil, "disk_usage", usage)


def upload(browser, client, seed, size=4 * MB):
    """Send a form as bytes: werkzeug's test client would spool it to the disk itself."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    return browser.post(
        f"/clients/{client.id}/assets",
        data=head + some_bytes(size, seed) + b"\r\n--x--\r\n",
        headers={"HX-Request": "true"},
        content_type="multipart/form-data; boundary=x",
    )


def fill(browser, client):
    """Upload until the disk is full; returns how many went and the answer that refused the next one."""
    for number in range(20):
        answer = upload(browser, client, number)
        if answer.status_code != 200:
            return number, answer
    raise AssertionError("the disk did not fill up: the test would prove nothing")


def test_an_upload_to_a_full_disk_is_refused_and_deleting_makes_room_at_once(app, small_disk, browse, ada):
    browser, client = browse(ada), factories.client()
    stored, refused = fill(browser, client)
    assert stored >= 3
    assert refused.status_code == 507
    assert "nearly full" in refused.text
    for asset in db.session.query(Asset).all():
        assets.delete(asset)
    again, _ = fill(browser, client)
    assert again >= stored - 1


def test_without_giving_pages_back_or_counting_them_it_would_stay_full(app, small_disk, browse, ada, monkeypatch):
    """The control: what 0.1.0 did."""
    for name, answer in (("give_back", None), ("free_bytes", 0)):
        monkeypatch.setattr(chunks, name, lambda answer=answer: answer)
    monkeypatch.setattr(chunks, "_empty_log", lambda _connection: None)
    browser, client = browse(ada), factories.client()
    fill(browser, client)
    for asset in db.session.query(Asset).all():
        assets.delete(asset)
    assert upload(browser, client, 99).status_code == 507


def test_pages_that_are_free_in_the_file_count_as_room(app, small_disk, browse, ada, monkeypatch):
    monkeypatch.setattr(chunks, "give_back", lambda: None)
    browser, client = browse(ada), factories.client()
    fill(browser, client)
    for asset in db.session.query(Asset).all():
        assets.delete(asset)
    assert upload(browser, client, 99).status_code == 200


def test_programs_are_told_in_their_own_words(app, settings, ada):
    from webapp.schemas.api_keys import ApiKeyDraft
    from webapp.services import api_keys

    client, key = factories.client(), api_keys.create(ada, ApiKeyDraft(name="test"))[1]
    app.extensions["settings"] = replace(settings, min_free_disk_mb=10**9)
    answer = app.test_client().post(
        "/api/v3/assets",
        data={"file": (io.BytesIO(some_bytes(100, 2)), "a.jpg"), "clientId": client.id},
        headers={"Authorization": f"Bearer {key}"},
        content_type="multipart/form-data",
    )
    assert (answer.status_code, answer.json["meta"]["code"]) == (507, "disk_full")


def test_what_was_written_before_the_disk_was_full_does_not_stay(app, small_disk):
    with pytest.raises(DiskFull):
        blobs.write(some_bytes(50 * MB, 1))
    app.extensions["settings"] = replace(app.extensions["settings"], min_free_disk_mb=-100)
    left = held()
    with pytest.raises(DiskFull), no_file_larger_than(8 * MB):
        blobs.write(some_bytes(12 * MB, 2))
    assert held() == left


def held():
    return sum(each.size_bytes for each in chunks.all_held().values())


@contextmanager
def no_file_larger_than(size):
    """Let the system refuse to write more, as a used-up quota does."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def test_wherever_the_system_refuses_to_write_an_upload_is_answered_507(app, browse, ada):
    """The large one fails in the spool of the request, the small ones in blobs.db when it has grown to the limit."""
    browser, client = browse(ada), factories.client()
    blobs.write(b"so that the file is there")
    with no_file_larger_than(20 * MB):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # werkzeug leaves its spool open
            large = upload(browser, client, 1, size=21 * MB)
            gc.collect()
        small = [upload(browser, client, number) for number in range(2, 8)]
        assert (large.status_code, small[0].status_code, small[-1].status_code) == (507, 200, 507)
        assert {answer.status_code for answer in small} == {200, 507}
        assert "disk" in large.text
        assert "disk" in small[-1].text
    assert upload(browser, client, 50).status_code == 200, "there is room again, and nobody started anything anew"


def test_sqlite_that_has_no_room_for_rows_is_a_full_disk_too(app):
    with db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with pytest.raises(DiskFull, match="disk is full"), transaction():  # noqa: PT012
        db.session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(300):
            db.session.add(Blob(sha256=f"{number:064}", content_type="a" * 100, size_bytes=1))
        db.session.flush()
    db.engine.dispose()
    assert db.session.query(Blob).count() == 0


def log_sizes(app, monkeypatch):
    """Write down how large the log of blobs.db is after each step."""
    path = app.extensions["settings"].blobs_path.with_name("blobs.db-wal")
    sizes, pragma = [], chunks._pragma

    def noted(connection, words):
        answer = pragma(connection, words)
        sizes.append(path.stat().st_size)
        return answer

    monkeypatch.setattr(chunks, "_pragma", noted)
    return sizes


def test_giving_12_mb_back_needs_few_mb_of_log(app, monkeypatch):
    kept, gone = blobs.write(some_bytes(MB, 1)), blobs.write(some_bytes(12 * MB, 2))
    later = blobs.write(some_bytes(12 * MB, 3))
    chunks.forget({gone.sha256: utcnow() + timedelta(hours=1)})
    path = app.extensions["settings"].blobs_path
    with chunks.engine().connect() as connection:
        chunks._pragma(connection, "wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    sizes = log_sizes(app, monkeypatch)
    chunks.give_back()
    assert 0 < max(sizes) < 6 * MB, "one step"
    assert sizes[-1] == 0
    assert path.stat().st_size < before - 10 * MB
    assert all(chunks.is_intact(each.sha256, each.size_bytes) for each in (kept, later))


def test_in_one_transaction_the_log_would_be_as_large_as_what_is_given_back(app):
    """The control: on a full disk there is no room for such a log, and nothing would ever be given back."""
    gone = blobs.write(some_bytes(12 * MB, 2))
    blobs.write(some_bytes(12 * MB, 3))
    chunks.forget({gone.sha256: utcnow() + timedelta(hours=1)})
    path = app.extensions["settings"].blobs_path
    connection = sqlite_module().connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute("PRAGMA incremental_vacuum").fetchall()
    assert path.with_name("blobs.db-wal").stat().st_size > 10 * MB
    connection.close()


def test_bytes_that_somebody_else_began_to_write_are_not_deleted_with_their_description(app):
    content = some_bytes(MB, 1)
    blob = blobs.put(content, "image/jpeg")
    blob_id, asset = blob.id, factories.asset(factories.client(), blob_id=blob.id)
    written = blobs.write(content)  # somebody else uploads the same, and is not ready yet
    assets.delete(asset)
    assert blobs.find(blob_id) is None
    assert blobs.read(blobs.describe(written, "image/jpeg")) == content


SERVE = """
    mount -t tmpfs -o size=64m tmpfs $SLATE_DATA && cp -r $COPIED/. $SLATE_DATA &&
    exec $PYTHON -m webapp.cli serve --no-worker
"""


@contextmanager
def served_from_a_small_disk(settings, tmp_path, reserve_mb):
    """Run `slate serve` on a disk of 64 MB that only it sees; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    disk, copied = tmp_path / "disk", tmp_path / "copied"
    disk.mkdir()
    db.session.remove()
    db.engine.dispose()
    shutil.copytree(settings.data, copied)
    env = {"PATH": os.environ["PATH"], "SLATE_DATA": str(disk), "COPIED": str(copied), "PYTHON": sys.executable}
    env |= {"PORT": str(port), "MIN_FREE_DISK_MB": str(reserve_mb)}
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    log = tmp_path / "serve.log"
    with (
        log.open("w") as out,
        subprocess.Popen([*unshare, "sh", "-c", SERVE], env=env, stdout=out, stderr=out) as slate,
    ):
        try:
            end = time.monotonic() + 60
            while "Slate is at" not in log.read_text():
                assert slate.poll() is None, log.read_text()
                assert time.monotonic() < end
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/api/v3", log
        finally:
            slate.terminate()


def ask(method, url, key, body=None, kind=None):
    headers = {"Authorization": f"Bearer {key}"} | (kind or {})
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


@pytest.mark.prove
@pytest.mark.parametrize("reserve_mb", [8, 0], ids=["a reserve", "not a byte in reserve"])
def test_a_real_disk_that_is_full_is_answered_507_and_recovers_without_a_restart(
    app, settings, ada, tmp_path, reserve_mb, record_property
):
    from webapp.schemas.api_keys import ApiKeyDraft
    from webapp.services import api_keys

    client_id, key = factories.client().id, api_keys.create(ada, ApiKeyDraft(name="test"))[1]

    def upload_large(url, seed):
        kind = {"Content-Type": "multipart/form-data; boundary=x", "Prefer": "respond-async"}
        body = b'--x\r\nContent-Disposition: form-data; name="clientId"\r\n\r\n' + client_id.encode() + b"\r\n"
        body += b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        body += some_bytes(3 * MB, seed) + b"\r\n--x--\r\n"
        return ask("POST", f"{url}/assets", key, body, kind)

    with served_from_a_small_disk(settings, tmp_path, reserve_mb) as (url, log):
        rounds = []
        for number in range(5):
            made, statuses = [], []
            for seed in range(40):
                status, answer = upload_large(url, 100 * number + seed)
                statuses.append(status)
                if status >= 400:
                    break
                made.append(answer["data"]["id"])
            deleted = [ask("DELETE", f"{url}/assets/{asset_id}", key)[0] for asset_id in made]
            rounds.append((len(made), statuses[-1], sorted(set(deleted))))
        record_property("uploads until full, the answer then, answers to deleting: five rounds", rounds)
        assert "Traceback" not in log.read_text()
        assert {refused for _, refused, _ in rounds} == {507}
        if reserve_mb:  # with none there may not even be room for the lines that deleting writes
            assert min(count for count, _, _ in rounds[1:]) >= rounds[0][0] - 6
