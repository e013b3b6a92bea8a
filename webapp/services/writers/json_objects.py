"""Find the scene objects in JSON text while it is still coming, reading each character once."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

import jiter
import json_repair

from webapp.services.writers.answer_keys import LISTS, canonical

MAX_TEXT_CHARS = 256 * 1024
"""A whole storyboard is about 10,000 characters; a model that writes 25 times that is not writing one."""
MAX_SCENE_CHARS = 32 * 1024
MAX_REPAIR_CHARS = 64 * 1024
"""Repairing 64,000 characters of the worst kind takes 0.4 s, and four times that for each doubling."""
MAX_DEPTH = 40

_BRACKET = re.compile(r"[{}\[\]]")
_TOKEN = re.compile(r"[{}\[\]\"'“”„‘’]|//|/\*|#|/$")
_ENDS = {'"': '"', "'": "'", "“": '”“"', "”": "”", "„": "“”", "‘": "’", "’": "’"}
"""What closes a string, by what opened it."""
_STRING_END = {opener: re.compile("[" + re.escape(closers) + r"\\]") for opener, closers in _ENDS.items()}
_AFTER_STRING = re.compile(
    r"\s{0,200}(?:[:}\]]|//|/\*|#|"
    r",\s{0,200}(?:[\"'“„‘{}\[\]\-\d#/]|(?:true|false|null|none|nan)\b|[\w$][\w$ -]{0,60}:))",
    re.IGNORECASE,
)
"""What follows a quote that ends a string. Any other quote inside is one of the words that was not escaped."""
_MAY_FOLLOW = re.compile(r"\s{0,200}/?$|\s{0,200},\s{0,200}[\w$]?[\w$ -]{0,60}$")
"""What has come so far cannot tell yet whether the string ends."""
_BARE_KEY = re.compile(r"([A-Za-z_$][\w$ -]*?)\s*$")


class TooMuchTextError(Exception):
    """Say that the text is longer or deeper than any storyboard."""


@dataclass(frozen=True, slots=True)
class Found:
    """A whole object of a list that may hold scenes."""

    text: str
    key: str
    """The canonical key of its list; empty for a list that is the whole answer."""
    value: int
    """Which value of the answer it stands in, counted from 0."""


class ObjectScanner:
    """Split JSON text that arrives in pieces into the objects of its list of scenes.

    Talk and code fences around the JSON are skipped. Strings may have any quotes, unescaped ones inside them too, and
    comments may stand between values. What is complete is handed out at once; `open_object` is the text of the one
    still being written.
    """

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._dropped = 0
        self._quote = ""
        self._string_from = 0
        self._last_string = ""
        self._stack: list[tuple[str, str]] = []
        """The open brackets, each with the key of the list it is or stands in."""
        self._scene_depth = 0
        self._scene_from = -1
        self._value_from = -1
        self.values: list[tuple[int, int]] = []
        """Where each whole value of the answer begins and ends, in characters from the start of the text."""

    @property
    def open_object(self) -> str:
        """Return the text so far of the scene being written, empty between scenes."""
        return self._text[self._scene_from :] if self._scene_from >= 0 else ""

    @property
    def in_string(self) -> bool:
        """Tell whether the text so far ends inside a string, whose words mean nothing to us."""
        return bool(self._quote)

    @property
    def in_value(self) -> bool:
        """Tell whether the text so far ends inside of a JSON value."""
        return bool(self._stack)

    @property
    def open_from(self) -> int:
        """Return where the value being written begins, in characters from the start of the text."""
        return self._dropped + self._value_from

    def feed(self, piece: str) -> list[Found]:
        """Take the next characters and return the scenes that they completed. Raises TooMuchTextError."""
        if self._dropped + len(self._text) + len(piece) > MAX_TEXT_CHARS:
            raise TooMuchTextError
        self._text += piece
        complete: list[Found] = []
        while self._step(complete):
            pass
        self._forget()
        if self._scene_from >= 0 and len(self._text) - self._scene_from > MAX_SCENE_CHARS:
            raise TooMuchTextError
        return complete

    def _step(self, complete: list[Found]) -> bool:
        """Read up to the next bracket or quote; False when the text has no more of them."""
        if self._quote:
            return self._read_string()
        # Between values, and so in talk around the JSON, a quote opens nothing.
        found = (_TOKEN if self._stack else _BRACKET).search(self._text, self._at)
        if not found:
            self._at = len(self._text)
            return False
        match found[0]:
            case "{" | "[":
                self._at = found.end()
                self._open(found[0], found.start())
            case "}" | "]":
                self._at = found.end()
                self._close(complete)
            case "//" | "/*" | "#" | "/":
                return self._skip_comment(found)
            case quote:
                self._at = found.end()
                # An apostrophe or a typographic quote begins a string only where one is due.
                if quote == '"' or self._text[max(0, found.start() - 100) : found.start()].rstrip()[-1:] in "{[,:(":
                    self._quote, self._string_from = quote, self._at
        return True

    def _read_string(self) -> bool:
        found = _STRING_END[self._quote].search(self._text, self._at)
        if not found:
            self._at = len(self._text)
            return False
        if found[0] == "\\":
            if found.end() >= len(self._text):
                self._at = found.start()
                return False
            self._at = found.end() + 1
            return True
        if not _AFTER_STRING.match(self._text, found.end()):
            waits = _MAY_FOLLOW.match(self._text, found.end())
            self._at = found.start() if waits else found.end()
            return not waits
        self._quote, self._at = "", found.end()
        self._last_string = self._text[self._string_from : found.start()]
        return True

    def _skip_comment(self, found: re.Match[str]) -> bool:
        end = "*/" if found[0] == "/*" else "\n"
        close = self._text.find(end, found.end()) if found[0] != "/" else -1
        if close < 0:
            self._at = found.start()
            return False
        self._at = close + len(end)
        return True

    def _open(self, bracket: str, start: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise TooMuchTextError
        if not self._stack:
            self._last_string, self._value_from = "", start
        key = self._key_before(start) if bracket == "[" else ""
        in_list = bool(self._stack) and self._stack[-1][0] == "[" and self._stack[-1][1] in LISTS
        if bracket == "{" and self._scene_from < 0 and in_list:
            self._scene_from, self._scene_depth = start, len(self._stack)
        self._stack.append((bracket, key))

    def _key_before(self, start: int) -> str:
        """Return the canonical key of a list that begins here; one in another list goes by that one's."""
        before = self._text[max(0, start - 100) : start].rstrip()
        if not before.endswith(":"):
            return self._stack[-1][1] if self._stack and self._stack[-1][0] == "[" else ""
        bare = _BARE_KEY.search(before[:-1])
        return canonical(bare[1] if bare else self._last_string)

    def _close(self, complete: list[Found]) -> None:
        if not self._stack:
            return
        self._stack.pop()
        if self._scene_from >= 0 and len(self._stack) == self._scene_depth:
            key = self._stack[-1][1] if self._stack else ""
            complete.append(Found(self._text[self._scene_from : self._at], key, len(self.values)))
            self._scene_from = -1
        if not self._stack:
            self.values.append((self._dropped + self._value_from, self._dropped + self._at))
            self._value_from = -1

    def _forget(self) -> None:
        """Drop text that is done with, so that long answers are not copied again and again."""
        keep_from = max(0, self._at - 100)  # a key may stand before its bracket
        if self._scene_from >= 0:
            keep_from = min(keep_from, self._scene_from)
        if self._quote:
            keep_from = min(keep_from, max(self._string_from, self._at - MAX_SCENE_CHARS))
        if keep_from <= 1000:
            return
        self._text = self._text[keep_from:]
        self._dropped += keep_from
        self._at -= keep_from
        self._string_from -= keep_from
        self._value_from -= keep_from
        if self._scene_from >= 0:
            self._scene_from -= keep_from


