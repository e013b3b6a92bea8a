"""The common style sheets as one: a component keeps its own file, and a phone asks once instead of fifty times."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Response, current_app, request, url_for

from webapp.views.security import ONE_YEAR, public

blueprint = Blueprint("sheets", __name__)

# fmt: off
SHEETS = (
    "layers", "fonts", "reset", "tokens", "base", "layout",
    "button", "segmented", "topbar", "avatar", "menu", "head", "chip", "badge", "notice", "empty", "card", "table",
    "stats", "pagination", "search", "field", "picks", "cards", "sheet", "links", "tile", "dropzone", "swatches",
    "activity", "auth", "brief", "job", "checks", "progress", "strip", "frame", "scene", "script", "fit", "wip",
    "scene-fields", "takes", "notes", "dock", "record", "review", "share", "dialog", "toast", "inbox", "states",
    "kept-words", "print",
)
# fmt: on
"""Files of static/css in cascade order; those of one area are linked by its pages."""


class Sheet(NamedTuple):
    """One text, as it is and as it is sent to browsers that unpack."""

    plain: bytes
    packed: bytes
    version: str
    """A piece of its hash."""


@blueprint.get("/static/css/all.css")
@public
def show() -> Response:
    """Answer with all of them; under the address of its own version it may be kept for good."""
    sheet = _joined(Path(current_app.static_folder or ""))
    packs = bool(request.accept_encodings["gzip"])
    response = Response(sheet.packed if packs else sheet.plain, mimetype="text/css")
    if packs:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    if request.args.get("v") == sheet.version:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    response.set_etag(f"{sheet.version}-gzip" if packs else sheet.version)
    response.make_conditional(request)
    return response


@blueprint.app_template_global()
def sheets_url() -> str:
    """Return the address of the common sheets, with a piece of their hash."""
    return url_for("sheets.show", v=_joined(Path(current_app.static_folder or "")).version)


@cache
def _joined(static: Path) -> Sheet:
    plain = b"\n".join((static / "css" / f"{name}.css").read_bytes() for name in SHEETS)
    return Sheet(plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:10])
