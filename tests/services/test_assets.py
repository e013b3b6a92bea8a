"""Assets: added by links and files, fetched and read, refused with a reason, renamed, tagged, deleted."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from flask import current_app
from PIL import Image

from tests import factories
from webapp.errors import Conflict, Forbidden, InUse, Invalid, NotFound, TooLarge, TooMany
from webapp.extensions import db, transaction
from webapp.models import Asset, AssetStatus, Blob, JobAsset, utcnow
from webapp.services import asset_intake, asset_library, assets, blobs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from webapp.config import Settings
    from webapp.models import Client, User


def picture(color: str = "#1f7a63", size: tuple[int, int] = (320, 200), form: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, form)
    return file.getvalue()


class Host(ThreadingHTTPServer):
    """A web server on loopback with a few files; `hold` stops an answer in the middle until it is set."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Files)
        self.files = {
            "/bottle.png": picture(),
            "/other.png": picture("#eba23b"),
            "/note.txt": b"Cold brew, slow morning.",
        }
        self.asked: list[str] = []
        self.half_way, self.hold = threading.Event(), threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def link(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


class Files(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path.partition("?")[0])
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-lies")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        half = len(content) // 2
        self.wfile.write(content[:half])
        if "slow" in self.path:
            self.wfile.flush()
            self.server.half_way.set()
            self.server.hold.wait(10)
        self.wfile.write(content[half:])

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[Host]:
    server = Host()
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    yield server
    server.hold.set()
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.fixture
def settings(settings: Settings, host: Host) -> Settings:
    return replace(settings, fetch_allow="127.0.0.0/8", fetch_ports=f"80,443,{host.port}")


@pytest.fixture
def fjell(app: Flask) -> Client:
    return factories.client("Fjell Coffee")


def fresh(asset: Asset) -> Asset:
    db.session.rollback()
    found = db.session.get(Asset, asset.id, populate_existing=True)
    assert found is not None
    return found


def work(asset: Asset, attempt: int | None = None) -> None:
    """Do what the worker does, in a session of its own."""
    asset_id, number = asset.id, attempt or asset.attempt
    with current_app._get_current_object().app_context():
        asset_intake.take_in(asset_id, number)


def taken_in(asset: Asset) -> Asset:
    work(asset)
    return fresh(asset)


def in_background(app: Flask, asset_id: str) -> threading.Thread:
    def run() -> None:
        with app.app_context():
            asset_intake.take_in(asset_id, 1)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_link_becomes_a_ready_asset_with_its_provenance(eve: User, fjell: Client, host: Host):
    [asset] = assets.add_links(eve, fjell, host.link("/bottle.png"))
    assert (asset.status, asset.name) == (AssetStatus.WAITING, "bottle.png")
    asset = taken_in(asset)
    assert (asset.status, asset.kind, asset.format) == (AssetStatus.READY, "image", "png")
    assert (asset.width, asset.height) == (320, 200)
    assert asset.source_url == asset.final_url == host.link("/bottle.png")
    assert asset.fetched_at is not None
    assert blobs.read(blobs.find(asset.blob_id)) == host.files["/bottle.png"]
    assert blobs.find(asset.thumbnail_blob_id).content_type == "image/webp"
    assert Image.open(io.BytesIO(blobs.read(blobs.find(asset.picture_blob_id)))).size == (320, 200)


def test_one_bad_link_never_blocks_the_rest(eve: User, fjell: Client, host: Host):
    typed = f"""
        {host.link("/bottle.png")}
        ftp://files.example/x.png
        not a link
        http://169.254.169.254/latest/meta-data
        {host.link("/note.txt")}
    """
    found = assets.add_links(eve, fjell, typed)
    assert [asset.status for asset in found] == ["waiting", "refused", "refused", "refused", "waiting"]
    assert all(asset.error.endswith(".") and not asset.can_retry for asset in found if asset.status == "refused")
    assert [taken_in(asset).status for asset in (found[0], found[4])] == ["ready", "ready"]


def test_pasted_text_is_read_line_by_line_and_duplicates_are_merged(eve: User, fjell: Client, host: Host):
    link = host.link("/bottle.png")
    found = assets.add_links(eve, fjell, f"{link}\n  {link}  \nsee <{link}>, please\n{host.link('/other.png')}")
    assert [asset.source_url for asset in found] == [link, host.link("/other.png")]


def test_a_link_the_client_has_is_reused_and_another_client_gets_its_own(eve: User, fjell: Client, host: Host):
    link = host.link("/bottle.png")
    first = taken_in(assets.add_links(eve, fjell, link)[0])
    [again] = assets.add_links(eve, fjell, link)
    [elsewhere] = assets.add_links(eve, factories.client("Other"), link)
    assert again.id == first.id
    assert again.status == AssetStatus.READY
    assert elsewhere.id != first.id
    assert taken_in(elsewhere).blob_id == fresh(first).blob_id, "the same bytes are stored once"
    assert db.session.query(Asset).count() == 2


def test_at_most_a_hundred_links_and_at_least_one(eve: User, fjell: Client):
    many = "\n".join(f"https://example.com/{number}.png" for number in range(101))
    with pytest.raises(Invalid) as refusal:
        assets.add_links(eve, fjell, many)
    assert "100" in refusal.value.fields["links"]
    with pytest.raises(Invalid):
        assets.add_links(eve, fjell, " \n ")


def test_links_are_throttled_per_person(eve: User, ada: User, fjell: Client):
    for _ in range(5):
        assets.add_links(eve, fjell, "\n".join(f"ftp://example.com/{number}" for number in range(100)))
    with pytest.raises(TooMany):
        assets.add_links(eve, fjell, "ftp://example.com/one-more")
    assert assets.add_links(ada, fjell, "ftp://example.com/mine")


def test_reviewers_add_nothing(ben: User, fjell: Client):
    with pytest.raises(Forbidden):
        assets.add_links(ben, fjell, "https://example.com/x.png")
    with pytest.raises(Forbidden):
        assets.add_file(ben, fjell, io.BytesIO(picture()), "x.png")


def test_a_link_that_fails_is_refused_with_a_reason_and_can_be_tried_again(eve: User, fjell: Client, host: Host):
    asset = taken_in(assets.add_links(eve, fjell, host.link("/later.png"))[0])
    assert asset.status == AssetStatus.REFUSED
    assert asset.error
    assert asset.can_retry
    asset = assets.retry(asset)
    assert (asset.status, asset.attempt, asset.error) == ("waiting", 2, "")
    host.files["/later.png"] = picture()
    assert taken_in(asset).status == AssetStatus.READY


def test_what_is_no_media_file_is_refused_by_its_bytes(eve: User, fjell: Client, host: Host):
    host.files["/page.png"] = b"<!doctype html><html><body>Not a picture</body></html>"
    asset = taken_in(assets.add_links(eve, fjell, host.link("/page.png"))[0])
    assert (asset.status, asset.can_retry) == (AssetStatus.REFUSED, True)
    assert asset.blob_id is None


def test_a_damaged_file_is_refused_and_gets_one_more_try(eve: User, fjell: Client):
    asset = taken_in(assets.add_file(eve, fjell, io.BytesIO(picture()[:36]), "broken.png"))
    assert (asset.status, asset.can_retry) == (AssetStatus.REFUSED, True)
    asset = taken_in(assets.retry(asset))
    assert (asset.status, asset.can_retry) == (AssetStatus.REFUSED, False)
    with pytest.raises(Conflict):
        assets.retry(asset)


def test_an_upload_is_stored_at_once_and_read_in_the_background(app: Flask, eve: User, fjell: Client):
    asset = assets.add_file(eve, fjell, io.BytesIO(picture()), "C:\\Users\\eve\\bottle front.png")
    assert (asset.name, asset.status, asset.kind) == ("bottle front.png", AssetStatus.READING, "image")
    assert blobs.read(blobs.find(asset.blob_id)) == picture()
    asset = taken_in(asset)
    assert (asset.status, asset.width, asset.source_url) == (AssetStatus.READY, 320, "")
    assert list(app.extensions["settings"].temporary.iterdir()) == []


def test_two_uploads_of_the_same_bytes_share_one_blob(eve: User, fjell: Client):
    first, second = (taken_in(assets.add_file(eve, fjell, io.BytesIO(picture()), name)) for name in ("a.png", "b.png"))
    assert first.id != second.id
    assert first.blob_id == second.blob_id


def test_uploads_over_the_limit_empty_or_strange_are_refused(app: Flask, eve: User, fjell: Client):
    object.__setattr__(app.extensions["settings"], "max_asset_download_size_mb", 1)
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        assets.add_file(eve, fjell, io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(1024 * 1024)), "big.png")
    with pytest.raises(Invalid, match="empty"):
        assets.add_file(eve, fjell, io.BytesIO(b""), "empty.png")
    with pytest.raises(Invalid):
        assets.add_file(eve, fjell, io.BytesIO(b"MZ\x90\x00 program"), "setup.png")
    assert db.session.query(Asset).count() == 0
    assert list(app.extensions["settings"].temporary.iterdir()) == []


