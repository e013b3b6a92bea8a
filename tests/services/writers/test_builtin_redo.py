"""A redo does what it was asked, touches only what it may, and never brings the same text back."""

from __future__ import annotations

import re
from collections.abc import Sequence  # noqa: TC003 - as everywhere in these tests
from dataclasses import replace

import pytest

from webapp.services import timing
from webapp.services.writers.base import LANGUAGES, Brand, Brief, Constraints, Redo, SceneDraft
from webapp.services.writers.builtin import BuiltinWriter
from webapp.services.writers.builtin.directions import read

CALL = "Order today at fjell.coffee"


def brief(language: str = "en", *, disclaimer: str = "", seconds: float = 30) -> Brief:
    planned = timing.plan(int(seconds * 1000), timing.scene_count(seconds, None))
    return Brief(
        product="Fjell Cold Brew", audience="Commuters", key_message="Real cold brew, ready before you are.",
        call_to_action=CALL, language=language, scene_seconds=tuple(ms / 1000 for ms in planned),
        brand=Brand(disclaimer=disclaimer), music_style="lo-fi",
    )  # fmt: skip


def board(asked: Brief) -> list[SceneDraft]:
    return [event for event in BuiltinWriter().write(asked) if isinstance(event, SceneDraft)]


def redo(
    asked: Brief,
    scenes: Sequence[SceneDraft],
    number: int,
    feedback: str = "",
    previous: Sequence[SceneDraft] = (),
    *,
    parts: tuple[str, ...] = (),
    must: tuple[str, ...] = (),
) -> SceneDraft:
    scene = scenes[number - 1]
    others = [s for s in scenes if s.number != number]
    constraints = Constraints(seconds=scene.seconds, parts=parts, must_include_asset_ids=must)
    wanted = Redo(
        brief=asked, number=number, scene=scene, neighbours=others, previous=previous, feedback=feedback,
        constraints=constraints,
    )  # fmt: skip
    return BuiltinWriter().rewrite(wanted).draft


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("feedback", ["", "shorter", "more energetic", "please rethink the mood board"])
def test_thirty_redos_in_a_row_are_all_different_and_whole(language: str, feedback: str) -> None:
    asked = brief(language)
    scenes = board(asked)
    for number in range(1, len(scenes) + 1):
        takes = [scenes[number - 1]]
        for _ in range(30):
            around = [*scenes[: number - 1], takes[-1], *scenes[number:]]
            take = redo(asked, around, number, feedback, takes[:-1])
            if feedback == "shorter":  # about the words alone
                assert take.description == takes[0].description
            else:
                assert take.description not in {t.description for t in takes}
            assert take.script not in {t.script for t in takes}
            assert timing.estimate_seconds(take.script, language) <= take.seconds
            assert not re.search(r"[{}]|  | ,|(?<!\.)\.\.(?!\.)|[!?]\.", take.script + take.description)
            assert "shorter" not in take.script
            assert "mood board" not in take.script
            takes.append(take)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_redo_repeats_no_sentence_of_the_scenes_around(language: str) -> None:
    asked = brief(language)
    scenes = board(asked)
    for number in range(1, len(scenes)):
        around = {part for s in scenes if s.number != number for part in re.split(r"(?<=[.!?])\s+", s.script)}
        takes = [scenes[number - 1]]
        for _ in range(6):
            take = redo(asked, [*scenes[: number - 1], takes[-1], *scenes[number:]], number, "", takes[:-1])
            assert not around.intersection(re.split(r"(?<=[.!?])\s+", take.script))
            assert timing.estimate_seconds(take.script, language) >= 0.55 * take.seconds
            takes.append(take)


@pytest.mark.parametrize("parts", [("script",), ("description",), ("picture",), ("shot",), ("timing",)])
def test_only_the_parts_asked_for_change(parts: tuple[str, ...]) -> None:
    scenes = board(brief())
    before, after = scenes[1], redo(brief(), scenes, 2, "make it 4 seconds, closer, more energetic", parts=parts)
    changed = {
        "script": before.script != after.script,
        "description": before.description != after.description,
        "shot": (before.shot_type, before.camera_move) != (after.shot_type, after.camera_move),
        "timing": before.seconds != after.seconds,
    }
    allowed = {"picture": {"description", "shot"}}.get(parts[0], {parts[0]})
    assert {part for part, did in changed.items() if did} <= allowed
    assert any(changed.values())


