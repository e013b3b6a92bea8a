"""Scenes always add up to the ad, and words take the time they take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services import timing

COUNTS = st.integers(1, 10)
PROPOSALS = st.lists(st.integers(-(10**9), 10**9), min_size=10, max_size=10)


@pytest.mark.parametrize(("seconds", "count"), [(6, 3), (15, 3), (16, 4), (30, 4), (45, 5), (60, 6), (61, 7), (180, 7)])
def test_length_decides_the_number_of_scenes(seconds: float, count: int) -> None:
    assert timing.scene_count(seconds, None) == count


def test_a_chosen_number_wins_but_no_scene_is_under_a_second() -> None:
    assert timing.scene_count(60, 3) == 3
    assert timing.scene_count(5, 7) == 5
    assert timing.scene_count(2, None) == 2
    assert timing.scene_count(60, None, low=3, high=5) == 5


@given(count=COUNTS, tenths=st.integers(0, 1800))
def test_a_plan_adds_up_in_whole_tenths(count: int, tenths: int) -> None:
    total = count * 1000 + tenths * 100
    planned = timing.plan(total, count)
    assert sum(planned) == total
    assert len(planned) == count
    assert all(ms >= 1000 and ms % 100 == 0 for ms in planned)


def test_a_plan_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        timing.plan(2900, 3)


@given(count=COUNTS, tenths=st.integers(0, 1800), proposals=PROPOSALS)
def test_any_proposals_settle_to_the_total(count: int, tenths: int, proposals: list[int]) -> None:
    total = count * 1000 + tenths * 100
    planned = timing.plan(total, count)
    spent = 0
    for number, proposed in enumerate(proposals[:count], start=1):
        settled = timing.settle(proposed, planned, number, spent, total)
        assert settled >= 1000
        assert settled % 100 == 0
        assert settled <= max(1000, planned[number - 1] * 1.8)
        spent += settled
    assert spent == total


@given(count=st.integers(2, 8), data=st.data())
def test_proposals_that_add_up_are_kept(count: int, data: st.DataObject) -> None:
    planned = timing.plan(count * 5000, count)
    wanted = list(planned)
    for i in range(count - 1):  # move tenths from one scene to the next, within the bounds
        moved = data.draw(st.integers(-10, 10)) * 100
        wanted[i], wanted[i + 1] = wanted[i] + moved, wanted[i + 1] - moved
    spent = 0
    for number, proposed in enumerate(wanted, start=1):
        settled = timing.settle(proposed, planned, number, spent, sum(planned))
        assert settled == proposed
        spent += settled


@given(durations=st.lists(st.integers(-5000, 500_000), min_size=1, max_size=10), tenths=st.integers(0, 1800))
def test_refit_is_exact(durations: list[int], tenths: int) -> None:
    total = len(durations) * 1000 + tenths * 100
    fitted = timing.refit(durations, total)
    assert sum(fitted) == total
    assert min(fitted) >= 1000


def test_refit_keeps_the_proportions() -> None:
    assert timing.refit((2000, 4000, 6000), 24_000) == (4000, 8000, 12_000)


def test_words_take_longer_in_german_than_in_english() -> None:
    assert timing.words_per_second("en-GB") == 2.5
    assert timing.words_per_second("de") < timing.words_per_second("en")
    assert timing.words_per_second("xx") == timing.words_per_second("en")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Mornings don’t wait.", 3),
        ("fjell.coffee", 3),
        ("https://www.fjell.coffee/summer", 5),
        ("In 1999", 5),
        ("50%", 2),
        ("C’est prêt ?", 2),
    ],
)
def test_numbers_and_addresses_are_said_in_words(text: str, words: float) -> None:
    assert timing.estimate_seconds(text, "en") == pytest.approx(words / 2.5)
