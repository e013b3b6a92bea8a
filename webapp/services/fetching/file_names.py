"""What a fetched file is called: by its server, in all the ways servers write it, else by its link."""

from __future__ import annotations

import binascii
import re
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote, unquote_to_bytes, urlsplit

MAX_CHARACTERS = 120
MAX_HEADER_CHARACTERS = 8_000
_FORMATS = re.compile(
    r"\.(?:jpe?g|png|webp|gif|svg|avif|hei[cf]|mp4|m4v|webm|mov|avi|mkv|mp3|wav|ogg|aac|m4a|flac|pdf|docx?|txt)\Z",
    re.IGNORECASE,
)
# One parameter: quoted (a quote inside may be escaped, a backslash before anything else stands for itself, as Windows
# paths are written), quoted without an end, or bare up to the next parameter, blanks included.
_PARAMETER = re.compile(
    r'(?:^|[;\s])(filename(?:\*\d{0,3}\*?)?)[ \t]*=[ \t]*(?:"((?:\\["\\]|[^"])*)(?:"|\Z)|([^";]*(?:"[^;]*)?))',
    re.IGNORECASE,
)
_EXTENDED = re.compile(r"([\w.:-]*)'([^']*)'(.*)", re.DOTALL)
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)


def header_text(value: bytes) -> str:
    """Read the bytes of a header: UTF-8, which they are if they can be, else Windows' Latin-1."""
    for charset in ("utf-8", "cp1252"):
        try:
            return value.decode(charset)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def file_name(disposition: str, *urls: str) -> str:
    """Name a file by its Content-Disposition, else by the path of the first URL that ends in a file's name.

    Reads RFC 6266, RFC 8187 with any charset, RFC 2231 in pieces, RFC 2047 words, percent signs, escaped quotes,
    blanks without quotes. Returns at most 120 characters without folders and control characters, empty for no name.
    """
    from_header = (cleaned(name) for name in _candidates(disposition[:MAX_HEADER_CHARACTERS]))
    from_paths = [cleaned(_last_of_path(url)) for url in urls]
    from_paths.sort(key=lambda name: not _FORMATS.search(name))
    return next((name for name in (*from_header, *from_paths) if name), "")


def cleaned(name: str) -> str:
    """Keep the last part of a path on one line, without what cannot be shown; long ones keep start and ending."""
    last = " ".join(name.replace("\\", "/").split()).rstrip("/ ").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable()).strip(' ."“”')
    if shown[:1] == shown[-1:] == "'":
        shown = shown[1:-1]
    if len(shown) <= MAX_CHARACTERS:
        return shown
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 10:
        return shown[:MAX_CHARACTERS]
    return f"{stem[: MAX_CHARACTERS - len(ending) - 1]}.{ending}"


def _candidates(disposition: str) -> list[str]:
    """List the names of a header, the best first: extended, in pieces, plain."""
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(disposition):
        quoted, bare = match[2], match[3]
        value = re.sub(r'\\(["\\])', r"\1", quoted) if quoted is not None else bare.strip()
        found.setdefault(match[1].lower(), value)
    names = [_extended(found[key]) for key in ("filename*",) if key in found]
    names.append(_from_pieces(found))
    return [*names, _plain(found.get("filename", ""))]


def _extended(value: str) -> str:
    """Read charset'language'percent-encoded; without the marks it is taken for UTF-8."""
    match = _EXTENDED.fullmatch(value.strip())
    charset, encoded = (match[1], match[3]) if match else ("", value)
    return _decoded(unquote_to_bytes(encoded), charset)


def _from_pieces(found: dict[str, str]) -> str:
    """Join filename*0, filename*1* … in their order up to the first that is missing (RFC 2231)."""
    charset, joined = "", b""
    for number in range(1000):
        for key in (f"filename*{number}*", f"filename*{number}"):
            if key in found:
                break
        else:
            break
        value = found[key]
        if not key.endswith("*"):
            joined += value.encode()
            continue
        match = _EXTENDED.fullmatch(value) if number == 0 else None
        if match:
            charset, value = match[1], match[3]
        joined += unquote_to_bytes(value)
    return _decoded(joined, charset)


def _plain(value: str) -> str:
    if _ENCODED_WORD.search(value):
        try:
            words = decode_header(value)
        except (HeaderParseError, binascii.Error, ValueError):
            return value
        return "".join(word if isinstance(word, str) else _decoded(word, charset or "") for word, charset in words)
    if _EXTENDED.fullmatch(value) and value.lower().startswith(("utf-8'", "iso-8859-1'")):
        return _extended(value)  # the star is missing
    if _PERCENT.search(value):
        try:
            return unquote(value, errors="strict")
        except UnicodeDecodeError:
            return value
    return value


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset or "utf-8")
    except (LookupError, UnicodeError):
        return header_text(content)


def _last_of_path(url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return header_text(unquote_to_bytes(_SESSION.sub("", path).rstrip("/").rpartition("/")[2]))