def test_progress_is_written_while_it_comes_and_no_transaction_is_open_meanwhile(
    app: Flask, eve: User, fjell: Client, host: Host
):
    host.files["/slow.png"] = picture() + bytes(900_000)
    [asset] = assets.add_links(eve, fjell, host.link("/slow.png"))
    worker = in_background(app, asset.id)
    assert host.half_way.wait(10)
    seen = wait_for(lambda: fresh(asset) if fresh(asset).received_bytes else None)
    assert (seen.status, seen.expected_bytes) == (AssetStatus.DOWNLOADING, 900_000 + len(picture()))
    assert seen.heartbeat_at is not None
    began = time.monotonic()
    assets.change(asset, "renamed meanwhile", asset.tags)  # needs the write lock: nobody may hold it
    assert time.monotonic() - began < 1
    host.hold.set()
    worker.join()
    done = fresh(asset)
    assert (done.status, done.name) == (AssetStatus.READY, "renamed meanwhile")


def wait_for(ask, seconds: float = 5):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(0.03)
    raise AssertionError("it did not happen")


def test_work_that_wakes_up_late_changes_nothing(eve: User, fjell: Client, host: Host):
    [asset] = assets.add_links(eve, fjell, host.link("/missing.png"))
    asset = taken_in(asset)
    with transaction():
        row = db.session.get(Asset, asset.id)
        row.status, row.attempt = AssetStatus.WAITING, 2
    host.files["/missing.png"] = picture()
    host.asked.clear()
    work(asset, 1)  # the first attempt once more
    assert fresh(asset).status == AssetStatus.WAITING
    assert host.asked == []
    work(asset, 2)
    ready = fresh(asset)
    work(asset, 2)  # a step that runs twice
    assert (fresh(asset).status, fresh(asset).updated_at) == (AssetStatus.READY, ready.updated_at)


