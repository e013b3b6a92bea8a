"""Assets over the API: files and links become assets or an answer that says why not; bytes come back as they were."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import time
import tracemalloc
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.services import media_files
from webapp.extensions import db, transaction
from webapp.models import Asset, AssetStatus, Blob, Job, JobAsset
from webapp.services import asset_intake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.api.conftest import Program
    from webapp.config import Settings
    from webapp.models import Client, User

PNG = media_files.MAKERS["png"]()
ASYNC = {"Prefer": "respond-async"}


class Host(ThreadingHTTPServer):
    """A web server on loopback with a few files, each with a wrong Content-Type."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Files)
        names = ("png", "svg", "mp4", "wav", "pdf", "docx")
        self.files = {f"/press/{name}": media_files.MAKERS[name]() for name in names}
        self.files["/page"] = b"<!doctype html><html><body>Not a file</body></html>"
        self.files["/large"] = b"%PDF-1.7\n" + bytes(2_500_000)
        self.files["/damaged"] = PNG[:36] + bytes(64)

    def link(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Files(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        content = self.server.files.get(self.path)
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[Host]:
    server = Host()
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    yield server
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.fixture
def settings(settings: Settings, host: Host) -> Settings:
    ports = f"80,443,{host.server_address[1]}"
    return replace(settings, fetch_allow="127.0.0.0/8", fetch_ports=ports, max_asset_download_size_mb=2)


@pytest.fixture
def worker(app: Flask) -> Iterator[None]:
    """Take in every asset as the worker does, as soon as it is asked for."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.02):
            with app.app_context():
                found = db.session.execute(
                    select(Asset.id, Asset.attempt).where(Asset.status.in_(("waiting", "reading")))
                ).all()
                db.session.rollback()
                for asset_id, attempt in found:
                    asset_intake.take_in(asset_id, attempt)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.fixture
def fjell(app: Flask) -> Client:
    return factories.client("Fjell Coffee")


@pytest.fixture
def program(api: Any, eve: User) -> Program:
    return api(eve)


def upload(program: Program, content: bytes = PNG, filename: str = "Bottle.png", **fields: Any) -> Any:
    headers = fields.pop("headers", None)
    return program.post("/assets", data={"file": (io.BytesIO(content), filename), **fields}, headers=headers)


def left() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Asset)) or 0


def fields_of(answer: Any, status: int = 422) -> dict[str, str]:
    assert answer.status_code == status, answer.json
    assert (answer.json["success"], answer.json["data"]) == (False, None)
    return answer.json["meta"].get("fields", {})


def test_an_uploaded_file_is_answered_as_a_ready_asset(program, worker, fjell, eve):
    answer = upload(program, clientId=fjell.id, type="image", tags='["Product shot", "subject"]', name="Front")
    assert answer.status_code == 201, answer.json
    asset = answer.json["data"]
    assert answer.location == f"/api/v3/assets/{asset['id']}"
    expected = {
        "userId": eve.id, "clientId": fjell.id, "campaignId": None, "name": "Front", "type": "image", "format": "png",
        "size": len(PNG), "width": 300, "height": 200, "duration": None, "pageCount": None,
        "tags": ["product_shot", "subject"], "url": f"{answer.location}/data", "status": "ready", "error": None,
        "thumbnailUrl": f"{answer.location}/thumbnail", "sourceUrl": None, "canRetry": False,
        "sha256": hashlib.sha256(PNG).hexdigest(),
    }  # fmt: skip
    assert {name: asset[name] for name in expected} == expected
    assert set(asset) - set(expected) == {"id", "blobId", "leftOut", "createdAt", "updatedAt"}
    assert program.get(answer.location).json["data"] == asset
    assert program.get("/assets").json["data"] == [asset]
    assert program.get(asset["url"]).data == PNG


def test_what_a_file_is_comes_from_its_bytes_not_from_its_host(program, worker, fjell, host):
    names = ["png", "svg", "mp4", "wav", "pdf", "docx"]
    body = {"clientId": fjell.id, "assets": [{"url": host.link(f"/press/{name}")} for name in names]}
    answer = program.post("/assets/from-urls", json=body)
    assert answer.status_code == 200, answer.json
    assert answer.json["data"]["summary"] == {"total": 6, "successful": 6, "failed": 0, "pending": 0}
    found = [each["asset"] for each in answer.json["data"]["results"]]
    said = [(each["type"], each["format"], each["duration"], each["pageCount"]) for each in found]
    assert said == [
        ("image", "png", None, None),
        ("image", "svg", None, None),
        ("video", "mp4", 2.0, None),
        ("audio", "wav", 1.0, None),
        ("document", "pdf", None, 2),
        ("document", "docx", None, found[5]["pageCount"]),
    ]
    types = [program.head(each["url"]).headers["Content-Type"] for each in found]
    assert types[:5] == ["image/png", "image/svg+xml", "video/mp4", "audio/wav", "application/pdf"]
    assert program.get("/assets?asset_type=document&limit=1").json["meta"]["total"] == 2


@pytest.mark.parametrize("path", ["/assets", "/assets/from-url"])
def test_a_link_is_answered_as_a_ready_asset(path, program, worker, fjell, host):
    spring = factories.campaign(fjell)
    body = {"url": host.link("/press/png"), "campaignId": spring.id, "type": "image", "tags": ["subject"]}
    answer = program.post(path, json=body)
    assert answer.status_code == 201, answer.json
    asset = answer.json["data"]
    assert (asset["clientId"], asset["campaignId"], asset["tags"]) == (fjell.id, spring.id, ["subject"])
    assert (asset["sourceUrl"], asset["width"], asset["status"]) == (host.link("/press/png"), 300, "ready")
    again = program.post(path, json=body)
    assert (again.status_code, again.json["data"]["id"], left()) == (200, asset["id"], 1)
    other = program.post(path, json=body | {"type": "video"})
    assert fields_of(other) == {"type": "This is an image (png), not a video."}


def test_a_program_that_does_not_wait_looks_again(program, fjell, host):
    answer = program.post("/assets", json={"url": host.link("/press/png"), "clientId": fjell.id}, headers=ASYNC)
    assert answer.status_code == 202
    asset = answer.json["data"]
    assert (asset["status"], asset["type"], asset["url"], asset["thumbnailUrl"]) == ("waiting", None, None, None)
    assert program.get(f"{answer.location}/data").status_code == 404
    asset_intake.take_in(asset["id"], 1)
    db.session.expire_all()
    assert program.get(answer.location).json["data"]["status"] == "ready"
    assert program.get(f"{answer.location}/data").data == PNG


def test_waiting_ends_when_the_program_says(program, fjell, host):
    started = time.monotonic()
    answer = program.post(
        "/assets",
        json={"url": host.link("/press/png"), "clientId": fjell.id},
        headers={"Prefer": 'respond-async, wait="1"'},
    )
    assert (answer.status_code, answer.json["data"]["status"]) == (202, "waiting")
    assert 1 <= time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("link", "status", "code", "fields"),
    [
        ("/nothing", 502, "upstream_failed", set()),
        ("/page", 422, "validation_failed", {"url"}),
        ("/damaged", 422, "validation_failed", {"url"}),
        ("/large", 413, "too_large", set()),
        ("http://127.0.0.1:443/closed", 502, "upstream_failed", set()),
        ("http://10.0.0.1/picture.png", 422, "validation_failed", {"url"}),
        ("ftp://example.com/a.png", 422, "validation_failed", {"url"}),
        ("http://example.com:22/", 422, "validation_failed", {"url"}),
        ("not a link", 422, "validation_failed", {"url"}),
        ("", 422, "validation_failed", {"url"}),
    ],
)
def test_a_refused_link_leaves_nothing_behind(link, status, code, fields, program, worker, fjell, host):
    url = host.link(link) if link.startswith("/") else link
    factories.asset(fjell)
    answer = program.post("/assets", json={"url": url, "clientId": fjell.id})
    assert set(fields_of(answer, status)) == fields
    assert answer.json["meta"]["code"] == code
    assert answer.json["error"][-1] in ".?"
    assert left() == 1, "what was there before stays"


def test_a_link_of_another_type_is_refused_after_a_look(program, worker, fjell, host):
    body = {"url": host.link("/press/png"), "clientId": fjell.id, "type": "audio"}
    assert fields_of(program.post("/assets", json=body)) == {"type": "This is an image (png), not an audio file."}
    assert left() == 0
    assert program.post("/assets", json=body | {"type": "image"}).status_code == 201


def test_a_film_with_nothing_but_sound_is_audio(program, worker, fjell):
    sound = media_files.audio("mp4", "aac")
    assert upload(program, sound, "talk.mp4", clientId=fjell.id, type="audio").json["data"]["type"] == "audio"
    answer = upload(program, sound, "talk.mp4", clientId=fjell.id, type="video")
    assert set(fields_of(answer)) == {"type"}
    assert left() == 1


def test_one_bad_link_does_not_stand_in_the_way_of_the_others(program, worker, fjell, host):
    urls = [host.link("/press/png"), host.link("/nothing"), "ftp://example.com/a", host.link("/press/wav"), ""]
    wanted = [{"url": url} for url in urls] + [
        {"url": host.link("/press/png")},
        {"url": host.link("/press/svg"), "type": "video"},
        {"url": host.link("/press/pdf"), "name": "Story", "tags": ["background"]},
        {"url": host.link("/nothing")},
    ]
    answer = program.post("/assets/from-urls", json={"clientId": fjell.id, "assets": wanted})
    assert answer.status_code == 200, answer.json
    results = answer.json["data"]["results"]
    assert [each["success"] for each in results] == [True, False, False, True, False, True, False, True, False]
    for each in results:
        assert (each["asset"] is None) is not each["success"]
        assert (each["error"] is None) is each["success"]
    assert answer.json["data"]["summary"] == {"total": 9, "successful": 4, "failed": 5, "pending": 0}
    assert results[0]["asset"]["id"] == results[5]["asset"]["id"], "the same link is the same asset"
    assert "404" in results[1]["error"]
    assert results[8]["error"] == results[1]["error"], "a bad link named twice fails twice for the same reason"
    assert "not a video" in results[6]["error"]
    assert (results[7]["asset"]["name"], results[7]["asset"]["tags"]) == ("Story", ["background"])
    assert left() == 3, "what failed leaves nothing behind"


def test_a_full_library_is_said_of_each_link(settings, app, program, fjell, host):
    with transaction():
        db.session.add(blob := Blob(sha256="0" * 64, content_type="image/png", size_bytes=1 << 50))
        db.session.flush()
        blob_id = blob.id
    factories.asset(fjell, blob_id=blob_id)
    empty = factories.client("Empty")
    wanted = [{"url": host.link("/press/png")}, {"url": host.link("/press/png"), "clientId": empty.id}]
    answer = program.post("/assets/from-urls", json={"clientId": fjell.id, "assets": wanted}, headers=ASYNC)
    assert answer.status_code == 202
    full, fine = answer.json["data"]["results"]
    assert "library is full" in full["error"]
    assert (fine["success"], fine["asset"]["clientId"]) == (True, empty.id)
    assert answer.json["data"]["summary"] == {"total": 2, "successful": 1, "failed": 1, "pending": 1}
    assert fields_of(upload(program, clientId=fjell.id), 413) == {}


def test_a_list_of_links_has_a_size_and_an_owner(program, fjell):
    many = [{"url": f"https://example.com/{number}.png"} for number in range(101)]
    assert set(fields_of(program.post("/assets/from-urls", json={"clientId": fjell.id, "assets": many}))) == {"assets"}
    assert set(fields_of(program.post("/assets/from-urls", json={"clientId": fjell.id, "assets": []}))) == {"assets"}
    nobodys = program.post("/assets/from-urls", json={"assets": many[:1]})
    assert set(fields_of(nobodys)) == {"clientId"}
    body = {"clientId": fjell.id, "assets": [many[0], many[1] | {"clientId": "nobody"}]}
    assert set(fields_of(program.post("/assets/from-urls", json=body))) == {"assets.1.clientId"}
    body = {"clientId": fjell.id, "assets": [many[0], many[1] | {"size": 3}]}
    assert set(fields_of(program.post("/assets/from-urls", json=body))) == {"assets.1.size"}
    assert left() == 0


@pytest.mark.parametrize("way", ["file", "link"])
def test_every_asset_is_somebodys(way, program, fjell):
    other = factories.campaign(factories.client("Other"))

    def add(**fields: str) -> Any:
        if way == "file":
            return upload(program, **fields)
        return program.post("/assets", json={"url": "https://example.com/a.png", **fields}, headers=ASYNC)

    assert fields_of(add()) == {"clientId": "Say whose asset this is: name a client or a campaign."}
    assert set(fields_of(add(clientId="nobody"))) == {"clientId"}
    assert set(fields_of(add(campaignId="none"))) == {"campaignId"}
    assert fields_of(add(clientId=fjell.id, campaignId=other.id)) == {
        "campaignId": "This campaign is another client's."
    }
    assert left() == 0


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"file": None}, {"file"}),
        ({"file": "text"}, {"file"}),
        ({"second": "file"}, {"second"}),
        ({"tags": "subject"}, {"tags"}),
        ({"tags": '{"a": 1}'}, {"tags"}),
        ({"tags": json.dumps([str(number) for number in range(21)])}, {"tags"}),
        ({"type": "picture"}, {"type"}),
        ({"name": "x" * 201}, {"name"}),
        ({"client_id": "x", "size": "3"}, {"client_id", "size"}),
    ],
)
def test_wrong_fields_beside_a_file_are_named(fields, wrong, program, fjell):
    data: dict[str, Any] = {"clientId": fjell.id, "file": (io.BytesIO(PNG), "a.png")} | fields
    if data.get("second"):
        data["second"] = (io.BytesIO(PNG), "b.png")
    data = {name: value for name, value in data.items() if value is not None}
    answer = program.post("/assets", data=data, content_type="multipart/form-data")
    assert set(fields_of(answer)) == wrong
    assert left() == 0


def test_empty_fields_beside_a_file_count_as_not_sent(program, fjell):
    answer = upload(program, clientId=fjell.id, campaignId="", name="", type="", tags="", headers=ASYNC)
    assert (answer.status_code, answer.json["data"]["name"]) == (202, "Bottle.png")


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00 program", b"<html></html>"])
def test_what_is_no_file_for_slate_is_refused_at_once(content, program, fjell):
    answer = upload(program, content, clientId=fjell.id)
    fields_of(answer)
    assert answer.json["error"]
    assert left() == 0


def test_a_file_that_cannot_be_read_is_refused_after_a_look(program, worker, fjell):
    assert set(fields_of(upload(program, PNG[:36] + bytes(64), clientId=fjell.id))) == {"file"}
    assert left() == 0


class Endless(io.RawIOBase):
    """A multipart body of many megabytes that is never in memory as a whole."""

    def __init__(self, head: bytes, size: int, tail: bytes) -> None:
        self.parts = [head, *[bytes(65_536)] * (size // 65_536), tail]
        self.at, self.length = 0, len(head) + size // 65_536 * 65_536 + len(tail)

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Let the test client find out how long it is."""
        self.at = self.length if whence == 2 else offset
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: Any) -> int:
        if not self.parts:
            return 0
        piece, rest = self.parts[0][: len(buffer)], self.parts[0][len(buffer) :]
        self.parts[0:1] = [rest] if rest else []
        buffer[: len(piece)] = piece
        return len(piece)


def large(program: Program, client: Client, size: int) -> Any:
    """Upload a PDF of some megabytes of zeros."""

    def part(name: str) -> bytes:
        return f'--x\r\nContent-Disposition: form-data; name="{name}"'.encode()

    head = part("clientId") + b"\r\n\r\n" + client.id.encode() + b"\r\n"
    head += part("file") + b'; filename="big.pdf"\r\n\r\n%PDF-1.7\n'
    body = Endless(head, size, b"\r\n--x--\r\n")
    kind = "multipart/form-data; boundary=x"
    return program.post("/assets", input_stream=body, content_type=kind, headers=ASYNC)


def test_too_large_is_said_in_the_envelope(program, fjell):
    answer = large(program, fjell, 2_200_000)  # over the limit of a file
    assert (answer.status_code, answer.json["meta"]["code"]) == (413, "too_large")
    assert "2 MB" in answer.json["error"]
    answer = large(program, fjell, 4_200_000)  # over that of a request
    assert (answer.status_code, answer.json["meta"]["code"], answer.json["success"]) == (413, "too_large", False)
    answer = program.post("/assets", json={"url": "https://example.com/" + "x" * 1_100_000, "clientId": fjell.id})
    assert (answer.status_code, answer.json["meta"]["code"]) == (413, "too_large")
    assert left() == 0


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/plain", b"x", 415),
        ("image/png", PNG, 415),
        ("application/json", b"{", 400),
        ("application/json", b"[]", 422),
    ],
)
def test_other_bodies_are_refused_in_the_envelope(kind, body, status, program):
    fields_of(program.post("/assets", data=body, content_type=kind), status)


