"""Answer with the bytes of a blob: ranges, caching, and headers under which no file can become active content."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request
from flask_login import current_user
from werkzeug.wsgi import wrap_file

from webapp.errors import Busy
from webapp.services import blobs
from webapp.services.blob_files import BlobFile
from webapp.services.chunks import CHUNK_BYTES
from webapp.services.places import Places
from webapp.services.sniff import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask

    from webapp.models import Blob

RANGE_BYTES = 4 * 1024 * 1024
"""The most one 206 carries. Thirty slow readers of 100 MB answers stopped every server we tried; players ask again."""
LARGE_AT_ONCE = 32
"""Bodies over 4 MiB that are sent at the same time, half of them to one person: each holds a file and 256 KB."""
RETRY_SECONDS = 10
_large = Places(LARGE_AT_ONCE)
_OPEN = "slate.blob_file"
"""Where a request keeps the file that it opened, until the answer that sends it is on its way."""

CONTENT_TYPES = frozenset(each.content_type for each in FORMATS.values())
"""What may be sent at all; anything else goes out as application/octet-stream."""
INLINE = frozenset(
    FORMATS[name].content_type
    for name in ("png", "jpg", "webp", "avif", "gif", "mp4", "webm", "mp3", "wav", "ogg", "m4a", "aac")
)
"""What may be shown in place. Never svg, pdf or text: they are offered as downloads."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
}
_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,99})\s*-\s*(\d{0,99})\s*", re.IGNORECASE)


def init_app(app: Flask) -> None:
    """Close what was opened for an answer that is not sent. Call it before others ask to see answers: it goes last."""
    app.after_request(_hand_over)
    app.teardown_request(_let_go)


def _hand_over(response: Response) -> Response:
    if response.direct_passthrough:
        request.environ.pop(_OPEN, None)  # the web server closes it
    return response


def _let_go(_error: BaseException | None) -> None:
    if (file := request.environ.pop(_OPEN, None)) is not None:
        file.close()


def blob_response(blob: Blob, *, filename: str, inline: bool = False, content_type: str = "") -> Response:
    """Answer a GET or HEAD with a blob: 200, 206 for one range (at most 4 MiB), 304 or 416.

    `inline` shows it in place if its type is on the allow-list; `content_type` replaces the one stored with the bytes.
    The body is read piece by piece without the request's session.

    Raises:
        Damaged: bytes are gone or changed; a change behind the first megabyte breaks the download off instead.
        Busy: as many bodies over 4 MiB are being sent as may be, to everybody or to this person.
    """
    kind = content_type or blob.content_type
    headers = HEADERS | {
        "ETag": f'"{blob.sha256}"',
        "Content-Type": kind if kind in CONTENT_TYPES else "application/octet-stream",
        "Content-Disposition": _disposition("inline" if inline and kind in INLINE else "attachment", filename),
    }
    if request.if_none_match.contains_weak(blob.sha256):
        return Response(status=304, headers={name: value for name, value in headers.items() if name != "Content-Type"})
    span = _asked_range(blob)
    if span is not None and not span:
        return Response(status=416, headers=headers | {"Content-Range": f"bytes */{blob.size_bytes}"})
    part = span or range(blob.size_bytes)
    blobs.check(blob, part.start, part.stop)
    headers["Content-Length"] = str(len(part))
    if span:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{blob.size_bytes}"
    body = () if request.method == "HEAD" else _body(blob, part)
    return Response(body, 206 if span else 200, headers, direct_passthrough=True)


def _asked_range(blob: Blob) -> range | None:
    """Read the Range header (RFC 9110 §14): None for the whole, an empty range for one that cannot be satisfied.

    More than one range, another unit, nonsense, and a Range whose If-Range names other bytes mean the whole.
    """
    asked = request.headers.get("Range", "")
    found = _ONE_RANGE.fullmatch(asked)
    if request.method != "GET" or found is None or not (found[1] or found[2]):
        return None
    if request.headers.get("If-Range", f'"{blob.sha256}"').strip() != f'"{blob.sha256}"':
        return None
    size = blob.size_bytes
    if not found[1]:  # the last so many bytes
        start, stop = max(0, size - int(found[2])), size
    else:
        start, stop = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None  # not a range at all, says the RFC
    return range(start, min(stop, start + RANGE_BYTES)) if start < stop else range(0)


def _body(blob: Blob, part: range) -> Iterable[bytes]:
    """Open the body and read its first pieces, so that lost or changed bytes are a page and not a broken download."""
    file = BlobFile(blob, part, _place(part))
    request.environ[_OPEN] = file
    return wrap_file(request.environ, file, CHUNK_BYTES)  # type: ignore[arg-type]  # all of IO that a server needs


def _place(part: range) -> Callable[[], object]:
    """Take a place among the large bodies, if this is one, and return what gives it back. Raises Busy."""
    if len(part) <= RANGE_BYTES:
        return lambda: None
    reader = _reader()
    if not _large.take(reader):
        raise Busy(
            "Many large files are being downloaded right now.",
            retry_after=RETRY_SECONDS,
            hint="Try again when one of your downloads has ended.",
        )
    return partial(_large.give_back, reader)


def _reader() -> str:
    """Name who is counted: a person whatever keys and browsers they use, all guests of a link together."""
    if current_user.is_authenticated:
        return f"person:{current_user.id}"
    link_id = (request.view_args or {}).get("link_id")
    return f"link:{link_id}" if link_id else f"address:{request.remote_addr}"


def _disposition(kind: str, filename: str) -> str:
    """Name the file for a download: in ASCII for old programs, in UTF-8 for the others (RFC 6266)."""
    name = "".join(letter for letter in filename if letter.isprintable() and letter not in '/\\"') or "file"
    plain = name.encode("ascii", "ignore").decode().replace("%", "").strip() or "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
