"""Review links, the people without an account who come through them, and what they say of each scene."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, utcnow
from webapp.models.job import Job
from webapp.models.user import User


class Allows(StrEnum):
    """Say what a review link lets people do; each includes the one before."""

    VIEW = "view"
    COMMENT = "comment"
    DECIDE = "decide"


class Verdict(StrEnum):
    """Say what somebody thinks of one scene."""

    GOOD = "good"
    CHANGES = "changes"


class ReviewLink(Identified, Base):
    """A URL that lets somebody without an account see the version sent last. Only its token's hash is kept."""

    __tablename__ = "review_links"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    """Who it is for: “Fjell, marketing”, “Legal”."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    allows: Mapped[str] = mapped_column(String(16), default=Allows.COMMENT)
    named_only: Mapped[bool] = mapped_column(default=False)
    """Only the reviewers on its list may come in, not anybody who has the link."""
    asks_email: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    opened_at: Mapped[datetime | None]
    """When somebody last came in through it."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    job: Mapped[Job] = relationship(lazy="joined")
    user: Mapped[User | None] = relationship(lazy="raise")


class Reviewer(Identified, Base):
    """Somebody who reviews through a link: named beforehand, or by themselves."""

    __tablename__ = "reviewers"

    link_id: Mapped[str] = mapped_column(ForeignKey("review_links.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    """Empty until they say it."""
    email: Mapped[str] = mapped_column(String(254), default="")
    is_named: Mapped[bool] = mapped_column(default=False)
    """Somebody of the team put them on the link's list."""
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the cookie that remembers them; null: named, and never came."""
    seen_version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id", ondelete="SET NULL"))
    """The version they looked at last."""
    previous_version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id", ondelete="SET NULL"))
    """The one they looked at before that: what changed since is told from it."""
    last_seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    link: Mapped[ReviewLink] = relationship(lazy="joined")


class SceneVerdict(Identified, Base):
    """“Looks good” or “needs changes”, of one reviewer about one scene of one version."""

    __tablename__ = "scene_verdicts"
    __table_args__ = (UniqueConstraint("version_id", "scene_id", "reviewer_id"),)

    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), index=True)
    scene_id: Mapped[str] = mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"), index=True)
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("reviewers.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
