"""Hand one mail to the mail server of the settings: by smtplib, in the worker, with time limits."""

from __future__ import annotations

import smtplib
import ssl
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import idna

from webapp.errors import DeliveryFailed
from webapp.services.fetching import tls_context

if TYPE_CHECKING:
    from webapp.config import Settings

SECONDS = 20
"""Longest wait for each answer of the mail server."""
PORTS = {"starttls": 587, "tls": 465, "none": 25}
UNFOLDED = policy.default.clone(max_line_length=998)
"""Folded at 78, a long List-Unsubscribe is encoded too, and mail programs offer no button. 998: RFC 5322, 2.1.1."""
SUBJECT = 150
"""Longest subject, in characters."""


def message(  # noqa: PLR0913 - what a mail consists of
    settings: Settings, to: str, subject: str, text: str, html: str, *, message_id: str, unsubscribe: str = ""
) -> EmailMessage:
    """Build a mail as text with an HTML alternative. A subject is one line, whatever it was made of."""
    mail = EmailMessage(policy=UNFOLDED)
    mail["From"] = settings.mail_from
    mail["To"] = in_ascii(to)
    mail["Subject"] = one_line(subject)
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message_id}@{parseaddr(settings.mail_from)[1].partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail


def in_ascii(address: str) -> str:
    """Write the domain of an e-mail address as mail servers want it: xn--…; the address itself if that cannot be."""
    name, _, domain = address.rpartition("@")
    try:
        return f"{name}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return address


def one_line(subject: str) -> str:
    """Make a subject one line of printable characters, at most 150: a line break would begin another header."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in subject).split())
    return words if len(words) <= SUBJECT else f"{words[: SUBJECT - 1]}…"


def send(settings: Settings, mail: EmailMessage) -> None:
    """Send one mail.

    Raises:
        DeliveryFailed: with a sentence for an admin; permanent when the mail server will not have this very mail.
    """
    try:
        with _connected(settings) as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise DeliveryFailed(
            f"The mail server refuses the recipient ({codes[0]}).", permanent=all(500 <= code < 600 for code in codes)
        ) from None
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryFailed(
            f"The mail server does not accept the name and password ({error.smtp_code}).",
            hint="Check SMTP_USER and SMTP_PASSWORD.",
        ) from None
    except smtplib.SMTPSenderRefused as error:
        raise DeliveryFailed(
            f"The mail server refuses the sender ({error.smtp_code}).", hint="Check MAIL_FROM."
        ) from None
    except smtplib.SMTPResponseException as error:
        permanent = 550 <= error.smtp_code < 560
        raise DeliveryFailed(f"The mail server answered {error.smtp_code}.", permanent=permanent) from None
    except smtplib.SMTPNotSupportedError:
        if not str(mail["To"]).isascii():
            raise DeliveryFailed(
                "The mail server cannot send to an address with letters beyond ASCII before the @ (no SMTPUTF8).",
                permanent=True,
            ) from None
        raise DeliveryFailed(
            "The mail server does not offer what is asked of it.", hint="Check SMTP_SECURITY and SMTP_USER."
        ) from None
    except ssl.SSLError:
        raise DeliveryFailed(
            "No secure connection to the mail server could be set up.",
            hint="Check SMTP_SECURITY, SMTP_PORT and the server's certificate.",
        ) from None
    except (OSError, smtplib.SMTPException):
        raise DeliveryFailed("The mail server does not answer.", hint="Check SMTP_HOST and SMTP_PORT.") from None


def _connected(settings: Settings) -> smtplib.SMTP:
    """Connect, secure the connection and sign in, as the settings say."""
    host, port = settings.smtp_host, settings.smtp_port or PORTS[settings.smtp_security]
    own_name = urlsplit(settings.public_url).hostname or "localhost"
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, own_name, timeout=SECONDS, context=tls_context.shared())
    else:
        server = smtplib.SMTP(host, port, own_name, timeout=SECONDS)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=tls_context.shared())
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server
