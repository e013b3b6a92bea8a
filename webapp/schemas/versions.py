"""What may be asked of a version: to be kept under a name."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel

from webapp.schemas.texts import Typed


class VersionDraft(BaseModel):
    """A name for the board as it is: “Sent to client, round 2”."""

    name: Annotated[str, Typed(min_length=1, max_length=120)]