class TestLargeUploads:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, max_asset_download_size_mb=100)

    def test_an_upload_is_never_in_memory_as_a_whole(self, program, fjell):
        upload(program, headers=ASYNC, clientId=fjell.id)  # what is imported at first does not count
        tracemalloc.start()
        answer = large(program, fjell, 32 << 20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (answer.status_code, answer.json["data"]["size"]) == (202, (32 << 20) + 9), answer.json
        assert peak < 8 << 20


def test_assets_are_listed_by_what_is_asked_for(program, fjell):
    other = factories.client("Other")
    spring = factories.campaign(fjell)
    for number in range(3):
        factories.asset(fjell, f"Bottle {number}.png", campaign_id=spring.id if number else None)
    factories.asset(fjell, "jingle.mp3", kind="audio", format="mp3", source_url="https://cdn.example.com/x/jingle")
    factories.asset(other, "bottle.mp4", kind="video", format="mp4", status=AssetStatus.REFUSED, error="No.", hint="")

    def names(query: str) -> list[str]:
        answer = program.get(f"/assets{query}")
        assert answer.json["meta"]["total"] == len(answer.json["data"])
        return sorted(each["name"] for each in answer.json["data"])

    assert len(names("")) == 5
    assert len(names(f"?client_id={fjell.id}")) == 4
    assert names(f"?campaign_id={spring.id}") == ["Bottle 1.png", "Bottle 2.png"]
    assert names("?asset_type=audio") == ["jingle.mp3"]
    assert names(f"?search=BOTTLE&client_id={other.id}") == ["bottle.mp4"]
    assert names("?search=cdn.example") == ["jingle.mp3"]
    assert names("?client_id=nobody") == []
    paged = program.get(f"/assets?client_id={fjell.id}&limit=2&offset=2").json
    assert (len(paged["data"]), paged["meta"]["total"], paged["meta"]["page"]) == (2, 4, 2)
    assert program.get("/assets?offset=99").json["meta"]["total"] == 5
    [refused] = program.get("/assets?asset_type=video").json["data"]
    assert (refused["status"], refused["error"], refused["url"], refused["size"]) == ("refused", "No.", None, None)


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=-1", "asset_type=picture", "kind=image"])
def test_a_wrong_question_is_refused_by_name(query, program):
    assert set(fields_of(program.get(f"/assets?{query}"))) == {query.partition("=")[0]}


def test_a_change_touches_only_what_is_given(program, fjell):
    asset = factories.asset(fjell, "bottle.png", tags=["subject"])
    url = f"/assets/{asset.id}"
    assert program.put(url, json={"name": "  Front  view "}).json["data"]["name"] == "Front view"
    found = program.put(url, json={"tags": ["First Frame", "first_frame", "x"]}).json["data"]
    assert (found["name"], found["tags"]) == ("Front view", ["first_frame", "x"])
    assert program.put(url, json={}).json["data"] == found | {"updatedAt": program.get(url).json["data"]["updatedAt"]}
    assert program.put(url, json={"tags": None}).json["data"]["tags"] == []
    for body in ({"name": None}, {"name": ""}, {"name": "x" * 201}, {"name": 3}, {"type": "video"}, {"tags": "x"}):
        assert set(fields_of(program.put(url, json=body))) == set(body)
    assert set(fields_of(program.put(url, json={"tags": ["x" * 41]}))) == {"tags"}
    assert program.get(url).json["data"]["name"] == "Front view"


def test_deleting_takes_the_bytes_along_when_nothing_else_has_them(program, worker, fjell):
    other = factories.client("Other")
    first, second = (upload(program, clientId=client.id).json["data"] for client in (fjell, other))
    assert first["blobId"] == second["blobId"]
    for asset in (first, second):
        assert program.get(f"/assets/{second['id']}/data").data == PNG
        answer = program.delete(f"/assets/{asset['id']}")
        assert (answer.status_code, answer.json["data"], answer.json["success"]) == (200, None, True)
        assert program.get(f"/assets/{asset['id']}").status_code == 404
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Blob)) == 0


