"""What a model is asked: the rules once, everything that people or assets brought as plainly marked data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webapp.services import timing
from webapp.services.writers.instructions import SYSTEM
from webapp.services.writers.pictures import Picture, pictures

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from webapp.services.writers.base import AssetNote, Brief, Constraints, Redo, SceneDraft

MAX_ASSETS = 40
MAX_EXCERPTS = 6

_LANGUAGE_NAMES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a model, in no provider's format yet."""

    system: str
    user: str
    pictures: tuple[Picture, ...]
    numbers: tuple[int, ...]
    """The scenes asked for."""


def aliases(brief: Brief) -> dict[str, str]:
    """Name the assets A1, A2, … in the order of the brief: models copy short names without mistakes."""
    return {f"A{position}": asset.id for position, asset in enumerate(brief.assets[:MAX_ASSETS], 1)}


def storyboard(
    brief: Brief, done: Sequence[SceneDraft] = (), numbers: Sequence[int] | None = None, note: str = ""
) -> Question:
    """Ask for the scenes `numbers` (all when None), telling what is `done`; `note` says what the last answer lacked."""
    missing = tuple(range(1, len(brief.scene_seconds) + 1) if numbers is None else numbers)
    parts = [_data(_brief(brief))]
    if done:
        parts += ["These scenes are finished; continue their story and do not repeat them:", _data(_told(brief, done))]
    if brief.feedback:
        parts += ["The last version was sent back. What should be different now:", _data(_cut(brief.feedback, 2000))]
    parts += [
        f"Write {_scenes(missing)} of {len(brief.scene_seconds)} now. The plan:",
        json.dumps(_plan(brief, missing)),
    ]
    if note:
        parts.append(note)
    return Question(SYSTEM, "\n\n".join(parts), pictures(brief.assets[:MAX_ASSETS]), missing)


def rewrite(redo: Redo, note: str = "") -> Question:
    """Ask for one scene anew, different from its present text and from its earlier takes."""
    brief, scene, number = redo.brief, redo.scene, redo.number
    parts = [_data(_brief(brief))]
    if redo.neighbours:
        parts += ["The other scenes, which stay as they are:", _data(_told(brief, redo.neighbours))]
    if scene:
        parts += [f"Scene {number} as it is now:", _data(_told(brief, [scene]))]
    if redo.previous:
        parts += ["Earlier versions of it, which must not come back:", _data(_told(brief, redo.previous[-5:]))]
    if redo.feedback:
        parts += ["What the client says about it:", _data(_cut(redo.feedback, 2000))]
    parts += [_redo_wish(brief, redo.constraints, number, rewritten=scene is not None)]
    if note:
        parts.append(note)
    return Question(SYSTEM, "\n\n".join(parts), pictures(brief.assets[:MAX_ASSETS]), (number,))


def _redo_wish(brief: Brief, constraints: Constraints, number: int, *, rewritten: bool) -> str:
    plan = {"number": number, "seconds": constraints.seconds, "max_words": _max_words(brief, constraints.seconds)}
    lines = [f"Write scene {number} {'anew' if rewritten else 'now'}, alone in “scenes”. Its plan: {json.dumps(plan)}"]
    if rewritten:
        lines.append("Description or script must differ clearly from the present and all earlier versions.")
    if constraints.parts:
        lines.append(f"Change only: {', '.join(constraints.parts)}. Keep the rest of the present version.")
    if constraints.style:
        lines.append(f"Style for this scene: {_data(_cut(constraints.style, 300))}")
    short = {asset_id: alias for alias, asset_id in aliases(brief).items()}
    wanted = [short[asset_id] for asset_id in constraints.must_include_asset_ids if asset_id in short]
    if wanted:
        lines.append(f"It must use these assets: {', '.join(wanted)}.")
    return "\n".join(lines)


