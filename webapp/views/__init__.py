"""Everything that answers HTTP: faces are registered here, and nowhere else."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.views import blobs, bodies, errors, filters, hypermedia, security
from webapp.views.api import rates
from webapp.views.readable import readable, whole_forms

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Settings

FACES = (
    "dashboard",
    "auth",
    "account",
    "api_keys",
    "people",
    "inbox",
    "webhooks",
    "clients",
    "campaigns",
    "assets",
    "jobs",
    "archive",
    "scenes",
    "decisions",
    "animatics",
    "record",
    "comments",
    "fit",
    "merging",
    "takes",
    "versions",
    "undo",
    "sending",
    "share",
    "review_door",
    "review",
    "review_decisions",
    "search",
    "health",
    "sheets",
    "wellknown",
    "api.openapi",
    "api.docs",
    "api.v3.clients",
    "api.v3.jobs",
    "api.v3.cost",
    "api.v3.video",
    "api.v3.actions",
    "api.v3.scenes",
    "api.v3.takes",
    "api.v3.fit",
    "api.v3.campaigns",
    "api.v3.assets",
    "api.v3.review_links",
    "api.v3.comments",
    "api.v3.decisions",
    "api.v3.versions",
    "api.v3.checks",
    "api.v3.webhooks",
)
"""Modules of this package with a `blueprint`."""


def init_app(app: Flask, settings: Settings) -> None:
    """Register every face with its guards: security first, so that nothing is reached around it."""
    app.config["MAX_CONTENT_LENGTH"] = settings.max_asset_bytes + 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 1024 * 1024
    app.config["MAX_FORM_PARTS"] = 500
    app.request_class = whole_forms(app.request_class)
    app.wsgi_app = readable(app.wsgi_app)  # type: ignore[assignment, method-assign]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    blobs.init_app(app)
    app.before_request(bodies.refuse_crowds)
    security.init_app(app, settings)
    app.before_request(bodies.refuse_bodies)
    hypermedia.init_app(app)
    filters.init_app(app)
    errors.init_app(app)
    rates.init_app(app, settings.api_requests_per_minute)
    for name in FACES:
        app.register_blueprint(import_module(f"webapp.views.{name}").blueprint)
