"""The little Markdown that descriptions are written in, as HTML: paragraphs, lists, code, bold, links."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<b>\1</b>"),
    (re.compile(r"\[([^\]]+)\]\((https://[^)\s]+)\)"), r'<a href="\2" rel="noreferrer">\1</a>'),
)


def html(text: str) -> Markup:
    """Return a description as paragraphs and lists; whatever HTML it holds is shown, not obeyed."""
    return Markup("").join(_block(each) for each in text.strip().split("\n\n") if each.strip())


def inline(text: str) -> Markup:
    """Return one line with its code, bold words and links."""
    found = str(escape(text))
    for pattern, shown in INLINE:
        found = pattern.sub(shown, found)
    return Markup(found)  # noqa: S704 - escaped above


def title(text: str) -> Markup:
    """Return a line with its code and nothing else, for what is a link itself."""
    pattern, shown = INLINE[0]
    return Markup(pattern.sub(shown, str(escape(text))))  # noqa: S704 - escaped in here


def _block(text: str) -> Markup:
    first, *items = re.split(r"(?:^|\n)- ", text)
    shown = Markup("<p>{}</p>").format(inline(_joined(first))) if first.strip() else Markup("")
    if items:
        rows = Markup("").join(Markup("<li>{}</li>").format(inline(_joined(item))) for item in items)
        shown += Markup("<ul>{}</ul>").format(rows)
    return shown


def _joined(lines: str) -> str:
    return " ".join(lines.split())
