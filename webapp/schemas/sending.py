"""What may be said when a storyboard is sent for review."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, StringConstraints

from webapp.schemas.texts import ShortText, one_line


class SendDraft(BaseModel):
    """A version to send: its name, words to the reviewers, whose approval it needs."""

    name: Annotated[str, StringConstraints(max_length=120), BeforeValidator(one_line)] = ""
    note: ShortText = ""
    approval_rule: Literal["any", "all"] = "any"
    seen: Annotated[str, StringConstraints(max_length=64)] = ""
    """The hash of the storyboard the person looked at; empty skips the check."""
