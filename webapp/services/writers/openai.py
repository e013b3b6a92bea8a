"""The writer for OpenAI and for every server that speaks its chat protocol (Ollama, vLLM, LM Studio, gateways)."""

from __future__ import annotations

import base64
import re
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, Self

from webapp.services.writers.answer_pieces import error_in, events_in, pieces, read_body
from webapp.services.writers.base import Usage
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

DEFAULT_BASE_URL = "https://api.openai.com/v1"
NO_KEY = "no-key"
"""Sent where a base URL is set and no key: local servers ask for none, the SDK insists on one."""

_FORMATS = ("json_schema", "json_object", "text")
_ENDINGS = {"length": "length", "max_tokens": "length", "content_filter": "filter"}


class OpenAISettings(Protocol):
    """The settings this writer reads."""

    @property
    def openai_api_key(self) -> str:
        """Hold the key, or nothing for a server that wants none."""
        ...

    @property
    def openai_base_url(self) -> str:
        """Hold the address of another server that speaks the protocol, or nothing."""
        ...

    @property
    def writer_timeout_seconds(self) -> float:
        """Hold the most seconds one storyboard may take."""
        ...


@dataclass(frozen=True, slots=True)
class Rung:
    """What we ask of a server, from everything at the top down to plain text."""

    format: str = "json_schema"
    stream: bool = True
    usage: bool = True
    pictures: bool = True

    def below(  # noqa: PLR0911 - one return per thing to give up
        self, status: int, sentence: str, *, with_pictures: bool, guess: bool
    ) -> Rung | None:
        """Give up what a refusal complains of; None when it is about something else, or nothing is left to give up.

        `guess`: without a hint in the sentence, give up one thing after the other (some only say "bad request").
        """
        said = sentence.lower()
        about_pictures = re.search(r"image|vision|multi.?modal|content.*(string|str\b|type)", said)
        if status in (401, 402, 403, 429) or re.search(r"context.length|too many tokens|policy|billing|quota", said):
            return None
        if self.pictures and with_pictures and about_pictures:
            return replace(self, pictures=False)
        if self.format != "text" and re.search(r"response_format|json_schema|json_object|structured|grammar", said):
            return self._plainer()
        if status >= 500 and status != 501:
            return None
        if self.stream and self.usage and re.search(r"stream_options|include_usage", said):
            return replace(self, usage=False)
        if self.stream and re.search(r"\bstream", said):
            return replace(self, stream=False)
        return self._anything(with_pictures=with_pictures) if guess and status in (400, 415, 422, 501) else None

    def _plainer(self) -> Rung:
        return replace(self, format=_FORMATS[_FORMATS.index(self.format) + 1])

    def _anything(self, *, with_pictures: bool) -> Rung | None:
        if self.format != "text":
            return self._plainer()
        if self.pictures and with_pictures:
            return replace(self, pictures=False)
        if self.usage and self.stream:
            return replace(self, usage=False)
        return replace(self, stream=False) if self.stream else None


