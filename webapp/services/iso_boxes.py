"""Files made of boxes (ISO/IEC 14496-12): MP4, QuickTime, AVIF, HEIC. Which of them, told by boxes and brands."""

from __future__ import annotations

import io
import struct
from importlib.util import find_spec
from typing import TYPE_CHECKING, BinaryIO

from webapp.errors import Invalid
from webapp.services.file_formats import not_accepted

if TYPE_CHECKING:
    from collections.abc import Iterator

# What may stand at the top of a file. The last six are QuickTime's: old cameras begin with a preview (pnot, PICT).
_TOP_BOXES = frozenset(
    b"ftyp styp moov moof mdat free skip wide uuid meta sidx ssix prft emsg pdin pnot PICT pict junk udta".split()
)
_MAX_BOXES = 64
_HEIF_ONLY = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_HEIF_ANY = frozenset((b"mif1", b"mif2", b"msf1", b"miaf"))
_AVIF = frozenset((b"avif", b"avis"))
_SOUND = frozenset((b"M4A ", b"M4B ", b"M4P "))
_REFUSED = {
    b"crx ": "a camera's raw picture: save it as JPEG",
    b"jp2 ": "a JPEG 2000 picture: save it as PNG or JPEG",
    b"jpx ": "a JPEG 2000 picture: save it as PNG or JPEG",
}
_REFUSED_FIRST = {
    b"\x00\x00\x00\x0cJXL \r\n\x87\n": "a JPEG XL picture: save it as PNG or JPEG",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n": "a JPEG 2000 picture: save it as PNG or JPEG",
}


def told(head: bytes, file: BinaryIO) -> str | None:
    """Name the format of a file of boxes: mp4, mov, m4a, avif or heic; None when it is none.

    Raises Invalid for the relatives that are not taken, and for HEIC where the packages to read it are missing.
    """
    name = _REFUSED_FIRST.get(head[:12])
    if name:
        raise not_accepted(name)
    if head[4:8] not in _TOP_BOXES or head[0] >= 0x20:
        return None  # the first byte of a size is a letter only in a text, such as "The wide …"
    kind, segment = None, False
    for box, start, content_bytes in _top_boxes(file):
        if box == b"ftyp":
            file.seek(start)
            return _by_brand(file.read(min(content_bytes, 512)))
        segment = segment or box in (b"styp", b"moof")
        if box in (b"moov", b"mdat") and not segment:
            kind = "mov"  # QuickTime before 2001 wrote no ftyp, and MP4 has it before these
            break
        if box == b"moov":
            return "mp4"
    if kind is None and segment:
        raise not_accepted("one piece of a streamed video: add the whole video")
    return kind


def _top_boxes(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start of the content and its length in bytes of the boxes at the top, as far as they make sense."""
    end = file.seek(0, io.SEEK_END)
    position = 0
    for _ in range(_MAX_BOXES):
        file.seek(position)
        header = file.read(16)
        if len(header) < 8 or header[4:8] not in _TOP_BOXES:
            return
        size, taken = struct.unpack_from(">I", header)[0], 8
        if size == 1 and len(header) == 16:  # the size does not fit into four bytes
            size, taken = struct.unpack_from(">Q", header, 8)[0], 16
        elif size == 0:  # to the end of the file
            size = end - position
        if size < taken:
            return
        yield header[4:8], position + taken, size - taken
        position += size


def _by_brand(content: bytes) -> str:
    """Choose by the major brand, then by the compatible ones: a HEIF file of any codec may call itself "mif1"."""
    major = content[:4]
    brands = {content[start : start + 4] for start in range(8, len(content) - 3, 4)}
    if major in _REFUSED:
        raise not_accepted(_REFUSED[major])
    if major in _AVIF or (major in _HEIF_ANY and brands & _AVIF and not brands & _HEIF_ONLY):
        return "avif"
    if major in _HEIF_ONLY | _HEIF_ANY:
        if find_spec("pi_heif") is None:
            raise Invalid(
                "This is a HEIC picture, and this Slate has no reader for them.",
                hint="Save it as JPEG (iPhone: Settings, Camera, Formats, Most Compatible), or have whoever runs "
                "Slate start it once with “make run EXTRAS=heic”.",
            )
        return "heic"
    if major == b"qt  ":
        return "mov"
    return "m4a" if major in _SOUND else "mp4"
