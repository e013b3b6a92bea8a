"""One shot of a storyboard, its immutable takes, its drawn frame."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, Timestamped, utcnow
from webapp.models.job import Job
from webapp.models.user import User


class TakeSource(StrEnum):
    """Say where the words of a take came from."""

    WRITER = "writer"
    EDIT = "edit"
    REDO = "redo"
    RESTORE = "restore"
    COPY = "copy"
    COMMENT = "comment"
    """A redo that reviewers' comments asked for."""


class Frame(Identified, Base):
    """A drawn picture, kept under the hash of what went into it, so that the same scene is drawn once."""

    __tablename__ = "frames"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    board_blob_id: Mapped[str] = mapped_column(ForeignKey("asset_blobs.id"), index=True)
    """With camera arrows, for board and PDF."""
    plain_blob_id: Mapped[str] = mapped_column(ForeignKey("asset_blobs.id"), index=True)
    """Without, for the animatic."""
    thumbnail_blob_id: Mapped[str] = mapped_column(ForeignKey("asset_blobs.id"), index=True)
    source: Mapped[str] = mapped_column(String(16))
    """asset or sketch"""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Take(Identified, Base):
    """One version of a scene's content. Never changed once written; only whether it waits for a verdict is."""

    __tablename__ = "takes"
    __table_args__ = (UniqueConstraint("scene_id", "number"), UniqueConstraint("scene_id", "origin"))

    scene_id: Mapped[str] = mapped_column(ForeignKey("scenes.id", ondelete="RESTRICT"), index=True)
    number: Mapped[int]
    origin: Mapped[str | None] = mapped_column(String(36))
    """The attempt or redo token that wrote it: a step that runs twice stores one take. Null: by hand."""
    source: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(120), default="")
    beat: Mapped[str] = mapped_column(String(16), default="product")
    description: Mapped[str] = mapped_column(Text, default="")
    script: Mapped[str] = mapped_column(Text, default="")
    on_screen: Mapped[str] = mapped_column(Text, default="")
    shot_type: Mapped[str] = mapped_column(String(32), default="medium")
    camera_move: Mapped[str] = mapped_column(String(16), default="static")
    transition: Mapped[str] = mapped_column(String(16), default="cut")
    duration_ms: Mapped[int]
    asset_ids: Mapped[list[str]] = mapped_column(default=list)
    """The picture first."""
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The API's `metadata`, such as shotTypeRaw."""
    waiting: Mapped[bool] = mapped_column(default=False)
    """A candidate: a redo wrote it, and nobody has used or dismissed it yet. The scene shows another take."""
    frame_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    """The key of the picture drawn for it while it waits, so that the two can be compared; empty for other takes."""
    feedback: Mapped[str] = mapped_column(Text, default="")
    comment_ids: Mapped[list[str]] = mapped_column(default=list)
    """The comments whose words asked for it; they are answered once it is used."""
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    writer: Mapped[str] = mapped_column(String(32), default="")
    model: Mapped[str] = mapped_column(String(120), default="")
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cost_micros: Mapped[int] = mapped_column(BigInteger, default=0)
    took_ms: Mapped[int] = mapped_column(default=0)
    """How long the writer needed, in milliseconds; 0 where nobody measured."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    user: Mapped[User | None] = relationship(lazy="raise")


class Scene(Identified, Timestamped, Base):
    """A shot: a place in the storyboard that shows one take."""

    __tablename__ = "scenes"
    __table_args__ = (UniqueConstraint("job_id", "attempt", "slot"),)

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="RESTRICT"), index=True)
    attempt: Mapped[int | None]
    """With `slot`: which attempt wrote it and as which number, so that a step that runs twice stores it once.

    Null: added by hand.
    """
    slot: Mapped[int | None]
    position: Mapped[int]
    """1-based and contiguous among scenes that are not deleted; what people see as the scene's number."""
    take_id: Mapped[str | None] = mapped_column(
        ForeignKey("takes.id", ondelete="SET NULL", use_alter=True, name="fk_scenes_take_id_takes"), index=True
    )
    frame_id: Mapped[str | None] = mapped_column(ForeignKey("frames.id", ondelete="SET NULL"), index=True)
    frame_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    """The key of the frame this scene should show; drawn when it differs from the frame's own."""
    frame_error: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change of content; edits name the one they started from."""
    field_versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Field → the version that changed it last, so that edits of different fields are no conflict."""
    field_tabs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Field → [version, browser tab] of its last edit in a page, so that a tab has no conflict with itself."""
    revision: Mapped[int] = mapped_column(default=0)
    """The job's revision at this scene's last visible change."""
    locked: Mapped[bool] = mapped_column(default=False)
    redo_token: Mapped[str] = mapped_column(String(36), default="")
    """Not empty while a redo is at work; fences its result."""
    redo_feedback: Mapped[str] = mapped_column(Text, default="")
    redo_options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    redo_heartbeat_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the last redo failed, a sentence with the next step."""
    deleted_at: Mapped[datetime | None]

    job: Mapped[Job] = relationship(lazy="raise")
    take: Mapped[Take | None] = relationship(foreign_keys=[take_id], lazy="joined", post_update=True)
    frame: Mapped[Frame | None] = relationship(lazy="joined")

    @property
    def is_redoing(self) -> bool:
        """Say whether a writer is at work on this scene."""
        return bool(self.redo_token)
