"""Files with a purpose, where they came from, and the descriptions of their bytes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, Timestamped, utcnow
from webapp.models.client import Client


class AssetStatus(StrEnum):
    """Say how far an asset has come: waiting → downloading → reading → ready, or refused."""

    WAITING = "waiting"
    DOWNLOADING = "downloading"
    READING = "reading"
    READY = "ready"
    REFUSED = "refused"

    @property
    def is_open(self) -> bool:
        """Say whether work is still going on."""
        return self not in (AssetStatus.READY, AssetStatus.REFUSED)


class Blob(Identified, Base):
    """An immutable description of bytes; the bytes are chunk rows in blobs.db, found by `sha256`."""

    __tablename__ = "asset_blobs"

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    content_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Asset(Identified, Timestamped, Base):
    """A picture, film, sound or document of a client, with its provenance."""

    __tablename__ = "assets"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaigns.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16), default="")
    """image, video, audio or document; empty until the bytes have been seen. The API's `type`."""
    format: Mapped[str] = mapped_column(String(16), default="")
    declared_kind: Mapped[str] = mapped_column(String(16), default="")
    """The kind a program said the file is; bytes of another kind are refused."""
    tags: Mapped[list[str]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(16), default=AssetStatus.WAITING, index=True)
    error: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused, a sentence."""
    hint: Mapped[str] = mapped_column(Text, default="")
    error_code: Mapped[str] = mapped_column(String(32), default="")
    """What kind of refusal it was: a code of `webapp/errors.py`, or `other_kind`."""
    can_retry: Mapped[bool] = mapped_column(default=False)
    attempt: Mapped[int] = mapped_column(default=1)
    """Fences the work on it: counts how often a person or the sweep had it begun."""
    take_overs: Mapped[int] = mapped_column(default=0)
    """How many of the attempts the sweep began, since the last one of a person."""
    source_url: Mapped[str] = mapped_column(Text, default="")
    final_url: Mapped[str] = mapped_column(Text, default="")
    """Where the bytes were in the end, after redirects."""
    fetched_at: Mapped[datetime | None]
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    expected_bytes: Mapped[int | None] = mapped_column(BigInteger)
    heartbeat_at: Mapped[datetime | None]
    blob_id: Mapped[str | None] = mapped_column(ForeignKey("asset_blobs.id"), index=True)
    thumbnail_blob_id: Mapped[str | None] = mapped_column(ForeignKey("asset_blobs.id"), index=True)
    """A WebP of at most 640 px: what pages show."""
    picture_blob_id: Mapped[str | None] = mapped_column(ForeignKey("asset_blobs.id"), index=True)
    """A re-encoded WebP of at most 2048 px: what frames are cropped from."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_ms: Mapped[int | None]
    page_count: Mapped[int | None]
    palette: Mapped[list[str]] = mapped_column(default=list)
    excerpt: Mapped[str] = mapped_column(Text, default="")
    """The first words of a document, at most 2,000 characters."""
    left_out: Mapped[list[str]] = mapped_column(default=list)
    """What the file has that its picture does not show, in words."""

    client: Mapped[Client] = relationship(foreign_keys=[client_id], lazy="raise")
    blob: Mapped[Blob | None] = relationship(foreign_keys=[blob_id], lazy="raise")

    @property
    def is_open(self) -> bool:
        """Say whether it is still being fetched or read."""
        return AssetStatus(self.status).is_open

    @property
    def is_ready(self) -> bool:
        """Say whether it can be used."""
        return self.status == AssetStatus.READY
