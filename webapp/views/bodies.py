"""Who may send a large body: decided from its headers, before any of it is kept."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from webapp.config import MB
from webapp.errors import Busy, TooLarge, TooMany
from webapp.services import api_keys, blobs, reviewers, sign_ins
from webapp.views import cookies, guests, security

if TYPE_CHECKING:
    from flask import Flask

SMALL_BYTES = 64 * 1024
"""What anybody may send: the longest form without signing in has a few thousand characters."""
REFUSED = "slate.body_refused"
"""What the web server puts into the environ in place of a body that it did not read: a status of HTTP."""
RETRY_SECONDS = 10


def sender(app: Flask, environ: dict[str, Any]) -> str:
    """Name who sends a request with these headers, by a cookie or key that is good right now; empty for a stranger.

    Reads and never writes: the web server asks in its main loop.
    """
    with app.request_context(environ):
        try:
            return _sender()
        except (SQLAlchemyError, ValueError):  # busy, or no address at all
            return ""


def _sender() -> str:
    if key := security.api_key():
        owner = api_keys.owner_id(key)
    elif token := cookies.token():
        owner = sign_ins.owner_id(token)
    else:
        owner = None
    if owner:
        return f"person:{owner}"
    at_review = re.match(r"/review/([0-9a-zA-Z]+)", request.path)
    if at_review and reviewers.is_known(at_review[1], guests.token(at_review[1])):
        return f"link:{at_review[1]}"
    return ""


def refuse_crowds() -> None:
    """Refuse a request when too many others from the same address are under way. Raises TooMany."""
    if request.environ.get(REFUSED) == HTTPStatus.TOO_MANY_REQUESTS:
        raise TooMany("Too many requests from your network are under way.", retry_after=RETRY_SECONDS)


def refuse_bodies() -> None:
    """Say why the body was not read; asked after the guards that say who may be here at all.

    Raises:
        TooLarge: more than anybody, or a stranger, may send at once.
        Busy: too many large bodies are on their way.
        DiskFull: there is no room for this one.
    """
    status = request.environ.get(REFUSED)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        most = int(current_app.extensions["settings"].max_asset_bytes) // MB
        sentence = f"That is more than Slate takes: {most} MB a file, {SMALL_BYTES // 1024} KB without signing in."
        raise TooLarge(sentence)
    if status == HTTPStatus.INSUFFICIENT_STORAGE:
        raise blobs.disk_full()
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        sentence = "Many large files are being uploaded right now."
        raise Busy(sentence, retry_after=RETRY_SECONDS, hint="Try again in a moment.")
