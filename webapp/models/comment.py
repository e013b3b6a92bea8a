"""What people say about a board, a scene, or a point in its picture."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, utcnow
from webapp.models.review import Reviewer
from webapp.models.user import User


class CommentState(StrEnum):
    """Say how far a thread is."""

    OPEN = "open"
    ANSWERED = "answered"
    """A take or somebody's word answers it; whoever asked may look."""
    CLOSED = "closed"


class Comment(Identified, Base):
    """One comment or reply. A reply has a parent and no scene, pin or state of its own."""

    __tablename__ = "comments"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="RESTRICT"), index=True)
    scene_id: Mapped[str | None] = mapped_column(ForeignKey("scenes.id", ondelete="RESTRICT"), index=True)
    """Null: about the whole board."""
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("comments.id"), index=True)
    version_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id", ondelete="SET NULL"))
    """The sent version its author was looking at; null for the team, which sees the board itself."""
    take_id: Mapped[str | None] = mapped_column(ForeignKey("takes.id", ondelete="SET NULL"))
    """The take its author was looking at."""
    pin_x: Mapped[int | None]
    """A point in the picture, in thousandths of its width from the left; null: no pin."""
    pin_y: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("reviewers.id", ondelete="SET NULL"), index=True)
    author: Mapped[str] = mapped_column(String(120), default="")
    """The name at the time."""
    is_internal: Mapped[bool] = mapped_column(default=False)
    """Only for the team: no review link shows it."""
    state: Mapped[str] = mapped_column(String(16), default=CommentState.OPEN)
    answered_take_id: Mapped[str | None] = mapped_column(ForeignKey("takes.id", ondelete="SET NULL"))
    """The take that answers it; null: answered by hand, or not at all."""
    answered_by: Mapped[str] = mapped_column(String(120), default="")
    answered_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    """The job's revision that it came with: a form that showed an earlier one and says the same was sent twice."""
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    user: Mapped[User | None] = relationship(lazy="raise")
    reviewer: Mapped[Reviewer | None] = relationship(lazy="raise")
