"""The client's rule book: what is found in a text, where, and what is left alone."""

from __future__ import annotations

import time

import pytest

from webapp.services import rule_book


def found(places):
    return [place.found for place in places]


@pytest.mark.parametrize(
    ("text", "restrictions", "places"),
    [
        ("Cheap coffee", ["cheap"], ["Cheap"]),
        ("Cheaper, the cheapest", ["cheap"], ["Cheaper", "cheapest"]),
        ("We promise. Promising!", ["never say promise"], ["promise", "Promising"]),
        ("The best coffee in the world", ["best coffee in the world"], ["best coffee in the world"]),
        ("The best coffee, in the  world", ["best coffee in the world"], ["best coffee, in the  world"]),
        ("A world of coffee", ["best in the world", "world"], ["world"]),
        ("best in the world", ["world", "best in the world"], ["best in the world"]),
        ("Bestie", ["best"], []),
        ("Healthful", ["health"], []),
        ("Die größte Auswahl", ["größte"], ["größte"]),
        ("Das ist GARANTIERT frisch", ["garantiert"], ["GARANTIERT"]),
        ("C’est garanti", ["c'est garanti"], ["C’est garanti"]),
        ("Nothing wrong here", ["cheap", "guaranteed"], []),
        ("", ["cheap"], []),
        ("cheap", [], []),
        ("cheap", ["…"], []),
    ],
)
def test_forbidden_words_are_found_in_every_form_and_nowhere_else(text, restrictions, places):
    assert found(rule_book.forbidden(text, restrictions)) == places


def test_a_place_is_quoted_with_the_words_around_it():
    text = "Every single morning of the year we say that it is cheap, whatever anybody else may say of our prices."
    [place] = rule_book.forbidden(text, ["never say cheap"])
    assert (place.before, place.found, place.after, place.rule) == (
        "… of the year we say that it is ", "cheap", ", whatever anybody else may say …", "never say cheap",
    )  # fmt: skip


NAMES = ("Fjell Coffee", "iPhone", "Coca-Cola", "Facebook", "Café Noir", "7UP", "L'Oréal")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("fjell coffee is good", [("fjell coffee", "Fjell Coffee")]),
        ("Try Fjell-Coffee.", [("Fjell-Coffee", "Fjell Coffee")]),
        ("FjellCoffee", [("FjellCoffee", "Fjell Coffee")]),
        ("FJELL COFFEE", [("FJELL COFFEE", "Fjell Coffee")]),
        ("Fjell\nCoffee and Fjell Coffee’s best", []),
        ("I phone, IPHONE, i-Phone, iPhone", [("I phone", "iPhone"), ("IPHONE", "iPhone"), ("i-Phone", "iPhone")]),
        ("Coca Cola, Cocacola, Coca-Cola", [("Coca Cola", "Coca-Cola"), ("Cocacola", "Coca-Cola")]),
        ("Face book it. Facebook", [("Face book", "Facebook")]),
        ("Cafe Noir", [("Cafe Noir", "Café Noir")]),
        ("Cafe\u0301 Noir", []),
        ("7 Up", [("7 Up", "7UP")]),
        ("L’Oréal, Loreal", [("Loreal", "L'Oréal")]),
        ("a face. A book. iphones", []),
        ("www.fjell-coffee.com, fjell.coffee/order, me@fjellcoffee.com, #fjellcoffee, https://FJELLCOFFEE.com", []),
        ("", []),
    ],
)
def test_other_spellings_of_a_name_are_found_but_not_in_addresses(text, places):
    assert [(place.found, place.rule) for place in rule_book.misspelt(text, NAMES)] == places


def test_each_name_of_the_list_is_right_and_a_longer_one_counts_first():
    names = rule_book.names_of("Fjell", ["Fjell Coffee", "FJELL", "Fjell"])
    assert names == ("Fjell", "Fjell Coffee", "FJELL")
    assert found(rule_book.misspelt("FJELL, Fjell, Fjell Coffee", names)) == []
    assert found(rule_book.misspelt("Fjell coffee, fjell", names)) == ["Fjell coffee", "fjell"]


def test_a_name_of_one_letter_or_none_is_not_looked_for():
    assert rule_book.misspelt("x X …", ["X", "…", ""]) == ()


@pytest.mark.parametrize(
    ("text", "has", "nearly"),
    [
        ("Contains caffeine. Drink responsibly.", True, True),
        ("CONTAINS CAFFEINE\nDRINK RESPONSIBLY", True, True),
        ("Order now.\nContains caffeine. Drink responsibly!", True, True),
        ("Contains caffeine, please drink responsibly.", False, True),
        ("Contains caffeine.", False, False),
        ("", False, False),
    ],
)
def test_a_disclaimer_has_to_be_there_word_for_word(text, has, nearly):
    wanted = "Contains caffeine. Drink responsibly."
    assert (rule_book.has_disclaimer(text, wanted), rule_book.is_nearly(text, wanted)) == (has, nearly)


def test_hostile_texts_are_looked_through_in_no_time():
    began = time.monotonic()
    for text in ("a" * 20_000, "a-" * 10_000, "fjell " * 4000, "." * 20_000, "www." * 5000, "x.y" * 6000 + "@"):
        rule_book.misspelt(text, [*NAMES, "aaaa-aaaa", "a" * 120])
        rule_book.forbidden(text, ["a b c d", "fjell fjell coffee", "(a+)+$"])
    assert time.monotonic() - began < 20
