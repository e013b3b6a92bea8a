"""What the API hears about scenes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from webapp.schemas.scenes import Beat, CameraMove, Part, RedoRequest, SceneChange, ShotType, Transition
from webapp.schemas.texts import ShortText, one_line
from webapp.views.api.v3.resources.base import Body, FreeForm, NewBody, Query

AnyWord = Annotated[str, StringConstraints(min_length=1, max_length=80), BeforeValidator(one_line)]
Ids = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)]
ASSETS = "Asset ids of the job's client, the picture first."
SHOTS = f"One of {', '.join(ShotType.__args__)}. Another word becomes the nearest; see metadata."  # type: ignore[attr-defined]
LEAVES = f"One of {', '.join(Transition.__args__)}. Another word becomes the nearest; see metadata."  # type: ignore[attr-defined]


class SceneChangeBody(Body):
    """A change of a scene: only the fields given are changed, null clears a text, the assets or the metadata."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"script": "Ready before you are.", "shotType": "close-up", "duration": 4.5}]}
    )
    paths: ClassVar[dict[str, str]] = {"seconds": "duration", "asset_ids": "assets", "extra": "metadata"}

    title: Annotated[ShortText, Field(max_length=80)] | None = None
    beat: Beat = "product"
    duration: Annotated[float, Field(ge=1, le=180, description="Seconds, kept in whole tenths.")] = 1.0
    description: Annotated[ShortText | None, Field(description="What we see.")] = None
    script: Annotated[ShortText | None, Field(description="What the voice says.")] = None
    on_screen: Annotated[ShortText, Field(max_length=500)] | None = None
    shot_type: Annotated[AnyWord, Field(description=SHOTS)] = "medium"
    camera_move: CameraMove = "static"
    transition: Annotated[AnyWord, Field(description=LEAVES)] = "cut"
    assets: Annotated[Ids | None, Field(description=ASSETS)] = None
    metadata: FreeForm | None = None
    locked: Annotated[bool, Field(description="Keep it out of writing all scenes anew.")] = False

    def change(self) -> SceneChange:
        """Return it as the service takes it, but for what `words` says and `locked`."""
        texts = {"title", "description", "script", "on_screen"}
        given = self.model_dump(exclude_unset=True, include=texts | {"beat", "camera_move"})
        given = {name: "" if value is None else value for name, value in given.items()}
        for name, column, empty in (
            ("duration", "seconds", 0.0),
            ("assets", "asset_ids", []),
            ("metadata", "extra", {}),
        ):
            if name in self.model_fields_set:
                given[column] = getattr(self, name) or empty
        return SceneChange(**given)

    @property
    def words(self) -> dict[str, str]:
        """Return what was said of shot type and transition, in whichever words."""
        return {name: getattr(self, name) for name in ("shot_type", "transition") if name in self.model_fields_set}


class SceneBody(NewBody, SceneChangeBody):
    """A new scene. What is left out is empty, or as scenes that are added in the app begin."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "One twist",
                    "description": "The bottle turns, light comes through.",
                    "script": "Real cold brew in one twist.",
                    "shotType": "product",
                    "duration": 3,
                }
            ]
        }
    )
    paths: ClassVar[dict[str, str]] = SceneChangeBody.paths | {"after": "afterSceneId"}

    after_scene_id: Annotated[str | None, Field(max_length=100, description="Else it comes last.")] = None
    write: Annotated[bool, Field(description="Have the writer fill it in as the description says.")] = False


class ConstraintsBody(Body):
    """What a new take has to keep to."""

    duration: Annotated[float | None, Field(ge=1, le=180, description="Seconds.")] = None
    style: Annotated[Annotated[str, BeforeValidator(one_line)] | None, Field(max_length=200)] = None
    must_include_assets: Annotated[Ids | None, Field(description=ASSETS)] = None
    parts: Annotated[
        list[Part] | None, Field(max_length=5, description="What may change; else all but the length.")
    ] = None


class RegenerateBody(NewBody):
    """What a new take of a scene should be like."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"feedback": "Warmer, and show the bottle earlier.", "select": True}]}
    )
    paths: ClassVar[dict[str, str]] = {
        "must_include_asset_ids": "constraints.mustIncludeAssets",
        "seconds": "constraints.duration",
    }

    feedback: Annotated[ShortText, Field(max_length=1000)] | None = None
    constraints: ConstraintsBody | None = None
    select: Annotated[bool, Field(description="Show the new take at once; else it waits as a candidate.")] = True
    comment_ids: Annotated[
        list[Annotated[str, Field(max_length=100)]] | None,
        Field(max_length=50, description="Comments that ask for it; without feedback they are the instruction."),
    ] = None

    def request(self) -> RedoRequest:
        """Return it as the service takes it."""
        limits = self.constraints or ConstraintsBody()
        return RedoRequest(
            feedback=self.feedback or "",
            style=limits.style or "",
            parts=limits.parts or [],
            seconds=limits.duration,
            must_include_asset_ids=limits.must_include_assets or [],
            comment_ids=self.comment_ids or [],
        )


ORDER = [f"0190d3c4-5f1e-7c3a-9d55-2c4f5f0a82{scene}" for scene in (12, 11, 13, 14, 15)]


class OrderBody(Body):
    """The scenes of a storyboard in the order they should have."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sceneIds": [*ORDER]}]})

    scene_ids: Annotated[
        list[Annotated[str, Field(max_length=100)]], Field(max_length=100, description="All of them, each once.")
    ]


class TradeBody(Body):
    """How many seconds go over."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"seconds": 0.5}]})

    seconds: Annotated[
        float,
        Field(ge=-180, le=180, description="More for this scene, less for the next; negative: the other way round."),
    ]


class FrameQuery(Query):
    """Which picture is wanted."""

    variant: Annotated[
        Literal["board", "plain", "thumbnail"],
        Field(description="board: with camera arrows; plain: without; thumbnail: small."),
    ] = "board"
    v: Annotated[str, Field(max_length=100, description="Names the picture, so that it may be kept for good.")] = ""
