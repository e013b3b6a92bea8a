"""Checks, as the API says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from webapp.views.api.v3.resources.comparisons import field_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from webapp.services.checks import Check


class CheckResource(TypedDict):
    """One thing to look at before a storyboard goes out. It warns and blocks nothing."""

    kind: Annotated[str, Field(description="A stable word.", examples=["forbidden-words"])]
    severity: Annotated[Literal["warn", "note"], Field(description="`note`: it may well be meant.")]
    sentence: Annotated[str, Field(description="What it is and what to do.")]
    about: Annotated[Literal["scene", "assets", "length"], Field(description="What it leads to.")]
    sceneId: Annotated[str | None, Field(description="The scene to look at; null: it leads elsewhere.")]
    sceneNumber: int | None
    sceneIds: Annotated[list[str], Field(description="All the scenes it is about, in order.")]
    field: Annotated[str | None, Field(description="The field of the scene it leads to.", examples=["script"])]
    words: Annotated[str | None, Field(description="The very words it is about, where it is about words.")]


def check(found: Check, numbers: Mapping[str, int]) -> CheckResource:
    """Say a check; `numbers` are those of the scenes by id."""
    return {
        "kind": found.code,
        "severity": found.severity.value,
        "sentence": found.text,
        "about": found.about,  # type: ignore[typeddict-item]
        "sceneId": found.leads_to or None,
        "sceneNumber": numbers.get(found.leads_to),
        "sceneIds": list(found.scene_ids),
        "field": field_name(found.field) if found.field else None,
        "words": found.place.found if found.place else None,
    }
