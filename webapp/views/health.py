"""Say that the web process is alive and can read its database."""

from __future__ import annotations

from flask import Blueprint, Response

from webapp.services import upkeep
from webapp.views.security import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Answer "ok", for load balancers and monitors."""
    upkeep.ping()
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})
