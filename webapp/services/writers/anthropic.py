"""The writer for Anthropic's messages API; its SDK is an optional extra."""

from __future__ import annotations

import base64
import re
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, Self

from webapp.services.writers.answer_pieces import CALLS, block_text, error_in, events_in, read_body
from webapp.services.writers.base import Usage, WriterError
from webapp.services.writers.calls import Piece, dig, whole_number
from webapp.services.writers.causes import Provider, broken_answer
from webapp.services.writers.error_sentences import provider_sentence
from webapp.services.writers.instructions import SCHEMA
from webapp.services.writers.remote import RemoteWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import httpx2

    from webapp.services.writers.bounded_http import Bounds
    from webapp.services.writers.prompt import Question

DEFAULT_BASE_URL = "https://api.anthropic.com"
NO_KEY = "no-key"
TOOL = "write_scenes"
MAX_TOKENS = 16_000
"""Thinking included, where a model thinks first; seven scenes are about 1,500."""
FEWER_TOKENS = 4_000
"""For older models, whose answers may not be longer than 4,096."""

_ENDINGS = {"max_tokens": "length", "model_context_window_exceeded": "length", "refusal": "refusal"}


class AnthropicSettings(Protocol):
    """The settings this writer reads."""

    @property
    def anthropic_api_key(self) -> str:
        """Hold the key, or nothing for a server that wants none."""
        ...

    @property
    def anthropic_base_url(self) -> str:
        """Hold the address of another server that speaks the protocol, or nothing."""
        ...

    @property
    def writer_timeout_seconds(self) -> float:
        """Hold the most seconds one storyboard may take."""
        ...


@dataclass(frozen=True, slots=True)
class Rung:
    """How the scenes are asked for: by a tool the model must use, by a schema for its text, or in plain words.

    Models that always think first (Sonnet 5.5 and its kin) answer 400 to a forced tool; older ones know no schema.
    """

    shape: str = "tool"
    pictures: bool = True
    max_tokens: int = MAX_TOKENS

    def below(self, status: int, sentence: str, *, with_pictures: bool) -> Rung | None:
        """Give up what a refusal complains of; None when it is about something else."""
        said = sentence.lower()
        if status not in (400, 404, 413, 415, 422, 501):
            return None
        if "max_tokens" in said and self.max_tokens > FEWER_TOKENS:
            return replace(self, max_tokens=FEWER_TOKENS)
        if self.pictures and with_pictures and re.search(r"image|vision|media_type", said):
            return replace(self, pictures=False)
        if self.shape == "tool" and re.search(r"tool", said):
            return replace(self, shape="schema")
        if self.shape == "schema" and re.search(r"output_config|output_format|schema|format|extra inputs", said):
            return replace(self, shape="text")
        return None


