"""What a file is, told from its bytes: an allow-list; names and headers are ignored."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from webapp.errors import Invalid, TooLarge

Kind = Literal["image", "video", "audio", "document"]

HEAD_BYTES = 4096
MAX_TEXT_BYTES = 5 * 1024 * 1024
MAX_ZIP_DIRECTORY_BYTES = 1024 * 1024
MAX_CONTENT_TYPES_BYTES = 256 * 1024
_ACCEPTED = "Pictures (jpg, png, webp, gif, svg), videos (mp4, webm, mov, avi, mkv), sound (mp3, wav, ogg, aac, m4a) and documents (pdf, doc, docx, txt) are welcome."  # noqa: E501  one sentence
_DOCX_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """Say what a file is: its kind, its format (a usual file extension) and the content type to serve it with."""

    kind: Kind
    format: str
    content_type: str


FORMATS: dict[str, Sniffed] = {
    each.format: each
    for each in (
        Sniffed("image", "jpg", "image/jpeg"),
        Sniffed("image", "png", "image/png"),
        Sniffed("image", "webp", "image/webp"),
        Sniffed("image", "gif", "image/gif"),
        Sniffed("image", "svg", "image/svg+xml"),
        Sniffed("video", "mp4", "video/mp4"),
        Sniffed("video", "webm", "video/webm"),
        Sniffed("video", "mov", "video/quicktime"),
        Sniffed("video", "avi", "video/x-msvideo"),
        Sniffed("video", "mkv", "video/x-matroska"),
        Sniffed("audio", "mp3", "audio/mpeg"),
        Sniffed("audio", "wav", "audio/wav"),
        Sniffed("audio", "ogg", "audio/ogg"),
        Sniffed("audio", "aac", "audio/aac"),
        Sniffed("audio", "m4a", "audio/mp4"),
        Sniffed("document", "pdf", "application/pdf"),
        Sniffed("document", "doc", "application/msword"),
        Sniffed("document", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Sniffed("document", "txt", "text/plain; charset=utf-8"),
    )
}

# What people do paste or drop and what to tell them. Order matters: the first that fits speaks.
_REFUSED_MAGIC = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xce\xfa\xed\xfe", "a program"),
    (b"\x00asm", "a program"),
    (b"#!", "a script"),
    (b"<?php", "a script"),
    (b"@echo off", "a script"),
    (b"#EXTM3U", "a playlist, not a video: paste the link of the video itself"),
    (b"[InternetShortcut]", "a shortcut: paste the link it points to"),
    (b"{\\rtf", "an RTF document: save it as docx or PDF"),
    (b"%!PS", "a PostScript file: save it as PDF"),
    (b"8BPS", "a Photoshop file: save it as PNG or JPEG"),
    (b"II*\x00", "a TIFF picture: save it as PNG or JPEG"),
    (b"MM\x00*", "a TIFF picture: save it as PNG or JPEG"),
    (b"BM", "a BMP picture: save it as PNG or JPEG"),
    (b"\x00\x00\x01\x00", "an icon: save it as PNG"),
    (b"Rar!", "an archive: unpack it and add the files one by one"),
    (b"7z\xbc\xaf", "an archive: unpack it and add the files one by one"),
    (b"\x1f\x8b", "an archive: unpack it and add the files one by one"),
    (b"BZh", "an archive: unpack it and add the files one by one"),
    (b"\xfd7zXZ", "an archive: unpack it and add the files one by one"),
    (b"fLaC", "a FLAC sound file: save it as mp3, wav or m4a"),
    (b"FLV", "a Flash video: save it as mp4"),
    (b"FWS", "a Flash film"),
    (b"CWS", "a Flash film"),
    (b"\x30\x26\xb2\x75", "a Windows Media file: save it as mp4 or mp3"),
    (b"\x00\x00\x01\xba", "an MPEG-1/2 video: save it as mp4"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"SQLite format 3", "a database"),
)
_BRANDS_REFUSED = {
    b"heic": "a HEIC picture: save it as JPEG",
    b"heix": "a HEIC picture: save it as JPEG",
    b"mif1": "a HEIF picture: save it as JPEG",
    b"msf1": "a HEIF picture: save it as JPEG",
    b"avif": "an AVIF picture: save it as PNG or JPEG",
    b"avis": "an AVIF picture: save it as PNG or JPEG",
    b"crx ": "a camera's raw picture: save it as JPEG",
}
_HTML_START = re.compile(
    rb"<(!doctype\s+html|html|head|body|script|iframe|title|meta|link|style|table|div|span|font|img|h1|a|b|br|p)[\s/>]",
    re.IGNORECASE,
)
_SVG_START = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?svg[\s/>]", re.IGNORECASE)
# What may stand before the first element of an XML file: declaration, comments, a DOCTYPE with its entities.
_XML_PROLOGUE = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE\s+svg[^\[>]*(?:\[.*?\]\s*)?>\s*)*", re.DOTALL)
_TEXT_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


class _UnsureError(Exception):
    """Say inside this module that the bytes are none of a family."""


def sniff_file(path: Path) -> Sniffed:
    """Tell what the file at `path` is; raises Invalid with a sentence naming what it seems to be."""
    with path.open("rb") as file:
        return sniff(file.read(HEAD_BYTES), file)


def sniff(head: bytes, file: BinaryIO | Path | None = None) -> Sniffed:
    """Tell what a file is from its first bytes (4 KB is enough); `file` gives the rest where the head does not decide.

    Without `file` the head is taken for the whole file. Raises Invalid for everything that is not on the list.
    """
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return sniff(head, opened)
    if not head:
        raise Invalid("The file is empty.")
    found = _by_magic(head[:HEAD_BYTES])
    if found is not None:
        return FORMATS[found]
    whole = file if file is not None else io.BytesIO(head)
    if head.startswith(b"PK\x03\x04"):
        return _zip(whole)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(whole)
    refuse_known(head)
    if _is_svg(head):
        return FORMATS["svg"]
    return _text(whole)


def refuse_known(head: bytes) -> None:
    """Raise Invalid when the first bytes already show a web page, a program, an archive or another known stranger."""
    start = _without_bom(head).lstrip()
    if _HTML_START.match(_XML_PROLOGUE.sub(b"", start, count=1)[:64]):
        raise Invalid("This is a web page, not a file.", hint="Paste the link of the picture or video itself.")
    for magic, name in _REFUSED_MAGIC:
        # A text may begin with the same two or four letters ("BMW …"); the binary formats have a zero byte soon after.
        letters_only = magic.isalnum() and len(magic) <= 4
        if start.startswith(magic) and (not letters_only or b"\0" in head[:64]):
            raise _not_accepted(name)
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS_REFUSED:
        raise _not_accepted(_BRANDS_REFUSED[head[8:12]])


def _not_accepted(name: str) -> Invalid:
    return Invalid(f"This is {name}.", hint=_ACCEPTED)


def _by_magic(head: bytes) -> str | None:
    """Name the format that the first bytes prove; None when they prove none."""
    for magic, name in (
        (b"\xff\xd8\xff", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"%PDF-", "pdf"),
        (b"OggS\x00", "ogg"),
        (b"ID3\x02", "mp3"),
        (b"ID3\x03", "mp3"),
        (b"ID3\x04", "mp3"),
    ):
        if head.startswith(magic):
            return name
    if head.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _matroska(head)
    return _iso_media(head) or _mpeg_audio(head)


def _matroska(head: bytes) -> str | None:
    """Read the DocType element (0x4282) of an EBML header: "webm" or "matroska"."""
    position = head.find(b"\x42\x82")
    if position < 0 or position + 3 > len(head):
        return None
    length = head[position + 2] & 0x7F
    doctype = head[position + 3 : position + 3 + length].rstrip(b"\x00")
    return {b"webm": "webm", b"matroska": "mkv"}.get(doctype)


def _iso_media(head: bytes) -> str | None:
    """Read the major brand of an ISO base media file (ISO/IEC 14496-12 §4.3), or an old QuickTime atom."""
    box, size = head[4:8], int.from_bytes(head[:4], "big")
    if size >= 1 << 28:
        return None  # four letters: a text such as "The wide …"
    if box == b"ftyp":
        brand = head[8:12]
        if brand in _BRANDS_REFUSED:
            return None
        if brand == b"qt  ":
            return "mov"
        return "m4a" if brand in (b"M4A ", b"M4B ", b"M4P ") else "mp4"
    if box in (b"moov", b"mdat", b"wide"):
        return "mov"
    return None


def _mpeg_audio(head: bytes) -> str | None:
    """Tell raw MPEG audio from its frame headers; one eleven-bit mark may be chance, so two frames must fit."""
    if len(head) < 8 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:  # ADTS: layer bits are zero (ISO/IEC 13818-7)
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        following = head[length : length + 2]
        return "aac" if length >= 7 and (len(following) < 2 or following == head[:2]) else None
    frame_bytes = _mp3_frame_bytes(head)
    if frame_bytes is None:
        return None
    following = head[frame_bytes : frame_bytes + 4]
    return "mp3" if len(following) < 4 or _mp3_frame_bytes(following) is not None else None


def _mp3_frame_bytes(header: bytes) -> int | None:
    """Compute the length of a layer III frame from its four header bytes; None when they are none."""
    if header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version = header[1] >> 3 & 3  # 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5
    bitrate_index, rate_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or bitrate_index in (0, 15) or rate_index == 3:
        return None
    first = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    second = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    rate = (44100, 48000, 32000)[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    bitrate = (first if version == 3 else second)[bitrate_index]
    return (144 if version == 3 else 72) * bitrate * 1000 // rate + padding


def _zip(file: BinaryIO) -> Sniffed:
    """Tell a Word document from other zip files by its table of content types."""
    archive_name = "an archive: unpack it and add the files one by one"
    try:
        _check_zip_directory(file)
        with zipfile.ZipFile(file) as archive, archive.open("[Content_Types].xml") as types:
            if _DOCX_MAIN in types.read(MAX_CONTENT_TYPES_BYTES):
                return FORMATS["docx"]
            archive_name = "an office file of another kind: save it as docx or PDF"
    except (
        _UnsureError,
        KeyError,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        zipfile.BadZipFile,
    ):
        pass
    except Exception as error:  # zlib.error and friends: a damaged member is no Word document either
        if type(error).__module__ != "zlib":
            raise
    raise _not_accepted(archive_name)


def _check_zip_directory(file: BinaryIO) -> None:
    """Refuse a zip whose directory is too large to be a document's, before it is read into memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_557))  # the end record (22 bytes) with the longest comment
    tail = file.read()
    position = tail.rfind(b"PK\x05\x06")
    if position < 0 or len(tail) - position < 22:
        raise _UnsureError
    entries, directory_bytes = struct.unpack_from("<HI", tail, position + 10)
    if entries > 10_000 or directory_bytes > MAX_ZIP_DIRECTORY_BYTES:
        raise _UnsureError
    file.seek(0)


