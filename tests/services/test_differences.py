"""Words compared: what stayed, came and went makes up both texts to the letter, and reads as a person would mark it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.models import Take
from webapp.services import differences
from webapp.services.differences import Placed, Run, words

TEXTS = st.text(alphabet="abc ab.,'\n-ßéÅ日本", max_size=60) | st.lists(
    st.sampled_from(["Mornings", "don’t", "wait", "never", "the", "a", "bottle", "0.5", "–", ","]), max_size=25
).map(" ".join)


@given(TEXTS, TEXTS)
def test_the_runs_make_up_both_texts_to_the_letter(old, new):
    runs = words(old, new)
    assert "".join(run.text for run in runs if run.kind != "added") == old
    assert "".join(run.text for run in runs if run.kind != "removed") == new
    assert all(run.text for run in runs)


@given(TEXTS)
def test_the_same_text_has_no_difference(text):
    assert all(run.kind == "same" for run in words(text, text))


@given(TEXTS, TEXTS)
def test_different_texts_have_a_difference(old, new):
    assert (old == new) == all(run.kind == "same" for run in words(old, new))


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("Mornings don’t wait.", "Mornings never wait.", "Mornings [-don’t-]{+never+} wait."),
        ("Hi", "Hi there", "Hi{+ there+}"),
        ("Plan B? That was plan B.", "Good, no?", "[-Plan B? That was plan B.-]{+Good, no?+}"),
        ("", "New", "{+New+}"),
        ("Old", "", "[-Old-]"),
        ("cold-brew", "cold brew", "[-cold-brew-]{+cold brew+}"),
    ],
)  # fmt: skip
def test_it_is_marked_as_a_person_would(old, new, marked):
    signs = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}
    assert "".join(signs[run.kind].format(run.text) for run in words(old, new)) == marked


def take(**facts):
    values = {
        "id": "t", "title": "Title", "beat": "hook", "description": "Rain.", "script": "Wake up.", "on_screen": "",
        "shot_type": "close-up", "camera_move": "static", "transition": "cut", "duration_ms": 3000, "asset_ids": [],
        "extra": {},
    }  # fmt: skip
    return Take(**(values | facts))


def test_fields_say_values_as_people_read_them():
    old = take(asset_ids=["a", "b"])
    new = take(duration_ms=2500, shot_type="wide", asset_ids=["b", "gone"])
    told = {each.name: each.runs for each in differences.fields(old, new, {"a": "red.png", "b": "blue.png"})}
    assert told["duration_ms"] == (Run("removed", "3.0 s"), Run("added", "2.5 s"))
    assert told["shot_type"] == (Run("removed", "close-up"), Run("added", "wide"))
    assert told["asset_ids"] == (
        Run("removed", "red.png"),
        Run("same", "blue.png"),
        Run("added", "an asset deleted since"),
    )
    changed = [each.name for each in differences.fields(old, new, {}) if each.is_changed]
    assert changed == ["shot_type", "duration_ms", "asset_ids"]


def board(*titles):
    return [
        Placed(scene_id=title[0], position=number, take=take(title=title), frame=None)
        for number, title in enumerate(titles, 1)
    ]


def states(old, new):
    return [
        (each.state, each.is_moved, (each.after or each.before).scene_id) for each in differences.boards(old, new, {})
    ]


def test_boards_are_compared_scene_by_scene():
    assert states(board("a", "b", "c"), board("a", "b now", "d")) == [
        ("same", False, "a"),
        ("changed", False, "b"),
        ("removed", False, "c"),
        ("added", False, "d"),
    ]


def test_one_scene_that_was_moved_is_the_one_that_moved():
    assert states(board("a", "b", "c", "d"), board("d", "a", "b", "c")) == [
        ("moved", True, "d"),
        ("same", False, "a"),
        ("same", False, "b"),
        ("same", False, "c"),
    ]


def test_what_went_first_is_shown_first():
    assert states(board("x", "a"), board("a"))[0] == ("removed", False, "x")
