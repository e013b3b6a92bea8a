"""What people are told: the inbox, and what is sent to mailboxes and webhooks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, utcnow
from webapp.models.job import Job


class Notice(Identified, Base):
    """One line in somebody's inbox."""

    __tablename__ = "notices"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    """mention, comment, decision, failure or review"""
    actor: Mapped[str] = mapped_column(String(120), default="")
    """Who did it; Slate itself when empty."""
    text: Mapped[str] = mapped_column(String(500))
    """The line without the actor: “commented on scene 3: …”."""
    anchor: Mapped[str] = mapped_column(String(60), default="")
    """Where on the board it leads: scene-<id>, comment-<id>."""
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)

    job: Mapped[Job | None] = relationship(lazy="joined")


class Webhook(Identified, Base):
    """An address that is told what happens."""

    __tablename__ = "webhooks"

    url: Mapped[str] = mapped_column(String(2000))
    secret: Mapped[str] = mapped_column(String(100))
    """Signs each message, so it has to be kept as it is; shown once, when it is made."""
    kinds: Mapped[list[str]] = mapped_column(default=list)
    """Which events it wants; empty: all."""
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class DeliveryState(StrEnum):
    """Say how far a message is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Delivery(Identified, Base):
    """One message on its way to a mailbox or a webhook: kept until it arrived or was given up."""

    __tablename__ = "deliveries"

    channel: Mapped[str] = mapped_column(String(16))
    """mail or webhook"""
    webhook_id: Mapped[str | None] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(16), default=DeliveryState.WAITING, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=utcnow)
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the last attempt failed, a sentence."""
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
