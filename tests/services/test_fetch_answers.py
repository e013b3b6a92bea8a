"""How servers answer: odd heads, packed bodies, cookies on the way, and what comes in place of a file."""

from __future__ import annotations

import gzip
import json
import ssl
import zlib

import h11
import pytest

from tests.services.fetching import LINK, PNG, answering, fetched, refused
from tests.services.harbour import TLS, Server, answer

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(PNG)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
IN_CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PNG), PNG)


def packed(content: bytes, level: int = 9) -> bytes:
    """Gzip without the time of day, so that all processes of a run name a test alike."""
    return gzip.compress(content, level, mtime=0)


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


# Heads

ODD_LINES = (
    b"this line has no colon",
    b"X Bad Header : yes",
    b": no name",
    b":",
    b"X-\xe4: name",
    b"(comment): x",
    b"X-Nul: a\0b",
    b"X-Return: a\rb",
    b"X-Feed: a\x0cb",
    b" begins with a blank",
    b"\tbegins with a tab",
    b"X[1]: brackets",
    b"<html>: tag",
    b"HTTP/1.1 200 OK",
    b"X-Name\xc2\xa0: blank that is none",
    b"\x00",
    b"X@Y: at",
    b'"X": quoted',
    b"=====",
    b"X-Long" + b"g" * 9000,
)
GOOD_HEADS = (
    b"HTTP/1.1 200\r\n" + LENGTH,
    b"HTTP/1.1  200  OK\r\n" + LENGTH,
    b"HTTP/1.1\t200 OK\r\n" + LENGTH,
    b"http/1.1 200 OK\r\n" + LENGTH,
    b"HTTP/2 200\r\n" + LENGTH,
    b"HTTP/1.0 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"ICY 200 OK\r\n",
    b"HTTP/1.1 200 Gr\xfc\xdfe \x00\r\n" + LENGTH,
    b"\r\n\r\nHTTP/1.1 200 OK\r\n" + LENGTH,
    OK + LENGTH + LENGTH,
    OK + b"Content-Length: %d, %d\r\n" % (len(PNG), len(PNG)),
    OK + b"Content-Length : %d\r\n" % len(PNG),
    OK + b"Content-Length:%d   \r\n" % len(PNG),
    OK + b"Content-Length:\r\n",
    OK + b"X-Folded: a\r\n  b\r\n\tc\r\n" + LENGTH,
    OK + b"X-Latin: Gr\xfcn\r\nX-Control: \x01\x02\r\n" + LENGTH,
    OK + b"Transfer-Encoding: identity\r\n" + LENGTH,
    OK + b"X: \r\n" * 500 + LENGTH,
    b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nodd\r\n\r\n" * 3 + OK + LENGTH,
    b"HTTP/1.1 100 Continue\r\n\r\n" + OK + LENGTH,
)


@pytest.mark.parametrize("line", ODD_LINES)
def test_one_odd_line_costs_itself_and_not_the_file(tmp_path, line):
    for head in (OK + line + b"\r\n" + LENGTH, OK + LENGTH + b"X: y\r\n" + line + b"\r\n", OK + line + b"\n" + LENGTH):
        with answering(head + b"Content-Disposition: inline; filename=a.png\r\n\r\n" + PNG) as server:
            got = fetched(server, tmp_path)
        assert (got.size_bytes, got.file_name_hint) == (len(PNG), "a.png")


def test_the_strict_reader_alone_refuses_odd_lines():
    """Control: h11, which reads what we mended, refuses nearly all of these answers whole."""
    refusals = 0
    for line in ODD_LINES:
        connection = h11.Connection(h11.CLIENT)
        connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
        connection.receive_data(OK + line + b"\r\n" + LENGTH + b"\r\n")
        try:
            connection.next_event()
        except h11.RemoteProtocolError:
            refusals += 1
    assert refusals >= len(ODD_LINES) - 2


