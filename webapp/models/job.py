"""One ad in the making: its brief, its status, its assets."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from webapp.errors import Conflict, StoryboardArchived, StoryboardFrozen
from webapp.models.asset import Asset
from webapp.models.base import Base, Identified, Timestamped
from webapp.models.campaign import Campaign
from webapp.models.client import Client
from webapp.models.user import User


class JobStatus(StrEnum):
    """Say how far a job has come (the API's words)."""

    PENDING = "pending"
    STORYBOARD_PROCESSING = "storyboard_processing"
    STORYBOARD_READY = "storyboard_ready"
    VIDEO_PROCESSING = "video_processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Approval(StrEnum):
    """Say what people decided last."""

    NONE = "none"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"


class ApprovalRule(StrEnum):
    """Say whose approval a storyboard needs."""

    ANY = "any"
    """One of those asked is enough."""
    ALL = "all"
    """Each of those asked, for the very same version."""


class Job(Identified, Timestamped, Base):
    """An ad: what it should say, how long, for whom, and where its storyboard stands."""

    __tablename__ = "jobs"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="RESTRICT"), index=True)
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaigns.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(160))

    product: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    key_message: Mapped[str] = mapped_column(Text)
    call_to_action: Mapped[str] = mapped_column(Text)
    style: Mapped[str] = mapped_column(String(200), default="")
    tone: Mapped[str] = mapped_column(String(200), default="")
    visual_elements: Mapped[list[str]] = mapped_column(default=list)
    music_style: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(16), default="en")
    ratio: Mapped[str] = mapped_column(String(8), default="16:9")
    first_ratio: Mapped[str | None] = mapped_column(String(8))
    """The format it had before that was changed for the first time; null: it never was."""
    duration_ms: Mapped[int]
    num_scenes: Mapped[int | None]
    """Chosen number of scenes; null lets the length decide."""
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)

    status: Mapped[str] = mapped_column(String(24), default=JobStatus.PENDING, index=True)
    approval: Mapped[str] = mapped_column(String(24), default=Approval.NONE)
    approval_rule: Mapped[str] = mapped_column(String(8), default=ApprovalRule.ANY)
    sent_version_id: Mapped[str | None] = mapped_column(
        ForeignKey("versions.id", ondelete="SET NULL", use_alter=True, name="fk_jobs_sent_version_id_versions"),
        index=True,
    )
    """The version that was sent for review last: all that a review link shows. Null: never sent."""
    event_head: Mapped[str] = mapped_column(String(64), default="")
    """The hash of the job's last event, so that a cut-off history shows."""
    archived_at: Mapped[datetime | None]
    """Since when it is out of the lists and can only be read. Null: it is in use."""
    purged_at: Mapped[datetime | None]
    """When its record was purged: nobody finds it from then on, and its rows go in small transactions."""
    error: Mapped[str] = mapped_column(Text, default="")
    hint: Mapped[str] = mapped_column(Text, default="")

    attempt: Mapped[int] = mapped_column(default=0)
    """Counts generations; the workflow's id is `job-<id>-<attempt>` and writes are fenced by `attempt_token`."""
    attempt_token: Mapped[str] = mapped_column(String(36), default="")
    take_overs: Mapped[int] = mapped_column(default=0)
    """How many attempts at this generation the sweep began, because nobody worked on the one before any more."""
    generation_id: Mapped[str] = mapped_column(String(36), default="")
    """What was asked for once, over all attempts at it: takes carry it as their origin, so none is written twice."""
    attempt_kind: Mapped[str] = mapped_column(String(16), default="storyboard")
    """storyboard (write what is missing) or regenerate (a new take of every unlocked scene)."""
    feedback: Mapped[str] = mapped_column(Text, default="")
    """What should be different, for a regenerate."""
    stage: Mapped[str] = mapped_column(String(200), default="")
    """What is happening, in words: Writing scene 3 of 5."""
    detail: Mapped[str] = mapped_column(String(200), default="")
    partial: Mapped[dict[str, Any] | None]
    """The scene being written, its words so far: number, title, description, script."""
    heartbeat_at: Mapped[datetime | None]

    video_blob_id: Mapped[str | None] = mapped_column(ForeignKey("asset_blobs.id"), index=True)
    """The animatic of an approved storyboard."""
    video_token: Mapped[str] = mapped_column(String(36), default="")
    """Not empty while the animatic is rendered; fences its result."""
    video_take_overs: Mapped[int] = mapped_column(default=0)
    video_heartbeat_at: Mapped[datetime | None]
    video_error: Mapped[str] = mapped_column(Text, default="")
    """Why the animatic could not be rendered, a sentence with the next step; the approval stands all the same."""

    writer: Mapped[str] = mapped_column(String(32), default="builtin")
    model: Mapped[str] = mapped_column(String(120), default="")
    seed: Mapped[int] = mapped_column(default=0)
    estimated_cost_micros: Mapped[int] = mapped_column(BigInteger, default=0)
    actual_cost_micros: Mapped[int] = mapped_column(BigInteger, default=0)
    input_tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    output_tokens: Mapped[int] = mapped_column(BigInteger, default=0)

    revision: Mapped[int] = mapped_column(default=0)
    """Grows with every change anybody can see; a page polls with the last one it has."""
    layout_revision: Mapped[int] = mapped_column(default=0)
    """The revision at which scenes were last added, removed or moved."""
    comments_revision: Mapped[int] = mapped_column(default=0)
    """The revision at which somebody last commented, or a comment was changed, answered or closed."""

    client: Mapped[Client] = relationship(lazy="joined")
    campaign: Mapped[Campaign | None] = relationship(lazy="joined")
    user: Mapped[User | None] = relationship(lazy="raise")

    @validates("generation_id")
    def _count_anew(self, _name: str, generation_id: str) -> str:
        self.take_overs = 0
        return generation_id

    @validates("ratio")
    def _keep_first_ratio(self, _name: str, ratio: str) -> str:
        if self.ratio and self.ratio != ratio and self.first_ratio is None:
            self.first_ratio = self.ratio
        return ratio

    @property
    def named_ratio(self) -> str:
        """Return the format as the canonical storyboard names it; empty while it is the one the job began with."""
        return named_ratio(self.ratio, self.first_ratio)

    @property
    def is_running(self) -> bool:
        """Say whether a writer is at work on it."""
        return self.status in (JobStatus.PENDING, JobStatus.STORYBOARD_PROCESSING)

    @property
    def is_frozen(self) -> bool:
        """Say whether a decision forbids changes: approved or rejected boards stay as they were decided on."""
        return self.approval in (Approval.APPROVED, Approval.REJECTED)

    @property
    def is_archived(self) -> bool:
        """Say whether it is out of the lists and can only be read."""
        return self.archived_at is not None

    def must_be_in_use(self) -> None:
        """Refuse whatever would change an archived storyboard, words about it included. Raises StoryboardArchived."""
        if self.is_archived:
            raise StoryboardArchived

    def must_be_open(self) -> None:
        """Refuse a change to the storyboard while it is archived or a final decision is in force.

        Raises:
            StoryboardArchived: it is in the archive.
            StoryboardFrozen: it is approved or rejected.
        """
        self.must_be_in_use()
        if self.is_frozen:
            raise StoryboardFrozen(self.approval)

    def must_be_idle(self) -> None:
        """Refuse what would get in the way of a writer at work.

        Raises:
            Conflict: scenes are being written.
        """
        if self.is_running:
            raise Conflict("Scenes are being written right now.", hint="Wait until they are done, or stop the writing.")

    def touch(self, *, layout: bool = False, comments: bool = False) -> int:
        """Count one more visible change and return the new revision."""
        self.revision += 1
        if layout:
            self.layout_revision = self.revision
        if comments:
            self.comments_revision = self.revision
        return self.revision


def named_ratio(ratio: str, first_ratio: str | None) -> str:
    """Return the format as the canonical storyboard names it, see `Job.named_ratio`."""
    return "" if first_ratio in (None, ratio) else ratio


class JobAsset(Base):
    """An asset that belongs to a job's brief, and the role it plays."""

    __tablename__ = "job_assets"
    __table_args__ = (UniqueConstraint("job_id", "asset_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(32), default="")

    asset: Mapped[Asset] = relationship(lazy="joined")
