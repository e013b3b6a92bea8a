"""The sentence in which a model server says what is wrong, found in whatever shape it comes and made fit to show."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping

_NAMES = ("error", "message", "detail", "msg", "error_message", "error_description", "errors", "description", "reason",
          "title", "text", "status")  # fmt: skip
"""Keys under which servers put the sentence or what holds it, the most telling first."""
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>|<h1[^>]*>(.*?)</h1>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_LOOKS_LIKE_MARKUP = re.compile(r"<(?:!doctype|!--|/?[a-z][a-z\d]*[\s/>])", re.IGNORECASE)
_DEPTH = 5


def provider_sentence(body: object, depth: int = 0) -> str:
    """Find the human sentence in the body of an error answer, whatever its shape; of a web page, its title."""
    if depth > _DEPTH:
        return ""
    if isinstance(body, str):
        return _plain(body, depth)
    if isinstance(body, list | tuple):
        return next((text for item in body if (text := provider_sentence(item, depth + 1))), "")
    if not isinstance(body, Mapping):
        return ""
    given = {str(name).lower(): value for name, value in body.items()}
    return next((text for name in _NAMES if name in given and (text := provider_sentence(given[name], depth + 1))), "")


def _plain(text: str, depth: int) -> str:
    if text.lstrip()[:1] in ("{", "["):
        try:
            return provider_sentence(json.loads(text), depth + 1)
        except ValueError:
            return ""  # a program's text, and no sentence
    if _LOOKS_LIKE_MARKUP.search(text[:20_000]):
        title = _TITLE.search(text[:20_000])
        text = html.unescape(_MARKUP.sub(" ", (title[1] or title[2]) if title else text[:20_000]))
    return " ".join(text.split())
