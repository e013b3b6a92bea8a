"""WebP (RFC 9649): the chunks that a decoder needs, and what the others say."""

from __future__ import annotations

import struct

from answer import Refused
from parts import MAX_METADATA_BYTES, Parts, file_bytes, orientation, pread

_PIXELS = (b"VP8 ", b"VP8L", b"ANMF")
_KEPT = (*_PIXELS, b"ALPH", b"ANIM")
_HAS_PROFILE, _HAS_EXIF, _HAS_XMP = 0x20, 0x08, 0x04
_MAX_CHUNKS = 10_000


def read() -> Parts:
    """Take the WebP on standard input apart; a chunk whose end is missing is filled with zeros. Raises Refused."""
    parts, chunks, size = Parts(), [], 4
    position, end, animated, has_pixels = 12, file_bytes(), 0, False
    for _ in range(_MAX_CHUNKS):
        header = pread(position, 8)
        if len(header) < 8:
            break
        kind, length = struct.unpack("<4sI", header)
        start, stop = position + 8, min(position + 8 + length, end)
        position = start + length + length % 2
        if kind == b"ICCP":
            parts.profile = parts.profile or pread(start, min(stop - start, MAX_METADATA_BYTES))
        elif kind == b"EXIF":
            parts.orientation = orientation(pread(start, min(stop - start, MAX_METADATA_BYTES)))
        elif kind == b"VP8X" and stop - start >= 10:
            content = bytearray(pread(start, 10))
            content[0] &= ~(_HAS_PROFILE | _HAS_EXIF | _HAS_XMP)
            chunks.append((kind, bytes(content), 10))
        elif kind in _KEPT and not (has_pixels and kind in (b"VP8 ", b"VP8L")) and length < 1 << 28:
            animated += kind == b"ANMF"
            has_pixels = has_pixels or kind in _PIXELS
            chunks.append((kind, (start, stop), length))
    if not has_pixels:
        raise Refused("it is cut off before its first pixels.")
    size += sum(8 + length + length % 2 for _, _, length in chunks)
    parts.file.add(b"RIFF" + struct.pack("<I", size) + b"WEBP")
    for kind, content, length in chunks:
        given = len(content) if isinstance(content, bytes) else content[1] - content[0]
        parts.file.add(kind + struct.pack("<I", length))
        parts.file.add(content)
        parts.file.add(bytes(min(length - given, MAX_METADATA_BYTES) + length % 2))
    parts.frames = max(1, animated)
    return parts
