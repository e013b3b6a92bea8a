"""What people may decide about a storyboard."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, StringConstraints

from webapp.schemas import texts

Signature = Annotated[str, StringConstraints(max_length=120), BeforeValidator(texts.name)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), BeforeValidator(texts.words)]


class DecisionDraft(BaseModel):
    """A decision about the storyboard as somebody saw it."""

    kind: Literal["approve", "request_changes", "reject"]
    reason: Reason = ""
    seen: Annotated[str, StringConstraints(max_length=64)] = ""
    """The content hash of what the person was looking at; empty skips the check."""
    signature: Signature = ""
    """The name as it was typed under an approval, by somebody without an account."""
