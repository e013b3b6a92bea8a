"""What the world may send us about assets."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from webapp.schemas.texts import Typed, clean
from webapp.schemas.web_links import split_links

__all__ = ["MAX_LINKS", "MAX_TAGS", "TAGS", "AssetChange", "Name", "clean_tags", "split_links"]

TAGS = (
    "product_shot",
    "brand_logo",
    "subject",
    "first_frame",
    "background",
    "transition",
    "closing_frame",
    "use_full_audio",
    "voice_sample",
)
"""The tags the writers understand (the contract of /api/v3); any other word is kept as it is."""
MAX_TAGS = 20
MAX_LINKS = 100

Name = Annotated[str, Typed(min_length=1, max_length=200)]


class AssetChange(BaseModel):
    """A new name and the tags of an asset."""

    model_config = ConfigDict(extra="ignore")

    name: Name
    tags: list[str] = Field(default_factory=list)
    other_tags: str = ""
    """Free words with commas between, beside the ticked ones."""

    @field_validator("other_tags")
    @classmethod
    def _not_endless(cls, typed: str) -> str:
        if len(typed) > 1000:
            raise ValueError("At most 1,000 characters.")
        return typed

    @property
    def all_tags(self) -> list[str]:
        """Return ticked and typed tags, each once, in that order."""
        return clean_tags([*self.tags, *self.other_tags.split(",")])


def clean_tags(tags: list[str]) -> list[str]:
    """Bring tags into one form: lower case, words joined by _, at most 40 characters, at most 20 of them."""
    found = dict.fromkeys("_".join(clean(tag).lower().split())[:40].strip("_") for tag in tags)
    return [tag for tag in found if tag][:MAX_TAGS]
