"""What calls to any model provider share: waiting before a retry, and reading answers of unknown shape."""

from __future__ import annotations

import random
import re
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from webapp.services.writers.base import WriterError
    from webapp.services.writers.bounded_http import Bounds

MAX_RETRIES = 3
MAX_WAIT_SECONDS = 30.0
MAX_QUOTE = 200
"""Characters of a provider's own sentence that we repeat."""


_ANSI = re.compile(r"\x1b\[[\d;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
"""Colours and titles for a terminal."""
_SECRETS = re.compile(
    r"\b(?:sk|pk|rk|gsk|hf|xai|nvapi|key)[-_][\w\-*.]{6,}|\bBearer\s+\S{6,}|\bAIza[\w-]{10,}|(?<=//)[^/@\s]+@"
    r"|\b(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{24,}\b",
    re.IGNORECASE,
)
"""Keys by their usual beginnings, a name and password in an address, and any long run of letters and digits."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer as it comes: the next characters, or how the answer ended."""

    text: str = ""
    refusal: str = ""
    ending: str = ""
    """complete, length, filter or refusal; empty while the answer goes on"""
    restart: bool = False
    """True where what came so far was only talk: the answer proper begins here."""
    thought: str = ""
    """Thinking that came apart from the answer."""
    call: str = ""
    """The arguments of a tool call that nobody offered: the answer, where there is no other."""


class Retries:
    """Count and space the retries of one call: at most three, exponential with jitter, never past the deadline."""

    def __init__(self, bounds: Bounds, backoff_seconds: float) -> None:
        self._bounds = bounds
        self._backoff_seconds = backoff_seconds
        self._taken = 0

    def wait_after(self, error: WriterError) -> None:
        """Sleep before the next try; raise `error` when another try cannot help or there is no time for it."""
        if error.permanent or self._taken >= MAX_RETRIES:
            raise error
        # Full backoff would have parallel jobs come back together; half to whole keeps them apart.
        backoff = self._backoff_seconds * 2**self._taken * random.uniform(0.5, 1.0)
        seconds = min(max(backoff, error.retry_after or 0.0), MAX_WAIT_SECONDS)
        if (error.retry_after or 0.0) > MAX_WAIT_SECONDS or seconds >= self._bounds.remaining:
            raise error
        self._taken += 1
        time.sleep(seconds)


def dig(value: object, *path: str | int) -> Any:
    """Follow keys, attributes and positions into an answer of unknown shape; None where it does not lead on."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list | tuple) and len(value) > step else None
        elif isinstance(value, Mapping):
            value = value.get(step)
        else:
            value = getattr(value, step, None)
    return value


def whole_number(value: object) -> int:
    """Read a token count; 0 for everything that is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def quote(text: object, *secrets: str) -> str:
    """Shorten a provider's sentence for showing: one line, no control or direction characters, no key in it."""
    plain = _ANSI.sub("", str(text or "")[: MAX_QUOTE * 20])
    line = " ".join("".join(" " if char.isspace() else char for char in plain if _is_visible(char)).split())
    for secret in secrets:
        if len(secret) >= 4:
            line = line.replace(secret, "…")
    line = _SECRETS.sub("…", line)
    return line if len(line) <= MAX_QUOTE else line[: MAX_QUOTE - 1].rstrip() + "…"


def _is_visible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After (seconds or a date, RFC 9110 §10.2.3) or retry-after-ms; None when absent or unreadable."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d+(\.\d+)?", value):
            return float(value)
        if value:
            return max(0.0, (parsedate_to_datetime(value).astimezone(UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
    return None
