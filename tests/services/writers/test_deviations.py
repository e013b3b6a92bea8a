"""The ways in which models leave the format they were asked for: scenes are read, and no draft stands in the end."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.services.writers.provider_server import scene
from webapp.services.writers.base import Brief, BrokenScene, SceneDraft, Withdrawn
from webapp.services.writers.scene_stream import SceneStream

BRIEF = Brief(product="p", audience="a", key_message="k", call_to_action="c", scene_seconds=(5.0, 6.0, 4.0))
SCENES = [scene(n) for n in (1, 2, 3)]
STORY = {"scenes": SCENES}
JSON = json.dumps(STORY)
LINES = json.dumps(STORY, indent=2)
SCRIPTS = [each["script"] for each in SCENES]
SIZES = (3, 1_000_000)
"""Characters that come at once; `test_the_size_of_the_pieces_does_not_matter` tries more."""

ONE_DRAFT = json.dumps({"scenes": [scene(1, script="DRAFT")]})
WHOLE_DRAFT = json.dumps({"scenes": [scene(n, script=f"DRAFT {n}") for n in (1, 2, 3)]})

THINKING = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<THINK>", "</THINK>"),
    ('<think duration="5s" id="a">', "</think >"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
    ("<seed:think>", "</seed:think>"),
    ("<scratchpad>", "</scratchpad>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("&lt;think&gt;", "&lt;/think&gt;"),
    ("<|begin_of_thought|>", "<|end_of_thought|>\n<|begin_of_solution|>"),
    ("<|START_THINKING|>", "<|END_THINKING|><|START_RESPONSE|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>"),
    ("<|channel|>commentary<|message|>", "<|end|><|channel|>final<|message|>"),
    ("<unused94>thought\n", "<unused95>"),
    ("analysis", "assistantfinal"),
    ("Here is my thought process: ", "Here is my response: "),
    ("Let me see. ", "<answer>"),
]


def events(text: str, size: int, wanted: int = 3, *, ended: bool = True) -> list[Any]:
    numbers = list(range(1, wanted + 1))
    stream = SceneStream(BRIEF, numbers, BRIEF.scene_seconds[:wanted], ())
    found = [event for at in range(0, len(text), size) for event in stream.feed(text[at : at + size])]
    return [*found, *stream.end_answer(ended=ended)]


def standing(found: list[Any]) -> list[str]:
    """Return the voice-overs that stand in the end, or why a scene is broken."""
    kept: list[str] = []
    for event in found:
        if isinstance(event, Withdrawn):
            del kept[len(kept) - len(event.numbers) :]
        elif isinstance(event, SceneDraft):
            kept.append(event.script)
        elif isinstance(event, BrokenScene):
            kept.append(event.reason)
    return kept


def renamed(**names: str) -> str:
    return json.dumps({"scenes": [{names.get(key, key): value for key, value in each.items()} for each in SCENES]})


def respelled(spell: Any) -> str:
    return json.dumps({spell("scenes"): [{spell(key): value for key, value in each.items()} for each in SCENES]})


def with_script(value: Any) -> str:
    return json.dumps({"scenes": [each | {"script": value(number)} for number, each in enumerate(SCENES, 1)]})


class TestThinking:
    @pytest.mark.parametrize(
        "draft", [ONE_DRAFT, WHOLE_DRAFT, f"First idea: {WHOLE_DRAFT} Too weak."], ids=["1", "3", "talk"]
    )
    @pytest.mark.parametrize(("opening", "closing"), THINKING)
    def test_a_draft_in_the_thinking_is_no_scene(self, opening, closing, draft):
        assert standing(events(opening + draft + closing + JSON, 5)) == SCRIPTS
        assert standing(events(draft + closing + "\n\n" + JSON, 5)) == SCRIPTS

    @pytest.mark.parametrize("draft", [ONE_DRAFT, WHOLE_DRAFT])
    @pytest.mark.parametrize(
        "answer",
        [
            "<think>{draft}</think>\n<think>{draft}</think>{final}",
            "{draft}</think> Hm. {draft}</think>{final}",
            "<think><think>{draft}</think>{draft}</think>{final}",
            "\ufeff<think>{draft}</think>{final}",
            "```\n<think>{draft}</think>\n```\n```json\n{final}\n```",
            "Okay. <think>{draft}</think>Here it is:\n{final}",
            "```thinking\n{draft}\n```\n```json\n{final}\n```",
            "Idea:\n```json\n{draft}\n```\nBetter:\n```json\n{final}\n```",
            "{draft}\nNot good enough. Again:\n{final}",
            "{final}<think>{draft}",
            "{final}\n<think>{draft}</think>",
            "<|channel|>final<|message|>{final}<|return|>",
            "<think/>{final}",
        ],
    )
    def test_wherever_it_stands(self, answer, draft):
        for size in SIZES:
            text = answer.replace("{draft}", draft).replace("{final}", JSON)
            assert standing(events(text, size)) == SCRIPTS

    @pytest.mark.parametrize("cut", [37, 150, 333, 420])
    def test_a_draft_that_was_cut_off_in_the_middle(self, cut):
        for size in SIZES:
            text = WHOLE_DRAFT[:cut] + "\nTime is short, I must answer now.\n</think>\n\n" + JSON
            assert standing(events(text, size)) == SCRIPTS

    @pytest.mark.parametrize("size", [1, 2, 5, 7, 64])
    def test_the_size_of_the_pieces_does_not_matter(self, size):
        for opening, closing in THINKING[::3]:
            assert standing(events(WHOLE_DRAFT + closing + opening + ONE_DRAFT + closing + JSON, size)) == SCRIPTS

    def test_a_scene_shown_too_early_is_withdrawn(self):
        """Control: whoever kept what came, and did not listen for Withdrawn, would have the draft as scene 1."""
        found = events(ONE_DRAFT + "</think>" + JSON, 7)
        assert [each.script for each in found if isinstance(each, SceneDraft)] == ["DRAFT", *SCRIPTS]
        assert [each.numbers for each in found if isinstance(each, Withdrawn)] == [(1,)]

    def test_a_plain_answer_withdraws_nothing_and_comes_as_it_is_written(self):
        found = events(JSON, 7)
        assert not [each for each in found if isinstance(each, Withdrawn)]
        at = [position for position, each in enumerate(found) if isinstance(each, SceneDraft)]
        assert at[0] < len(found) / 2

    @pytest.mark.parametrize(
        "words", ["</think>", "<think>", "[THINK] now", '</thinking> {"a": 1}', "<think> </think>"]
    )
    def test_a_mark_in_the_words_of_a_scene_is_words(self, words):
        scenes = [scene(1, script=f"Say {words} now"), scene(2, assets=[{"id": "A1"}]), scene(3)]
        for size in SIZES:
            assert standing(events(json.dumps({"scenes": scenes}), size)) == [f"Say {words} now", *SCRIPTS[1:]]

    @pytest.mark.parametrize(
        "text", [f"<think>{WHOLE_DRAFT}", f"<think>{WHOLE_DRAFT}</think>", f"{WHOLE_DRAFT}</think>"]
    )
    def test_thinking_alone_is_no_answer(self, text):
        for size in SIZES:
            assert standing(events(text, size)) == []

    def test_thinking_without_a_mark_that_breaks_off_is_not_kept(self):
        talk = "Okay, the user wants three scenes about a cup. " * 6
        assert standing(events(talk + ONE_DRAFT + " Too weak.", 7, ended=False)) == []
        assert standing(events("Here it is:\n" + JSON[:-250], 7, ended=False)) == SCRIPTS[:2]


class TestKeys:
    @pytest.mark.parametrize(
        "spell",
        [
            str.title,
            str.upper,
            lambda key: f" {key} ",
            lambda key: re.sub(r"_(.)", lambda found: found[1].upper(), key),
            lambda key: key.title().replace("_", ""),
            lambda key: key.replace("_", "-"),
            lambda key: key.replace("_", " ").title(),
        ],
        ids=["Title", "UPPER", "blanks", "camel", "Pascal", "kebab", "Spaced"],
    )
    def test_any_spelling(self, spell):
        assert standing(events(respelled(spell), 7)) == SCRIPTS

    @pytest.mark.parametrize(
        "names",
        [
            {"script": "voiceOver", "description": "visualDescription"},
            {"script": "voice_over", "description": "visual"},
            {"script": "voiceover_text", "description": "scene_description", "on_screen": "text_on_screen"},
            {"script": "Voice-over (VO)", "description": "What we see"},
            {"script": "narration", "description": "visual_description", "seconds": "duration_seconds"},
            {"script": "vo", "description": "image_prompt"},
            {"script": "dialogue", "description": "action"},
            {"script": "audio", "description": "video"},
            {"script": "text", "number": "scene"},
            {"script": "spoken_words", "description": "scene"},
            {"script": "sprechertext", "description": "beschreibung"},
            {"script": "locución", "description": "descripción"},
        ],
        ids=lambda names: " ".join(names.values()),
    )
    def test_other_words_for_a_field(self, names):
        assert standing(events(renamed(**names), 7)) == SCRIPTS


SHAPES = {
    "numbered": {"1": SCENES[0], "2": SCENES[1], "3": SCENES[2]},
    "named": {f"scene_{n}": each for n, each in enumerate(SCENES, 1)},
    "numbered scenes": {"scenes": {str(n): each for n, each in enumerate(SCENES, 1)}},
    "wrapped": {"storyboard": STORY},
    "data": {"data": STORY},
    "deep": {"result": {"output": {"storyboard": {"shots": SCENES}}}},
    "bare list": SCENES,
    "list in a list": [SCENES],
    "acts": {"acts": [{"name": "One", "scenes": SCENES[:1]}, {"name": "Two", "scenes": SCENES[1:]}]},
    "one object each": {"scenes": [{"scene": each} for each in SCENES]},
    "one number each": [{f"scene_{n}": each} for n, each in enumerate(SCENES, 1)],
    "about the ad first": {"title": "Ad", "description": "About a cup", "script": "x", "scenes": SCENES},
    "another list first": {"frames": [{"id": 1}], "scenes": SCENES},
    "people first": {"characters": [{"name": "Ada", "description": "A reader"}], "scenes": SCENES},
    "a list in the list": {"scenes": [["a note"], *SCENES]},
    "lists in the scenes": {"scenes": [{"tags": ["a", ["b"]], **each, "cues": [{"at": 1}]} for each in SCENES]},
    "lists before": {"meta": {"tags": ["a", ["b"]]}, "storyboard": {"palette": ["red"], "scenes": SCENES}},
    "text of JSON": {"scenes": json.dumps(SCENES)},
    "a call": {"name": "write_scenes", "arguments": JSON},
    "all of it a string": JSON,
}
AROUND = {
    "one a line": "\n".join(map(json.dumps, SCENES)),
    "one a fence": "\n".join(f"```json\n{json.dumps(each)}\n```" for each in SCENES),
    "two objects": json.dumps({"scenes": SCENES[:1]}) + json.dumps({"scenes": SCENES[1:]}),
    "brackets in the talk": f"Here [as asked] is {{it}}: {JSON}",
    "talk after": f"{JSON}\n\nTell me [what] you think {{:-)}}",
    "a byte order mark": "\ufeff" + JSON,
    "another fence": f"~~~json\n{JSON}\n~~~",
    "a statement": "const storyboard = " + re.sub(r'"(\w+)":', r"\1:", JSON) + ";",
}
NOTATION = {
    "single quotes": repr(STORY),
    "Python literals": repr({"scenes": [{**each, "on_screen": None, "final": True} for each in SCENES]}),
    "// comments": LINES.replace('"beat"', '// why "this" {\n"beat"'),
    "/* comments */": JSON.replace('"beat"', '/* why "this" { */ "beat"'),
    "# comments": LINES.replace('"beat"', '# it\'s "this" [\n"beat"'),
    "bare keys": re.sub(r'"(\w+)":', r"\1:", JSON),
    "trailing commas": re.sub(r"\n(\s*)([}\]])", r",\n\1\2", LINES),
    "typographic quotes": re.sub(r'"([^"]*)"', r"“\1”", JSON),
    "low quotes": re.sub(r'"([^"]*)"', r"„\1“", JSON),
    "no ]}": JSON[:-2],
    "no }]}": JSON[:-3],
    "no } inside": JSON.replace('"assets": []}', '"assets": []', 1),
    "no comma": JSON.replace('", "', '" "'),
    "one } more": JSON + "}",
    "three dots": JSON.replace("}]}", "}, ...]}"),
    "entities": JSON.replace('"', "&quot;"),
}


class TestShapes:
    @pytest.mark.parametrize("value", SHAPES.values(), ids=SHAPES)
    def test_scenes_are_found_wherever_they_are(self, value):
        for size in SIZES:
            assert standing(events(json.dumps(value), size)) == SCRIPTS

    @pytest.mark.parametrize("text", [*AROUND.values(), *NOTATION.values()], ids=[*AROUND, *NOTATION])
    def test_what_is_nearly_json(self, text):
        for size in SIZES:
            assert standing(events(text, size)) == SCRIPTS

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("Line\n", "Line "),
            ("Line\t", "Line "),
            ('"Line" ', '"Line" '),
            ('A "Line" ', 'A "Line" '),
            ('A 6" Line ', 'A 6" Line '),
            ('A "Line", and ', 'A "Line", and '),
            ("It\\'s Line ", "It's Line "),
            ("A [Line] {of} ", "A [Line] {of} "),
            ("See https://cup.example/#a Line ", "See https://cup.example/#a Line "),
        ],
    )
    def test_no_word_of_a_script_is_lost(self, written, read):
        for size in SIZES:
            found = standing(events(JSON.replace("Line ", written), size))
            assert found == [script.replace("Line ", read) for script in SCRIPTS]

    def test_apostrophes_between_single_quotes(self):
        text = repr(STORY).replace("Line ", "It's the dogs' line ")
        for size in SIZES:
            assert standing(events(text, size)) == [
                script.replace("Line ", "It's the dogs' line ") for script in SCRIPTS
            ]

    def test_of_a_whole_board_the_scene_that_was_asked_for_is_taken(self):
        stream = SceneStream(BRIEF, [2], [6.0], ())
        found = [*stream.feed(JSON), *stream.end_answer()]
        assert standing(found) == [SCRIPTS[1]]

    @pytest.mark.parametrize(
        "text", ["", "I can't help with that.", "<html><body>Sign in</body></html>", "[]", "null", "{}"]
    )
    def test_what_is_no_storyboard_is_not_made_one(self, text):
        for size in SIZES:
            assert standing(events(text, size)) == []

    def test_half_a_scene_is_no_scene(self):
        half = JSON[: JSON.rindex("spoken")]
        assert standing(events(half, 7)) == SCRIPTS[:2]
        assert standing(events(half, 7, ended=False)) == SCRIPTS[:2]


class TestWords:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            ({"text": "Hot", "tone": "warm"}, "Hot"),
            ({"text": "Hot", "speaker": "Narrator", "duration": 4}, "Hot"),
            ({"text": "Hot", "speaker": "Ada"}, "Ada: Hot"),
            ([{"speaker": "Ada", "line": "Hot?"}, {"speaker": "Ben", "line": "Hot."}], "Ada: Hot? Ben: Hot."),
            ({"Ada": "Hot?", "Narrator": "Hot."}, "Ada: Hot? Hot."),
            ({"line_1": "Hot", "line_2": "cups"}, "Hot cups"),
            ({"0-2s": "Hot", "2-4s": "cups"}, "Hot cups"),
            ({"en": "Hot"}, "Hot"),
            ({"voiceover": {"lines": [{"text": "Hot"}]}}, "Hot"),
            (["Hot", "cups"], "Hot cups"),
            (["Hot", 7, None], "Hot 7"),
            (7, "7"),
            (4.5, "4.5"),
            ("", ""),
            (None, ""),
            ([], ""),
            ({"text": "", "tone": "warm"}, ""),
            ({"tone": "warm"}, "its script could not be read as text"),
            ([{"duration": 4}], "its script could not be read as text"),
        ],
    )
    def test_a_voice_over_is_kept_as_words_or_the_scene_is_broken(self, value, words):
        assert standing(events(with_script(lambda _: value), 7)) == [words] * 3

    def test_words_under_two_names_are_both_kept(self):
        scenes = [each | {"dialogue": f"And you {n}?"} for n, each in enumerate(SCENES, 1)]
        found = standing(events(json.dumps({"scenes": scenes}), 7))
        assert found == [f"{script} And you {n}?" for n, script in enumerate(SCRIPTS, 1)]

    @pytest.mark.parametrize("field", ["title", "description", "on_screen", "shot_type", "transition", "beat"])
    @pytest.mark.parametrize(
        "shape", [lambda text: [text], lambda text: {"text": text}, lambda text: [{"value": text}]]
    )
    def test_other_fields_keep_theirs(self, field, shape):
        text = {"shot_type": "close-up", "transition": "wipe", "beat": "proof"}.get(field, "Steam rises")
        found = events(json.dumps({"scenes": [scene(n, **{field: shape(text)}) for n in (1, 2, 3)]}), 1000)
        assert next(getattr(each, field) for each in found if isinstance(each, SceneDraft)) == text

    @pytest.mark.parametrize(
        ("seconds", "read"),
        [
            ("4.2s", 4.2), ("4,2", 4.2), ("00:04", 4), ("0:00-0:04", 4), ("0:05 – 0:09", 4), ("3-7s", 4), ("4000ms", 4),
            ("1m30s", 90), ("1 min", 60), ("PT4S", 4), ("00:00:04:12", 4), ({"seconds": 4}, 4), ([3, 7], 4), ("4秒", 4),
            ({"start": "0:03", "end": "0:07"}, 4), ({"value": 4200, "unit": "ms"}, 4.2), ("soon", 5), (None, 5),
            (-3, 5),
        ],
    )  # fmt: skip
    def test_a_length_in_any_notation(self, seconds, read):
        found = events(json.dumps({"scenes": [scene(1, seconds=seconds)]}), 1000, 1)
        assert [each.seconds for each in found if isinstance(each, SceneDraft)] == [read]
