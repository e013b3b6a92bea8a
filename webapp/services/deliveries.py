"""Messages on their way to mailboxes and webhooks: queued as rows, tried by the worker, tried again, given up."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import func, select

from webapp.errors import DeliveryFailed
from webapp.extensions import db, delete_rows, let_go, transaction
from webapp.models import Delivery, DeliveryState, Webhook, new_id, utcnow
from webapp.services import heart, mail, signatures, smtp, tasks
from webapp.services.fetching.policy import NOWHERE_SECONDS, FetchPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from webapp.config import Settings

log = logging.getLogger(__name__)

WEBHOOK = "webhook"
"""The channel of a delivery that goes to a webhook."""
PAUSES = tuple(
    timedelta(**each)
    for each in (
        {"seconds": 20}, {"minutes": 2}, {"minutes": 10}, {"minutes": 30}, {"hours": 2}, {"hours": 6}, {"hours": 15},
    )
)  # fmt: skip
"""How long to wait after each failed try: eight tries over a day."""
TRIES = len(PAUSES) + 1
LEASE = timedelta(seconds=60)
"""What was put on the queue is looked at again after this: the queue may have lost it."""
POST_SECONDS = 10.0
ANSWER_BYTES = 16 * 1024
"""More of an answer's head than this, and a megabyte of what comes with it, nobody honest sends."""
KEPT = timedelta(days=30)
AT_ONCE = 200
"""So many are put on the queue in one sweep."""
GONE = 410


def queue(delivery: Delivery) -> None:
    """Add a message in the transaction of what caused it; the worker tries to send it once that is committed."""
    delivery.next_at = utcnow() + LEASE
    db.session.add(delivery)
    db.session.flush()
    tasks.deliver(delivery)


def begin_anew(delivery: Delivery) -> None:
    """Try a message that was given up from the start again, inside a transaction."""
    delivery.state, delivery.attempts, delivery.error = DeliveryState.WAITING, 0, ""
    delivery.next_at = utcnow() + LEASE
    tasks.deliver(delivery, again=new_id())


def attempt(delivery_id: str, number: int) -> None:
    """Make try `number` (from 0) at a message, in the worker. Never raises: how it ended is in the row.

    It may run twice, when the worker was killed between the sending and the note of it: the receiver tells by the id,
    which stays the same over all tries. No transaction is open meanwhile.
    """
    try:
        send = _taken(delivery_id, number)
        let_go()
        if send is None:
            return
        send()
    except DeliveryFailed as failure:
        _failed(delivery_id, number, failure)
    except Exception:
        log.exception("delivery %s", delivery_id)
        _failed(delivery_id, number, DeliveryFailed("Something broke on our side."))
    else:
        _arrived(delivery_id, number)


def put_due_on_queue() -> None:
    """Put every message whose next try is due on the queue, also one that the queue or a killed worker lost."""
    let_go()
    due = select(Delivery.id).where(Delivery.state == DeliveryState.WAITING, Delivery.next_at <= utcnow())
    found = db.session.scalars(due.order_by(Delivery.next_at).limit(AT_ONCE)).all()
    let_go()
    for delivery_id in found:
        if not heart.is_at_work(delivery_id):
            _put_on_queue(delivery_id, waits=tasks.is_delivery_waiting(delivery_id))


def purge() -> int:
    """Delete messages that arrived or were given up a month ago; returns how many."""
    ended = Delivery.state != DeliveryState.WAITING
    return delete_rows(Delivery, ended & (Delivery.created_at < utcnow() - KEPT))


def given_up(channel: str) -> tuple[int, str]:
    """Count the messages of a channel that were given up in the last month, and say why the last one was."""
    theirs = (Delivery.channel == channel, Delivery.state == DeliveryState.FAILED)
    count = db.session.scalar(select(func.count()).select_from(Delivery).where(*theirs)) or 0
    last = select(Delivery.error).where(*theirs).order_by(Delivery.created_at.desc()).limit(1)
    return count, db.session.scalar(last) or ""


