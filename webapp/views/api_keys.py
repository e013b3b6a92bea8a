"""One's own API keys: which there are, a new one shown once, the end of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for

from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys
from webapp.views.forms import Form
from webapp.views.security import absolute, person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("api_keys", __name__, url_prefix="/account/api-keys")

LIFETIMES = (("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("0", "Until revoked"))
USUAL_LIFETIME = "90"


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List one's keys, with a form to make one."""
    return _page(Form(ApiKeyDraft, {"days": USUAL_LIFETIME}))


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Make a key and show it, this once."""
    form = Form(ApiKeyDraft)
    made = form.submit(lambda typed: api_keys.create(person(), typed))
    if made is None:
        return _page(form)
    return render_template("api_keys/made.html", key=made[0], text=made[1], example=_example())


@blueprint.post("/<key_id>/revocation")
def revoke(key_id: str) -> ResponseReturnValue:
    """Make a key stop working."""
    key = api_keys.revoke(person(), key_id)
    flash(f"{key.name} is revoked and works no more", "ok")
    return redirect(url_for("api_keys.index"), 303)


def _page(form: Form[ApiKeyDraft]) -> ResponseReturnValue:
    keys = api_keys.list_for(person())
    return form.page("api_keys/index.html", keys=keys, lifetimes=LIFETIMES, example=_example())


def _example() -> str:
    """Write a first request as one would type it, with the key in a variable, which no history keeps."""
    return f'curl -H "Authorization: Bearer $SLATE_KEY" {absolute("/api/v3/clients")}'
