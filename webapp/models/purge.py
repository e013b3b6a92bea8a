"""What is left of a storyboard whose record an admin purged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utcnow


class Purge(Base):
    """One line of the installation's list of purges. Lines are only added: each carries the hash of the one before.

    It refers to no other row, so that nothing that is deleted takes it along.
    """

    __tablename__ = "purges"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sequence: Mapped[int] = mapped_column(unique=True)
    """1-based and contiguous: which line this is."""
    job_id: Mapped[str] = mapped_column(String(36))
    title: Mapped[str] = mapped_column(String(160))
    head: Mapped[str] = mapped_column(String(64))
    """The hash of the last line of the storyboard's history, as certificates print it."""
    lines: Mapped[int]
    """How many lines its history had."""
    decisions: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[str | None] = mapped_column(String(36), index=True)
    actor: Mapped[str] = mapped_column(String(120))
    """Who purged it, by name at the time."""
    salt: Mapped[str] = mapped_column(String(64), default="")
    """Random; the commitment hashes it with the name. Empty once the person was erased."""
    commitment: Mapped[str] = mapped_column(String(64))
    """What the line's hash holds in place of the name."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    """The hash of the line before this one; empty for the first."""
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of this line and `previous_hash`, 64 hex digits."""
