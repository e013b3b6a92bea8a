"""What people decided, and about exactly which words."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, utcnow
from webapp.models.user import User
from webapp.models.version import Version


class DecisionKind(StrEnum):
    """Say what was decided."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    REOPEN = "reopen"


class Decision(Identified, Base):
    """A decision, bound to the hash of the exact storyboard it was about."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_job_id_sequence", "job_id", "sequence"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("reviewers.id", ondelete="SET NULL"), index=True)
    """Who decided through a review link; then `user_id` is null."""
    version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id", ondelete="RESTRICT"), index=True)
    """The board as it was decided on, all its takes."""
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    """The name at the time, kept when the account goes; for an approval through a link as it was typed."""
    email: Mapped[str] = mapped_column(String(254), default="")
    link_name: Mapped[str] = mapped_column(String(120), default="")
    """The review link it came through, by its name at the time; empty: through an account."""
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    salt: Mapped[str] = mapped_column(String(64), default="")
    """Random; the commitment hashes it with name, e-mail and browser. Empty once the person was erased."""
    commitment: Mapped[str | None] = mapped_column(String(64))
    """Stands for name, e-mail and browser in the decision's hash; null: from before 0.2, the hash covers them."""
    content_hash: Mapped[str] = mapped_column(String(64))
    scene_hashes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """scene id → hash of its content, so that later changes can be named."""
    named_version: Mapped[bool | None]
    """It named the storyboard that was looked at. Null: unknown, from before this was kept; or a reopening."""
    is_final: Mapped[bool] = mapped_column(default=False)
    """With it everybody had approved whose approval was needed; or it rejected. Else it waits for others."""
    sequence: Mapped[int] = mapped_column(default=0)
    """The number of the line of the history that tells of it: decisions are in this order, whatever the clock said."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    user: Mapped[User | None] = relationship(lazy="raise")
    version: Mapped[Version | None] = relationship(lazy="joined")
