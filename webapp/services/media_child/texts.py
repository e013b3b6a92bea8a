"""Read plain text and Word documents: the first words, and a sheet that shows them."""

from __future__ import annotations

import re
import sys

import drawing
import word_text
from answer import Answer
from word_package import Package

_BESIDE = ("footnotes", "endnotes", "header", "footer")


def read(form: str, encoding: str, fonts: list[str], limits: dict) -> Answer:
    """Read the document on standard input."""
    if form == "doc":
        return Answer({})  # the old binary format: kept and served, not read
    facts: dict = {}
    if form == "txt":
        content = sys.stdin.buffer.read(limits["text_bytes"] + 1)
        text = content.decode(encoding or "utf-8").removeprefix("\ufeff").rstrip("\x1a")
        text = re.sub("[\v\f\x85\u2028\u2029]|\r\n?", "\n", text)
    else:
        package = Package()
        text, facts["page_count"] = _words(package, limits["excerpt_characters"]), package.pages()
    facts["excerpt"] = excerpt(text, limits["excerpt_characters"])
    if not facts["excerpt"]:
        return Answer(facts)
    sheet = drawing.page_of_text(facts["excerpt"], fonts)
    return Answer(facts, {"thumbnail": drawing.webp(sheet, limits["thumbnail_px"], 85)})


def excerpt(text: str, most: int, *, goes_on: bool = False) -> str:
    """Cut a text to at most so many characters, at the end of a word, with a … that says that it goes on."""
    text = text.strip()
    if len(text) <= most and not goes_on:
        return text
    cut = text[: most - 1]
    if len(text) > len(cut) and not text[len(cut)].isspace():
        head = re.match(r"(?s).*\s", cut)
        cut = head[0] if head and len(head[0]) > most * 3 // 4 else cut
    return cut.rstrip() + "…"


def _words(package: Package, enough: int) -> str:
    """Read the document from its first line; then notes, headers and footers, each line of them once."""
    hidden: frozenset[str] = frozenset()
    for part in package.related(package.main, "styles")[:1]:
        member = package.open(part)
        if member is not None:
            hidden = word_text.hidden_styles(member)
    main = package.open(package.main)
    assert main is not None  # noqa: S101  the package found it
    lines = word_text.lines(main, enough, hidden)
    beside: dict[str, None] = {}
    for kind in _BESIDE:
        for part in package.related(package.main, kind):
            member = package.open(part)
            if member is not None and sum(map(len, lines)) + sum(map(len, beside)) <= enough:
                beside.update(dict.fromkeys(filter(str.strip, word_text.lines(member, enough, hidden))))
    return "\n".join((*lines, *beside))
