# ruff: noqa: ARG002 - `wire` chooses the provider, also where a test does not name it

"""The model writers against a server that speaks the wire format: what goes well, and every way it goes wrong."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import logging
import time
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from tests.services.writers.provider_server import KEY, Answer, FakeProvider, OpenAIWire, body, scene, story
from webapp.services.writers.base import (
    Brief,
    BrokenScene,
    Constraints,
    Redo,
    SceneDraft,
    Usage,
    Words,
    WriterError,
    WriterEvent,
)

if TYPE_CHECKING:
    from tests.services.writers.conftest import MakeWriter, Wire

PATIENCE = 0.4
"""Seconds a writer gets in tests where the server never comes to an end."""


def drafts(events: list[WriterEvent]) -> list[SceneDraft]:
    return [event for event in events if isinstance(event, SceneDraft)]


def usages(events: list[WriterEvent]) -> list[Usage]:
    return [event for event in events if isinstance(event, Usage)]


def numbers(events: list[WriterEvent]) -> list[int]:
    return [event.number for event in drafts(events)]


def failing(writer: Any, brief: Brief, within: float = 10.0) -> tuple[WriterError, list[WriterEvent]]:
    """Write until it fails; the error, and what had come before it. Anything but WriterError fails the test."""
    events: list[WriterEvent] = []
    started = time.monotonic()
    with pytest.raises(WriterError) as caught:  # noqa: PT012 - what came before the error is kept
        for event in writer.write(brief):
            events.append(event)  # noqa: PERF402 - what came before the error counts
    assert time.monotonic() - started < within
    assert "None" not in caught.value.message
    assert caught.value.hint
    return caught.value, events


class TestAnswers:
    def test_scenes_come_in_order_with_words_before_and_usage_after(
        self, provider, wire: Wire, writer: MakeWriter, brief
    ):
        provider.script = [wire.stream(story())]
        events = list(writer().write(brief))
        assert numbers(events) == [1, 2, 3]
        assert usages(events) == [Usage(model="test-model", input_tokens=700, output_tokens=300)]
        assert isinstance(events[0], Words)
        assert isinstance(events[-1], Usage)
        first = drafts(events)[0]
        assert (first.title, first.shot_type, first.beat) == ("Morning 1", "wide", "hook")

    def test_a_scene_is_there_before_the_answer_ends(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story(), delay=0.01)]
        at = {}
        started = time.monotonic()
        for event in writer().write(brief):
            at.setdefault(type(event).__name__ + str(getattr(event, "number", "")), time.monotonic() - started)
        total = at["Usage"]
        assert at["Words1"] < at["SceneDraft1"] < at["Words2"] < at["SceneDraft3"]
        assert at["Words1"] < total * 0.25
        assert at["SceneDraft1"] < total * 0.5

    def test_words_grow_and_belong_to_the_scene_that_follows(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story())]
        events = list(writer().write(brief))
        for number in (1, 2, 3):
            lengths = [len(e.description) for e in events if isinstance(e, Words) and e.number == number]
            assert len(lengths) > 3
            assert lengths == sorted(lengths)

    def test_finished_scenes_are_told_and_not_written_again(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story())]
        done = drafts(list(writer().write(brief)))[:2]
        provider.script.append(wire.stream(story(1, first=3)))
        assert numbers(list(writer().write(brief, done))) == [3]
        asked = json.dumps(provider.requests[1])
        assert "Write scene 3 of 3" in asked
        assert done[0].script in asked

    def test_nothing_is_asked_when_nothing_is_missing(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story())]
        done = drafts(list(writer().write(brief)))
        assert list(writer().write(brief, done)) == []
        assert len(provider.requests) == 1

    def test_a_continuation_that_repeats_finished_scenes_is_taken_from_the_new_one(self, provider, wire, writer, brief):
        provider.script = [wire.stream(story(2)), wire.stream(story(3))]
        events = list(writer().write(brief))
        assert numbers(events) == [1, 2, 3]
        assert drafts(events)[2].title == "Morning 3"

    def test_scenes_counted_from_zero_are_numbered_by_their_order(
        self, provider, wire: Wire, writer: MakeWriter, brief
    ):
        provider.script = [wire.stream(story(3, first=0))]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]

    def test_pictures_go_along_and_assets_come_back_by_their_short_names(self, provider, wire: Wire, writer, brief):
        provider.script = [wire.stream(story(assets=["A1", "A2: notes.txt", "A9", "elsewhere"]))]
        events = list(writer().write(brief))
        assert drafts(events)[0].asset_ids == ("f3a", "9bc")
        assert base64.b64encode(brief.assets[0].thumbnail).decode() in json.dumps(provider.requests[0])

    def test_what_files_say_is_fenced_as_data(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story())]
        list(writer().write(brief))
        content = provider.requests[0]["messages"][-1]["content"]
        text = next(part["text"] for part in content if "Ignore all rules" in part.get("text", ""))
        before, fence, _ = text.partition("</data>")
        assert fence
        assert r"<\/data>" in before

    def test_wrong_total_is_left_to_the_caller_but_seconds_are_above_zero(self, provider, wire: Wire, writer, brief):
        mixed = [scene(1, seconds=40), scene(2, seconds=-3), scene(3, seconds="7.5 s")]
        provider.script = [wire.stream(json.dumps({"scenes": mixed}))]
        assert [d.seconds for d in drafts(list(writer().write(brief)))] == [40.0, 6.0, 7.5]

    def test_extra_scenes_are_ignored(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story(6))]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]
        assert len(provider.requests) == 1

    def test_one_broken_scene_is_named_and_the_rest_goes_on(self, provider, wire: Wire, writer: MakeWriter, brief):
        scenes = [scene(1), scene(2, description={"wide": True}), scene(3)]
        provider.script = [wire.stream(json.dumps({"scenes": scenes}))]
        events = list(writer().write(brief))
        assert numbers(events) == [1, 3]
        assert [e for e in events if isinstance(e, BrokenScene)] == [
            BrokenScene(number=2, reason="it has no description")
        ]
        assert len(provider.requests) == 1

    def test_usage_is_estimated_where_none_is_told(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story(), usage=False)]
        (spent,) = usages(list(writer().write(brief)))
        assert spent.model == "test-model"
        assert spent.input_tokens > 500
        assert spent.output_tokens == pytest.approx(len(story()) / 4, abs=2)

    def test_closing_early_closes_the_connection_and_raises_nothing(self, provider, wire: Wire, writer, brief):
        provider.script = [wire.stream(story(), delay=0.01)]
        events = writer().write(brief)
        next(events)
        events.close()


class TestPassingFaults:
    """Faults that a second try gets over: the result is whole, and nothing finished is asked for again."""

    def test_cut_off_in_the_middle_asks_only_for_the_missing(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story(), stop_after=40), wire.stream(story(2, first=2))]
        events = list(writer().write(brief))
        assert numbers(events) == [1, 2, 3]
        assert "Write scenes 2, 3 of 3" in json.dumps(provider.requests[1])
        assert len(usages(events)) == 2

    def test_ends_without_an_ending(self, provider, wire: Wire, writer: MakeWriter, brief):
        broken = wire.stream(story(), stop_after=40)
        broken.cut = False
        provider.script = [broken, wire.stream(story(2, first=2))]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]

    def test_500_then_fine(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error(500), wire.error(503), wire.stream(story())]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]

    def test_an_error_event_inside_the_stream(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error_in_stream(), wire.stream(story())]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]

    def test_429_waits_as_long_as_it_is_told(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error(429, headers={"Retry-After": "0.4"}), wire.stream(story())]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]
        assert provider.asked_at[1] - provider.asked_at[0] >= 0.4

    def test_fewer_scenes_than_asked(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story(1)), wire.stream(story(2, first=2))]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]

    def test_stopped_at_the_length_limit(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story()[:600], ending=wire.length), wire.stream(story(2, first=2))]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]

    def test_an_empty_answer(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(""), wire.stream(story())]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]

    def test_silence_leaves_time_for_another_try(self, provider, wire: Wire, writer: MakeWriter, brief):
        silent = wire.stream(story(), delay=5.0)
        provider.script = [silent, wire.stream(story())]
        assert numbers(list(writer(timeout_seconds=1.6).write(brief))) == [1, 2, 3]

    def test_a_fault_after_the_last_scene_does_not_matter(self, provider, wire: Wire, writer: MakeWriter, brief):
        answer = wire.stream(story())
        answer.pieces, answer.cut = list(answer.pieces)[:-3], True
        provider.script = [answer]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]
        assert len(provider.requests) == 1


class TestLastingFaults:
    """Faults that stay: one WriterError with a cause and a next step, in bounded time, what was finished kept."""

    def test_500_for_ever(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error(500)]
        error, _ = failing(writer(), brief)
        assert not error.permanent
        assert len(provider.requests) == 4

    def test_429_for_longer_than_we_wait(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error(429, headers={"Retry-After": "3600"})]
        error, _ = failing(writer(), brief)
        assert error.retry_after == 3600
        assert not error.permanent
        assert len(provider.requests) == 1

    def test_no_credit_left(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error(429, "You exceeded your current quota, check billing", "insufficient_quota")]
        error, _ = failing(writer(), brief)
        assert error.permanent
        assert "credit" in error.message
        assert len(provider.requests) == 1

    @pytest.mark.parametrize("status", [401, 403])
    def test_wrong_key(self, provider, wire: Wire, writer: MakeWriter, brief, status):
        provider.script = [wire.error(status, f"Incorrect API key provided: {KEY}")]
        error, _ = failing(writer(), brief)
        assert error.permanent
        assert "_API_KEY" in error.hint

    def test_unknown_model(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error(404, "The model does not exist", "not_found_error")]
        error, _ = failing(writer(), brief)
        assert error.permanent
        assert "test-model" in error.message
        assert "AI_MODEL" in error.hint

    def test_refusal_in_the_models_own_words(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.refusal("I can't help with advertising tobacco to children. " * 20)]
        error, _ = failing(writer(), brief)
        assert error.permanent
        assert "advertising tobacco" in error.message
        assert len(error.message) < 300
        assert len(provider.requests) == 1

    def test_a_bad_request_that_nothing_helps(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error(400, "Your content breaks our usage policy", "invalid_request_error")]
        error, _ = failing(writer(), brief)
        assert error.permanent
        assert "usage policy" in error.message
        assert len(provider.requests) == 1

    def test_redirect_is_not_followed(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [body({}, 307, headers={"Location": provider.url + "/elsewhere"})]
        error, _ = failing(writer(), brief)
        assert error.permanent
        assert "redirect" in error.message
        assert len(provider.requests) == 1

    @pytest.mark.parametrize(
        "text", ["Sure! Here is a lovely poem about cups.", "[]", "{}", '{"scenes": []}', '}]{"', "null"]
    )
    def test_garbage(self, provider, wire: Wire, writer: MakeWriter, brief, text):
        provider.script = [wire.stream(text)]
        error, events = failing(writer(), brief)
        assert not error.permanent
        assert drafts(events) == []
        assert len(provider.requests) == 3

    @pytest.mark.parametrize(
        "value",
        ["[]", "null", "7", '"x"', "{}", '{"choices": null}', '{"choices": [null]}', '{"content": null}', "{broken"],
    )
    def test_a_json_body_of_the_wrong_shape(self, provider, wire: Wire, writer: MakeWriter, brief, value):
        provider.script = [Answer([value.encode()])]
        failing(writer(), brief)

    @pytest.mark.parametrize(
        "value", ["[]", "null", "7", "{}", '{"choices": null}', "{broken", '{"type": 5, "delta": []}']
    )
    def test_stream_events_of_the_wrong_shape(self, provider, wire: Wire, writer: MakeWriter, brief, value):
        lines = f"event: content_block_delta\ndata: {value}\n\n".encode()
        provider.script = [Answer([lines], content_type="text/event-stream")]
        failing(writer(), brief)

    def test_a_web_page(self, provider, wire: Wire, writer: MakeWriter, brief):
        page = b"<!doctype html><title>Sign in to the Wi-Fi</title>"
        provider.script = [Answer([page], content_type="text/html")]
        error, _ = failing(writer(), brief)
        assert "<" not in error.message

    def test_an_error_page(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [Answer([b"<html>Bad gateway</html>"], status=502, content_type="text/html")]
        error, _ = failing(writer(), brief)
        assert "<" not in error.message

    def test_always_too_few_scenes_keeps_what_came(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story(2)), wire.stream('{"scenes": []}')]
        error, events = failing(writer(), brief)
        assert numbers(events) == [1, 2]
        assert "2 of 3 scenes" in error.message

    def test_always_cut_off_keeps_what_came(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story(), stop_after=40), wire.stream(story(2, first=2), stop_after=8)]
        error, events = failing(writer(), brief)
        assert numbers(events) == [1]
        assert "broke off" in error.message

    def test_always_stopped_at_the_length_limit(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story()[:600], ending=wire.length), wire.stream("{", ending=wire.length)]
        error, events = failing(writer(), brief)
        assert numbers(events) == [1]
        assert "length limit" in error.message

    def test_drip_ends_at_the_deadline(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story(), delay=0.05, size=2)]
        error, _ = failing(writer(timeout_seconds=PATIENCE), brief, within=PATIENCE + 1)
        assert f"{PATIENCE} seconds" in error.message
        assert not error.permanent

    def test_headers_that_never_end(self, provider, wire: Wire, writer: MakeWriter, brief):
        lines = itertools.chain([b"HTTP/1.1 200 OK\r\n"], (f"X-{n}: 1\r\n".encode() for n in itertools.count()))
        provider.script = [Answer(lines, raw=True, delay=0.05)]
        failing(writer(timeout_seconds=PATIENCE), brief, within=PATIENCE + 1)

    def test_no_answer_at_all(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [Answer([b""], raw=True, delay=30)]
        failing(writer(timeout_seconds=PATIENCE), brief, within=PATIENCE + 1)

    def test_an_answer_without_end_stops_at_the_cap(self, provider, wire: Wire, writer: MakeWriter, brief):
        line = list(wire.stream("word " * 4000, size=20_000).pieces)[-4]
        provider.script = [Answer(itertools.repeat(line), content_type="text/event-stream")]
        error, _ = failing(writer(), brief)
        assert error.permanent
        assert len(provider.requests) == 1

    @pytest.mark.parametrize("content_type", ["application/json", "text/event-stream"])
    def test_a_body_without_end_stops_at_the_cap(self, provider, wire: Wire, writer: MakeWriter, brief, content_type):
        provider.script = [Answer(itertools.repeat(b" " * 65536), content_type=content_type)]
        error, _ = failing(writer(max_bytes=2_000_000), brief, within=10)
        assert error.permanent

    def test_a_compressed_answer_is_not_unfolded(self, provider, wire: Wire, writer: MakeWriter, brief):
        bomb = gzip.compress(b"x" * 20_000_000)
        provider.script = [Answer([bomb], headers={"Content-Encoding": "gzip"})]
        failing(writer(), brief)
        assert provider.headers[0]["accept-encoding"] == "identity"

    def test_deeply_nested(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream('{"scenes": [' + "[" * 5000)]
        error, _ = failing(writer(), brief)
        assert error.permanent

    def test_one_scene_without_end(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream('{"scenes": [{"description": "' + "very " * 20_000, size=400)]
        error, _ = failing(writer(), brief)
        assert error.permanent

    def test_nobody_listens(self, provider, wire: Wire, writer: MakeWriter, brief):
        error, _ = failing(writer(base_url="http://127.0.0.1:9"), brief)
        assert error.message == "127.0.0.1:9 could not be reached."
        assert not error.permanent

    @pytest.mark.parametrize("address", ["http://[", "http://exa mple/", "ftp://x"])
    def test_an_address_that_is_none(self, provider, wire: Wire, writer: MakeWriter, brief, address):
        error, _ = failing(writer(base_url=address), brief)
        assert "_BASE_URL" in error.hint


class TestKeys:
    """The key goes into the request's header, and nowhere else."""

    @pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
    def test_no_key_in_errors_or_logs(self, provider, wire: Wire, writer: MakeWriter, brief, status, caplog):
        caplog.set_level(logging.DEBUG)
        provider.script = [lambda _: wire.error(status, f"Key {KEY} and Bearer {KEY} are bad")]
        made = writer()
        error, _ = failing(made, brief)
        shown = "".join(traceback.format_exception(error)) + error.hint + repr(made) + repr(vars(error))
        assert KEY not in shown
        assert KEY not in caplog.text
        assert any(KEY in value for value in provider.headers[0].values())

    def test_a_refusal_that_quotes_the_key(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.refusal(f"I will not use {KEY} for this.")]
        error, _ = failing(writer(), brief)
        assert KEY not in error.message

    def test_a_password_in_the_address_is_not_told(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.error(500)]
        address = provider.url.replace("http://", "http://ada:hunter2@")
        error, _ = failing(writer(base_url=address), brief)
        assert "hunter2" not in error.message + error.hint

    def test_a_key_with_odd_characters(self, provider, wire: Wire, writer: MakeWriter, brief):
        error, _ = failing(writer(api_key="sk-“quoted”"), brief)
        assert error.permanent
        assert "_API_KEY" in error.message

    def test_local_servers_need_none(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(story())]
        assert numbers(list(writer(api_key="").write(brief))) == [1, 2, 3]

    def test_proxies_of_the_environment_are_not_asked(self, provider, wire, writer, brief, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        provider.script = [wire.stream(story())]
        assert numbers(list(writer().write(brief))) == [1, 2, 3]


class TestRewrite:
    def redo(self, writer: Any, brief: Brief, scenes: list[SceneDraft], **more: Any) -> Any:
        constraints = more.pop("constraints", Constraints(seconds=5.0))
        wanted = Redo(
            brief=brief, number=2, scene=scenes[1], neighbours=[scenes[0], scenes[2]], feedback="Make it rain",
            constraints=constraints, **more,
        )  # fmt: skip
        return writer.rewrite(wanted)

    def written(self, provider: FakeProvider, wire: Wire, writer: Any, brief: Brief) -> list[SceneDraft]:
        provider.script = [wire.stream(story())]
        scenes = drafts(list(writer.write(brief)))
        provider.requests.clear()
        return scenes

    def test_a_new_version_and_what_it_took(self, provider, wire: Wire, writer: MakeWriter, brief):
        scenes = self.written(provider, wire, writer(), brief)
        provider.script = [wire.stream(story(1, first=2, description="Rain on the window.", script="It rains."))]
        redone = self.redo(writer(), brief, scenes)
        assert (redone.draft.number, redone.draft.description) == (2, "Rain on the window.")
        assert redone.usage == Usage(model="test-model", input_tokens=700, output_tokens=300)
        asked = json.dumps(provider.requests[0])
        assert "Make it rain" in asked
        assert scenes[0].script in asked

    def test_the_same_words_are_asked_once_more(self, provider, wire: Wire, writer: MakeWriter, brief):
        scenes = self.written(provider, wire, writer(), brief)
        provider.script = [wire.stream(story(1, first=2)), wire.stream(story(1, first=2, script="Now it rains."))]
        redone = self.redo(writer(), brief, scenes)
        assert redone.draft.script == "Now it rains."
        assert redone.usage.output_tokens == 600
        assert "word for word" in json.dumps(provider.requests[1])

    def test_the_same_words_for_ever(self, provider, wire: Wire, writer: MakeWriter, brief):
        scenes = self.written(provider, wire, writer(), brief)
        provider.script = [wire.stream(story(1, first=2))]
        with pytest.raises(WriterError) as caught:
            self.redo(writer(), brief, scenes)
        assert not caught.value.permanent
        assert len(provider.requests) == 2

    def test_an_earlier_take_does_not_come_back(self, provider, wire: Wire, writer: MakeWriter, brief):
        scenes = self.written(provider, wire, writer(), brief)
        provider.script = [wire.stream(story(1, first=3))]
        with pytest.raises(WriterError):
            self.redo(writer(), brief, scenes, previous=[scenes[2]])

    def test_only_another_shot_may_keep_its_words(self, provider, wire: Wire, writer: MakeWriter, brief):
        scenes = self.written(provider, wire, writer(), brief)
        provider.script = [wire.stream(story(1, first=2, shot_type="close-up"))]
        redone = self.redo(writer(), brief, scenes, constraints=Constraints(seconds=5.0, parts=("shot",)))
        assert redone.draft.shot_type == "close-up"

    def test_a_broken_answer_is_asked_once_more(self, provider, wire: Wire, writer: MakeWriter, brief):
        scenes = self.written(provider, wire, writer(), brief)
        provider.script = [wire.stream(story(1, description=None)), wire.stream(story(1, description="Rain."))]
        assert self.redo(writer(), brief, scenes).draft.description == "Rain."

    def test_a_scene_that_never_came_whole(self, provider, wire: Wire, writer: MakeWriter, brief):
        provider.script = [wire.stream(json.dumps(scene(2)))]
        redone = writer().rewrite(Redo(brief=brief, number=2, scene=None, constraints=Constraints(seconds=5.0)))
        assert redone.draft.title == "Morning 2"


class TestCheck:
    def test_says_how_long_the_model_took(self, provider, wire: Wire, writer: MakeWriter):
        openai_answer = OpenAIWire().whole("OK")
        message = {"id": "m", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn"}
        anthropic_answer = body(message | {"content": [{"type": "text", "text": "OK"}]})
        provider.script = [openai_answer if wire.name == "openai" else anthropic_answer]
        assert writer().check().startswith("test-model answered in 0.")

    def test_names_what_is_wrong(self, provider, wire: Wire, writer: MakeWriter):
        provider.script = [wire.error(401)]
        with pytest.raises(WriterError, match="refused the key"):
            writer().check()

    def test_an_answer_of_the_wrong_shape(self, provider, wire: Wire, writer: MakeWriter):
        provider.script = [body([])]
        with pytest.raises(WriterError):
            writer().check()
