"""What a file is, told from its bytes: an allow-list; names and headers are ignored."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from webapp.errors import Invalid, Refusal
from webapp.services import iso_boxes, mpeg_audio, office_files, text_files
from webapp.services.file_formats import FORMATS, Kind, Sniffed, not_accepted

__all__ = ["FORMATS", "Kind", "Sniffed", "refuse_known", "sniff", "sniff_file"]

logger = logging.getLogger(__name__)

HEAD_BYTES = 4096
_PDF_BYTES = 1024
"""Where the mark of a PDF may begin: readers look so far (ISO 32000-1 annex H, note 13)."""

# What people do paste or drop and what to tell them. Order matters: the first that fits speaks.
_REFUSED_MAGIC = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xce\xfa\xed\xfe", "a program"),
    (b"\x00asm", "a program"),
    (b"#!AMR", "an AMR recording: save it as mp3 or m4a"),
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
    (b"PK\x05\x06", "an empty archive"),
    (b"Rar!", "an archive: unpack it and add the files one by one"),
    (b"7z\xbc\xaf", "an archive: unpack it and add the files one by one"),
    (b"\x1f\x8b", "an archive: unpack it and add the files one by one"),
    (b"BZh", "an archive: unpack it and add the files one by one"),
    (b"\xfd7zXZ", "an archive: unpack it and add the files one by one"),
    (b"fLaC", "a FLAC sound file: save it as mp3, wav or m4a"),
    (b"FORM", "an AIFF sound file or another old container: save it as mp3 or wav"),
    (b"caff", "a CAF sound file: save it as m4a or wav"),
    (b"MThd", "a MIDI file: it has notes and no sound, save it as mp3"),
    (b"riff\x2e\x91\xcf\x11", "a Wave64 sound file: save it as wav"),
    (b"ADIF", "an AAC file without frames: save it as m4a"),
    (b"\x0b\x77", "a Dolby sound file: save it as mp3 or m4a"),
    (b"\x56\xe0", "an AAC broadcast stream: save it as m4a"),
    (b"\xff\x0a", "a JPEG XL picture: save it as PNG or JPEG"),
    (b"FLV", "a Flash video: save it as mp4"),
    (b"FWS", "a Flash film"),
    (b"CWS", "a Flash film"),
    (b"\x30\x26\xb2\x75", "a Windows Media file: save it as mp4 or mp3"),
    (b"\x00\x00\x01\xba", "an MPEG-1/2 video: save it as mp4"),
    (b"\x00\x00\x01\xb3", "an MPEG-1/2 video: save it as mp4"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"SQLite format 3", "a database"),
)

# A page begins with one of these. A text may well begin with <b> or <p>: what browsers make of it is up to our headers.
_PAGE_START = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|iframe|title|meta|link|style|frameset)[\s/>]|<script[^>]*>.*</script",
    re.IGNORECASE | re.DOTALL,
)
_SVG_START = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?svg[\s/>]", re.IGNORECASE)
# What may stand before the first element of an XML file: declaration, comments, a DOCTYPE with its entities.
_XML_PROLOGUE = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE\s+svg[^\[>]*(?:\[.*?\]\s*)?>\s*)*", re.DOTALL)
# Parts of a page that a browser would act on. To name a tag, as in "put the <script> in the head", is no such part.
_ACTIVE = re.compile(r"<(?:script|svg|iframe|html)\s+[\w:-]+\s*=|<\?(?:php|xml)\s", re.IGNORECASE)
_ACTIVE_ENDS = re.compile(r"</(script|svg|iframe|html)\s*>", re.IGNORECASE)
_DAMAGED_HINT = "Open it in the program that made it, save it again and add the new file."


def sniff_file(path: Path) -> Sniffed:
    """Tell what the file at `path` is; raises Invalid with a sentence naming what it seems to be."""
    with path.open("rb") as file:
        return sniff(file.read(HEAD_BYTES), file)


def sniff(head: bytes, file: BinaryIO | Path | None = None) -> Sniffed:
    """Tell what a file is from its first bytes (4 KB is enough); `file` gives the rest where the head does not decide.

    Without `file` the head is taken for the whole file. Raises Invalid for everything that is not on the list, also for
    files so damaged that whatever looks into them fails: this is the one place where that becomes a sentence.
    """
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return sniff(head, opened)
    if not head:
        raise Invalid("The file is empty.", hint="Choose another file.")
    try:
        return _told(head[:HEAD_BYTES], file if file is not None else io.BytesIO(head))
    except Refusal:
        raise
    except Exception as error:  # noqa: BLE001  zip and struct raise a dozen kinds, and the next release another
        logger.info("a file could not be looked into: %s: %s", type(error).__name__, error)
        raise Invalid("This file is damaged.", hint=_DAMAGED_HINT) from None


def _told(head: bytes, file: BinaryIO) -> Sniffed:
    found = _by_magic(head) or iso_boxes.told(head, file) or mpeg_audio.told(head, file)
    if found is not None:
        return FORMATS[found]
    if head.startswith(b"PK\x03\x04"):
        office_files.refuse_other_zips(file)
        return FORMATS["docx"]
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        office_files.refuse_other_ole(file)
        return FORMATS["doc"]
    refuse_known(head)
    if _is_late_pdf(head, file):
        return FORMATS["pdf"]
    if _is_svg(head):
        return FORMATS["svg"]
    return _text(file)


def refuse_known(head: bytes) -> None:
    """Raise Invalid when the first bytes already show a web page, a program, an archive or another known stranger."""
    start = _without_bom(head).lstrip()
    if _PAGE_START.match(_XML_PROLOGUE.sub(b"", start, count=1)):
        raise Invalid("This is a web page, not a file.", hint="Paste the link of the picture or video itself.")
    for magic, name in _REFUSED_MAGIC:
        # A text may begin with the same two or four letters ("BMW …"); the binary formats have a zero byte soon after.
        letters_only = magic.isalnum() and len(magic) <= 4
        if start.startswith(magic) and (not letters_only or b"\0" in head[:64]):
            raise not_accepted(name)
    if head[:1] == b"G" and head[188:189] == b"G" and head[376:377] == b"G":
        raise not_accepted("an MPEG transport stream: save it as mp4")


def _by_magic(head: bytes) -> str | None:
    """Name the format that the first bytes prove; None when they prove none."""
    for magic, name in (
        (b"\xff\xd8\xff", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"%PDF-", "pdf"),
        (b"OggS\x00", "ogg"),
    ):
        if head.startswith(magic):
            return name
    if (
        head[:4] in (b"RF64", b"BW64") and head[8:12] == b"WAVE"
    ):  # longer than 4 GB, or made ready to be (EBU Tech 3306)
        return "wav"
    if head.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return _matroska(head)
    return None


def _matroska(head: bytes) -> str | None:
    """Read the DocType element (0x4282) of an EBML header: "webm" or "matroska"."""
    position = head.find(b"\x42\x82")
    if position < 0 or position + 3 > len(head):
        return None
    length = head[position + 2] & 0x7F
    doctype = head[position + 3 : position + 3 + length].rstrip(b"\x00")
    return {b"webm": "webm", b"matroska": "mkv"}.get(doctype)


def _is_late_pdf(head: bytes, file: BinaryIO) -> bool:
    """Tell a PDF behind other bytes from a text about PDF: its end has the table of its objects."""
    if not re.search(rb"%PDF-\d\.\d", head[: _PDF_BYTES + 8]):
        return False
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - HEAD_BYTES))
    return b"startxref" in file.read() or bool(re.search(rb"\d \d obj\b", head))


def _without_bom(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf")


def _is_svg(head: bytes) -> bool:
    """Tell whether the first element is <svg>, after whatever may stand before it in XML."""
    start = _without_bom(head)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = start.decode("utf-16", "ignore").encode()
    position = _XML_PROLOGUE.match(start)
    return bool(position and _SVG_START.match(start, position.end()))


def _text(file: BinaryIO) -> Sniffed:
    """Accept plain text in any encoding that can be told, but nothing that a browser would take for a page."""
    encoding = text_files.encoding_of(file)
    file.seek(0)
    text = text_files.decoded(file.read(), encoding)
    refuse_known(text[:HEAD_BYTES].encode("utf-8", "replace"))
    if "mso-application" in text[:HEAD_BYTES] or "<pkg:package" in text[:HEAD_BYTES]:
        raise not_accepted("an office file in XML: save it as docx or PDF")
    if _ACTIVE.search(text) or _has_active_element(text):
        raise Invalid("This text contains parts of a web page or program.", hint="Leave them out, or save it as PDF.")
    return replace(FORMATS["txt"], encoding=encoding)


def _has_active_element(text: str) -> bool:
    """Tell whether an element that does something is opened and closed; each search reads the text once."""
    ended = {name.lower() for name in _ACTIVE_ENDS.findall(text)}
    return any(re.search(f"<{name}[\\s>]", text, re.IGNORECASE) for name in ended)
