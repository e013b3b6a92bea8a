"""Build webapp/static/vendor/icons.svg: the lucide icons Slate uses, as one sprite of symbols.

npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
python scripts/build_icons.py package/icons > webapp/static/vendor/icons.svg
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ICONS = """
activity archive archive-restore arrow-left arrow-right arrow-up-right badge-check ban bell building-2 calendar
captions check check-check chevron-down chevron-left chevron-right chevron-up chevrons-up-down circle circle-alert
circle-check circle-dot circle-play circle-stop circle-x clapperboard clipboard-list clock columns-3 copy
corner-down-right cpu dollar-sign download ellipsis external-link eye eye-off file file-audio file-image file-text
file-video files film funnel folder folder-open fullscreen gallery-horizontal-end gauge globe grip-vertical hard-drive
hash history house image image-off image-up inbox info key-round keyboard languages layers layout-grid link list
list-filter loader lock lock-open log-in log-out mail maximize-2 megaphone menu message-square message-square-plus mic
minus monitor moon move music package palette panel-left panel-right pause pencil-line pin play plug plus presentation
printer quote refresh-cw rotate-ccw save scissors search send server settings settings-2 share-2 shield-check shuffle
smartphone sparkles square star stretch-horizontal sun table-2 tag target thumbs-down thumbs-up timer trash-2
triangle-alert type undo-2 upload user user-plus users video volume-2 wand-sparkles wifi wifi-off x zap
""".split()  # noqa: SIM905 - a list of 140 quoted names is harder to read and to sort


def symbol(name: str, svg: str) -> str:
    """Turn one icon file into a symbol; stroke and size come from the style sheet (`.i`)."""
    body = re.sub(r"(?s)^.*?<svg[^>]*>|</svg>.*$", "", svg)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>'


def sprite(folder: Path) -> str:
    """Join the icons of the list; a name lucide does not have raises FileNotFoundError."""
    symbols = "\n".join(symbol(name, (folder / f"{name}.svg").read_text()) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


if __name__ == "__main__":
    sys.stdout.write(sprite(Path(sys.argv[1])))
