"""The words and the lengths in an answer, whatever a model puts them in: never fewer words than it gave."""

from __future__ import annotations

import math
import re
from typing import Any

from webapp.services.writers.answer_keys import canonical

MAX_SECONDS = 600.0

_SPEAKERS = ("speaker", "character", "who", "speakername", "charactername", "actor", "by")
_NARRATOR_NAMES = (
    "narrator narration voice voiceover vo voiceoverartist announcer speaker sprecher sprecherin erzahler narrador "
    "narradora locutor narrateur off text offtext host malevoice femalevoice"
)
_NARRATORS = frozenset(_NARRATOR_NAMES.split())
"""Who speaks when it is simply the voice-over: not named in it."""
_DIRECTION_NAMES = (
    "tone emotion mood voice voicetype pace speed tempo style gender accent language lang locale delivery volume start "
    "end starttime endtime from to duration seconds durationseconds time timing timestamp timecode type kind id index "
    "number order position font fontsize size color colour background animation align alignment pitch direction "
    "directions instructions placement wordcount"
)
_DIRECTIONS = frozenset(_DIRECTION_NAMES.split())
"""Keys beside the words that say how they are spoken or shown; no words of the ad."""


class UnreadableError(Exception):
    """Say that a value is not empty, and that no words could be read from it."""


def words_in(value: object, *, spoken: bool = False) -> str:
    """Return all words of a value: a text, a number, a list of lines, an object with the text among other things.

    `spoken`: words that are said or shown in the picture; notes on how to say or show them are left out, and lines of
    several people begin with the name.

    Raises:
        UnreadableError: it holds something, but nothing that can be read as words.
    """
    words = _spoken(value) if spoken else _all(value)
    if not words.strip() and not _is_empty(value):
        raise UnreadableError
    return words


def _spoken(value: object) -> str:
    if isinstance(value, list):
        return _joined([_spoken(item) for item in value], " ")
    if not isinstance(value, dict):
        return _scalar(value)
    names = {canonical(key): key for key in value}
    speaker_key = next((names[name] for name in _SPEAKERS if name in names), None)
    speaker = value.get(speaker_key) if speaker_key else None
    rest = {key: item for key, item in _without_directions(value).items() if key != speaker_key}
    if not rest and isinstance(speaker, str):
        return speaker  # {"speaker": "Hot to the last page."}: nothing else can be the words
    lines = [_labelled("" if _is_field(key) else key, _spoken(item)) for key, item in rest.items()]
    return _labelled(speaker if isinstance(speaker, str) else "", _joined(lines, " "))


def _without_directions(value: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if canonical(key) not in _DIRECTIONS}


def _all(value: object) -> str:
    if isinstance(value, list):
        return _joined([_all(item) for item in value], " ")
    if not isinstance(value, dict):
        return _scalar(value)
    texts = [_all(item) for item in value.values() if not isinstance(item, int | float)]
    return _joined(texts, ", ") or _joined([_scalar(item) for item in value.values()], ", ")


def _scalar(value: object) -> str:
    """Return a text, or a number as one; a yes or no has no words."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return f"{value:g}" if abs(value) < 1e6 else str(value)
    return ""


def _joined(parts: list[str], between: str) -> str:
    kept = [part.strip() for part in parts if part.strip()]
    joined = kept[0] if kept else ""
    for part in kept[1:]:
        joined += (" " if joined[-1] in ".!?…:;," else between) + part
    return joined


def _labelled(name: str, words: str) -> str:
    """Put the name of who speaks before the words, unless it is the narrator."""
    return f"{name.strip()}: {words}" if words and name.strip() and canonical(name) not in _NARRATORS else words


def _is_field(key: str) -> bool:
    """Tell whether a key names a part of the words ("text", "line_2", "0-3s") rather than the person who says them."""
    return (
        not key[:1].isupper() or bool(re.search(r"\d", key)) or key.casefold() in {"text", "line", "lines", "content"}
    )


def _is_empty(value: object) -> bool:
    """Tell whether nothing is said: an object whose text is empty says nothing, however it was to be spoken."""
    if isinstance(value, dict):
        return all(_is_empty(item) for item in (_without_directions(value) or value).values())
    if isinstance(value, list):
        return all(_is_empty(item) for item in value)
    return value is None or isinstance(value, bool) or (isinstance(value, str) and not value.strip())


_CLOCK = r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)(?::\d+)?"
_LONG = r"(?:(\d+(?:[.,]\d+)?)\s*(?:minutes?|mins?|m)(?![a-z])[\s,]*(?:and\s*)?)?(\d+(?:[.,]\d+)?)\s*(ms|milli\w*)?"
_MOMENT = re.compile(
    rf"(?P<clock>{_CLOCK})|(?P<minutes>\d+(?:[.,]\d+)?)\s*(?:minutes?|mins?|m)(?![a-z])(?!\s*\d)|{_LONG}", re.IGNORECASE
)
_BETWEEN = re.compile(r"[a-z\s]*(?:-|–|—|→|>|~|\bto\b|\buntil\b|\bbis\b|\ba\b|\bà\b)\s*", re.IGNORECASE)


_MILLISECONDS = frozenset(("ms", "millis", "milliseconds", "durationms", "durationmilliseconds"))


def seconds_in(value: object, key: str = "") -> float | None:
    """Return the seconds that a value says: 4, "4.2s", "4,2", "00:04", "0:00-0:04", {"seconds": 4}; else None.

    `key` is its canonical key: milliseconds may be named there.
    """
    seconds = _seconds(value)
    if seconds is None or not 0 < seconds < math.inf:
        return None
    return min(seconds / 1000 if key in _MILLISECONDS else seconds, MAX_SECONDS)


def span(start: object, end: object) -> float | None:
    """Return the seconds between two moments; None where they are none, or in the wrong order."""
    first, last = _moment(start), _moment(end)
    return last - first if first is not None and last is not None and 0 <= first < last < math.inf else None


def _seconds(value: Any) -> float | None:
    if isinstance(value, dict):
        return _seconds_of_object({canonical(key): item for key, item in value.items()})
    if isinstance(value, list):
        return span(*value) if len(value) == 2 else None
    if isinstance(value, str):
        moments = list(_MOMENT.finditer(value[:80]))
        if len(moments) == 2 and _BETWEEN.fullmatch(value[moments[0].end() : moments[1].start()]):
            first, last = _read(moments[0]), _read(moments[1])
            return last - first if last > first else None
        if not moments or re.match(r"\s*-", value):
            return None
        return _read(moments[0])
    return _moment(value)


def _seconds_of_object(given: dict[str, Any]) -> float | None:
    if {"start", "end"} <= given.keys():
        return span(given["start"], given["end"])
    unit = str(given.get("unit", given.get("units", ""))).lower()
    for name, item in given.items():
        if name not in ("unit", "units") and (
            found := seconds_in(item, "ms" if unit in ("ms", "milliseconds") else name)
        ):
            return found * 60 if unit.startswith("min") else found
    return None


def _moment(value: object) -> float | None:
    if isinstance(value, str):
        found = _MOMENT.search(value[:80])
        return _read(found) if found else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _read(found: re.Match[str]) -> float:
    _, hours, minutes, seconds, alone, before, plain, milli = found.groups()
    if seconds:
        return int(hours or 0) * 3600 + int(minutes) * 60 + _number(seconds)
    if alone:
        return _number(alone) * 60
    return (_number(before) * 60 if before else 0.0) + _number(plain) / (1000 if milli else 1)


def _number(text: str) -> float:
    return float(text.replace(",", "."))
