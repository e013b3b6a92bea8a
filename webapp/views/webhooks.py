"""Webhooks, for admins: where Slate tells what happens, what arrived there and what did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from webapp.models import DeliveryState
from webapp.schemas.webhooks import MessageType, WebhookChange, WebhookDraft
from webapp.services import webhooks
from webapp.views.forms import Form
from webapp.views.security import admins, person

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.models import Webhook

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

WORDS = {
    MessageType.JOB_CREATED: "Storyboard asked for",
    MessageType.STORYBOARD_READY: "Storyboard written",
    MessageType.STORYBOARD_FAILED: "Writing failed",
    MessageType.SCENE_REDONE: "Scene redone",
    MessageType.COMMENT_CREATED: "Comment",
    MessageType.COMMENT_ANSWERED: "Comment answered",
    MessageType.VERSION_SENT: "Sent for review",
    MessageType.DECISION_RECORDED: "Decision",
    MessageType.JOB_REOPENED: "Reopened",
    MessageType.ANIMATIC_READY: "Animatic rendered",
}
CHOICES = [(kind.value, words) for kind, words in WORDS.items()]


@blueprint.get("")
@admins
def index() -> ResponseReturnValue:
    """List all webhooks, with a form to add one."""
    return _page(Form(WebhookDraft))


@blueprint.post("")
@admins
def add() -> ResponseReturnValue:
    """Add a webhook and show its secret, this once."""
    form = Form(WebhookDraft)
    made = form.submit(lambda typed: webhooks.add(person(), typed))
    return _page(form) if made is None else _secret(made)


@blueprint.get("/<webhook_id>")
@admins
def show(webhook_id: str) -> ResponseReturnValue:
    """Show one webhook with what was sent last."""
    found = webhooks.find(person(), webhook_id)
    return _one(found, Form(WebhookDraft, {"url": found.url, "kinds": found.kinds}))


@blueprint.post("/<webhook_id>")
@admins
def change(webhook_id: str) -> ResponseReturnValue:
    """Change where a webhook leads and what it is told."""
    found, form = webhooks.find(person(), webhook_id), Form(WebhookDraft)
    form.submit(lambda typed: webhooks.change(person(), found, WebhookChange(**typed.model_dump())))
    return _one(found, form) if form.message else _done(found, "Webhook saved")


@blueprint.get("/<webhook_id>/deliveries")
@admins
def deliveries(webhook_id: str) -> ResponseReturnValue:
    """Answer the list's poll, which it makes while a message is on its way for the first time."""
    found = webhooks.find(person(), webhook_id)
    return render_template("webhooks/_deliveries.html", **_sent(found))


@blueprint.post("/<webhook_id>/tests")
@admins
def send_test(webhook_id: str) -> ResponseReturnValue:
    """Send a message that says it is a test."""
    found = webhooks.find(person(), webhook_id)
    webhooks.send_test(person(), found)
    return _done(found, "The test is on its way")


@blueprint.post("/<webhook_id>/deliveries/<delivery_id>/again")
@admins
def send_again(webhook_id: str, delivery_id: str) -> ResponseReturnValue:
    """Begin anew with a message that was given up."""
    found = webhooks.find(person(), webhook_id)
    webhooks.send_again(person(), found, delivery_id)
    return _done(found, "It is on its way again")


@blueprint.post("/<webhook_id>/secret")
@admins
def rotate(webhook_id: str) -> ResponseReturnValue:
    """Give a webhook a new secret and show it, this once."""
    found = webhooks.find(person(), webhook_id)
    webhooks.rotate(person(), found)
    return _secret(found)


@blueprint.post("/<webhook_id>/deactivation")
@admins
def disable(webhook_id: str) -> ResponseReturnValue:
    """Switch a webhook off."""
    found = webhooks.find(person(), webhook_id)
    webhooks.disable(person(), found)
    return _done(found, "The webhook is off")


@blueprint.post("/<webhook_id>/reactivation")
@admins
def enable(webhook_id: str) -> ResponseReturnValue:
    """Switch a webhook on again."""
    found = webhooks.find(person(), webhook_id)
    webhooks.enable(person(), found)
    return _done(found, "The webhook is on")


@blueprint.post("/<webhook_id>/delete")
@admins
def delete(webhook_id: str) -> ResponseReturnValue:
    """Delete a webhook."""
    webhooks.delete(person(), webhooks.find(person(), webhook_id))
    flash("The webhook is deleted", "ok")
    return redirect(url_for("webhooks.index"), 303)


def _page(form: Form[WebhookDraft]) -> ResponseReturnValue:
    return form.page(
        "webhooks/index.html",
        everything=webhooks.everything(person()),
        counts=webhooks.counts(person()),
        choices=CHOICES,
        words=WORDS,
    )


def _one(found: Webhook, form: Form[WebhookDraft]) -> ResponseReturnValue:
    return form.page("webhooks/show.html", choices=CHOICES, **_sent(found))


def _sent(found: Webhook) -> dict[str, object]:
    """Collect what was sent last; `fresh` says that one of it is on its way for the first time."""
    sent = webhooks.last_deliveries(found)
    fresh = any(each.state == DeliveryState.WAITING and not each.attempts for each in sent)
    return {"webhook": found, "deliveries": sent, "fresh": fresh}


def _secret(found: Webhook) -> str:
    return render_template("webhooks/secret.html", webhook=found, is_new=request.endpoint == "webhooks.add")


def _done(found: Webhook, text: str) -> ResponseReturnValue:
    flash(text, "ok")
    return redirect(url_for("webhooks.show", webhook_id=found.id), 303)
