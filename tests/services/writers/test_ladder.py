"""Servers that lack schema, JSON mode, streaming, pictures or forced tools: the writer steps down and remembers."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.services.writers.provider_server import KEY, AnthropicWire, FakeProvider, OpenAIWire, body, story
from webapp.services.writers.anthropic import AnthropicWriter
from webapp.services.writers.base import Brief, SceneDraft, WriterError
from webapp.services.writers.openai import OpenAIWriter, Rung

WIRE = OpenAIWire()


def server_without(*lacks: str, answer: str = "", sentence: str = "") -> Any:
    """Play a server that refuses a request using what it lacks, by name or with one `sentence` for everything."""

    def respond(request: dict[str, Any]) -> Any:
        used = {
            "json_schema": request.get("response_format", {}).get("type") == "json_schema",
            "response_format": "response_format" in request,
            "stream_options": "stream_options" in request,
            "stream": bool(request.get("stream")),
            "image_url": "image_url" in json.dumps(request["messages"]),
        }
        for name in lacks:
            if used[name]:
                return WIRE.error(400, sentence or f"'{name}' is not supported by this server")
        text = answer or story()
        return WIRE.stream(text, usage="stream_options" in request) if request["stream"] else WIRE.whole(text)

    return respond


@pytest.fixture
def openai(provider: FakeProvider) -> OpenAIWriter:
    return OpenAIWriter(
        "test-model", api_key=KEY, base_url=provider.url + "/v1", timeout_seconds=20, backoff_seconds=0.01
    )


def scenes(writer: Any, brief: Brief) -> list[SceneDraft]:
    return [event for event in writer.write(brief) if isinstance(event, SceneDraft)]


@pytest.mark.parametrize(
    ("lacks", "rung"),
    [
        (["json_schema"], Rung(format="json_object")),
        (["response_format"], Rung(format="text")),
        (["stream_options"], Rung(usage=False)),
        (["stream"], Rung(stream=False)),
        (["image_url"], Rung(pictures=False)),
        (["image_url", "response_format", "stream"], Rung(format="text", stream=False, pictures=False)),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_what_a_server_names_is_left_out_and_remembered(provider, openai, brief, lacks, rung):
    provider.script = [server_without(*lacks)]
    assert len(scenes(openai, brief)) == 3
    assert openai._rung == rung
    asked = len(provider.requests)
    assert len(scenes(openai, brief)) == 3
    assert len(provider.requests) == asked + 1


def test_a_server_that_only_says_bad_request(provider, openai, brief):
    provider.script = [server_without("image_url", "response_format", "stream", sentence="Bad Request")]
    assert len(scenes(openai, brief)) == 3
    assert len(provider.requests) == 6


def test_the_ladder_ends(provider, openai, brief):
    provider.script = [WIRE.error(400, "Bad Request")]
    with pytest.raises(WriterError) as caught:
        scenes(openai, brief)
    assert caught.value.permanent
    assert len(provider.requests) == 6
    assert openai._rung == Rung(), "what never worked is not remembered"


def test_openai_itself_is_taken_at_its_word(provider, openai, brief):
    refused = Rung().below(400, "Bad Request", with_pictures=True, guess=False)
    assert refused is None


def test_a_server_that_fails_on_pictures_with_500(provider, openai, brief):
    provider.script = [WIRE.error(500, "image input is not supported, hint: load a projector"), WIRE.stream(story())]
    assert len(scenes(openai, brief)) == 3
    assert openai._rung == Rung(pictures=False)


def test_a_server_that_ignores_stream(provider, openai, brief):
    provider.script = [WIRE.whole(story())]
    assert len(scenes(openai, brief)) == 3


def test_a_server_that_names_no_json(provider, openai, brief):
    openai._rung = Rung(stream=False)
    provider.script = [WIRE.whole(story(), content_type="text/plain")]
    assert len(scenes(openai, brief)) == 3


@pytest.mark.parametrize("content", [None, ""])
def test_null_content(provider, openai, brief, content):
    openai._rung = Rung(stream=False)
    provider.script = [WIRE.whole(content)]
    with pytest.raises(WriterError):
        scenes(openai, brief)


@pytest.mark.parametrize("text", [
    "Here you go:\n```json\n" + story() + "\n```\nEnjoy!",
    "<think>First {a draft}: " + story(1) + "</think>" + story(),
    json.dumps(json.loads(story())["scenes"]),
    "\n".join(json.dumps(scene) for scene in json.loads(story())["scenes"]),
    json.dumps({"storyboard": json.loads(story())}),
    story().replace('"assets": []}', '"assets": [],}'),
    story().replace("steam rises", "steam\nrises"),
    "It's a \"great\" brief [really]. " + story(),
], ids=[
    "fenced", "thinking", "bare list", "one a line", "wrapped", "trailing commas", "raw line break", "talk",
])  # fmt: skip
def test_repairs(provider, openai, brief, text):
    provider.script = [WIRE.stream(text, size=7)]
    assert [scene.title for scene in scenes(openai, brief)] == ["Morning 1", "Morning 2", "Morning 3"]


def test_content_filter_twice_is_final(provider, openai, brief):
    provider.script = [WIRE.stream(story()[:500], ending="content_filter"), WIRE.stream("", ending="content_filter")]
    with pytest.raises(WriterError, match="content filter") as caught:
        scenes(openai, brief)
    assert caught.value.permanent
    assert len(provider.requests) == 2


def test_content_filter_once_is_asked_again(provider, openai, brief):
    provider.script = [WIRE.stream(story()[:500], ending="content_filter"), WIRE.stream(story(2, first=2))]
    assert len(scenes(openai, brief)) == 3


class TestAnthropic:
    wire = AnthropicWire()

    @pytest.fixture
    def writer(self, provider: FakeProvider) -> AnthropicWriter:
        return AnthropicWriter(
            "test-model", api_key=KEY, base_url=provider.url, timeout_seconds=20, backoff_seconds=0.01
        )

    def test_forces_the_tool(self, provider, writer, brief):
        provider.script = [self.wire.stream(story())]
        assert len(scenes(writer, brief)) == 3
        assert provider.requests[0]["tool_choice"] == {"type": "tool", "name": "write_scenes"}

    def test_models_that_refuse_a_forced_tool_get_a_schema(self, provider, writer, brief):
        refusal = self.wire.error(400, "tool_choice: forced tool use is not supported", "invalid_request_error")
        provider.script = [refusal, self.wire.stream(story(), as_text=True)]
        assert len(scenes(writer, brief)) == 3
        assert provider.requests[1]["output_config"]["format"]["type"] == "json_schema"
        assert len(scenes(writer, brief)) == 3
        assert len(provider.requests) == 3

    def test_models_that_know_neither_get_plain_words(self, provider, writer, brief):
        provider.script = [
            self.wire.error(400, "tool_choice: not supported", "invalid_request_error"),
            self.wire.error(400, "output_config: Extra inputs are not permitted", "invalid_request_error"),
            self.wire.stream("```json\n" + story() + "\n```", as_text=True),
        ]
        assert len(scenes(writer, brief)) == 3

    def test_models_with_shorter_answers(self, provider, writer, brief):
        refusal = self.wire.error(400, "max_tokens: 16000 > 4096, the maximum allowed", "invalid_request_error")
        provider.script = [refusal, self.wire.stream(story())]
        assert len(scenes(writer, brief)) == 3
        assert provider.requests[1]["max_tokens"] <= 4096

    def test_talk_before_the_tool_is_not_the_answer(self, provider, writer, brief):
        talk = self.wire.stream('Let me {"think', as_text=True)
        tool = self.wire.stream(story())
        talk.pieces = [*list(talk.pieces)[:-2], *list(tool.pieces)[2:]]
        provider.script = [talk]
        assert len(scenes(writer, brief)) == 3

    def test_an_answer_in_one_piece(self, provider, writer, brief):
        block = {"type": "tool_use", "id": "t", "name": "write_scenes", "input": json.loads(story())}
        provider.script = [body({"type": "message", "content": [block], "stop_reason": "tool_use"})]
        assert len(scenes(writer, brief)) == 3

    def test_overloaded(self, provider, writer, brief):
        provider.script = [self.wire.error(529, "Overloaded", "overloaded_error")]
        with pytest.raises(WriterError, match="overloaded") as caught:
            scenes(writer, brief)
        assert not caught.value.permanent
        assert len(provider.requests) == 4

    def test_without_the_extra(self, writer, brief, monkeypatch):
        monkeypatch.setitem(sys.modules, "anthropic", None)
        with pytest.raises(WriterError, match="not installed") as caught:
            scenes(writer, brief)
        assert caught.value.permanent
        assert "slate-storyboards[anthropic]" in caught.value.hint
