"""How long scenes last and how long words take to say: pure arithmetic, milliseconds in and out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MIN_SCENE_MS = 1000
"""No scene is shorter than a second: less cannot be read or heard."""

STEP_MS = 100
"""Durations are kept to a tenth of a second, as the board shows them."""

WORDS_PER_MINUTE = {"en": 150, "de": 120, "es": 144, "fr": 126}
"""Voice-over pace. English 150 words a minute is the usual rate of commercial narration; the others are scaled by how
many words a minute the same text takes in each language (IReST: English 228, German 179, Spanish 218, French 195;
Trauzettel-Klosinski and Dietz, Investigative Ophthalmology & Visual Science 53, 2012)."""

TWELFTHS = 12
"""Words are counted in twelfths: whole numbers come out the same here and in a page (static/js/fit.js)."""

_AUTO_STEPS = ((15, 3), (30, 4), (45, 5), (60, 6))
"""Up to so many seconds, so many scenes; above the last, 7 (the product's own rule)."""

_LOOSEST = 1.8
_TIGHTEST = 0.5
"""How far a writer's proposal may lie from the plan and still be kept as it is."""

_LETTERS_PER_WORD = 12
"""A token longer than this (a German compound, a URL part) takes the time of more than one word: a twelfth a letter."""

_ADDRESS = re.compile(r"\w[./@]\w*[^\W\d]")
_SCHEME = re.compile(r"^\w+://(www\.)?")
_PIECES = re.compile(r"(\d+)|([^\W\d_]+(?:[’'][^\W\d_]+)*)")
_SIGNS = "%€$£&+"
"""Signs that are said as a word of their own."""

UNSPACED = re.compile(
    "[\u0e01-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u0f40-\u0fbc\u1000-\u103f\u1050-\u108f\u1780-\u17d3\u1950-\u19cf\u1a20-\u1a7f"
    "\u3005-\u3007\u3041-\u30ff\u3105-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9cf\uaa60-\uaadf\uf900-\ufaff"
    "\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
"""A letter of a script that is written without spaces: Chinese, Japanese, Thai, Lao, Tibetan, Burmese, Khmer, Tai and
Javanese. Korean has spaces. static/js/fit.js has the same ranges."""

_FEW_UNSPACED = 6
"""A text may have so many of these letters, a name or two, and its words are still counted."""


def scene_count(seconds: float, chosen: int | None, *, low: int = 3, high: int = 7) -> int:
    """Return how many scenes an ad of `seconds` gets: as chosen, else by length; never one under a second."""
    room = max(1, int(seconds * 1000 + 0.5) // MIN_SCENE_MS)
    if chosen is not None:
        return max(1, min(chosen, room))
    auto = next((count for limit, count in _AUTO_STEPS if seconds <= limit), 7)
    return min(max(low, min(auto, high)), room)


def plan(total_ms: int, count: int) -> tuple[int, ...]:
    """Return planned milliseconds per scene, the product's scene longest; exact sum, each at least a second.

    All are multiples of 100 ms (only the last may not be, when the total is not). Raises ValueError when
    `total_ms` cannot hold `count` scenes of a second.
    """
    return _share(_beat_weights(count), total_ms)


def settle(proposed_ms: int, planned: Sequence[int], number: int, spent_ms: int, total_ms: int) -> int:
    """Return the milliseconds scene `number` (1-based) really gets, given what scenes before it took.

    Scenes are stored the moment they come, so this decides online: a proposal is kept when it lies within half and
    1.8 times its plan and leaves every later scene room within its own bounds; otherwise the nearest value that does.
    The last scene gets exactly what remains, so durations settled one after the other always add up to `total_ms`.
    When `spent_ms` was not settled here and leaves too little, a scene still gets a second.
    """
    left = total_ms - spent_ms
    if number >= len(planned):
        return max(MIN_SCENE_MS, left)
    later = planned[number:]
    low, high = _bounds(planned[number - 1])
    low = max(low, left - sum(_bounds(ms)[1] for ms in later))
    high = min(high, left - sum(_bounds(ms)[0] for ms in later))
    if high < low:  # what was spent before leaves no fair share: share what is left by the plan
        return max(MIN_SCENE_MS, left * planned[number - 1] // max(1, sum(planned[number - 1 :])) // STEP_MS * STEP_MS)
    low = -(-low // STEP_MS) * STEP_MS
    high = high // STEP_MS * STEP_MS
    rounded = (proposed_ms + STEP_MS // 2) // STEP_MS * STEP_MS
    return max(low, min(rounded, high))


def refit(durations_ms: Sequence[int], total_ms: int) -> tuple[int, ...]:
    """Return durations stretched or squeezed in proportion to fill `total_ms` exactly, none under a second.

    Raises ValueError when there are no scenes or the total cannot give each a second.
    """
    return _share([max(1, ms) for ms in durations_ms], total_ms)


def words_per_minute(language: str, rates: Mapping[str, int] | None = None) -> int:
    """Return the voice-over pace of a BCP 47 language in words a minute: a client's own (`rates`), else the usual one.

    Languages without a measured pace speak at the English one.
    """
    base = language.replace("_", "-").split("-")[0].lower()
    own = (rates or {}).get(base)
    return own or WORDS_PER_MINUTE.get(base, WORDS_PER_MINUTE["en"])


def words_per_second(language: str, rates: Mapping[str, int] | None = None) -> float:
    """Return `words_per_minute` by the second."""
    return words_per_minute(language, rates) / 60


def spoken_twelfths(text: str) -> int:
    """Return how many words' time a text takes, in twelfths of a word: numbers and addresses count as they are said.

    A page counts while somebody types; static/js/fit.js does exactly this, and a browser test holds the two together.
    """
    return sum(_spoken(token) for token in text.split())


def is_counted(text: str) -> bool:
    """Say whether counting words says how long a text takes; not for one written without spaces.

    Up to six letters of such a script are counted as words stand (a name in an English sentence), as long as they are
    fewer than the other letters. static/js/fit.js does exactly this.
    """
    unspaced = len(UNSPACED.findall(text))
    if not unspaced:
        return True
    others = sum(letter.isalpha() for letter in UNSPACED.sub("", text))
    return unspaced <= _FEW_UNSPACED and unspaced < others


def estimate_seconds(text: str, language: str, rates: Mapping[str, int] | None = None) -> float:
    """Return the seconds a voice needs for `text`: numbers count by their spoken words, URLs by their parts."""
    return spoken_twelfths(text) / TWELFTHS / words_per_second(language, rates)


def _beat_weights(count: int) -> list[float]:
    """Return relative lengths: a quick hook, the longest look at the product just past the middle, a tight close."""
    weights = [1.0] * count
    if count >= 2:
        weights[0], weights[-1] = 0.9, 0.95
    if count >= 3:
        weights[count // 2] = 1.25
    return weights


def _bounds(planned_ms: int) -> tuple[int, int]:
    """Return the shortest and longest this scene may become, in whole steps."""
    shortest = -(-int(planned_ms * _TIGHTEST) // STEP_MS) * STEP_MS
    return max(MIN_SCENE_MS, shortest), max(MIN_SCENE_MS, int(planned_ms * _LOOSEST) // STEP_MS * STEP_MS)


def _share(weights: Sequence[float], total_ms: int) -> tuple[int, ...]:
    """Give each a second, then the rest of `total_ms` so that the whole comes as near to the weights as it can."""
    if not weights or total_ms < MIN_SCENE_MS * len(weights):
        raise ValueError(f"{total_ms} ms cannot hold {len(weights)} scenes of at least a second")
    free = set(range(len(weights)))
    shares = [float(MIN_SCENE_MS)] * len(weights)
    while free:
        room = total_ms - MIN_SCENE_MS * (len(weights) - len(free))
        whole = sum(weights[i] for i in free)
        short = {i for i in free if weights[i] / whole * room < MIN_SCENE_MS}
        if not short:
            for i in free:
                shares[i] = weights[i] / whole * room
            break
        free -= short
    steps = [max(MIN_SCENE_MS, int(share // STEP_MS) * STEP_MS) for share in shares]
    # hand the tenths lost to rounding to those that lost most; what is no whole tenth goes to the last
    by_loss = sorted(range(len(steps)), key=lambda i: (steps[i] - shares[i], i))
    for i in by_loss[: (total_ms - sum(steps)) // STEP_MS]:
        steps[i] += STEP_MS
    steps[-1] += total_ms - sum(steps)
    return tuple(steps)


@lru_cache(maxsize=4096)
def _spoken(token: str) -> int:
    """Return how many twelfths of a word one written token takes."""
    plain = unicodedata.normalize("NFC", token)
    return _said("".join(sign for sign in plain if not unicodedata.category(sign).startswith("M")))


def _said(token: str) -> int:
    """Count a token without combining marks: they belong to the letter before them and are not said."""
    if _ADDRESS.search(token):  # fjell.coffee/summer: every part and every "dot" or "slash" is said
        address = _SCHEME.sub("", token).strip("/.,!?")
        parts = [part for part in re.split(r"[./@]", address) if part]
        return sum(_said(part) + TWELFTHS for part in parts) - TWELFTHS
    twelfths = TWELFTHS * sum(token.count(sign) for sign in _SIGNS)
    for digits, letters in _PIECES.findall(token):
        if digits:  # 7 and 42 are said as one word, 250 as three, 1999 as four: about one a digit beyond two
            twelfths += TWELFTHS * (len(digits) if len(digits) > 2 else 1)
        else:
            twelfths += max(TWELFTHS, len(letters) * TWELFTHS // _LETTERS_PER_WORD)
    return twelfths
