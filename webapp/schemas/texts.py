"""Kinds of text people type: one line, many lines, web addresses, colours. Control characters are dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from webapp.schemas.web_links import one_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotated_types import BaseMetadata

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of whatever follows them, the page's own words as well."""
UNSEEN = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)
"""Signs that show nothing by themselves: a text of nothing else says nothing."""
SHOWN = 40
"""How much of a wrong value a sentence quotes."""


def clean(value: Any) -> Any:
    """Drop control characters and carriage returns (browsers send CRLF); nothing at all becomes an empty text."""
    if value is None:
        return ""
    return CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(value, str) else value


def without_controls(value: Any) -> Any:
    """Drop control characters from the texts and names of a JSON value, however deep; line ends stay as they are."""
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, list):
        return [without_controls(each) for each in value]
    if isinstance(value, dict):
        return {without_controls(name): without_controls(each) for name, each in value.items()}
    return value


def one_line(value: Any) -> Any:
    """Clean a text and make it one line."""
    value = clean(value)
    return " ".join(value.split()) if isinstance(value, str) else value


def words(value: Any) -> Any:
    """Clean what stands beside the page's own words: nothing turns their direction, nothing to see is nothing."""
    value = clean(value)
    if not isinstance(value, str):
        return value
    value = DIRECTION.sub("", value)
    return "" if UNSEEN.fullmatch(value) else value


def name(value: Any) -> Any:
    """Clean a name that stands beside what somebody says or decides: one line, and something to see in it."""
    return one_line(words(value))


def lines(value: Any) -> Any:
    """Split texts at their line breaks into one list, without blanks and repetitions."""
    if value is None:
        return []
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("Write one a line.")
    found = (" ".join(line.split()) for part in parts for line in clean(part).split("\n"))
    return list(dict.fromkeys(line for line in found if line))


def at_most(most: int, longest: int, noun: str) -> Any:
    """Make a validator for a list of at most `most` texts of at most `longest` characters each."""

    def check(found: list[str]) -> list[str]:
        if len(found) > most:
            raise ValueError(f"At most {most} {noun}; these are {len(found)}.")
        for each in found:
            if len(each) > longest:
                raise ValueError(f"“{each[:SHOWN]}…” is too long: at most {longest} characters each.")
        return found

    return AfterValidator(check)


def web_address(value: str) -> str:
    """Accept an http or https URL with a host, or nothing; a bare domain gets https."""
    if not value:
        return ""
    if "://" not in value and re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#].*)?", value):
        value = f"https://{value}"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or any(sign.isspace() for sign in value):
        raise ValueError("Write a web address, for example https://www.example.com.")
    return value


def hex_colors(found: list[str]) -> list[str]:
    """Accept colours as hex, with or without #, short or long; return them like #1f7a63."""
    if len(found) > 8:
        raise ValueError(f"At most 8 colours; these are {len(found)}.")
    return list(dict.fromkeys(_hex(each) for each in found))


def _hex(value: str) -> str:
    match = HEX.fullmatch(value.lower())
    if match is None:
        raise ValueError(f"“{value[:SHOWN]}” is not a hex colour. Write it as #rrggbb, for example #1a4d5c.")
    digits = match[1]
    return "#" + ("".join(2 * each for each in digits) if len(digits) == 3 else digits)


@dataclass(frozen=True)
class Typed(StringConstraints):
    """Say that a text was typed by somebody: it is cleaned and stripped before its length is checked."""

    strip_whitespace: bool | None = True

    def __iter__(self) -> Iterator[BaseMetadata]:
        yield from super().__iter__()
        yield cast("BaseMetadata", BeforeValidator(clean))


# pydantic reads these from the inside out: cleaned before the length is checked
Name = Annotated[str, StringConstraints(min_length=1, max_length=120), BeforeValidator(name)]
ShortText = Annotated[str, Typed(max_length=2000)]
LongText = Annotated[str, Typed(max_length=10_000)]
WebAddress = Annotated[str, StringConstraints(max_length=2000), BeforeValidator(one_link), AfterValidator(web_address)]
Colors = Annotated[list[str], BeforeValidator(lines), AfterValidator(hex_colors)]
