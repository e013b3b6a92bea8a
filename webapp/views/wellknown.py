"""What browsers and search engines ask for by themselves, at addresses that are the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect

from webapp.views.filters import static_url
from webapp.views.security import public

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as Redirection

blueprint = Blueprint("wellknown", __name__)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Tell search engines that nothing here is for them."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
@public
def favicon() -> Redirection:
    """Lead to the icon; pages name it, what is no page (a text, a picture) cannot."""
    return redirect(static_url("favicon.ico"))
