"""The parts of an answer, in every shape that servers of the two protocols give them: text, thinking, tool calls."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from webapp.services.writers.calls import Piece, dig, quote
from webapp.services.writers.causes import broken_answer
from webapp.services.writers.error_sentences import provider_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.services.writers.causes import Provider

CALLS = frozenset(("tool_use", "server_tool_use", "tool_call", "function_call"))
"""Types of content blocks that hold the arguments of a call."""
_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "reasoning_text", "thought", "reasoning_details")
"""Fields beside the content in which servers give the thinking; those that give several repeat themselves."""
_THOUGHT_TYPES = ("thinking", "reasoning", "reasoning.text", "reasoning_content", "thought", "redacted_thinking")


_ERROR_NAMES = ("object", "type", "code", "message", "detail", "error_description")


def pieces(message: object) -> Iterator[Piece]:
    """Yield what is in a message of chat completions, or in the next bit (delta) of one."""
    thought = next((text for name in _THOUGHTS if (text := _plain(dig(message, name)))), "")
    refusal = dig(message, "refusal")
    for text, is_thought in _content(dig(message, "content")):
        yield Piece(thought=text) if is_thought else Piece(text=text)
    yield Piece(
        thought=thought,
        refusal=refusal if isinstance(refusal, str) else "",
        call="".join(_arguments(message)),
    )


def block_text(block: object) -> str:
    """Return the text of a content block of Anthropic's messages, a call's input as JSON; empty for thinking."""
    given, text = dig(block, "input"), dig(block, "text")
    if isinstance(given, dict | list) and given:
        return json.dumps(given)
    given = text if isinstance(text, str) else given
    return given if isinstance(given, str) else ""


def error_in(answer: object) -> object:
    """Return the body of an error that comes in the place of an answer; None for what is no error."""
    if error := dig(answer, "error"):
        return error if isinstance(error, dict | list) else answer if error is True else {"error": error}
    # The SDK's objects hold what it does not know as attributes: a sentence needs something to be looked up in.
    given = answer if isinstance(answer, Mapping) else {name: dig(answer, name) for name in _ERROR_NAMES}
    is_named = given.get("object") == "error" or given.get("type") == "error"
    says_why = any(isinstance(given.get(name), str) for name in ("message", "detail", "error_description"))
    return given if is_named or says_why or isinstance(given.get("detail"), list) else None


def events_in(text: str) -> list[dict[str, Any]]:
    """Return the events of a stream that was sent as something else; empty if it is none."""
    if not text.lstrip().startswith(("data:", "event:", ":", "id:")):
        return []
    found = []
    for line in re.split(r"\r\n|\r|\n", text):  # splitlines would also split inside of JSON strings
        field, _, data = line.partition(":")
        if field == "data" and data.strip() != "[DONE]":
            try:
                value = json.loads(data)
            except ValueError:
                continue
            if isinstance(value, dict):
                found.append(value)
    return found


def read_body(text: str, provider: Provider) -> Any:
    """Parse the JSON of an answer in one piece; raises the WriterError that quotes it where it is something else."""
    try:
        return json.loads(text)
    except ValueError:
        raise broken_answer(provider, quote(provider_sentence(text))) from None


def _content(content: object) -> Iterator[tuple[str, bool]]:
    """Yield the texts of a content, each with whether it is thinking: a string, a list of parts, or an object."""
    if isinstance(content, str):
        yield content, False
    elif isinstance(content, list):
        for part in content:
            yield from _content(part)
    elif content is not None:
        kind = dig(content, "type")
        if kind in _THOUGHT_TYPES:
            yield _plain(content), True
        elif kind is None and dig(content, "text") is None and isinstance(content, dict):
            yield json.dumps(content), False  # the scenes themselves, where their text was to be
        elif text := _plain(content):
            yield text, False


def _plain(value: object) -> str:
    """Return the text in a part of content: a string, an object with one, or a list of these."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_plain(item) for item in value)
    names = ("text", "thinking", "reasoning", "content", "value", "summary")
    return next((text for name in names if value is not None and (text := _plain(dig(value, name)))), "")


def _arguments(message: object) -> Iterator[str]:
    calls = dig(message, "tool_calls")
    functions = [dig(call, "function") or call for call in calls] if isinstance(calls, list) else []
    for function in (*functions, dig(message, "function_call")):
        given = dig(function, "arguments") or dig(function, "input")
        if isinstance(given, str):
            yield given
        elif isinstance(given, dict | list) and given:
            yield json.dumps(given)
