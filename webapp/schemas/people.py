"""What the world may send us about people."""

from __future__ import annotations

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, StringConstraints

from webapp.models import Role
from webapp.schemas.texts import Name


def _email(value: str) -> str:
    """Check the shape only; whether it exists shows when the person signs in.

    A house may have names of its own (ada@intranet), so nothing is asked of the domain but that it can be one.
    """
    try:
        found = validate_email(value, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise ValueError("An e-mail address looks like name@example.com.") from None
    return found.normalized.lower()


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=254),
    AfterValidator(_email),
]
PersonName = Name
Password = Annotated[str, StringConstraints(min_length=1)]
"""Not stripped: spaces are part of a password. How good it must be is a rule of services.passwords."""


class Credentials(BaseModel):
    """Sign in."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    password: Password


class FirstAdmin(BaseModel):
    """Set Slate up."""

    name: PersonName
    email: Email
    password: Password


class Joining(BaseModel):
    """Accept an invitation."""

    name: PersonName
    password: Password


class Erasure(BaseModel):
    """Erase a person: their address, typed to confirm."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254)] = ""


class NewPassword(BaseModel):
    """Set a new password by a link."""

    password: Password


class PasswordChange(BaseModel):
    """Change one's own password; `current` is empty for somebody who never had one."""

    current: str = ""
    password: Password


class NameChange(BaseModel):
    """Change one's own name."""

    name: PersonName


class MailWish(BaseModel):
    """Say whether one wants the inbox by mail too; a box that is not ticked is not sent."""

    wants_mail: bool = False


class Invitation(BaseModel):
    """Invite somebody; `by_mail` also sends them the link."""

    email: Email
    name: PersonName
    role: Role = Role.EDITOR
    by_mail: bool = False


class RoleChange(BaseModel):
    """Change what somebody may do."""

    role: Role
