"""What may be said about an API key: its name and how long it lasts."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from webapp.schemas.texts import Name


def _days(value: Any) -> Any:
    return None if value in ("", "0", 0) else value


class ApiKeyDraft(BaseModel):
    """A new key: what it is for, and how many days it works (None: until it is revoked)."""

    name: Name
    days: Annotated[Annotated[int, Field(ge=1, le=3650)] | None, BeforeValidator(_days)] = None
