"""One refusal, three faces: an alert for htmx, a page for a browser, the envelope for programs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from flask import Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException

from webapp import storage
from webapp.errors import Busy, Invalid, NameNeeded, NotFound, Refusal, SignInNeeded, TooMany
from webapp.views import forms, guests, hypermedia, security
from webapp.views.api import envelope

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as BaseResponse

log = logging.getLogger(__name__)

SENTENCES = {
    400: ("That request did not make sense", "Go back and try again."),
    403: ("Not allowed", "Your account may not do this."),
    404: ("Nothing here", "The page is gone, never was, or is not yours to see."),
    405: ("That does not work this way", "Go back and use the page's own buttons."),
    406: ("Not in this format", "Slate does not answer in the format that was asked for."),
    413: ("Too large", "The upload is larger than Slate accepts."),
    415: ("Not in this format", "Slate does not take what was sent in this format."),
    416: ("Not in this file", "The range that was asked for lies behind its end."),
    429: ("Too many tries", "Wait a moment and try again."),
    500: (
        "Something broke on our side",
        "What you saved before is safe. Try again; if it stays, tell whoever runs this Slate.",
    ),
    503: ("Busy", "The database is busy. Try again in a moment."),
}
API_SENTENCES = {
    404: "There is nothing at this address. GET /api/v3/openapi.json and /docs list every route.",
    405: "This address does not take that method; the header Allow names those it takes.",
}
"""What is said to programs instead: they have no page to go back to."""
CODES = {
    400: "malformed",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    429: "rate_limited",
    500: "internal_error",
    503: "unavailable",
}
"""The API's words for what no refusal of ours says better."""

RETRY_SECONDS = 5
"""When it is worth trying again after the database was busy."""


def init_app(app: Flask) -> None:
    """Answer every refusal and every failure at app level: blueprints never see unmatched URLs."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(
        ObjectDeletedError, lambda _error: _refusal(NotFound("Somebody deleted this in the meantime."))
    )
    app.register_error_handler(
        StaleDataError, lambda _error: _refusal(NotFound("Somebody deleted this in the meantime."))
    )
    app.register_error_handler(DBAPIError, _storage)
    app.register_error_handler(OSError, _storage)
    app.register_error_handler(Exception, _unexpected)


def _refusal(refusal: Refusal) -> BaseResponse:
    if security.is_api():
        return _enveloped(refusal)
    if isinstance(refusal, SignInNeeded) and not hypermedia.wants_fragment():
        return redirect(url_for("auth.sign_in", next=_asked_for()), 303)
    if isinstance(refusal, NameNeeded) and not hypermedia.wants_fragment() and not forms.typed_words():
        return redirect(guests.way_out(refusal), 303)
    way_on = guests.way_out(refusal) if isinstance(refusal, NameNeeded) else ""
    response = _face(refusal.status, refusal.title, refusal.message, refusal.hint, way_on=way_on)
    if hypermedia.wants_fragment() and (page := guests.way_out(refusal)):
        response.headers["HX-Redirect"] = page
    if isinstance(refusal, TooMany | Busy):
        response.headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    return response


def _enveloped(refusal: Refusal) -> Response:
    fields = refusal.fields if isinstance(refusal, Invalid) else None
    current = getattr(refusal, "current", None)
    response = envelope.refused(
        refusal.status, refusal.code, refusal.message, hint=refusal.hint, fields=fields, current=current
    )
    if isinstance(refusal, TooMany | Busy):
        response.headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Slate"'
    return response


def _asked_for() -> str | None:
    """Return where to go on after signing in; the dashboard, where one goes anyway, is not worth saying."""
    wanted = request.full_path.rstrip("?")  # Flask ends it with a ? even without a query
    return wanted if request.method == "GET" and wanted != "/" else None


def _http(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    title, message = SENTENCES.get(error.code, SENTENCES[400])
    response = _face(error.code, title, message, "")
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "content-range"):
            response.headers[name] = value
    return response


def _storage(error: OSError | DBAPIError) -> BaseResponse:
    """Answer for what went wrong with the disk or a database outside our own code, such as in werkzeug's spool."""
    refusal = storage.refusal_of(error)
    if refusal is not None:
        log.error("storage: %s", str(error))  # not the error itself: its frames hold open files
        return _refusal(refusal)
    if isinstance(error, OperationalError):
        log.error("database: %s", error.orig)
        response = _face(503, *SENTENCES[503], "")
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _unexpected(error)


def _unexpected(error: Exception) -> BaseResponse:
    log.error("unexpected, request %s", envelope.request_id(), exc_info=error)
    return _face(500, *SENTENCES[500], "")


def _face(status: int, title: str, message: str, hint: str, *, way_on: str = "") -> Response:
    if security.is_api():
        said = API_SENTENCES.get(status, f"{title}. {message}")
        return envelope.refused(status, CODES.get(status, "refused"), said, hint=hint)
    context: dict[str, Any] = {"status": status, "title": title, "message": message, "hint": hint, "way_on": way_on}
    if not hypermedia.wants_fragment():
        context["words"] = forms.typed_words()
    page = "review_door/refused.html" if guests.is_here() else "errors/page.html"
    template = "errors/_alert.html" if hypermedia.wants_fragment() else page
    response = make_response(render_template(template, **context), status)
    if hypermedia.wants_fragment():
        # the alert belongs in the toast region, wherever the request came from
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
    return response
