"""Mails that one person sends another by a button: the links that let somebody in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.errors import NotFound
from webapp.extensions import transaction
from webapp.services import deliveries, mail

if TYPE_CHECKING:
    from webapp.models import User


def send_way_in(person: User, who: User, link: str) -> None:
    """Mail somebody the link with which they join or set a new password. Raises NotFound for whoever is no admin.

    The words are kept until the mail arrived or was given up, no longer: the link lets somebody in.
    """
    with transaction():
        if not person.may_manage:
            raise NotFound
        if who.password_hash:
            subject, words = (
                "A new password for Slate",
                f"{person.name} sent you a link to set a new password. Good for a day:",
            )
        else:
            subject, words = (
                "Your invitation to Slate",
                f"{person.name} invites you to Slate. Choose a password within 7 days:",
            )
        deliveries.queue(mail.letter(who.email, subject, words, link))
