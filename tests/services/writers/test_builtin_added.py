"""A scene added by hand is the scene that was described, not one from stock and not a second end card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from webapp.services import timing
from webapp.services.writers.base import LANGUAGES, Brand, Brief, Constraints, Redo, SceneDraft
from webapp.services.writers.builtin import BuiltinWriter
from webapp.services.writers.builtin.added import title_from

CALL = "Order today at fjell.coffee"
DESCRIBED = {
    "en": "The courier hands over the box in the rain and grins.",
    "de": "Ein Hund schläft neben der Teekanne",
    "es": "Un perro duerme junto a la tetera",
    "fr": "Un chien dort à côté de la théière",
}


def brief(language: str, **words: object) -> Brief:
    values: dict[str, object] = {
        "product": "Fjell Cold Brew", "audience": "Commuters", "key_message": "Real cold brew, ready before you are.",
        "call_to_action": CALL, "brand": Brand(disclaimer="Terms apply."),
    }  # fmt: skip
    return Brief(language=language, scene_seconds=(4.0, 5.0, 6.0, 5.0), **(values | words))  # type: ignore[arg-type]


def add(asked: Brief, description: str, number: int, seconds: float = 4.0) -> tuple[SceneDraft, list[SceneDraft]]:
    board = [event for event in BuiltinWriter().write(asked) if isinstance(event, SceneDraft)]
    others = [replace(s, number=s.number + (s.number >= number)) for s in board]
    wanted = Redo(
        brief=asked, number=number, scene=None, neighbours=others, feedback=description,
        constraints=Constraints(seconds=seconds),
    )  # fmt: skip
    return BuiltinWriter().rewrite(wanted).draft, others


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_the_scene_is_the_one_described(language: str, number: int) -> None:
    described = DESCRIBED[language]
    scene, others = add(brief(language), described, number)
    assert scene.description == described.rstrip(".") + "."
    assert scene.number == number
    assert scene.beat == "proof"
    assert scene.shot_type != "end-card"
    assert 2 <= len(scene.title.split()) <= 5
    assert scene.title.split()[-1] in described.replace(".", "").split()
    assert scene.script
    assert timing.estimate_seconds(scene.script, language) <= scene.seconds
    assert scene.script not in [other.script for other in others]
    assert scene.on_screen == ""
    assert CALL not in scene.script


@pytest.mark.parametrize(
    ("description", "beat", "shot"),
    [
        ("Fjell Cold Brew on a windowsill at night", "product", None),
        ("A close-up of steam over a cup", "proof", "close-up"),
        ("A woman runs down the stairs, laughing", "proof", "tracking"),
        ("Zwei Freunde sitzen am Strand und schweigen", "proof", "wide"),
    ],
)
def test_beat_and_shot_follow_the_words(description: str, beat: str, shot: str | None) -> None:
    scene, _ = add(brief("en"), description, 3)
    assert scene.beat == beat
    assert shot is None or scene.shot_type == shot


def test_a_redo_of_a_scene_behind_the_end_card_makes_no_second_one() -> None:
    asked = brief("en")
    scene, others = add(asked, DESCRIBED["en"], 5)
    wanted = Redo(
        brief=asked, number=5, scene=scene, neighbours=others, feedback="more energetic",
        constraints=Constraints(seconds=4.0),
    )  # fmt: skip
    take = BuiltinWriter().rewrite(wanted).draft
    assert take.beat == "proof"
    assert "Terms apply." not in take.on_screen
    assert CALL not in take.script


def test_a_wish_alone_is_no_description() -> None:
    scene, _ = add(brief("en"), "more energetic", 2)
    assert "energetic" not in scene.description


def test_forbidden_words_stay_out_of_a_described_scene() -> None:
    asked = brief("en", brand=Brand(restrictions=("rain",)))
    scene, _ = add(asked, "A dog naps. The courier waits in the rain.", 3)
    assert scene.description == "A dog naps."


def test_titles_end_where_the_sense_allows() -> None:
    assert title_from("The courier hands over the box in the rain and grins.") == "Courier hands over the box"
    assert title_from("Ein Hund schläft neben der Teekanne.") == "Hund schläft neben der Teekanne"
    assert title_from("Un chien dort à côté de la théière.") == "Un chien dort"
