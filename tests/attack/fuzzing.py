"""Requests that nobody would make, to every route, from a seed; what matters is that none of them breaks anything."""

# ruff: noqa: E501 - rows of odd values, each row of one kind
from __future__ import annotations

import io
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

TEMPLATES = Path(__file__).parents[2] / "webapp" / "templates"
FIELD = re.compile(r'name="([a-z_]+)"')
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW")

TEXTS = (
    "", " ", "0", "1", "-1", "true", "null", "NaN", "Infinity", "1e999", "9" * 40, "-" + "9" * 400, "0x10", "1_000",
    "\0", "a\0b", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "\u2028", "\x1b[31m", "\x7f", "é" * 5000, "🦊" * 300,
    "a" * 70_000, "<script>", "{{7*7}}", "%s%n%d", "'; drop table users--", "../../etc/passwd", "%00", "%ff%fe", "٣", "²",
    "2026-02-30", "2026-11-29T25:61:61Z", "0000-00-00", "9999-12-31T23:59:59Z", "10000-01-01", "-0001-01-01",
    "http://[", "http://a:99999999/", "javascript:x", "//x", "http://\udcff/", "#12", "#gggggg", "#ffffff",
    "draft", "approve", "approved", "admin", "16:9", "en", "redo", "image", "a@b", "a@b.example", "on", "ada@example.com",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**30, 10**400, 1.5, -0.0, 1e308, [], {}, [[]], [None], {"": {}}, [{}],
    {"a": [1, "b", None]}, ["a"] * 200, [1] * 2000, {"a": {"a": {"a": {"a": {}}}}}, *TEXTS,
)  # fmt: skip
BODIES = (
    b"", b"{", b"[]", b"null", b"\x00", b"\xff\xfe{}", b'"', b"[" * 20_000, b'{"a":' * 5000, b'{"a":1,"a":2}', b"{} {}", b"\xef\xbb\xbf{}",
    b'{"name":"\\ud800"}', b'{"x":NaN}', b'{"x":1e999}', b"a=b", b"%", b"&&=&=", b"a=%zz&b=%ff", b"=" * 5000, bytes(range(256)),
)  # fmt: skip
TYPES = (
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=b", "multipart/form-data; boundary=\xff", "multipart/form-data; boundary=" + "b" * 500,
    "text/plain", "", ";", "application/json; charset=utf-16", "application/x-www-form-urlencoded; charset=nothing",
    "application/merge-patch+json", "image/png", "*/*", "a/b/c", "multipart/mixed; boundary=b",
)  # fmt: skip
HEADERS = {
    "Range": ("bytes=", "bytes=0-", "bytes=-0", "bytes=5-1", "bytes=0-0,2-3", "bytes=99999999999999999999-", "items=0-1", "bytes=a-b", "\xff"),
    "If-Range": ("", '"x"', "Sun, 99 Foo 2026 00:00:00 GMT", "\xff"),
    "If-Match": ("", "*", "1", '"1"', 'W/"1"', '"9999999999999999999999"', '"-1"', '"a", "b"', '"\xff', '"\u00b2"', '"1e3"'),
    "If-None-Match": ("", "*", '"', 'W/"', '"a', ",,,", "\xff"),
    "If-Modified-Since": ("", "yesterday", "Thu, 01 Jan 0000 00:00:00 GMT", "9" * 50),
    "Accept": ("", "*/*", "application/json;q=x", "text/html;q=9e99", ",", "\xff", "a" * 3000),
    "Accept-Language": ("", "de", "xx-" + "a" * 300, "\xff", "*;q=-1"),
    "Accept-Encoding": ("", "br;q=x", "\xff"),
    "Content-Length": ("-1", "0", "5", "999999999", "a", "", "1e3", "+5", "\u00b2"),
    "Content-Encoding": ("gzip", "nothing"),
    "Transfer-Encoding": ("chunked", "nothing"),
    "Idempotency-Key": ("", "k", "k" * 201, "\0", "\xff", " ", "k" * 200),
    "Host": ("", "a", "a:b", "a:999999", "[::1", "[::1]:80", "\xff", "a b", "user@a", "a" * 300, "a,b", "../x", "localhost:0"),
    "Origin": ("null", "http://[", "\xff", "http://localhost:x", "a" * 3000),
    "Referer": ("http://[", "\xff", "javascript:x"),
    "Sec-Fetch-Site": ("same-origin", "none", "cross-site", "\xff", ""),
    "Authorization": ("Bearer", "Bearer ", "Bearer \xff", "Basic =", "Basic \xff", "bearer slate_" + "x" * 5000, "Digest a=b", "\0"),
    "X-API-Key": ("", "slate_", "\xff", "\0"),
    "Cookie": ("slate_session=", "slate_session=\xff", "=;=;", "slate_notes=.eJw.x.y", "slate_notes=\xff", "a" * 9000, 'slate_session="\\777"'),
    "X-Forwarded-For": ("", "\xff", "1.2.3.4, nonsense", "::1%eth0", "a" * 3000),
    "X-Forwarded-Proto": ("ftp", "\xff"),
    "X-Forwarded-Host": ("\xff", "a:b:c"),
    "HX-Request": ("true", "\xff"),
    "HX-Target": ("\xff", "x" * 3000),
    "HX-Current-URL": ("http://[", "\xff", "http://localhost/jobs/x?a=\xff"),
    "Prefer": ("wait=0", "respond-async, wait=0", "wait=" + "9" * 9 + ", respond-async", "respond-async; a=\xff", "wait=\u00b2, respond-async"),
    "User-Agent": ("", "\xff" * 500, "a" * 5000),
    "Expect": ("100-continue", "x"),
    "Content-Disposition": ("form-data", "\xff"),
}  # fmt: skip
PARTS = (
    b'Content-Disposition: form-data; name="NAME"\r\n\r\nVALUE',
    b'Content-Disposition: form-data; name="NAME"; filename=""\r\n\r\nVALUE',
    b'Content-Disposition: form-data; name="NAME"; filename=""\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\nVALUE',
    b'Content-Disposition: form-data; name="NAME"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\nVALUE',
    b'Content-Disposition: form-data; name="NAME"; filename="\x00/../\xff.txt"\r\n\r\nVALUE',
    b"Content-Disposition: form-data; name=\"NAME\"; filename*=UTF-8''%ff%00\r\n\r\nVALUE",
    b"Content-Disposition: form-data; name=\"NAME\"; filename*=nothing''a\r\n\r\nVALUE",
    b'Content-Disposition: form-data; name=""; filename="x"\r\n\r\nVALUE',
    b"Content-Disposition: form-data\r\n\r\nVALUE",
    b'Content-Disposition: form-data; filename="a.txt"\r\n\r\nVALUE',
    b'Content-Disposition: form-data; filename=""\r\n\r\nVALUE',
    b'Content-Disposition: attachment; name="NAME"\r\n\r\nVALUE',
    b'Content-Type: text/plain; charset=nothing\r\nContent-Disposition: form-data; name="NAME"\r\n\r\nVALUE',
    b'Content-Disposition: form-data; name="NAME"\r\nContent-Transfer-Encoding: base64\r\n\r\nVALUE',
    b"VALUE",
    b'Content-Disposition: form-data; name="NAME"; filename="a.txt"\r\n\r\n',
    b'Content-Disposition: form-data; name="NAME"; filename="' + b"a" * 5000 + b'.txt"\r\n\r\nsome words of a brief',
)
BOUNDARIES = (
    (b"--b\r\n", b"\r\n--b--\r\n"), (b"--b\r\n", b""), (b"", b"\r\n--b--"), (b"--b\n", b"\n--b--\n"), (b"--c\r\n", b"\r\n--c--\r\n"),
)  # fmt: skip