def test_an_asset_deleted_while_it_is_fetched_stays_deleted(app: Flask, eve: User, fjell: Client, host: Host):
    host.files["/slow.png"] = picture()
    [asset] = assets.add_links(eve, fjell, host.link("/slow.png"))
    worker = in_background(app, asset.id)
    assert host.half_way.wait(10)
    assets.delete(asset)
    host.hold.set()
    worker.join()
    assert db.session.query(Asset).count() == 0
    assert db.session.query(Blob).count() == 0


def test_the_quota_of_a_client_is_said_in_figures(app: Flask, eve: User, fjell: Client, host: Host):
    object.__setattr__(app.extensions["settings"], "client_quota_mb", 1)
    host.files["/big.png"] = picture() + bytes(1_100_000)
    refused = taken_in(assets.add_links(eve, fjell, host.link("/big.png"))[0])
    assert refused.status == AssetStatus.REFUSED
    assert "Fjell Coffee's library is full: 0.0 of 1.0 MB used" in refused.error
    with pytest.raises(TooLarge, match="library is full"):
        assets.add_file(eve, fjell, io.BytesIO(host.files["/big.png"]), "big.png")
    assert taken_in(assets.add_file(eve, fjell, io.BytesIO(picture()), "small.png")).is_ready


@pytest.mark.parametrize("by", ["link", "file"])
def test_two_that_come_in_together_do_not_overfill_the_library(
    app: Flask, eve: User, fjell: Client, host: Host, monkeypatch: pytest.MonkeyPatch, by: str
):
    object.__setattr__(app.extensions["settings"], "client_quota_mb", 1)
    host.files["/a.png"] = picture() + bytes(700_000)
    write = blobs.write

    def and_another_is_done_first(source: Path | bytes, sha256: str = "") -> blobs.Stored:
        monkeypatch.setattr(blobs, "write", write)
        factories.asset(fjell, blob_id=blobs.put(bytes(700_001), "image/png").id)
        return write(source, sha256)

    waiting = assets.add_links(eve, fjell, host.link("/a.png"))[0]
    monkeypatch.setattr(blobs, "write", and_another_is_done_first)
    if by == "link":
        refused = taken_in(waiting)
        assert (refused.status, refused.blob_id) == (AssetStatus.REFUSED, None)
        assert "library is full" in refused.error
    else:
        with pytest.raises(TooLarge, match="library is full"):
            assets.add_file(eve, fjell, io.BytesIO(host.files["/a.png"]), "a.png")
    assert asset_library.used_bytes(fjell) == 700_001


