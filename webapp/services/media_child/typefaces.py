"""Font files: which letters each has and which scripts it shapes, read from the file; the standard library is enough.

Slate imports this, too: the web process says what a film cannot show without loading a library that draws.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TABLE_BYTES = 8 * 1024 * 1024
"""More than any font's table of letters has; a file that claims more is not read."""
_OUTLINES = {b"glyf", b"CFF ", b"CFF2"}
"""Tables of shapes; a font that has none of them is one of bitmaps, such as coloured emoji."""
_SEGMENTS, _GROUPS = 4, 12
"""The two formats of a letter table that matter: for the first 65,536 letters, and for all."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """One font: the letters it has as ranges (`firsts` to `lasts`, sorted), the OpenType tags of scripts it shapes."""

    path: str
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    scripts: frozenset[str]

    def has(self, letter: str) -> bool:
        """Say whether the font has a shape for a letter."""
        code = ord(letter)
        at = bisect_right(self.firsts, code) - 1
        return at >= 0 and code <= self.lasts[at]


def read(path: str | Path) -> Typeface | None:
    """Read a font file, the first font of a collection; None for what is damaged, or has no outlines or no letters."""
    try:
        with Path(path).open("rb") as file:
            tables = _tables(file)
            if not _OUTLINES & tables.keys():
                return None
            ranges = _merged(_letters(_table(file, tables, b"cmap")))
            scripts = {tag for name in (b"GSUB", b"GPOS") for tag in _scripts(_table(file, tables, name))}
    except (OSError, struct.error, ValueError, IndexError):
        return None
    if not ranges:
        return None
    return Typeface(str(path), tuple(ranges), tuple(ranges.values()), frozenset(scripts))


def _tables(file: BinaryIO) -> dict[bytes, tuple[int, int]]:
    """Return where each table is and how long."""
    head = file.read(16)
    start = 0
    if head[:4] == b"ttcf":
        (start,) = struct.unpack_from(">I", head, 12)
    file.seek(start)
    _, count = struct.unpack(">4sH", file.read(6))
    file.seek(start + 12)
    rows = struct.iter_unpack(">4s4xII", file.read(16 * count))
    return {tag: (offset, length) for tag, offset, length in rows}


def _table(file: BinaryIO, tables: dict[bytes, tuple[int, int]], name: bytes) -> bytes:
    offset, length = tables.get(name, (0, 0))
    if length > _TABLE_BYTES:
        raise ValueError(length)
    file.seek(offset)
    return file.read(length)


def _letters(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Yield ranges of letters that have a shape, from the fullest of the Unicode tables."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    found: dict[int, int] = {}
    for platform, encoding, offset in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * count]):
        if platform == 0 or (platform, encoding) in ((3, 1), (3, 10)):
            found[struct.unpack_from(">H", cmap, offset)[0]] = offset
    if _GROUPS in found:
        yield from _groups(cmap, found[_GROUPS])
    elif _SEGMENTS in found:
        yield from _segments(cmap, found[_SEGMENTS])


def _groups(cmap: bytes, at: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", cmap, at + 12)
    for first, last, glyph in struct.iter_unpack(">III", cmap[at + 16 : at + 16 + 12 * count]):
        if last >= first + (glyph == 0):
            yield first + (glyph == 0), last


def _segments(cmap: bytes, at: int) -> Iterator[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", cmap, at + 6)
    count = double // 2
    lasts = struct.unpack_from(f">{count}H", cmap, at + 14)
    firsts = struct.unpack_from(f">{count}H", cmap, at + 16 + double)
    deltas = struct.unpack_from(f">{count}H", cmap, at + 16 + 2 * double)
    places = at + 16 + 3 * double
    for number, (first, last, delta) in enumerate(zip(firsts, lasts, deltas, strict=True)):
        here = places + 2 * number
        (skip,) = struct.unpack_from(">H", cmap, here)
        if not skip:
            none = -delta & 0xFFFF  # the one letter that this arithmetic gives no shape
            yield from ((first, min(last, none - 1)), (max(first, none + 1), last))
            continue
        glyphs = struct.unpack_from(f">{last - first + 1}H", cmap, here + skip)
        yield from ((first + i, first + i) for i, glyph in enumerate(glyphs) if glyph)


def _merged(ranges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Sort ranges and join those that touch; first letter → last letter. U+FFFF is no letter."""
    found: dict[int, int] = {}
    first, last = 0, -2
    for one, two in sorted((one, two) for one, two in ranges if one <= two and one != 0xFFFF):
        if one > last + 1:
            first = one
        last = max(last, two) if one <= last + 1 else two
        found[first] = last
    return found


def _scripts(table: bytes) -> list[str]:
    """Return the tags of the scripts that a table of OpenType rules is for."""
    if not table:
        return []
    (at,) = struct.unpack_from(">H", table, 4)
    (count,) = struct.unpack_from(">H", table, at)
    return [tag.decode("latin-1").strip() for tag, _ in struct.iter_unpack(">4sH", table[at + 2 : at + 2 + 6 * count])]
