"""One scene as a model gives it, read leniently: near-synonyms, odd types and other field names are understood."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from webapp.services.writers import vocabulary
from webapp.services.writers.base import SceneDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TITLE = 80
MAX_DESCRIPTION = 1000
MAX_SCRIPT = 1000
MAX_ON_SCREEN = 300
MAX_WORD = 80
MAX_SECONDS = 600.0
MAX_ASSETS = 12

# Kept although they are format characters: emoji and Persian or Indic words are joined with them.
_JOINERS = {"\u200c", "\u200d"}


class UnusableSceneError(Exception):
    """Say why a scene cannot be used, for BrokenScene; never leaves the writers."""


def clean(text: str, limit: int) -> str:
    """Make one line of at most `limit` characters, without control, direction and half characters."""
    kept = (" " if char.isspace() else char for char in text[: limit * 4])
    visible = "".join(c for c in kept if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    line = " ".join(visible.split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head).rstrip(" ,;:-") + "…"


class SceneAnswer(BaseModel):
    """The fields of a scene under the names that models tend to give them."""

    model_config = ConfigDict(extra="ignore")

    title: str = Field("", validation_alias=AliasChoices("title", "name", "heading", "headline"))
    beat: str = Field("", validation_alias=AliasChoices("beat", "purpose", "part", "stage", "role"))
    description: str = Field(
        validation_alias=AliasChoices(
            "description", "visual", "visuals", "visual_description", "what_we_see", "picture"
        )
    )
    script: str = Field(
        "",
        validation_alias=AliasChoices("script", "voiceover", "voice_over", "voice-over", "narration", "vo", "dialogue"),
    )
    on_screen: str = Field(
        "", validation_alias=AliasChoices("on_screen", "on_screen_text", "onScreen", "onScreenText", "super", "caption")
    )
    shot_type: str = Field("", validation_alias=AliasChoices("shot_type", "shotType", "shot", "framing"))
    camera_move: str = Field("", validation_alias=AliasChoices("camera_move", "cameraMove", "camera", "movement"))
    transition: str = Field("", validation_alias=AliasChoices("transition", "transition_out", "transitionOut"))
    seconds: float | None = Field(
        None, validation_alias=AliasChoices("seconds", "duration", "duration_seconds", "durationSeconds", "length")
    )
    assets: list[str] = Field([], validation_alias=AliasChoices("assets", "asset_ids", "assetIds", "asset"))

    @field_validator("title", "beat", "script", "on_screen", "shot_type", "camera_move", "transition", mode="before")
    @classmethod
    def _optional_text(cls, value: Any) -> str:
        return _text(value)

    @field_validator("description", mode="before")
    @classmethod
    def _needed_text(cls, value: Any) -> str:
        text = clean(_text(value), MAX_DESCRIPTION)
        if not text:
            raise ValueError("no usable text")
        return text

    @field_validator("seconds", mode="before")
    @classmethod
    def _seconds(cls, value: Any) -> float | None:
        if isinstance(value, str):
            found = re.search(r"\d+(?:[.,]\d+)?", value)
            value = float(found[0].replace(",", ".")) if found else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            return None
        return min(float(value), MAX_SECONDS)

    @field_validator("assets", mode="before")
    @classmethod
    def _asset_names(cls, value: Any) -> list[str]:
        items = value if isinstance(value, list) else re.split(r"[,;]", value) if isinstance(value, str) else []
        names = [
            item.get("id") or item.get("name") if isinstance(item, dict) else item for item in items[: MAX_ASSETS * 4]
        ]
        return [name.strip() for name in names if isinstance(name, str)]


def _text(value: Any) -> str:
    """Accept a string, or a list of strings as its lines; anything else counts as nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return " ".join(value)
    return ""


def draft(
    raw: object, number: int, planned_seconds: float, aliases: Mapping[str, str], default_beat: str
) -> SceneDraft:
    """Make a SceneDraft of one object of an answer; raises UnusableSceneError with the reason in plain words.

    `aliases` maps A1, A2, … to asset ids; what is neither an alias nor an id of the brief is dropped. Seconds that are
    missing or senseless become the planned ones.
    """
    try:
        answer = SceneAnswer.model_validate(raw)
    except ValidationError as error:
        where = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
        fault = "it has no description" if "description" in where else "its fields could not be read"
        raise UnusableSceneError(fault) from None
    shot_type, is_shot = vocabulary.shot_type(answer.shot_type)
    transition, is_transition = vocabulary.transition(answer.transition)
    named = (
        ("shot_type", clean(answer.shot_type, MAX_WORD), is_shot),
        ("transition", clean(answer.transition, MAX_WORD), is_transition),
    )
    return SceneDraft(
        number=number,
        title=clean(answer.title, MAX_TITLE)
        or clean(" ".join(answer.description.split()[:5]), MAX_TITLE).rstrip(".,;:"),
        beat=vocabulary.beat(answer.beat, default_beat)[0],
        description=answer.description,
        script=clean(answer.script, MAX_SCRIPT),
        on_screen=clean(answer.on_screen, MAX_ON_SCREEN),
        shot_type=shot_type,
        camera_move=vocabulary.camera_move(answer.camera_move)[0],
        transition=transition,
        seconds=answer.seconds or planned_seconds,
        asset_ids=_asset_ids(answer.assets, aliases),
        raw=tuple((name, said) for name, said, is_known in named if said and not is_known),
    )


def _asset_ids(names: list[str], aliases: Mapping[str, str]) -> tuple[str, ...]:
    ids = set(aliases.values())
    found: dict[str, None] = {}
    for name in names:
        short = re.match(r"[Aa]\d+(?![\w-])", name)
        if name in ids:
            found[name] = None
        elif short and short[0].upper() in aliases:
            found[aliases[short[0].upper()]] = None
    return tuple(found)[:MAX_ASSETS]
