"""Changes of a job's brief, as the API hears them: only what is given is changed, null clears what can be empty."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from webapp.schemas.jobs import Call, JobChange, Language, Ratio, Text
from webapp.services.commissions import Wanted
from webapp.views.api.v3.resources.base import Body
from webapp.views.api.v3.resources.job_bodies import (
    ECHOED,
    Assets,
    Elements,
    JobPaths,
    Preferences,
    Resolution,
    Seconds,
    Style,
    Title,
    UserId,
    Words,
)


class ContextChangeBody(Body):
    """Whom the ad is for: a job stays with its client and campaign."""

    user_id: Annotated[UserId | None, Field(description=ECHOED)] = None


class AdBasicsChangeBody(Body):
    """What the ad has to say."""

    product: Text = ""
    target_audience: Text = ""
    key_message: Text = ""
    call_to_action: Call = ""


class VideoSpecsChangeBody(Body):
    """How long it is, and its format: not while scenes are being written."""

    duration: Seconds = 30
    format: Ratio = "16:9"
    resolution: Annotated[Resolution | None, Field(description=ECHOED)] = None


class DirectionChangeBody(Body):
    """How it looks and sounds."""

    style: Style = ""
    tone: Words | None = None
    visual_elements: Elements | None = None
    music_style: Words | None = None


class CreativeChangeBody(Body):
    """What it looks like."""

    video_specs: VideoSpecsChangeBody | None = None
    direction: DirectionChangeBody | None = None
    assets: Annotated[Assets | None, Field(description="Exactly these; scenes keep what they show.")] = None


class AdvancedChangeBody(Body):
    """What most leave to Slate."""

    language: Language = "en"
    model_preferences: Annotated[Preferences | None, Field(description=ECHOED)] = None


class JobChangeBody(JobPaths):
    """A change of a job's brief."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"adBasics": {"callToAction": "Taste it today"}, "creative": {"direction": {"tone": None}}}]
        }
    )

    title: Title = ""
    context: ContextChangeBody | None = None
    ad_basics: AdBasicsChangeBody | None = None
    creative: CreativeChangeBody | None = None
    advanced: AdvancedChangeBody | None = None

    def change(self) -> JobChange:
        """Return it as the service takes it."""
        creative = self.creative or CreativeChangeBody()
        basics = _given(self.ad_basics) | ({"title": self.title} if "title" in self.model_fields_set else {})
        if "target_audience" in basics:
            basics["audience"] = basics.pop("target_audience")
        specs, look, more = _given(creative.video_specs), _given(creative.direction), _given(self.advanced)
        named = {"duration": "seconds", "format": "ratio"}
        basics |= {inside: specs.pop(name) for name, inside in named.items() if name in specs}
        extra = _echoed(_given(self.context) | specs | {name: more.pop(name) for name in list(more) if name in ECHO})
        elements = look.pop("visual_elements", None) or [] if "visual_elements" in look else None
        change = JobChange.model_validate(basics | {name: value or "" for name, value in look.items()} | more | extra)
        if elements is not None:
            change.visual_elements = elements
        return change

    def wanted(self) -> list[Wanted] | None:
        """Return what the ad should show now; None leaves it as it is."""
        if self.creative is None or "assets" not in self.creative.model_fields_set:
            return None
        return [each.wanted() for each in self.creative.assets or []]


ECHO = {"user_id": "userId", "resolution": "resolution", "model_preferences": "modelPreferences"}
"""Fields that are only kept, and the name they have in `Job.extra`."""


def _given(body: Body | None) -> dict[str, Any]:
    return {name: getattr(body, name) for name in body.model_fields_set} if body else {}


def _echoed(given: dict[str, Any]) -> dict[str, Any]:
    return {"extra": {ECHO[name]: value or None for name, value in given.items()}} if given else {}
