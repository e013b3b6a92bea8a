"""Jobs, as the API hears them: a new one, changes of its brief, which ones are wanted."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from webapp.models import Approval, JobStatus
from webapp.schemas import texts
from webapp.schemas.jobs import Call, JobDraft, Language, Ratio, Text
from webapp.schemas.texts import clean, one_line
from webapp.services.commissions import Wanted
from webapp.services.dossiers import Filter
from webapp.views.api.v3.resources.assets import Kind
from webapp.views.api.v3.resources.base import Body, Listed, NewBody, Paged

Words = Annotated[str, StringConstraints(max_length=200), BeforeValidator(one_line)]
Style = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(one_line)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=160), BeforeValidator(texts.name)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=36)]
Seconds = Annotated[float, Field(ge=5, le=180, description="Seconds, kept to a tenth.")]
Elements = Annotated[list[Style], Field(max_length=20), Listed]
Preference = Annotated[str, StringConstraints(max_length=120), BeforeValidator(lambda value: value and one_line(value))]
Preferences = Annotated[list[Preference], Field(max_length=20), Listed]
UserId = Annotated[str, StringConstraints(max_length=200), BeforeValidator(clean)]
Resolution = Annotated[str, StringConstraints(max_length=20), BeforeValidator(one_line)]
Role = Literal[
    "first_frame", "subject", "brand_logo", "product_shot", "background", "transition", "closing_frame",
    "use_full_audio", "voice_sample",
]  # fmt: skip
ECHOED = "Kept and said again; it changes nothing."
EXAMPLE: dict[str, Any] = {
    "context": {"clientId": "0190d3c4-5f1e-7c3a-9d55-2c4f5f0a7e11"},
    "adBasics": {
        "product": "Fjell Cold Brew",
        "targetAudience": "Commuters, 20 to 35",
        "keyMessage": "Real cold brew, ready before you are",
        "callToAction": "Order at fjell.example",
    },
    "creative": {
        "videoSpecs": {"duration": 15, "format": "16:9"},
        "direction": {"style": "Warm, documentary", "tone": "Dry", "visualElements": ["Morning light"]},
        "assets": [{"url": "https://fjell.example/bottle.png", "name": "The bottle", "role": "product_shot"}],
    },
    "advanced": {"numScenes": 3, "language": "en"},
}


class ContextBody(NewBody):
    """Whom the ad is for."""

    client_id: Id
    campaign_id: Id | None = None
    user_id: Annotated[UserId | None, Field(description=ECHOED)] = None


class AdBasicsBody(Body):
    """What the ad has to say."""

    product: Text
    target_audience: Text
    key_message: Text
    call_to_action: Call


class VideoSpecsBody(NewBody):
    """How long it is, and its format."""

    duration: Seconds = 30
    format: Ratio = "16:9"
    resolution: Annotated[Resolution | None, Field(description=ECHOED)] = None


class DirectionBody(NewBody):
    """How it looks and sounds."""

    style: Style
    tone: Words | None = None
    visual_elements: Elements | None = None
    music_style: Words | None = None


class WantedBody(NewBody):
    """Something the ad should show: an asset of the client, or a link to fetch; exactly one of the two."""

    url: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=10_000)] | None,
        Field(description="One that cannot be fetched does not fail the job: it is listed with its error."),
    ] = None
    asset_id: Id | None = None
    type: Annotated[Kind | None, Field(description="What you expect; what it is, is read from its bytes.")] = None
    name: Annotated[
        Annotated[str, StringConstraints(max_length=200), BeforeValidator(texts.name)] | None,
        Field(description="For what comes by link and has no name yet."),
    ] = None
    role: Role | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> WantedBody:
        if (self.url is None) == (self.asset_id is None):
            raise ValueError("Give either url or assetId.")
        return self

    def wanted(self) -> Wanted:
        """Return it as the service takes it."""
        return Wanted(
            asset_id=self.asset_id or "",
            url=self.url or "",
            kind=self.type or "",
            name=self.name or "",
            role=self.role or "",
        )


Assets = Annotated[list[WantedBody], Field(max_length=100), Listed]


class CreativeBody(NewBody):
    """What it looks like."""

    video_specs: VideoSpecsBody = VideoSpecsBody()
    direction: DirectionBody
    assets: Assets = Field(default_factory=list)


class AdvancedBody(NewBody):
    """What most leave to Slate."""

    num_scenes: Annotated[
        Annotated[int, Field(ge=1, le=20)] | None, Field(description="Null lets the length decide.")
    ] = None
    language: Language = "en"
    model_preferences: Annotated[Preferences | None, Field(description=ECHOED)] = None


class JobPaths(Body):
    """Where the fields that services refuse stand in a body about a job."""

    paths: ClassVar[dict[str, str]] = {
        "client_id": "context.clientId",
        "campaign_id": "context.campaignId",
        "num_scenes": "advanced.numScenes",
        "assets": "creative.assets",
        "asset_ids": "creative.assets",
        "links": "creative.assets",
    }


class JobBody(NewBody, JobPaths):
    """A new job: the brief of an ad."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    title: Annotated[Title | None, Field(description="Left out, it is named after its product.")] = None
    context: ContextBody
    ad_basics: AdBasicsBody
    creative: CreativeBody
    advanced: AdvancedBody = AdvancedBody()

    def draft(self, key: str = "") -> JobDraft:
        """Return it as the service takes it; `key` names this very request."""
        basics, specs, look, more = self.ad_basics, self.creative.video_specs, self.creative.direction, self.advanced
        draft = JobDraft(
            key=key,
            title=self.title or "",
            client_id=self.context.client_id,
            campaign_id=self.context.campaign_id,
            product=basics.product,
            audience=basics.target_audience,
            key_message=basics.key_message,
            call_to_action=basics.call_to_action,
            style=look.style,
            tone=look.tone or "",
            music_style=look.music_style or "",
            language=more.language,
            ratio=specs.format,
            seconds=specs.duration,
            num_scenes=more.num_scenes,
            extra=_echoed(self.context.user_id, specs.resolution, more.model_preferences),
        )
        draft.visual_elements = look.visual_elements or []  # as they are: only what people type is split at commas
        return draft

    def wanted(self) -> list[Wanted]:
        """Return what the ad should show."""
        return [each.wanted() for each in self.creative.assets]


class JobQuery(Paged):
    """Which jobs are wanted."""

    client_id: Annotated[str, Field(max_length=100, description="Only those of this client.")] = ""
    campaign_id: Annotated[str, Field(max_length=100, description="Only those of this campaign.")] = ""
    status: Annotated[JobStatus | None, Field(description="Only those that stand here.")] = None
    approval: Annotated[Approval | None, Field(description="Only those with this decision last.")] = None
    archived: Annotated[
        Literal["true", "false", "both"], Field(description="Only those in the archive, only the others, or both.")
    ] = "false"
    search: Annotated[str, Field(max_length=200, description="Words of the title, the product or the client.")] = ""

    def filter(self) -> Filter:
        """Return it as the service takes it."""
        return Filter(
            client_id=self.client_id,
            campaign_id=self.campaign_id,
            status=self.status or "",
            approval=self.approval or "",
            archived={"true": True, "false": False}.get(self.archived),
            words=self.search,
        )


def _echoed(user_id: str | None, resolution: str | None, preferences: list[str] | None) -> dict[str, Any]:
    given = {"userId": user_id, "resolution": resolution, "modelPreferences": preferences}
    return {key: value for key, value in given.items() if value}
