"""What the world may send us about webhooks."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints

from webapp.schemas.web_links import one_link


class MessageType(StrEnum):
    """Name what a webhook can be told."""

    JOB_CREATED = "job.created"
    STORYBOARD_READY = "storyboard.ready"
    STORYBOARD_FAILED = "storyboard.failed"
    SCENE_REDONE = "scene.redone"
    COMMENT_CREATED = "comment.created"
    COMMENT_ANSWERED = "comment.answered"
    VERSION_SENT = "version.sent"
    DECISION_RECORDED = "decision.recorded"
    JOB_REOPENED = "job.reopened"
    ANIMATIC_READY = "animatic.ready"


def _kinds(value: Any) -> Any:
    """Take one or several; none means all."""
    several = [value] if isinstance(value, str) else value or []
    if not isinstance(several, list) or any(each not in set(MessageType) for each in several):
        raise ValueError("Pick some of the events.")
    return [each.value for each in MessageType if each in several]


def _address(value: str) -> str:
    if not value.isprintable() or "://" not in value:
        raise ValueError("Write the whole address, such as https://example.com/slate.")
    return value


Address = Annotated[
    str, StringConstraints(min_length=1, max_length=2000), BeforeValidator(one_link), AfterValidator(_address)
]


Kinds = Annotated[list[str], BeforeValidator(_kinds)]


class WebhookDraft(BaseModel):
    """Add a webhook, or fill in its form. Where it may lead is a rule of services.fetching."""

    url: Address
    kinds: Kinds = []


class WebhookChange(BaseModel):
    """Change a webhook: only the fields given are changed."""

    url: Address = ""
    kinds: Kinds = []
    is_active: bool = True