@pytest.mark.parametrize("head", GOOD_HEADS)
def test_heads_that_browsers_take_are_taken(tmp_path, head):
    for whole in (head + b"\r\n", head.replace(b"\r\n", b"\n") + b"\n", head.replace(b"\r\n", b"\r\r\n") + b"\r\n"):
        with answering(whole + PNG) as server:
            assert fetched(server, tmp_path).size_bytes == len(PNG)


@pytest.mark.parametrize(
    "head",
    [
        CHUNKED,
        CHUNKED + LENGTH,
        LENGTH + CHUNKED,
        CHUNKED + b"Content-Length: 5\r\n",
        CHUNKED + CHUNKED,
        b"Transfer-Encoding: Chunked\r\n",
        b"Transfer-Encoding: identity, chunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
    ],
)
def test_chunks_end_a_body_whatever_else_is_said(tmp_path, head):
    with answering(OK + head + b"\r\n" + IN_CHUNKS) as server:
        assert fetched(server, tmp_path).size_bytes == len(PNG)


@pytest.mark.parametrize(
    "head",
    [
        OK + LENGTH + b"Content-Length: 5\r\n",
        OK + b"Content-Length: 5, 6\r\n",
        OK + b"Content-Length: abc\r\n",
        OK + b"Content-Length: -5\r\n",
        OK + b"Content-Length: 0x10\r\n",
        OK + b"Content-Length: 5\r\n 0\r\n",
        OK + b"Content-Length: 5\x000\r\n",
        OK + b"Transfer-Encoding: gzip, chunked\r\n",
        OK + b"Transfer-Encoding: chunked\x00\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 2000 OK\r\n",
        b"HTTP/1.1 OK\r\n",
        b"<html>\r\n",
        OK + b"X: " + b"y" * 200_000 + b"\r\n",
    ],
)
def test_what_leaves_the_end_of_the_body_open_is_refused(tmp_path, head):
    with answering(head + b"\r\n" + PNG) as server:
        assert "not valid HTTP" in refused(server, tmp_path).message


# Packed bodies


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", packed(PNG)),
        ("GZIP", packed(PNG)),
        ("x-gzip", packed(PNG)),
        ("gzip, identity", packed(PNG)),
        ("gzip", packed(PNG[:20]) + packed(PNG[20:])),
        ("gzip", packed(PNG) + b"\0" * 512),
        ("deflate", zlib.compress(PNG)),
        ("deflate", raw_deflate(PNG)),
        ("gzip, gzip", packed(packed(PNG))),
        ("deflate, gzip", packed(zlib.compress(PNG))),
        *(
            (coding, PNG)
            for coding in (
                "",
                "identity",
                "none",
                "utf-8",
                "UTF-8",
                "aws-chunked",
                "binary",
                "br",
                "zstd",
                "image/png",
                ", ,",
            )
        ),
    ],
)
def test_packed_files_are_unpacked_and_other_codings_say_nothing(tmp_path, coding, body):
    for head in (LENGTH.replace(b"%d" % len(PNG), b"%d" % len(body)), b""):
        with answering(OK + head + f"Content-Encoding: {coding}\r\n\r\n".encode() + body) as server:
            got = fetched(server, tmp_path)
        assert got.path.read_bytes() == PNG
        got.path.unlink()


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("gzip", packed(PNG + b"\0" * 5_000_000), "larger than"),
        ("gzip, gzip", packed(packed(b"\0" * 50_000_000, 1)), "larger than"),
        ("gzip, gzip, gzip", packed(packed(packed(b"\0" * 50_000_000, 1))), "larger than"),
        ("gzip, gzip, gzip, gzip", b"x", "several times over"),
        ("gzip", PNG, "compressed (gzip)"),
        ("deflate", PNG, "compressed (deflate)"),
        ("gzip", packed(PNG)[:-9], "cut off before the file was complete"),
        ("gzip", packed(b"<!doctype html><title>Sign in</title>"), "Sign in"),
        ("br", b"\x0b\x02\x80\x03", "compressed in a way that Slate cannot unpack (br)"),
        ("gzip", b"", "empty"),
    ],
)
def test_packed_bodies_end_at_the_size_of_a_file(tmp_path, coding, body, words):
    with answering(answer(body, Content_Encoding=coding)) as server:
        assert words in refused(server, tmp_path).message


