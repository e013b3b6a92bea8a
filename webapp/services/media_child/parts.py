"""What a picture's file holds beside pixels, and the file without it: decoders see nothing they could stumble over.

Metadata is read here, each piece on its own: one that is broken is as good as none, as it is in a browser.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field

MAX_METADATA_BYTES = 4 * 1024 * 1024
"""The longest colour profile or EXIF block that is looked at; real ones have 50 KB at most."""


class Spliced:
    """A file to read and seek in, made of bytes and of pieces (start, end) of standard input."""

    def __init__(self) -> None:
        self._pieces: list[bytes | tuple[int, int]] = []
        self._starts: list[int] = []
        self._size = self._at = 0

    def add(self, piece: bytes | tuple[int, int]) -> None:
        """Append bytes, or a piece of standard input."""
        length = len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
        if length > 0:
            self._pieces.append(piece)
            self._starts.append(self._size)
            self._size += length

    def read(self, size: int = -1) -> bytes:
        """Read from where we are, over the borders of pieces."""
        end = self._size if size is None or size < 0 else min(self._size, self._at + size)
        parts = []
        while self._at < end:
            number = self._piece_at(self._at)
            piece, offset = self._pieces[number], self._at - self._starts[number]
            wanted = end - self._at
            if isinstance(piece, bytes):
                content = piece[offset : offset + wanted]
            else:
                content = os.pread(0, min(wanted, piece[1] - piece[0] - offset), piece[0] + offset)
            if not content:
                break
            parts.append(content)
            self._at += len(content)
        return b"".join(parts)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place in the whole."""
        self._at = max(0, (0, self._at, self._size)[whence] + offset)
        return self._at

    def tell(self) -> int:
        """Return the place where the next byte is read."""
        return self._at

    def _piece_at(self, position: int) -> int:
        low, high = 0, len(self._starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._starts[middle] <= position else (low, middle)
        return low


@dataclass
class Parts:
    """Hold the file that a decoder gets and what was read beside it.

    `orientation` is EXIF's (1 to 8). `gamma` is the exponent that the file was encoded with (0.45455 for most), 0 when
    it says nothing; `chromaticities` are x and y of white, red, green and blue. `is_buffered` says that the decoder
    must hold all coefficients, `samples_per_pixel` how many a pixel has.
    """

    file: Spliced = field(default_factory=Spliced)
    orientation: int = 1
    profile: bytes = b""
    gamma: float = 0.0
    chromaticities: tuple[float, ...] = ()
    frames: int = 1
    is_buffered: bool = False
    samples_per_pixel: float = 0.0


def orientation(exif: bytes) -> int:
    """Read the orientation from EXIF (a TIFF file, with or without "Exif" before it); 1 when it says none that exists.

    Only the first directory counts, entry by entry: nothing here can lead in a circle.
    """
    tiff = exif.removeprefix(b"Exif\0").removeprefix(b"\0")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    start = struct.unpack_from(order + "I", tiff, 4)[0]
    if start + 2 > len(tiff):
        return 1
    count = struct.unpack_from(order + "H", tiff, start)[0]
    for entry in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, form, values = struct.unpack_from(order + "HHI", tiff, entry)
        if tag == 0x0112 and form in (3, 4) and values == 1:
            found = struct.unpack_from(order + ("H" if form == 3 else "I"), tiff, entry + 8)[0]
            return found if 1 <= found <= 8 else 1
    return 1


def pread(start: int, size: int) -> bytes:
    """Read up to `size` bytes of standard input at `start`."""
    return os.pread(0, size, start) if size > 0 else b""


def file_bytes() -> int:
    """Return how long standard input is."""
    return os.fstat(0).st_size