@dataclass
class Request:
    """One request as the web server hands it over."""

    method: str
    path: bytes
    query: str
    headers: dict[str, str]
    body: bytes
    who: str

    def environ(self, number: int) -> dict[str, Any]:
        found = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": self.path.decode("latin-1"),
            "QUERY_STRING": self.query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.input_terminated": True,
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "CONTENT_LENGTH": str(len(self.body)),
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            text = value.encode("utf-8", "surrogatepass").decode("latin-1") if not value.isascii() else value
            found[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
        return found

    def __str__(self) -> str:
        headers = {name: value[:80] for name, value in self.headers.items() if name not in ("Cookie", "Authorization")}
        return f"{self.who}: {self.method} {self.path!r}?{self.query[:200]} {headers} {self.body[:300]!r}"


class Fuzz:
    """Make requests up: `ids` by name of the argument, `people` by kind with the headers that let them in."""

    def __init__(self, app, seed: int, ids: dict[str, list[str]], people: dict[str, dict[str, str]], document) -> None:
        self.random = random.Random(seed)
        self.ids, self.people = ids, people
        self.rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods)))
        self.names = sorted({name for path in TEMPLATES.rglob("*.html") for name in FIELD.findall(path.read_text())})
        self.bodies = _examples(document)

    def make(self) -> Request:
        chance = self.random.random
        rule = self.random.choice(self.rules)
        if chance() < 0.05:
            rule = self.random.choice([each for each in self.rules if each.rule.endswith("/assets")])
        method = self.random.choice(METHODS) if chance() < 0.1 else self.random.choice(sorted(rule.methods))
        who = self.random.choice(sorted(self.people))
        if rule.rule.startswith("/review/") and chance() < 0.5:
            who = "a guest"
        elif rule.rule.startswith("/api/") and chance() < 0.4:
            who = self.random.choice(("a program of a reviewer", "a program of an admin"))
        headers = {"Prefer": "respond-async", "Sec-Fetch-Site": "same-origin", **self.people[who]}
        body = b""
        if method not in ("GET", "HEAD", "OPTIONS", "TRACE"):
            body, headers["Content-Type"] = self._body(rule, method)
        while chance() < 0.35:
            name = self.random.choice(sorted(HEADERS))
            headers[name] = self.random.choice(HEADERS[name])
        if chance() < 0.2:
            headers["HX-Request"] = "true"
        return Request(method, self._path(rule), self._query(), headers, body, who)

    def _path(self, rule) -> bytes:
        def argument(found: re.Match[str]) -> str:
            name = found[1].rpartition(":")[2]
            if self.random.random() < 0.75 and name in self.ids:
                return self.random.choice(self.ids[name])
            if self.random.random() < 0.5:
                return self.random.choice(self.ids[self.random.choice(sorted(self.ids))])
            return self.random.choice(TEXTS)[:2000]

        path = re.sub(r"<([^>]+)>", argument, rule.rule)
        if self.random.random() < 0.03:
            path += self.random.choice(("/", "//", "%", "?", "/../", "\xff"))
        return path.encode("utf-8", "surrogatepass")

    def _query(self) -> str:
        if self.random.random() < 0.6:
            return ""
        known = [
            *self.names,
            "page",
            "q",
            "after",
            "v",
            "as",
            "inline",
            "with",
            "limit",
            "cursor",
            "kind",
            "next",
            "version",
        ]
        pairs = [(self.random.choice(known), self._text()[:3000]) for _ in range(self.random.randint(1, 3))]
        query = urlencode(pairs, errors="surrogatepass")
        return query if self.random.random() < 0.9 else query + self.random.choice(("&%", "&=", "&\xff", ";;"))

    def _text(self) -> str:
        if self.random.random() < 0.3:
            return self.random.choice(self.ids[self.random.choice(sorted(self.ids))])
        return self.random.choice(TEXTS)

    def _body(self, rule, method) -> tuple[bytes, str]:
        way = self.random.random()
        if way < 0.1:
            return self.random.choice(BODIES), self.random.choice(TYPES)
        if way < (0.6 if rule.rule.endswith("assets") else 0.2):
            return self._parts(), "multipart/form-data; boundary=b"
        if rule.rule.startswith("/api/") and way < 0.95:
            return self._json(rule, method), "application/json"
        pairs = [(self.random.choice(self.names), self._text()) for _ in range(self.random.randint(0, 12))]
        return urlencode(pairs, errors="surrogatepass").encode("ascii"), "application/x-www-form-urlencoded"

    def _json(self, rule, method) -> bytes:
        """Return an example of the document with something odd in it, or something odd altogether."""
        key = method, re.sub(r"<(?:[^:>]+:)?([^>]+)>", "{}", rule.rule)
        value = json.loads(json.dumps(self.random.choice(self.bodies.get(key) or [{}])))
        if self.random.random() < 0.2:
            value[self.random.choice(self.names)] = self.random.choice(VALUES)
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 4))):
            value = self._spoilt(value)
        return json.dumps(value).encode("utf-8", "surrogatepass")

    def _spoilt(self, value: Any) -> Any:
        if isinstance(value, dict) and value and self.random.random() < 0.9:
            name = self.random.choice(sorted(value))
            return value | {name: self._spoilt(value[name])}
        if isinstance(value, list) and value and self.random.random() < 0.7:
            return [self._spoilt(value[0]), *value[1:]]
        return self.random.choice((self.random.choice(VALUES), self._text()))

    def _parts(self) -> bytes:
        """Return parts of a form: often a client's id and a file with something odd, sometimes nothing but odd."""
        if self.random.random() < 0.4:
            client = b'Content-Disposition: form-data; name="clientId"\r\n\r\n' + self.ids["client_id"][0].encode()
            content = self.random.choice((b"", b"words", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-1.7", bytes(300)))
            part = self.random.choice(PARTS).replace(b"NAME", b"file").replace(b"VALUE", content)
            return b"--b\r\n" + b"\r\n--b\r\n".join(self.random.sample([client, part], 2)) + b"\r\n--b--\r\n"
        start, end = self.random.choice(BOUNDARIES) if self.random.random() < 0.3 else BOUNDARIES[0]
        names = [*self.names, "file", "file", "file", "clientId", "type", "name", "links", "choose"]
        parts = []
        for _ in range(self.random.randint(1, 4)):
            name = quote_from_bytes(self.random.choice(names).encode()).encode()
            part = self.random.choice(PARTS).replace(b"NAME", name)
            parts.append(part.replace(b"VALUE", self._text()[:500].encode("utf-8", "surrogatepass")))
        return start + (b"\r\n" + start).join(parts) + end


def _examples(document) -> dict[tuple[str, str], list[Any]]:
    """Return the bodies of the API's document: (method, path with {} for its ids) → examples."""
    found: dict[tuple[str, str], list[Any]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = isinstance(operation, dict) and operation.get("requestBody", {}).get("content", {})
            for kind in (content or {}).values():
                named = [each.get("value") for each in kind.get("examples", {}).values()]
                values = [value for value in (kind.get("example"), *named) if isinstance(value, dict)]
                found.setdefault((method.upper(), re.sub(r"\{[^}]+\}", "{}", path)), []).extend(values)
    return found
