"""Links as people type and paste them: what stands around them goes, what belongs to them stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import FetchRefused
from webapp.schemas.web_links import one_link, split_links
from webapp.services.fetching.links import check_url
from webapp.services.fetching.policy import FetchPolicy

LINK = "http://files.example/a.png"
INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2063\ufeff\u00ad\u061c\u180e"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2069\ufffc\x00\x7f"
)
PAIRS = (
    "()",
    "[]",
    "{}",
    "<>",
    '""',
    "''",
    "``",
    "“”",
    "„“",
    "„”",
    "””",
    "«»",
    "»«",
    "‹›",
    "‘’",
    "‚‘",
    "「」",
    "『』",
    "（）",
    "【】",
    "《》",
    "〈〉",
    "**",
    "__",
    "~~",
    "||",
)
CLOSING = (
    ".",
    ",",
    ";",
    ":",
    "!",
    "?",
    "…",
    "...",
    ").",
    ".)",
    "),",
    '",',
    "。",
    "，",
    "、",
    "；",
    "！",
    "？",
    "؟",
    "।",
    " .",
)[:16]
AROUND = (
    f"[logo]({LINK})",
    f'![logo]({LINK} "title")',
    f"[1]: {LINK}",
    f'<a href="{LINK}">logo</a>',
    f"<img src='{LINK}'/>",
    f"<{LINK}|logo>",
    f"<URL:{LINK}>",
    f"**{LINK}**",
    f"url({LINK})",
    f"&lt;{LINK}&gt;",
    f"&quot;{LINK}&quot;",
    f"请看{LINK}。谢谢",
    f"参见（{LINK}）的图",
    f"Logo:{LINK}",
    f"see {LINK}, please",
    f"{LINK}\u00a0",
    f"\u3000{LINK}\u2003",
    f"{LINK}\t",
    f"{LINK}\r\n",
    f"{LINK}\u2028",
    f"> {LINK}",
    f"- {LINK}",
    f"1. {LINK}",
    f"• {LINK}",
    f"| {LINK} |",
    f"{LINK}\\",
    f"http://{LINK}",
    f"<\n  {LINK}\n>",
    "<http://files.example/\n  a.png>",
    "http://files.\u00adexample/\u200ba.png",
)


@pytest.mark.parametrize("sign", INVISIBLE)
def test_invisible_signs_are_no_part_of_a_link(sign):
    host, path = LINK[:12], LINK[12:]
    for typed in (sign + LINK, LINK + sign, sign + LINK + sign, LINK + 3 * sign, f"see {sign}{LINK}{sign} now"):
        assert split_links(typed) == [LINK]
        assert one_link(typed) == LINK
    assert split_links(host + sign + path) == [LINK]


@pytest.mark.parametrize("pair", PAIRS)
def test_what_opens_before_a_link_closes_behind_it(pair):
    for typed in (f"{pair[0]}{LINK}{pair[1]}", f"See {pair[0]}{LINK}{pair[1]}.", f"{pair[0]}{LINK}{pair[1]}, and"):
        assert split_links(typed) == [LINK]


@pytest.mark.parametrize("closing", CLOSING)
def test_a_sentence_ends_behind_its_link(closing):
    assert split_links(f"It is at {LINK}{closing}") == [LINK]
    assert one_link(f"{LINK}{closing}") == LINK


@pytest.mark.parametrize("typed", AROUND)
def test_a_link_is_found_in_what_programs_and_people_write_around_it(typed):
    assert split_links(typed) == [LINK]
    assert one_link(typed) == LINK


@pytest.mark.parametrize(
    "link",
    [
        "https://en.wikipedia.org/wiki/Bottle_(vessel)",
        "https://files.example/a_(b)_c",
        "https://files.example/[1]/{x}.png",
        "https://files.example/素材（最终）.png",
        "https://ru.example/wiki/Фильм_«Весна»",
        "https://files.example/o'neil.png",
        "https://files.example/a’s.png",
        "https://fa.example/می\u200cخواهم.png",
        "https://bücher.example/ä.png",
        "https://files.example/a%20b.png?sig=a%2Bb%3D&x=1;2",
        "https://files.example/a.png?sig=abc==",
        "https://files.example/a.png#part",
        "https://files.example/~me/",
        "https://files.example/a,b;c:d!e",
        "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/a.png",
        "https://archive.example/web/2020/https://files.example/a.png",
        "https://cdn.example/fetch/w_300,f_auto/https://files.example/a.png",
        "https://proxy.example/?url=https://files.example/a.png",
        "HTTPS://Files.Example/A.png",
    ],
)
def test_what_belongs_to_a_link_stays(link):
    assert split_links(link) == [link]
    assert split_links(f"(see {link}), please") == [link]
    assert one_link(f" <{link}> ") == link


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("https://a.example/x.png,https://b.example/y.png", ["https://a.example/x.png", "https://b.example/y.png"]),
        ("https://a.example/x.png;https://b.example/", ["https://a.example/x.png", "https://b.example/"]),
        ("https://a.example/x.pnghttps://b.example/", ["https://a.example/x.png", "https://b.example/"]),
        ("'https://a.example/x','https://b.example/y'", ["https://a.example/x", "https://b.example/y"]),
        ("https://a.example/ and www.b.example", ["https://a.example/", "https://www.b.example"]),
        ("https://a.example/x\nhttps://a.example/x", ["https://a.example/x"]),
        ("WWW.Files.Example/a.png.", ["https://WWW.Files.Example/a.png"]),
        (
            "https://a.example/x.png\nhero shot\nhttps://b.example/",
            ["https://a.example/x.png", "hero shot", "https://b.example/"],
        ),
        ("https://fjell.example/\nother.example/a.png", ["https://fjell.example/", "other.example/a.png"]),
        ("https://fjell.example/a?b=1&\nc=2", ["https://fjell.example/a?b=1&c=2"]),
        ("https://fjell.example/ads/\n  bottle.png\nThanks", ["https://fjell.example/ads/bottle.png", "Thanks"]),
        (f"https://fjell.example/{'long/' * 10}wi\nnter/a.png", [f"https://fjell.example/{'long/' * 10}winter/a.png"]),
        ("https://fjell.example/a?x=%E\n4.png", ["https://fjell.example/a?x=%E4.png"]),
        ("https://fjell.example/a?b=1&amp;c=2", ["https://fjell.example/a?b=1&c=2"]),
        ("ada@www.example.com", ["ada@www.example.com"]),
        ("bottle.png and more", ["bottle.png and more"]),
        ("http://", ["http://"]),
        (" \n\u200b\n", []),
    ],
)
def test_texts_with_several_links_or_none(typed, links):
    assert split_links(typed) == links


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("http://files.exam\r\nple/a.png", LINK),
        ("http://files.example/\na.png", LINK),
        ("http://files.example/Spot Winter final.png", "http://files.example/Spot Winter final.png"),
        ("http://files.example/a.png – our logo", LINK),
        ("«fjell.coffee».", "fjell.coffee"),
        ("www.fjell.coffee", "https://www.fjell.coffee"),
        ("https://a b.com", "https://a b.com"),
        ("not a link", "not a link"),
        ("...", "..."),
        (None, ""),
        (7, 7),
    ],
)
def test_one_link_of_a_field_for_one(typed, link):
    assert one_link(typed) == link


def test_links_are_judged_as_before():
    for link in split_links("data:text/html,x http://10.0.0.1/ javascript:alert(1)"):
        with pytest.raises(FetchRefused):
            check_url(link, FetchPolicy())
    assert check_url(split_links("http://files.example/a|b")[0], FetchPolicy()) == "http://files.example/a|b"
    assert check_url(split_links("«HTTP://BÜCHER.example/a b»")[0], FetchPolicy()) == "http://xn--bcher-kva.example/a"
    assert check_url("http://b%C3%BCcher.example/", FetchPolicy()) == "http://xn--bcher-kva.example/"


@given(
    st.text(alphabet=st.sampled_from("htps:/.w()<>[]“”»«'\"`,; \n\u200b\u200dab?&=%。（）|*_~"), max_size=60),
    st.booleans(),
)
def test_no_text_is_lost_or_read_twice_in_another_way(typed, is_real):
    typed = f"{typed}{LINK} {typed}" if is_real else typed
    links = split_links(typed)
    assert bool(links) == bool(split_links("\n".join(links)))
    assert one_link(one_link(typed)) == one_link(typed)
    for link in links:
        if link.lower().startswith("http"):
            assert split_links(link) == [link]


@pytest.mark.prove
@pytest.mark.parametrize(
    "typed",
    ["https://a.example/?\n" + "&\n" * 100_000, LINK + ")" * 200_000, "<" + " " * 200_000, "http://" * 50_000],
    ids=["breaks", "brackets", "blanks", "schemes"],
)
def test_endless_texts_are_read_quickly(typed, record_property):
    """Read in the square of their length, each would take longer than a test may."""
    start = time.monotonic()
    assert split_links(typed)
    record_property("seconds to read 200,000 signs", round(time.monotonic() - start, 1))