class OpenAIWriter(RemoteWriter):
    """Write with chat completions: streamed, by JSON schema, with pictures; or with less where a server has less."""

    name = "openai"
    provider = Provider(
        title="OpenAI",
        key_setting="OPENAI_API_KEY",
        base_url_setting="OPENAI_BASE_URL",
        top_up="platform.openai.com/settings/organization/billing",
    )
    _rung = Rung()

    @classmethod
    def from_settings(cls, settings: OpenAISettings, model: str) -> Self:
        """Make the writer that the settings describe."""
        return cls(
            model,
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url,
            timeout_seconds=settings.writer_timeout_seconds,
        )

    def _sdk(self) -> ModuleType:
        import openai  # noqa: PLC0415 - half a second and 45 MB, for the worker only

        return openai

    def _endpoint(self, client: Any) -> Any:
        return client.chat.completions

    def _client(self, http: httpx2.Client) -> AbstractContextManager[Any]:
        client: AbstractContextManager[Any] = self._sdk().OpenAI(
            api_key=self._api_key or NO_KEY,
            base_url=self._base_url or DEFAULT_BASE_URL,
            timeout=http.timeout,
            max_retries=0,
            http_client=http,
        )
        return client

    def _ping(self, client: Any) -> None:
        # A handful, not one: models that think first answer 400 when not even a thought fits. Only OpenAI itself
        # insists on the new name of the limit, other servers know the old one.
        limit = "max_tokens" if self._base_url else "max_completion_tokens"
        messages = [{"role": "user", "content": "Answer with OK."}]
        answer = self._endpoint(client).create(model=self.model, messages=messages, **{limit: 16})
        if dig(answer, "choices", 0) is None:
            raise broken_answer(self.provider)

    def _ask(self, client: Any, question: Question, bounds: Bounds) -> Iterator[Piece | Usage]:
        answer = self._send(client, question, bounds)
        if not self._rung.stream:
            yield from self._whole(answer)
            return
        with closing(answer):
            content_type = answer.response.headers.get("content-type", "").lower()
            if "stream" not in content_type and re.search("json|html|plain", content_type):
                # Asked for a stream, answered in one piece: some servers do. Or it is a stream by another name.
                text = answer.response.read().decode("utf-8", "replace")
                if found := events_in(text):
                    for event in found:
                        yield from self._chunk(event)
                else:
                    yield from self._whole(text)
            else:
                for chunk in answer:
                    yield from self._chunk(chunk)

    def _send(self, client: Any, question: Question, bounds: Bounds) -> Any:
        """Send the question, stepping down until the server takes it; what it took is remembered."""
        rung = self._rung
        while True:
            try:
                answer = self._endpoint(client).create(**self._request(question, rung, bounds))
            except self._sdk().APIStatusError as error:
                sentence = provider_sentence(error.body) or str(error.body or "")[:2000]
                lower = rung.below(
                    error.status_code,
                    sentence,
                    with_pictures=bool(question.pictures),
                    guess=bool(self._base_url),
                )
                if lower is None:
                    raise
                rung = lower
                continue
            self._rung = rung
            return answer

    def _request(self, question: Question, rung: Rung, bounds: Bounds) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": question.system},
                {"role": "user", "content": _content(question, with_pictures=rung.pictures)},
            ],
            "stream": rung.stream,
        }
        if rung.format == "json_schema":
            schema = {"name": "storyboard", "strict": True, "schema": SCHEMA}
            request["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif rung.format == "json_object":
            request["response_format"] = {"type": "json_object"}
        if rung.stream and rung.usage:
            request["stream_options"] = {"include_usage": True}
        if not rung.stream:
            # Nothing comes before everything has come, so only the deadline limits the silence.
            request["timeout"] = max(bounds.remaining, 0.1)
        return request

    def _chunk(self, chunk: Any) -> Iterator[Piece | Usage]:
        choice = dig(chunk, "choices", 0)
        if said := error_in(choice) or ("" if choice else error_in(chunk)):
            raise self._failed(said)
        yield from pieces(dig(choice, "delta"))
        ending = dig(choice, "finish_reason")
        yield Piece(ending=_ENDINGS.get(ending, "complete") if isinstance(ending, str) and ending else "")
        yield from self._usage(chunk)

    def _whole(self, answer: Any) -> Iterator[Piece | Usage]:
        """Read an answer that came in one piece: the SDK's object, or its text where the server named no JSON."""
        if isinstance(answer, str):
            answer = read_body(answer, self.provider)
        choice = dig(answer, "choices", 0)
        if said := error_in(choice) or error_in(answer):
            raise self._failed(said)
        if dig(choice, "message") is None:
            raise broken_answer(self.provider)
        yield from pieces(dig(choice, "message"))
        yield Piece(ending=_ENDINGS.get(str(dig(choice, "finish_reason")), "complete"))
        yield from self._usage(answer)

    def _usage(self, answer: Any) -> Iterator[Usage]:
        spent = dig(answer, "usage")
        asked, wrote = whole_number(dig(spent, "prompt_tokens")), whole_number(dig(spent, "completion_tokens"))
        if asked or wrote:
            yield Usage(model=self.model, input_tokens=asked, output_tokens=wrote)


def _content(question: Question, *, with_pictures: bool) -> str | list[dict[str, Any]]:
    if not (with_pictures and question.pictures):
        # A plain string: servers without pictures often know no other kind of content.
        return question.user
    parts: list[dict[str, Any]] = [{"type": "text", "text": question.user}]
    for picture in question.pictures:
        url = f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"
        parts.append({"type": "text", "text": f"Asset {picture.alias}:"})
        parts.append({"type": "image_url", "image_url": {"url": url, "detail": "low"}})
    return parts
