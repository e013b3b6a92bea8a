"""Lettering in Inter: what can be set, wrapped and shrunk until it fits a box."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from webapp.services.frames.colors import RGB

_FONT = FilePath(__file__).parent / "fonts" / "Inter-SemiBold.ttf"
_LEADING = 1.18
"""Line height as a multiple of the size."""
_LONGEST = 160
"""Letters that are set at most; what is longer ends in an ellipsis."""


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    """Say whether the font has a glyph of its own for the letter."""
    if letter == " ":
        return True
    missing = _font(24).getmask("\ue000")
    glyph = _font(24).getmask(letter)
    return glyph.size != missing.size or bytes(glyph) != bytes(missing)


def printable(text: str) -> str:
    """Return what the font can set of the text, in one line: bare letters for rare accents, nothing for emoji.

    Empty when more than a third of the letters would be lost, as with Arabic: half a name is worse than none.
    """
    letters = unicodedata.normalize("NFC", " ".join(text.split()))
    kept = []
    for letter in letters:
        bare = unicodedata.normalize("NFKD", letter)[:1]
        if _has(letter):
            kept.append(letter)
        elif bare and bare != letter and _has(bare):
            kept.append(bare)
    words = sum(letter.isalpha() for letter in letters)
    lost = words - sum(letter.isalpha() for letter in kept)
    return "" if words and lost > words / 3 else " ".join("".join(kept).split())


@dataclass(frozen=True, slots=True)
class Block:
    """Text set in lines at one size, in pixels."""

    lines: tuple[str, ...]
    size: int
    width: int

    @property
    def height(self) -> int:
        """Return the height of all lines in pixels."""
        return round(len(self.lines) * self.size * _LEADING)


@dataclass(frozen=True, slots=True)
class Lettering:
    """A block of text at its place in the picture: (x, y) is the middle of its top edge, or its top left corner."""

    block: Block
    x: float
    y: float
    color: RGB
    centred: bool = True

    def write(self, image: Image.Image, scale: int) -> None:
        """Write it on an image that has `scale` pixels per pixel of the picture."""
        draw = ImageDraw.Draw(image)
        font = _font(self.block.size * scale)
        for row, line in enumerate(self.block.lines):
            middle = self.y + (row + 0.5) * self.block.size * _LEADING
            anchor = "mm" if self.centred else "lm"
            draw.text((self.x * scale, middle * scale), line, font=font, fill=self.color, anchor=anchor)


def fit(text: str, width: float, height: float, largest: float, *, smallest: float = 12, lines: int = 3) -> Block:
    """Set text as large as a box of `width` x `height` pixels allows, in at most `lines` lines; cut it at need."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
    size = int(largest)
    while True:
        font = _font(size)
        wrapped = _wrap(text, font, width)
        tall = len(wrapped) * size * _LEADING > height or len(wrapped) > lines
        wide = any(font.getlength(line) > width for line in wrapped)
        if not (tall or wide):
            break
        if size <= smallest:
            wrapped = _cut(wrapped, font, width, max(1, min(lines, int(height / (size * _LEADING)))))
            break
        size = max(int(smallest), int(size * 0.93))
    return Block(tuple(wrapped), size, round(max((font.getlength(line) for line in wrapped), default=0)))


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(lines: list[str], font: ImageFont.FreeTypeFont, width: float, most: int) -> list[str]:
    """Keep `most` lines and shorten what is still too wide."""
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] += "…"
    return [_shorten(line, font, width) for line in kept]


def _shorten(line: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    while len(line) > 1 and font.getlength(line) > width:
        line = line.rstrip("…")[:-1] + "…"
    return line
