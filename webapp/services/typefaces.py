"""The fonts that pictures and films are set in: Slate's own, and for all other scripts those of this machine.

No font is loaded here, only looked at: the web process says what cannot be shown, and what to do, before approval.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from webapp.services.media_child import runs, typefaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.services.media_child.runs import Face

OWN = Path(__file__).with_name("frames") / "fonts" / "Inter-SemiBold.ttf"
"""Latin with its extensions, Vietnamese, Cyrillic, Greek."""
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
)
"""Where systems keep fonts, besides the folders that fontconfig names."""
FONTCONFIG = Path("/etc/fonts/fonts.conf")
MOST_FILES = 5000
"""Files that are considered; a machine of a type designer has fewer."""
HANDED_OVER = 400
"""Files that a child process may read, the preferred ones first."""
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
_NO_LETTERS = re.compile(r"last-?resort|adobe-?blank|tofu", re.IGNORECASE)
"""Fonts that show the same box for every letter."""
_AVOIDED = (
    re.compile(r"italic|oblique|slanted", re.IGNORECASE),
    re.compile(r"mono|condensed|narrow|display|nastaliq", re.IGNORECASE),
    re.compile(r"serif|times|song|ming|mincho", re.IGNORECASE),
    re.compile(r"thin|hair|light|black|heavy", re.IGNORECASE),
)
_PREFERRED = re.compile(r"semi-?bold|demi|medium|bold", re.IGNORECASE)
_CAN_SHAPE = "from PIL import features; raise SystemExit(not features.check_feature('raqm'))"


@lru_cache(maxsize=4096)
def divide(text: str, *, rtl: bool | None = None) -> tuple[runs.Run, ...]:
    """Return a line's runs, see `runs.Typecase.divide`."""
    return tuple(case().divide(text, rtl=rtl))


@lru_cache(maxsize=4096)
def missing(text: str) -> tuple[str, ...]:
    """Return the letters of a text that films and pictures cannot show here."""
    return tuple(case().missing(text))


@dataclass(frozen=True, slots=True)
class Gap:
    """Why letters cannot be shown, and what to do."""

    name: str
    """Whose letters: "the Thai letters"."""
    cure: str
    """What to do, in a sentence."""
    is_sign: bool = False
    """Whether it is a sign or an emoji: what is said is complete without it."""


_LETTERLESS = "Write it otherwise: no font can be relied on to have this letter."
_NO_SHAPING = "Slate needs FriBiDi to set them: install it (Debian: libfribidi0) and start Slate again."
_INSTALL = "Install a font that has them (Debian: {}) and start Slate again, or write it otherwise."
_EAST_ASIAN = {
    **dict.fromkeys(("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH"), "Japanese"),
    **dict.fromkeys(("CJK", "IDEOGRAPHIC", "BOPOMOFO", "FULLWIDTH"), "Chinese or Japanese"),
    "HANGUL": "Korean",
}
"""First words of Unicode names, as people call these letters."""


@lru_cache(maxsize=4096)
def gap(letter: str) -> Gap:
    """Say why a letter that is missing is so; `letter` is one with its marks, as `missing` names it."""
    kind, script = unicodedata.category(letter[0]), runs.script_of(letter[0])
    if kind in ("Co", "Cn", "Cs"):
        return Gap("the private or unknown letters", _LETTERLESS)
    if script in _EAST_ASIAN:
        return Gap(f"the {_EAST_ASIAN[script]} letters", _INSTALL.format("fonts-noto-cjk"))
    if kind[0] in "SPN" and script not in runs.SHAPED:
        return Gap("the signs", _INSTALL.format("fonts-symbola"), is_sign=True)
    name = f"the {script.title()} letters" if kind[0] == "L" else "the marks"
    if runs.needs_shaping(letter) and not can_shape():
        return Gap(name, _NO_SHAPING)
    return Gap(name, _INSTALL.format("fonts-noto-core"))


SAMPLES = {
    "Latin": "ăß", "Vietnamese": "ếợ", "Greek": "αΏ", "Cyrillic": "яґ", "Armenian": "ա", "Georgian": "ა", "Hebrew": "א",
    "Arabic": "ب", "Devanagari": "क", "Bengali": "ক", "Tamil": "க", "Thai": "ก", "Khmer": "ក", "Burmese": "က",
    "Chinese": "中语", "Japanese": "あカ", "Korean": "한", "emoji": "☕🎉",
}  # fmt: skip
"""Letters by which it can be seen that there is a font for a script."""


def scripts() -> tuple[list[str], list[str]]:
    """Return the scripts that films can show here, and those they cannot."""
    shown = [name for name, letters in SAMPLES.items() if not missing(letters)]
    return shown, [name for name in SAMPLES if name not in shown]


@cache
def case() -> runs.Typecase:
    """Return all fonts there are. What is installed later is found at the next start."""
    return runs.Typecase(_faces(), can_shape)


@cache
def files() -> tuple[str, ...]:
    """Return the font files of Slate and of this machine, the preferred ones first."""
    found = {path for folder in _folders() for path in _font_files(folder)}
    return (str(OWN), *sorted(found, key=_rank)[:MOST_FILES])


@cache
def can_shape() -> bool:
    """Say whether letters can be shaped (Arabic, Hebrew, Thai, the scripts of India): Pillow needs FriBiDi for it.

    A process of its own is asked, since the web process loads no media libraries.
    """
    answer = subprocess.run([sys.executable, "-I", "-c", _CAN_SHAPE], check=False, stderr=subprocess.DEVNULL)  # noqa: S603
    return answer.returncode == 0


def _faces() -> Iterator[Face]:
    return (face for face in map(typefaces.read, files()) if face)


def _folders() -> set[Path]:
    """Return the folders of fonts; those that fontconfig names may be under the home folder."""
    try:
        named = re.findall(r"<dir(?: prefix=\"(\w+)\")?>([^<]+)</dir>", FONTCONFIG.read_text(errors="replace"))
    except OSError:
        named = []
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    folders = [*FOLDERS, f"{data}/fonts", *(f"{data}/{name}" if prefix == "xdg" else name for prefix, name in named)]
    return {Path(folder).expanduser() for folder in folders}


def _font_files(folder: Path) -> Iterator[str]:
    for root, _, names in os.walk(folder):
        yield from (
            f"{root}/{name}" for name in names if name.lower().endswith(_ENDINGS) and not _NO_LETTERS.search(name)
        )


def _rank(path: str) -> tuple[object, ...]:
    """Order fonts by how well they go with Inter SemiBold: upright sans serifs first, bold before regular."""
    name = Path(path).name
    return (*(bool(style.search(name)) for style in _AVOIDED), not _PREFERRED.search(name), len(name), path)