def read_value(text: str) -> Any:
    """Parse one JSON value, repairing what models get wrong about the notation; None if nothing comes of it."""
    for attempt in (_strict, _with_raw_breaks, _repaired):
        try:
            return attempt(text)
        except (ValueError, RecursionError):
            continue
    return None


def read_object(text: str) -> dict[str, Any] | None:
    """Parse one object as `read_value` does; None for anything else."""
    value = read_value(text)
    return value if isinstance(value, dict) else None


def read_partial(text: str) -> dict[str, Any]:
    """Parse as much of an unfinished object as has come; empty when nothing can be read."""
    try:
        value = jiter.from_json(text.encode("utf-8", "ignore"), partial_mode="trailing-strings", cache_mode="keys")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _strict(text: str) -> Any:
    return jiter.from_json(text.encode("utf-8", "surrogatepass"), cache_mode="keys")


def _with_raw_breaks(text: str) -> Any:
    return json.loads(text, strict=False)


def _repaired(text: str) -> Any:
    if len(text) > MAX_REPAIR_CHARS or _depth(text) > MAX_DEPTH:
        raise ValueError("too long or too deep to repair")
    if '"' not in text:  # then something else stands in its place all through
        text = re.sub("[„“”«»]", '"', html.unescape(text))
    return json_repair.loads(text, skip_json_loads=True)


def _depth(text: str) -> int:
    """Return how many brackets are open at most, strings or not: the repairer's time grows with it."""
    deepest = depth = 0
    for found in _BRACKET.finditer(text):
        depth = depth + 1 if found[0] in "{[" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
