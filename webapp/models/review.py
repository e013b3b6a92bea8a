"""Review links, the people without an account who come through them, and what they say of each scene."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.errors import Forbidden, LinkClosed
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

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="RESTRICT"), index=True)
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
    """When somebody last came in through it; null: nobody outside the team ever did."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    job: Mapped[Job] = relationship(lazy="joined")
    user: Mapped[User | None] = relationship(lazy="raise")

    @property
    def state(self) -> str:
        """Say active, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= utcnow() else "active"

    @property
    def is_open(self) -> bool:
        """Say whether it still lets people in: an archived storyboard shows itself to nobody outside."""
        return self.state == "active" and not self.job.is_archived

    @classmethod
    def open_ones(cls) -> ColumnElement[bool]:
        """Return the condition of a query for the links that still let people in."""
        return and_(cls.revoked_at.is_(None), or_(cls.expires_at.is_(None), cls.expires_at > utcnow()))

    @property
    def door(self) -> str:
        """Return what a browser has to have passed, 64 hex digits: another one with another address or password."""
        return sha256(f"{self.token_hash} {self.password_hash or ''}".encode()).hexdigest()

    @property
    def may_comment(self) -> bool:
        """Say whether it lets people comment."""
        return self.allows in (Allows.COMMENT, Allows.DECIDE)

    @property
    def may_decide(self) -> bool:
        """Say whether it lets people decide."""
        return self.allows == Allows.DECIDE

    def must_be_open(self) -> None:
        """Refuse whoever comes through it when it is over: asked at each request, and again inside what writes.

        Raises:
            LinkClosed: it was revoked, has expired, or its storyboard is archived.
        """
        if self.job.is_archived:
            raise LinkClosed("The storyboard behind it was archived.", hint="Ask whoever sent it if you still need it.")
        if self.state == "expired":
            raise LinkClosed("This link has expired.")
        if self.state == "revoked":
            raise LinkClosed

    def must_allow(self, what: Allows) -> None:
        """Refuse what the link is not for.

        Raises:
            LinkClosed: it is over.
            Forbidden: it lets people do less.
        """
        self.must_be_open()
        if list(Allows).index(Allows(self.allows)) < list(Allows).index(what):
            raise Forbidden(f"This link does not let you {what}.", hint="Ask whoever sent it, if you think it should.")


class Reviewer(Identified, Base):
    """Somebody who reviews through a link: named beforehand, or by themselves."""

    __tablename__ = "reviewers"

    link_id: Mapped[str] = mapped_column(ForeignKey("review_links.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    """Empty until they say it."""
    email: Mapped[str] = mapped_column(String(254), default="")
    is_named: Mapped[bool] = mapped_column(default=False)
    """Somebody of the team put them on the link's list."""
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Somebody of the team who looks through the link; null for guests."""
    seen_version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id", ondelete="SET NULL"))
    """The version they looked at last."""
    previous_version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id", ondelete="SET NULL"))
    """The one they looked at before that: what changed since is told from it."""
    last_seen_at: Mapped[datetime | None]
    """Null: named beforehand and never came, or a robot that opened the address and did not go on."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    link: Mapped[ReviewLink] = relationship(lazy="joined")

    @property
    def is_known(self) -> bool:
        """Say whether they have said who they are, as far as the link asks."""
        return bool(self.name) and (self.is_named or bool(self.email) or not self.link.asks_email)


class ReviewerBrowser(Identified, Base):
    """A browser that a reviewer came with: phone and desk are one person. The cookie's token is kept as a hash."""

    __tablename__ = "reviewer_browsers"

    reviewer_id: Mapped[str] = mapped_column(ForeignKey("reviewers.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    door: Mapped[str] = mapped_column(String(64))
    """A hash of the address and password it came in with: when either changes it has to come in again."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    reviewer: Mapped[Reviewer] = relationship(lazy="joined")


class SceneVerdict(Identified, Base):
    """“Looks good” or “needs changes”, of one reviewer about one scene of one version."""

    __tablename__ = "scene_verdicts"
    __table_args__ = (UniqueConstraint("version_id", "scene_id", "reviewer_id"),)

    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="RESTRICT"), index=True)
    scene_id: Mapped[str] = mapped_column(ForeignKey("scenes.id", ondelete="RESTRICT"), index=True)
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("reviewers.id", ondelete="RESTRICT"), index=True)
    verdict: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
