"""One's own account: name, password, and the browsers one is signed in with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for

from webapp.schemas.people import MailWish, NameChange, PasswordChange
from webapp.services import mail, people, sign_ins
from webapp.views import cookies
from webapp.views.auth import address
from webapp.views.forms import Form
from webapp.views.security import person, this_sign_in

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Show one's account."""
    return _page(Form(NameChange, {"name": person().name}))


@blueprint.post("/name")
def rename() -> ResponseReturnValue:
    """Change one's name."""
    form = Form(NameChange)
    form.submit(lambda typed: people.rename(person(), typed.name))
    return _page(form) if form.message else _done("Name saved")


@blueprint.post("/mails")
def change_mails() -> ResponseReturnValue:
    """Say whether one wants the inbox by mail too."""
    wish = Form(MailWish).draft()
    mail.set_wish(person(), wants_mail=wish.wants_mail)
    return _done("You get mails about what lands in your inbox" if wish.wants_mail else "You get no more mails")


@blueprint.post("/password")
def change_password() -> ResponseReturnValue:
    """Change one's password; every other browser is signed out."""
    form = Form(PasswordChange)
    form.submit(
        lambda typed: people.change_password(
            person(), typed.current, typed.password, keep_token=cookies.token(), address=address()
        )
    )
    return _page(form) if form.message else _done("Password changed. Other browsers are signed out.")


@blueprint.post("/sign-ins/<sign_in_id>/end")
def end_sign_in(sign_in_id: str) -> ResponseReturnValue:
    """Sign one of one's browsers out."""
    sign_ins.end_one(person(), sign_in_id)
    return _done("That browser is signed out")


@blueprint.post("/sign-ins/end-others")
def end_others() -> ResponseReturnValue:
    """Sign out every browser but this one."""
    sign_ins.end_all(person(), except_token=cookies.token())
    return _done("All other browsers are signed out")


def _page(form: Form[Any]) -> ResponseReturnValue:
    browsers = [(each, sign_ins.browser_name(each.user_agent)) for each in sign_ins.list_for(person())]
    return form.page(
        "account/show.html", browsers=browsers, this=this_sign_in(), sent=form.schema.__name__, mails=mail.is_set_up()
    )


def _done(text: str) -> ResponseReturnValue:
    flash(text, "ok")
    return redirect(url_for("account.show"), 303)
