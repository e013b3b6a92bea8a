"""Guards in front of every route: who is asking, from where, and what every answer's headers say."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from flask import Request, Response, current_app, g, make_response, render_template, request
from flask_login import AnonymousUserMixin, current_user
from werkzeug.exceptions import BadRequest

from webapp.errors import Forbidden, NotFound, SignInNeeded
from webapp.extensions import login
from webapp.services import api_keys, sign_ins
from webapp.views import cookies, forms, hosts, hypermedia
from webapp.views.api import envelope, rates
from webapp.views.readable import ODD_HOST

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Settings
    from webapp.models import SignIn, User

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., object])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1). Everything else has to come from our own pages."""

API = "/api/"
"""Paths under which programs ask with a key and are answered in JSON. Keys open nothing else."""

ONE_YEAR = 365 * 24 * 3600

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every answer says unless its view said something stricter or, for caching, something better informed."""


def public(view: View) -> View:
    """Let a view be reached without signing in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def editors(view: View) -> View:
    """Keep a view to editors and admins (403 for reviewers)."""
    view.needs = "edit"  # type: ignore[attr-defined]
    return view


def admins(view: View) -> View:
    """Keep a view to admins; for everybody else it does not exist (404)."""
    view.needs = "manage"  # type: ignore[attr-defined]
    return view


def from_anywhere(view: View) -> View:
    """Let a form come from elsewhere: its link alone is the authority, the cookies of the browser count for nothing."""
    view.is_from_anywhere = True  # type: ignore[attr-defined]
    return view


def person() -> User:
    """Return the person who asks, for services and finders. Raises SignInNeeded."""
    if not current_user.is_authenticated:
        raise SignInNeeded
    return current_user._get_current_object()  # type: ignore[no-any-return]  # noqa: SLF001 - Flask-Login's own spelling


def this_sign_in() -> SignIn | None:
    """Return the sign-in this request came with, so that a page can say "this browser"."""
    return request.environ.get("slate.sign_in") if current_user.is_authenticated else None


def is_api() -> bool:
    """Say whether this request is for the JSON API."""
    return request.path.startswith(API)


def api_key() -> str:
    """Return the key a program sent with this request, as a Bearer token or in X-API-Key; empty when it sent none."""
    if not is_api():
        return ""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else request.headers.get("X-API-Key", "").strip()


def caller() -> str:
    """Name whoever asks for counting requests: the key, else the person."""
    return request.environ.get("slate.api_key") or f"person:{person().id}"


def absolute(path: str) -> str:
    """Make a link to send to another person: from PUBLIC_URL, never from what a Host header claims.

    Without PUBLIC_URL a host that nobody else can own is believed (this machine, an address of a private network), so
    that a Slate in an office works at once; for any other it is the address that Slate listens on.
    """
    settings = _settings()
    base = settings.public_url or (request.host_url if hosts.is_private(request.host) else settings.address)
    return base.rstrip("/") + path


def init_app(app: Flask, settings: Settings) -> None:
    """Put the guards in front of every route."""
    cookies.init_app(app, settings)
    # sign-ins are rows: Flask-Login itself neither remembers nor re-checks anything
    app.config.update(SESSION_PROTECTION=None, REMEMBER_COOKIE_NAME="slate_unused")
    login.request_loader(_user_of)
    for guard in (_forget_previous, _own_host, _own_pages, _signed_in):
        app.before_request(guard)
    app.after_request(_headers)


def _settings() -> Settings:
    return current_app.extensions["settings"]  # type: ignore[no-any-return]


def _user_of(asked: Request) -> User | None:
    if key := api_key():  # whoever sends a key means its owner, whatever cookies came along
        who = api_keys.find(key, asked.remote_addr or "")
        asked.environ["slate.api_key"] = who.key_id
        return who.person
    found = sign_ins.find(cookies.token())
    asked.environ["slate.sign_in"] = found
    return found.user if found else None


def _forget_previous() -> None:
    """Ask anew who is there: Flask-Login keeps the answer on `g`, which an outer app context carries on."""
    g.pop("_login_user", None)


def _own_host() -> None:
    """Refuse other names for this Slate when PUBLIC_URL is set; without it any host is fine, as in a local network.

    Ports are not compared: a proxy in front often leaves them out of the header (nginx: `$host`).
    """
    if (odd := request.environ.get(ODD_HOST)) is not None:
        log.warning("refused a request for what is no host: %r", odd[:100])
        raise BadRequest
    public_url = _settings().public_url
    if not public_url or request.endpoint == "health.healthz":
        return
    if hosts.name_of(request.host) not in {*hosts.LOCAL_NAMES, hosts.name_of(urlsplit(public_url).netloc)}:
        log.warning("refused a request for another host: %r", request.host)
        raise BadRequest


def _own_pages() -> None:
    """Refuse what another site's page sent with this browser's cookies.

    Browsers say where a request comes from in Sec-Fetch-Site; over plain http to a host other than localhost they leave
    it out and only say Origin. A request with neither is not a browser's form and is refused as well. SameSite cookies
    alone are not enough: another port of the same host is the same site. No browser adds an API key by itself, so
    a request with one comes from whoever holds it. A program that sends neither key nor cookie has nothing to protect
    and is told what it lacks.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE_METHODS or getattr(view, "is_from_anywhere", False) or api_key():
        return
    if is_api() and not cookies.token():
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    ours = site in ("same-origin", "none") if site is not None else origin is not None and _is_ours(origin)
    if not ours:
        log.warning("refused a cross-site %s: Sec-Fetch-Site %r, Origin %r", request.method, site, origin)
        raise Forbidden("This did not come from one of Slate's own pages.", hint="Open Slate itself and try there.")


def _is_ours(origin: str) -> bool:
    allowed = {request.host_url.rstrip("/").lower()}
    if public_url := _settings().public_url:
        parts = urlsplit(public_url)
        allowed.add(f"{parts.scheme}://{parts.netloc}".lower())
    return origin.lower() in allowed


def _signed_in() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "is_public", False) or request.endpoint == "static":
        return None
    if isinstance(current_user._get_current_object(), AnonymousUserMixin):  # noqa: SLF001 - Flask-Login's own spelling
        return _stranger()
    if is_api():
        rates.spend(caller())  # before what they may not do is refused: refusals are answers, too
    who, needs = person(), getattr(view, "needs", "")
    if needs == "manage" and not who.may_manage:
        raise NotFound
    if needs == "edit" and not who.may_edit:
        raise Forbidden("Your account may look and decide, not change.", hint="Ask an admin to make you an editor.")
    return None


def _stranger() -> Response:
    """Send a page's visitor to sign in; what would have changed something is refused, since nothing of it was done."""
    if is_api():
        raise SignInNeeded("Say who asks.", hint="Send an API key: Authorization: Bearer slate_…")
    if request.method in SAFE_METHODS or hypermedia.wants_fragment():
        raise SignInNeeded
    return make_response(render_template("auth/signed_out.html", words=forms.typed_words()), 401)


def _headers(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args and response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    said = {name.lower() for name, _ in response.headers}  # eight times setdefault was a tenth of a small answer's time
    response.headers.extend([(name, value) for name, value in HEADERS.items() if name.lower() not in said])
    if is_api():  # files and empty answers have no envelope to say it in
        response.headers["X-Request-Id"] = envelope.request_id()
    if _settings().https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    return response
