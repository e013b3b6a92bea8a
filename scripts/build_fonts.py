"""Build webapp/services/frames/fonts/Inter-SemiBold.ttf: what Slate sets in pictures and films, one file of 220 KB.

npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz
python scripts/build_fonts.py package/web/Inter-SemiBold.woff2

It keeps every letter, mark and sign Inter has (Latin with its extensions and Vietnamese, Cyrillic, Greek, arrows,
currencies), its kerning and the places of marks; private use letters, styles and hints go.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parent.parent / "webapp" / "services" / "frames" / "fonts" / "Inter-SemiBold.ttf"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]
PRIVATE = range(0xE000, 0xF900)
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
"""Copyright, family and style (by both their names), version, licence."""


def build(source: Path) -> None:
    """Write the part of the font at `source` that Slate needs."""
    font = TTFont(source)
    options = subset.Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=NAMES)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if code not in PRIVATE])
    subsetter.subset(font)
    font.flavor = None
    font.save(TARGET)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
