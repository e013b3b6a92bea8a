"""A board as it was at one moment: kept by name, sent for review, compared, restored."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, utcnow
from webapp.models.scene import Frame, Take
from webapp.models.user import User


class VersionKind(StrEnum):
    """Say why a version was kept."""

    NAMED = "named"
    """Somebody gave it a name."""
    SENT = "sent"
    """It was sent for review."""
    DECIDED = "decided"
    """Somebody decided on it in the app without its being sent."""
    SAFETY = "safety"
    """Slate kept it before something that changes many scenes: writing anew, restoring."""


class Version(Identified, Base):
    """A board as it was: which scenes, in which order, with which takes. Never changed, only renamed."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("job_id", "number"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="RESTRICT"), index=True)
    number: Mapped[int]
    """1-based within the job: v1, v2 …"""
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    """Words to those who are asked to look at it, for one that was sent."""
    content_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(160), default="")
    ratio: Mapped[str] = mapped_column(String(8), default="16:9")
    named_ratio: Mapped[str] = mapped_column(String(8), default="", server_default="")
    """The format as its canonical storyboard names it, see `Job.named_ratio`."""
    language: Mapped[str] = mapped_column(String(16), default="en")
    duration_ms: Mapped[int]
    """What the brief asked for then."""
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(String(120), default="")
    """The name at the time; Slate itself when empty."""
    sequence: Mapped[int] = mapped_column(default=0)
    """How many lines the history had when it was kept."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    scenes: Mapped[list[VersionScene]] = relationship(order_by="VersionScene.position", lazy="raise")
    user: Mapped[User | None] = relationship(lazy="raise")


class VersionScene(Base):
    """One scene of a version."""

    __tablename__ = "version_scenes"
    __table_args__ = (UniqueConstraint("version_id", "position"), UniqueConstraint("version_id", "scene_id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="RESTRICT"), index=True)
    scene_id: Mapped[str] = mapped_column(ForeignKey("scenes.id", ondelete="RESTRICT"), index=True)
    take_id: Mapped[str] = mapped_column(ForeignKey("takes.id", ondelete="RESTRICT"), index=True)
    position: Mapped[int]
    locked: Mapped[bool] = mapped_column(default=False)
    frame_id: Mapped[str | None] = mapped_column(ForeignKey("frames.id", ondelete="RESTRICT"), index=True)
    frame_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    """The picture it should have, for one that was not drawn yet."""

    take: Mapped[Take] = relationship(lazy="joined")
    frame: Mapped[Frame | None] = relationship(lazy="joined")


class BoardAction(Identified, Base):
    """Something one person did to the structure of a board, so that it can be undone and done again."""

    __tablename__ = "board_actions"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    """What was done, as in “Undo: deleted scene 3”."""
    before: Mapped[list[dict[str, str]]] = mapped_column(default=list)
    """The board then, in order: scene_id and take_id of each scene."""
    after: Mapped[list[dict[str, str]]] = mapped_column(default=list)
    undone_at: Mapped[datetime | None]
    number: Mapped[int] = mapped_column(default=0)
    """1-based within the job, in the order of what was done."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