@pytest.mark.parametrize(
    ("feedback", "wish"),
    [
        ("shorter please", "shorter"), ("kürzer bitte", "shorter"), ("más corto", "shorter"), ("plus court", "shorter"),
        ("a bit longer", "longer"), ("etwas länger", "longer"), ("más largo", "longer"), ("un peu plus long", "longer"),
        ("focus on the product", "focus_product"), ("mehr Produkt", "focus_product"),
        ("enfócate en el producto", "focus_product"), ("montre plus le produit", "focus_product"),
        ("closer", "closer"), ("näher ran", "closer"), ("más cerca", "closer"), ("plus près", "closer"),
        ("no people", "nobody"), ("ohne Menschen", "nobody"), ("sin personas", "nobody"), ("sans personnes", "nobody"),
        ("different location", "elsewhere"), ("anderer Ort", "elsewhere"), ("otro lugar", "elsewhere"),
        ("un autre lieu", "elsewhere"), ("another opening", "opening"), ("anderer Einstieg", "opening"),
        ("otro comienzo", "opening"), ("une autre accroche", "opening"), ("start with a question", "question"),
        ("mit einer Frage beginnen", "question"), ("empieza con una pregunta", "question"),
        ("without music", "silence"),
        ("ohne Musik", "silence"), ("sin música", "silence"), ("sans musique", "silence"),
    ],
)  # fmt: skip
def test_wishes_are_understood_in_four_languages(feedback: str, wish: str) -> None:
    assert getattr(read(feedback), wish)
    assert not read(feedback).note


@pytest.mark.parametrize(
    ("feedback", "tone"),
    [
        ("more energetic", "energetic"), ("mehr Energie", "energetic"), ("más enérgico", "energetic"),
        ("plus énergique", "energetic"), ("calmer", "calm"), ("ruhiger", "calm"), ("más tranquilo", "calm"),
        ("plus calme", "calm"), ("make it funnier", "funny"), ("lustiger", "funny"), ("más divertido", "funny"),
        ("plus drôle", "funny"), ("more emotional", "warm"), ("emotionaler", "warm"), ("más emotivo", "warm"),
        ("plus d'émotion", "warm"), ("more premium", "premium"), ("seriöser", "premium"), ("más serio", "premium"),
        ("plus sérieux", "premium"), ("add some humour", "funny"),
    ],
)  # fmt: skip
def test_moods_are_understood_in_four_languages(feedback: str, tone: str) -> None:
    assert read(feedback).tone == tone


@pytest.mark.parametrize(
    ("feedback", "words"),
    [
        ("mention the free trial", "the free trial"), ("Please mention the free trial, please", "the free trial"),
        ("erwähne den Gratisversand", "den Gratisversand"), ("menciona el envío gratis", "el envío gratis"),
        ("mentionne la livraison offerte", "la livraison offerte"), ("say “born in Oslo” somewhere", "born in Oslo"),
        ("mention free shipping and make it shorter", "free shipping"),
    ],
)  # fmt: skip
def test_what_should_be_mentioned_is_said(feedback: str, words: str) -> None:
    assert read(feedback).mention == (words,)
    take = redo(brief(), board(brief()), 2, feedback)
    assert words.casefold() in take.script.casefold()
    assert "make it" not in take.script


def test_what_does_not_fit_the_voice_stands_in_the_picture() -> None:
    asked = brief(seconds=6)
    take = redo(asked, board(asked), 2, "mention the thirty day money back guarantee for all of our members")
    assert "guarantee" in take.script + take.on_screen


def test_shorter_and_longer_change_the_length() -> None:
    scenes = board(brief())
    words = len(scenes[0].script.split())
    assert len(redo(brief(), scenes, 1, "shorter").script.split()) < words
    assert len(redo(brief(), scenes, 1, "longer").script.split()) > words


@pytest.mark.parametrize("feedback", ["mention the free trial", "erwähne die Gratisprobe", "menciona el envío gratis",
                                      "mentionne la livraison offerte", "shorter", "länger", "más corto", "plus long",
                                      'on-screen text: "18 hours"'])  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wish_about_words_starts_from_the_present_take(feedback: str, language: str) -> None:
    asked, scenes = brief(language), board(brief(language))
    first = redo(asked, scenes, 1, "please rethink the mood board")
    around = [first, *scenes[1:]]
    for number, now in enumerate(around, 1):
        take = redo(asked, around, number, feedback, [scenes[0]] if number == 1 else [])
        for name in ("title", "description", "beat", "shot_type", "camera_move", "transition", "seconds"):
            assert getattr(take, name) == getattr(now, name)
        assert (take.script, take.on_screen) != (now.script, now.on_screen)
        for words in read(feedback).mention:
            assert words.casefold() in f"{take.script} {take.on_screen}".casefold()
        if number == len(around) and "mention" not in feedback and "erwähne" not in feedback:
            assert asked.call_to_action in take.script + take.on_screen


