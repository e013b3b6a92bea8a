"""What browsers and search engines ask for by themselves, at addresses that are the same everywhere."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from webapp.views.security import public

blueprint = Blueprint("wellknown", __name__)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Tell search engines that nothing here is for them."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
@public
def favicon() -> Response:
    """Answer with the icon; pages name it, what is no page (a text, a picture) cannot."""
    return current_app.send_static_file("favicon.ico")