def test_renaming_and_tagging(eve: User, fjell: Client):
    asset = factories.asset(fjell)
    assets.change(asset, "  Bottle, front ", asset.tags)
    assets.tag(asset, ["product_shot", "Hero Image", "product_shot", " "])
    asset = fresh(asset)
    assert (asset.name, asset.tags) == ("Bottle, front", ["product_shot", "hero_image"])
    assets.change(asset, name="Bottle, back")
    assets.change(asset, tags=["logo"])
    asset = fresh(asset)
    assert (asset.name, asset.tags) == ("Bottle, back", ["logo"]), "what is not given stays, whoever changed it"
    with pytest.raises(Invalid):
        assets.change(asset, "  ", asset.tags)


def test_deleting_is_refused_while_scenes_show_it_and_names_them(eve: User, fjell: Client):
    asset = factories.asset(fjell)
    job = factories.job(fjell)
    factories.scene(job, 1)
    second, third = (factories.scene(job, number, asset_ids=[asset.id]) for number in (2, 3))
    with transaction():
        db.session.add(JobAsset(job_id=job.id, asset_id=asset.id))
    with pytest.raises(InUse) as refusal:
        assets.delete(asset)
    assert refusal.value.message == "Scenes 2 and 3 of “Cold brew in one twist” use it."
    with transaction():
        third.deleted_at = utcnow()
    with pytest.raises(InUse) as refusal:
        assets.delete(asset)
    assert refusal.value.message == "Scene 2 of “Cold brew in one twist” uses it."
    with transaction():
        second.deleted_at = utcnow()
    assets.delete(asset)
    assert db.session.query(Asset).count() == 0
    assert db.session.query(JobAsset).count() == 0


def test_deleting_takes_the_bytes_unless_somebody_else_has_the_same(eve: User, fjell: Client):
    first, second = (taken_in(assets.add_file(eve, fjell, io.BytesIO(picture()), name)) for name in ("a.png", "b.png"))
    assets.delete(first)
    assert blobs.read(blobs.find(fresh(second).blob_id)) == picture()
    assets.delete(second)
    assert db.session.query(Blob).count() == 0


def test_finding_says_not_found(eve: User, fjell: Client):
    assert assets.find(eve, factories.asset(fjell).id).name == "bottle.png"
    with pytest.raises(NotFound):
        assets.find(eve, "nobody")


def test_the_library_filters_searches_and_counts(eve: User, fjell: Client):
    factories.asset(fjell, "Bottle front.png", tags=["product_shot", "größe"])
    factories.asset(fjell, "Jingle.mp3", kind="audio", format="mp3", source_url="https://cdn.example/sound/jingle.mp3")
    factories.asset(fjell, "50%_off.png", tags=["background"])
    factories.asset(factories.client("Other"), "Bottle.png")

    def names(**filters: object) -> list[str]:
        return sorted(asset.name for asset in assets.library(eve, fjell, **filters).page.rows)

    assert names() == ["50%_off.png", "Bottle front.png", "Jingle.mp3"]
    assert names(kind="audio") == ["Jingle.mp3"]
    assert names(tag="product_shot") == ["Bottle front.png"]
    assert names(tag="größe") == ["Bottle front.png"]
    assert names(tag="product") == []
    assert names(query="FRONT bottle") == ["Bottle front.png"]
    assert names(query="cdn.example") == ["Jingle.mp3"]
    assert names(query="%_") == ["50%_off.png"]
    shelf = assets.library(eve, fjell)
    assert shelf.kinds == {"image": 2, "audio": 1}
    assert shelf.tags == ["background", "größe", "product_shot"]


def test_assets_of_another_client_cannot_be_chosen(eve: User, fjell: Client):
    mine, other = factories.asset(fjell), factories.asset(factories.client("Other"))
    assert [asset.id for asset in assets.of_client(fjell, [other.id, mine.id, mine.id, "nobody"])] == [mine.id]


def test_only_what_shows_no_life_is_stale(eve: User, fjell: Client):
    long_ago = utcnow() - timedelta(minutes=5)
    stale = factories.asset(fjell, status="downloading", heartbeat_at=long_ago)
    forgotten = factories.asset(fjell, status="waiting", updated_at=long_ago)
    factories.asset(fjell, status="downloading", heartbeat_at=utcnow())
    factories.asset(fjell, status="waiting")
    factories.asset(fjell, heartbeat_at=long_ago)
    assert {asset.id for asset in asset_library.stale_open()} == {stale.id, forgotten.id}
