"""The words of one part of a Word document, as Word shows them (ECMA-376 part 1 §17)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import IO

_FEED_BYTES = 65_536
MAX_PART_BYTES = 64 * 1024 * 1024
"""So much of a part is unpacked at most; only a document of thousands of pages has more before its first words."""

# The transitional and the strict namespace, and those of equations and drawings, whose words are in the same elements.
_WORDS = frozenset(
    (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "http://purl.oclc.org/ooxml/officeDocument/math",
        "http://schemas.openxmlformats.org/drawingml/2006/main",
        "http://purl.oclc.org/ooxml/drawingml/main",
    )
)
_CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_OLD_DRAWINGS = "urn:schemas-microsoft-com:vml"
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
# Taken out of the text by whoever changed it, or moved away; properties as they were before a change.
_GONE = frozenset(("del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "instrText"))
_OFF = frozenset(("0", "false", "off"))
_PICTURED = {  # what Word makes of "-->", ":)" and the like: signs of Wingdings and Symbol
    "E0": "→", "DF": "←", "F0": "⇨", "4A": "☺", "4C": "☹", "FC": "✓", "FB": "✗", "A7": "▪", "A8": "◻", "B7": "•",
    "6C": "●",
}  # fmt: skip


class _EnoughError(Exception):
    """Leave the parser: there are words enough."""


class _Frame:
    """Collect what is inside one element: text of a paragraph, or lines of a cell, a row, a box."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.pieces: list[str] = []
        self.after: list[str] = []  # lines of boxes that hang on a paragraph
        self.is_hidden = False  # by the paragraph's style


class Words:
    """Take the events of an XML parser and put lines together: a paragraph is one, and so is a row of a table."""

    def __init__(self, enough: int, hidden_styles: Collection[str] = ()) -> None:
        self.lines: list[str] = []
        self._enough, self._hidden_styles = enough, hidden_styles
        self._frames = [_Frame("")]
        self._length = self._skipped = 0
        self._in_text = self._is_hidden = False
        self._properties: list[str] = []
        self._choices: list[int] = []  # for each choice that is open: the letters there were before it
        self._letters = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        space, _, name = tag[1:].partition("}")
        if self._skipped:
            self._skipped += 1
        elif space == _CHOICES:
            self._start_choice(name)
        elif space == _OLD_DRAWINGS and name == "textpath":
            self._write(attributes.get("string", ""))
        elif space in _WORDS:
            values = {key.rpartition("}")[2]: value for key, value in attributes.items()}
            self._start_word(name, values)

    def end(self, tag: str) -> None:
        """End an element."""
        space, _, name = tag[1:].partition("}")
        if self._skipped:
            self._skipped -= 1
        elif space == _CHOICES and name == "AlternateContent" and self._choices:
            self._choices.pop()
        elif space in _WORDS:
            self._end_word(name)

    def data(self, text: str) -> None:
        """Take text; only that of runs counts."""
        if self._in_text and not self._skipped:
            self._write(text)

    def close(self) -> None:
        """Finish lines that a cut-off file left open."""
        while len(self._frames) > 1:
            self._close_frame()

    def _start_choice(self, name: str) -> None:
        """Go into the first alternative that has words: the others say the same for other programs."""
        if name == "AlternateContent":
            self._choices.append(self._letters)
        elif name in ("Choice", "Fallback") and self._choices and self._letters > self._choices[-1]:
            self._skipped = 1

    def _start_word(self, name: str, values: dict[str, str]) -> None:
        if name in _GONE:
            self._skipped = 1
        elif name in ("rPr", "pPr"):
            self._properties.append(name)
        elif self._properties:
            self._note_hiding(name, values.get("val", ""))
        elif name == "r":
            self._is_hidden = self._frames[-1].is_hidden
        elif name == "t":
            self._in_text = True
        elif name in ("p", "tc", "tr", "txbxContent"):
            self._frames.append(_Frame(name))
        elif name in _SIGNS:
            self._write(_SIGNS[name])
        elif name == "sym":
            self._write(_symbol(values.get("char", "")))
        elif name == "altChunk":
            self._frames[0].pieces.append("[A part in another format, which Slate does not read.]")

    def _note_hiding(self, name: str, value: str) -> None:
        """Read from properties whether a run (what it says of itself comes last) or a paragraph is hidden text."""
        is_hiding_style = value in self._hidden_styles
        if self._properties == ["pPr"] and name == "pStyle":
            self._frames[-1].is_hidden = is_hiding_style
        elif self._properties == ["rPr"] and name == "vanish":
            self._is_hidden = value.lower() not in _OFF
        elif self._properties == ["rPr"] and name == "rStyle":
            self._is_hidden = self._is_hidden or is_hiding_style

    def _end_word(self, name: str) -> None:
        if self._properties:
            if name == self._properties[-1]:
                self._properties.pop()
        elif name == "t":
            self._in_text = False
        elif name == "r":
            self._is_hidden = False
        elif name == self._frames[-1].tag:
            self._close_frame()

    def _write(self, text: str) -> None:
        if not self._is_hidden:
            self._frames[-1].pieces.append(text)
            self._letters += len(text)

    def _close_frame(self) -> None:
        """Hand what an element held to the one around it."""
        done = self._frames.pop()
        around = self._frames[-1]
        if done.tag == "txbxContent":
            host = next((frame for frame in reversed(self._frames) if frame.tag == "p"), around)
            (host.after if host.tag == "p" else host.pieces).extend(done.pieces)
        elif done.tag == "p":
            held = ["".join(done.pieces), *done.after]
            (around.after if around.tag == "p" else around.pieces).extend(held)
        elif done.tag == "tc":
            around.pieces.append(" ".join(filter(None, (piece.strip() for piece in done.pieces))))
        else:
            around.pieces.append(" | ".join(done.pieces))
        if len(self._frames) == 1:
            self.lines += around.pieces
            self._length += sum(len(line) + 1 for line in around.pieces)
            around.pieces.clear()
            if self._length > self._enough:
                raise _EnoughError


