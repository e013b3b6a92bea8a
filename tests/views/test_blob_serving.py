"""Bytes over HTTP: right ranges, caching, and headers under which a file cannot act."""

from __future__ import annotations

import contextlib
import random
import re
import shutil
import threading
import tracemalloc
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error
from sqlalchemy import func
from werkzeug.http import parse_options_header
from werkzeug.serving import make_server

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Asset
from webapp.services import blobs, chunks, sign_ins
from webapp.views.blobs import RANGE_BYTES

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Playwright

SIZE = 3 * 256 * 1024 + 4321
CONTENT = random.Random(3).randbytes(SIZE)


def served(content: bytes = CONTENT, form: str = "mp4", kind: str = "video", **facts: object) -> str:
    with transaction():
        blob = blobs.put(content, "application/octet-stream")
    asset = factories.asset(factories.client(), f"file.{form}", kind=kind, format=form, blob_id=blob.id, **facts)
    return f"/assets/{asset.id}/data"


@pytest.fixture
def eves(browse, eve) -> FlaskClient:
    return browse(eve)


def test_the_whole_file(eves: FlaskClient):
    answer = eves.get(served())
    assert answer.status_code == 200
    assert answer.data == CONTENT
    assert answer.content_length == SIZE
    assert answer.content_type == "video/mp4"
    assert answer.headers["Accept-Ranges"] == "bytes"


ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(?:(\d+)\s*-\s*(\d*)|-\s*(\d+))\s*", re.IGNORECASE)


def reference(header: str) -> tuple[int, bytes]:
    """Say what RFC 9110 makes of a Range header, by slicing the whole content, with our cap on top."""
    asked = ONE_RANGE.fullmatch(header)
    if asked is None or (asked[2] and int(asked[2]) < int(asked[1])):
        return 200, CONTENT
    if asked[3]:
        content = CONTENT[-int(asked[3]) :] if int(asked[3]) else b""
    else:
        content = CONTENT[int(asked[1]) : int(asked[2]) + 1 if asked[2] else None]
    return (206, content[:RANGE_BYTES]) if content else (416, b"")


positions = st.one_of(
    st.integers(0, SIZE + 10), st.sampled_from([0, 1, 262143, 262144, 262145, SIZE - 1, SIZE, 10**18])
)
headers = st.one_of(
    st.builds("bytes={}-{}".format, positions, positions),
    st.builds("bytes={}-".format, positions),
    st.builds("bytes=-{}".format, positions),
    st.builds("bytes={}-{},{}-{}".format, positions, positions, positions, positions),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20).map("bytes={}".format),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
)


def test_two_hundred_ranges_give_the_right_bytes_and_never_a_failure(eves: FlaskClient):
    url = served()

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(headers)
    def check(header: str) -> None:
        answer = eves.get(url, headers={"Range": header})
        status, content = reference(header)
        assert answer.status_code == status, header
        assert answer.data == content, header
        if status == 206:
            assert answer.headers["Content-Range"].endswith(f"/{SIZE}")
        elif status == 416:
            assert answer.headers["Content-Range"] == f"bytes */{SIZE}"

    check()


def test_one_answer_to_a_range_carries_at_most_four_megabytes(eves: FlaskClient):
    content = CONTENT * 8
    answer = eves.get(served(content), headers={"Range": "bytes=100-"})
    assert answer.status_code == 206
    assert answer.data == content[100 : 100 + RANGE_BYTES]
    assert answer.headers["Content-Range"] == f"bytes 100-{100 + RANGE_BYTES - 1}/{len(content)}"


