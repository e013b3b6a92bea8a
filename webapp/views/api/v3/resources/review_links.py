"""Review links, as the API says and hears them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, field_validator
from typing_extensions import TypedDict

from webapp.models import Allows, utcnow
from webapp.schemas.review_links import (
    LONGEST,
    MOST_REVIEWERS,
    EmptyOrEmail,
    LinkPassword,
    Named,
    ReviewLinkPart,
    ReviewLinkTerms,
)
from webapp.schemas.texts import Name
from webapp.views.api.v3.resources.base import UUID, Body, Listed, NewBody

if TYPE_CHECKING:
    from pydantic import ValidationInfo

    from webapp.models import Reviewer
    from webapp.services.review_links import Listed as ListedLink

Token = Annotated[str | None, Field(description="What stands in the address; said this once.")]
Url = Annotated[
    str | None,
    Field(
        description="Its address, said this once: Slate keeps only a hash. Null in the repetition of an answer.",
        examples=["https://slate.example/r/Zk1v…"],
    ),
]


class ReviewerResource(TypedDict):
    """Somebody on a link's list, or who came through it and said a name."""

    id: UUID
    name: str
    email: str | None
    isNamed: Annotated[bool, Field(description="On the list of those who may come in.")]
    isMember: Annotated[bool, Field(description="Somebody of the team, who looked how it looks.")]
    lastSeenAt: Annotated[datetime | None, Field(description="Null: never came.")]


class ReviewLinkResource(TypedDict):
    """A link that shows somebody without an account what was sent last."""

    id: UUID
    jobId: UUID
    name: Annotated[str, Field(description="Who it is for.", examples=["Fjell, marketing"])]
    allows: Annotated[Literal["view", "comment", "decide"], Field(description="Each includes the one before.")]
    state: Literal["active", "expired", "revoked"]
    namedOnly: Annotated[bool, Field(description="Only those on its list may come in.")]
    reviewers: list[ReviewerResource]
    namelessVisitors: Annotated[int, Field(description="How many more looked and gave no name.")]
    asksEmail: bool
    hasPassword: bool
    expiresAt: Annotated[datetime | None, Field(description="Null: never.")]
    revokedAt: datetime | None
    openedAt: Annotated[datetime | None, Field(description="When somebody last came in; null: nobody ever did.")]
    createdAt: datetime


class AddressedReviewLinkResource(ReviewLinkResource):
    """A review link with its address, which is said once."""

    url: Url
    token: Token


def _once_each(found: list[ReviewerBody]) -> list[ReviewerBody]:
    names = [each.name.casefold() for each in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"“{twice}” stands there twice. Add something that tells them apart.")
    return found


class ReviewerBody(Body):
    """Somebody who may come in; with an e-mail address, it is asked for at the door."""

    name: Name
    email: EmptyOrEmail | None = None


Reviewers = Annotated[
    Annotated[list[ReviewerBody], Field(max_length=MOST_REVIEWERS), AfterValidator(_once_each)] | None, Listed
]


class ReviewLinkChangeBody(Body):
    """A change of a review link: only the fields given are changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"allows": "decide", "days": 14, "password": None}]})

    name: Name = ""
    allows: Allows = Allows.COMMENT
    reviewers: Annotated[Reviewers, Field(description="Only they may come in; null or []: anybody.")] = None
    asks_email: bool = False
    password: Annotated[
        LinkPassword | None,
        Field(description="6 to 128 characters; null or empty: none. Another one sends everybody back to the door."),
    ] = None
    expires_at: Annotated[AwareDatetime | None, Field(description="Within five years; null: never.")] = None
    days: Annotated[
        Annotated[int, Field(ge=1, le=LONGEST.days)] | None,
        Field(description="In place of expiresAt: how many days from now it works."),
    ] = None

    paths: ClassVar[dict[str, str]] = {"ends_at": "expiresAt", "people": "reviewers"}

    @field_validator("expires_at")
    @classmethod
    def _ahead(cls, moment: datetime | None) -> datetime | None:
        now = utcnow()
        if moment is not None and not now < moment <= now + LONGEST:
            raise ValueError("Pick a moment from now on, within five years.")
        return moment and moment.astimezone(UTC)  # as every answer says times, this one's as well

    @field_validator("days")
    @classmethod
    def _one_end(cls, days: int | None, info: ValidationInfo) -> int | None:
        if days is not None and info.data.get("expires_at") is not None:
            raise ValueError("Say either expiresAt or days.")
        return days

    def change(self) -> ReviewLinkPart:
        """Return it as the service takes it."""
        given = self._given()
        return ReviewLinkPart(**{"expires_at" if name == "ends_at" else name: given[name] for name in given})

    def _given(self) -> dict[str, Any]:
        given = self.model_dump(include=self.model_fields_set & {"name", "allows", "asks_email"})
        if "reviewers" in self.model_fields_set:
            given["people"] = [Named(each.name, each.email or "") for each in self.reviewers or ()]
        if "password" in self.model_fields_set:
            given |= {"password": self.password or "", "no_password": not self.password}
        if {"expires_at", "days"} & self.model_fields_set:
            given["ends_at"] = utcnow() + timedelta(days=self.days) if self.days else self.expires_at
        return given


class ReviewLinkBody(NewBody, ReviewLinkChangeBody):
    """A new review link."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Fjell, marketing",
                    "allows": "decide",
                    "reviewers": [{"name": "Maya Lund", "email": "maya@fjell.example"}, {"name": "Legal"}],
                    "days": 14,
                }
            ]
        }
    )

    name: Name

    def draft(self) -> ReviewLinkTerms:
        """Return it as the service takes it."""
        return ReviewLinkTerms(**self._given())


def review_link(found: ListedLink) -> ReviewLinkResource:
    """Say a review link, never its address, its token or its password."""
    link = found.link
    return {
        "id": link.id,
        "jobId": link.job_id,
        "name": link.name,
        "allows": link.allows,  # type: ignore[typeddict-item]
        "state": link.state,  # type: ignore[typeddict-item]
        "namedOnly": link.named_only,
        "reviewers": [_reviewer(each) for each in found.people],
        "namelessVisitors": found.nameless,
        "asksEmail": link.asks_email,
        "hasPassword": link.password_hash is not None,
        "expiresAt": link.expires_at,
        "revokedAt": link.revoked_at,
        "openedAt": link.opened_at,
        "createdAt": link.created_at,
    }


def addressed(found: ListedLink, url: str, token: str) -> AddressedReviewLinkResource:
    """Say a review link with its address, this once."""
    return {**review_link(found), "url": url, "token": token}


def _reviewer(found: Reviewer) -> ReviewerResource:
    return {
        "id": found.id,
        "name": found.name,
        "email": found.email or None,
        "isNamed": found.is_named,
        "isMember": found.user_id is not None,
        "lastSeenAt": found.last_seen_at,
    }
