"""What people may decide about a storyboard."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, field_validator

from webapp.schemas import texts

Signature = Annotated[str, StringConstraints(max_length=120), BeforeValidator(texts.name)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), BeforeValidator(texts.words)]


class DecisionDraft(BaseModel):
    """A decision about the storyboard as somebody saw it."""

    kind: Literal["approve", "request_changes", "reject"]
    reason: Reason = ""
    seen: Annotated[str, StringConstraints(max_length=64)] = ""
    """The content hash of what the person was looking at; empty: a program that names no version."""
    signature: Signature = ""
    """The name as it was typed under an approval, by somebody without an account."""


class FormDecision(DecisionDraft):
    """A decision typed into a page, which always knows what it showed."""

    seen: Annotated[str, StringConstraints(max_length=64), Field(validate_default=True)] = ""

    @field_validator("seen")
    @classmethod
    def _must_say_what_was_seen(cls, seen: str) -> str:
        if not seen:
            raise ValueError(
                "The form did not say which storyboard it showed. Look at it as it is now, then send again."
            )
        return seen
