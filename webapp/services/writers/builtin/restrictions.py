"""The client's forbidden words: found in any inflection, left out with grace."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENDINGS = (
    "s", "es", "ed", "d", "r", "er", "ers", "est", "st", "ing", "ly", "y", "n", "e", "en", "em", "ern", "ne", "nen",
    "a", "o", "as", "os", "is", "ment", "mente", "ste", "sten", "ster", "stes", "ere", "eren", "erer", "eres", "ität",
)  # fmt: skip
"""Endings that make another form of the same word in English, German, Spanish or French."""

_RULE_WORDS = re.compile(
    r"^(?:please\s+)?(?:(?:no|not|never|avoid|without)\b|do(?:n['’]t| not)|must not|bitte\b|kein\w*|nicht|nie|niemals"
    r"|vermeide\w*|ohne|nunca|evit\w+|sin\b|pas d['’e]|jamais|ne pas|éviter|sans)"
    r"(?:\s*(?:say|use|mention|write|the|words?|claims?|das|die|den|wort|wörter|sagen|verwenden|decir|usar|la|el|palabra"
    r"|dire|utiliser|le|mot|mots)\b)*[\s:]+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?<!\w)[\"“”„«»‘’']\s*([^\"“”„«»]{2,80}?)\s*[\"“”„«»‘’'](?!\w)")
_SENTENCES = re.compile(r"(?<=[.!?…])\s+")


def phrases_of(restriction: str) -> tuple[str, ...]:
    """Return the phrases a restriction forbids: the quoted ones, else the text without its "never say"."""
    text = " ".join(restriction.split())
    quoted = tuple(_QUOTED.findall(text))
    if quoted:
        return quoted
    bare = _RULE_WORDS.sub("", text).strip(" .,:;!?")
    return tuple({phrase for phrase in (bare, text.strip(" .,:;!?")) if any(map(str.isalnum, phrase))})


class Forbidden:
    """Know what may not be said. Whole words only, any case, common inflections included."""

    def __init__(self, restrictions: Iterable[str]) -> None:
        phrases = {phrase for restriction in restrictions for phrase in phrases_of(restriction)}
        patterns = sorted(filter(None, map(_pattern, phrases)))
        self._found = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def allows(self, text: str) -> bool:
        """Tell whether nothing forbidden stands in `text`."""
        return self._found is None or not self._found.search(_plain(text))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Return where something forbidden stands in `text`, as (start, end) pairs of a text in composed form (NFC)."""
        return [match.span() for match in self._found.finditer(_plain(text))] if self._found else []

    def scrub(self, text: str) -> str:
        """Return `text` without the sentences that say something forbidden, without the words if nothing is left."""
        if self._found is None or self.allows(text):
            return text
        kept = " ".join(part for part in _SENTENCES.split(text) if self.allows(part))
        return kept or self.without_words(text)

    def without_words(self, text: str) -> str:
        """Return `text` with the forbidden words cut out; empty when no word worth saying remains."""
        if self._found is None:
            return text
        rest = self._found.sub(" ", _plain(text))
        rest = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(rest.split())).strip(" ,;:-–—&")
        return rest if self.allows(rest) and re.search(r"\w{2}", rest) else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("’", "'")


def _pattern(phrase: str) -> str:
    """Return a pattern for the phrase as whole words, each in any of its forms; empty for a phrase without words."""
    words = re.findall(r"[\w']+", _plain(phrase).lower())
    if not words:
        return ""
    return "(?<!\\w)(?:" + "[\\W_]+".join(map(_forms, words)) + ")(?!\\w)"


def _forms(word: str) -> str:
    """Return a pattern for one word and its inflections; short words and numbers are taken as they are."""
    if len(word) < 3 or word[-1].isdigit():
        return re.escape(word)
    endings = "|".join(sorted(_ENDINGS, key=len, reverse=True))
    if word.endswith("y"):
        return f"{re.escape(word[:-1])}(?:y|i?(?:{endings}))"
    if word.endswith("e") and len(word) > 4:  # promise, promising
        return f"{re.escape(word[:-1])}(?:e|e?(?:{endings}))"
    return f"{re.escape(word)}(?:{endings})?"