def test_an_asset_that_a_scene_shows_is_not_deleted(program, fjell):
    asset = factories.asset(fjell)
    factories.scene(factories.job(fjell, "Cold brew"), 2, asset_ids=[asset.id])
    answer = program.delete(f"/assets/{asset.id}")
    assert (answer.status_code, answer.json["meta"]["code"]) == (409, "conflict")
    assert answer.json["error"] == "Scene 2 of “Cold brew” uses it."
    assert program.get(f"/assets/{asset.id}").status_code == 200


def test_a_refused_asset_is_tried_again(program, worker, fjell, host):
    url = host.link("/later")
    asset = factories.asset(
        fjell, kind="", format="", status="refused", error="It was away.", error_code="upstream_failed",
        can_retry=True, source_url=url,
    )  # fmt: skip
    again = program.post(f"/assets/{asset.id}/retry")
    assert (again.status_code, again.json["meta"]["code"]) == (502, "upstream_failed")
    assert program.get(f"/assets/{asset.id}").json["data"]["status"] == "refused", "it was there before: it stays"
    host.files["/later"] = PNG
    again = program.post(f"/assets/{asset.id}/retry")
    assert (again.status_code, again.json["data"]["status"], again.json["data"]["error"]) == (200, "ready", None)
    assert program.post(f"/assets/{asset.id}/retry").status_code == 409


