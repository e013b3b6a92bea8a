"""What may be said in a comment: words, what they are about, a point in a picture."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, model_validator

from webapp.schemas import texts

LONGEST = 4000
"""Characters of one comment."""


def _no_blank(value: Any) -> Any:
    return None if value in ("", None) else value


def _number(value: Any) -> Any:
    """Take what no form of ours says for nothing: it is no field that a person fills."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _ticked(value: Any) -> Any:
    return False if value in ("", None) else value


Pin = Annotated[Annotated[int, Field(ge=0, le=1000)] | None, BeforeValidator(_no_blank)]


Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST), BeforeValidator(texts.words)
]


class CommentText(BaseModel):
    """The words of a comment, a reply or an answer."""

    text: Words
    after: Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(_number)] = None
    """The job's revision when the form was shown, so that a form sent twice counts once. None: not from a form."""


class CommentDraft(CommentText):
    """A new thread: about the whole board, a scene, or a point in its picture."""

    scene_id: Annotated[Annotated[str, Field(max_length=36)] | None, BeforeValidator(_no_blank)] = None
    """None: about the whole board."""
    pin_x: Pin = None
    """A point in the picture, in thousandths of its width from the left."""
    pin_y: Pin = None
    """In thousandths of its height from the top."""
    is_internal: Annotated[bool, BeforeValidator(_ticked)] = False
    """Only for the team."""

    @model_validator(mode="after")
    def _whole_pin(self) -> Self:
        if (self.pin_x is None) != (self.pin_y is None):
            raise ValueError("A pin needs both of its numbers. Set it again.")
        if self.pin_x is not None and self.scene_id is None:
            raise ValueError("A pin stands in the picture of a scene. Pick the scene.")
        return self
