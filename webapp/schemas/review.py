"""What a guest may send from the review page, apart from comments and decisions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=36)]


class VerdictDraft(BaseModel):
    """What somebody thinks of one scene of the version they look at."""

    version: Id
    scene_id: Id
    verdict: Literal["good", "changes", "none"]
    """none takes back what was said before."""
