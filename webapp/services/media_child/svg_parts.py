"""What a drawing has that is not drawn: taken out of it, and named for whoever added it."""

from __future__ import annotations

import base64
import binascii
import io
import re
import zlib
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

from PIL import Image
from runs import spelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from runs import Typecase

_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_DATA = re.compile(r"\s*data:([\w/+.-]*)[^,]*?(;base64)?\s*,", re.IGNORECASE)
_PICTURES = {"png": "PNG", "jpeg": "JPEG", "jpg": "JPEG", "gif": "GIF", "webp": "WEBP"}
_OUTSIDE_URL = re.compile(r"url\(\s*['\"]?\s*(?!#|data:)[^)'\"\s]", re.IGNORECASE)
_DEEPEST = 3
"""Drawings in drawings in drawings; browsers go further, nobody does."""
_MOST_INNER = 40
_NAMED = 20
"""So many letters are named."""
OUTSIDE_PICTURE, OUTSIDE_PART = "pictures that are not in the file", "parts that are in other files"
DAMAGED, DEEP = "a picture inside it that cannot be read", "drawings deep inside other drawings"
_NOT_DRAWN = {
    "foreignObject": "HTML inside it",
    "script": "scripts",
    **dict.fromkeys(("animate", "animateMotion", "animateTransform", "set"), "movement: it stands still"),
    **dict.fromkeys(("meshgradient", "meshGradient", "mesh", "hatch", "solidColor", "solidcolor"), "paints of SVG 2"),
    **dict.fromkeys(("video", "audio", "iframe", "canvas"), "video, sound or a page inside it"),
}  # fmt: skip
_RULES = (
    (re.compile(r"@font-face|@import", re.IGNORECASE), "fonts or style sheets of its own"),
    (re.compile(r"var\(\s*--"), "colours by CSS variables"),
    (_OUTSIDE_URL, OUTSIDE_PART),
)
"""What style sheets ask for and is not done."""


class Parts:
    """Go through a drawing, and drawings inside it, and take out what is not drawn."""

    def __init__(self, case: Typecase, parse: Callable[[bytes], ET.Element], most_bytes: int) -> None:
        self._case, self._parse, self._most_bytes, self._inner = case, parse, most_bytes, 0
        self._named: dict[str, None] = {}
        self._letters: dict[str, None] = {}
        self.fonts: dict[str, None] = {}
        """The files of the fonts that its texts need."""

    @property
    def left_out(self) -> list[str]:
        """Return what was left out, in words."""
        some = map(spelled, list(self._letters)[:_NAMED])
        more = " …" if len(self._letters) > _NAMED else ""
        letters = f"letters that no font here has: {' '.join(some)}{more}"
        return [*self._named, *([letters] if self._letters else [])]

    def take_out(self, root: ET.Element, depth: int = 0) -> None:
        """Take out what is not drawn; nothing that is left refers to anything outside the file."""
        for parent in list(root.iter()):
            for child in list(parent):
                if (why := _NOT_DRAWN.get(_name(child))) is not None:
                    self._named[why] = None
                    _remove(parent, child)
        for element in root.iter():
            self._cut_off(element, depth)
            styles = [element.text or ""] if _name(element) == "style" else []
            styles += [value for name, value in element.attrib.items() if name not in _HREFS]
            for pattern, why in _RULES:
                if any(pattern.search(style) for style in styles):
                    self._named[why] = None
            if _name(element) == "text":
                self._set(element)

    def _cut_off(self, element: ET.Element, depth: int) -> None:
        for name in _HREFS:
            target = element.get(name, "").lstrip()
            if not target or target.startswith("#"):
                continue
            is_picture = _name(element) in ("image", "feImage")
            found = _DATA.match(target) if is_picture else None
            if found:
                self._picture(element, name, *_decoded(target, found), depth)
                continue
            del element.attrib[name]
            if is_picture:
                self._named[OUTSIDE_PICTURE] = None
            elif _name(element) != "a":
                self._named[OUTSIDE_PART] = None

    def _picture(self, element: ET.Element, name: str, kind: str, content: bytes, depth: int) -> None:
        """Keep a picture inside the file that can be drawn; a drawing is gone through first."""
        if kind == "svg+xml":
            self._drawing(element, name, content, depth)
            return
        if _can_be_read(kind, content):
            return
        del element.attrib[name]
        unknown = f"a picture inside it of a kind that is not read ({kind or 'unnamed'})"
        self._named[DAMAGED if kind in _PICTURES else unknown] = None

    def _drawing(self, element: ET.Element, name: str, content: bytes, depth: int) -> None:
        self._inner += 1
        del element.attrib[name]
        if depth >= _DEEPEST or self._inner > _MOST_INNER:
            self._named[DEEP] = None
            return
        try:
            inner = self._parse(_unpacked(content, self._most_bytes))
        except Exception:  # noqa: BLE001  whatever is wrong with it, the rest can be drawn
            self._named[DAMAGED] = None
            return
        self.take_out(inner, depth + 1)
        element.set(name, "data:image/svg+xml;base64," + base64.b64encode(ET.tostring(inner)).decode())

    def _set(self, text: ET.Element) -> None:
        """Find the fonts for a text and take out the letters that none has: a box would look like the picture."""
        for element in text.iter():
            element.text = self._letter(element.text)
            if element is not text:
                element.tail = self._letter(element.tail)

    def _letter(self, words: str | None) -> str | None:
        for letter in self._case.missing(words or ""):
            self._letters[letter] = None
            words = (words or "").replace(letter, "")
        self.fonts |= dict.fromkeys(run.face.path for run in self._case.divide(words or ""))
        return words


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _remove(parent: ET.Element, child: ET.Element) -> None:
    """Remove an element and keep the text behind it."""
    at = list(parent).index(child)
    if child.tail and at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + child.tail
    elif child.tail:
        parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _can_be_read(kind: str, content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=[_PICTURES[kind]]) as opened:
            opened.verify()
    except Exception:  # noqa: BLE001  decoders raise anything
        return False
    return True


def _decoded(target: str, found: re.Match[str]) -> tuple[str, bytes]:
    """Return the kind of a picture in a data address ("png") and its bytes, none where they cannot be read."""
    kind = found.group(1).lower().removeprefix("image/")
    content = unquote_to_bytes(target[found.end() :])
    if found.group(2):
        try:
            content = base64.b64decode(re.sub(rb"\s", b"", content) + b"==")
        except binascii.Error:
            content = b""
    return kind, content


def _unpacked(content: bytes, most: int) -> bytes:
    """Return a drawing that may be packed with gzip; raises ValueError when it is larger than `most` bytes."""
    if content[:2] == b"\x1f\x8b":
        content = zlib.decompressobj(31).decompress(content, most + 1)
    if len(content) > most:
        raise ValueError(len(content))
    return content
