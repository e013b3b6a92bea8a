"""Fonts made for tests: real files whose letters are filled squares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.ttCollection import TTCollection

if TYPE_CHECKING:
    from pathlib import Path

    from fontTools.ttLib.tables._g_l_y_f import Glyph


def write(path: Path, letters: str, *, script: str = "", outlines: bool = True) -> Path:
    """Write a font that has these letters and, where a script's tag is given, rules for it."""
    font = _font(letters, script)
    if not outlines:
        del font["glyf"]
        del font["loca"]
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)
    return path


def collection(path: Path, *letters: str) -> Path:
    """Write several fonts into one file."""
    made = TTCollection()
    for number, some in enumerate(letters):
        file = write(path.with_suffix(f".{number}.ttf"), some)
        made.fonts.append(TTFont(file))
    made.save(str(path))
    return path


def _font(letters: str, script: str) -> TTFont:
    builder = FontBuilder(1000, isTTF=True)
    names = {ord(letter): f"u{ord(letter):05X}" for letter in letters}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), **{name: _square() for name in names.values()}})
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (800, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2()
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupPost()
    if script:
        one = next(iter(names.values()))
        rule = f"feature ccmp {{ script {script}; sub {one} by {one}; }} ccmp;"
        addOpenTypeFeaturesFromString(builder.font, rule)
    return builder.font


def _square() -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((50, 700), (750, 700), (750, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
