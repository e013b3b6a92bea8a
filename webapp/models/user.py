"""People with an account."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Identified, Timestamped

ERASED_DOMAIN = "@erased.invalid"
"""Ends the address of somebody who was erased: RFC 2606 keeps .invalid for addresses that nobody has."""


class Role(StrEnum):
    """Say what a person may do: reviewers read and decide, editors make, admins manage."""

    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"


class User(Identified, Timestamped, Base):
    """A person who can sign in."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Kept in lower case."""
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16), default=Role.EDITOR)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    wants_mail: Mapped[bool] = mapped_column(default=True)
    """Send what lands in the inbox by e-mail too, where a mail server is set."""
    deactivated_at: Mapped[datetime | None]

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Say whether this person may sign in."""
        return self.deactivated_at is None

    @property
    def is_erased(self) -> bool:
        """Say whether their personal data was erased: the row stays for what they made."""
        return self.email.endswith(ERASED_DOMAIN)

    def get_id(self) -> str:
        """Return the id, as Flask-Login asks for it."""
        return self.id

    @property
    def may_edit(self) -> bool:
        """Say whether this person may make and change things."""
        return self.role in (Role.EDITOR, Role.ADMIN)

    @property
    def may_manage(self) -> bool:
        """Say whether this person may manage people."""
        return self.role == Role.ADMIN
