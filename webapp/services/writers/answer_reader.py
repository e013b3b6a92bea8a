"""One answer of a model as it comes: what is thinking is skipped, what is JSON is handed out object by object."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from webapp.services.writers.answer_keys import is_scene
from webapp.services.writers.json_objects import Found, ObjectScanner, read_object
from webapp.services.writers.thinking_marks import Mark, MarkSplitter

if TYPE_CHECKING:
    from collections.abc import Iterator

_DRESSING = re.compile(r"```\w*|~~~\w*|<\|[^<>]*\|>|\bjson5?\b|[\W_]+", re.IGNORECASE)
"""What may stand before the JSON without being talk: fences, special tokens, marks of byte order."""
_OTHER_CHANNELS = re.compile(r"\s*(?:analysis|commentary|thought|thinking|reasoning)\b(?!.*\bto=)", re.IGNORECASE)
"""gpt-oss channels that are no answer; one that calls a tool is."""


class AnswerPart:
    """The text of an answer from one mark on, and the JSON in it."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self.scanner = ObjectScanner()
        self.lead = ""
        """What stands before the first bracket."""

    @property
    def is_quoted(self) -> bool:
        """Tell whether the JSON stands inside of a JSON string."""
        return self.lead.rstrip().endswith('"')

    def feed(self, text: str) -> list[Found]:
        """Take the next characters and return the objects that they completed."""
        self._texts.append(text)
        if not self.scanner.in_value and not self.scanner.values:
            self.lead += re.split(r"[{\[]", text, maxsplit=1)[0]
        return self.scanner.feed(text)

    def values(self) -> list[tuple[str, bool]]:
        """Return the text of each JSON value, and whether it was closed."""
        text, scanner = "".join(self._texts), self.scanner
        if self.is_quoted and (inner := _unquoted(text[self.lead.rindex('"') :])):
            return [(inner, True)]
        found = [(text[start:end], True) for start, end in scanner.values]
        return [*found, (text[scanner.open_from :], False)] if scanner.in_value else found


class AnswerReader:
    """Read one answer, however it is cut into pieces.

    A mark that ends thinking starts the answer again, whether or not its beginning was marked. Inside the words of a
    scene a mark is only words, unless a storyboard begins after it: then it cut the draft off in the middle.
    """

    def __init__(self) -> None:
        self._marks = MarkSplitter()
        self._thinking = False
        self._header: list[str] | None = None
        self._part = AnswerPart()
        self._shadow: AnswerPart | None = None
        """What came after a mark inside a string: the answer proper, if a scene is complete in it first."""
        self.thought_aloud = False
        """True once a mark of thinking has come."""

    @property
    def open_object(self) -> str:
        """Return the text so far of the scene being written, empty between scenes."""
        return self._part.scanner.open_object

    @property
    def talk(self) -> str:
        """Return the words before the JSON; empty for an answer that begins with it."""
        return self._part.lead if self._part.is_quoted or _DRESSING.sub("", self._part.lead) else ""

    @property
    def in_value(self) -> bool:
        """Tell whether the text so far ends inside of a JSON value."""
        return self._part.scanner.in_value

    @property
    def in_string(self) -> bool:
        """Tell whether the text so far ends inside of a string."""
        return self._part.scanner.in_string

    def values(self) -> list[tuple[str, bool]]:
        """Return the text of each JSON value of the answer, and whether it was closed."""
        return self._part.values()

    def feed(self, piece: str) -> Iterator[Found | None]:
        """Take the next characters; yield the objects that they completed, None where all before was thinking.

        Raises:
            TooMuchTextError: the answer is longer or deeper than any storyboard.
        """
        for mark, text in self._marks.feed(piece):
            yield from self._take(mark, text)

    def finish(self) -> Iterator[Found | None]:
        """Yield what the end of the answer makes certain."""
        for mark, text in self._marks.finish():
            yield from self._take(mark, text)

    def _take(self, mark: Mark, text: str) -> Iterator[Found | None]:
        if mark is Mark.TEXT and self._header is not None:
            self._header.append(text)
        elif mark is Mark.TEXT and self._thinking:
            pass
        elif mark is Mark.TEXT or (self.in_string and mark is not Mark.CLOSE):
            yield from self._read(text)
        else:
            yield from self._turn(mark, text)

    def _turn(self, mark: Mark, text: str) -> Iterator[Found | None]:
        """Follow a mark: into thinking, out of it, or to the answer."""
        was_thinking, self._thinking = self._thinking, False
        match mark:
            case Mark.OPEN:
                self._thinking = self.thought_aloud = True
            case Mark.HEADER:
                self._header, self._thinking = [], was_thinking
            case Mark.BODY:
                channel, self._header = "".join(self._header or ()), None
                yield from self._turn(Mark.OPEN if _OTHER_CHANNELS.match(channel) else Mark.ANSWER, text)
            case Mark.CLOSE if not was_thinking and self.in_string:
                self._shadow = AnswerPart()
                yield from self._read(text, marks=True)
            case Mark.CLOSE | Mark.ANSWER if not was_thinking:
                self.thought_aloud = self.thought_aloud or mark is Mark.CLOSE
                self._part, self._shadow = AnswerPart(), None
                yield None

    def _read(self, text: str, *, marks: bool = False) -> Iterator[Found | None]:
        if marks or not self._shadow:
            yield from self._part.feed(text)
            return
        # Brace by brace, so that it is known which of the two completed a scene first.
        for step in re.findall(r"[^}]*}|[^}]+", text):
            if not self._shadow:
                yield from self._part.feed(step)
                continue
            complete, instead = self._part.feed(step), self._shadow.feed(step)
            if _has_scene(instead) and not _has_scene(complete):
                self._part, self._shadow, self.thought_aloud = self._shadow, None, True
                yield None
                complete = instead
            if complete:
                self._shadow = None
            yield from complete


def _has_scene(complete: list[Found]) -> bool:
    return any(is_scene(read_object(found.text)) for found in complete)


def _unquoted(text: str) -> str:
    """Return what the JSON string at the beginning of a text holds; empty if that is none."""
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""
