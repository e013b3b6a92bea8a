"""One push for a client."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Identified, Timestamped
from webapp.models.client import Client


class CampaignStatus(StrEnum):
    """Say where a campaign stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class Campaign(Identified, Timestamped, Base):
    """A campaign: goal, brief, product page."""

    __tablename__ = "campaigns"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    goal: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(16), default=CampaignStatus.DRAFT)
    product_url: Mapped[str] = mapped_column(String(2000), default="")
    brief: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Free form; the page edits the key `text`."""
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)

    client: Mapped[Client] = relationship(lazy="joined")
