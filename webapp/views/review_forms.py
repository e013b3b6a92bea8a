"""What guests type into the forms of the review page: read, kept when it comes back, a pin placed in a picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import request

from webapp.errors import Invalid
from webapp.schemas.review_links import Introduction
from webapp.views.forms import parse

if TYPE_CHECKING:
    from pydantic import BaseModel

    from webapp.models import Reviewer

PARTS = ("170", "500", "830")
"""Left, centre and right (top, middle and bottom) of a picture, in thousandths."""


@dataclass
class Typed:
    """What was typed into one of the page's forms and is not kept yet."""

    target: str
    """Which form: new, reply-<comment id>, edit-<comment id>, verdict, decision."""
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ""
    is_open: bool = False
    """It was sent and came back."""


def typed(target: str, *names: str) -> Typed:
    """Read the fields of a form that was sent; what is missing is empty."""
    return Typed(target, {name: request.form.get(name, "") for name in names})


def renamed(what: Typed, target: str) -> Typed:
    """Return what was typed as another form of the page keeps it."""
    return Typed(target, what.values, what.errors, is_open=True)


def pinned(what: Typed, act: str) -> Typed:
    """Return a comment with the pin that was just placed: by a click on the picture, or by a part of it.

    A click that the keyboard made has no place: it says 0, 0.
    """
    what.is_open = True
    if act in ("unpin", "placed"):
        x, y = _clicked() or _part()
        what.values |= {"pin_x": x, "pin_y": y}
    return what


def check(reviewer: Reviewer, what: Typed, schema: type[BaseModel]) -> None:
    """Check words and introduction together, so that everything that is wrong is said at once.

    Raises:
        Invalid: with the fields of both.
    """
    wrong: dict[str, str] = {}
    for each in (schema,) if reviewer.is_known else (schema, Introduction):
        try:
            parse(each, what.values)
        except Invalid as refusal:
            wrong |= refusal.fields
    if not reviewer.is_known and reviewer.link.asks_email and not what.values.get("email", "").strip():
        wrong["email"] = "Please give your e-mail address: this link asks for it."
    if wrong:
        raise Invalid(fields=wrong)


def _clicked() -> tuple[str, str] | None:
    """Return where the picture was clicked, in thousandths; None for no click."""
    spot = [request.form.get(name, 0, type=int) for name in ("pin.x", "pin.y", "pin_width", "pin_height")]
    x, y, width, height = spot
    if (x, y) == (0, 0) or width <= 0 or height <= 0:
        return None
    return str(min(1000, max(0, 1000 * x // width))), str(min(1000, max(0, 1000 * y // height)))


def _part() -> tuple[str, str]:
    x, _, y = request.form.get("place", "").partition(",")
    return (x, y) if x in PARTS and y in PARTS else ("", "")
