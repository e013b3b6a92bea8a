"""Pictures: scenes without one, assets of the brief that no scene uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.services.checks.base import Board, Check, Severity, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.models import JobAsset

NAMED = 3
"""So many unused assets are named, the others counted."""
_NOT_FOR_SCENES = ("voice_sample", "transition")


def check(board: Board) -> Iterator[Check]:
    """Point out scenes without a picture and assets without a scene."""
    for scene in board.scenes:
        if scene.frame_error:
            why = _sentence(scene.frame_error)
            text = f"Scene {scene.position} has no picture: {why} Change its assets or its action."
            yield Check(code="no-picture", severity=Severity.WARN, text=text, scene_ids=(scene.id,))
    yield from _undrawn(board)
    yield from _unused(board)


def _undrawn(board: Board) -> Iterator[Check]:
    undrawn = [scene for scene in board.scenes if scene.frame_id is None and not scene.frame_error]
    if undrawn:
        have = "has" if len(undrawn) == 1 else "have"
        yield Check(
            code="not-drawn",
            severity=Severity.NOTE,
            text=f"{numbered(undrawn).capitalize()} {have} no picture yet: wait until it is drawn.",
            scene_ids=tuple(scene.id for scene in undrawn),
        )


def _unused(board: Board) -> Iterator[Check]:
    used = {asset_id for scene in board.scenes if scene.take for asset_id in scene.take.asset_ids}
    unused = [link.asset.name for link in board.links if link.asset_id not in used and _belongs_into_a_scene(link)]
    if not unused:
        return
    names = ", ".join(f"“{name}”" for name in unused[:NAMED])
    more = f" and {len(unused) - NAMED} more" if len(unused) > NAMED else ""
    one = len(unused) == 1
    yield Check(
        code="asset-unused",
        severity=Severity.NOTE,
        text=f"{names}{more} {'is' if one else 'are'} in no scene: add {'it' if one else 'them'} to one, or take"
        f" {'it' if one else 'them'} off the brief.",
        about="assets",
    )


def _belongs_into_a_scene(link: JobAsset) -> bool:
    """Say whether a scene would show it or play it: documents are for the writer, voices for whoever speaks."""
    asset = link.asset
    if not asset.is_ready or link.role in _NOT_FOR_SCENES:
        return False
    return asset.kind in ("image", "video") or (asset.kind == "audio" and link.role == "use_full_audio")


def _sentence(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."
