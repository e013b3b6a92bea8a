"""Captions of the animatic: what stands on the screen as a label, what is said as subtitles; small pictures of text."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from webapp.services.frames import wrapping
from webapp.services.frames.colors import INK, PAPER
from webapp.services.frames.lettering import Lettering, fit, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.services.frames.lettering import Block

_WHITE = (255, 255, 255)
_SHADE = (12, 14, 18, 190)
_LABEL = (*PAPER, 240)
_LINES = 2
_LETTERS_PER_LINE = 42
"""What readers take in at a glance; subtitles of television have 37 to 42."""
_SHORTEST = 20
"""Letters that even the shortest subtitle counts as, or nobody could read it."""
_SPOKEN_SIZE = 0.034
_TITLE_SIZE = 0.052
_SMALLEST = 0.024
"""Sizes of letters as parts of the picture's longer side; below the smallest a caption gets a third line first."""
_TALLEST = 0.42
"""How much of the picture's height a long caption may take."""
_ENDS = re.compile(r"[.!?…؟۔।॥。！？][\"”’»)」』）]*$")
_ENDS_UNSPACED = re.compile("[。！？][”’」』）]*$")
"""Where sentences end, and where they end without a space."""
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
    return _strip(_set(text, width, height, _TITLE_SIZE), width, height, at_top=True, weight=len(text))


def spoken(text: str, width: int, height: int) -> list[Strip]:
    """Set what is said as subtitles, one after the other, each of two lines at most."""
    return [
        _strip(
            _set(part, width, height, _SPOKEN_SIZE),
            width,
            height,
            at_top=False,
            weight=max(_SHORTEST, len(part)),
        )
        for part in parts(printable(text), round(_LETTERS_PER_LINE * min(1.0, width / height)))
    ]


def parts(text: str, letters_per_line: int) -> list[str]:
    """Divide a text into subtitles of about equal length, at the ends of sentences where that is possible.

    Wide letters, such as Chinese ones, count as two. Nothing is left out.
    """
    most = letters_per_line * _LINES
    found: list[_Words] = []
    for sentence in _sentences(text, most):
        if found and _cells([*found[-1], *sentence]) < most:
            found[-1] = [*found[-1], *sentence]
        else:
            found.extend(_evenly(sentence, most))
    return [_joined(words) for words in found]


_Words = list[tuple[str, bool]]
"""Parts of a text that stay together, and whether a space stands before each."""


def _sentences(text: str, most: int) -> Iterator[_Words]:
    """Yield the words of one sentence after the other, none longer than `most`."""
    sentence: _Words = []
    for word, is_spaced in wrapping.pieces(text):
        if sentence and _ENDS.search(sentence[-1][0]) and (is_spaced or _ENDS_UNSPACED.search(sentence[-1][0])):
            yield sentence
            sentence = []
        halves = wrapping.broken(word, most, lambda part: _cells([(part, False)]))
        sentence.extend((half, is_spaced and not at) for at, half in enumerate(halves))
    if sentence:
        yield sentence


def _evenly(sentence: _Words, most: int) -> list[_Words]:
    """Divide a sentence into as many parts as it needs, none much shorter than the others."""
    whole = _cells(sentence)
    count = -(-whole // most)
    found: list[_Words] = [[]]
    for number, word in enumerate(sentence):
        before = _cells(sentence[:number])
        is_past = before + _cells([word]) / 2 > whole / count * len(found)
        if found[-1] and (_cells([*found[-1], word]) > most or is_past):
            found.append([word])
        else:
            found[-1].append(word)
    return found


def _joined(words: _Words) -> str:
    return "".join(f" {word}" if is_spaced and at else word for at, (word, is_spaced) in enumerate(words))


def _cells(words: _Words) -> int:
    """Return how long words are, in letters of usual width."""
    text = _joined(words)
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def _set(text: str, width: int, height: int, size: float) -> Block:
    """Set a caption in two lines; a long one in more of them, so that all of it is shown."""
    longer = max(width, height)
    return fit(text, width * _BOX, height * _TALLEST, longer * size, smallest=longer * _SMALLEST, lines=_LINES)


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
