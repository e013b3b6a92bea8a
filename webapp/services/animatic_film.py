"""The film of a storyboard: what is shown when, written to a file that the rendering child reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from webapp.services import blobs
from webapp.services.frames.colors import PAPER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from webapp.models import Blob
    from webapp.services.frames.captions import Strip

SIZES = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (720, 720), "4:5": (720, 900)}
"""Width and height of a film by its ratio, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One scene of the film."""

    picture: Blob | None
    """The picture without arrows; None shows bare paper."""
    duration_ms: int
    transition: str
    on_screen: str
    script: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is heard under all of it."""

    blob: Blob
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Everything that a film is made of, read once, so that no transaction is open while it is rendered."""

    ratio: str
    shots: Sequence[Shot]
    sound: Sound | None

    @property
    def duration_ms(self) -> int:
        """Return how long the film is: exactly its scenes."""
        return sum(shot.duration_ms for shot in self.shots)


def write(script: Script, path: Path) -> None:
    """Write the child's input: a length, a plan as JSON, then pictures, captions and the sound."""
    reel = _Reel(*SIZES.get(script.ratio, SIZES["16:9"]))
    shots = [reel.shot(shot) for shot in script.shots]
    sound = {"piece": reel.add(script.sound.blob), "format": script.sound.format} if script.sound else None
    plan = json.dumps(
        {
            "width": reel.width, "height": reel.height, "paper": PAPER, "shots": shots, "sound": sound,
            "pieces": [piece.size_bytes if not isinstance(piece, bytes) else len(piece) for piece in reel.pieces],
        }
    ).encode()  # fmt: skip
    with path.open("wb") as file:
        file.write(len(plan).to_bytes(8, "big") + plan)
        for piece in reel.pieces:
            content = [piece] if isinstance(piece, bytes) else blobs.open_range(piece, 0, piece.size_bytes)
            file.writelines(content)


class _Reel:
    """Collect the pieces of a film and say where each is shown."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.pieces: list[bytes | Blob] = []
        self._known: dict[str | bytes, int] = {}

    def add(self, piece: bytes | Blob) -> int:
        """Add bytes and return their number; what is there already is added once."""
        key = piece if isinstance(piece, bytes) else piece.id
        if key not in self._known:
            self.pieces.append(piece)
            self._known[key] = len(self.pieces) - 1
        return self._known[key]

    def shot(self, shot: Shot) -> dict[str, Any]:
        """Say what a scene shows: its picture, and one caption after the other."""
        from webapp.services.frames import captions  # noqa: PLC0415 - Pillow: the worker draws, the web process never

        title = captions.title(shot.on_screen, self.width, self.height)
        spoken = captions.spoken(shot.script, self.width, self.height)
        lines: Sequence[Strip | None] = spoken or [None]
        lasting = shares(shot.duration_ms, [line.weight for line in spoken])
        strips = [[each for each in (title, line) if each] for line in lines]
        return {
            "picture": None if shot.picture is None else self.add(shot.picture),
            "transition": shot.transition,
            "captions": [
                {
                    "duration_ms": duration,
                    "layers": [{"piece": self.add(each.png), "x": each.x, "y": each.y} for each in shown],
                }
                for shown, duration in zip(strips, lasting, strict=True)
            ],
        }


def shares(duration_ms: int, weights: Sequence[int]) -> list[int]:
    """Divide a time by weights, such as letters; the parts add up to it exactly. Without weights it is one part."""
    total = sum(weights)
    if not total:
        return [duration_ms]
    spent, edges = 0, [0]
    for weight in weights:
        spent += weight
        edges.append(round(duration_ms * spent / total))
    return [after - before for before, after in pairwise(edges)]
