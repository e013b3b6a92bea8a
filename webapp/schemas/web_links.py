"""Links as people type and paste them: found in a text and freed of what stands around them."""

from __future__ import annotations

import re
from typing import Any

_ENTITIES = {
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "quot": '"',
    "apos": "'",
    "#39": "'",
    "#x27": "'",
    "#34": '"',
    "nbsp": " ",
}
_ENTITY = re.compile(rf"&({'|'.join(_ENTITIES)});", re.IGNORECASE)
# Signs without a shape that mail, chat and word processors leave in addresses: controls, soft hyphen, zero width, byte
# order mark, direction marks, placeholders of objects. No address means them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
)
# Joiners are letters of a Persian or Hindi path, and dirt at its ends and beside ASCII.
_JOINERS = re.compile("(?<![^\x00-\x7f\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f\u200c\u200d])")
_START = re.compile(r"https?://|(?<![\w.@/:=-])www\.(?=[\w-]+\.\w)", re.IGNORECASE)
_TWICE = re.compile(r"(?:https?://)+(?=https?://)", re.IGNORECASE)
# <https://…> as mail programs (RFC 3986, appendix C) and chats (<https://…|words>) write it.
_IN_ANGLES = re.compile(r"<\s*((?:https?://|www\.)[^<>\"]*)>", re.IGNORECASE)
_COMPLETE = re.compile(
    r"\.(?:jpe?g|png|webp|gif|svg|avif|hei[cf]|bmp|tiff?|mp4|m4v|webm|mov|avi|mkv|mp3|wav|ogg|aac|m4a|flac|pdf|docx?|txt"
    r"|pptx?|xlsx?|zip|html?|php|aspx?)\Z",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?=[/:?#]|\Z)")
_URL_SIGNS = re.compile(r"[!#-;=?-\[\]_a-z{|}~]+", re.IGNORECASE)
_WRAPPED_AT = 60
"""A line that a mail program broke has at least so many characters."""
_MOST_BREAKS = 100
_LONGEST = 10_000
"""More characters than a link may have; what is longer is not looked at closely."""

_ENDS = '<>"`。，、；：！？．'
"""Signs that no link holds unencoded; the full stops and commas of Chinese and Japanese need no blank after them."""
_PAIRS = dict(zip("“„«»‹›「『（【《〈［｛", "”“»«›‹」』）】》〉］｝", strict=True))
_CLOSING = frozenset("”»›」』）】》〉］｝")
_ASCII_PAIRS = {")": "(", "]": "[", "}": "{"}
_TRAILING = ".,;:!?…*'’‘‚‛“”„|\\–—¡¿،؛؟।([{"
_BETWEEN = ",;|)]}>'*»”"
"""Signs after which another http:// is a link of its own; after / or = it is part of the first one."""
_AROUND = " \t<>\"'`()[]{}«»‹›“”„‚‘’「」『』（）【】《》〈〉.,;:!?…*"


def split_links(typed: str) -> list[str]:
    """Read all links of a text, each once and in order; a line without one is kept, so that somebody is told why.

    What stands around a link is dropped: blanks of all kinds, invisible signs, brackets, quotes, Markdown, the full
    stop of a sentence. A closing bracket stays where the link opened it. `www.` gets https. A link that was broken
    over two lines is put together where the break is plain to see.
    """
    found: list[str] = []
    for line in _joined(_visible(typed).splitlines()):
        found += _in_line(line) or ([line.strip()] if line.strip() else [])
    return list(dict.fromkeys(found))


def one_link(typed: Any) -> Any:
    """Read a text that is meant to be one link, by the same rules; without one, free it of what stands around it."""
    if not isinstance(typed, str):
        return "" if typed is None else typed
    lines = _visible(typed).splitlines()
    lines = ["".join(line.strip() for line in lines)] if _is_one_word_broken(lines) else _joined(lines)
    found = [link for line in lines for link in _in_line(line)]
    line = " ".join(" ".join(lines).split())
    line = line.strip(_AROUND) or line
    if not found:
        return line
    is_first = len(found) == 1 and " " in line and _START.match(line)
    if is_first and (_COMPLETE.search(line) or "/" not in found[0].partition("://")[2]):
        return line  # blanks in a file's name, or in a host's, which is refused as a whole
    return found[0]


def _visible(typed: str) -> str:
    text = _ENTITY.sub(lambda match: _ENTITIES[match[1].lower()], typed.replace("\r\n", "\n").replace("\r", "\n"))
    text = _JOINERS.sub("", _INVISIBLE.sub("", text))
    return _IN_ANGLES.sub(lambda match: f"<{_angled(match[1])}>", text)


def _angled(content: str) -> str:
    """Write what stood in angle brackets as one word: chat's label off, line breaks out, blanks encoded."""
    link = "".join(line.strip() for line in content.partition("|")[0].splitlines())
    return link if len(_START.findall(link)) > 1 else "%20".join(link.split())


def _joined(lines: list[str]) -> list[str]:
    """Put together the lines that a link was broken over."""
    joined: list[str] = []
    length = breaks = 0
    for line in lines:
        if joined and breaks < _MOST_BREAKS and _continues(joined[-1], length, line.strip()):
            joined[-1] = joined[-1].rstrip() + line.strip()
            breaks += 1
        else:
            joined.append(line)
            breaks = 0
        length = len(line.rstrip())
    return joined


def _continues(before: str, length: int, line: str) -> bool:
    """Tell whether `line` is the rest of the link that `before` ends with; `length` is that of its last line."""
    if not line or max(len(before), len(line)) > _LONGEST:
        return False
    starts = [match.start() for match in _START.finditer(before)]
    word = before.rstrip()[starts[-1] :] if starts else ""
    if not word or not _URL_SIGNS.fullmatch(line) or not _URL_SIGNS.fullmatch(word) or _START.search(line):
        return False
    site = _SITE.match(line)
    if site and not _COMPLETE.search(site[0]):
        return False  # other.example/a.png is a link without its https://, and says so
    if line[0] in "?&=#%/" or word[-1] in "?&=%" or re.search(r"%[0-9a-f]\Z", word, re.IGNORECASE):
        return True
    if _COMPLETE.search(word):
        return False
    return length >= _WRAPPED_AT or (word[-1] in "/-_+.~" and bool(_COMPLETE.search(line)))


def _is_one_word_broken(lines: list[str]) -> bool:
    """Tell whether several lines hold nothing but the pieces of one link, as browsers take it: breaks do not count."""
    pieces = [line.strip() for line in lines if line.strip()]
    text = "".join(pieces)
    return (
        len(pieces) > 1
        and bool(_START.match(text))
        and len(_START.findall(text)) == 1
        and all(_URL_SIGNS.fullmatch(piece) for piece in pieces)
        and not any(_COMPLETE.search(piece) for piece in pieces[:-1])
    )


def _in_line(line: str) -> list[str]:
    links, at = [], 0
    while (start := _START.search(line, at)) is not None:
        at = _end(line, start.start(), start.end())
        before = line[start.start() - 1] if start.start() else ""
        link = _without_closing(line[start.start() : at], before)
        if twice := _TWICE.match(link):
            link = link[twice.end() :]
        if len(link) > len(start[0]):
            links.append(link if link[:4].lower() == "http" else f"https://{link}")
    return links


def _end(line: str, start: int, at: int) -> int:
    """Find where the link ends that begins at `start`; `at` is behind its scheme."""
    opened: list[tuple[str, int]] = []
    quote = "'" if line[:start].endswith("'") else ""
    while at < len(line):
        sign = line[at]
        if sign.isspace() or sign in _ENDS or (sign == quote and not line[at + 1 : at + 2].isalnum()):
            break
        if opened and sign == opened[-1][0]:
            opened.pop()
        elif sign in _CLOSING and sign not in _PAIRS:
            break
        elif sign in _PAIRS:
            opened.append((_PAIRS[sign], at))
        elif _begins_another(line, start, at):
            break
        at += 1
    return min([at, *(position for _, position in opened)])


def _begins_another(line: str, start: int, at: int) -> bool:
    """Tell whether a link of its own begins at `at`, inside the one from `start`."""
    if line[at] not in "hHwW" or at - start <= len("https://") or not _START.match(line, at):
        return False
    return line[at - 1] in _BETWEEN or bool(_COMPLETE.search(line[max(start, at - len(".longest")) : at]))


def _without_closing(link: str, before: str) -> str:
    """Take off what closes the text around a link; `before` is the sign in front of it."""
    while link and len(link) <= _LONGEST:
        last = link[-1]
        if last in _ASCII_PAIRS:
            if link.count(last) <= link.count(_ASCII_PAIRS[last]):
                break
        elif last not in _TRAILING and not (last in "_~" and last == before):
            break
        link = link[:-1]
    return link
