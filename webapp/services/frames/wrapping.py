"""Where a line may end: at spaces, between letters of scripts written without them, in words that are too long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from webapp.services import timing
from webapp.services.media_child.runs import clusters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SPACE = re.compile(r"(\s+|\u200b)")
_CLOSES = frozenset("。、，．！？：；）」』】〕》〉｝］”’)!?.,:;…ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々ๆฯะาำ།")
"""No line begins with these."""
_OPENS = frozenset("「『（【〔《〈｛［“‘(เแโใไ")
"""No line ends with these."""


def wrap(text: str, width: float, length: Callable[[str], float], *, break_words: bool) -> list[str]:
    """Divide a text into lines of at most `width`, in the unit of `length`; longer words only if they may be broken."""
    lines: list[str] = []
    reached, space = 0.0, length(" ")
    for piece, is_spaced in pieces(text):
        parts = broken(piece, width, length) if break_words else [piece]
        for part in parts:
            gap, wide = space * (is_spaced and part is parts[0]), length(part)
            if lines and reached + gap + wide <= width:
                lines[-1] += (" " if gap else "") + part
                reached += gap + wide
            else:
                lines.append(part)
                reached = wide
    return lines


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what no line may divide, and whether a space stands before it."""
    is_spaced = False
    for word in _SPACE.split(text):
        if word.isspace():
            is_spaced = True
        elif word != "\u200b":
            for piece in _unspaced(word):
                yield piece, is_spaced
                is_spaced = False


def _unspaced(word: str) -> Iterator[str]:
    """Yield the parts of a word between which a line may end, one where it is written with spaces."""
    if not timing.UNSPACED.search(word):
        if word:
            yield word
        return
    piece = ""
    for cluster in clusters(word):
        free = timing.UNSPACED.match(cluster) or (piece and timing.UNSPACED.match(piece[-1]))
        if piece and free and cluster[0] not in _CLOSES and piece[-1] not in _OPENS:
            yield piece
            piece = ""
        piece += cluster
    yield piece


def broken(word: str, width: float, length: Callable[[str], float]) -> list[str]:
    """Break a word that is longer than `width` into parts that are not, of a letter at least."""
    if length(word) <= width:
        return [word]
    parts = [""]
    for cluster in clusters(word):
        if parts[-1] and length(parts[-1] + cluster) > width:
            parts.append("")
        parts[-1] += cluster
    return parts
