"""What may be asked of a job: the brief of a new one, changes to it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from webapp.schemas import lengths
from webapp.schemas.texts import Typed, clean

Text = Annotated[str, Typed(min_length=1, max_length=1000)]
Call = Annotated[str, Typed(min_length=1, max_length=300)]
Words = Annotated[str, Typed(max_length=200)]
Title = Annotated[str, Typed(min_length=1, max_length=160)]
Ratio = Literal["16:9", "9:16", "1:1", "4:5"]
Language = Literal["en", "de", "es", "fr"]


def _no_blank(value: Any) -> Any:
    return None if value in ("", "auto") else value


def _listed(value: Any) -> Any:
    """Split what was typed, commas or lines, into a list without blanks."""
    parts = [value] if isinstance(value, str) else value or []
    return [word.strip() for part in parts for word in re.split(r"[\n,;]", str(part)) if word.strip()]


def _words(value: Any) -> Any:
    """Join ticked words: ["Dry", "Warm"] → "Dry, Warm"."""
    return ", ".join(str(part).strip() for part in value if str(part).strip()) if isinstance(value, list) else value


Tone = Annotated[
    str, BeforeValidator(clean), BeforeValidator(_words), StringConstraints(strip_whitespace=True, max_length=200)
]
Seconds = Annotated[float, BeforeValidator(lengths.seconds("A video", 5, 180))]


class BriefFields(BaseModel):
    """The words of a brief."""

    model_config = ConfigDict(str_strip_whitespace=True)

    product: Text
    audience: Text
    key_message: Text
    call_to_action: Call
    style: Words = ""
    tone: Tone = ""
    visual_elements: Annotated[list[Words], BeforeValidator(_listed), Field(max_length=20)] = []
    music_style: Words = ""
    language: Language = "en"


class JobDraft(BriefFields):
    """A new ad: brief, format, length, assets."""

    client_id: Annotated[str, StringConstraints(min_length=1, max_length=36)]
    campaign_id: Annotated[str | None, BeforeValidator(_no_blank)] = None
    title: Annotated[str, Typed(max_length=160)] = ""
    ratio: Ratio = "16:9"
    seconds: Seconds = 30
    num_scenes: Annotated[Annotated[int, Field(ge=1, le=20)] | None, BeforeValidator(_no_blank)] = None
    asset_ids: Annotated[list[str], Field(max_length=100)] = []
    key: Annotated[str, StringConstraints(pattern=r"^([0-9a-f-]{36})?$")] = ""
    """Names this very request: sent twice (a double click, a lost answer), it makes one job."""
    roles: dict[str, str] = {}
    """asset id → role, one of ASSET_ROLES; others are ignored."""
    extra: dict[str, Any] = {}
    """What a program wants kept and said again, see `Job.extra`."""

    @field_validator("seconds")
    @classmethod
    def _tenths(cls, value: float) -> float:
        return round(value, 1)


class JobChange(BaseModel):
    """A change of the brief: only the fields given are changed."""

    model_config = ConfigDict(str_strip_whitespace=True)

    seen: str = ""
    """The hash of the brief that the person started from; empty skips the check."""
    title: Title | None = None
    product: Text | None = None
    audience: Text | None = None
    key_message: Text | None = None
    call_to_action: Call | None = None
    style: Words | None = None
    tone: Words | None = None
    visual_elements: Annotated[list[Words] | None, BeforeValidator(_listed), Field(max_length=20)] = None
    music_style: Words | None = None
    language: Language | None = None
    ratio: Ratio | None = None
    seconds: Seconds | None = None
    extra: dict[str, Any] | None = None
    """Put over what is kept; a value of None takes one away."""
