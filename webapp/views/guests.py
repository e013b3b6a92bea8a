"""The guard of every page behind a review link: who the guest is, by the cookie of this very link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Response, current_app, request, url_for

from webapp.errors import LinkClosed, LinkNeeded, NameNeeded
from webapp.schemas.review_links import Introduction
from webapp.services import reviewers
from webapp.views import cookies
from webapp.views.forms import parse

if TYPE_CHECKING:
    from webapp.config import Settings
    from webapp.errors import Refusal
    from webapp.models import Reviewer

AREA = ("/r/", "/review/")
"""Where guests are: all addresses that begin like this, and no others."""


def guest(link_id: str) -> Reviewer:
    """Return the guest who asks; every view under /review/<link_id> begins with it.

    Raises:
        LinkNeeded, LinkClosed, NameNeeded: they may not come in, or not any more; errors.py shows the way.
    """
    return reviewers.find(link_id, token(link_id))


def visitor(link_id: str) -> Reviewer:
    """Return the guest who asks, also before they have said which of the named reviewers they are."""
    return reviewers.find(link_id, token(link_id), unnamed=True)


def introduce(reviewer: Reviewer) -> None:
    """Take name and e-mail from the form sent (review_door/_who.html), unless the guest is known already.

    Raises:
        Invalid: on `name` or `email`, the fields of that partial.
    """
    if reviewer.is_known:
        return
    typed = parse(Introduction, {name: request.form.get(name, "") for name in ("name", "email")})
    reviewers.introduce(reviewer, typed.name, typed.email)


def home(link_id: str) -> str:
    """Return the clean address of a review, without the token."""
    return f"/review/{link_id}"


def next_page(link_id: str) -> str:
    """Return where to go on to: `next`, when that is a page of this very review, else its first."""
    wanted = request.args.get("next", "")
    ours = re.fullmatch(rf"{re.escape(home(link_id))}([/?#][^\\\x00-\x20\x7f]*)?", wanted)
    return wanted if ours and ".." not in wanted else home(link_id)


def token(link_id: str) -> str:
    """Return what this browser remembers of a link, empty for nothing."""
    return request.cookies.get(_name(link_id), "")


def give(response: Response, link_id: str, fresh: str) -> Response:
    """Put a guest's token into the answer's cookie: one cookie a link, so that none opens another."""
    response.set_cookie(
        _name(link_id),
        fresh,
        max_age=cookies.KEPT_SECONDS,
        path="/",
        secure=_over_https(),
        httponly=True,
        samesite="Lax",
    )
    return response


def is_here() -> bool:
    """Say whether this request is a guest's: their errors have no way to the dashboard."""
    return request.path.startswith(AREA)


def way_out(refusal: Refusal) -> str:
    """Return the page that says what a fragment cannot: closed, unknown, who are you. Empty for other refusals."""
    if isinstance(refusal, NameNeeded):
        return url_for("review_door.who", link_id=refusal.link_id)
    link_id = (request.view_args or {}).get("link_id")
    return home(link_id) if link_id and isinstance(refusal, LinkClosed | LinkNeeded) else ""


def keep_quiet(response: Response) -> Response:
    """Keep guests' pages out of search engines and caches, and their addresses out of every Referer.

    With `no-referrer` browsers send `Origin: null` with the page's own form. That is fine where they say
    Sec-Fetch-Site; over plain http they do not and Origin is all the cross-site guard has, so there the Referer is only
    cut down to the host.
    """
    if is_here():
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Referrer-Policy"] = "no-referrer" if "Sec-Fetch-Site" in request.headers else "strict-origin"
        if response.mimetype == "text/html":
            response.headers["Cache-Control"] = "no-store"
    return response


def _name(link_id: str) -> str:
    """Name the cookie of a link; what is not an id cannot put anything else into the header."""
    plain = re.sub(r"[^0-9a-zA-Z]", "", link_id)[:32]
    return f"{'__Host-' if _over_https() else ''}slate_guest_{plain}"


def _over_https() -> bool:
    settings: Settings = current_app.extensions["settings"]
    return settings.https
