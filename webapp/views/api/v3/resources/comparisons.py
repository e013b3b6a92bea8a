"""What is different between two versions, as the API says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from webapp.views.api.v3.resources.base import UUID, Query, outside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webapp.services.differences import Run, SceneChange

BOARD = "board"
"""Stands for the board as it is, where a version could stand."""
NAMES = {"duration_ms": "duration", "asset_ids": "assets"}
"""Columns of a take that are called otherwise outside."""


class RunResource(TypedDict):
    """A stretch of text that both have, or only one of them."""

    kind: Literal["same", "added", "removed"]
    text: str


class FieldChangeResource(TypedDict):
    """A field of a scene that says something else; same and removed runs make up the old text, to the letter."""

    field: Annotated[str, Field(examples=["script"])]
    runs: list[RunResource]


class SceneChangeResource(TypedDict):
    """What became of one scene."""

    sceneId: UUID
    state: Annotated[
        Literal["added", "removed", "changed", "moved", "same"],
        Field(description="`moved`: nothing changed but its place."),
    ]
    before: Annotated[int | None, Field(description="Its number then; null: it was not there.")]
    after: Annotated[int | None, Field(description="Its number now; null: it is not there.")]
    isMoved: bool
    changes: list[FieldChangeResource]


class ComparisonResource(TypedDict):
    """What is different between a version and another one, or the board as it is, scene by scene."""

    version: int
    other: Annotated[str, Field(description="The number of the other version, or `board`.", examples=["board"])]
    scenes: list[SceneChangeResource]


class ComparisonQuery(Query):
    """What a version is compared with."""

    other: Annotated[
        str,
        StringConstraints(pattern=r"^(board|[0-9]{1,9})$"),
        Field(alias="with", description="The number of another version, or `board`: the board as it is."),
    ] = BOARD


def comparison(number: int, other: str, changes: Iterable[SceneChange]) -> ComparisonResource:
    """Say what is different between a version and another one."""
    return {"version": number, "other": other, "scenes": [_change(each) for each in changes]}


def field_name(column: str) -> str:
    """Return what a column of a take is called outside."""
    return NAMES.get(column) or outside(column)


def _change(found: SceneChange) -> SceneChangeResource:
    before, after = found.before, found.after
    there: Any = after or before
    return {
        "sceneId": there.scene_id,
        "state": found.state,  # type: ignore[typeddict-item]
        "before": before.position if before else None,
        "after": after.position if after else None,
        "isMoved": found.is_moved,
        "changes": [
            {"field": field_name(each.name), "runs": [_run(run) for run in each.runs]} for each in found.changed
        ],
    }


def _run(found: Run) -> RunResource:
    return {"kind": found.kind, "text": found.text}
