"""Assets, as the API says them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import Field
from typing_extensions import TypedDict

from webapp.services import asset_library
from webapp.views.api.v3.resources.base import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Asset, Blob

Kind = Literal["image", "video", "audio", "document"]


class AssetResource(TypedDict):
    """A picture, film, sound or document of a client. Size, length and pages are read from the file."""

    id: UUID
    userId: Annotated[str | None, Field(description="Who added it.")]
    clientId: UUID
    campaignId: UUID | None
    name: str
    type: Kind | None
    format: Annotated[str | None, Field(description="Such as png, mp4, pdf.")]
    size: Annotated[int | None, Field(description="Bytes.")]
    width: int | None
    height: int | None
    duration: Annotated[float | None, Field(description="Seconds.")]
    pageCount: int | None
    leftOut: Annotated[list[str], Field(description="What a drawing has that its picture does not show, in words.")]
    tags: list[str]
    url: Annotated[str | None, Field(description="Where its bytes are; null until it is ready.")]
    thumbnailUrl: Annotated[str | None, Field(description="A small WebP picture; null where there is none.")]
    sourceUrl: Annotated[str | None, Field(description="The link it was fetched from.")]
    blobId: UUID | None
    sha256: str | None
    status: Literal["waiting", "downloading", "reading", "ready", "refused"]
    error: Annotated[str | None, Field(description="Why it was refused.")]
    canRetry: Annotated[bool, Field(description="Refused, and trying again may help.")]
    createdAt: datetime
    updatedAt: datetime


class AssetResult(TypedDict):
    """What became of one link."""

    asset: AssetResource | None
    success: Annotated[bool, Field(description="It is an asset now, perhaps one that is still on its way.")]
    error: str | None


class AssetSummary(TypedDict):
    """How many links became assets."""

    total: int
    successful: int
    failed: int
    pending: Annotated[int, Field(description="How many of the successful ones are still being fetched or read.")]


class AssetResults(TypedDict):
    """What became of each link, in the order they were sent."""

    results: list[AssetResult]
    summary: AssetSummary


def asset(found: Asset) -> AssetResource:
    """Say an asset."""
    return several([found])[0]


def several(found: Sequence[Asset]) -> list[AssetResource]:
    """Say assets; looks once for what all of them need."""
    blobs = asset_library.blobs_of(found)
    return [_said(each, blobs.get(each.blob_id or "")) for each in found]


def results(found: Sequence[AssetResource | str]) -> AssetResults:
    """Say what became of links: an asset, or a sentence about what went wrong."""
    said: list[AssetResult] = [
        {"asset": None, "success": False, "error": each}
        if isinstance(each, str)
        else {"asset": each, "success": True, "error": None}
        for each in found
    ]
    made = [each["asset"] for each in said if each["asset"]]
    return {
        "results": said,
        "summary": {
            "total": len(said),
            "successful": len(made),
            "failed": len(said) - len(made),
            "pending": sum(each["status"] != "ready" for each in made),
        },
    }


def _said(found: Asset, blob: Blob | None) -> AssetResource:
    place = f"/api/v3/assets/{found.id}"
    return {
        "id": found.id,
        "userId": found.user_id,
        "clientId": found.client_id,
        "campaignId": found.campaign_id,
        "name": found.name,
        "type": cast("Kind | None", found.kind or None),
        "format": found.format or None,
        "size": blob.size_bytes if blob else None,
        "width": found.width,
        "height": found.height,
        "duration": found.duration_ms / 1000 if found.duration_ms is not None else None,
        "pageCount": found.page_count,
        "leftOut": found.left_out,
        "tags": found.tags,
        "url": f"{place}/data" if found.is_ready else None,
        "thumbnailUrl": f"{place}/thumbnail" if found.is_ready and found.thumbnail_blob_id else None,
        "sourceUrl": found.source_url or None,
        "blobId": found.blob_id,
        "sha256": blob.sha256 if blob else None,
        "status": cast("Any", found.status),
        "error": " ".join(filter(None, (found.error, found.hint))) or None,
        "canRetry": found.can_retry,
        "createdAt": found.created_at,
        "updatedAt": found.updated_at,
    }
