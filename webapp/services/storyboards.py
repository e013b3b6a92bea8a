"""The canonical storyboard: the one sequence of bytes that stands for what a board says, and its hash.

The bytes are a JSON document: UTF-8, keys sorted, no spaces, no escapes beyond those JSON needs, no final line end. So
`sha256sum` over a saved file gives the hash that a decision is bound to.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webapp.models import Take

FORMAT = "slate-storyboard/1"
"""Named in every document, so that a later form can never be taken for this one."""
FORMAT_WITH_RATIO = "slate-storyboard/2"
"""The form of a storyboard whose format was changed: it names the format, so no two formats share a hash."""
CONTENT = (
    "title", "beat", "description", "script", "on_screen", "shot_type", "camera_move", "transition",
    "duration_ms", "asset_ids", "extra",
)  # fmt: skip
"""What makes up a scene: the columns that a take copies, compares and hashes."""


def content(take: Take) -> dict[str, Any]:
    """Return what a take says, without when and by whom."""
    return {name: getattr(take, name) for name in CONTENT}


def document(takes: Iterable[Take | None], ratio: str = "") -> bytes:
    """Return the canonical bytes of a storyboard: its scenes in order; a scene without words yet is empty.

    `ratio` is the `named_ratio` of the job or version; empty for one whose format was never changed.
    """
    board = [content(take) if take else {} for take in takes]
    if ratio:
        return canonical({"format": FORMAT_WITH_RATIO, "ratio": ratio, "scenes": board})
    return canonical({"format": FORMAT, "scenes": board})


def content_hash(takes: Iterable[Take | None], ratio: str = "") -> str:
    """Return the SHA-256 of the canonical storyboard, 64 hex digits."""
    return hashlib.sha256(document(takes, ratio)).hexdigest()


def scene_hash(take: Take | None) -> str:
    """Return the SHA-256 of what one scene says and shows, 64 hex digits."""
    return hashlib.sha256(canonical(content(take) if take else {})).hexdigest()


def canonical(value: object) -> bytes:
    """Return the one way to write a value as JSON: UTF-8, keys sorted by code point, no spaces, nothing escaped."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
