"""Lettering: text in the fonts there are, wrapped and shrunk until it fits a box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import ImageDraw

from webapp.services import typefaces
from webapp.services.frames import wrapping
from webapp.services.media_child import runs, typesetting

if TYPE_CHECKING:
    from PIL import Image

    from webapp.services.frames.colors import RGB

_LEADING = 1.18
"""Line height as a multiple of the size."""
_SMALLEST = 8
"""Letters become no smaller than this, in pixels, not even to show the end of a long text."""


def printable(text: str) -> str:
    """Return a text in one line, or nothing when no font has any of its letters.

    Letters that no font has are drawn as a box; the checks beside the board name them before anybody approves.
    """
    line = " ".join(text.split())
    found = typefaces.divide(line)
    is_shown = any(not run.missing and any(map(str.isalnum, run.text)) for run in found)
    return line if is_shown or not any(run.missing for run in found) else ""


@dataclass(frozen=True, slots=True)
class Block:
    """Text set in lines at one size, in pixels."""

    lines: tuple[str, ...]
    size: int
    width: int
    rtl: bool = False

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
        draw, size = ImageDraw.Draw(image), self.block.size * scale
        ascent, descent = typesetting.font(str(typefaces.OWN), size).getmetrics()
        for row, line in enumerate(self.block.lines):
            middle = (self.y + (row + 0.5) * self.block.size * _LEADING) * scale
            ordered = runs.visual(typefaces.divide(line, rtl=self.block.rtl), rtl=self.block.rtl)
            left = self.x * scale - (typesetting.length(ordered, size) / 2 if self.centred else 0)
            typesetting.write(draw, (left, middle + (ascent - descent) / 2), ordered, size, self.color)


def fit(text: str, width: float, height: float, largest: float, *, smallest: float = 12, lines: int = 3) -> Block:
    """Set text as large as a box of `width` x `height` pixels allows, in at most `lines` lines.

    When that would take letters below `smallest`, it is set in as many lines as the box is high; what is still too
    long becomes smaller down to 8 pixels, and only then it is cut, with an ellipsis.
    """
    size = int(largest)
    while True:
        is_small = size <= smallest
        wrapped = wrapping.wrap(text, width, lambda part: length(part, size), break_words=is_small)  # noqa: B023
        most = int(height / (size * _LEADING)) if is_small else min(lines, int(height / (size * _LEADING)))
        if len(wrapped) <= most and all(length(line, size) <= width for line in wrapped):
            break
        if size <= _SMALLEST:
            wrapped = _cut(wrapped, size, width, max(1, most))
            break
        size = max(_SMALLEST, int(size * 0.93))
    widest = max((length(line, size) for line in wrapped), default=0)
    return Block(tuple(wrapped), size, round(widest), runs.is_rtl(text))


def length(line: str, size: int) -> float:
    """Return how long a line is, in pixels."""
    return typesetting.length(typefaces.divide(line), size)


def _cut(lines: list[str], size: int, width: float, most: int) -> list[str]:
    """Keep `most` lines, the last of which shows that more was there."""
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] += "…"
    while len(kept[-1]) > 1 and length(kept[-1], size) > width:
        kept[-1] = kept[-1].rstrip("…")[:-1] + "…"
    return kept
