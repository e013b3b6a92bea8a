"""The brand the agency works for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Identified, Timestamped


class Client(Identified, Timestamped, Base):
    """A client and its brand guidelines."""

    __tablename__ = "clients"

    name: Mapped[str] = mapped_column(String(120), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    homepage: Mapped[str] = mapped_column(String(2000), default="")
    logo_asset_id: Mapped[str | None] = mapped_column(
        ForeignKey("assets.id", ondelete="SET NULL", use_alter=True, name="fk_clients_logo_asset_id_assets"),
        index=True,
    )
    colors: Mapped[list[str]] = mapped_column(default=list)
    """Hex, like #1f7a63."""
    fonts: Mapped[list[str]] = mapped_column(default=list)
    tone: Mapped[str] = mapped_column(Text, default="")
    restrictions: Mapped[list[str]] = mapped_column(default=list)
    """Forbidden words or claims."""
    examples: Mapped[list[str]] = mapped_column(default=list)
    disclaimer: Mapped[str] = mapped_column(Text, default="")
    spellings: Mapped[list[str]] = mapped_column(default=list)
    """Names that are written exactly so: iPhone, FJELL. Any other spelling is pointed out."""
    speaking_rates: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Language → words a minute, where this client's voice is faster or slower than the usual one."""
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The API's `metadata`."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None]
