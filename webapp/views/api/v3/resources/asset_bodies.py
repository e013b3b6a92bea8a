"""Assets, as the API hears them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import from_json

from webapp.schemas import texts
from webapp.schemas.assets import MAX_LINKS, MAX_TAGS, TAGS, clean_tags
from webapp.views.api.v3.resources.assets import Kind
from webapp.views.api.v3.resources.base import Body, Listed, Paged

LONGEST_TAG = 40
KNOWN_TAGS = f"In lower case, words joined by _; those that writers understand are {', '.join(TAGS)}."


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
