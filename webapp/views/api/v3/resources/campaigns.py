"""Campaigns, as the API says and hears them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from typing_extensions import TypedDict

from webapp.models import CampaignStatus
from webapp.schemas.campaigns import CampaignChange, CampaignDraft
from webapp.schemas.texts import Name, ShortText, WebAddress, clean
from webapp.services.json_rows import Shape, say
from webapp.views.api.v3.resources.base import UUID, Body, FreeForm, NewBody, Paged

if TYPE_CHECKING:
    from webapp.models import Campaign
    from webapp.services.campaigns import CampaignStats

LONGEST_TEXT = 10_000


class CampaignResource(TypedDict):
    """A campaign of a client."""

    id: UUID
    clientId: UUID
    name: str
    goal: str | None
    status: Literal["draft", "active", "archived"]
    productUrl: str | None
    brief: Annotated[dict[str, Any], Field(description="Free form; `text` is what people read and edit in Slate.")]
    metadata: dict[str, Any]
    createdAt: datetime
    updatedAt: datetime


SHAPE = Shape(
    {
        "id": "id",
        "clientId": "client_id",
        "name": "name",
        "goal": "goal?",
        "status": "status",
        "productUrl": "product_url?",
        "brief": "brief",
        "metadata": "extra",
        "createdAt": "created_at",
        "updatedAt": "updated_at",
    }
)
"""Which column stands where, see `json_rows`."""


class CampaignStatsResource(TypedDict):
    """What a campaign has and what it cost."""

    videoCount: Annotated[int, Field(description="Its jobs.")]
    totalSpend: Annotated[float, Field(description="What writers booked, USD.")]
    avgCost: Annotated[float, Field(description="Spend per job, USD; 0 without jobs.")]


def _brief(value: Any) -> Any:
    """Take a plain text as {"text": …}."""
    return {"text": value} if isinstance(value, str) else value


def _readable(value: dict[str, Any]) -> dict[str, Any]:
    """Clean the text of a brief, which people read and edit."""
    text = value.get("text")
    if text is not None and not isinstance(text, str):
        raise ValueError("Its “text” must be a text.")
    text = clean(text).strip()
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"Its text may have at most {LONGEST_TEXT:,} characters.")
    return value | {"text": text}


def _lowered(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


Status = Annotated[CampaignStatus, BeforeValidator(_lowered)]
Brief = Annotated[
    FreeForm,
    BeforeValidator(_brief, json_schema_input_type=dict[str, Any] | str),
    AfterValidator(_readable),
    Field(description='An object, or a plain text, which is kept as {"text": "…"}.'),
]


class CampaignChangeBody(Body):
    """A change of a campaign: only the fields given are changed, null clears one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "active", "goal": "First orders"}]})

    client_id: Annotated[
        str, Field(min_length=1, max_length=100, description="May be named, but not changed: it is the same client.")
    ] = ""
    name: Name = ""
    goal: ShortText | None = None
    status: Status = CampaignStatus.DRAFT
    product_url: WebAddress | None = None
    brief: Brief | None = None
    metadata: FreeForm | None = None

    def change(self) -> CampaignChange:
        """Return it as the service takes it."""
        return CampaignChange(**self._given())

    def _given(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True, exclude={"client_id", "brief", "metadata"})
        if "brief" in self.model_fields_set:
            given["brief_fields"] = self.brief or {}
            given["brief"] = given["brief_fields"].get("text", "")
        if "metadata" in self.model_fields_set:
            given["extra"] = self.metadata or {}
        return given


class CampaignBody(NewBody, CampaignChangeBody):
    """A new campaign."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "clientId": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a7e11",
                    "name": "Spring launch",
                    "goal": "First orders of the cold brew",
                    "productUrl": "https://fjell.example/cold-brew",
                    "brief": {"text": "Commuters, before eight.", "channels": ["social"]},
                }
            ]
        }
    )

    client_id: Annotated[str, Field(min_length=1, max_length=100, description="Whose campaign it is.")]
    name: Name

    def draft(self) -> CampaignDraft:
        """Return it as the service takes it."""
        return CampaignDraft(**self._given())


class CampaignQuery(Paged):
    """Which campaigns are wanted."""

    client_id: Annotated[str, Field(max_length=100, description="Only those of this client.")] = ""
    status: Annotated[Status | None, Field(description="Only those that stand here.")] = None
    search: Annotated[
        str, Field(max_length=200, description="Words that name, goal, product page, brief or client contain.")
    ] = ""

    def filters(self) -> dict[str, Any]:
        """Return it as the service takes it, without the page."""
        return {"query": self.search, "client_id": self.client_id, "status": self.status}


def campaign(found: Campaign) -> CampaignResource:
    """Say a campaign."""
    return cast("CampaignResource", say(found, SHAPE))


def stats(found: CampaignStats) -> CampaignStatsResource:
    """Say what a campaign has."""
    return {
        "videoCount": found.storyboards,
        "totalSpend": found.spend_micros / 1_000_000,
        "avgCost": found.average_cost_micros / 1_000_000,
    }
