"""Captions of the animatic: what stands on the screen as a label, what is said as subtitles; small pictures of text."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from webapp.services.frames.colors import INK, PAPER
from webapp.services.frames.lettering import Lettering, fit, printable

if TYPE_CHECKING:
    from webapp.services.frames.lettering import Block

_WHITE = (255, 255, 255)
_SHADE = (12, 14, 18, 190)
_LABEL = (*PAPER, 240)
_SPOKEN_LINES = 2
_LETTERS_PER_LINE = 42
"""What readers take in at a glance; subtitles of television have 37 to 42."""
_SHORTEST = 20
"""Letters that even the shortest subtitle counts as, or nobody could read it."""
_SPOKEN_SIZE = 0.034
_TITLE_SIZE = 0.052
"""Sizes of letters as parts of the picture's longer side."""
_BOX = 0.86
"""How much of the picture's width a line may take."""
_MARGIN = 0.05
"""Distance to the edge as a part of the height."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A picture of text (PNG with transparency) and where its top left corner goes."""

    png: bytes
    x: int
    y: int
    weight: int
    """Its letters: so long does one read or speak."""


def title(text: str, width: int, height: int) -> Strip | None:
    """Set the text on the screen in a label near the top; None for no text, or for letters that the font lacks."""
    text = printable(text)
    if not text:
        return None
    block = fit(text, width * _BOX, height * 0.2, max(width, height) * _TITLE_SIZE, lines=2)
    return _strip(block, width, height, at_top=True, weight=len(text))


def spoken(text: str, width: int, height: int) -> list[Strip]:
    """Set what is said as subtitles, one after the other, each of two lines at most."""
    return [
        _strip(
            fit(part, width * _BOX, height * 0.2, max(width, height) * _SPOKEN_SIZE, lines=_SPOKEN_LINES),
            width,
            height,
            at_top=False,
            weight=max(_SHORTEST, len(part)),
        )
        for part in parts(printable(text), round(_LETTERS_PER_LINE * min(1.0, width / height)))
    ]


def parts(text: str, letters_per_line: int) -> list[str]:
    """Divide a text into subtitles of about equal length, at the ends of sentences where that is possible."""
    most = letters_per_line * _SPOKEN_LINES
    found: list[str] = []
    for sentence in re.findall(r"\S.*?(?:[.!?…]+(?=\s)|$)", text):
        if found and len(found[-1]) + len(sentence) < most:
            found[-1] += f" {sentence}"
        else:
            found.extend(_evenly(sentence, most))
    return found


def _evenly(sentence: str, most: int) -> list[str]:
    """Divide a sentence into as many parts as it needs, none much shorter than the others."""
    count = -(-len(sentence) // most)
    each, found = len(sentence) / count, [""]
    for word in sentence.split():
        longer = f"{found[-1]} {word}".strip()
        if found[-1] and (len(longer) > most or len(" ".join(found)) + len(word) / 2 > each * len(found)):
            found.append(word)
        else:
            found[-1] = longer
    return found


def _strip(block: Block, width: int, height: int, *, at_top: bool, weight: int) -> Strip:
    pad = round(block.size * 0.5)
    size = (block.width + 2 * pad, block.height + pad)
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    color = _LABEL if at_top else _SHADE
    ImageDraw.Draw(image).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius=pad // 2, fill=color)
    Lettering(block, size[0] / 2, pad / 2, INK if at_top else _WHITE).write(image, 1)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    margin = round(height * _MARGIN)
    top = margin if at_top else height - margin - size[1]
    return Strip(out.getvalue(), (width - size[0]) // 2, top, weight)
