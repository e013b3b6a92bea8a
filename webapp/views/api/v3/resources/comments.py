"""Comments, as the API says and hears them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator
from typing_extensions import TypedDict

from webapp.models import CommentState
from webapp.schemas.comments import CommentDraft, CommentText, Words
from webapp.services import comment_rights
from webapp.views.api.v3.resources.base import UUID, Body, NewBody, Paged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationInfo

    from webapp.models import Comment, User
    from webapp.services.threads import Thread

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Pin(TypedDict):
    """A point in the picture of a scene."""

    x: Annotated[float, Field(description="From the left, 0 to 1.")]
    y: Annotated[float, Field(description="From the top, 0 to 1.")]


class Author(TypedDict):
    """Who wrote a comment, by name at the time."""

    name: str
    isGuest: Annotated[bool, Field(description="Came through a review link.")]
    email: Annotated[str | None, Field(description="Of a guest, for the team only.")]


class ReplyResource(TypedDict):
    """What somebody said in a thread."""

    id: UUID
    jobId: UUID
    parentId: Annotated[str | None, Field(description="The comment it replies to; null: it began a thread.")]
    text: Annotated[str | None, Field(description="Null: its author took it back.")]
    author: Author
    isInternal: Annotated[bool, Field(description="Only for the team.")]
    createdAt: datetime
    editedAt: datetime | None
    deletedAt: datetime | None


class CommentResource(ReplyResource):
    """A comment that began a thread, with its replies, oldest first."""

    sceneId: Annotated[str | None, Field(description="Null: about the whole board.")]
    sceneNumber: Annotated[int | None, Field(description="Null: the whole board, or a scene deleted since.")]
    pin: Pin | None
    pinName: Annotated[str | None, Field(description="What the pin is called on the board.", examples=["2"])]
    state: Literal["open", "answered", "closed"]
    take: Annotated[int | None, Field(description="The take its author was looking at.")]
    version: Annotated[int | None, Field(description="The sent version its author was looking at; null for the team.")]
    answeredTake: Annotated[int | None, Field(description="The take that answers it; null: by hand, or not yet.")]
    answeredBy: str | None
    answeredAt: datetime | None
    replies: list[ReplyResource]


class CommentQuery(Paged):
    """Which threads are wanted."""

    state: Annotated[CommentState | None, Field(description="Only those that are open, answered or closed.")] = None
    scene: Annotated[
        str | None, Field(max_length=36, description="The id of a scene; `board` for the whole board.")
    ] = None


class PinBody(Body):
    """A point in the picture of a scene."""

    x: Fraction
    y: Fraction


class CommentTextBody(Body):
    """Words: of a reply, of an answer, or corrected ones."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Held for twelve frames more."}]})

    text: Words

    def words(self) -> CommentText:
        """Return them as the service takes them."""
        return CommentText(text=self.text)


class CommentBody(NewBody, CommentTextBody):
    """A new thread: about the whole board, a scene, or a point in its picture."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "The logo is missing here.", "isInternal": False}]}
    )

    scene_id: Annotated[Annotated[str, Field(min_length=1, max_length=36)] | None, Field(description="An id.")] = None
    pin: Annotated[PinBody | None, Field(validate_default=True)] = None
    is_internal: Annotated[bool, Field(description="Only for the team, who alone may write so.")] = False

    @field_validator("pin")
    @classmethod
    def _in_a_scene(cls, pin: PinBody | None, info: ValidationInfo) -> PinBody | None:
        if pin is not None and info.data.get("scene_id") is None:
            raise ValueError("A pin stands in the picture of a scene. Name the scene.")
        return pin

    def draft(self) -> CommentDraft:
        """Return it as the service takes it: a pin in thousandths."""
        pin = {"pin_x": round(self.pin.x * 1000), "pin_y": round(self.pin.y * 1000)} if self.pin else {}
        return CommentDraft(text=self.text, scene_id=self.scene_id, is_internal=self.is_internal, **pin)


def comment(
    who: User, found: Thread, scenes: Mapping[str | None, int], versions: Mapping[str | None, int]
) -> CommentResource:
    """Say a thread to somebody; `scenes` and `versions` are their numbers by id."""
    root = found.comment
    pin: Pin | None = None
    if root.pin_x is not None and root.pin_y is not None:
        pin = {"x": root.pin_x / 1000, "y": root.pin_y / 1000}
    return {
        **reply(who, root),
        "sceneId": root.scene_id,
        "sceneNumber": scenes.get(root.scene_id),
        "pin": pin,
        "pinName": found.pin or None,
        "state": root.state,  # type: ignore[typeddict-item]
        "take": found.take_number,
        "version": versions.get(root.version_id),
        "answeredTake": found.answered_take_number,
        "answeredBy": root.answered_by or None,
        "answeredAt": root.answered_at,
        "replies": [reply(who, each) for each in found.replies],
    }


def reply(who: User, found: Comment) -> ReplyResource:
    """Say one message of a thread to somebody."""
    guest: Any = found.reviewer if found.reviewer_id else None
    return {
        "id": found.id,
        "jobId": found.job_id,
        "parentId": found.parent_id,
        "text": None if found.deleted_at else found.text,
        "author": {
            "name": found.author,
            "isGuest": found.reviewer_id is not None,
            "email": (guest.email or None) if guest and comment_rights.sees_internal(who) else None,
        },
        "isInternal": found.is_internal,
        "createdAt": found.created_at,
        "editedAt": None if found.deleted_at else found.edited_at,
        "deletedAt": found.deleted_at,
    }