def test_a_refused_asset_that_a_job_names_is_not_taken_away(program, app, fjell, host):
    """A job keeps what could not be fetched, with the reason: another program's answer does not take it from there."""
    answer = program.post("/assets", json={"url": host.link("/nothing"), "clientId": fjell.id}, headers=ASYNC)
    asset_id = answer.json["data"]["id"]
    job = factories.job(fjell)
    with transaction():
        db.session.add(JobAsset(job_id=job.id, asset_id=asset_id))
    asset_intake.take_in(asset_id, 1)
    answer = program.post("/assets", json={"url": host.link("/nothing"), "clientId": fjell.id}, headers=ASYNC)
    assert (answer.status_code, answer.json["data"]["id"]) == (202, asset_id)
    asset_intake.take_in(asset_id, 2)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(JobAsset).join(Job)) == 1


@pytest.mark.usefixtures("worker")
class TestBytes:
    @pytest.fixture
    def url(self, program, fjell) -> str:
        return upload(program, media_files.MAKERS["wav"](), "jingle.txt", clientId=fjell.id).json["data"]["url"]

    @pytest.fixture
    def wav(self) -> bytes:
        return media_files.MAKERS["wav"]()

    def test_the_whole(self, program, url, wav):
        answer = program.get(url)
        assert (answer.status_code, answer.data, answer.content_type) == (200, wav, "audio/wav")
        assert answer.headers["ETag"] == f'"{hashlib.sha256(wav).hexdigest()}"'
        assert answer.headers["Cache-Control"].startswith("private, max-age=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        head = program.head(url)
        assert (head.status_code, head.data) == (200, b"")
        for name in ("Content-Length", "ETag", "Content-Type", "Accept-Ranges"):
            assert head.headers[name] == answer.headers[name]

    @pytest.mark.parametrize(
        ("asked", "part"), [("0-9", slice(10)), ("100-", slice(100, None)), ("-7", slice(-7, None))]
    )
    def test_a_range(self, asked, part, program, url, wav):
        answer = program.get(url, headers={"Range": f"bytes={asked}"})
        assert (answer.status_code, answer.data) == (206, wav[part])
        start = range(len(wav))[part].start
        assert answer.headers["Content-Range"] == f"bytes {start}-{start + len(answer.data) - 1}/{len(wav)}"

    def test_a_range_behind_the_end_is_refused_in_the_envelope(self, program, url, wav):
        answer = program.get(url, headers={"Range": f"bytes={len(wav)}-"})
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(wav)}")
        assert (answer.json["success"], answer.json["meta"]["code"]) == (False, "range_not_satisfiable")

    def test_what_is_there_already_is_not_sent_again(self, program, url):
        answer = program.get(url, headers={"If-None-Match": program.head(url).headers["ETag"]})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"]
        assert program.get(url, headers={"If-None-Match": '"other"'}).status_code == 200

    def test_the_thumbnail_is_a_small_webp(self, program, fjell):
        asset = upload(program, clientId=fjell.id).json["data"]
        answer = program.get(asset["thumbnailUrl"])
        assert (answer.status_code, answer.content_type, answer.data[8:12]) == (200, "image/webp", b"WEBP")

    def test_no_thumbnail_is_a_null_and_a_404(self, program, fjell):
        asset = upload(program, media_files.MAKERS["doc"](), "note.doc", clientId=fjell.id).json["data"]
        assert asset["thumbnailUrl"] is None
        answer = program.get(f"/assets/{asset['id']}/thumbnail")
        assert (answer.status_code, answer.json["meta"]["code"]) == (404, "not_found")


def test_who_may_look_and_who_may_change(api, ben, fjell):
    asset = factories.asset(fjell)
    assert api(None).get("/assets").status_code == 401
    looking = api(ben)
    assert looking.get(f"/assets/{asset.id}").status_code == 200
    assert looking.put(f"/assets/{asset.id}", json={"name": "x"}).status_code == 403
    assert looking.delete(f"/assets/{asset.id}").status_code == 403
    assert upload(looking, clientId=fjell.id).status_code == 403
    for path in ("", "/from-url", "/from-urls"):
        assert looking.post(f"/assets{path}", json={}).status_code == 403
    assert looking.post(f"/assets/{asset.id}/retry").status_code == 403


def test_the_same_request_twice_adds_one_asset(program, worker, fjell):
    answers = [upload(program, clientId=fjell.id, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json["data"] == answers[1].json["data"]
    assert left() == 1
