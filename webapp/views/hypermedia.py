"""The only file that speaks htmx: who wants a fragment, how several parts go out, what Vary says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Response, make_response, render_template
from htmx_flask import request
from markupsafe import Markup

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Say on every answer that it depends on HX-Request: caches must not mix pages and fragments."""
    app.after_request(_vary)


def _vary(response: Response) -> Response:
    response.vary.add("HX-Request")
    return response


def wants_fragment() -> bool:
    """Say whether htmx wants a part of the page. Boosted and history-restore requests get the whole page."""
    asked = request.htmx
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def partial(target: str, template: str, swap: str = "outerMorph", **context: Any) -> Markup:
    """Render one component as an htmx 4 <hx-partial> for the element `target` (a CSS selector)."""
    body = render_template(template, **context)
    return Markup('<hx-partial hx-target="{}" hx-swap="{}">{}</hx-partial>').format(target, swap, Markup(body))  # noqa: S704 - rendered by Jinja with autoescape


def answer(*parts: Markup | str, status: int = 200, event: str = "") -> Response:
    """Send rendered parts; `event` is announced to the page as a browser event (HX-Trigger)."""
    response = make_response("".join(parts), status)
    if event:
        response.headers["HX-Trigger"] = event
    return response


def with_toast(response: Response, text: str, undo: str = "", kind: str = "ok") -> Response:
    """Add a toast to an answer; `undo` is a URL its Undo button POSTs to."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text, "undo": undo, "kind": kind}})
    return response


def go_to(url: str) -> Response:
    """Send htmx to another page with a full load."""
    response = make_response("", 204)
    response.headers["HX-Redirect"] = url
    return response


def refresh() -> Response:
    """Have htmx load the whole page again."""
    response = make_response("", 204)
    response.headers["HX-Refresh"] = "true"
    return response


def tab() -> str:
    """Name the browser tab that asks (X-Tab), empty when it did not say; at most 64 characters."""
    return str(request.headers.get("X-Tab", ""))[:64]