# Cookies


def to(where: str, *cookies: str) -> bytes:
    lines = "".join(f"Set-Cookie: {cookie}\r\n" for cookie in cookies)
    return f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {where}\r\n{lines}\r\n".encode("latin-1")


@pytest.mark.parametrize(
    "cookie",
    [
        "seen=1",
        "seen=1; Path=/",
        "seen=1; HttpOnly; SameSite=None",
        "FedAuth=77u/PD94bWw=; Path=/; HttpOnly",
        "seen=1; Max-Age=60",
        "seen=1; Expires=Wed, 01 Jan 2098 00:00:00 GMT",
        "seen=1; Domain=cdn.example.com",
        "seen=1; Domain=.example.com",
        'seen="a b"',
        "seen=a=b=c",
        "seen=",
        "seen=1;Path=/pictures",
        "seen=gr\xfcn",
        "seen=1; Priority=High; Partitioned",
    ],
)
def test_a_share_link_gets_its_cookie_back(tmp_path, cookie):
    with answering(lambda _, sent: answer(PNG) if sent else to(LINK, cookie)) as server:
        got = fetched(server, tmp_path)
        assert got.size_bytes == len(PNG)
        got.path.unlink()
        again: list[str] = []
    with answering(answer(PNG), again) as server:
        fetched(server, tmp_path)
    assert "cookie" not in again[0].lower(), "nothing is kept for the next fetch"


@pytest.mark.parametrize(
    ("cookie", "where"),
    [
        ("seen=1; Domain=.example.com", "http://other.example.com/"),
        ("seen=1; Domain=example.com", "http://example.com/"),
        ("seen=1", "http://cdn.example.com.evil.example/"),
        ("seen=1", "http://www.cdn.example.com/"),
        ("seen=1; Domain=com", "http://other.com/"),
        ("seen=1; Domain=other.example", "http://other.example/"),
        ("seen=1; Path=/private", "http://cdn.example.com/public"),
        ("seen=1; Secure", "http://cdn.example.com/b"),
        ("seen=1; Max-Age=0", "http://cdn.example.com/b"),
        ("seen=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://cdn.example.com/b"),
        ("seen=1; Domain=other.example", "http://cdn.example.com/b"),
    ],
)
def test_cookies_go_back_to_their_host_and_nowhere_else(tmp_path, cookie, where):
    seen: list[str] = []
    with answering(lambda url, _: to(where, cookie) if url == LINK else answer(PNG), seen) as server:
        fetched(server, tmp_path)
    assert len(seen) == 2
    assert "seen=1" not in seen[1]


def test_a_host_in_the_middle_neither_gets_nor_loses_a_cookie(tmp_path):
    def answers(url: str, sent: str) -> bytes:
        if url == LINK:
            return answer(PNG) if sent == "a=1; b=2" else to("http://login.example.net/", "a=1", "b=2; Path=/")
        assert sent == ""
        return to(LINK, "a=stolen; Domain=example.com")

    with answering(answers) as server:
        assert fetched(server, tmp_path).redirects == (LINK, "http://login.example.net/")


def test_a_cookie_does_not_open_the_way_from_https_to_http(tmp_path):
    trusting = ssl.create_default_context(cafile=TLS / "certificate.pem")

    def serve(connection):
        connection.recv(65_536)
        connection.sendall(to("http://cdn.example.com/", "a=1"))

    with Server(serve, tls=True) as server:
        refusal = refused(server, tmp_path, url="https://cdn.example.com/a", tls=trusting)
    assert "insecure" in refusal.message
    assert server.served == 1


