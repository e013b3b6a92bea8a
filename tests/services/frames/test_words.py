"""From the words of a scene to what is drawn."""

from __future__ import annotations

import pytest

from webapp.services.frames.words import PLACES, PRODUCTS, find_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Fjell Cold Brew in a bottle", "bottle"),
        ("Eine Flasche auf dem Tisch", "bottle"),
        ("La nouvelle chaussure", "shoe"),
        ("una aplicación en la pantalla", "phone"),
        ("The bicycle that you carry up the stairs, and with it the sun", ""),
        ("", ""),
    ],
)
def test_words_name_a_product_and_little_words_none(text: str, kind: str) -> None:
    assert find_kind(text, PRODUCTS) == kind


def test_words_name_a_place() -> None:
    assert find_kind("Grace stands in the kitchen", PLACES) == "kitchen"
