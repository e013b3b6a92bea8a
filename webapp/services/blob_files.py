"""A part of a blob as a file that is open for reading, so that a web server can send it at the reader's own pace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from webapp.services import blobs
from webapp.services.chunks import CHUNK_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from webapp.models import Blob


READ_AT_ONCE_BYTES = 1024 * 1024


class BlobFile:
    """The bytes of a blob from `start` up to `stop`; holds no connection and at most one piece of 256 KB.

    The web server's main loop reads from it whenever the reader has taken what was sent before (WSGI's
    `wsgi.file_wrapper`), so a slow reader costs a piece of memory and no thread. `closed` is called once, at `close()`
    or when the file is forgotten, whichever comes first.

    Of what is at most a megabyte, which is every picture that pages show, all is read and so checked at once.

    Raises:
        Damaged: here or while reading, bytes are gone or are not those that were stored.
    """

    def __init__(self, blob: Blob, part: range, closed: Callable[[], object] = lambda: None) -> None:
        self._closed: Callable[[], object] | None = closed
        self._open, self._part = blobs.opener(blob), part
        self._at = 0
        self._piece, self._piece_at = b"", 0
        self._fill()
        if len(part) <= READ_AT_ONCE_BYTES:
            rest = self._open(part.start + len(self._piece), part.stop)
            self._piece = b"".join((self._piece, *rest)) if len(self._piece) < len(part) else self._piece

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, fewer at the end of a piece, none at the end of the file."""
        self._fill()
        start = self._at - self._piece_at
        found = self._piece[start:] if size < 0 else self._piece[start : start + size]
        self._at += len(found)
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a byte of the part."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._part)}[whence]
        return self._at

    def tell(self) -> int:
        """Return which byte of the part comes next."""
        return self._at

    def seekable(self) -> bool:
        """Say that `seek` works."""
        return True

    def close(self) -> None:
        """Let go of the piece and of whatever was held for this file."""
        self._piece = b""
        if (closed := self._closed) is not None:
            self._closed = None
            closed()

    def __del__(self) -> None:
        self.close()

    def _fill(self) -> None:
        """Have the piece that holds the next byte."""
        if self._piece_at <= self._at < self._piece_at + len(self._piece) or self._at >= len(self._part):
            return
        start = self._part.start + self._at
        stop = min(self._part.stop, (start // CHUNK_BYTES + 1) * CHUNK_BYTES)
        self._piece, self._piece_at = next(self._open(start, stop)), self._at
