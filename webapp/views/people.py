"""The people of this Slate, for admins: who they are, what they may do, how they get in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for

from webapp.models import Role
from webapp.schemas.people import Invitation, RoleChange
from webapp.services import people
from webapp.views.forms import Form
from webapp.views.security import absolute, admins, person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

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
    return _page(form) if made is None else render_template("people/link.html", who=made[0], link=absolute(made[1]))


@blueprint.post("/<user_id>/link")
@admins
def make_link(user_id: str) -> ResponseReturnValue:
    """Show a new link for somebody: to join, or to set a new password."""
    who = people.find(person(), user_id)
    return render_template("people/link.html", who=who, link=absolute(people.way_in(person(), who)))


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


def _page(form: Form[Invitation]) -> ResponseReturnValue:
    return form.page("people/index.html", everyone=people.everyone(person()), roles=ROLES)


def _done(text: str) -> ResponseReturnValue:
    """Go back to the list; who just gave away the right to see it goes home."""
    flash(text, "ok")
    return redirect(url_for("people.index") if person().may_manage else "/", 303)
