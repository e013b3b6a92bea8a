"""Boards as they were before a change, by their hashes, so that what changed since can be named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utcnow


class BoardState(Base):
    """What a board said at one moment, as hashes only."""

    __tablename__ = "board_states"
    __table_args__ = (UniqueConstraint("job_id", "content_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    content_hash: Mapped[str] = mapped_column(String(64))
    ratio: Mapped[str] = mapped_column(String(8))
    scene_hashes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """scene id → hash of its content, in the order of the board."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
