"""What the world may send us about review links, and about the people who come through them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from webapp.models import Allows, utcnow
from webapp.schemas.people import Email
from webapp.schemas.texts import Name, at_most, lines, one_line

MOST_REVIEWERS = 50
"""Names on one link's list: more than ever review one ad, few enough to choose from."""
MIN_PASSWORD, MAX_PASSWORD = 6, 128
"""Six characters are enough here: a guesser needs the link's 256-bit address first and gets about a hundred tries a
day, and people say such a password over the phone."""
LONGEST = timedelta(days=5 * 365)
EMAIL = TypeAdapter(Email)
NAME = TypeAdapter(Name)


class Named(NamedTuple):
    """One line of a link's list; `email` is empty when there is none to check."""

    name: str
    email: str = ""


class Expiry(StrEnum):
    """Say when a link ends."""

    KEEP = "keep"
    """As it was, when a link is changed."""
    NEVER = "never"
    WEEK = "7"
    FORTNIGHT = "14"
    MONTH = "30"
    DATE = "date"


def _listed(line: str) -> Named:
    """Read “Maya Lund, maya@example.com”, “Maya Lund <maya@example.com>” or only a name."""
    match = re.fullmatch(r"(?P<name>[^@<>]*?)[\s,;<]*(?P<email>[^\s,;<>]*@[^\s,;<>]*)>?", line)
    name, email = (match["name"], match["email"]) if match else (line, "")
    try:
        return Named(NAME.validate_python(name), EMAIL.validate_python(email) if email else "")
    except ValidationError:
        raise ValueError(
            f"“{line[:60]}”: write a name, or a name and an e-mail address with a comma between."
        ) from None


def _list(found: list[str]) -> list[str]:
    """Check a list of reviewers, one a line: names are what people choose from, so each must be another."""
    names = [_listed(line).name.casefold() for line in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"“{twice}” stands there twice. Add something that tells them apart.")
    return found


def _password(value: Any) -> Any:
    if value and not MIN_PASSWORD <= len(value) <= MAX_PASSWORD:
        raise ValueError(f"From {MIN_PASSWORD} to {MAX_PASSWORD} characters.")
    return value


def _new_end(value: Expiry) -> Expiry:
    if value == Expiry.KEEP:
        raise ValueError("Pick one of the choices.")
    return value


def _date(value: Any) -> Any:
    return value or None


def _offset(value: Any) -> int:
    """Read the offset that a browser says; one that no place on earth has (-12 to +14 hours) is taken for UTC."""
    text = str(value).strip()
    minutes = int(text) if re.fullmatch(r"[+-]?[0-9]{1,3}", text) else 0
    return minutes if -12 * 60 <= minutes <= 14 * 60 else 0


LinkPassword = Annotated[
    str, StringConstraints(strip_whitespace=False, max_length=4 * MAX_PASSWORD), AfterValidator(_password)
]
"""Empty: none. Not stripped: spaces are part of a password."""
Reviewers = Annotated[
    list[str], BeforeValidator(lines), at_most(MOST_REVIEWERS, 400, "reviewers"), AfterValidator(_list)
]
EmptyOrEmail = Annotated[str, BeforeValidator(lambda value: one_line(value) and EMAIL.validate_python(value))]


class ReviewLinkDraft(BaseModel):
    """Make a review link."""

    name: Name
    allows: Allows = Allows.COMMENT
    who: Literal["anybody", "named"] = "anybody"
    reviewers: Annotated[Reviewers, Field(validate_default=True)] = []
    """One a line, a name and perhaps an e-mail address; only used when `who` is named."""
    asks_email: bool = False
    password: LinkPassword = ""
    expires: Annotated[Expiry, AfterValidator(_new_end)] = Expiry.NEVER
    utc_offset: Annotated[int, BeforeValidator(_offset)] = 0
    """Minutes that the maker's clock is ahead of UTC at the end of that day; 0 where the browser does not say."""
    expires_on: Annotated[date | None, BeforeValidator(_date), Field(validate_default=True)] = None

    @field_validator("reviewers")
    @classmethod
    def _somebody(cls, found: list[str], info: ValidationInfo) -> list[str]:
        if info.data.get("who") == "named" and not found:
            raise ValueError("Write the names of those who may come in, one a line.")
        return found

    @field_validator("expires_on")
    @classmethod
    def _day(cls, day: date | None, info: ValidationInfo) -> date | None:
        if info.data.get("expires") != Expiry.DATE:
            return None
        today = (utcnow() + timedelta(minutes=info.data.get("utc_offset", 0))).date()
        if day is None or not today <= day <= today + LONGEST:
            raise ValueError("Pick the last day: from today on, within five years.")
        return day

    @property
    def named(self) -> list[Named]:
        """Return the list of reviewers; empty when anybody may come."""
        return [_listed(line) for line in self.reviewers] if self.who == "named" else []

    def expires_at(self, now: datetime) -> datetime | None:
        """Return when the link ends: a number of days from `now`, or the end of the day chosen where it was made."""
        if self.expires == Expiry.DATE and self.expires_on:
            zone = timezone(timedelta(minutes=self.utc_offset))
            return datetime.combine(self.expires_on, time(23, 59, 59), zone).astimezone(UTC)
        return None if self.expires == Expiry.NEVER else now + timedelta(days=int(self.expires))


class ReviewLinkChange(ReviewLinkDraft):
    """Change a review link; an empty password leaves it as it is."""

    expires: Expiry = Expiry.KEEP
    no_password: bool = False

    def columns(self, now: datetime) -> dict[str, Any]:
        """Return what becomes of the link's columns, and its list as `people`: a form says all of it."""
        ends = {} if self.expires == Expiry.KEEP else {"expires_at": self.expires_at(now)}
        return {"name": self.name, "allows": self.allows, "asks_email": self.asks_email, "people": self.named} | ends


class ReviewLinkTerms(ReviewLinkDraft):
    """Make a review link as a program says it: people as such, an end to the second."""

    people: list[Named] = []
    """Who may come in; empty: anybody."""
    ends_at: datetime | None = None
    """None: never."""

    @property
    def named(self) -> list[Named]:
        """Return the list of reviewers; empty when anybody may come."""
        return self.people

    def expires_at(self, now: datetime) -> datetime | None:
        """Return when the link ends."""
        del now
        return self.ends_at


class ReviewLinkPart(BaseModel):
    """Change a review link as a program says it: only the fields given are changed."""

    name: Name = ""
    allows: Allows = Allows.COMMENT
    asks_email: bool = False
    people: list[Named] = []
    expires_at: datetime | None = None
    password: LinkPassword = ""
    no_password: bool = False

    def columns(self, now: datetime) -> dict[str, Any]:
        """Return what becomes of the link's columns, and its list as `people`."""
        del now
        return {name: getattr(self, name) for name in self.model_fields_set - {"password", "no_password"}}


class LinkPasswordTry(BaseModel):
    """Come in with a password."""

    password: Annotated[str, StringConstraints(min_length=1, max_length=4 * MAX_PASSWORD)]


class Introduction(BaseModel):
    """Say who one is; whether the e-mail is needed depends on the link."""

    name: Name
    email: EmptyOrEmail = ""


class Choice(BaseModel):
    """Say which of the named reviewers one is."""

    reviewer_id: Annotated[str, StringConstraints(min_length=1, max_length=36)]
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""