def _symbol(code: str) -> str:
    """Return the sign of a symbol font: one that Word puts in by itself, else a box, which shows that there is one."""
    number = int(code, 16) if code and all(digit in "0123456789abcdefABCDEF" for digit in code[:8]) else 0xF000
    if 0xF000 <= number <= 0xF0FF or not 32 <= number < 0x110000 or 0xD800 <= number < 0xE000:
        return _PICTURED.get(f"{number & 0xFF:02X}", "□")
    return chr(number)


def lines(part: IO[bytes], enough: int, hidden_styles: Collection[str] = ()) -> list[str]:
    """Read lines of text until there are more than `enough` characters. Raises ET.ParseError for what is no XML."""
    words = Words(enough, hidden_styles)
    parser = ET.XMLParser(target=words)  # noqa: S314  expat bounds entities, the sandbox the rest
    try:
        for _ in range(MAX_PART_BYTES // _FEED_BYTES):
            content = part.read(_FEED_BYTES)
            if not content:
                parser.close()
                break
            parser.feed(content)
    except _EnoughError:
        pass
    return words.lines


def hidden_styles(part: IO[bytes]) -> frozenset[str]:
    """List the styles whose text is hidden, those that build on one included; none when the part is broken."""
    try:
        root = ET.fromstring(part.read(MAX_PART_BYTES // 16))  # noqa: S314  as above
    except ET.ParseError:
        return frozenset()
    hidden: set[str] = set()
    parents: dict[str, str] = {}
    for style in root.iter():
        if style.tag.rpartition("}")[2] == "style":
            found = {element.tag.rpartition("}")[2]: element for element in style.iter()}
            name = next((value for key, value in style.attrib.items() if key.endswith("}styleId")), "")
            parents[name] = next(iter(found["basedOn"].attrib.values()), "") if "basedOn" in found else ""
            if "vanish" in found and next(iter(found["vanish"].attrib.values()), "").lower() not in _OFF:
                hidden.add(name)
    for _ in range(10):
        hidden |= {name for name, parent in parents.items() if parent in hidden}
    return frozenset(hidden)
