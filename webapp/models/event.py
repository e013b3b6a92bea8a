"""What happened to a job, for the activity list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utcnow


class Event(Base):
    """One line of a job's history. Lines are only added: each carries the hash of the one before it."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("job_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="RESTRICT"), index=True)
    client_id: Mapped[str | None] = mapped_column(ForeignKey("clients.id", ondelete="RESTRICT"), index=True)
    scene_id: Mapped[str | None] = mapped_column(String(36))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(120), default="")
    """Who did it, by name at the time; Slate itself when empty."""
    reviewer_id: Mapped[str | None] = mapped_column(String(36), index=True)
    """Who did it through a review link. No foreign key: the line outlives the link."""
    salt: Mapped[str] = mapped_column(String(64), default="")
    """Random; the commitment hashes it with the name. Empty for Slate itself, and once the person was erased."""
    commitment: Mapped[str | None] = mapped_column(String(64))
    """Stands for the name in the line's hash, empty for Slate itself; null: before 0.2, the hash covers the name."""
    kind: Mapped[str] = mapped_column(String(40))
    """created, generated, stopped, failed, edited, redone, restored, added, deleted, moved, approved …"""
    text: Mapped[str] = mapped_column(String(500))
    """The line as people read it, without the actor: “redid scene 3: shorter”."""
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    sequence: Mapped[int | None]
    """1-based and contiguous within the job: which line this is."""
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    """The hash of the job's line before this one; empty for the first."""
    hash: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of this line and `previous_hash`, 64 hex digits."""
