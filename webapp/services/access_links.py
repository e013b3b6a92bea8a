"""One-time links that let somebody in: set up the first admin, join, set a new password, sign in once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select

from webapp.errors import NotFound
from webapp.extensions import db, transaction
from webapp.models import AccessLink, LinkKind, Role, User, utcnow
from webapp.services import tokens

LIFETIMES = {
    LinkKind.SET_UP: timedelta(hours=24),
    LinkKind.INVITE: timedelta(days=7),
    LinkKind.RESET: timedelta(hours=24),
    LinkKind.SIGN_IN: timedelta(minutes=15),
}
PATHS = {
    LinkKind.SET_UP: "/set-up/",
    LinkKind.INVITE: "/invitations/",
    LinkKind.RESET: "/reset/",
    LinkKind.SIGN_IN: "/enter/",
}

SENTENCES = {
    LinkKind.SET_UP: "Start Slate again: it prints a new link in the terminal.",
    LinkKind.INVITE: "Ask the person who invited you for a new link.",
    LinkKind.RESET: "Ask an admin for a new link.",
    LinkKind.SIGN_IN: "Make a new one with “slate user link” and your e-mail address.",
}
"""What to do when a link of this kind does not work any more."""


def issue(kind: LinkKind, user: User | None = None, role: Role = Role.EDITOR) -> str:
    """Make a link and return its token, kept only as a hash. Older unused links of the same kind stop working."""
    token = tokens.fresh()
    whose: ColumnElement[bool] = AccessLink.user_id == user.id if user else AccessLink.user_id.is_(None)
    with transaction():
        db.session.execute(delete(AccessLink).where(AccessLink.kind == kind, whose, AccessLink.used_at.is_(None)))
        db.session.add(
            AccessLink(
                kind=kind,
                token_hash=tokens.digest(token),
                user_id=user.id if user else None,
                role=user.role if user else role,
                expires_at=utcnow() + LIFETIMES[kind],
            )
        )
    return token


def path(kind: LinkKind, token: str) -> str:
    """Return the path of a link's page, without scheme and host."""
    return PATHS[kind] + token


def find(kind: LinkKind, token: str) -> AccessLink:
    """Return a link that still works, without using it up. Raises NotFound with what to do instead."""
    found = db.session.scalar(select(AccessLink).where(AccessLink.token_hash == tokens.digest(token)))
    if found is None or found.kind != kind or not _works(found):
        raise NotFound("This link was used, replaced or has expired.", hint=SENTENCES[kind])
    return found


def redeem(kind: LinkKind, token: str) -> AccessLink:
    """Use a link up and return it; of two who try at the same moment one gets it. Raises NotFound as `find` does."""
    with transaction():
        found = find(kind, token)
        found.used_at = utcnow()
    return found


def revoke(user: User) -> None:
    """Make every unused link of a person stop working."""
    with transaction():
        db.session.execute(delete(AccessLink).where(AccessLink.user_id == user.id, AccessLink.used_at.is_(None)))


def start_link() -> tuple[str, LinkKind] | None:
    """Return the path and kind of the link that `slate serve` prints; None when somebody can sign in as admin already.

    While there is no admin with a password it is a link to set one up, fresh at each start. For somebody who lost a
    password on their own machine there is `slate user link`.
    """
    if is_set_up():
        return None
    return path(LinkKind.SET_UP, issue(LinkKind.SET_UP, role=Role.ADMIN)), LinkKind.SET_UP


def is_set_up() -> bool:
    """Say whether there is an active admin with a password."""
    able = (User.role == Role.ADMIN, User.password_hash.is_not(None), User.deactivated_at.is_(None))
    return db.session.scalar(select(User.id).where(*able).limit(1)) is not None


def _works(link: AccessLink) -> bool:
    if link.used_at is not None or link.expires_at <= utcnow():
        return False
    if link.kind == LinkKind.SET_UP:
        return not is_set_up()
    return link.user is not None and link.user.is_active
