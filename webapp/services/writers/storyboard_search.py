"""Find the scenes in a whole answer: wrapped, as an object, as a list, one a line, or as JSON inside of a string."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.services.writers.answer_keys import LISTS, canonical, field_of, fields, is_scene, unwrapped
from webapp.services.writers.json_objects import MAX_DEPTH, read_value

if TYPE_CHECKING:
    from collections.abc import Sequence

Raw = dict[str, Any]


def scenes_in(value: object, depth: int = 0) -> list[Raw]:
    """Return the scenes of one JSON value in their order; empty where it holds none."""
    if depth > MAX_DEPTH:
        return []
    if isinstance(value, str):
        text = value.strip()
        return scenes_in(read_value(text), depth + 1) if text[:1] in ("{", "[") else []
    if isinstance(value, list):
        return _of_list(value, depth, expected=depth == 0)
    return _of_object(value, depth) if isinstance(value, dict) else []


def numbered(scenes: Sequence[Raw | None], wanted: Sequence[int]) -> list[Raw | None]:
    """Return the scenes of these numbers where an answer gives more than was asked for; else all of them."""
    if len(scenes) <= len(wanted):
        return list(scenes)
    by_number = {_number(raw): raw for raw in reversed(scenes) if raw is not None}
    return [by_number[number] for number in wanted] if by_number.keys() >= set(wanted) else list(scenes)


def is_whole(raw: Raw | None) -> bool:
    """Tell whether a scene that was never closed has come far enough: what it shows and what it says."""
    return raw is not None and fields(raw).keys() >= {"description", "script"}


def _of_list(items: list[Any], depth: int, *, expected: bool) -> list[Raw]:
    """Return the objects of a list of scenes; where scenes are `expected`, they may say very little."""
    items = [unwrapped(item) for item in items]
    if any(is_scene(item) or (expected and _says(item)) for item in items):
        return [item for item in items if isinstance(item, dict) and any(field_of(key) for key in item)]
    return [scene for item in items for scene in scenes_in(item, depth + 1)]


def _of_object(value: Raw, depth: int) -> list[Raw]:
    boxes = {key: child for key, child in value.items() if _is_box(child)}
    named = [_named(child, depth) for key, child in boxes.items() if canonical(key) in LISTS]
    if found := max(named, key=len, default=[]):
        return found
    if is_scene(value):
        return [value]
    objects = [child for child in boxes.values() if isinstance(child, dict)]
    if any(is_scene(child) for child in objects):
        return objects
    within = max((scenes_in(child, depth + 1) for child in boxes.values()), key=len, default=[])
    # The only scene that an answer holds may be no more than a description.
    return within or ([value] if depth == 0 and _says(value) else [])


def _named(child: object, depth: int) -> list[Raw]:
    """Return the scenes of what stands under a key that scenes usually have."""
    if isinstance(child, list):
        return _of_list(child, depth + 1, expected=True)
    found = scenes_in(child, depth + 1)
    if found or not isinstance(child, dict):
        return found
    return [child] if _says(child) else [item for item in child.values() if _says(item)]


def _says(value: object) -> bool:
    return isinstance(value, dict) and bool(fields(value).keys() & {"description", "script"})


def _is_box(value: object) -> bool:
    return isinstance(value, dict | list) or (isinstance(value, str) and value.lstrip()[:1] in ("{", "["))


def _number(raw: Raw) -> int | None:
    for value in fields(raw).get("number", {}).values():
        digits = "".join(char for char in str(value) if char.isdecimal())
        if digits and len(digits) < 6:
            return int(digits)
    return None
