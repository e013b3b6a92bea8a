"""The thumbnails that go along with a question, for models that see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.services.writers.base import AssetNote

MAX_PICTURES = 8
MAX_PICTURE_BYTES = 200_000

_MAGIC = ((b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail for models that see, with the short name that the text uses for it."""

    alias: str
    media_type: str
    content: bytes = field(repr=False)


def pictures(assets: Sequence[AssetNote]) -> tuple[Picture, ...]:
    """Pick the first thumbnails that are small and are pictures by their first bytes, named A1, A2, … by position."""
    found = []
    for position, asset in enumerate(assets, 1):
        media_type = _media_type(asset.thumbnail)
        if media_type and len(asset.thumbnail) <= MAX_PICTURE_BYTES:
            found.append(Picture(f"A{position}", media_type, asset.thumbnail))
    return tuple(found[:MAX_PICTURES])


def _media_type(content: bytes) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for magic, media_type in _MAGIC if content.startswith(magic)), "")
