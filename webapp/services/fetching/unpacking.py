"""Bodies that come compressed although that was not asked for: unpacked piece by piece, within the size of one file."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from webapp.errors import FetchRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PIECE_BYTES = 256 * 1024
MAX_LAYERS = 3
_KNOWN = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "x-deflate": "deflate"}
_GZIP_MARK = b"\x1f\x8b"


def known_codings(header: str) -> list[str]:
    """Read Content-Encoding: the codings that can be unpacked, in the order they were applied; others say nothing.

    Names such as "utf-8" and "aws-chunked" stand there on files that are not packed at all; browsers ignore them.
    """
    words = (word.strip().lower() for word in header.split(","))
    return [_KNOWN[word] for word in words if word in _KNOWN]


def unpacked(
    chunks: Iterator[bytes], codings: list[str], max_bytes: int, too_large: Callable[[], FetchRefused]
) -> Iterator[bytes]:
    """Yield the body unpacked, at most 256 KB at a time.

    Raises what `too_large` makes when any layer grows over `max_bytes`: what counts is what comes out, so that a few
    kilobytes cannot become gigabytes. Raises FetchRefused for bytes that cannot be unpacked or end too early.
    """
    if len(codings) > MAX_LAYERS:
        raise _damaged("several times over")
    for coding in reversed(codings):
        chunks = _Layer(coding, max_bytes, too_large).unpack(chunks)
    return chunks


class _Layer:
    """Take off one layer of packing."""

    def __init__(self, coding: str, max_bytes: int, too_large: Callable[[], FetchRefused]) -> None:
        self._coding = coding
        self._left_bytes = max_bytes
        self._too_large = too_large
        self._engine: zlib._Decompress | None = None
        self._is_done = False

    def unpack(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        waiting = b""
        for chunk in chunks:
            waiting += chunk
            while engine := self._engine or self._begun(waiting):
                piece, waiting = self._piece(engine, waiting)
                if piece:
                    yield piece
                if not waiting and len(piece) < PIECE_BYTES:  # a full piece may have more behind it
                    break
            if self._engine is None and len(waiting) >= len(_GZIP_MARK):
                return  # padding behind the end
        if self._engine is not None or (waiting and not self._is_done):
            raise FetchRefused(
                "The connection was cut off before the file was complete.",
                permanent=False,
                hint="Try again, or upload the file.",
            )

    def _begun(self, data: bytes) -> zlib._Decompress | None:
        """Begin with what is packed here: the body, or the next of several files that were packed and then joined."""
        is_next = self._coding == "gzip" and data.startswith(_GZIP_MARK)
        if len(data) >= len(_GZIP_MARK) and (is_next or not self._is_done):
            self._engine = _engine(self._coding, data)
        return self._engine

    def _piece(self, engine: zlib._Decompress, data: bytes) -> tuple[bytes, bytes]:
        """Unpack at most 256 KB; returns them and what is still packed."""
        try:
            piece = engine.decompress(data, PIECE_BYTES)
        except zlib.error:
            raise _damaged(self._coding) from None
        self._left_bytes -= len(piece)
        if self._left_bytes < 0:
            raise self._too_large()
        if engine.eof:
            self._engine, self._is_done = None, True
            return piece, engine.unused_data
        return piece, engine.unconsumed_tail


def _engine(coding: str, head: bytes) -> zlib._Decompress:
    """Make what unpacks a layer: "deflate" means zlib (RFC 9110 §8.4.1.2), but many servers send it without a head."""
    if coding == "gzip":
        return zlib.decompressobj(16 + zlib.MAX_WBITS)
    has_head = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_head else -zlib.MAX_WBITS)


def _damaged(coding: str) -> FetchRefused:
    return FetchRefused(
        f"The server says that the file is compressed ({coding}), but it cannot be unpacked.",
        permanent=False,
        hint="Upload the file.",
    )
