"""Answer with the bytes of a blob: ranges, caching, and headers under which no file can become active content."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request

from webapp.errors import NotFound
from webapp.services import blobs
from webapp.services.sniff import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.models import Blob

RANGE_BYTES = 4 * 1024 * 1024
"""The most one 206 carries. Thirty slow readers of 100 MB answers stopped every server we tried; players ask again."""

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


def blob_response(blob: Blob, *, filename: str, inline: bool = False, content_type: str = "") -> Response:
    """Answer a GET or HEAD with a blob: 200, 206 for one range (at most 4 MiB), 304 or 416.

    `inline` shows it in place if its type is on the allow-list; `content_type` replaces the one stored with the bytes.
    The body is read piece by piece without the request's session. Raises NotFound when the bytes are gone.
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


def _body(blob: Blob, part: range) -> Iterator[bytes]:
    """Open the body and read its first piece, so that lost bytes are a page and not a broken download."""
    pieces = blobs.open_range(blob, part.start, part.stop)
    try:
        first = next(pieces, b"")
    except EOFError:
        raise NotFound(
            "The bytes of this file are gone.", hint="Restore blobs.db from a backup, or add it again."
        ) from None
    return chain((first,), pieces)


def _disposition(kind: str, filename: str) -> str:
    """Name the file for a download: in ASCII for old programs, in UTF-8 for the others (RFC 6266)."""
    name = "".join(letter for letter in filename if letter.isprintable() and letter not in '/\\"') or "file"
    plain = name.encode("ascii", "ignore").decode().replace("%", "").strip() or "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
