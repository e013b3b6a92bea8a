"""Which asset belongs into which scene: by role, by tags and name, then where there is room."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webapp.services.writers.base import AssetNote, SceneDraft

_PICTURES = ("image", "video")

_ROLE_WORDS = (
    ("brand_logo", r"logo|wordmark|signet|logotipo"),
    ("closing_frame", r"closing|end.?card|end.?frame|outro|abspann|cierre"),
    ("first_frame", r"opening|intro|first.?frame|auftakt|apertura"),
    ("product_shot", r"product|pack.?shot|packaging|bottle|produkt|producto|produit|envase|flasche"),
    ("subject", r"people|person|portrait|face|team|customer|founder|menschen|kund|gente|personas|gens|visage"),
    ("background", r"background|backdrop|texture|landscape|hintergrund|fondo|arrière"),
)
"""Names and tags that give away what an asset without a role is for."""

_ANY_BUT_LAST = ("hook", "problem", "product", "proof")
_SUITS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "product_shot": (("product",), ("product", "end-card")),
    "subject": (("hook", "problem", "proof"), ("medium", "close-up")),
    "background": ((), ("wide", "tracking", "montage")),
}
"""Beats and shots a role suits; for a background the shot alone decides."""


def place(assets: Sequence[AssetNote], scenes: Sequence[SceneDraft]) -> dict[int, tuple[str, ...]]:
    """Return the asset ids of every scene: what it has already, plus every ready asset nobody uses yet.

    Pictures come first in a scene, the one its role asks for before others. Sound goes with scene 1 when it is the ad's
    own track; voice samples and documents are nobody's picture and are left out. Assets not ready are not placed.
    """
    places: dict[int, list[str]] = {scene.number: list(scene.asset_ids) for scene in scenes}
    if not scenes:
        return {}
    by_id = {asset.id: asset for asset in assets}
    used = {asset_id for ids in places.values() for asset_id in ids}
    for asset in sorted(assets, key=_order):
        if asset.id in used or not asset.ready:
            continue
        number = _scene_for(asset, scenes, places, by_id)
        if number is not None:
            places[number].append(asset.id)
            used.add(asset.id)
    first, last = scenes[0].number, scenes[-1].number
    return {number: _sorted(ids, by_id, first=number == first, last=number == last) for number, ids in places.items()}


def role_of(asset: AssetNote) -> str:
    """Return an asset's role, guessed from tags and name when nobody gave one; empty when they say nothing."""
    if asset.role:
        return asset.role
    words = " ".join((*asset.tags, asset.name)).casefold()
    return next((role for role, pattern in _ROLE_WORDS if re.search(pattern, words)), "")


def _order(asset: AssetNote) -> tuple[int, int]:
    """Place the particular before the general, so that leftovers fill scenes that got nothing."""
    ranks = ("first_frame", "closing_frame", "product_shot", "subject", "background", "transition", "brand_logo")
    role = role_of(asset)
    return (ranks.index(role) if role in ranks else len(ranks), 0 if asset.kind == "image" else 1)


def _scene_for(
    asset: AssetNote, scenes: Sequence[SceneDraft], places: dict[int, list[str]], by_id: dict[str, AssetNote]
) -> int | None:
    """Return the number of the scene an asset suits best, None when it is no picture and no soundtrack."""
    role = role_of(asset)
    first, last = scenes[0], scenes[-1]
    if asset.kind == "audio":
        return first.number if role == "use_full_audio" else None
    if asset.kind not in _PICTURES:
        return None
    if role in {"first_frame", "closing_frame", "brand_logo"}:
        return first.number if role == "first_frame" else last.number
    if role == "transition":
        product = next((i for i, scene in enumerate(scenes) if scene.beat == "product"), len(scenes) // 2)
        return scenes[max(0, product - 1)].number
    beats, shots = _SUITS.get(role, (_ANY_BUT_LAST, ()))

    def cost(scene: SceneDraft) -> tuple[bool, int, bool, int]:
        pictures = sum(1 for id_ in places[scene.number] if id_ in by_id and by_id[id_].kind in _PICTURES)
        suits = scene.beat in beats if role != "background" else scene.shot_type in shots
        spare = scene is last and role not in _SUITS
        return spare or not suits, pictures, bool(shots) and scene.shot_type not in shots, scene.number

    return min(scenes, key=cost).number


def _sorted(ids: Sequence[str], by_id: dict[str, AssetNote], *, first: bool, last: bool) -> tuple[str, ...]:
    """Return ids once each, the picture first: the scene's own role, then images, videos, logo, the rest."""

    def rank(asset_id: str) -> int:
        asset = by_id.get(asset_id)
        if asset is None:
            return 2
        role = role_of(asset)
        if asset.kind not in _PICTURES:
            return 6
        if (first and asset.role == "first_frame") or (last and asset.role == "closing_frame"):
            return 0
        if role in {"brand_logo", "transition", "background"}:
            return {"background": 4, "brand_logo": 5, "transition": 5}[role]
        return 2 if asset.kind == "image" else 3

    return tuple(sorted(dict.fromkeys(ids), key=rank))
