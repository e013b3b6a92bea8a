"""What an admin says to end the record of a storyboard."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel

from webapp.schemas.texts import Typed


class PurgeDraft(BaseModel):
    """The storyboard's title, typed to be sure, and why its record ends: both stay on the list of purges."""

    title: Annotated[str, Typed(max_length=400)] = ""
    reason: Annotated[str, Typed(min_length=1, max_length=500)]
