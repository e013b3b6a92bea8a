"""What may be said about a campaign: a new one, changes to one."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from webapp.models import CampaignStatus
from webapp.schemas.texts import LongText, Name, ShortText, WebAddress


def _status(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


class CampaignDraft(BaseModel):
    """A new campaign; `brief` is its brief as plain text."""

    name: Name
    goal: ShortText = ""
    status: Annotated[CampaignStatus, BeforeValidator(_status)] = CampaignStatus.DRAFT
    product_url: WebAddress = ""
    brief: LongText = ""
    brief_fields: dict[str, Any] = {}
    """Free-form fields of the brief beside its text, as old API clients send them."""
    extra: dict[str, Any] = {}


class CampaignChange(CampaignDraft):
    """A change of a campaign: only the fields given are changed."""

    name: Name = ""