def _ole(file: BinaryIO) -> Sniffed:
    """Tell a Word document from other OLE files by the names of its streams."""
    try:
        names = _ole_names(file)
    except (_UnsureError, struct.error, OSError, OverflowError):
        names = set()
    if "WordDocument" in names:
        return FORMATS["doc"]
    if names & {"Workbook", "Book", "PowerPoint Document"}:
        raise _not_accepted("an office file of another kind: save it as docx or PDF")
    raise _not_accepted("an old Windows container that is no Word document")


def _ole_names(file: BinaryIO) -> set[str]:
    """Read the stream names of a compound file's directory ([MS-CFB] §2.2, §2.6); at most 256 sectors of it."""
    file.seek(0)
    header = file.read(512)
    sector_bytes = 1 << struct.unpack_from("<H", header, 30)[0]
    if sector_bytes not in (512, 4096):
        raise _UnsureError
    sector = struct.unpack_from("<I", header, 48)[0]
    fat_sectors = struct.unpack_from("<109I", header, 76)
    names: set[str] = set()
    for _ in range(256):
        if sector >= 0xFFFFFFFA:
            break
        file.seek((sector + 1) * sector_bytes)
        entries = file.read(sector_bytes)
        for start in range(0, len(entries) - 127, 128):
            length = struct.unpack_from("<H", entries, start + 64)[0]
            names.add(entries[start : start + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace"))
        index, offset = divmod(sector, sector_bytes // 4)
        if index >= len(fat_sectors) or fat_sectors[index] >= 0xFFFFFFFA:
            break
        file.seek((fat_sectors[index] + 1) * sector_bytes + offset * 4)
        sector = struct.unpack("<I", file.read(4))[0]
    return names


def _without_bom(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf")


def _is_svg(head: bytes) -> bool:
    """Tell whether the first element is <svg>, after whatever may stand before it in XML."""
    start = _without_bom(head)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.decode("utf-16", "ignore").encode()
    position = _XML_PROLOGUE.match(start)
    return bool(position and _SVG_START.match(start, position.end()))


def decode_text(content: bytes) -> str:
    """Decode UTF-8, or UTF-16 with its mark; raises UnicodeError for anything else."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    return _without_bom(content).decode("utf-8")


def _text(file: BinaryIO) -> Sniffed:
    """Accept plain text: all of it valid, no control characters, and nothing a browser would take for a page."""
    unknown = Invalid("This is not a kind of file that Slate knows.", hint=_ACCEPTED)
    file.seek(0)
    content = file.read(MAX_TEXT_BYTES + 1)
    if len(content) > MAX_TEXT_BYTES:
        if _TEXT_CONTROLS.search(content[:HEAD_BYTES].decode("utf-8", "ignore")):
            raise unknown
        raise TooLarge("A text file may have at most 5 MB.")
    try:
        text = decode_text(content)
    except UnicodeError:
        raise unknown from None
    if _TEXT_CONTROLS.search(text):
        raise unknown
    refuse_known(text[:HEAD_BYTES].encode())
    lowered = text.lower()
    if any(mark in lowered for mark in ("<script", "<svg", "<html", "<iframe", "<?php", "<?xml")):
        raise Invalid("This text contains parts of a web page or program.", hint="Save it as plain text or PDF.")
    return FORMATS["txt"]
