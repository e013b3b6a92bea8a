"""Plain texts: what encoding they are in, and whether they are texts at all."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import BinaryIO

from webapp.errors import Invalid, TooLarge
from webapp.services.file_formats import ACCEPTED

MAX_BYTES = 5 * 1024 * 1024
_GUESS_BYTES = 200_000
_HOW = "Save it as UTF-8 (Windows Notepad: Save as, Encoding: UTF-8), or as docx or PDF."
_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# No text has these. Form feeds and vertical tabs do no harm, nor does the Ctrl-Z that ends old DOS files.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MANY_BYTES = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

_SINGLE_BYTE_SCRIPTS = frozenset(
    (
        "cp1251",
        "koi8-r",
        "koi8-u",
        "cp866",
        "mac-cyrillic",
        "iso8859-5",
        "cp1253",
        "iso8859-7",
        "cp1255",
        "cp1256",
        "cp874",
    )
)
"""Encodings whose upper half holds another script: no word of theirs mixes it with Latin letters."""
_PREFERRED = {"cp1252": 1.1, "cp1254": 1.12, "mac-cyrillic": 0.9}
"""How much likelier an encoding is than its letters say: Western Europe's is by far the commonest. Turkish differs from
it in six letters, which Icelandic has in their place."""
_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "mac-roman",
    "koi8-r", "koi8-u", "cp866", "mac-cyrillic", "iso8859-2", "iso8859-5", "iso8859-7",
    "cp932", "euc_jis_2004", "iso2022_jp_2", "gb18030", "big5hkscs", "cp949",
)  # fmt: skip
_LEAST_SCORE = 0.01
"""Random bytes without control characters score 0.002 at most, a sentence in its own encoding 0.05 (measured)."""
_MIXED_WORD = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_INVISIBLE = "\t\n\v\f\r\xa0\xad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u3000"
# Signs that no language has inside a word, and a capital after a small letter: the encoding was another one.
_ODD = re.compile(
    r"(?<=[^\W\d_])[¡-©«-±´¶¸¹»-¿×÷†‡‰‹›€™˘˝]+(?=[^\W\d_])|[\x80-\x9f]"
    r"|(?<=[а-яѐ-џ])[А-ЯЀ-Џ]"
)


def encoding_of(file: BinaryIO) -> str:
    """Return Python's name for the encoding of the text in `file`.

    Raises:
        Invalid: it is no text, or one whose encoding cannot be told.
        TooLarge: it has more than 5 MB.
    """
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        if _is_binary(content[:4096]):
            raise _unknown()
        raise TooLarge("A text file may have at most 5 MB.", hint="Add the part of it that matters.")
    encoding = _marked(content) or _guessed(content)
    if _CONTROLS.search(decoded(content, encoding)):
        raise _unknown()
    return encoding


def decoded(content: bytes, encoding: str) -> str:
    """Decode a text and drop the mark before it and the Ctrl-Z behind it. Raises UnicodeError."""
    return content.decode(encoding).removeprefix("\ufeff").rstrip("\x1a")


def _is_binary(head: bytes) -> bool:
    return not any(head.startswith(mark) for mark, _ in _MARKS) and bool(_CONTROL_BYTES.search(head))


def _marked(content: bytes) -> str | None:
    """Believe a byte order mark, and UTF-8 where every byte fits. Raises Invalid for a mark that lies."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                content.decode(encoding)
            except UnicodeError:
                raise Invalid(
                    "This text is damaged: its mark says it is Unicode, its bytes are not.", hint=_HOW
                ) from None
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeError:
        return None
    return None if b"\0" in content.rstrip(b"\x1a") or b"\x1b" in content else "utf-8"


def _guessed(content: bytes) -> str:
    """Guess the encoding of a text that is not UTF-8. Raises Invalid."""
    if _CONTROL_BYTES.search(content.rstrip(b"\x1a")):
        return _wide(content)
    many = len(_MANY_BYTES.findall(content))
    stray = len(re.findall(rb"[\x80-\xff]", _MANY_BYTES.sub(b"", content)))
    if many > 4 * stray:
        line = content.decode("utf-8", "replace").split("\ufffd")[0].count("\n") + 1
        raise Invalid(f"This text is UTF-8 with a few bytes that are not, the first in line {line}.", hint=_HOW)
    score, encoding = max(_candidates(content), default=(0.0, ""))
    is_mostly_ascii = 4 * len(content.translate(None, bytes(range(128)))) < len(content)
    if not encoding or (score < _LEAST_SCORE and not is_mostly_ascii):
        raise Invalid(
            "This is not a kind of file that Slate knows, or a text in an encoding that cannot be told.", hint=_HOW
        )
    return encoding


def _candidates(content: bytes) -> list[tuple[float, str]]:
    """Score the encodings that chardet thinks possible: its confidence, less what reads oddly."""
    import chardet  # noqa: PLC0415  its tables are needed for few files only

    sample = content[:_GUESS_BYTES]
    high_words = [word for word in _WORD.findall(sample) if not word.isascii()]
    is_latin = 2 * sum(bool(_MIXED_WORD.search(word)) for word in high_words) > len(high_words)
    scored = []
    for guess in chardet.detect_all(
        sample, ignore_threshold=True, include_encodings=_ENCODINGS, compat_names=False, prefer_superset=False
    ):
        encoding = guess["encoding"] or ""
        if is_latin and encoding in _SINGLE_BYTE_SCRIPTS:
            continue
        try:
            text = content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        oddness = len(_ODD.findall(text)) / max(1, len(high_words))
        scored.append((guess["confidence"] * _PREFERRED.get(encoding, 1.0) * 0.1**oddness, encoding))
    return scored


def _wide(content: bytes) -> str:
    """Tell UTF-16 and UTF-32 without a mark; raises Invalid for what is no text.

    The upper half of a letter varies less than the lower one, in every script. Bytes that read as ASCII are neither.
    """
    printable = len(content) - len(content.translate(None, bytes(range(32, 127))))
    if len(content) % 2 == 0 and 5 * printable <= 4 * len(content):
        is_little = len(set(content[1::2])) <= len(set(content[::2]))
        for encoding in ("utf-32-le", "utf-32-be", "utf-16-le" if is_little else "utf-16-be"):
            with suppress(UnicodeError):
                if all(letter.isprintable() or letter in _INVISIBLE for letter in decoded(content, encoding)):
                    return encoding
    raise _unknown()


def _unknown() -> Invalid:
    return Invalid("This is not a kind of file that Slate knows.", hint=ACCEPTED)
