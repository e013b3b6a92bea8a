"""/api/v3/webhooks, for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, url_for

from webapp.services import webhooks
from webapp.views.api import envelope
from webapp.views.api.spec import operation
from webapp.views.api.v3.resources import webhooks as resources
from webapp.views.api.v3.resources.base import Paged
from webapp.views.security import admins, person

if TYPE_CHECKING:
    from webapp.models import Webhook
    from webapp.views.api.v3.resources.webhooks import WebhookBody, WebhookChangeBody

blueprint = Blueprint("api_webhooks", __name__, url_prefix="/api/v3/webhooks")
TAG = "v3-webhooks"


@blueprint.get("")
@admins
@operation(TAG, query=Paged, answers={200: list[resources.WebhookResource]}, is_list=True)
def index(query: Paged) -> Response:
    """List all webhooks, the oldest first."""
    found, counts = webhooks.everything(person()), webhooks.counts(person())
    shown = found[query.offset : query.offset + query.limit]
    rows = [resources.webhook(each, counts.get(each.id, {})) for each in shown]
    return envelope.page(rows, len(found), limit=query.limit, offset=query.offset)


@blueprint.post("")
@admins
@operation(TAG, body=resources.WebhookBody, answers={201: resources.SecretWebhookResource}, said_once=("secret",))
def add(body: WebhookBody) -> Response:
    """Add a webhook.

    Its `secret` signs its messages, as Standard Webhooks has it. It is said in this answer and nowhere else.
    """
    made = webhooks.add(person(), body.draft())
    url = url_for(".show", webhook_id=made.id)
    return envelope.answer(resources.with_secret(made, {}), 201, location=url)


@blueprint.get("/<webhook_id>")
@admins
@operation(TAG, answers={200: resources.WebhookResource})
def show(webhook_id: str) -> Response:
    """Return a webhook, without its secret."""
    return _answer(webhooks.find(person(), webhook_id))


@blueprint.put("/<webhook_id>")
@admins
@operation(TAG, body=resources.WebhookChangeBody, answers={200: resources.WebhookResource})
def change(webhook_id: str, body: WebhookChangeBody) -> Response:
    """Change the fields given of a webhook, or switch it off and on.

    What waits goes to the new address; what waits for one that is switched off is given up.
    """
    found = webhooks.find(person(), webhook_id)
    webhooks.change(person(), found, body.change())
    return _answer(found)


@blueprint.delete("/<webhook_id>")
@admins
@operation(TAG, answers={200: None})
def delete(webhook_id: str) -> Response:
    """Delete a webhook and what waits for it."""
    webhooks.delete(person(), webhooks.find(person(), webhook_id))
    return envelope.answer(None)


@blueprint.post("/<webhook_id>/secret")
@admins
@operation(TAG, answers={200: resources.SecretWebhookResource}, said_once=("secret",))
def rotate(webhook_id: str) -> Response:
    """Give a webhook a new secret, said this once; the old one stops at once."""
    found = webhooks.find(person(), webhook_id)
    webhooks.rotate(person(), found)
    return envelope.answer(resources.with_secret(found, _counts(found)))


@blueprint.post("/<webhook_id>/test")
@admins
@operation(TAG, answers={202: None}, refuses=(409,))
def send_test(webhook_id: str) -> Response:
    """Send a message that says it is a test; `deliveries` tell what became of it."""
    webhooks.send_test(person(), webhooks.find(person(), webhook_id))
    return envelope.answer(None, 202)


@blueprint.get("/<webhook_id>/deliveries")
@admins
@operation(TAG, query=Paged, answers={200: list[resources.DeliveryResource]}, is_list=True)
def deliveries(webhook_id: str, query: Paged) -> Response:
    """List the last messages for a webhook, at most 30, the newest first."""
    found = webhooks.last_deliveries(webhooks.find(person(), webhook_id))
    rows = [resources.delivery(each) for each in found[query.offset : query.offset + query.limit]]
    return envelope.page(rows, len(found), limit=query.limit, offset=query.offset)


def _answer(found: Webhook) -> Response:
    return envelope.answer(resources.webhook(found, _counts(found)))


def _counts(found: Webhook) -> dict[str, int]:
    return webhooks.counts(person()).get(found.id, {})
