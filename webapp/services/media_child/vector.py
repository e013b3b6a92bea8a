"""Read SVG drawings with resvg: nothing outside the file is looked at."""

from __future__ import annotations

import io
import re
import sys
from xml.etree import ElementTree as ET

import drawing
import images
import resvg_py
from answer import Answer, Refused
from PIL import Image
from svg_parts import Parts

_SVG = "http://www.w3.org/2000/svg"
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
MAX_ELEMENTS = 50_000
MAX_DEPTH = 200
DRAWN_PX = 1280  # the long side; four times the pixels cost four times the seconds and no frame is that large


def read(fonts: list[str], limits: dict) -> Answer:
    """Draw the SVG on standard input and shrink the drawing; `fonts` are the files of those there are, ours first."""
    root = _parse(sys.stdin.buffer.read(limits["svg_bytes"] + 1))
    parts = Parts(drawing.typecase(fonts), _parse, limits["svg_bytes"])
    parts.take_out(root)
    width, height = _size(root)
    images.check_size(width, height, limits)
    drawn_px = min(DRAWN_PX, limits["picture_px"])
    side = {"width": drawn_px} if width >= height else {"height": drawn_px}
    drawn = resvg_py.svg_to_bytes(
        svg_string=ET.tostring(root, encoding="unicode"),
        skip_system_fonts=True,
        **_fonts([fonts[0], *parts.fonts]),
        **side,
    )
    image = Image.open(io.BytesIO(bytes(drawn)), formats=["PNG"]).convert("RGBA")
    alpha = image.getchannel("A").getextrema()[0] < 255
    facts = {"width": width, "height": height, "has_alpha": alpha, "palette": drawing.palette(image)}
    facts["left_out"] = parts.left_out
    return Answer(facts, drawing.derivatives(image, limits))


def _fonts(files: list[str]) -> dict:
    """Draw text in our own font, and what that lacks in the others."""
    families = (
        "font_family",
        "serif_family",
        "sans_serif_family",
        "cursive_family",
        "fantasy_family",
        "monospace_family",
    )
    return {"font_files": list(dict.fromkeys(files)), **dict.fromkeys(families, "Inter")}


def _parse(content: bytes) -> ET.Element:
    """Parse the XML (expat refuses entities that multiply), counting elements and depth on the way."""
    ET.register_namespace("", _SVG)
    parser = ET.XMLPullParser(("start", "end"))
    count = depth = 0
    root = None
    try:
        for start in range(0, len(content), 65_536):
            parser.feed(content[start : start + 65_536])
            for event, element in parser.read_events():
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                count += event == "start"
                if count > MAX_ELEMENTS or depth > MAX_DEPTH:
                    raise Refused("the drawing is too complicated.", too_large=True)
        parser.close()
    except ET.ParseError:
        raise Refused("it is not a valid SVG drawing.") from None
    if root is None or root.tag not in ("svg", f"{{{_SVG}}}svg"):
        raise Refused("it is not an SVG drawing.")
    return root


def _size(root: ET.Element) -> tuple[int, int]:
    """Work out the drawing's size in CSS pixels from width, height and viewBox (100 % where nothing is said)."""
    box = [float(part) for part in re.findall(r"[-+]?[0-9.]+(?:e[-+]?[0-9]+)?", root.get("viewBox", ""), re.IGNORECASE)]
    box_width, box_height = (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else (0.0, 0.0)
    width, height = _length(root.get("width", "")), _length(root.get("height", ""))
    if width and not height:
        height = width * box_height / box_width if box_width else width
    elif height and not width:
        width = height * box_width / box_height if box_height else height
    elif not width and not height:
        width, height = box_width or 100.0, box_height or 100.0
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise Refused("the drawing has no usable size.")
    return max(1, round(width)), max(1, round(height))


def _length(text: str) -> float:
    """Read a length such as "12mm" in CSS pixels; 0 for percentages and what cannot be read."""
    found = re.fullmatch(r"\s*([0-9.]+(?:e[-+]?[0-9]+)?)\s*([a-z]*)\s*", text, re.IGNORECASE)
    if not found or found.group(2).lower() not in _PIXELS:
        return 0.0
    return float(found.group(1)) * _PIXELS[found.group(2).lower()]
