"""Sound without a container: MP3 and AAC frames, and the ID3 tags that may stand before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from webapp.services.file_formats import not_accepted

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_BYTES = 4096
"""Where frames must begin, after the tags: rips of radio streams begin in the middle of one."""
_FRAMES = 3
"""A mark of eleven bits may be chance; so many frames, each where the one before ends, are not."""
_MAX_TAGS = 8
_FIRST_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SECOND_RATES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def told(head: bytes, file: BinaryIO) -> str | None:
    """Name the format, mp3 or aac; None when it is neither.

    Raises Invalid for a FLAC file behind a tag. What follows a tag and cannot be told is left to the MP3 reader.
    """
    if not head.startswith((b"ID3\x02", b"ID3\x03", b"ID3\x04")):
        return _by_frames(head)
    after = _after_tags(file)
    if after.startswith(b"fLaC"):
        raise not_accepted("a FLAC sound file: save it as mp3, wav or m4a")
    if after.startswith(b"OggS\x00"):
        return "ogg"
    return _by_frames(after) or "mp3"


def _after_tags(file: BinaryIO) -> bytes:
    """Skip ID3v2 tags (id3.org, ID3v2.4 §3.1: sizes have seven bits a byte) and zeros; return what comes next."""
    position = 0
    for _ in range(_MAX_TAGS):
        file.seek(position)
        header = file.read(10)
        if len(header) < 10 or not header.startswith(b"ID3"):
            break
        size = header[6] << 21 | header[7] << 14 | header[8] << 7 | header[9]
        position += 10 + size + (10 if header[5] & 0x10 else 0)
    file.seek(position)
    padded = file.read(16 * LOOK_BYTES)
    return padded.lstrip(b"\0")[:LOOK_BYTES]


def _by_frames(content: bytes) -> str | None:
    start = content.find(b"\xff")
    while 0 <= start < LOOK_BYTES:
        for name, length_of in (("aac", _adts_bytes), ("mp3", _mp3_bytes)):
            # at the very start, as ever, as many frames as there are bytes for; further on no fewer than three
            fitting, whole = _fitting_frames(content, start, length_of)
            if fitting >= _FRAMES or (whole and fitting and start == 0):
                return name
        start = content.find(b"\xff", start + 1)
    return None


def _fitting_frames(content: bytes, start: int, length_of: Callable[[bytes], int]) -> tuple[int, bool]:
    """Count the frames, at most three, that follow each other from `start`; say whether only they were there."""
    count = 0
    while count < _FRAMES:
        if len(content) - start < 7:
            return count, True
        length = length_of(content[start : start + 7])
        if not length:
            return count, False
        count += 1
        start += length
    return count, True


def _adts_bytes(header: bytes) -> int:
    """Read the length of an AAC frame from its header (ISO/IEC 13818-7: layer bits are zero); 0 when it is none."""
    rate_index = header[2] >> 2 & 15
    if header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or rate_index > 12:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length >= 7 else 0


def _mp3_bytes(header: bytes) -> int:
    """Compute the length of a layer III frame from its header; 0 when it is none."""
    if header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version = header[1] >> 3 & 3  # 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5
    bitrate_index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or bitrate_index in (0, 15) or rate_index == 3:
        return 0
    rate = (44100, 48000, 32000)[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    bitrate = (_FIRST_RATES if version == 3 else _SECOND_RATES)[bitrate_index]
    return (144 if version == 3 else 72) * bitrate * 1000 // rate + padding
