"""The marks that models put around what they think aloud, found in text that arrives in pieces."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = (
    "think|thinking|thought|thoughts|thought_process|reason|reasoning|reflection|analysis|scratchpad|rationale|"
    "inner_monologue|monologue|antthinking|chain_of_thought|cot|deliberation|planning"
)
"""What the thinking is called inside a tag: <think>, <thinking>, <seed:think>, [THINK], <|thinking|>."""
_ANSWER = "answer|response|final|final_answer|final_response|solution|output"
"""What the answer is called where it has a tag of its own."""
_LEFT, _RIGHT = r"(?:<|&lt;)", r"(?:>|&gt;)"
_SPACE = r"[a-z][a-z\d]*[:_]"
"""A namespace before the word, as in <seed:think> or <longcat_think>."""


class Mark(Enum):
    """Say what a piece of an answer is."""

    TEXT = auto()
    OPEN = auto()
    """Thinking begins."""
    CLOSE = auto()
    """Thinking ends, whether or not its beginning was marked."""
    ANSWER = auto()
    """The answer proper begins."""
    END = auto()
    """A part ends, thinking or answer: it says nothing about what came before."""
    HEADER = auto()
    """A gpt-oss header begins; it names the channel, up to BODY."""
    BODY = auto()
    """A gpt-oss header ends."""


_MARKS: tuple[tuple[Mark, str], ...] = (
    (Mark.HEADER, r"<\|channel\|>"),
    (Mark.BODY, r"<\|message\|>"),
    (Mark.END, r"<\|(?:start|end|return|call)\|>"),
    (Mark.CLOSE, rf"{_LEFT}\s*/\s*(?:{_SPACE})?(?:{_WORD})\s*{_RIGHT}"),
    (Mark.END, rf"{_LEFT}\s*(?:{_SPACE})?(?:{_WORD})\s*/\s*{_RIGHT}"),
    (Mark.OPEN, rf"{_LEFT}\s*(?:{_SPACE})?(?:{_WORD})(?:\s[^<>]{{0,200}})?{_RIGHT}"),
    (Mark.ANSWER, rf"{_LEFT}\s*(?:{_ANSWER})(?:\s[^<>]{{0,200}})?{_RIGHT}"),
    (Mark.END, rf"{_LEFT}\s*/\s*(?:{_ANSWER})\s*{_RIGHT}"),
    (Mark.CLOSE, rf"\[\s*/\s*(?:{_WORD})\s*\]"),
    (Mark.OPEN, rf"\[\s*(?:{_WORD})\s*\]"),
    (Mark.CLOSE, rf"◁\s*/\s*(?:{_WORD})\s*▷"),
    (Mark.OPEN, rf"◁\s*(?:{_WORD})\s*▷"),
    (Mark.CLOSE, rf"<\|\s*(?:/|end_of_|end_|end)(?:{_WORD})\s*\|>"),
    (Mark.OPEN, rf"<\|\s*(?:begin_of_|start_of_|begin_|start_)?(?:{_WORD})\s*\|>"),
    (Mark.ANSWER, rf"<\|\s*(?:begin_of_|start_of_|begin_|start_)(?:{_ANSWER})\s*\|>"),
    (Mark.END, rf"<\|\s*(?:end_of_|end_)(?:{_ANSWER})\s*\|>"),
    (Mark.OPEN, r"<\|channel>\s*thought|<unused94>"),
    (Mark.CLOSE, r"<channel\|>|<unused95>"),
    # gpt-oss where a server drops the special tokens but not the words between them; Granite's sentence.
    (Mark.ANSWER, r"assistant\s{0,8}final(?![a-z])|here is my response:"),
)
_KINDS = [kind for kind, _ in _MARKS]
_MARK = re.compile("|".join(f"({pattern})" for _, pattern in _MARKS), re.IGNORECASE)
_UNFINISHED = re.compile(
    r"<[^<>]{0,260}$|&(?:l(?:t(?:;[^<>&]{0,260}(?:&(?:g(?:t)?)?)?)?)?)?$|\[[\s/a-z_]{0,24}$|◁[^▷]{0,24}$"
    r"|assistant\s{0,8}(?:f(?:i(?:n(?:al?)?)?)?)?$|a(?:s(?:s(?:i(?:s(?:t(?:an?)?)?)?)?)?)?$"
    r"|h(?:e(?:r(?:e(?: (?:i(?:s(?: (?:m(?:y(?: [a-z]{0,8})?)?)?)?)?)?)?)?)?)?$",
    re.IGNORECASE,
)
"""The end of a piece that may be the beginning of a mark: it waits for the next piece."""
_LONGEST = 300
"""Characters of the longest mark, attributes included."""


class MarkSplitter:
    """Split an answer into its text and the marks in it, however the pieces are cut."""

    def __init__(self) -> None:
        self._waiting = ""

    def feed(self, piece: str) -> Iterator[tuple[Mark, str]]:
        """Take the next characters and yield the text and the marks that are certain by now."""
        text = self._waiting + piece
        tail = _UNFINISHED.search(text, max(0, len(text) - _LONGEST))
        end = tail.start() if tail else len(text)
        self._waiting = text[end:]
        yield from self._split(text[:end])

    def finish(self) -> Iterator[tuple[Mark, str]]:
        """Yield what was waiting: no more characters will come."""
        text, self._waiting = self._waiting, ""
        yield from self._split(text)

    @staticmethod
    def _split(text: str) -> Iterator[tuple[Mark, str]]:
        at = 0
        for found in _MARK.finditer(text):
            if found.start() > at:
                yield Mark.TEXT, text[at : found.start()]
            yield _KINDS[(found.lastindex or 1) - 1], found[0]
            at = found.end()
        if text[at:]:
            yield Mark.TEXT, text[at:]
