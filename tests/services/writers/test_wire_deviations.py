"""Answers and errors that leave the wire format, over real HTTP: content in parts, tool calls, thinking, odd errors."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.services.writers.provider_server import KEY, Answer, AnthropicWire, OpenAIWire, body, pieces_of, scene, story
from webapp.services.writers.anthropic import AnthropicWriter
from webapp.services.writers.base import Constraints, Redo, SceneDraft, Withdrawn, WriterError
from webapp.services.writers.openai import OpenAIWriter

DRAFT = json.dumps({"scenes": [scene(n, script=f"DRAFT {n}") for n in (1, 2, 3)]})
ONE_DRAFT = json.dumps({"scenes": [scene(1, script="DRAFT")]})
SCRIPTS = [scene(n)["script"] for n in (1, 2, 3)]
MEMORY = "model requires more system memory (7.5 GiB) than is available (5.2 GiB)"


@pytest.fixture
def openai(provider):
    return OpenAIWriter("m", base_url=provider.url + "/v1", api_key=KEY, timeout_seconds=20, backoff_seconds=0.001)


@pytest.fixture
def anthropic(provider):
    return AnthropicWriter("m", base_url=provider.url, api_key=KEY, timeout_seconds=20, backoff_seconds=0.001)


def written(writer: Any, brief: Any) -> list[str]:
    kept: list[str] = []
    for event in writer.write(brief):
        if isinstance(event, Withdrawn):
            del kept[len(kept) - len(event.numbers) :]
        elif isinstance(event, SceneDraft):
            kept.append(event.script)
    return kept


def chunks(*deltas: dict[str, Any], ending: str = "stop", **more: Any) -> Answer:
    """Stream these deltas of chat completions."""
    choices = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": ending})
    lines = [b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n" for choice in choices]
    return Answer([*lines, b"data: [DONE]\n\n"], **({"content_type": "text/event-stream"} | more))


def blocks(*given: tuple[dict[str, Any], list[dict[str, Any]]]) -> Answer:
    """Stream content blocks of messages, each with its deltas."""
    events: list[dict[str, Any]] = [{"type": "message_start", "message": {"id": "m", "type": "message", "content": []}}]
    for index, (block, deltas) in enumerate(given):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    events += [{"type": "message_delta", "delta": {"stop_reason": "end_turn"}}, {"type": "message_stop"}]
    lines = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events]
    return Answer(lines, content_type="text/event-stream")


def call(arguments: Any, name: str = "write_scenes") -> dict[str, Any]:
    return {
        "tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": name, "arguments": arguments}}]
    }


def in_pieces(name: str, text: str) -> list[dict[str, Any]]:
    return [{name: piece} for piece in pieces_of(text, 60)]


class TestOpenAI:
    @pytest.mark.parametrize(
        "deltas",
        [
            [{"content": [{"type": "text", "text": story()}]}],
            [{"content": [{"type": "thinking", "thinking": [{"type": "text", "text": DRAFT}]}]}, {"content": story()}],
            [{"content": {"text": story()}}],
            [{"content": json.loads(story())}],
            [{"content": ["", story()]}],
            [call(story())],
            [call(""), *[call(piece) for piece in pieces_of(story(), 60)]],
            [call(json.loads(story()))],
            [call(json.dumps(scene(n))) for n in (1, 2, 3)],
            [{"content": "I will hand in the scenes."}, call(story())],
            [{"function_call": {"name": "write", "arguments": story()}}],
            in_pieces("reasoning_content", story()),
            in_pieces("reasoning", f"First: {ONE_DRAFT} Too weak. Better: {story()}"),
            in_pieces("reasoning_content", f"{DRAFT}</think>{story()}"),
            [{"reasoning_details": [{"type": "reasoning.text", "text": story()}]}],
            [*in_pieces("reasoning_content", DRAFT), *in_pieces("content", story())],
            [{"reasoning_content": DRAFT, "content": "\n"}, {"content": story()}],
            [*in_pieces("reasoning_content", DRAFT), call(story())],
        ],
    )
    def test_the_scenes_are_taken_from_where_they_are(self, provider, openai, brief, deltas):
        provider.script = [chunks(*deltas)]
        assert written(openai, brief) == SCRIPTS
        assert len(provider.requests) == 1

    @pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
    @pytest.mark.parametrize("thought", [ONE_DRAFT, "Okay, a cup. What would a reader see?"])
    def test_thinking_alone_is_said(self, provider, openai, brief, field, thought):
        provider.script = [chunks({field: thought})]
        with pytest.raises(WriterError, match="only thought aloud") as caught:
            written(openai, brief)
        assert "Turn its thinking off" in caught.value.hint
        assert "Your thinking is not read" in json.dumps(provider.requests[1], ensure_ascii=False)

    def test_thinking_up_to_the_length_limit_is_said(self, provider, openai, brief):
        provider.script = [chunks({"reasoning_content": DRAFT}, ending="length")]
        with pytest.raises(WriterError, match="only thought aloud"):
            written(openai, brief)

    def test_a_whole_answer_with_its_thinking_apart(self, provider, openai, brief):
        message = {"role": "assistant", "reasoning_content": DRAFT, "content": [{"type": "text", "text": story()}]}
        provider.script = [body({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})]
        assert written(openai, brief) == SCRIPTS

    @pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/octet-stream"])
    def test_a_stream_by_another_name(self, provider, openai, brief, content_type):
        provider.script = [chunks(*in_pieces("content", story()), content_type=content_type)]
        assert written(openai, brief) == SCRIPTS

    @pytest.mark.parametrize("size", [1, 3, 7])
    def test_thinking_cut_into_any_pieces(self, provider, openai, brief, size):
        text = f"{ONE_DRAFT}\n</think>\n{story()}"
        provider.script = [OpenAIWire().stream(text, size=size)]
        assert written(openai, brief) == SCRIPTS

    def test_bytes_cut_anywhere(self, provider, openai, brief):
        answer = OpenAIWire().stream(f"◁think▷{DRAFT}◁/think▷{story()}", size=200)
        whole = b"".join(answer.pieces)
        provider.script = [replace(answer, pieces=[whole[at : at + 7] for at in range(0, len(whole), 7)])]
        assert written(openai, brief) == SCRIPTS


class TestAnthropic:
    def test_thinking_blocks_are_apart(self, provider, anthropic, brief):
        thinking = ({"type": "thinking", "thinking": ""}, [{"type": "thinking_delta", "thinking": DRAFT}])
        text = ({"type": "text", "text": ""}, [{"type": "text_delta", "text": each} for each in pieces_of(story(), 60)])
        provider.script = [blocks(thinking, text)]
        assert written(anthropic, brief) == SCRIPTS

    def test_a_draft_in_the_text_before_the_call_is_withdrawn(self, provider, anthropic, brief):
        text = ({"type": "text", "text": ""}, [{"type": "text_delta", "text": each} for each in pieces_of(DRAFT, 60)])
        tool = {"type": "tool_use", "id": "t", "name": "write_scenes", "input": {}}
        given = (tool, [{"type": "input_json_delta", "partial_json": each} for each in pieces_of(story(), 60)])
        provider.script = [blocks(text, given)]
        assert written(anthropic, brief) == SCRIPTS

    @pytest.mark.parametrize(
        "block",
        [
            {"type": "text", "text": story()},
            {"type": "tool_use", "id": "t", "name": "write_scenes", "input": json.loads(story())},
            {
                "type": "tool_use",
                "id": "t",
                "name": "write_scenes",
                "input": {"scenes": json.dumps(json.loads(story())["scenes"])},
            },
            {"type": "text", "text": f"<thinking>{DRAFT}</thinking>{story()}"},
        ],
        ids=["text", "input", "input-as-text", "marks"],
    )
    def test_a_block_that_comes_whole(self, provider, anthropic, brief, block):
        whole = body({"type": "message", "content": [block], "stop_reason": "end_turn"})
        provider.script = [blocks((block, [])), whole]
        assert written(anthropic, brief) == SCRIPTS
        provider.script = [whole]
        assert written(anthropic, brief) == SCRIPTS

    def test_one_call_a_scene(self, provider, anthropic, brief):
        tools = [
            (
                {"type": "tool_use", "id": f"t{n}", "name": "s", "input": {}},
                [{"type": "input_json_delta", "partial_json": json.dumps({"scenes": [scene(n)]})}],
            )
            for n in (1, 2, 3)
        ]
        provider.script = [blocks(*tools)]
        assert written(anthropic, brief) == SCRIPTS

    def test_thinking_alone_is_said(self, provider, anthropic, brief):
        provider.script = [
            blocks(({"type": "thinking", "thinking": ""}, [{"type": "thinking_delta", "thinking": "Hm."}]))
        ]
        with pytest.raises(WriterError, match="only thought aloud"):
            written(anthropic, brief)


ERRORS = {
    "error": {"error": MEMORY},
    "error.message": {"error": {"message": MEMORY, "type": "api_error"}},
    "message": {"message": MEMORY},
    "detail": {"detail": MEMORY},
    "detail list": {"detail": [{"loc": ["body"], "msg": MEMORY}]},
    "detail object": {"detail": {"error": {"message": MEMORY}}},
    "object": {"object": "error", "message": MEMORY, "code": 500},
    "list": [{"error": {"code": 500, "message": MEMORY}}],
    "errors": {"errors": [{"message": MEMORY}]},
    "problem": {"type": "about:blank", "title": MEMORY, "status": 500},
    "text of JSON": {"error": json.dumps({"error": {"message": MEMORY}})},
    "capitals": {"Error": {"Message": MEMORY}},
}


class TestErrors:
    def message(self, writer: Any, brief: Any) -> str:
        with pytest.raises(WriterError) as caught:
            written(writer, brief)
        assert "smaller model" in caught.value.hint
        return caught.value.message

    @pytest.mark.parametrize("value", ERRORS.values(), ids=ERRORS)
    @pytest.mark.parametrize("status", [400, 500])
    def test_the_sentence_of_the_server(self, provider, openai, brief, value, status):
        provider.script = [body(value, status)]
        assert MEMORY in self.message(openai, brief)

    @pytest.mark.parametrize("name", ["error", "error.message", "message", "detail", "object"])
    def test_the_sentence_with_status_200_and_in_a_stream(self, provider, openai, anthropic, brief, name):
        whole = body(ERRORS[name])
        event = Answer([f"data: {json.dumps(ERRORS[name])}\n\n".encode()], content_type="text/event-stream")
        for answer in (whole, event):
            provider.script = [answer]
            assert MEMORY in self.message(openai, brief)
        provider.script = [whole]
        assert MEMORY in self.message(anthropic, brief)

    @pytest.mark.parametrize(
        "page",
        [
            MEMORY,
            f"<!doctype html><html><head><title>{MEMORY}</title></head><body><h1>x</h1></body></html>",
            f"<html><body><h1>{MEMORY}</h1><script>alert(1)</script></body></html>",
            f"\x1b[31m{MEMORY}\x1b[0m\n\u202e",
        ],
        ids=["text", "title", "heading", "terminal"],
    )
    def test_the_sentence_of_a_page(self, provider, openai, anthropic, brief, page):
        for writer in (openai, anthropic):
            provider.script = [Answer([page.encode()], status=500, content_type="text/html")]
            said = self.message(writer, brief)
            assert MEMORY in said
            assert not set(said) & set("<>\x1b\u202e\n")

    def test_a_sentence_is_short_and_holds_no_key(self, provider, openai, brief):
        long = f"{KEY} sk-other-1234567890 Bearer abcdef123456 http://ada:hunter2@host/ " + "memory " * 200
        provider.script = [body({"error": long}, 500)]
        said = self.message(openai, brief)
        assert len(said) < 300
        for secret in (KEY, "1234567890", "abcdef123456", "hunter2"):
            assert secret not in said

    @pytest.mark.parametrize("status", [401, 404, 429, 402])
    def test_every_cause_quotes_the_server(self, provider, openai, brief, status):
        provider.script = [
            body({"error": "model “m” not found, try pulling it first"}, status, headers={"Retry-After": "99"})
        ]
        with pytest.raises(WriterError, match="try pulling it first"):
            written(openai, brief)


class TestRewrites:
    @pytest.mark.parametrize("wire", [OpenAIWire(), AnthropicWire()], ids=["openai", "anthropic"])
    def test_a_redo_takes_no_draft_and_the_right_scene(self, provider, openai, anthropic, brief, wire):
        writer = openai if wire.name == "openai" else anthropic
        more = {} if wire.name == "openai" else {"as_text": True}
        provider.script = [wire.stream(f"{DRAFT}</think>{story()}", **more)]
        redone = writer.rewrite(Redo(brief=brief, number=2, scene=None, constraints=Constraints(seconds=6.0)))
        assert redone.draft.script == SCRIPTS[1]

    def test_what_was_wrong_is_said(self, provider, openai, brief):
        provider.script = [OpenAIWire().stream(story(1, first=2, script=[{"tone": "warm"}]))]
        with pytest.raises(WriterError) as caught:
            openai.rewrite(Redo(brief=brief, number=2, scene=None, constraints=Constraints(seconds=6.0)))
        assert "its script could not be read as text" in caught.value.message
        assert "feedback" not in caught.value.message + caught.value.hint
        assert len(provider.requests) == 2
