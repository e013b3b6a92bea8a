"""One scene as a model gives it, read leniently: near-synonyms, odd types and other field names are understood."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from webapp.services.writers import vocabulary
from webapp.services.writers.answer_keys import WORDS, fields
from webapp.services.writers.answer_words import UnreadableError, seconds_in, span, words_in
from webapp.services.writers.base import SceneDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TITLE = 80
MAX_DESCRIPTION = 1000
MAX_SCRIPT = 1000
MAX_ON_SCREEN = 300
MAX_WORD = 80
MAX_ASSETS = 12

# Kept although they are format characters: emoji and Persian or Indic words are joined with them.
_JOINERS = {"\u200c", "\u200d"}


class UnusableSceneError(Exception):
    """Say why a scene cannot be used, for BrokenScene; never leaves the writers."""


def clean(text: str, limit: int) -> str:
    """Make one line of at most `limit` characters, without control, direction and half characters."""
    kept = (" " if char.isspace() else char for char in text[: limit * 4])
    visible = "".join(c for c in kept if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    line = " ".join(visible.split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head).rstrip(" ,;:-") + "…"


def draft(
    raw: object, number: int, planned_seconds: float, aliases: Mapping[str, str], default_beat: str
) -> SceneDraft:
    """Make a SceneDraft of one object of an answer; raises UnusableSceneError with the reason in plain words.

    `aliases` maps A1, A2, … to asset ids; what is neither an alias nor an id of the brief is dropped. Seconds that are
    missing or senseless become the planned ones.
    """
    if not isinstance(raw, dict):
        raise UnusableSceneError("it was not an object with fields")
    given = fields(raw)
    description = clean(_words(given, "description"), MAX_DESCRIPTION)
    if not description:
        raise UnusableSceneError("it has no description")
    named = {name: clean(_words(given, name), MAX_WORD) for name in ("beat", "shot_type", "camera_move", "transition")}
    shot_type, is_shot = vocabulary.shot_type(named["shot_type"])
    transition, is_transition = vocabulary.transition(named["transition"])
    known = {"shot_type": is_shot, "transition": is_transition}
    return SceneDraft(
        number=number,
        title=clean(_words(given, "title"), MAX_TITLE) or _title_of(description),
        beat=vocabulary.beat(named["beat"], default_beat)[0],
        description=description,
        script=clean(_words(given, "script"), MAX_SCRIPT),
        on_screen=clean(_words(given, "on_screen"), MAX_ON_SCREEN),
        shot_type=shot_type,
        camera_move=vocabulary.camera_move(named["camera_move"])[0],
        transition=transition,
        seconds=_seconds(given) or planned_seconds,
        asset_ids=_asset_ids([name for value in given.get("assets", {}).values() for name in _names(value)], aliases),
        raw=tuple((name, named[name]) for name, is_known in known.items() if named[name] and not is_known),
    )


def words(raw: Mapping[str, Any], *names: str) -> list[str]:
    """Return the words of some fields as far as they have come; empty where there are none that can be read yet."""
    given = fields(raw)
    found = []
    for name in names:
        try:
            found.append(_words(given, name))
        except UnusableSceneError:
            found.append("")
    return found


def _words(given: Mapping[str, Mapping[str, Any]], name: str) -> str:
    """Return all words that are given for a field; under two names ("dialogue" beside "narration") those of both."""
    found: list[str] = []
    for value in given.get(name, {}).values():
        try:
            text = words_in(value, spoken=name in ("script", "on_screen"))
        except UnreadableError:
            raise UnusableSceneError(f"its {name} could not be read as text") from None
        if text.strip() and not any(text.strip() in before for before in found):
            found.append(text.strip())
    return " ".join(found if name in WORDS - {"title"} else found[:1])


def _title_of(description: str) -> str:
    return clean(" ".join(description.split()[:5]), MAX_TITLE).rstrip(".,;:")


def _seconds(given: Mapping[str, Mapping[str, Any]]) -> float | None:
    for key, value in given.get("seconds", {}).items():
        if seconds := seconds_in(value, key):
            return seconds
    starts, ends = (list(given.get(name, {}).values()) for name in ("start", "end"))
    return span(starts[0], ends[0]) if starts and ends else None


def _names(value: object) -> list[str]:
    """List the names of assets in a value: a list of names or objects, one of them, or names in one line."""
    if isinstance(value, str):
        return [name.strip() for name in re.split(r"[,;]", value)]
    if isinstance(value, list):
        return [name for item in value[: MAX_ASSETS * 4] for name in _names(item)]
    if isinstance(value, dict):
        named = [value[key] for key in ("id", "name", "alias", "asset") if isinstance(value.get(key), str)]
        return [name.strip() for name in named] or [str(key).strip() for key in value]
    return []


def _asset_ids(names: list[str], aliases: Mapping[str, str]) -> tuple[str, ...]:
    ids = set(aliases.values())
    found: dict[str, None] = {}
    for name in names:
        short = re.match(r"[Aa]\d+(?![\w-])", name)
        if name in ids:
            found[name] = None
        elif short and short[0].upper() in aliases:
            found[aliases[short[0].upper()]] = None
    return tuple(found)[:MAX_ASSETS]
