"""People with an account: invite, rename, change roles, deactivate.

Nobody is ever deleted: what they made and decided keeps their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select

from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db, transaction
from webapp.models import LinkKind, Role, SignIn, User, utcnow
from webapp.schemas.people import Email
from webapp.services import access_links, passwords, sign_ins, throttles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


EMAIL: TypeAdapter[str] = TypeAdapter(Email)


@dataclass(frozen=True)
class Listed:
    """One person on the people page, with when they were last seen (None: not signed in anywhere)."""

    user: User
    last_seen_at: datetime | None

    @property
    def state(self) -> str:
        """Say active, invited (no password yet) or inactive."""
        if not self.user.is_active:
            return "inactive"
        return "active" if self.user.password_hash or self.last_seen_at else "invited"


def everyone(person: User) -> Sequence[Listed]:
    """List all people for an admin, active ones first, by name. Raises NotFound for everybody else."""
    _need_admin(person)
    seen = select(SignIn.user_id, func.max(SignIn.last_seen_at).label("at")).group_by(SignIn.user_id).subquery()
    query = select(User, seen.c.at).outerjoin(seen, seen.c.user_id == User.id)
    rows = db.session.execute(query.order_by(User.deactivated_at.is_not(None), func.lower(User.name), User.id))
    return [Listed(user, last_seen_at) for user, last_seen_at in rows]


def find(person: User, user_id: str) -> User:
    """Return a person by id: admins find everybody, others only themselves. Raises NotFound."""
    found = db.session.get(User, user_id)
    if found is None or not (person.may_manage or found.id == person.id):
        raise NotFound
    return found


def by_email(email: str) -> User | None:
    """Return the person with this e-mail address; letter case does not matter."""
    return db.session.scalar(select(User).where(User.email == address_of(email)))


def address_of(email: str) -> str:
    """Spell an e-mail address the way it is kept: lower case, no spaces around, xn-- domains in their own letters."""
    try:
        return EMAIL.validate_python(email)
    except ValidationError:
        return email.strip().lower()


def can_anybody_sign_in() -> bool:
    """Say whether somebody active has a password; before that the way in is the set-up link in the terminal."""
    able = (User.password_hash.is_not(None), User.deactivated_at.is_(None))
    return db.session.scalar(select(User.id).where(*able).limit(1)) is not None


def add(email: str, name: str, role: Role, password: str | None = None) -> User:
    """Add a person, for `slate user add` and the demo world. Without a password they come in by a link.

    Raises:
        Invalid: for an e-mail that somebody has already or a weak password.
    """
    email, name = address_of(email), name.strip() or email.partition("@")[0]
    if password is not None:
        passwords.check(password, email=email, name=name)
    kept = passwords.hashed(password) if password is not None else None
    with transaction():
        if by_email(email):
            raise Invalid(fields={"email": "Somebody has this e-mail address already."})
        user = User(email=email, name=name, role=role, password_hash=kept)
        db.session.add(user)
        db.session.flush()
    return user


def invite(person: User, email: str, name: str, role: Role) -> tuple[User, str]:
    """Add a person and return them with the path of their invitation link, which is shown once."""
    with transaction():
        _need_admin(person)
        user = add(email, name, role)
        link = way_in(person, user)
    return user, link


def way_in(person: User, user: User) -> str:
    """Return the path of a new link for a person: to join while they have no password, to set a new one afterwards."""
    with transaction():
        _need_admin(person)
        _need_open_account(user)
        kind = LinkKind.RESET if user.password_hash else LinkKind.INVITE
        return access_links.path(kind, access_links.issue(kind, user))


def sign_in_link(user: User) -> str:
    """Return the path of a link that signs this person in once, for `slate user link`: who runs it owns the machine."""
    with transaction():
        _need_open_account(user)
        return access_links.path(LinkKind.SIGN_IN, access_links.issue(LinkKind.SIGN_IN, user))


def rename(user: User, name: str) -> None:
    """Change how a person is called."""
    with transaction():
        user.name = name


def change_password(user: User, current: str, new: str, *, keep_token: str, address: str) -> None:
    """Change a person's own password; every other browser of theirs is signed out.

    Raises:
        Invalid: on `current` when that is not their password, on `password` when the new one is too weak.
        Conflict: it was changed while this one was being checked.
        TooMany: after too many tries.
    """
    old = user.password_hash
    if old is not None:
        throttles.check(user.email, address)
        if not passwords.matches(old, current):
            raise Invalid(fields={"current": "That is not your password."})
        throttles.forgive(user.email, address)
    passwords.check(new, email=user.email, name=user.name)
    kept = passwords.hashed(new)
    with transaction():
        if user.password_hash != old:
            raise Conflict(
                "Your password was changed somewhere else this very moment.", hint="Use that one, then try again."
            )
        keep_password(user, kept, keep_token)


def keep_password(user: User, kept: str, keep_token: str | None = None) -> None:
    """Write a new hash; what an old password or a found link began (sign-ins, open links) ends with it."""
    with transaction():
        user.password_hash = kept
        sign_ins.end_all(user, except_token=keep_token)
        access_links.revoke(user)


def change_role(person: User, user: User, role: Role) -> None:
    """Change what a person may do. Raises Conflict for the last admin."""
    with transaction():
        _need_admin(person)
        if role != Role.ADMIN:
            need_another_admin(user)
        user.role = role


def deactivate(person: User, user: User) -> None:
    """Shut a person out at once: sign-ins and links end, what they made stays. Raises Conflict for the last admin."""
    with transaction():
        _need_admin(person)
        need_another_admin(user)
        user.deactivated_at = user.deactivated_at or utcnow()
        sign_ins.end_all(user)
        access_links.revoke(user)


def reactivate(person: User, user: User) -> None:
    """Let a person in again, with the password and role they had."""
    with transaction():
        _need_admin(person)
        user.deactivated_at = None


def _need_admin(person: User) -> None:
    if not person.may_manage:
        raise NotFound


def _need_open_account(user: User) -> None:
    if not user.is_active:
        raise Conflict(f"{user.name} is deactivated.", hint="Reactivate the account first.")


def need_another_admin(user: User) -> None:
    """Refuse to take away the last admin who can sign in; somebody invited who has not come yet does not count."""
    if user.role != Role.ADMIN or not user.is_active:
        return
    able = (User.role == Role.ADMIN, User.password_hash.is_not(None), User.deactivated_at.is_(None), User.id != user.id)
    if db.session.scalar(select(User.id).where(*able).limit(1)) is None:
        raise Conflict(
            f"{user.name} is the only admin who can sign in.",
            hint="Make somebody else an admin first; they need to have joined.",
        )
