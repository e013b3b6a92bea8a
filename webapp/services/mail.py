"""What goes out by mail where a mail server is set: inboxes, gathered by job, and links that let somebody in."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import select

from webapp.errors import NotFound
from webapp.extensions import db, transaction
from webapp.models import Delivery, DeliveryState, Notice, User, utcnow
from webapp.services import smtp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

    from webapp.config import Settings

MAIL = "mail"
"""The channel of a delivery that goes to a mailbox."""
GATHERED = timedelta(minutes=2)
"""What happens to one job within this time is one mail; what was read by then is none."""
SHOWN = 20
"""A mail lists so many lines; the inbox has the rest."""


def is_set_up() -> bool:
    """Say whether there is a mail server to send with."""
    return settings().mails


def settings() -> Settings:
    """Return the settings of this process."""
    found: Settings = current_app.extensions["settings"]
    return found


def gather(person: User, notice: Notice) -> None:
    """Add a notice to the mail that somebody gets about this job soon, in the transaction that wrote it."""
    if not (is_set_up() and person.wants_mail):
        return
    db.session.flush()  # a notice has its id once it is written
    mine = (Delivery.channel == MAIL, Delivery.state == DeliveryState.WAITING, Delivery.recipient == person.email)
    for open_mail in db.session.scalars(select(Delivery).where(*mine, Delivery.body == "")):
        if open_mail.payload.get("job_id") == notice.job_id:
            open_mail.payload = open_mail.payload | {"notices": [*open_mail.payload["notices"], notice.id]}
            return
    payload = {"user_id": person.id, "job_id": notice.job_id, "notices": [notice.id]}
    db.session.add(Delivery(channel=MAIL, recipient=person.email, payload=payload, next_at=utcnow() + GATHERED))


def letter(to: str, subject: str, words: str, link: str) -> Delivery:
    """Return a mail of a sentence and a link, for the caller to queue."""
    html = _rendered("mail/link.html", words=words, link=link)
    return Delivery(channel=MAIL, recipient=to, subject=subject, body=f"{words}\n\n{link}\n", payload={"html": html})


def compose(delivery: Delivery) -> bool:
    """Write the words of a gathered mail, inside a transaction; once, so that every try sends the same.

    Returns False when there is nothing left to tell: all of it was read, or the person wants no mail any more.
    """
    if delivery.body:
        return True
    person = db.session.get(User, delivery.payload.get("user_id"))
    if person is None or not person.is_active or not person.wants_mail:
        return False
    ids = delivery.payload["notices"]
    unread = select(Notice).where(Notice.id.in_(ids), Notice.read_at.is_(None)).order_by(Notice.created_at)
    found = list(db.session.scalars(unread))
    if not found:
        return False
    said = _said(person, found)
    one = f"{found[0].actor or 'Slate'} {found[0].text}"
    delivery.subject = smtp.one_line(f"{said['title']}: {one if len(found) == 1 else f'{len(found)} updates'}")
    delivery.body = _as_text(said)
    delivery.payload = delivery.payload | {"html": _rendered("mail/notices.html", **said)}
    return True


def message(delivery: Delivery) -> EmailMessage:
    """Return a composed delivery as the mail it is."""
    person_id = delivery.payload.get("user_id")
    return smtp.message(
        settings(),
        delivery.recipient,
        delivery.subject,
        delivery.body,
        delivery.payload.get("html", ""),
        message_id=delivery.id,
        unsubscribe=_unsubscribe_url(person_id) if person_id else "",
    )


def forget_words(delivery: Delivery) -> None:
    """Drop what a mail said, once it arrived or was given up: it may hold a link that lets somebody in."""
    delivery.body, delivery.payload = "", {}


def set_wish(person: User, *, wants_mail: bool) -> None:
    """Say whether somebody wants the inbox by mail too."""
    with transaction():
        person.wants_mail = wants_mail


def subscriber(token: str) -> User:
    """Return whose mails an unsubscribe link ends. Raises NotFound for one that is not ours."""
    user_id, _, signature = token.partition(".")
    is_ours = hmac.compare_digest(signature.encode("utf-8", "replace"), _signature(user_id).encode())
    found = db.session.get(User, user_id) if is_ours else None
    if found is None:
        raise NotFound
    return found


def unsubscribe_url(person: User) -> str:
    """Return the link, good for ever, with which somebody ends these mails without signing in."""
    return _unsubscribe_url(person.id)


def _unsubscribe_url(user_id: str) -> str:
    return f"{settings().public_url.rstrip('/')}/unsubscribe/{user_id}.{_signature(user_id)}"


def _signature(user_id: str) -> str:
    """Sign an id, 43 characters; the purpose is part of it, so that no other link's signature fits."""
    code = hmac.new(
        current_app.config["SECRET_KEY"], b"unsubscribe:" + user_id.encode("utf-8", "replace"), hashlib.sha256
    )
    return base64.urlsafe_b64encode(code.digest()).decode().rstrip("=")


def _said(person: User, found: Sequence[Notice]) -> dict[str, Any]:
    """Collect what a mail about some notices of one job says."""
    base, job = settings().public_url.rstrip("/"), found[0].job
    return {
        "lines": [(f"{each.actor or 'Slate'} {each.text}", f"{base}/inbox/{each.id}") for each in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "title": job.title if job else "Slate",
        "client": job.client.name if job else "",
        "inbox": f"{base}/inbox",
        "stop": unsubscribe_url(person),
    }


def _as_text(said: dict[str, Any]) -> str:
    """Write a gathered mail for readers that show no HTML."""
    head = f"{said['title']} ({said['client']})" if said["client"] else said["title"]
    lines = [f"* {text}\n  {link}\n" for text, link in said["lines"]]
    more = [f"And {said['more']} more in your inbox: {said['inbox']}\n"] if said["more"] else []
    foot = f"-- \nSlate sends you what lands in your inbox. No more of these mails: {said['stop']}\n"
    return "\n".join([head, "", *lines, *more, foot])


def _rendered(name: str, **said: Any) -> str:
    return current_app.jinja_env.get_template(name).render(**said)
