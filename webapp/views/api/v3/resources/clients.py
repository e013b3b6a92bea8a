"""Clients, as the API says and hears them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

from pydantic import BeforeValidator, ConfigDict, Field
from typing_extensions import TypedDict

from webapp.schemas.clients import ClientChange, ClientDraft, Examples, Fonts, Restrictions, Spellings
from webapp.schemas.rates import Rates
from webapp.schemas.texts import Colors, LongText, Name, ShortText, WebAddress
from webapp.services.json_rows import Shape, say
from webapp.views.api.v3.resources.base import UUID, Body, FreeForm, Listed, NewBody, Paged, outside

if TYPE_CHECKING:
    from webapp.models import Client
    from webapp.services.clients import ClientStats
TAG = "v3-clients"


class BrandGuidelines(TypedDict):
    """What is always and never said and shown for a client."""

    colors: Annotated[list[str], Field(description="Hex, such as #1f7a63.")]
    fonts: list[str]
    tone: str | None
    restrictions: Annotated[list[str], Field(description="Words and claims that are never used.")]
    examples: list[str]
    disclaimer: Annotated[str | None, Field(description="What every ad has to say.")]
    spellings: Annotated[list[str], Field(description="Names that are written exactly so.")]
    speakingRates: Annotated[dict[str, int], Field(description="Language → words a minute, where not the usual one.")]


class ClientResource(TypedDict):
    """A client and its brand guidelines."""

    id: UUID
    name: str
    description: str | None
    homepage: str | None
    brandGuidelines: BrandGuidelines
    metadata: dict[str, Any]
    createdAt: datetime
    updatedAt: datetime


SHAPE = Shape(
    {
        "id": "id",
        "name": "name",
        "description": "description?",
        "homepage": "homepage?",
        "brandGuidelines": {
            "colors": "colors",
            "fonts": "fonts",
            "tone": "tone?",
            "restrictions": "restrictions",
            "examples": "examples",
            "disclaimer": "disclaimer?",
            "spellings": "spellings",
            "speakingRates": "speaking_rates",
        },
        "metadata": "extra",
        "createdAt": "created_at",
        "updatedAt": "updated_at",
    }
)
"""Which column stands where, see `json_rows`."""


class ClientStatsResource(TypedDict):
    """What a client has and what it cost."""

    campaignCount: int
    videoCount: Annotated[int, Field(description="Its jobs that are not archived.")]
    totalSpend: Annotated[float, Field(description="What writers booked, USD.")]


def _by_language(value: Any) -> Any:
    """Refuse the list that the page's form sends: programs name the languages."""
    if isinstance(value, list):
        raise ValueError("Must be an object: language and words a minute.")  # noqa: TRY004 - pydantic wants this one
    return value


class BrandGuidelinesBody(Body):
    """Brand guidelines; only those given are changed, null clears one."""

    colors: Annotated[Colors | None, Listed] = None
    fonts: Annotated[Fonts | None, Listed] = None
    tone: ShortText | None = None
    restrictions: Annotated[Restrictions | None, Listed] = None
    examples: Annotated[Examples | None, Listed] = None
    disclaimer: ShortText | None = None
    spellings: Annotated[Spellings | None, Listed] = None
    speaking_rates: Annotated[Rates | None, BeforeValidator(_by_language)] = None


class ClientChangeBody(Body):
    """A change of a client: only the fields given are changed, null clears one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"brandGuidelines": {"tone": "Dry, never loud"}}]})
    paths: ClassVar[dict[str, str]] = {
        name: f"brandGuidelines.{outside(name)}" for name in BrandGuidelinesBody.model_fields
    }

    name: Name = ""
    description: LongText | None = None
    homepage: WebAddress | None = None
    brand_guidelines: BrandGuidelinesBody | None = None
    metadata: FreeForm | None = None

    def change(self) -> ClientChange:
        """Return it as the service takes it."""
        return ClientChange(**self._given())

    def _given(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True, exclude={"brand_guidelines", "metadata"})
        if "brand_guidelines" in self.model_fields_set:
            brand = self.brand_guidelines
            given |= brand.model_dump(exclude_unset=True) if brand else dict.fromkeys(BrandGuidelinesBody.model_fields)
        if "metadata" in self.model_fields_set:
            given["extra"] = self.metadata or {}
        return {name: {} if value is None and name == "speaking_rates" else value for name, value in given.items()}


class ClientBody(NewBody, ClientChangeBody):
    """A new client."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Fjell Coffee",
                    "homepage": "https://fjell.example",
                    "brandGuidelines": {"colors": ["#1f7a63"], "tone": "Warm", "restrictions": ["cheap"]},
                }
            ]
        }
    )

    name: Name

    def draft(self) -> ClientDraft:
        """Return it as the service takes it."""
        return ClientDraft(**self._given())


class ClientQuery(Paged):
    """Which clients are wanted."""

    search: Annotated[str, Field(max_length=200, description="Words that name, description or homepage contain.")] = ""
    archived: Annotated[
        Literal["true", "false", "both"], Field(description="Only those that were put away, only the others, or both.")
    ] = "false"

    def filters(self) -> dict[str, Any]:
        """Return it as the service takes it, without the page."""
        return {"query": self.search, "archived": {"true": True, "false": False}.get(self.archived)}


def client(found: Client) -> ClientResource:
    """Say a client."""
    return cast("ClientResource", say(found, SHAPE))


def stats(found: ClientStats) -> ClientStatsResource:
    """Say what a client has."""
    return {
        "campaignCount": found.campaigns,
        "videoCount": found.storyboards,
        "totalSpend": found.spend_micros / 1_000_000,
    }
