"""What may be asked of a scene: edits, redos, new ones."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from webapp.schemas import lengths
from webapp.schemas.texts import Typed

Long = Annotated[str, Typed(max_length=2000)]
Feedback = Annotated[str, Typed(max_length=1000)]
OnScreen = Annotated[str, Typed(max_length=500)]
Style = Annotated[str, Typed(max_length=200)]
Title = Annotated[str, Typed(max_length=80)]
ShotType = Literal[
    "wide", "medium", "close-up", "extreme-close-up", "product", "over-the-shoulder",
    "pov", "top-down", "tracking", "montage", "end-card",
]  # fmt: skip
Transition = Literal["cut", "fade", "dissolve", "wipe"]
CameraMove = Literal["static", "pan-left", "pan-right", "push-in", "pull-out", "tilt-up", "tilt-down", "track", "orbit"]
Beat = Literal["hook", "problem", "product", "proof", "cta"]
Part = Literal["picture", "script", "description", "shot", "timing"]


Seconds = Annotated[float, BeforeValidator(lengths.seconds("A scene", 1, 180))]


class SceneChange(BaseModel):
    """An edit: only the fields given are changed."""

    model_config = ConfigDict(str_strip_whitespace=True)

    title: Title | None = None
    beat: Beat | None = None
    description: Long | None = None
    script: Long | None = None
    on_screen: OnScreen | None = None
    shot_type: ShotType | None = None
    camera_move: CameraMove | None = None
    transition: Transition | None = None
    seconds: Seconds | None = None
    asset_ids: Annotated[list[str] | None, Field(max_length=20)] = None
    extra: dict[str, Any] | None = None
    """Facts of programs; they are replaced as a whole."""


class RedoRequest(BaseModel):
    """Ask for a new take of a scene: what should be different, and which parts may change."""

    feedback: Feedback = ""
    style: Style = ""
    """How it should look and sound, beside what the feedback says."""
    parts: list[Part] = []
    seconds: Seconds | None = None
    must_include_asset_ids: Annotated[list[str], Field(max_length=20)] = []
    comment_ids: Annotated[list[str], Field(max_length=50)] = []
    """The comments that ask for it."""


class NewScene(BaseModel):
    """A scene added by hand: blank, or described so that the writer fills it in."""

    description: Long = ""
    after: str = ""
    """The id of the scene it comes after; empty for the end."""


class RegenerateRequest(BaseModel):
    """Ask for new takes of all scenes."""

    feedback: Feedback = ""
