"""What came in place of a file: a page to sign in, an error for programs; with the words it has for it."""

from __future__ import annotations

import html
import json
import re
from typing import NamedTuple

HEAD_BYTES = 64 * 1024
"""So much of an answer is looked at for its words."""
_TITLE = re.compile(r"<title[^>]*>(.{1,2000}?)</title", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|script)[\s/>]", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml|Error|error|Fault|soap:Envelope)\b")
_XML_WORDS = re.compile(r"<(?:\w+:)?(?:Message|faultstring|Code)>([^<]{1,500})<", re.IGNORECASE)
_GUARD = re.compile(r"\A(?:\)\]\}',?|while\(1\);|for\(;;\);)\s*")
"""What some services write before JSON so that no other page can run it."""
_WORDS = ("error_description", "message", "detail", "error", "title", "reason", "description", "msg")
_SHOWN = 120


class NotFile(NamedTuple):
    """Say what an answer is, and in which words of its own; empty when it has none."""

    kind: str
    words: str


def page(head: bytes) -> NotFile | None:
    """Tell a web page or XML by its first bytes."""
    text = _text(head)
    if _HTML.search(text[:4096]):
        title = _TITLE.search(text)
        return NotFile("a web page", _line(html.unescape(title[1]) if title else ""))
    return _xml(text)


def data(content: bytes, content_type: str) -> NotFile | None:
    """Tell JSON, XML and pieces of pages from any other text; what its server calls JSON or HTML counts when broken."""
    text = _GUARD.sub("", _text(content).strip())
    if text[:1] == "<" and "html" in content_type.lower():
        return NotFile("a web page", "")
    if text[:1] not in ("{", "["):
        return _xml(text)
    for written in (text, text.partition("\n")[0]):  # the second: one object a line
        try:
            return NotFile("JSON for programs", _line(_words(json.loads(written))))
        except (ValueError, RecursionError):
            continue
    return NotFile("JSON for programs", "") if "json" in content_type.lower() else None


def _xml(text: str) -> NotFile | None:
    if not _XML.match(text):
        return None
    words = _XML_WORDS.search(text[:HEAD_BYTES])
    return NotFile("XML for programs", _line(html.unescape(words[1]) if words else ""))


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8", "replace").removeprefix("\ufeff")


def _words(value: object) -> str:
    """Find the sentence in an error as programs write them, at most three objects deep."""
    for _ in range(4):
        if isinstance(value, list) and value:
            value = value[0]
        if not isinstance(value, dict):
            break
        value = next((value[name] for name in _WORDS if value.get(name)), value.get("errors"))
    return value if isinstance(value, str) else ""


def _line(words: str) -> str:
    line = "".join(sign for sign in " ".join(words.split()) if sign.isprintable())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rstrip()}…"
