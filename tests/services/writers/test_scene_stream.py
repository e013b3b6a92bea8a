"""Reading scenes out of text that is still coming."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.writers.provider_server import scene, story
from webapp.services.writers.base import Brief, BrokenScene, SceneDraft, Withdrawn
from webapp.services.writers.calls import dig, quote, retry_after_seconds
from webapp.services.writers.json_objects import ObjectScanner, TooMuchTextError, read_object
from webapp.services.writers.scene_answer import UnusableSceneError, clean, draft
from webapp.services.writers.scene_stream import SceneStream

BRIEF = Brief(product="p", audience="a", key_message="k", call_to_action="c", scene_seconds=(5.0, 6.0, 4.0))


def read(text: str, size: int = 5, *, ended: bool = True) -> list[SceneDraft | BrokenScene]:
    """Read an answer and return what stands in the end: scenes that were withdrawn are gone."""
    stream = SceneStream(BRIEF, [1, 2, 3], BRIEF.scene_seconds, ())
    events = [event for at in range(0, len(text), size) for event in stream.feed(text[at : at + size])]
    kept: list[SceneDraft | BrokenScene] = []
    for event in (*events, *stream.end_answer(ended=ended)):
        if isinstance(event, Withdrawn):
            kept = kept[: len(kept) - len(event.numbers)]
        elif isinstance(event, SceneDraft | BrokenScene):
            kept.append(event)
    return kept


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_the_size_of_the_pieces_does_not_matter(size):
    text = json.dumps(
        {"scenes": [scene(n, description='A "quote" \\ and {a brace] \u2603 \U0001f600') for n in (1, 2, 3)]}
    )
    found = read(text, size)
    assert [event.number for event in found] == [1, 2, 3]
    assert found[0] == replace(found[2], number=1, title="Morning 1", beat="hook", script=found[0].script)


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(1, 40))
def test_any_text_is_survived(text, size):
    with contextlib.suppress(TooMuchTextError):
        assert len(read(text, size)) <= 3


@settings(deadline=None)
@given(st.data())
def test_any_cut_keeps_whole_scenes_and_only_those(data):
    text = story()
    cut = data.draw(st.integers(0, len(text)))
    assert len(read(text[:cut], ended=False)) == min(3, text[:cut].count("}"))


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*scene(1), "x"]), inner),
        max_leaves=12,
    )
)
def test_any_json_gives_scenes_or_broken_scenes(value):
    for event in read(json.dumps({"scenes": [value, scene(2)]}), 1000):
        assert isinstance(event, BrokenScene) or (event.description and event.seconds > 0)


def test_reading_costs_no_more_than_linear():
    def seconds(count: int) -> float:
        brief = replace(BRIEF, scene_seconds=(1.0,) * count)
        stream = SceneStream(brief, range(1, count + 1), brief.scene_seconds, ())
        text = json.dumps({"scenes": [scene(n, description=f"{n} " + "word " * 150) for n in range(count)]})
        started = time.process_time()
        for at in range(0, len(text), 4):
            for _ in stream.feed(text[at : at + 4]):
                pass
        return time.process_time() - started

    small, large = min(seconds(5) for _ in range(3)), seconds(40)
    assert large < small * 8 * 3


def test_lists_that_are_no_scenes_are_passed_over():
    text = json.dumps({"characters": [{"description": "Ada"}], "scenes": [scene(1)]})
    assert [event.title for event in read(text)] == ["Morning 1"]


def test_scanner_refuses_more_than_any_storyboard():
    scanner = ObjectScanner()
    for _ in range(200):
        scanner.feed("talk " * 200)
    with pytest.raises(TooMuchTextError):
        scanner.feed("talk " * 20_000)


def test_read_object_gives_none_for_what_it_cannot_read():
    assert read_object('{"a": 1,}') == {"a": 1}
    assert read_object("{a: 1}") == {"a": 1}
    assert read_object("[1]") is None
    assert read_object('{"a":' * 100_000) is None


class TestSceneAnswer:
    def test_other_names_of_fields(self):
        raw = {
            "heading": "Rain", "purpose": "call to action", "visual": "A street.", "voiceover": "It rains.",
            "onScreenText": "Dry inside", "framing": "ECU", "camera": "slow zoom in", "transitionOut": "crossfade",
            "duration": "0:04", "asset_ids": "A1, A7",
        }  # fmt: skip
        made = draft(raw, 2, 6.0, {"A1": "x"}, "product")
        assert (made.title, made.beat, made.description, made.script) == ("Rain", "cta", "A street.", "It rains.")
        assert (made.shot_type, made.camera_move, made.transition) == ("extreme-close-up", "push-in", "dissolve")
        assert (made.on_screen, made.asset_ids) == ("Dry inside", ("x",))

    @pytest.mark.parametrize("seconds", [0, -1, None, "soon", True, float("inf"), float("nan"), [5]])
    def test_senseless_seconds_become_the_planned_ones(self, seconds):
        assert draft(scene(1, seconds=seconds), 1, 6.0, {}, "hook").seconds == 6.0

    @pytest.mark.parametrize("description", [None, "", "  \n", {}, [], [None], {"text": ""}, True, "\u0000\u200b"])
    def test_no_scene_without_a_description(self, description):
        with pytest.raises(UnusableSceneError, match="no description"):
            draft(scene(1, description=description), 1, 5.0, {}, "hook")

    @pytest.mark.parametrize("raw", [None, 5, "text", [], {}])
    def test_what_is_no_scene(self, raw):
        with pytest.raises(UnusableSceneError):
            draft(raw, 1, 5.0, {}, "hook")

    def test_a_missing_title_is_taken_from_the_description(self):
        made = draft({"description": "A red door opens slowly onto the sea, then light."}, 1, 5.0, {}, "hook")
        assert made.title == "A red door opens slowly"
        assert (made.beat, made.shot_type, made.camera_move, made.transition) == ("hook", "medium", "static", "cut")

    def test_everything_is_capped(self):
        long = dict.fromkeys(("title", "description", "script", "on_screen", "shot_type"), "word " * 2000)
        made = draft(scene(1, **long, seconds=1e9), 1, 5.0, {}, "hook")
        assert [len(t) <= n for t, n in zip(
            (made.title, made.description, made.script, made.on_screen), (80, 1000, 1000, 300), strict=True,
        )] == [True] * 4  # fmt: skip
        assert made.seconds == 600


def test_clean_leaves_letters_and_removes_what_cannot_be_seen():
    assert clean("a\x00b\u202ec\ud800d\n\te\u2066 \ufeff", 80) == "abcd e"
    assert clean("Grüße 👩‍🍳 नमस्ते", 80) == "Grüße 👩‍🍳 नमस्ते"


def test_dig_follows_only_what_is_there():
    assert dig({"a": [{"b": 1}]}, "a", 0, "b") == 1
    assert dig({"a": []}, "a", 0, "b") is None
    assert dig("text", 0) is None
    assert dig(None, "a") is None


def test_quote_is_one_short_line_without_keys():
    said = quote("Bad\nkey sk-abcdefghij and hush-hush\x1b[31m " + "x" * 500, "hush-hush")
    assert "\n" not in said
    assert "sk-abc" not in said
    assert "hush" not in said
    assert len(said) <= 200


def test_retry_after():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after_seconds({"retry-after": "7"}) == 7
    assert retry_after_seconds({"retry-after-ms": "1500"}) == 1.5
    assert 85 < (retry_after_seconds({"retry-after": later}) or 0) <= 90
    assert retry_after_seconds({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    for odd in ("soon", "-5", "nan", "1e400", "", "Wed, 99 Foo 2015"):
        assert retry_after_seconds({"retry-after": odd}) is None
