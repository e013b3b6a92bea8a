"""The client's rule book, looked up in a text: forbidden words, the required disclaimer, the spelling of names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from webapp.services.words import fold
from webapp.services.writers.builtin.restrictions import Forbidden, phrases_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

AROUND = 32
"""Characters of the text that are quoted before and after a place."""
MOST = 20
"""So many places of a text are pointed out at most."""
_NEARLY = 0.7
"""So much of a disclaimer's words in one text is an attempt at it."""
_TOKEN = re.compile(r"\S+")
_HASHTAG = re.compile(r"#\w+")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?:[/?:#’'].*)?")
_EDGES = ".,;:!?()[]{}<>\"'“”„«»‘’…-–—*_"
_LONGEST_TORN = 30
"""A longer single word is looked for in one piece only."""
_BETWEEN = r"[\s\-‐‑–—_·’']{0,2}"
_PIECE = 3
"""A name that is one word may be torn only into pieces of so many letters: Face book, not I ron."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a text: the words before it, the words themselves, the words after it."""

    before: str
    found: str
    after: str
    rule: str
    """The restriction that forbids it, or the spelling that is right."""


def forbidden(text: str, restrictions: Sequence[str]) -> tuple[Place, ...]:
    """Return every place where a text says what the client never says, each with the rule that forbids it."""
    return _forbidden(text, tuple(restrictions))


def misspelt(text: str, names: Sequence[str]) -> tuple[Place, ...]:
    """Return every place where a name has other capitals, spaces, hyphens or accents than it must have.

    Each of `names` is right wherever it stands exactly so. Web and mail addresses and hashtags are left alone.
    """
    return _misspelt(text, tuple(names))


def has_disclaimer(text: str, disclaimer: str) -> bool:
    """Say whether a text holds a disclaimer word for word; capitals, spaces and signs do not matter."""
    return _bare(disclaimer) in _bare(text)


def is_nearly(text: str, disclaimer: str) -> bool:
    """Say whether a text looks like the disclaimer with some of its words changed."""
    wanted = set(_bare(disclaimer).split())
    return len(wanted) > 1 and len(wanted & set(_bare(text).split())) >= _NEARLY * len(wanted)


@lru_cache(maxsize=2048)
def _forbidden(text: str, restrictions: tuple[str, ...]) -> tuple[Place, ...]:
    text = unicodedata.normalize("NFC", text)
    plain = text.replace("’", "'").lower()
    found: dict[tuple[int, int], str] = {}
    for restriction in restrictions:
        # looking for the first letters of a rule is a hundred times quicker than looking for all its forms
        if any(start in plain for start in _starts(restriction)):
            found |= {place: restriction for place in _rule(restriction).places(text) if place not in found}
    return tuple(_place(text, *each, found[each]) for each in _outer(found)[:MOST])


@lru_cache(maxsize=1024)
def _rule(restriction: str) -> Forbidden:
    return Forbidden([restriction])


@lru_cache(maxsize=1024)
def _starts(restriction: str) -> tuple[str, ...]:
    """Return what every form of a rule's first words begins with."""
    first = (re.search(r"[\w']+", unicodedata.normalize("NFC", phrase)) for phrase in phrases_of(restriction))
    words = (match[0].replace("’", "'").lower() for match in first if match)
    return tuple(word[:-1] if len(word) > 2 else word for word in words)


def _outer(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places that stand in no other one, in order."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(places, key=lambda each: (each[0], -each[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


@lru_cache(maxsize=2048)
def _misspelt(text: str, names: tuple[str, ...]) -> tuple[Place, ...]:
    text = unicodedata.normalize("NFC", text)
    folded = _TOKEN.sub(lambda match: _unless_address(match[0]), fold(text))
    right = set(map(_written, names))
    taken: list[tuple[int, int]] = []
    wrong = []
    for name in sorted(names, key=lambda each: -len(_letters(each))):  # the whole name before a part of it
        pattern = _spellings(name)
        for match in pattern.finditer(folded) if pattern else ():
            span = match.span()
            if any(start < span[1] and span[0] < end for start, end in taken):
                continue
            taken.append(span)
            if _written(text[slice(*span)]) not in right:
                wrong.append((*span, name))
    return tuple(_place(text, *each) for each in sorted(wrong)[:MOST])


def _unless_address(token: str) -> str:
    """Return a token, as many spaces where it is a web or mail address; its hashtags always as spaces."""
    if "://" in token or "@" in token or _DOMAIN.fullmatch(token.strip(_EDGES)):
        return " " * len(token)
    return _HASHTAG.sub(lambda match: " " * len(match[0]), token)


@lru_cache(maxsize=1024)
def _spellings(name: str) -> re.Pattern[str] | None:
    """Return a pattern for every way to write the letters of a name in one go; None for a name without letters."""
    letters = _letters(name)
    if len(letters) < 2:
        return None
    breaks = _breaks(name)
    if not breaks:  # a single word: it may have been torn into two
        last = len(letters) - _PIECE if len(letters) <= _LONGEST_TORN else 0
        torn = (f"{letters[:i]}{_BETWEEN}{letters[i:]}" for i in range(_PIECE, last + 1))
        return re.compile(rf"(?<!\w)(?:{'|'.join((letters, *torn))})(?!\w)")
    between = "".join(_BETWEEN + letter if i in breaks else letter for i, letter in enumerate(letters))
    return re.compile(rf"(?<!\w){between}(?!\w)")


def _written(name: str) -> str:
    """Return a name as it is compared: line ends are spaces, all apostrophes are one."""
    return " ".join(unicodedata.normalize("NFC", name).replace("’", "'").split())


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, fold(unicodedata.normalize("NFC", name))))


def _breaks(name: str) -> set[int]:
    """Return where a name has, or could be taken to have, a new word: Coca-Cola → {4}, iPhone → {1}."""
    found: set[int] = set()
    number, before = 0, ""
    for sign in unicodedata.normalize("NFC", name):
        if sign.isalnum():
            new = not before.isalnum() or (sign.isupper() and before.islower()) or sign.isdigit() != before.isdigit()
            if before and new:
                found.add(number)
            number += 1
        before = sign
    return found - {0}


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(unicodedata.normalize("NFC", text))))


def _place(text: str, start: int, end: int, rule: str) -> Place:
    return Place(
        before=_edge(text[:start], last=True), found=text[start:end], after=_edge(text[end:], last=False), rule=rule
    )


def _edge(text: str, *, last: bool) -> str:
    """Return the words next to a place, whole ones, with … where the text goes on."""
    if len(text) <= AROUND:
        return text
    if last:
        return "… " + text[-AROUND:].partition(" ")[2]
    return text[:AROUND].rpartition(" ")[0] + " …"


def names_of(client_name: str, spellings: Iterable[str]) -> tuple[str, ...]:
    """Return the names whose spelling is checked: the client's own, and those of its list."""
    return tuple(dict.fromkeys((client_name, *spellings)))