def test_the_same_question_twice_is_a_circle_and_new_cookies_end_too(tmp_path):
    with answering(to(LINK)) as server:
        assert "circle" in refused(server, tmp_path).message
        assert server.served == 1
    count = iter(range(100))
    with answering(lambda *_: to(LINK, f"n={next(count)}")) as server:
        assert "more than 5 times" in refused(server, tmp_path).message
        assert server.served == 6


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        (b"/Gr\xfcn.png", "/Gr%FCn.png"),
        ("/Grün.png".encode(), "/Gr%C3%BCn.png"),
        (b"/a b.png", "/a%20b.png"),
        (b"b.png?x=|", "/pictures/b.png?x=|"),
        (b"//cdn.example.com/b.png#part", "/b.png"),
        ("http://bücher.example/".encode(), "/"),
        (b"?sig=a%2Fb", "/pictures/logo.png?sig=a%2Fb"),
    ],
)
def test_a_redirect_is_followed_in_the_bytes_it_was_written(tmp_path, location, asked):
    seen: list[str] = []
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
    with answering(lambda url, _: head + location + b"\r\n\r\n" if url == LINK else answer(PNG), seen) as server:
        fetched(server, tmp_path)
    assert seen[1].split(" ")[1] == asked


# What comes in place of a file


@pytest.mark.parametrize(
    ("body", "more", "words"),
    [
        (b"<!doctype html><title>\n Sign in &amp; go\n</title>", {}, "a web page, not a file: “Sign in & go”."),
        (b"\xef\xbb\xbf <HTML><body>x", {"Content_Type": "image/png"}, "a web page, not a file."),
        (b"<!-- x --><html><head><title lang=en>Login</title>", {}, "“Login”"),
        ("<!DOCTYPE html><title>Grün</title>".encode("utf-16"), {}, "a web page, not a file: “Grün”."),
        (b"<h1>404 Not Found</h1>", {"Content_Type": "text/html; charset=utf-8"}, "a web page, not a file."),
        (b'{"error": "not found"}', {}, "JSON for programs, not a file: “not found”."),
        (b' {"error": {"code": 403, "message": "No access"}}\n', {"Content_Type": "image/png"}, "“No access”"),
        (b'{"errors": [{"title": "Gone"}]}', {}, "“Gone”"),
        (b'[{"detail": "x"}]', {}, "JSON for programs, not a file: “x”."),
        (b'{"ok": false}', {}, "JSON for programs, not a file."),
        (b"{}", {}, "JSON for programs"),
        (b"[]", {}, "JSON for programs"),
        (b')]}\'\n{"error": "x"}', {}, "JSON for programs"),
        (b'{"a": 1}\n{"a": 2}\n', {}, "JSON for programs"),
        (b'{"message": "cut o', {"Content_Type": "application/problem+json"}, "JSON for programs"),
        (b"[" * 3000 + b"]" * 3000, {"Content_Type": "application/json"}, "JSON for programs"),
        (json.dumps({"message": "x" * 500}).encode(), {}, "x…”."),
        (
            b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
            {},
            "XML for programs, not a file: “AccessDenied”.",
        ),
        (b"<Error><Message>No such key</Message></Error>", {}, "“No such key”"),
    ],
)
def test_answers_that_are_no_file_are_named_with_their_own_words(tmp_path, body, more, words):
    with answering(answer(body, **more)) as server:
        refusal = refused(server, tmp_path)
    assert words in refusal.message
    assert refusal.hint


@pytest.mark.parametrize("text", ["[Verse 1]\nCold brew", "{not json}", "Brief: [1] logo", "12", '"quoted"'])
def test_texts_that_only_look_like_json_are_taken(tmp_path, text):
    with answering(answer(text.encode(), Content_Type="text/plain")) as server:
        assert fetched(server, tmp_path).sniffed.format == "txt"
