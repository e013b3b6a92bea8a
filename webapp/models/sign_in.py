"""Signed-in browsers, links that let somebody set a password, and counted tries."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, Timestamped, utcnow
from webapp.models.user import Role, User


class SignIn(Identified, Timestamped, Base):
    """One signed-in browser. The cookie holds a random token, the row only its hash."""

    __tablename__ = "sign_ins"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    last_seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="joined")


class LinkKind(StrEnum):
    """Say what a link lets its holder do."""

    SET_UP = "set_up"
    """Make the first admin."""
    INVITE = "invite"
    """Set a name and a password for an invited account."""
    RESET = "reset"
    """Set a new password."""
    SIGN_IN = "sign_in"
    """Sign in once without a password (printed by `slate serve` on a machine one already controls)."""


class AccessLink(Identified, Timestamped, Base):
    """A one-time link to set up, join or get back in. Only the token's hash is kept."""

    __tablename__ = "access_links"

    kind: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16), default=Role.EDITOR)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship(lazy="joined")


class KnownNetwork(Base):
    """A network from which a door was opened with the right password; it does not wait for tries from elsewhere."""

    __tablename__ = "known_networks"

    door: Mapped[str] = mapped_column(String(100), primary_key=True)
    """Which account or review link, as `services.throttles` names it."""
    network: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_used_at: Mapped[datetime] = mapped_column(default=utcnow)


class Throttle(Base):
    """Tries counted for one key (an account, an address), shared by all workers because it lives in the database."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime] = mapped_column(default=utcnow)
    blocked_until: Mapped[datetime | None]
