"""Who has a board open right now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, utcnow
from webapp.models.user import User


class Presence(Identified, Base):
    """One person at one board; gone when not seen for a while."""

    __tablename__ = "presences"
    __table_args__ = (UniqueConstraint("job_id", "user_id"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    scene_id: Mapped[str | None] = mapped_column(String(36))
    """The scene they type in, where their page says so."""
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)

    user: Mapped[User] = relationship(lazy="joined")
