"""Signed-in browsers: begun, found by their cookie, listed, and ended at once, since all state is in the database."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import OperationalError

from webapp.errors import DiskFull, NotFound
from webapp.extensions import db, transaction
from webapp.models import SignIn, User, utcnow
from webapp.services import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

SEEN_EVERY = timedelta(minutes=5)
"""How often a browser in use is written down: seldom enough that reading pages does not become writing."""

BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Chrome|Chromium|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b"),
)
"""Tried in this order: each name also claims to be those further down."""


def begin(user: User, *, address: str, user_agent: str, replacing: str = "") -> str:
    """Sign a browser in and return the token for its cookie; only the token's hash is kept.

    `replacing` is the token the browser came with: that sign-in ends, so that nothing planted beforehand lives on.
    """
    token = tokens.fresh()
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.expires_at < utcnow()))
        if replacing:
            db.session.execute(delete(SignIn).where(SignIn.token_hash == tokens.digest(replacing)))
        db.session.add(
            SignIn(
                user_id=user.id,
                token_hash=tokens.digest(token),
                address=address[:64],
                user_agent=user_agent[:300],
                expires_at=utcnow() + _lifetime(),
            )
        )
    return token


def find(token: str) -> SignIn | None:
    """Return the sign-in a cookie stands for; None when it is unknown, over, or its person was deactivated."""
    if not token:
        return None
    query = select(SignIn).where(SignIn.token_hash == tokens.digest(token), SignIn.expires_at > utcnow())
    found = db.session.scalar(query)
    if found is not None and utcnow() - found.last_seen_at >= SEEN_EVERY:
        _note_use(found.id)
        found = db.session.scalar(query)
    return found if found is not None and found.user.is_active else None


def owner_id(token: str) -> str | None:
    """Return whose sign-in a cookie stands for, without noting that it is in use; None for nobody's."""
    query = select(User.id).join(SignIn, SignIn.user_id == User.id)
    return db.session.scalar(
        query.where(
            SignIn.token_hash == tokens.digest(token), SignIn.expires_at > utcnow(), User.deactivated_at.is_(None)
        )
    )


def end(token: str) -> None:
    """End the sign-in this token stands for, if there is one."""
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.token_hash == tokens.digest(token)))


def end_one(user: User, sign_in_id: str) -> None:
    """End one of this person's own sign-ins. Raises NotFound when it is not theirs or over already."""
    with transaction():
        found = db.session.get(SignIn, sign_in_id)
        if found is None or found.user_id != user.id:
            raise NotFound("That browser is signed out already.")
        db.session.delete(found)


def end_all(user: User, except_token: str | None = None) -> None:
    """End every sign-in of a person, except the one of `except_token`."""
    theirs: ColumnElement[bool] = SignIn.user_id == user.id
    if except_token:
        theirs &= SignIn.token_hash != tokens.digest(except_token)
    with transaction():
        db.session.execute(delete(SignIn).where(theirs))


def list_for(user: User) -> Sequence[SignIn]:
    """Return the browsers this person is signed in with, the latest seen first."""
    mine = select(SignIn).where(SignIn.user_id == user.id, SignIn.expires_at > utcnow())
    return db.session.scalars(mine.order_by(SignIn.last_seen_at.desc(), SignIn.id)).all()


def browser_name(user_agent: str) -> str:
    """Name a browser the way its owner would: “Firefox on Linux”."""
    browser = next((name for name, pattern in BROWSERS if re.search(pattern, user_agent)), "A browser")
    system = next((name for name, pattern in SYSTEMS if re.search(pattern, user_agent)), "")
    return f"{browser} on {system}" if system else browser


def _lifetime() -> timedelta:
    return timedelta(days=current_app.extensions["settings"].session_days)


def _note_use(sign_in_id: str) -> None:
    """Write down that a browser is in use, which also moves its end. A full disk must not sign anybody out."""
    now = utcnow()
    try:
        with transaction():
            change = update(SignIn).where(SignIn.id == sign_in_id)
            db.session.execute(change.values(last_seen_at=now, expires_at=now + _lifetime()))
    except (OperationalError, DiskFull) as error:
        log.warning("could not note that a browser is in use: %s", error)