def test_a_range_in_a_large_file_needs_little_memory(eves: FlaskClient):
    url = served(CONTENT * 16)  # 12 MB
    eves.get(url, headers={"Range": "bytes=0-1"})
    tracemalloc.start()
    answer = eves.get(url, headers={"Range": "bytes=11000000-11065535"}, buffered=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.data == (CONTENT * 16)[11000000:11065536]
    assert peak < 3_000_000, "the naive way reads the whole file: 12 MB"


def test_what_the_browser_has_is_not_sent_again(eves: FlaskClient):
    url = served()
    etag = eves.get(url).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = eves.get(url, headers={"If-None-Match": known})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
    assert eves.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_range_of_other_bytes_gives_the_whole(eves: FlaskClient):
    url = served()
    etag = eves.get(url).headers["ETag"]
    part = eves.get(url, headers={"Range": "bytes=0-9", "If-Range": etag})
    assert (part.status_code, part.data) == (206, CONTENT[:10])
    for other in ('"other"', f"W/{etag}", "Sun, 06 Nov 1994 08:49:37 GMT"):
        assert eves.get(url, headers={"Range": "bytes=0-9", "If-Range": other}).status_code == 200


def test_head_says_everything_and_reads_nothing(eves: FlaskClient, app: Flask):
    url = served()
    zeros = func.zeroblob(func.length(chunks._chunks.c.data))
    with chunks.engine().connect() as connection, chunks.writing(connection):
        connection.execute(chunks._chunks.update().values(data=zeros))  # only an answer that reads no bytes succeeds
    answer = eves.head(url)
    assert (answer.status_code, answer.content_length, answer.data) == (200, SIZE, b"")
    assert eves.get(url).status_code == 503
    with chunks.engine().connect() as connection, chunks.writing(connection):
        connection.execute(chunks._chunks.delete())
    assert eves.head(url).status_code == 503


SAFE = ("png", "jpg", "webp", "gif", "mp4", "webm", "mp3", "wav", "ogg", "m4a", "aac")


def test_only_safe_types_are_shown_in_place(eves: FlaskClient):
    for form in ("svg", "pdf", "txt", "doc", "docx", "mov", "avi", "mkv", *SAFE):
        url = served(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", form)
        plain, inline = eves.get(url), eves.get(f"{url}?inline=1")
        assert parse_options_header(plain.headers["Content-Disposition"])[0] == "attachment"
        shown = parse_options_header(inline.headers["Content-Disposition"])[0]
        assert shown == ("inline" if form in SAFE else "attachment"), form
        for answer in (plain, inline):
            assert "html" not in answer.content_type
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_the_name_of_a_download_is_safe_and_whole(eves: FlaskClient):
    url = served()
    asset_id = url.split("/")[2]
    with transaction():
        db.session.get(Asset, asset_id).name = 'Größe "x"; filename=evil.html\r\nX-Evil: 1'
    answer = eves.get(url)
    assert "X-Evil" not in answer.headers
    _, options = parse_options_header(answer.headers["Content-Disposition"])
    assert options["filename"].startswith("Größe x; filename=evil.html")
    assert options["filename"].endswith(".mp4")


def test_strangers_and_unready_assets_get_nothing(browse, eves: FlaskClient):
    url = served()
    assert browse(None).get(url).status_code in (302, 303)
    assert eves.get(served(status="refused")).status_code == 404
    assert eves.get("/assets/nobody/data").status_code == 404
    assert eves.get(url.replace("data", "thumbnail")).status_code == 404


def test_thumbnail_and_picture_are_kept_for_good(eves: FlaskClient):
    with transaction():
        small, large = blobs.put(b"RIFF small WEBP", "image/webp"), blobs.put(b"RIFF large WEBP", "image/webp")
    asset = factories.asset(factories.client(), thumbnail_blob_id=small.id, picture_blob_id=large.id)
    for kind, content in (("thumbnail", b"RIFF small WEBP"), ("picture", b"RIFF large WEBP")):
        answer = eves.get(f"/assets/{asset.id}/{kind}?v=1")
        assert (answer.data, answer.content_type) == (content, "image/webp")
        assert "immutable" in answer.headers["Cache-Control"]


def test_an_empty_range_of_an_empty_file_is_refused(eves: FlaskClient):
    url = served(b"", "txt")
    assert eves.get(url).data == b""
    assert eves.get(url, headers={"Range": "bytes=0-"}).status_code == 416


SCRIPT = b"fetch('/ran',{method:'POST'})"
HOSTILE = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload=\"" + SCRIPT + b'"><script>' + SCRIPT + b"</script></svg>",
    "txt": b"<!doctype html><html><body><script>" + SCRIPT + b"</script></body></html>",
    "png": b"\x89PNG\r\n\x1a\n<html><script>" + SCRIPT + b"</script></html>",
    "pdf": b"%PDF-1.4\n<html><script>" + SCRIPT + b"</script></html>",
}
WAYS = {
    "img": "<img src='{}'>",
    "iframe": "<iframe src='{}'></iframe>",
    "object": "<object data='{}'></object>",
    "embed": "<embed src='{}'>",
}


@pytest.mark.browser
def test_hostile_files_opened_in_five_ways_run_no_script(app: Flask, eve, playwright: Playwright):
    ran: list[str] = []

    def site(environ, start_response):
        """Slate, and beside it on the same origin a page without any policy and one file served the naive way."""
        path = environ["PATH_INFO"]
        if path == "/ran":
            ran.append(path)
        elif path == "/naive.svg":
            start_response("200 OK", [("Content-Type", "image/svg+xml")])
            return [HOSTILE["svg"]]
        elif path == "/lure":
            start_response("200 OK", [("Content-Type", "text/html")])
            return [unquote(environ["QUERY_STRING"]).encode()]
        else:
            return app(environ, start_response)
        start_response("204 No Content", [])
        return []

    urls = [f"{served(content, form)}?inline=1" for form, content in HOSTILE.items()]
    server = make_server("127.0.0.1", 0, site, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    try:
        origin = f"http://127.0.0.1:{server.server_port}"
        context = chromium.new_context(base_url=origin)
        context.add_cookies(
            [
                {
                    "name": "slate_session",
                    "value": sign_ins.begin(eve, address="127.0.0.1", user_agent="test"),
                    "url": origin,
                }
            ]
        )
        page = context.new_page()
        for url in urls:
            with contextlib.suppress(Error):  # a download is an aborted navigation
                page.goto(url)
            for markup in WAYS.values():
                page.goto(f"/lure?{quote(markup.format(url))}")
                page.wait_for_timeout(120)
        assert ran == []
        page.goto(f"/lure?{quote(WAYS['iframe'].format('/naive.svg'))}")
        page.wait_for_timeout(500)
        assert ran, "the control: the same drawing served the naive way does run"
    finally:
        chromium.close()
        server.shutdown()
        server.server_close()
        serving.join()