class AnthropicWriter(RemoteWriter):
    """Write with streamed messages; the scenes come as the input of a tool, which keeps them to the schema."""

    name = "anthropic"
    provider = Provider(
        title="Anthropic",
        key_setting="ANTHROPIC_API_KEY",
        base_url_setting="ANTHROPIC_BASE_URL",
        top_up="console.anthropic.com/settings/billing",
    )
    _rung = Rung()

    @classmethod
    def from_settings(cls, settings: AnthropicSettings, model: str) -> Self:
        """Make the writer that the settings describe."""
        return cls(
            model,
            api_key=settings.anthropic_api_key,
            base_url=settings.anthropic_base_url,
            timeout_seconds=settings.writer_timeout_seconds,
        )

    def _sdk(self) -> ModuleType:
        try:
            import anthropic  # noqa: PLC0415 - an optional extra, for the worker only
        except ImportError:
            raise WriterError(
                "The Anthropic writer is not installed.",
                permanent=True,
                hint="Install it with: pip install slate-storyboards[anthropic]",
            ) from None
        return anthropic

    def _endpoint(self, client: Any) -> Any:
        return client.messages

    def _client(self, http: httpx2.Client) -> AbstractContextManager[Any]:
        client: AbstractContextManager[Any] = self._sdk().Anthropic(
            api_key=self._api_key or NO_KEY,
            base_url=self._base_url or DEFAULT_BASE_URL,
            timeout=http.timeout,
            max_retries=0,
            http_client=http,
        )
        return client

    def _ping(self, client: Any) -> None:
        answer = self._endpoint(client).create(
            model=self.model, max_tokens=16, messages=[{"role": "user", "content": "Answer with OK."}]
        )
        if dig(answer, "stop_reason") is None and not dig(answer, "content", 0):
            raise broken_answer(self.provider)

    def _ask(
        self,
        client: Any,
        question: Question,
        bounds: Bounds,  # noqa: ARG002 - the client keeps to them
    ) -> Iterator[Piece | Usage]:
        answer = self._send(client, question)
        with closing(answer):
            content_type = answer.response.headers.get("content-type", "").lower()
            if "stream" not in content_type and re.search("json|html|plain", content_type):
                # Asked for a stream, answered in one piece: some gateways do. Or it is a stream by another name.
                text = answer.response.read().decode("utf-8", "replace")
                if found := events_in(text):
                    yield from self._events(found)
                else:
                    yield from self._whole(read_body(text, self.provider))
            else:
                yield from self._events(answer)

    def _send(self, client: Any, question: Question) -> Any:
        """Send the question, stepping down until the server takes it; what it took is remembered."""
        rung = self._rung
        while True:
            try:
                answer = self._endpoint(client).create(**self._request(question, rung))
            except self._sdk().APIStatusError as error:
                sentence = provider_sentence(error.body) or str(error.body or "")[:2000]
                lower = rung.below(error.status_code, sentence, with_pictures=bool(question.pictures))
                if lower is None:
                    raise
                rung = lower
                continue
            self._rung = rung
            return answer

    def _request(self, question: Question, rung: Rung) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.model,
            "max_tokens": rung.max_tokens,
            "system": question.system,
            "messages": [{"role": "user", "content": _content(question, with_pictures=rung.pictures)}],
            "stream": True,
        }
        if rung.shape == "tool":
            request["tools"] = [
                {"name": TOOL, "description": "Hand in the scenes of the storyboard.", "input_schema": SCHEMA}
            ]
            request["tool_choice"] = {"type": "tool", "name": TOOL}
        elif rung.shape == "schema":
            request["output_config"] = {"format": {"type": "json_schema", "schema": SCHEMA}}
        return request

    def _events(self, events: Any) -> Iterator[Piece | Usage]:
        asked = wrote = 0
        has_called = False
        for event in events:
            match dig(event, "type"):
                case "message_start":
                    asked = self._input_tokens(dig(event, "message", "usage"))
                case "content_block_start":
                    is_call = dig(event, "content_block", "type") in CALLS
                    # Some gateways give the whole block at once, here.
                    yield Piece(text=block_text(dig(event, "content_block")), restart=is_call and not has_called)
                    has_called = has_called or is_call
                case "content_block_delta":
                    text = dig(event, "delta", "partial_json") or dig(event, "delta", "text")
                    thought = dig(event, "delta", "thinking")
                    yield Piece(
                        text=text if isinstance(text, str) else "", thought=thought if isinstance(thought, str) else ""
                    )
                case "message_delta":
                    wrote = whole_number(dig(event, "usage", "output_tokens"))
                    asked = max(asked, self._input_tokens(dig(event, "usage")))
                    reason = dig(event, "delta", "stop_reason")
                    yield Piece(ending=_ENDINGS.get(reason, "complete") if isinstance(reason, str) else "")
                case "error":
                    raise self._failed(event)
        if asked or wrote:
            yield Usage(model=self.model, input_tokens=asked, output_tokens=wrote)

    def _whole(self, answer: Any) -> Iterator[Piece | Usage]:
        if said := error_in(answer):
            raise self._failed(said)
        blocks = dig(answer, "content")
        if isinstance(blocks, str):
            blocks = [{"type": "text", "text": blocks}]
        if not isinstance(blocks, list):
            raise broken_answer(self.provider)
        has_called = False
        for block in blocks:
            is_call = dig(block, "type") in CALLS
            thought = dig(block, "thinking")
            yield Piece(
                text=block_text(block),
                thought=thought if isinstance(thought, str) else "",
                restart=is_call and not has_called,
            )
            has_called = has_called or is_call
        yield Piece(ending=_ENDINGS.get(str(dig(answer, "stop_reason")), "complete"))
        usage = dig(answer, "usage")
        asked, wrote = self._input_tokens(usage), whole_number(dig(usage, "output_tokens"))
        if asked or wrote:
            yield Usage(model=self.model, input_tokens=asked, output_tokens=wrote)

    @staticmethod
    def _input_tokens(usage: object) -> int:
        names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        return sum(whole_number(dig(usage, name)) for name in names)


def _content(question: Question, *, with_pictures: bool) -> str | list[dict[str, Any]]:
    if not (with_pictures and question.pictures):
        return question.user
    parts: list[dict[str, Any]] = []
    for picture in question.pictures:
        encoded = base64.b64encode(picture.content).decode()
        parts.append({"type": "text", "text": f"Asset {picture.alias}:"})
        source = {"type": "base64", "media_type": picture.media_type, "data": encoded}
        parts.append({"type": "image", "source": source})
    return [*parts, {"type": "text", "text": question.user}]
