"""Webhooks: addresses that are told what happens, for admins; and what exactly they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import func, select, update

from webapp.errors import Conflict, FetchRefused, Invalid, NotFound
from webapp.extensions import db, transaction
from webapp.models import Decision, Delivery, DeliveryState, Scene, Webhook, utcnow
from webapp.schemas.webhooks import MessageType
from webapp.services import deliveries, signatures
from webapp.services.fetching.links import check_url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from webapp.models import Event, Job, User
    from webapp.schemas.messages import About, AboutDecision, AboutJob, TestAbout
    from webapp.schemas.webhooks import WebhookChange, WebhookDraft

MOST = 20
"""Each of them is a message for everything that happens."""
SHOWN = 30
TEST = "webhook.test"
TYPES = {
    "created": MessageType.JOB_CREATED,
    "generated": MessageType.STORYBOARD_READY,
    "failed": MessageType.STORYBOARD_FAILED,
    "redone": MessageType.SCENE_REDONE,
    "commented": MessageType.COMMENT_CREATED,
    "answered": MessageType.COMMENT_ANSWERED,
    "sent": MessageType.VERSION_SENT,
    "approve": MessageType.DECISION_RECORDED,
    "request_changes": MessageType.DECISION_RECORDED,
    "reject": MessageType.DECISION_RECORDED,
    "reopened": MessageType.JOB_REOPENED,
    "rendered": MessageType.ANIMATIC_READY,
}
"""Kinds of events that webhooks are told of, and what they are called outside."""


def announce(job: Job, event: Event) -> None:
    """Queue a message about an event for every webhook that wants it, in the transaction that recorded the event.

    It says how the job stands at this moment, so the event is recorded after the change. Costs one small query when
    there is no webhook; what is sent later never holds this transaction up.
    """
    kind = TYPES.get(event.kind)
    if kind is None or (kind == MessageType.JOB_REOPENED and "comment" in event.details):
        return  # a thread that is opened again is not a job
    payload: dict[str, Any] | None = None
    for webhook in db.session.scalars(select(Webhook).where(Webhook.disabled_at.is_(None))).all():
        if not webhook.kinds or kind in webhook.kinds:
            payload = payload or _message(kind, event.created_at or utcnow(), _about(job, event))
            _queue(webhook, payload)


def everything(person: User) -> Sequence[Webhook]:
    """Return all webhooks, oldest first. Raises NotFound for whoever is no admin."""
    _need_admin(person)
    return db.session.scalars(select(Webhook).order_by(Webhook.created_at, Webhook.id)).all()


def find(person: User, webhook_id: str) -> Webhook:
    """Return a webhook. Raises NotFound."""
    _need_admin(person)
    found = db.session.get(Webhook, webhook_id)
    if found is None:
        raise NotFound
    return found


def add(person: User, draft: WebhookDraft) -> Webhook:
    """Add a webhook with a fresh secret, which is shown this once. Raises Invalid for an address that may not be."""
    with transaction():
        _need_admin(person)
        url = _checked(draft.url)
        if (db.session.scalar(select(func.count()).select_from(Webhook)) or 0) >= MOST:
            raise Invalid(fields={"url": f"There are {MOST} webhooks already, which is the most. Delete one first."})
        made = Webhook(url=url, kinds=draft.kinds, secret=signatures.fresh_secret(), user_id=person.id)
        db.session.add(made)
        db.session.flush()
    return made


def change(person: User, webhook: Webhook, change: WebhookChange) -> None:
    """Change the fields given. What waits goes to the new address; switched off, it is given up. Raises Invalid."""
    with transaction():
        _need_admin(person)
        values = change.model_dump(exclude_unset=True)
        if "url" in values:
            values["url"] = _checked(values["url"])
        is_active = values.pop("is_active", None)
        for name, value in values.items():
            setattr(webhook, name, value)
        if is_active is not None:
            (enable if is_active else disable)(person, webhook)


def rotate(person: User, webhook: Webhook) -> str:
    """Give a webhook a new secret and return it; the old one stops at once, also for messages that wait."""
    with transaction():
        _need_admin(person)
        webhook.secret = signatures.fresh_secret()
    return webhook.secret


def disable(person: User, webhook: Webhook) -> None:
    """Switch a webhook off: nothing more is sent, what waits is given up."""
    with transaction():
        _need_admin(person)
        webhook.disabled_at = webhook.disabled_at or utcnow()
        waits = (Delivery.webhook_id == webhook.id, Delivery.state == DeliveryState.WAITING)
        given_up = {"state": DeliveryState.FAILED, "error": "The webhook was switched off."}
        db.session.execute(update(Delivery).where(*waits).values(given_up))


def enable(person: User, webhook: Webhook) -> None:
    """Switch a webhook on again; what happened meanwhile is not told."""
    with transaction():
        _need_admin(person)
        webhook.disabled_at = None


def delete(person: User, webhook: Webhook) -> None:
    """Delete a webhook and what waits for it."""
    with transaction():
        _need_admin(person)
        db.session.delete(webhook)


def send_test(person: User, webhook: Webhook) -> None:
    """Queue a message that only says that it is a test. Raises Conflict for one that is switched off."""
    with transaction():
        _need_admin(person)
        if webhook.disabled_at is not None:
            raise Conflict("This webhook is switched off.", hint="Switch it on first.")
        _queue(webhook, _message(TEST, utcnow(), {"text": f"{person.name} tests this webhook"}))


def send_again(person: User, webhook: Webhook, delivery_id: str) -> None:
    """Begin anew with a message that was given up; its id stays the same. Raises NotFound, Conflict."""
    with transaction():
        _need_admin(person)
        found = db.session.get(Delivery, delivery_id)
        if found is None or found.webhook_id != webhook.id:
            raise NotFound
        if webhook.disabled_at is not None:
            raise Conflict("This webhook is switched off.", hint="Switch it on first.")
        if found.state == DeliveryState.FAILED:
            deliveries.begin_anew(found)


def last_deliveries(webhook: Webhook) -> Sequence[Delivery]:
    """Return the last messages for a webhook, newest first, at most 30."""
    theirs = select(Delivery).where(Delivery.webhook_id == webhook.id)
    return db.session.scalars(theirs.order_by(Delivery.created_at.desc(), Delivery.id).limit(SHOWN)).all()


def counts(person: User) -> dict[str, dict[str, int]]:
    """Count the messages kept of each webhook by state: webhook id → state → how many."""
    _need_admin(person)
    query = select(Delivery.webhook_id, Delivery.state, func.count()).where(Delivery.webhook_id.is_not(None))
    found: dict[str, dict[str, int]] = {}
    for webhook_id, state, count in db.session.execute(query.group_by(Delivery.webhook_id, Delivery.state)):
        found.setdefault(str(webhook_id), {})[state] = count
    return found


def _queue(webhook: Webhook, payload: dict[str, Any]) -> None:
    deliveries.queue(
        Delivery(channel=deliveries.WEBHOOK, webhook_id=webhook.id, subject=payload["type"], payload=payload)
    )


def _message(kind: str, at: datetime, data: About | TestAbout) -> dict[str, Any]:
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": str(kind), "timestamp": stamp, "data": data}


def _about(job: Job, event: Event) -> About:
    """Say what happened, who did it and to what; never an e-mail address, never a link that lets somebody in."""
    details = event.details
    about: About = {"text": event.text, "actor": event.actor or None, "job": _job(job)}
    scene = db.session.get(Scene, event.scene_id) if event.scene_id else None
    if scene is not None:
        about["scene"] = {"id": scene.id, "number": scene.position}
    if "comment" in details:
        about["comment"] = {"id": details["comment"]}
    if "take" in details:
        about["take"] = {"number": details["take"]}
    if "version" in details:
        about["version"] = {"number": details["version"]}
    if "decision" in details:
        about["decision"] = _decision(str(details["decision"]))
    return about


def _job(job: Job) -> AboutJob:
    base = current_app.extensions["settings"].public_url.rstrip("/")
    return {
        "id": job.id,
        "title": job.title,
        "status": str(job.status),
        "approval": str(job.approval),
        "clientId": job.client_id,
        "campaignId": job.campaign_id,
        "url": f"{base}/jobs/{job.id}" if base else None,
    }


def _decision(decision_id: str) -> AboutDecision:
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        return {"id": decision_id}
    return {
        "id": decision.id,
        "kind": str(decision.kind),
        "reason": decision.reason,
        "decidedBy": decision.decided_by,
        "contentHash": decision.content_hash,
    }


def _checked(url: str) -> str:
    try:
        return check_url(url, deliveries.post_policy(current_app.extensions["settings"]))
    except FetchRefused as refused:
        raise Invalid(fields={"url": refused.message}) from None


def _need_admin(person: User) -> None:
    if not person.may_manage:
        raise NotFound
