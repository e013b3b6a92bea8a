"""JPEG (ITU-T T.81): the segments that a decoder needs, and what the others say."""

from __future__ import annotations

from answer import Refused
from parts import Parts, file_bytes, orientation, pread

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15
_PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without content
_SOS, _EOI, _APP0, _APP1, _APP2, _APP14, _COM = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_ICC = b"ICC_PROFILE\0"
_MAX_SEGMENTS = 10_000


def read() -> Parts:  # noqa: C901  one branch a marker
    """Take the JPEG on standard input apart. Raises Refused when there is no picture in it."""
    parts, profile, frame = Parts(), {}, (0, b"")
    parts.file.add(b"\xff\xd8")
    position, end, had_exif = 2, file_bytes(), False
    for _ in range(_MAX_SEGMENTS):
        marker, position = _next_marker(position, end)
        if marker == _EOI or position >= end:
            break
        if marker in _ALONE:
            continue
        length = int.from_bytes(pread(position, 2), "big")
        start, stop = position + 2, min(position + max(length, 2), end)
        if marker == _SOS:
            scanned = (pread(start, 1) or b"\0")[0]
            _judge(parts, frame, scanned)
            parts.file.add((position - 2, end))
            parts.file.add(b"\xff\xd9")
            parts.profile = b"".join(content for _, content in sorted(profile.items()))
            return parts
        if marker == _APP1 and not had_exif:
            content = pread(start, min(stop - start, 65_536))
            if content.startswith(b"Exif\0"):
                had_exif, parts.orientation = True, orientation(content)
        elif marker == _APP2:
            content = pread(start, stop - start)
            if content.startswith(_ICC) and len(content) > 14 and len(profile) < 255:
                profile.setdefault(content[12], content[14:])
        elif _is_needed(marker, start, stop):
            if marker in _FRAMES:
                frame = marker, pread(start, stop - start)
            parts.file.add((position - 2, stop))
        position = stop
    raise Refused("it is cut off before its first pixels.")


def _next_marker(position: int, end: int) -> tuple[int, int]:
    """Find the next marker from `position`, over fill bytes and whatever does not belong there; also where it ends."""
    while position < end:
        content = pread(position, 4096)
        for offset in range(len(content) - 1):
            if content[offset] == 0xFF and content[offset + 1] not in (0x00, 0xFF):
                return content[offset + 1], position + offset + 2
        if len(content) < 4096:
            break
        position += 4095
    return _EOI, end


def _is_needed(marker: int, start: int, stop: int) -> bool:
    """Tell what the decoder must see: no comments, and of the applications those that say how colours are meant."""
    if marker == _APP0:
        return pread(start, 5) == b"JFIF\0" and stop - start >= 14
    if marker == _APP14:
        return pread(start, 5) == b"Adobe" and stop - start >= 12
    return not (_APP0 <= marker <= 0xEF or marker == _COM or 0xF0 <= marker <= 0xFD)


def _judge(parts: Parts, frame: tuple[int, bytes], scanned: int) -> None:
    """Note whether the decoder must hold all of the picture's coefficients, and how many a pixel has.

    It must where a scan has not all components of all there is: in progressive files, and in sequential ones of several
    scans. Each coefficient takes two bytes.
    """
    marker, content = frame
    if len(content) < 6 + 3 * (content[5] if len(content) > 5 else 1):
        raise Refused("it says nothing of its size.")
    components = content[5]
    shapes = [(content[7 + 3 * number] >> 4 or 1, content[7 + 3 * number] & 15 or 1) for number in range(components)]
    widest, highest = (max((shape[axis] for shape in shapes), default=1) for axis in (0, 1))
    parts.is_buffered = marker in _PROGRESSIVE or scanned < components
    parts.samples_per_pixel = sum(wide * high for wide, high in shapes) / (widest * highest)
