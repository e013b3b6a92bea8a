"""Assets, as the API says and hears them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import from_json
from typing_extensions import TypedDict

from webapp.schemas import texts
from webapp.schemas.assets import MAX_LINKS, MAX_TAGS, TAGS, clean_tags
from webapp.services import asset_library
from webapp.views.api.v3.resources.base import UUID, Body, Listed, Paged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.models import Asset, Blob

Kind = Literal["image", "video", "audio", "document"]
LONGEST_TAG = 40
KNOWN_TAGS = f"In lower case, words joined by _; those that writers understand are {', '.join(TAGS)}."


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


def _tags(found: list[str]) -> list[str]:
    found = [texts.clean(each) for each in found]
    tags = clean_tags(found)
    if len(set(found)) > MAX_TAGS:
        raise ValueError(f"At most {MAX_TAGS} tags.")
    if any(len(tag) > LONGEST_TAG for tag in found):
        raise ValueError(f"At most {LONGEST_TAG} characters in a tag.")
    return tags


def _decoded(value: Any) -> Any:
    try:
        return from_json(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError('Must be a JSON list, such as ["subject"].') from None


Name = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(texts.name)]
Tags = Annotated[list[str], Listed, AfterValidator(_tags), Field(description=KNOWN_TAGS)]
ClientId = Annotated[str, Field(max_length=100, description="Whose it is; follows from the campaign, if one is named.")]
CampaignId = Annotated[str, Field(max_length=100)]
Type = Annotated[Kind | None, Field(description="What it has to be; read from the file in any case.")]


class AboutBody(Body):
    """What is said about an asset; null is the same as nothing said."""

    name: Annotated[Name | None, Field(description="In place of the file's own.")] = None
    type: Type = None
    client_id: ClientId | None = None
    campaign_id: CampaignId | None = None

    def said(self) -> dict[str, Any]:
        """Return kind, name and tags as the services take them."""
        tags: list[str] | None = getattr(self, "tags", None)
        return {"name": self.name or "", "kind": self.type or "", "tags": tags or []}


class AssetForm(AboutBody):
    """The fields beside an uploaded file."""

    tags: Annotated[
        Tags | None,
        BeforeValidator(_decoded, json_schema_input_type=str),
        Field(description="A JSON list of texts.", examples=['["subject"]']),
    ] = None


class AssetLinkBody(AboutBody):
    """A link to fetch."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "url": "https://fjell.example/press/bottle.png",
                    "clientId": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a7e11",
                    "type": "image",
                    "tags": ["product_shot"],
                }
            ]
        }
    )

    url: Annotated[str, Field(description="A public http or https address.")]
    tags: Tags | None = None


class AssetLinksBody(Body):
    """Several links to fetch; client and campaign are those of the whole unless a link names its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "clientId": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a7e11",
                    "assets": [
                        {"url": "https://fjell.example/press/bottle.png", "type": "image", "tags": ["product_shot"]},
                        {"url": "https://fjell.example/press/story.pdf"},
                    ],
                }
            ]
        }
    )

    client_id: ClientId | None = None
    campaign_id: CampaignId | None = None
    assets: Annotated[list[AssetLinkBody], Field(min_length=1, max_length=MAX_LINKS)]


class AssetChangeBody(Body):
    """A change of an asset: only the fields given are changed, null clears the tags."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Bottle, front", "tags": ["first_frame"]}]})
    name: Name = ""
    tags: Tags | None = None


class AssetQuery(Paged):
    """Which assets are wanted."""

    client_id: Annotated[str, Field(max_length=100, description="Only those of this client.")] = ""
    campaign_id: Annotated[str, Field(max_length=100, description="Only those of this campaign.")] = ""
    asset_type: Annotated[Kind | None, Field(description="Only those of this type.")] = None
    search: Annotated[str, Field(max_length=200, description="Words that name or link contain.")] = ""

    def filters(self) -> dict[str, Any]:
        """Return it as the service takes it, without the page."""
        kind = self.asset_type or ""
        return {"query": self.search, "client_id": self.client_id, "campaign_id": self.campaign_id, "kind": kind}


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