def post_policy(settings: Settings) -> FetchPolicy:
    """Say where messages may go: public addresses, and private ones that FETCH_ALLOW names."""
    return FetchPolicy(
        max_bytes=ANSWER_BYTES,
        timeout_seconds=POST_SECONDS,
        fetch_allow=_listed(settings.fetch_allow),
        ports=tuple(int(port) for port in _listed(settings.fetch_ports)),
        nowhere_seconds=NOWHERE_SECONDS,
        max_redirects=0,
        user_agent="Slate-Webhooks/1.0",
    )


def _listed(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class _Post:
    """One signed message to a webhook."""

    url: str
    body: bytes
    headers: dict[str, str]
    policy: FetchPolicy

    def send(self) -> None:
        """POST it; raises DeliveryFailed for anything but a 2xx."""
        from webapp.services.fetching import posting  # noqa: PLC0415  loads the HTTP library; the web process never posts

        status = posting.post(self.url, self.body, self.headers, self.policy)
        if status == GONE:
            raise DeliveryFailed("The address says that it is gone for good (410).", permanent=True)
        if 300 <= status < 400:
            raise DeliveryFailed(f"The address redirects ({status}); Slate does not follow.")
        if not 200 <= status < 300:
            raise DeliveryFailed(f"The address answered {status}.")


def _taken(delivery_id: str, number: int) -> Callable[[], None] | None:
    """Return what sends this try of a message; None when there is nothing to do any more."""
    settings: Settings = current_app.extensions["settings"]
    with transaction():
        delivery = _mine(delivery_id, number)
        if delivery is None:
            return None
        if delivery.channel == WEBHOOK:
            return _post(delivery, settings)
        if not mail.compose(delivery):
            db.session.delete(delivery)
            return None
        if not settings.mails:
            raise DeliveryFailed("There is no mail server any more.", permanent=True)
        letter = mail.message(delivery)
    return lambda: smtp.send(settings, letter)


def _post(delivery: Delivery, settings: Settings) -> Callable[[], None]:
    webhook = db.session.get(Webhook, delivery.webhook_id)
    if webhook is None or webhook.disabled_at is not None:
        raise DeliveryFailed("The webhook is switched off.", permanent=True)
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signatures.headers(webhook.secret, delivery.id, int(utcnow().timestamp()), body)
    return _Post(webhook.url, body, headers, post_policy(settings)).send


def _mine(delivery_id: str, number: int) -> Delivery | None:
    """Return a message that still waits for this very try."""
    found = db.session.get(Delivery, delivery_id)
    return found if found and found.state == DeliveryState.WAITING and found.attempts == number else None


def _arrived(delivery_id: str, number: int) -> None:
    with transaction():
        delivery = _mine(delivery_id, number)
        if delivery is not None:
            delivery.state, delivery.error, delivery.sent_at = DeliveryState.SENT, "", utcnow()
            _end(delivery)


def _failed(delivery_id: str, number: int, failure: DeliveryFailed) -> None:
    db.session.rollback()
    with transaction():
        delivery = _mine(delivery_id, number)
        if delivery is None:
            return
        delivery.error = f"{failure.message} {failure.hint}".strip()
        if failure.permanent or number + 1 >= TRIES:
            delivery.state = DeliveryState.FAILED
            _end(delivery)
            _switch_off_if_gone(delivery, failure)
        else:
            delivery.attempts += 1
            delivery.next_at = utcnow() + PAUSES[number]


def _end(delivery: Delivery) -> None:
    delivery.attempts += 1
    if delivery.channel == mail.MAIL:
        mail.forget_words(delivery)


def _switch_off_if_gone(delivery: Delivery, failure: DeliveryFailed) -> None:
    webhook = db.session.get(Webhook, delivery.webhook_id) if delivery.webhook_id else None
    if webhook is not None and failure.permanent and webhook.disabled_at is None:
        webhook.disabled_at = utcnow()


def _put_on_queue(delivery_id: str, *, waits: bool) -> None:
    with transaction():
        delivery = db.session.get(Delivery, delivery_id)
        if delivery is None or delivery.state != DeliveryState.WAITING or delivery.next_at > utcnow():
            return
        delivery.next_at = utcnow() + LEASE
        if not waits:
            tasks.deliver(delivery, again=new_id())
