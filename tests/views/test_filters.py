"""Words for numbers and times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from webapp.views import filters

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "says"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(days=2), "Fri"),
        (timedelta(days=10), "12 Nov"),
        (timedelta(days=400), "18 Oct 2025"),
    ],
)
def test_ago(passed, says):
    assert filters.ago(NOW - passed, NOW) == says


@pytest.mark.parametrize(
    ("micros", "says"),
    [
        (0, "$0.00"),
        (None, "$0.00"),
        (1, "<$0.0001"),
        (12_300, "$0.0123"),
        (500_000, "$0.50"),
        (1_234_567, "$1.23"),
        (12_345_678_900, "$12,345.68"),
    ],
)
def test_dollars(micros, says):
    assert filters.dollars(micros) == says


@pytest.mark.parametrize(
    ("size", "says"),
    [(0, "0 B"), (640, "640 B"), (12_288, "12 KB"), (2_202_010, "2.1 MB"), (3 * 1024**3, "3.0 GB"), (None, "")],
)
def test_file_size(size, says):
    assert filters.file_size(size) == says


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Fjell Coffee", "FC"),
        ("fjell", "Fj"),
        ("Audit Tea & Söhne <b>", "AS"),
        ("& Söhne", "Sö"),
        ("& <", "&<"),
        ("Ä", "Ä"),
    ],
)
def test_mark_of(name, says):
    assert filters.mark_of(name) == says


def test_small_words():
    assert (filters.seconds(3000), filters.seconds(None)) == ("3.0", "")
    assert (filters.plural(1, "scene"), filters.plural(0, "scene"), filters.plural(2, "entry", "entries")) == (
        "1 scene",
        "0 scenes",
        "2 entries",
    )
    assert [filters.domain(url) for url in ("https://www.fjell.coffee/en", "https://[::1", "", "x")] == [
        "fjell.coffee",
        "",
        "",
        "",
    ]
    assert (filters.ago(None), filters.date(None), filters.date(NOW)) == ("", "", "22 Nov 2026")


def test_searched_words_are_marked_and_markup_stays_text():
    assert filters.marked("<b>Cold</b> brew", ["cold", "b"]) == (
        "&lt;<mark>b</mark>&gt;<mark>Cold</mark>&lt;/<mark>b</mark>&gt; <mark>b</mark>rew"
    )
    assert filters.marked("<i>", []) == "&lt;i&gt;"


def test_a_static_file_is_named_with_a_piece_of_its_hash(app):
    with app.test_request_context():
        first = filters.static_url("icon.svg")
        assert first.startswith("/static/icon.svg?v=")
        assert len(first.rsplit("=", 1)[1]) == 10
        assert filters.static_url("icon.svg") == first
        assert filters.static_url("css/tokens.css").rsplit("=", 1)[1] != first.rsplit("=", 1)[1]
