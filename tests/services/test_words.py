"""Words without their grammar: one stem for all forms of a word, four languages."""

from __future__ import annotations

import pytest

from webapp.services import words

FORMS = [
    ("en", "brew brewed brews brewing"),
    ("en", "commuter commuters commuting"),
    ("en", "run runs running"),
    ("en", "company companies"),
    ("en", "press presses pressed"),
    ("en", "order orders ordered ordering"),
    ("de", "bestellen Bestelle bestellt Bestellung Bestellungen"),
    ("de", "Haus Häuser Häusern"),
    ("de", "Pendler Pendlern Pendlerin Pendlerinnen"),
    ("de", "frisch frische frischer frisches"),
    ("es", "comprar compra compre comprando"),
    ("es", "rápido rápida rápidos rápidas"),
    ("es", "ciudad ciudades"),
    ("es", "viajero viajera viajeros viajeras"),
    ("fr", "commander commandez commande commandé"),
    ("fr", "prêt prête prêts prêtes"),
    ("fr", "café cafés"),
    ("fr", "matin matins"),
]
APART = [("en", "cold could"), ("en", "brew bread"), ("de", "Kaffee Kasse"), ("es", "casa cosa"), ("fr", "pain pin")]


@pytest.mark.parametrize(("language", "forms"), FORMS)
def test_all_forms_of_a_word_have_one_stem(language, forms):
    assert len({words.stem(form, language) for form in forms.split()}) == 1


@pytest.mark.parametrize(("language", "pair"), APART)
def test_other_words_have_another(language, pair):
    one, other = pair.split()
    assert words.stem(one, language) != words.stem(other, language)


def test_a_text_is_about_its_content_words():
    assert words.stems("Order it at www.fjell.com, before you are 20", "en") == {"order", "fjel", "20"}
    assert words.stems("L’eau d’Évian est à vous", "fr") == words.stems("eau evian", "fr")


@pytest.mark.parametrize("text", ["", "   ", "…!?", "☕", "the and of"])
def test_a_text_that_says_nothing_is_about_nothing(text):
    assert words.stems(text, "en") == frozenset()


def test_a_german_noun_is_found_in_a_compound():
    sought = words.stems("Kaffee", "de")
    assert words.among(sought, words.stems("Unser Kaltbrühkaffee", "de"), "de") == sought
    assert not words.among(sought, words.stems("An der Kasse", "de"), "de")
    assert not words.among(words.stems("best", "en"), words.stems("bestow", "en"), "en")


@pytest.mark.parametrize(
    ("text", "otherwise", "language"),
    [
        ("Real cold brew, ready before you are, for people who take the tram", "de", "en"),
        ("Echter Kaffee, der fertig ist, bevor du es bist, für alle, die pendeln", "en", "de"),
        ("Un café de verdad para los que no tienen tiempo y lo quieren ya", "en", "es"),
        ("Un vrai café pour ceux qui n’ont pas le temps et le veulent dans la rue", "en", "fr"),
        ("Fjell Cold Brew", "de", "de"),
        ("", "fr", "fr"),
    ],
)
def test_little_words_tell_the_language(text, otherwise, language):
    assert words.language_of(text, otherwise) == language


@pytest.mark.parametrize("text", ["Straße", "İstanbul", "ﬁne", "e\u0301", "ŒUVRE", "ǅ"])
def test_folding_keeps_places(text):
    assert len(words.fold(text)) == len(text)
