"""A line of text in runs that one font can set: letters no font has become a box, mixed directions find their order.

The standard library is enough for this. What draws the runs is in `typesetting`.
"""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

BOX = "□"
"""Stands for letters that no font here has."""
_SOFT_HYPHEN, _JOINERS = "\u00ad", "\u200c\u200d"
_SKIN_TONES, _FLAGS = range(0x1F3FB, 0x1F400), range(0x1F1E6, 0x1F200)
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_SAME_LETTER = ("<font>", "<wide>", "<narrow>", "<noBreak>", "<compat>")
"""Decompositions that change the look of a letter and not which one it is: a wide A, a bold A of mathematics, ﬁ."""
SHAPED: dict[str, frozenset[str]] = {
    script: frozenset(tags.split())
    for script, tags in {
        "ARABIC": "arab", "SYRIAC": "syrc", "MANDAIC": "mand", "NKO": "nko", "MONGOLIAN": "mong", "HEBREW": "",
        "THAANA": "", "DEVANAGARI": "deva dev2 dev3", "BENGALI": "beng bng2 bng3", "GURMUKHI": "guru gur2 gur3",
        "GUJARATI": "gujr gjr2 gjr3", "ORIYA": "orya ory2 ory3", "TAMIL": "taml tml2 tml3", "TELUGU": "telu tel2 tel3",
        "KANNADA": "knda knd2 knd3", "MALAYALAM": "mlym mlm2 mlm3", "SINHALA": "sinh", "KHMER": "khmr",
        "TIBETAN": "tibt", "MYANMAR": "mymr mym2", "JAVANESE": "java", "BALINESE": "bali", "THAI": "", "LAO": "",
    }.items()
}  # fmt: skip
"""Scripts whose letters change with their neighbours (by the first word of their Unicode names), and the OpenType tags
of which a font must know one to set them; none where the right place of marks and the direction are enough."""


class Face(Protocol):
    """A font, see typefaces.Typeface."""

    @property
    def path(self) -> str:
        """Where its file is."""

    @property
    def scripts(self) -> frozenset[str]:
        """Return the OpenType tags it has rules for."""

    def has(self, letter: str) -> bool:
        """Say whether it has a letter."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that stand beside each other in one font and direction; `shaped`: their forms depend on neighbours."""

    text: str
    face: Face
    rtl: bool
    shaped: bool
    missing: str = ""
    """The letters that a box stands for."""


class Typecase:
    """The fonts there are, the first of them preferred; each is read when a text needs it."""

    def __init__(self, faces: Iterable[Face], shapes: Callable[[], bool]) -> None:
        """`shapes` says whether what draws can shape letters; it is asked at most once, when a text needs it."""
        self._coming, self._faces, self._reading = iter(faces), list[Face](), threading.Lock()
        self._shapes, self._known = cache(shapes), dict[str, Face | None]()

    def divide(self, text: str, *, rtl: bool | None = None) -> list[Run]:
        """Return a line's runs in the order they are read; `rtl` where the line is part of a text of that direction."""
        base = is_rtl(text) if rtl is None else rtl
        cells: list[tuple[str, Face, bool, bool]] = []
        ways = _ways(found := list(clusters(text)), base)
        previous: Face | None = None
        for cluster, way in zip(found, ways, strict=True):
            shown, face = self._set(cluster, previous)
            if not shown:
                continue
            previous = face
            cells.append((cluster if face is None else shown, face or self._first(), way, face is None))
        runs = []
        for (face, way, lost), group in groupby(cells, key=lambda cell: cell[1:]):
            joined = "".join(cell[0] for cell in group)
            shaped = not lost and (way or any(map(needs_shaping, clusters(joined))))
            letters = BOX if lost else joined if shaped else _visible(joined)
            runs.append(Run(letters, face, way, shaped, joined if lost else ""))
        return runs

    def missing(self, text: str) -> list[str]:
        """Return what no font here can set of a text, each sign once, in order."""
        if text.isascii():
            return []
        found = clusters(unicodedata.normalize("NFC", text))
        return list(dict.fromkeys(each for each in found if (set_ := self._set(each, None))[0] and set_[1] is None))

    def _first(self) -> Face:
        return next(self._each())

    def _set(self, cluster: str, previous: Face | None) -> tuple[str, Face | None]:
        """Return how a cluster is written (empty: nothing is seen of it) and in which font (None: none has it)."""
        if not _visible(cluster):
            return (cluster if previous is not None and cluster in _JOINERS else ""), previous
        if cluster.isspace():
            return " ", previous or self._first()
        if previous is not None and unicodedata.category(cluster[0])[0] in "PNS" and _fits(previous, cluster):
            return cluster, previous
        for form in _forms(cluster):
            face = self._find(form, previous)
            if face is not None:
                return form, face
        return cluster, None

    def _find(self, form: str, previous: Face | None) -> Face | None:
        if unicodedata.category(form[0]) in ("Co", "Cn", "Cs") or (needs_shaping(form) and not self._shapes()):
            return None
        if _fits(self._first(), form):
            return self._first()
        if previous is not None and _fits(previous, form):
            return previous
        if form not in self._known:
            self._known[form] = next((face for face in self._each() if _fits(face, form)), None)
        return self._known[form]

    def _each(self) -> Iterator[Face]:
        """Yield the fonts in order, reading the next one when those read so far are not enough."""
        at = 0
        while True:
            with self._reading:
                if at == len(self._faces):
                    face = next(self._coming, None)
                    if face is None:
                        return
                    self._faces.append(face)
            yield self._faces[at]
            at += 1


