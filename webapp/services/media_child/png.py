"""PNG (W3C PNG 3rd edition): the chunks that a decoder needs, and what the others say."""

from __future__ import annotations

import struct
import zlib

from answer import Refused
from parts import MAX_METADATA_BYTES, Parts, file_bytes, orientation, pread

_MAX_CHUNKS = 1_000_000  # encoders of screenshots write one of 8 KB each
_GREY, _RGB, _PALETTE = 0, 2, 3


def read() -> Parts:  # noqa: C901  one branch a chunk
    """Take the PNG on standard input apart.

    Chunks beside the picture are left out unless they say how colours are meant; those with a wrong checksum count as
    missing, as libpng has it. Animations show what programs without animation show. Raises Refused without a picture.
    """
    parts = Parts()
    parts.file.add(b"\x89PNG\r\n\x1a\n")
    position, end = 8, file_bytes()
    found: dict[bytes, bytes] = {}
    colour_type, has_pixels, animated = -1, False, 0
    for _ in range(_MAX_CHUNKS):
        header = pread(position, 8)
        if len(header) < 8:
            break
        length, kind = struct.unpack(">I4s", header)
        start, stop = position + 8, min(position + 8 + length, end)
        position = stop + 4
        if kind == b"IHDR" and colour_type < 0 and length == 13:
            content = pread(start, 13)
            colour_type = content[9]
            parts.file.add(_chunk(kind, content))
        elif kind == b"IDAT" and colour_type >= 0:
            if not has_pixels:
                _add_palette(parts, found, colour_type)
            has_pixels = True
            parts.file.add(struct.pack(">I4s", stop - start, kind))
            parts.file.add((start, stop))
            parts.file.add(bytes(4))
        elif kind == b"IEND":
            break
        elif kind == b"fcTL":
            animated += 1
        elif kind in (b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"eXIf") and kind not in found:
            content = pread(start, min(stop - start, MAX_METADATA_BYTES))
            if kind == b"PLTE" or zlib.crc32(kind + content) == int.from_bytes(pread(stop, 4), "big"):
                found[kind] = content
    if not has_pixels:
        raise Refused("it is cut off before its first pixels.")
    parts.file.add(_chunk(b"IEND", b""))
    parts.frames = max(1, animated)
    parts.orientation = orientation(found.get(b"eXIf", b""))
    _colours(parts, found)
    return parts


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _add_palette(parts: Parts, found: dict[bytes, bytes], colour_type: int) -> None:
    """Give the decoder the palette and the transparency, where they fit the kind of picture."""
    palette, clear = found.get(b"PLTE", b""), found.get(b"tRNS", b"")
    if colour_type == _PALETTE:
        palette = palette[: min(768, len(palette) // 3 * 3)]
        if not palette:
            raise Refused("its palette is missing.")
        parts.file.add(_chunk(b"PLTE", palette))
        clear = clear[: len(palette) // 3]
    if clear and (colour_type == _PALETTE or {_GREY: 2, _RGB: 6}.get(colour_type) == len(clear)):
        parts.file.add(_chunk(b"tRNS", clear))


def _colours(parts: Parts, found: dict[bytes, bytes]) -> None:
    """Read what the numbers mean: cICP rules before iCCP, that before sRGB, that before gAMA and cHRM (§4.3)."""
    cicp = found.get(b"cICP", b"")
    if len(cicp) == 4 and cicp[2:] == b"\0\1" and cicp[1] in (1, 6, 13, 14, 15) and cicp[0] in (1, 9, 12):
        if cicp[0] != 1:
            parts.chromaticities = (0.3127, 0.329, *_PRIMARIES[cicp[0]])
        return
    parts.profile = _profile(found.get(b"iCCP", b""))
    if b"sRGB" not in found:  # also beside a profile, which may turn out to be none
        gamma = found.get(b"gAMA", b"")
        if len(gamma) == 4:
            parts.gamma = int.from_bytes(gamma, "big") / 100_000
        points = found.get(b"cHRM", b"")
        if len(points) == 32:
            parts.chromaticities = tuple(value / 100_000 for value in struct.unpack(">8I", points))


_PRIMARIES = {  # ITU-T H.273 table 2
    9: (0.708, 0.292, 0.17, 0.797, 0.131, 0.046),
    12: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
}


def _profile(content: bytes) -> bytes:
    """Unpack an ICC profile: a name, a zero, the method 0, and what zlib packed; empty when it cannot be."""
    name, _, packed = content.partition(b"\0")
    if not 1 <= len(name) <= 79 or packed[:1] != b"\0":
        return b""
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], MAX_METADATA_BYTES)
    except zlib.error:
        return b""
    return profile if unpacker.eof else b""
