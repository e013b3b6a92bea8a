"""How people come in: by password or by a one-time link."""

from __future__ import annotations

from webapp.errors import Invalid, NotFound
from webapp.extensions import db, transaction
from webapp.models import LinkKind, Role, User
from webapp.services import access_links, passwords, people, throttles


def authenticate(email: str, password: str, *, address: str) -> User:
    """Return the person with this e-mail and password.

    Unknown people, wrong passwords and deactivated accounts get the same answer after the same work.

    Raises:
        Invalid: when the two do not belong together.
        TooMany: after too many tries from this place.
    """
    throttles.check(email, address)
    user = people.by_email(email)
    if not passwords.matches(user.password_hash if user else None, password) or user is None or not user.is_active:
        raise Invalid("That e-mail address and password do not belong together.")
    throttles.forgive(email, address)
    _renew_hash(user, password)
    return user


def set_up(token: str, *, name: str, email: str, password: str) -> User:
    """Make the first admin by the link from the terminal. Whoever has this e-mail already becomes that admin."""
    email = people.address_of(email)
    access_links.find(LinkKind.SET_UP, token)
    passwords.check(password, email=email, name=name)
    kept = passwords.hashed(password)
    with transaction():
        access_links.redeem(LinkKind.SET_UP, token)
        user = people.by_email(email) or User(email=email)
        user.name, user.role, user.deactivated_at = name, Role.ADMIN, None
        db.session.add(user)
        db.session.flush()
        people.keep_password(user, kept)
    return user


def join(token: str, *, name: str, password: str) -> User:
    """Accept an invitation: set the name and the first password."""
    return _by_link(LinkKind.INVITE, token, password, name)


def reset_password(token: str, password: str) -> User:
    """Set a new password by a link. Every browser of theirs is signed out."""
    return _by_link(LinkKind.RESET, token, password)


def enter(token: str) -> User:
    """Use up a one-time sign-in link and return whom it is for."""
    return _holder(access_links.redeem(LinkKind.SIGN_IN, token).user)


def _holder(user: User | None) -> User:
    if user is None:
        raise NotFound
    return user


def _by_link(kind: LinkKind, token: str, password: str, name: str = "") -> User:
    user = _holder(access_links.find(kind, token).user)
    passwords.check(password, email=user.email, name=name or user.name)
    kept = passwords.hashed(password)
    with transaction():
        access_links.redeem(kind, token)
        user.name = name or user.name
        people.keep_password(user, kept)
    return user


def _renew_hash(user: User, password: str) -> None:
    """Hash a password anew that was hashed with older parameters, unless it was changed in this very moment."""
    old = user.password_hash or ""
    if not passwords.outdated(old):
        return
    kept = passwords.hashed(password)
    with transaction():
        if user.password_hash == old:
            user.password_hash = kept