def clusters(text: str) -> Iterator[str]:
    """Yield letters with the marks, joiners and tones that belong to them."""
    cluster = ""
    for letter in text:
        if cluster and _belongs(letter, cluster):
            cluster += letter
        else:
            if cluster:
                yield cluster
            cluster = letter
    if cluster:
        yield cluster


def visual(runs: Sequence[Run], *, rtl: bool) -> list[Run]:
    """Return runs in the order in which they stand from left to right in a line of that direction."""
    ordered: list[Run] = []
    for way, group in groupby(reversed(runs) if rtl else runs, key=lambda run: run.rtl):
        same = list(group)
        ordered.extend(same[::-1] if way != rtl else same)
    return ordered


def is_rtl(text: str) -> bool:
    """Say whether a text runs from right to left: by its first letter that has a direction."""
    if text.isascii():
        return False
    return next((way in ("R", "AL") for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL")), False)


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """Return the script of a letter, as the first word of its Unicode name says it; empty for one without a name."""
    return unicodedata.name(letter, "").partition(" ")[0]


def spelled(letter: str) -> str:
    """Return a missing letter as people can read it: its number where a browser cannot show it either."""
    return letter if unicodedata.category(letter[0]) not in ("Co", "Cn", "Cs") else f"U+{ord(letter[0]):04X}"


def _belongs(letter: str, cluster: str) -> bool:
    code = ord(letter)
    if unicodedata.category(letter)[0] == "M" or letter in _JOINERS or code in _SKIN_TONES or 0xE0020 <= code < 0xE0080:
        return True
    if cluster[-1] == _JOINERS[1]:
        return unicodedata.category(letter) == "So"
    return code in _FLAGS and len(cluster) == 1 and ord(cluster) in _FLAGS


def _ways(found: Sequence[str], base: bool) -> list[bool]:  # noqa: FBT001
    """Say of each cluster whether it runs from right to left; what has no direction follows its neighbours, or all."""
    ways: list[bool | None] = []
    strong = base
    for cluster in found:
        kind = unicodedata.bidirectional(cluster[0])
        if kind in ("L", "R", "AL"):
            strong = kind != "L"
        ways.append(strong if kind in ("L", "R", "AL", "EN", "AN") else None)
    settled: list[bool] = []
    for known, group in groupby(range(len(ways)), key=lambda at: ways[at]):
        places = list(group)
        if known is None:
            before = settled[-1] if settled else base
            after = ways[places[-1] + 1] if places[-1] + 1 < len(ways) else base
            known = before if before == after else base  # noqa: PLW2901
        settled.extend([known] * len(places))
    return settled


def _fits(face: Face, form: str) -> bool:
    """Say whether a font has all that is seen of a cluster, and the rules to shape it."""
    if not all(face.has(letter) for letter in _visible(form)):
        return False
    tags = SHAPED.get(script_of(form[0]))
    return not tags or bool(tags & face.scripts)


def _forms(cluster: str) -> Iterator[str]:
    """Yield the ways to write a cluster: composed, with its marks apart, as the plain letter it is a look of."""
    yield unicodedata.normalize("NFC", cluster)
    yield unicodedata.normalize("NFD", cluster)
    if unicodedata.decomposition(cluster[0]).startswith(_SAME_LETTER):
        yield unicodedata.normalize("NFKC", cluster)


def needs_shaping(cluster: str) -> bool:
    """Say whether a letter with its marks is only right where forms, places or the direction are worked out."""
    if cluster.isascii():
        return False
    return (
        script_of(cluster[0]) in SHAPED
        or unicodedata.bidirectional(cluster[0]) in ("R", "AL")
        or any(unicodedata.category(letter)[0] == "M" for letter in _visible(cluster))
    )


def _visible(text: str) -> str:
    """Return a text without what is never seen: control and format characters, joiners, selectors, soft hyphens."""
    return text if text.isascii() and text.isprintable() else "".join(filter(_is_seen, text))


@lru_cache(maxsize=4096)
def _is_seen(letter: str) -> bool:
    kind = unicodedata.category(letter)
    if kind == "Cf":  # signs around Arabic numbers are seen
        return script_of(letter) in SHAPED and letter != _SOFT_HYPHEN
    return kind != "Cc" and letter != "\u034f" and not any(ord(letter) in each for each in _SELECTORS)
