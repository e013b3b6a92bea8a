"""The head of an answer, mended as browsers do: one odd line costs itself and not the file.

h11 refuses a whole answer for a line that is no header. Servers send such lines, browsers skip them, and the person who
pasted the link has no say in it. What decides where the body ends is never guessed: lengths that differ stay refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpcore2

if TYPE_CHECKING:
    import ssl

MAX_HEAD_BYTES = 96 * 1024
"""h11 takes 100 KB; browsers take 256 KB, honest servers send a few."""
_READ_BYTES = 64 * 1024
_STATUS = re.compile(rb"(?:HTTP/(\d)(?:\.(\d))?|ICY)[ \t]+(\d{3})(?!\S)", re.IGNORECASE)
_END = re.compile(rb"\n\r*\n")
_NAME = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_UNSAYABLE = re.compile(rb"[\x00\r\x0b\x0c]")
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_SWITCHING = 101


class MendedStream(httpcore2.NetworkStream):
    """Read the head of the one answer of a connection, hand it on mended, and everything after it as it comes.

    Interim answers (1xx) are left out. A first line that is no HTTP ends it at once, a head over the limit as well.
    """

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream
        self._ready = b""
        self._is_in_body = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read up to `max_bytes`; raises RemoteProtocolError when there is no head of an answer."""
        if not self._is_in_body:
            self._ready = self._head(timeout)
            self._is_in_body = True
        if self._ready:
            piece, self._ready = self._ready[:max_bytes], self._ready[max_bytes:]
            return piece
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of `buffer`."""
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Shake hands; what comes after it is mended."""
        return MendedStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Ask the connection below."""
        return self._stream.get_extra_info(info)

    def _head(self, timeout: float | None) -> bytes:
        """Read up to the end of the final head; returns it mended, with what came of the body."""
        received = bytearray()
        while True:
            del received[: len(received) - len(received.lstrip(b"\r\n"))]
            if b"\n" in received and not _STATUS.match(received):
                raise httpcore2.RemoteProtocolError("the first line is not HTTP")
            if end := _END.search(received):
                head, rest = bytes(received[: end.start()]), bytes(received[end.end() :])
                if _is_final(head):
                    return mend(head) + rest
                received = bytearray(rest)
                continue
            if len(received) > MAX_HEAD_BYTES:
                raise httpcore2.RemoteProtocolError("the head is too long")
            piece = self._stream.read(_READ_BYTES, timeout)
            if not piece:
                return bytes(received)  # h11 says that this is no answer
            received += piece


def mend(head: bytes) -> bytes:
    """Write the head of an answer so that a strict reader takes it; `head` is without its empty line.

    Kept is each header with a name and a sayable value; blanks before its colon and folds go, other lines are dropped.
    A length beside chunks says nothing (RFC 9112 §6.3). Raises RemoteProtocolError when there is no status.
    """
    first, *lines = [line.rstrip(b"\r") for line in head.split(b"\n")]
    status = _STATUS.match(first)
    if status is None:
        raise httpcore2.RemoteProtocolError("the first line is not HTTP")
    version = b"1.1" if status[1] and (status[1], status[2]) != (b"1", b"0") else b"1.0"
    fields = [*_without_lengths_beside_chunks(_fields(lines))]
    return b"".join((b"HTTP/%b %b\r\n" % (version, status[3]), *(b"%b: %b\r\n" % field for field in fields), b"\r\n"))


def _fields(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    fields: list[tuple[bytes, bytes]] = []
    is_kept = False
    for line in lines:
        if line[:1] in (b" ", b"\t"):  # the rest of the line before, as old mail programs fold
            if is_kept:
                name, value = fields[-1]
                fields[-1] = (name, (value + b" " + line.strip(b" \t")).strip(b" "))
            continue
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t")
        is_kept = bool(colon and _NAME.fullmatch(name))
        if is_kept:
            fields.append((name, value.strip(b" \t")))
    return [(name, value) for name, value in fields if name.lower() in _FRAMING or not _UNSAYABLE.search(value)]


def _without_lengths_beside_chunks(fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Say once how the body ends: chunked however often it was said, "identity" and empty values not at all."""
    values = [value for name, value in fields if name.lower() == b"transfer-encoding"]
    codings = {coding.strip().lower() for value in values for coding in value.split(b",")} - {b"", b"identity"}
    ends = {b"transfer-encoding"} | ({b"content-length"} if codings == {b"chunked"} else set())
    kept = [
        (name, value)
        for name, value in fields
        if name.lower() not in ends and not (name.lower() == b"content-length" and not value)
    ]
    return [*kept, (b"Transfer-Encoding", b", ".join(sorted(codings)))] if codings else kept


def _is_final(head: bytes) -> bool:
    status = _STATUS.match(head)
    return status is None or int(status[3]) >= 200 or int(status[3]) == _SWITCHING