def test_a_mention_is_added_to_what_is_said() -> None:
    asked = brief(seconds=60)
    scene = board(asked)[0]
    take = redo(asked, board(asked), 1, "mention the free trial")
    kept = [part for part in re.split(r"(?<=[.!?])\s+", scene.script) if part in take.script]
    assert len(kept) >= len(re.split(r"(?<=[.!?])\s+", scene.script)) - 1
    assert "the free trial" in take.script


@pytest.mark.parametrize("feedback", ["no voice-over", "without a voice-over, please", "ohne Sprecher", "ohne Text",
                                      "keine Stimme", "sin voz", "sin voz en off", "sans voix off",
                                      "pas de voix off"])  # fmt: skip
def test_without_a_voice_nothing_is_said_and_the_call_stays(feedback: str) -> None:
    asked = brief(disclaimer="Terms apply.")
    scenes = board(asked)
    for number, scene in enumerate(scenes, 1):
        take = redo(asked, scenes, number, feedback)
        assert take.script == ""
        assert take.description == scene.description
    assert CALL in take.on_screen
    assert "Terms apply." in take.on_screen
    silent = board(replace(asked, feedback=feedback))
    assert not any(scene.script for scene in silent)
    assert CALL in silent[-1].on_screen


def test_no_text_in_the_picture_is_no_wish_for_silence() -> None:
    assert not read("ohne Text im Bild").mute
    assert not read("without music").mute


def test_wishes_show_in_the_scene() -> None:
    asked, scenes = brief(), board(brief())
    assert redo(asked, scenes, 1, "start with a question").script.count("?") >= 1
    assert "Fjell Cold Brew" in redo(asked, scenes, 1, "focus on the product").description
    assert redo(asked, scenes, 1, "wider").shot_type in {"wide", "tracking"}
    assert redo(asked, scenes, 1, "closer").shot_type in {"close-up", "extreme-close-up", "product"}
    assert redo(asked, scenes, 1, "fade out").transition == "fade"
    assert redo(asked, scenes, 1, "make it 4 s").seconds == 4
    assert redo(asked, scenes, 1, "make it 400 s").seconds == 30
    assert "Nobody in frame." in redo(asked, scenes, 1, "no people").description
    assert redo(asked, scenes, 2, 'on-screen text: "18 hours"').on_screen == "18 hours"
    assert "violet umbrella" in redo(asked, scenes, 2, "a violet umbrella passes").description
    assert "violet" not in redo(asked, scenes, 2, "a violet umbrella passes").script


def test_removed_words_are_gone() -> None:
    asked, scenes = brief(), board(brief())
    for k in range(1, len(scenes) + 1):
        take = redo(asked, scenes, k, "don't say brew")
        assert "brew" not in f"{take.title} {take.description} {take.script}".casefold()


def test_the_last_scene_keeps_call_and_disclaimer() -> None:
    asked = brief(disclaimer="Terms apply.")
    scenes = board(asked)
    for feedback in ("", "shorter", "no people", "mention the free trial", 'on-screen text: "Now"', "don't say order"):
        take = redo(asked, scenes, len(scenes), feedback)
        assert "Terms apply." in take.on_screen
        assert take.beat == "cta"
        if "order" not in feedback:
            assert CALL in take.on_screen


def test_assets_asked_for_are_there_and_others_kept() -> None:
    scenes = board(brief())
    assert redo(brief(), scenes, 1, must=("a7",)).asset_ids == ("a7",)
    assert redo(brief(), scenes, 1).asset_ids == scenes[0].asset_ids


def test_a_scene_that_never_came_whole_is_written() -> None:
    asked, scenes = brief(), board(brief())
    wanted = Redo(brief=asked, number=1, scene=None, neighbours=scenes[1:], constraints=Constraints(seconds=4.0))
    take = BuiltinWriter().rewrite(wanted).draft
    assert take.number == 1
    assert take.seconds == 4.0
    assert take.script


def test_a_redo_keeps_the_person() -> None:
    asked, scenes = brief(), board(brief())
    name = re.search(r"\b(Maya|Nora|Ida|Ruth|Leila|Grace|Tom|Ben|Leo|Malik|Jonah|Sam)\b", scenes[0].description)
    assert name
    people = {n for k in range(8) for n in re.findall(
        r"\b(Maya|Nora|Ida|Ruth|Leila|Grace|Tom|Ben|Leo|Malik|Jonah|Sam)\b",
        redo(asked, scenes, 1, "", [scenes[1]] * k).description)}  # fmt: skip
    assert people <= {name[0]}
