"""Read plain text and Word documents: the first words, and a sheet that shows them."""

from __future__ import annotations

import codecs
import io
import os
import sys
import zipfile
from xml.etree import ElementTree as ET

import drawing
from answer import Answer, Refused

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"


def read(form: str, fonts: list[str], limits: dict) -> Answer:
    """Read the document on standard input."""
    if form == "doc":
        return Answer({})  # the old binary format: kept and served, not read
    facts: dict = {}
    if form == "txt":
        text = _plain(sys.stdin.buffer.read(limits["text_bytes"] + 1))
    else:
        text, facts["page_count"] = _word(limits)
    facts["excerpt"] = text.strip()[: limits["excerpt_characters"]]
    if not facts["excerpt"]:
        return Answer(facts)
    sheet = drawing.page_of_text(facts["excerpt"], fonts)
    return Answer(facts, {"thumbnail": drawing.webp(sheet, limits["thumbnail_px"], 85)})


def _plain(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _word(limits: dict) -> tuple[str, int | None]:
    """Read paragraphs until there are enough for an excerpt, and the page count the writer's program noted."""
    with zipfile.ZipFile(os.fdopen(0, "rb", closefd=False)) as archive:
        body = _member(archive, "word/document.xml", limits["text_bytes"])
        if body is None:
            raise Refused("the Word document has no text part.")
        properties = _member(archive, "docProps/app.xml", 256 * 1024)
    paragraphs, length, words = [], 0, []
    for _, element in ET.iterparse(io.BytesIO(body), ("end",)):  # noqa: S314  expat bounds entities, the sandbox the rest
        if element.tag == _WORD + "t":
            words.append(element.text or "")
        elif element.tag in (_WORD + "tab", _WORD + "br"):
            words.append(" ")
        elif element.tag == _WORD + "p":
            paragraphs.append("".join(words))
            length += len(paragraphs[-1]) + 1
            words.clear()
            element.clear()
        if length > limits["excerpt_characters"]:
            break
    return "\n".join(paragraphs), _pages(properties)


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes | None:
    """Unpack one member, at most `most` bytes of it whatever its header claims; None when it is not there."""
    try:
        with archive.open(name) as member:
            content = member.read(most + 1)
    except KeyError:
        return None
    if len(content) > most:
        raise Refused(f"its text is larger than {most // (1024 * 1024)} MB when unpacked.", too_large=True)
    return content


def _pages(properties: bytes | None) -> int | None:
    if not properties:
        return None
    try:
        noted = ET.fromstring(properties).findtext(_PROPERTIES + "Pages", "")  # noqa: S314  as above
    except ET.ParseError:
        return None
    return int(noted) if noted.isascii() and noted.isdigit() and 0 < int(noted) < 100_000 else None