def _brief(brief: Brief) -> dict[str, Any]:
    brand = brief.brand
    facts: dict[str, Any] = {
        "language": _LANGUAGE_NAMES.get(brief.language.split("-")[0].lower(), _cut(brief.language, 40)),
        "format": brief.ratio,
        "total_seconds": round(sum(brief.scene_seconds), 1),
        "product": _cut(brief.product, 600),
        "audience": _cut(brief.audience, 600),
        "key_message": _cut(brief.key_message, 600),
        "call_to_action": _cut(brief.call_to_action, 300),
        "style": _cut(brief.style, 300),
        "tone": _cut(brief.tone, 300),
        "visual_elements": _list(brief.visual_elements),
        "music": _cut(brief.music_style, 200),
        "campaign_goal": _cut(brief.campaign_goal, 600),
        "homepage": _cut(brief.homepage, 300),
        "brand": _cut(brand.name, 120),
        "brand_colors": _list(brand.colors),
        "brand_fonts": _list(brand.fonts),
        "brand_tone": _cut(brand.tone, 600),
        "brand_examples": _list(brand.examples),
        "never_use": _list(brand.restrictions, 50),
        "disclaimer": _cut(brand.disclaimer, 300),
        "assets": _assets(brief.assets),
    }
    return {name: value for name, value in facts.items() if value}


def _assets(assets: Sequence[AssetNote]) -> list[dict[str, Any]]:
    notes = []
    excerpts = 0
    for position, asset in enumerate(assets[:MAX_ASSETS], 1):
        note: dict[str, Any] = {"name": f"A{position}", "file": _cut(asset.name, 120), "kind": asset.kind}
        note |= {"role": asset.role, "tags": _list(asset.tags, 10)}
        if asset.width and asset.height:
            note["size"] = f"{asset.width}x{asset.height}"
        if asset.duration_s:
            note["seconds"] = round(asset.duration_s, 1)
        if asset.excerpt and excerpts < MAX_EXCERPTS:
            excerpts += 1
            note["begins"] = _cut(asset.excerpt, 600)
        if not asset.ready:
            note["still_loading"] = True
        notes.append({name: value for name, value in note.items() if value})
    return notes


def _plan(brief: Brief, numbers: Iterable[int]) -> list[dict[str, float]]:
    plan = []
    for number in numbers:
        seconds = brief.scene_seconds[number - 1]
        plan.append({"number": number, "seconds": seconds, "max_words": _max_words(brief, seconds)})
    return plan


def _told(brief: Brief, scenes: Iterable[SceneDraft]) -> list[dict[str, Any]]:
    short = {asset_id: alias for alias, asset_id in aliases(brief).items()}
    return [
        {
            "number": scene.number,
            "title": _cut(scene.title, 80),
            "beat": scene.beat,
            "description": _cut(scene.description, 1000),
            "script": _cut(scene.script, 1000),
            "on_screen": _cut(scene.on_screen, 300),
            "shot_type": scene.shot_type,
            "camera_move": scene.camera_move,
            "transition": scene.transition,
            "seconds": scene.seconds,
            "assets": [short[asset_id] for asset_id in scene.asset_ids if asset_id in short],
        }
        for scene in scenes
    ]


def _data(value: object) -> str:
    # "<\/" is the same text in JSON, so that no value can close the fence around it.
    return "<data>\n" + json.dumps(value, ensure_ascii=False).replace("</", "<\\/") + "\n</data>"


def _scenes(numbers: Sequence[int]) -> str:
    named = ", ".join(str(number) for number in numbers)
    return f"scene {named}" if len(numbers) == 1 else f"scenes {named}"


def _max_words(brief: Brief, seconds: float) -> int:
    """Return how many words a voice has time for, at the client's pace or the usual one of the language."""
    rate = brief.words_per_minute or timing.words_per_minute(brief.language)
    return max(1, int(seconds * rate / 60))


def _cut(text: str, limit: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _list(items: Iterable[str], most: int = 20) -> list[str]:
    return [_cut(item, 200) for item in items if item.strip()][:most]
