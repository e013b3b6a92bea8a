"""What may be asked of a version: to be kept under a name."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, StringConstraints

from webapp.schemas.texts import clean


class VersionDraft(BaseModel):
    """A name for the board as it is: “Sent to client, round 2”."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), BeforeValidator(clean)]
