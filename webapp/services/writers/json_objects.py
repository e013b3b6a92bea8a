"""Find the scene objects in JSON text while it is still coming, reading each character once."""

from __future__ import annotations

import json
import re
from typing import Any

import jiter

MAX_TEXT_CHARS = 256 * 1024
"""A whole storyboard is about 10,000 characters; a model that writes 25 times that is not writing one."""
MAX_SCENE_CHARS = 32 * 1024
MAX_DEPTH = 40

_TOKEN = re.compile(r'["{}\[\]]')
_STRING_END = re.compile(r'["\\]')
_LISTS = {"", "scenes", "scene", "storyboard", "shots", "frames"}
"""Keys whose array holds the scenes; empty for an array that is the whole answer."""


class TooMuchTextError(Exception):
    """Say that the text is longer or deeper than any storyboard."""


class ObjectScanner:
    """Split JSON text that arrives in pieces into the objects of its list of scenes.

    Talk and code fences around the JSON are skipped, and so is a leading <think> block. What is complete is handed out
    at once; `open_object` is the text of the one still being written.
    """

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._seen = 0
        self._in_string = False
        self._string_from = 0
        self._last_string = ""
        self._stack: list[str] = []
        self._key = ""
        self._scene_depth = 0
        self._scene_from = -1
        self._top_from = -1
        self._thinking: bool | None = None
        self.loose: list[str] = []
        """Whole objects outside of any list: the only scene of an answer, or one a line."""
        self.found_list = False

    @property
    def open_object(self) -> str:
        """Return the text so far of the scene being written, empty between scenes."""
        return self._text[self._scene_from :] if self._scene_from >= 0 else ""

    def feed(self, piece: str) -> list[str]:
        """Take the next characters and return the scenes that they completed, as JSON text. Raises TooMuchTextError."""
        self._seen += len(piece)
        if self._seen > MAX_TEXT_CHARS:
            raise TooMuchTextError
        self._text += piece
        if self._thinking is not False and not self._past_thinking():
            return []
        complete: list[str] = []
        while self._step(complete):
            pass
        self._forget()
        if self._scene_from >= 0 and len(self._text) > MAX_SCENE_CHARS:
            raise TooMuchTextError
        return complete

    def _past_thinking(self) -> bool:
        """Skip <think>…</think> at the start: a draft inside it is not the answer."""
        head = self._text.lstrip()
        if self._thinking is None:
            if len(head) < 7 and "<think>".startswith(head):
                return False
            self._thinking = head.startswith("<think>")
        if self._thinking:
            end = self._text.find("</think>")
            if end < 0:
                self._text = self._text[-len("</think>") :]
                return False
            self._at = end + len("</think>")
            self._thinking = False
        return True

    def _step(self, complete: list[str]) -> bool:
        """Read up to the next bracket or quote; False when the text has no more of them."""
        if self._in_string:
            return self._read_string()
        found = _TOKEN.search(self._text, self._at)
        if not found:
            self._at = len(self._text)
            return False
        self._at = found.end()
        match found[0]:
            case '"':
                # Between values, and so in talk around the JSON, a quote opens nothing.
                if self._stack:
                    self._in_string, self._string_from = True, self._at
            case "{" | "[":
                self._open(found[0], found.start())
            case closing:
                self._close(closing, complete)
        return True

    def _read_string(self) -> bool:
        found = _STRING_END.search(self._text, self._at)
        if not found:
            self._at = len(self._text)
            return False
        if found[0] == "\\":
            if found.end() >= len(self._text):
                self._at = found.start()
                return False
            self._at = found.end() + 1
            return True
        self._in_string, self._at = False, found.end()
        self._last_string = self._text[self._string_from : found.start()]
        return True

    def _open(self, bracket: str, start: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise TooMuchTextError
        if not self._stack:
            self._key, self._last_string, self._top_from = "", "", start
        if bracket == "[" and self._scene_from < 0:
            self._key = self._last_string
        in_list = bool(self._stack) and self._stack[-1] == "[" and self._key.lower() in _LISTS
        if bracket == "{" and self._scene_from < 0 and in_list:
            self._scene_from, self._scene_depth, self.found_list = start, len(self._stack), True
        self._stack.append(bracket)

    def _close(self, bracket: str, complete: list[str]) -> None:
        if not self._stack:
            return
        self._stack.pop()
        if self._scene_from >= 0 and len(self._stack) == self._scene_depth:
            complete.append(self._text[self._scene_from : self._at])
            self._scene_from = -1
        elif not self._stack and bracket == "}" and not self.found_list:
            self.loose.append(self._text[self._top_from : self._at])

    def _forget(self) -> None:
        """Drop text that is done with, so that long answers are not copied again and again."""
        keep_from = self._at
        if self._scene_from >= 0:
            keep_from = self._scene_from
        elif self._stack and not self.found_list:
            keep_from = self._top_from
        elif self._in_string:
            keep_from = min(self._string_from, self._at)
        if keep_from <= 0:
            return
        self._text = self._text[keep_from:]
        self._at -= keep_from
        self._string_from -= keep_from
        self._top_from -= keep_from
        if self._scene_from >= 0:
            self._scene_from -= keep_from


def read_object(text: str) -> dict[str, Any] | None:
    """Parse one object, forgiving line breaks in strings and commas before a closing bracket; None if that fails."""
    for attempt in (_strict, _forgiving):
        try:
            value = attempt(text)
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, dict) else None
    return None


def read_partial(text: str) -> dict[str, Any]:
    """Parse as much of an unfinished object as has come; empty when nothing can be read."""
    try:
        value = jiter.from_json(text.encode("utf-8", "ignore"), partial_mode="trailing-strings", cache_mode="keys")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _strict(text: str) -> Any:
    return jiter.from_json(text.encode("utf-8", "surrogatepass"), cache_mode="keys")


def _forgiving(text: str) -> Any:
    return json.loads(re.sub(r",\s*([}\]])", r"\1", text), strict=False)
