"""What webhooks are told, field by field: messages are built as these, and the API's document is written from them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, NotRequired

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from webapp.models import Approval, DecisionKind, JobStatus


def _one_of(words: type[StrEnum]) -> Any:
    """Say which words a text may be; rows keep them as plain texts."""
    return WithJsonSchema({"type": "string", "enum": [word.value for word in words]})


class AboutJob(TypedDict):
    """The job as it stood when it happened."""

    id: str
    title: str
    status: Annotated[str, _one_of(JobStatus)]
    approval: Annotated[str, _one_of(Approval)]
    clientId: str
    campaignId: str | None
    url: Annotated[str | None, Field(description="Its page; null as long as PUBLIC_URL is not set.")]


class AboutScene(TypedDict):
    """The scene it is about."""

    id: str
    number: Annotated[int, Field(description="Counts from 1.")]


class AboutComment(TypedDict):
    """The comment it is about; its words may be taken back and are not told."""

    id: str


class AboutNumber(TypedDict):
    """The take, or the version that was sent, by its number."""

    number: int


class AboutDecision(TypedDict):
    """What was decided about exactly which words; only the id where it is gone."""

    id: str
    kind: NotRequired[Annotated[str, _one_of(DecisionKind)]]
    reason: NotRequired[str]
    decidedBy: NotRequired[str]
    contentHash: NotRequired[Annotated[str, Field(description="SHA-256 of the storyboard as it was decided on.")]]


class About(TypedDict):
    """What happened, who did it and to what."""

    text: Annotated[str, Field(description="One sentence without its subject, such as: approved the storyboard (v3).")]
    actor: Annotated[str | None, Field(description="Who did it; null when Slate did it by itself.")]
    job: AboutJob
    scene: NotRequired[AboutScene]
    comment: NotRequired[AboutComment]
    take: NotRequired[AboutNumber]
    version: NotRequired[AboutNumber]
    decision: NotRequired[AboutDecision]


class TestAbout(TypedDict):
    """Nothing but who pressed the button."""

    text: str
