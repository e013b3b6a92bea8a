"""Webhooks, as the API says and hears them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from webapp.models import DeliveryState
from webapp.schemas.webhooks import Address, MessageType, WebhookChange, WebhookDraft
from webapp.views.api.v3.resources.base import UUID, Body, Listed, NewBody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from webapp.models import Delivery, Webhook

Events = Annotated[
    Annotated[list[MessageType], Field(max_length=len(MessageType))],
    Listed,
    Field(description="What it is told of; []: everything."),
]


class WebhookResource(TypedDict):
    """An address that is told what happens."""

    id: UUID
    url: str
    events: Annotated[list[str], Field(description="What it is told of; []: everything.")]
    isActive: bool
    disabledAt: datetime | None
    waiting: Annotated[int, Field(description="Messages on their way.")]
    sent: Annotated[int, Field(description="Messages that arrived, of the last 30 days.")]
    failed: Annotated[int, Field(description="Messages that were given up, of the last 30 days.")]
    createdAt: datetime


class SecretWebhookResource(WebhookResource):
    """A webhook with its secret, which is said once."""

    secret: Annotated[
        str | None,
        Field(description="Signs its messages; said this once. Null in the repetition of an answer."),
    ]


class DeliveryResource(TypedDict):
    """A message to a webhook."""

    id: Annotated[UUID, Field(description="The message's `webhook-id`.")]
    event: Annotated[str, Field(examples=["decision.recorded"])]
    state: Literal["waiting", "sent", "failed"]
    attempts: int
    error: Annotated[str | None, Field(description="Why the last attempt failed.")]
    createdAt: datetime
    sentAt: datetime | None


class WebhookChangeBody(Body):
    """A change of a webhook: only the fields given are changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"events": ["decision.recorded"], "isActive": True}]})
    paths: ClassVar[dict[str, str]] = {"kinds": "events"}

    url: Address = ""
    events: Events = Field(default_factory=list)
    is_active: Annotated[bool, Field(description="Off: what waits is given up.")] = True

    def change(self) -> WebhookChange:
        """Return it as the service takes it."""
        given = self.model_dump(exclude_unset=True)
        return WebhookChange(**{"kinds" if name == "events" else name: value for name, value in given.items()})


class WebhookBody(NewBody):
    """A new webhook."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://hooks.example.com/slate", "events": ["version.sent", "decision.recorded"]}]
        }
    )
    paths: ClassVar[dict[str, str]] = {"kinds": "events"}

    url: Address
    events: Events = Field(default_factory=list)

    def draft(self) -> WebhookDraft:
        """Return it as the service takes it."""
        return WebhookDraft(url=self.url, kinds=[each.value for each in self.events])


def webhook(found: Webhook, counts: Mapping[str, int]) -> WebhookResource:
    """Say a webhook, never its secret; `counts` are its messages by state."""
    return {
        "id": found.id,
        "url": found.url,
        "events": found.kinds,
        "isActive": found.disabled_at is None,
        "disabledAt": found.disabled_at,
        "waiting": counts.get(DeliveryState.WAITING, 0),
        "sent": counts.get(DeliveryState.SENT, 0),
        "failed": counts.get(DeliveryState.FAILED, 0),
        "createdAt": found.created_at,
    }


def with_secret(found: Webhook, counts: Mapping[str, int]) -> SecretWebhookResource:
    """Say a webhook with its secret, this once."""
    return {**webhook(found, counts), "secret": found.secret}


def delivery(found: Delivery) -> DeliveryResource:
    """Say a message."""
    return {
        "id": found.id,
        "event": found.subject,
        "state": found.state,  # type: ignore[typeddict-item]
        "attempts": found.attempts,
        "error": found.error or None,
        "createdAt": found.created_at,
        "sentAt": found.sent_at,
    }
