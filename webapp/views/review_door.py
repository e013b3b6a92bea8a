"""The door of a review link: the address from the message, its password, who are you; then the clean address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, make_response, redirect, request
from flask_login import current_user

from webapp.errors import TooMany
from webapp.schemas.review_links import Choice, Introduction, LinkPasswordTry
from webapp.services import reviewers
from webapp.views import guests
from webapp.views.forms import Form
from webapp.views.security import person, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.models import Reviewer

blueprint = Blueprint("review_door", __name__)
blueprint.after_app_request(guests.keep_quiet)


@blueprint.route("/r/<token>", methods=["GET", "POST"])
@public
def enter(token: str) -> ResponseReturnValue:
    """Swap the token for a cookie and go on to the clean address; a link with a password asks for it first."""
    link = reviewers.link_of(token)
    if request.method == "HEAD":
        return ""  # a preview looks whether there is something; that is nobody yet
    if reviewers.is_inside(link, guests.token(link.id)):
        return redirect(guests.home(link.id), 303)
    if link.password_hash is None:
        return _welcome(*_enter(token))
    form = Form(LinkPasswordTry)
    try:
        entered = form.submit(lambda typed: _enter(token, typed.password))
    except TooMany as refusal:
        return _slow_down(form, refusal, "review_door/password.html")
    return form.page("review_door/password.html") if entered is None else _welcome(*entered)


@blueprint.route("/review/<link_id>/who", methods=["GET", "POST"])
@public
def who(link_id: str) -> ResponseReturnValue:
    """Ask a guest who they are: one of the list, or a name of their own."""
    visitor = guests.visitor(link_id)
    return _choose(visitor) if visitor.link.named_only else _introduce(visitor)


def _choose(visitor: Reviewer) -> ResponseReturnValue:
    form, template = Form(Choice, {"reviewer_id": visitor.id}), "review_door/choose.html"
    context = {"reviewer": visitor, "named": reviewers.on_list(visitor.link)}
    cookie = guests.token(visitor.link_id)
    try:
        chosen = form.submit(lambda typed: reviewers.choose(visitor, cookie, typed.reviewer_id, typed.email, _place()))
    except TooMany as refusal:
        return _slow_down(form, refusal, template, **context)
    return redirect(guests.next_page(visitor.link_id), 303) if chosen else form.page(template, **context)


def _introduce(visitor: Reviewer) -> ResponseReturnValue:
    form = Form(Introduction, {"name": visitor.name, "email": visitor.email})
    link_id = visitor.link_id
    if form.submit(lambda typed: reviewers.introduce(visitor, typed.name, typed.email)):
        return redirect(guests.next_page(link_id), 303)
    return form.page("review_door/who.html", reviewer=visitor)


def _enter(token: str, password: str = "") -> tuple[Reviewer, str]:
    cookie = guests.token(reviewers.link_of(token).id)
    member = person() if current_user.is_authenticated else None
    return reviewers.enter(token, password, _place(), cookie=cookie, member=member)


def _welcome(reviewer: Reviewer, fresh: str) -> Response:
    response = make_response(redirect(guests.home(reviewer.link_id), 303))
    return guests.give(response, reviewer.link_id, fresh)


def _place() -> str:
    return request.remote_addr or ""


def _slow_down(form: Form[Any], refusal: TooMany, template: str, **context: object) -> Response:
    form.message = f"{refusal.message} {refusal.hint}"
    response = make_response(form.page(template, **context)[0], refusal.status)
    response.headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    return response
