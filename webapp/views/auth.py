"""Come in and leave: sign in, sign out, and the one-time links to set up, join, set a new password or sign in once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from webapp.errors import TooMany
from webapp.models import LinkKind
from webapp.schemas.people import Credentials, FirstAdmin, Joining, NewPassword
from webapp.services import access_links, auth, people, sign_ins
from webapp.views import cookies, hypermedia
from webapp.views.forms import Form
from webapp.views.security import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.models import User

blueprint = Blueprint("auth", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail and password, then go where one wanted to go."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(_next(), 303)
    if not people.can_anybody_sign_in():
        return render_template("auth/waiting.html")
    form = Form(Credentials)
    try:
        user = form.submit(lambda typed: auth.authenticate(typed.email, typed.password, address=address()))
    except TooMany as refusal:
        return _slow_down(form, refusal)
    return form.page("auth/sign_in.html") if user is None else _welcome(user)


@blueprint.post("/sign-in/again")
@public
def sign_in_again() -> ResponseReturnValue:
    """Sign in inside a page that somebody was signed out of. The same person goes on; another gets the page afresh."""
    form, person_id = Form(Credentials), request.form.get("person_id", "")
    try:
        user = form.submit(lambda typed: auth.authenticate(typed.email, typed.password, address=address()))
    except TooMany as refusal:
        form.message = f"{refusal.message} {refusal.hint}"
        return _again(form, person_id), refusal.status
    if user is None:
        return _again(form, person_id), 422
    fresh = sign_ins.begin(user, address=address(), user_agent=request.user_agent.string, replacing=cookies.token())
    response = hypermedia.answer(status=204, event="signed-in") if user.id == person_id else hypermedia.refresh()
    return cookies.give(response, fresh)


def _again(form: Form[Credentials], person_id: str) -> str:
    email = form.values.get("email", "")
    return render_template("auth/_again_form.html", again=form, person_id=person_id, email=email)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign this browser out, for good: its row is gone, so a copied cookie is worth nothing."""
    sign_ins.end(cookies.token())
    return cookies.take(make_response(redirect(url_for("auth.sign_in"), 303)))


@blueprint.route("/set-up/<token>", methods=["GET", "POST"])
@public
def set_up(token: str) -> ResponseReturnValue:
    """Make the first admin, by the link from the terminal."""
    access_links.find(LinkKind.SET_UP, token)
    form = Form(FirstAdmin)
    user = form.submit(lambda typed: auth.set_up(token, **typed.model_dump()))
    return form.page("auth/set_up.html") if user is None else _welcome(user)


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """Accept an invitation."""
    invited = access_links.find(LinkKind.INVITE, token).user
    form = Form(Joining, {"name": invited.name if invited else ""})
    user = form.submit(lambda typed: auth.join(token, **typed.model_dump()))
    return form.page("auth/join.html", invited=invited) if user is None else _welcome(user)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Set a new password."""
    whose = access_links.find(LinkKind.RESET, token).user
    form = Form(NewPassword)
    user = form.submit(lambda typed: auth.reset_password(token, typed.password))
    return form.page("auth/reset.html", whose=whose) if user is None else _welcome(user)


@blueprint.route("/enter/<token>", methods=["GET", "POST"])
@public
def enter(token: str) -> ResponseReturnValue:
    """Sign in once. Opening the link only shows a button, so that a chat's link preview does not use it up."""
    if request.method == "POST":
        return _welcome(auth.enter(token))
    return render_template("auth/enter.html", who=access_links.find(LinkKind.SIGN_IN, token).user)


@blueprint.after_request
def _keep_quiet(response: Response) -> Response:
    """Keep a link's token out of the Referer of whatever its page loads or leads to, and out of search engines.

    With `no-referrer` browsers also send `Origin: null` with the page's own form (Fetch standard, 3.2.2). That is fine
    where they say Sec-Fetch-Site; over plain http they do not and Origin is all the cross-site guard has, so there the
    Referer is only cut down to the host.
    """
    if request.view_args and "token" in request.view_args:
        says_site = "Sec-Fetch-Site" in request.headers
        response.headers["Referrer-Policy"] = "no-referrer" if says_site else "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def address() -> str:
    """Return the address this request came from, as far as the proxies we trust say."""
    return request.remote_addr or ""


def _welcome(user: User) -> ResponseReturnValue:
    """Begin a new sign-in, never continue one the browser came with, and go on."""
    fresh = sign_ins.begin(user, address=address(), user_agent=request.user_agent.string, replacing=cookies.token())
    return cookies.give(make_response(redirect(_next(), 303)), fresh)


def _next() -> str:
    """Return the page to go on to: a path of our own, never another site's address dressed up as one."""
    wanted = request.args.get("next", "").rstrip("?")
    parts = urlsplit(wanted) if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", wanted) else None
    return wanted if parts is not None and not parts.scheme and not parts.netloc else "/"


def _slow_down(form: Form[Credentials], refusal: TooMany) -> Response:
    form.message = f"{refusal.message} {refusal.hint}"
    response = make_response(form.page("auth/sign_in.html")[0], refusal.status)
    response.headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    return response
