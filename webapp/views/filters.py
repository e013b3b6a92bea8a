"""Words for numbers, times and addresses in templates, and addresses of static files that change with their content."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from markupsafe import Markup, escape

from webapp.models import utcnow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

MICROS_PER_DOLLAR = 1_000_000
AREAS = {"clients": ("clients", "campaigns", "assets", "jobs", "scenes", "decisions", "animatics", "record")}
"""Entry of the main navigation → the faces that belong to it; other entries are faces of the same name."""


def init_app(app: Flask) -> None:
    """Give every template the filters and globals of this module."""
    for each in (ago, date, seconds, dollars, file_size, plural, domain, marked, mark_of, shot_name):
        app.jinja_env.filters[each.__name__] = each
    app.jinja_env.globals.update(static_url=static_url, nav_active=nav_active)


def ago(when: datetime | None, now: datetime | None = None) -> str:
    """Say how long ago: just now, 5 min ago, 3 h ago, Fri, 12 Nov, 12 Nov 2025. Empty for no time at all."""
    if when is None:
        return ""
    now = now or utcnow()
    passed = (now - when).total_seconds()
    if passed < 60:
        return "just now"
    if passed < 3600:
        return f"{int(passed // 60)} min ago"
    if passed < 24 * 3600:
        return f"{int(passed // 3600)} h ago"
    if passed < 6 * 24 * 3600:
        return f"{when:%a}"
    return f"{when.day} {when:%b}" if when.year == now.year else date(when)


def date(when: datetime | None) -> str:
    """Write a day: 12 Nov 2026. Empty for no time at all."""
    return "" if when is None else f"{when.day} {when.astimezone(UTC):%b %Y}"


def seconds(duration_ms: int | None) -> str:
    """Write milliseconds as seconds with a tenth: 3000 → "3.0"."""
    return "" if duration_ms is None else f"{duration_ms / 1000:.1f}"


def dollars(micros: int | None) -> str:
    """Write micro-dollars: "$12.50"; tiny amounts with four digits, "$0.0123", since a scene costs less than a cent."""
    micros = micros or 0
    amount = micros / MICROS_PER_DOLLAR
    if 0 < micros < 100:
        return "<$0.0001"
    tiny = 0 < micros < MICROS_PER_DOLLAR and micros % 10_000
    return f"${amount:.4f}" if tiny else f"${amount:,.2f}"


SPELT = {
    "close-up": "Close-up",
    "extreme-close-up": "Extreme close-up",
    "pov": "POV",
    "top-down": "Top-down",
}
"""Names of shots that are not simply their words with a capital."""


def shot_name(word: str) -> str:
    """Write the name of a shot, camera move or transition as people do: "over-the-shoulder" → "Over the shoulder"."""
    return SPELT.get(word, word.replace("-", " ").capitalize())


def file_size(size_bytes: int | None) -> str:
    """Write a number of bytes: 640 B, 12 KB, 2.1 MB (1 KB is 1,024 B, as in the settings)."""
    if size_bytes is None:
        return ""
    size = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.1f} {unit}" if unit == "MB" else f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: 1 scene, 3 scenes; `many` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def domain(url: str) -> str:
    """Return the host of a URL without www, for links that should be short."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def marked(text: str, words: Sequence[str]) -> Markup:
    """Escape a text and wrap the searched words in <mark>."""
    if not words:
        return escape(text)
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(f"({pattern})", text, flags=re.IGNORECASE)
    hit = Markup("<mark>{}</mark>")
    return Markup("").join(hit.format(part) if odd % 2 else escape(part) for odd, part in enumerate(parts))


def mark_of(name: str) -> str:
    """Return the letters that stand for a client without a logo: Fjell Coffee → FC, Fjell → Fj; signs are passed by."""
    words = [word for word in name.split() if word[0].isalnum()] or name.split()
    return f"{words[0][0]}{words[-1][0]}".upper() if len(words) > 1 else "".join(words)[:2].capitalize()


def static_url(filename: str) -> str:
    """Return the address of a static file with a piece of its hash, so that browsers may keep it for good."""
    version = _version(Path(current_app.static_folder or "") / filename)
    return url_for("static", filename=filename, v=version or None)


def nav_active(area: str) -> bool:
    """Say whether the page belongs to this entry of the main navigation."""
    return request.blueprint in AREAS.get(area, (area,))


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else ""
