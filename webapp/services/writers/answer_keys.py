"""The names that models give the fields of a scene: in any case and spelling, and the usual other words for them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIST_NAMES = (
    "scenes scene storyboard storyboards shots shot frames panels board boards scenelist shotlist sequence clips "
    "segments beats items data result results output answer storyboardscenes videoscenes szenen escenas"
)
LISTS = frozenset(("", *_LIST_NAMES.split()))
"""Canonical keys whose array, or object of objects, may hold the scenes; empty for one that is the whole answer."""

_NAMES = {
    "number": "number num no nr n index idx scenenumber sceneno scenenum sceneid scene shotnumber order position",
    "title": "title name heading headline header label scenetitle scenename titel titre titulo",
    "beat": "beat purpose part stage role act phase section function storybeat",
    "description": "description desc visual visuals visualdescription scenedescription shotdescription whatwesee "
    "picture image imagedescription imageprompt visualprompt prompt action actions video videodescription "
    "framedescription sceneaction depiction details beschreibung bildbeschreibung bild descripcion imagen",
    "script": "script voiceover voiceovers vo narration narrator narratortext dialogue dialogues dialog spoken "
    "spokenwords speech voiceoverscript speakertext sprecher sprechertext locucion guion voixoff texteoff",
    "on_screen": "onscreen onscreentext onscreentexts textonscreen screentext textoverlay overlaytext overlay overlays "
    "super supers supertext supertitle caption captions titlecard displaytext textinpicture lowerthird einblendung",
    "shot_type": "shottype shot framing shotsize shotkind shotangle camerashot cameraangle angle einstellung",
    "camera_move": "cameramove cameramoves cameramovement cameramotion camera movement move motion kamera",
    "transition": "transition transitions transitionout transitiontype transitiontonext outtransition ubergang",
    "seconds": "seconds second secs sec duration durations durationseconds durationsec durationsecs durationinseconds "
    "durationms durationmilliseconds milliseconds length lengthseconds scenelength sceneduration estimatedduration "
    "time timing timecode timestamp timerange runtime dauer duracion duree",
    "start": "start starttime startseconds startsec from begin",
    "end": "end endtime endseconds endsec to until",
    "assets": "assets assetids asset assetid assetnames assetsused usedassets media files",
}  # fmt: skip
"""Canonical names by field, the one that we ask for first."""
_WEAK = {
    "description": "scene setting location content summary text",
    "script": "audio copy lines line words text voice speaker",
    "on_screen": "graphics graphic",
}
"""Names that say what a field holds only where nothing says it better."""

_FIRST = {field: names.split()[0] for field, names in _NAMES.items()}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
_WEAK_FIELDS = {field: names.split() for field, names in _WEAK.items()}
_AFFIXES = re.compile(r"^(?:the|scene|shot|ad)(?=.)|(?<=.)(?:text|texts|script|lines?|content|words|copy|field|s)$")
WORDS = frozenset(("title", "description", "script", "on_screen"))
"""The fields that hold words of their own; the others choose from a list, or count."""


@lru_cache(maxsize=1024)
def canonical(key: str) -> str:
    """Reduce a key to its letters and digits: "Voice-Over (VO)", "voice_over" and "voiceOver" are one."""
    plain = re.sub(r"\([^)]*\)", "", key[:80])
    letters = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(char for char in letters if char.isalnum())


@lru_cache(maxsize=1024)
def field_of(key: str) -> str:
    """Return the field that a key names, empty for a key that names none."""
    name = canonical(key)
    for _ in range(3):
        if name in _FIELDS:
            return _FIELDS[name]
        shorter = _AFFIXES.sub("", name, count=1)
        if shorter == name:
            return ""
        name = shorter
    return ""


def fields(raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Sort what a scene says by field: field → canonical key → value, the key that we ask for first.

    What goes by a name that may mean anything ("text") is taken for a field that has nothing else.
    """
    found: dict[str, dict[str, Any]] = {}
    plain = {canonical(key): value for key, value in raw.items()}
    for name, value in plain.items():
        if (field := field_of(name)) and not (field == "number" and _is_words(value)):
            found.setdefault(field, {})[name] = value
    taken = {name for names in found.values() for name in names}
    for field, names in _WEAK_FIELDS.items():
        if not any(_says_something(value) for value in found.get(field, {}).values()):
            weak = {name: plain[name] for name in names if name in plain and name not in taken}
            if weak:
                found[field] = weak
                taken.update(weak)
    return {field: _first_first(field, given) if len(given) > 1 else given for field, given in found.items()}


def _first_first(field: str, given: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(given.items(), key=lambda item: item[0] != _FIRST[field]))


def unwrapped(raw: Any) -> Any:
    """Return the scene that is alone in an object of its own, or beside its number: {"scene": {…}}, {"2": {…}}."""
    inner = [value for value in raw.values() if isinstance(value, dict)] if isinstance(raw, dict) else []
    return inner[0] if len(inner) == 1 and len(raw) <= 2 and is_scene(inner[0]) else raw


def is_scene(raw: object) -> bool:
    """Tell whether an object looks like a scene: it shows or says something, and one thing more that scenes have."""
    if not isinstance(raw, dict):
        return False
    known = fields(raw)
    return bool(known.keys() & {"description", "script"}) and len(known) > 1 and not _is_person(known)


def _is_person(known: Mapping[str, Any]) -> bool:
    """Tell whether there is a name and a description and nothing else, as characters, products and brands have."""
    return known.keys() <= {"title", "description", "beat"}


def _is_words(value: object) -> bool:
    """Tell a description from a number, which may be "Scene 2" or "2 of 5"."""
    return isinstance(value, dict | list) or (
        isinstance(value, str) and not re.fullmatch(r"[^\W\d]{0,12}[\W_]{0,3}\d+\D{0,5}\d*\W?", value.strip())
    )


def _says_something(value: object) -> bool:
    return value not in (None, "", [], {}, False)
