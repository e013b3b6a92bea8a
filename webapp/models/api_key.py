"""Keys with which programs ask in a person's name, and the answers kept for requests that may be sent again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, String, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, Timestamped, utcnow
from webapp.models.user import User


class ApiKey(Identified, Timestamped, Base):
    """A key to the JSON API. It may do what its owner may; only its hash is kept."""

    __tablename__ = "api_keys"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    start: Mapped[str] = mapped_column(String(16))
    """The first characters of the key, so that its owner can tell one from another."""
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")

    @classmethod
    def working_ones(cls) -> ColumnElement[bool]:
        """Return the condition of a query for the keys that were not revoked and whose time is not over."""
        return and_(cls.revoked_at.is_(None), or_(cls.expires_at.is_(None), cls.expires_at > utcnow()))

    @property
    def is_expired(self) -> bool:
        """Say whether its time is over."""
        return self.expires_at is not None and self.expires_at <= utcnow()


class KeptAnswer(Base):
    """The answer to a request that carried an Idempotency-Key, for when the same request comes again."""

    __tablename__ = "kept_answers"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of who asked and the key they named."""
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, path and body: a key stands for one request only."""
    token: Mapped[str] = mapped_column(String(36))
    """Names what was asked for, also when it is tried again after the first request was cut off."""
    status: Mapped[int] = mapped_column(default=0)
    """HTTP status; 0 while the first request is still at work."""
    location: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    """A line of JSON with the other headers that are kept, then the body."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
