"""The people of this Slate, for admins: who they are, what they may do, how they get in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.errors import Conflict
from webapp.models import Role
from webapp.schemas.people import Erasure, Invitation, RoleChange
from webapp.services import erasure, letters, mail, people
from webapp.views.forms import Form
from webapp.views.security import absolute, admins, person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.models import User

blueprint = Blueprint("people", __name__, url_prefix="/people")

ROLES = (
    (Role.REVIEWER, "Reviewer", "reads and decides"),
    (Role.EDITOR, "Editor", "makes storyboards"),
    (Role.ADMIN, "Admin", "also manages people"),
)


@blueprint.get("")
@admins
def index() -> ResponseReturnValue:
    """List everybody, with a form to invite somebody."""
    return _page(Form(Invitation, {"role": Role.EDITOR}))


@blueprint.post("")
@admins
def invite() -> ResponseReturnValue:
    """Invite somebody and show their link, this once."""
    form = Form(Invitation)
    made = form.submit(lambda typed: people.invite(person(), typed.email, typed.name, typed.role))
    return _page(form) if made is None else _link(*made)


@blueprint.post("/<user_id>/link")
@admins
def make_link(user_id: str) -> ResponseReturnValue:
    """Show a new link for somebody: to join, or to set a new password."""
    who = people.find(person(), user_id)
    return _link(who, people.way_in(person(), who))


@blueprint.post("/<user_id>/role")
@admins
def change_role(user_id: str) -> ResponseReturnValue:
    """Change what somebody may do."""
    who, form = people.find(person(), user_id), Form(RoleChange)
    people.change_role(person(), who, form.draft().role)
    return _done(f"{who.name} is now {who.role}")


@blueprint.post("/<user_id>/deactivation")
@admins
def deactivate(user_id: str) -> ResponseReturnValue:
    """Shut somebody out."""
    who = people.find(person(), user_id)
    people.deactivate(person(), who)
    return _done(f"{who.name} is deactivated and signed out everywhere")


@blueprint.post("/<user_id>/reactivation")
@admins
def reactivate(user_id: str) -> ResponseReturnValue:
    """Let somebody in again."""
    who = people.find(person(), user_id)
    people.reactivate(person(), who)
    return _done(f"{who.name} may sign in again")


@blueprint.get("/<user_id>/erasure")
@admins
def confirm_erasure(user_id: str) -> ResponseReturnValue:
    """Ask before somebody is erased."""
    return Form(Erasure).page("people/erase.html", who=_erasable(user_id))


@blueprint.post("/<user_id>/erasure")
@admins
def erase(user_id: str) -> ResponseReturnValue:
    """Erase somebody's personal data for good."""
    who, form = _erasable(user_id), Form(Erasure)
    name = who.name
    erased = form.submit(lambda typed: erasure.confirmed(person(), who, typed.email))
    if erased is None:
        return form.page("people/erase.html", who=who)
    return _done(f"{name} is erased. {erased.sentence}".strip())


def _erasable(user_id: str) -> User:
    """Find somebody who may be erased: first they are shut out, so that nobody is erased by a slip."""
    who = people.find(person(), user_id)
    if who.is_active:
        raise Conflict(f"{who.name} can still sign in.", hint="Deactivate the account first.")
    if who.is_erased:
        raise Conflict("This person is erased already.")
    return who


def _page(form: Form[Invitation]) -> ResponseReturnValue:
    return form.page("people/index.html", everyone=people.everyone(person()), roles=ROLES, mails=mail.is_set_up())


def _link(who: User, path: str) -> str:
    """Show a link this once; also send it, where that was ticked and there is a mail server."""
    link, by_mail = absolute(path), mail.is_set_up() and "by_mail" in request.form
    if by_mail:
        letters.send_way_in(person(), who, link)
    return render_template("people/link.html", who=who, link=link, by_mail=by_mail)


def _done(text: str) -> ResponseReturnValue:
    """Go back to the list; who just gave away the right to see it goes home."""
    flash(text, "ok")
    return redirect(url_for("people.index") if person().may_manage else "/", 303)
