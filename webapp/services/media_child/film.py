"""Render an animatic: stills that are held, cut, faded, dissolved or wiped, captions over them, a sound under them.

Standard input is a length (8 bytes), a plan as JSON of that length, then pictures, captions and the sound one after the
other. Times are milliseconds. The stills are shown at their very milliseconds: the film has no fixed frame rate.
"""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
from answer import Answer
from PIL import Image
from soundtrack import Soundtrack

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD_MS = 250  # a still is repeated so often, so that players find a place to go to
STEP_MS = 40  # between two pictures of a transition
TRANSITION_MS = 400
_MILLISECONDS = Fraction(1, 1000)
_INDEX_BYTES = 16_384  # of the index at the beginning of the file, and so much for each picture and piece of sound
_INDEX_BYTES_EACH = 24
_OPTIONS = {"preset": "veryfast", "crf": "23", "bf": "0", "threads": "1", "sc_threshold": "0"}


@dataclass
class Still:
    """Hold one picture with its caption, for so long."""

    shot: int
    image: Image.Image
    duration_ms: int


class Plan:
    """Read what is to be shown."""

    def __init__(self) -> None:
        self._file = os.fdopen(0, "rb", buffering=0, closefd=False)
        length = int.from_bytes(self._read(8), "big")
        self.facts = json.loads(self._read(length))
        self.size = (self.facts["width"], self.facts["height"])
        starts, position = [], 8 + length
        for piece in self.facts["pieces"]:
            starts.append((position, piece))
            position += piece
        self._places = starts

    @property
    def sound(self) -> tuple[int, int, str] | None:
        """Return where the sound begins in the file, how many bytes it has and its format; None for a silent film."""
        sound = self.facts["sound"]
        return (*self._places[sound["piece"]], sound["format"]) if sound else None

    def stills(self) -> Iterator[Still]:
        """Make the stills one after the other; a scene without a picture shows the colour of the paper."""
        for number, shot in enumerate(self.facts["shots"]):
            picture = self._picture(shot["picture"])
            for caption in shot["captions"]:
                image = picture.copy()
                for layer in caption["layers"]:
                    mark = self._image(layer["piece"]).convert("RGBA")
                    image.paste(mark, (layer["x"], layer["y"]), mark)
                yield Still(number, image, caption["duration_ms"])

    def transition(self, shot: int) -> str:
        """Return how a shot leaves."""
        return self.facts["shots"][shot]["transition"]

    def _picture(self, piece: int | None) -> Image.Image:
        if piece is None:
            return Image.new("RGB", self.size, tuple(self.facts["paper"]))
        return self._image(piece).convert("RGB").resize(self.size, Image.Resampling.LANCZOS)

    def _image(self, piece: int) -> Image.Image:
        start, size = self._places[piece]
        with Image.open(io.BytesIO(os.pread(0, size, start)), formats=["WEBP", "PNG"]) as opened:
            return opened.copy()

    def _read(self, size: int) -> bytes:
        return self._file.read(size) or b""


def render() -> Answer:
    """Render the film that standard input asks for; answers its bytes (MP4: H.264, and AAC where there is a sound)."""
    os.nice(10)  # pages come first
    av.logging.set_level(av.logging.PANIC)
    plan = Plan()
    total_ms = sum(caption["duration_ms"] for shot in plan.facts["shots"] for caption in shot["captions"])
    out = io.BytesIO()
    room = _INDEX_BYTES + _INDEX_BYTES_EACH * (total_ms // STEP_MS + 2 * total_ms // 21)
    with av.open(out, "w", format="mp4", options={"moov_size": str(room)}) as container:
        track = Soundtrack(container, *plan.sound, total_ms) if plan.sound else None
        _show(plan, _Reel(container, plan.size, total_ms, track))
        if track is not None:
            track.finish(total_ms)
    facts = {"duration_ms": total_ms, "silent": track.fault if track is not None else ""}
    return Answer(facts, {"film": out.getvalue()})


def _show(plan: Plan, reel: _Reel) -> None:
    """Show every still for exactly its time; how a shot leaves happens at the end of its own time."""
    following = plan.stills()
    here = next(following, None)
    while here is not None:
        after = next(following, None)
        leaves = after is None or after.shot != here.shot
        change = plan.transition(here.shot) if leaves else "cut"
        if after is None and change != "fade":
            change = "cut"  # there is nothing to dissolve into
        lasts = 0 if change == "cut" else min(TRANSITION_MS, here.duration_ms // 2)
        reel.hold(here.image, here.duration_ms - lasts)
        if lasts:
            reel.change(change, here.image, after.image if after else None, lasts)
        here = after


class _Reel:
    """Encode pictures, each at its millisecond."""

    def __init__(
        self,
        container: av.container.OutputContainer,
        size: tuple[int, int],
        total_ms: int,
        track: Soundtrack | None,
    ) -> None:
        self._container, self._total_ms, self._track, self._now = container, total_ms, track, 0
        self._stream = container.add_stream("libx264", rate=25, options=_OPTIONS)
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.time_base = self._stream.codec_context.time_base = _MILLISECONDS
        self._waiting: list[av.Packet] = []

    def hold(self, image: Image.Image, duration_ms: int) -> None:
        """Show a picture for so long."""
        frame = _frame(image)
        for start in range(0, duration_ms, HOLD_MS):
            self._put(frame, key=start == 0, lasts=min(HOLD_MS, duration_ms - start))

    def change(self, kind: str, here: Image.Image, after: Image.Image | None, duration_ms: int) -> None:
        """Go over from one picture to the next (None: to the end) in so long."""
        for start in range(0, duration_ms, STEP_MS):
            lasts = min(STEP_MS, duration_ms - start)
            self._put(_frame(_between(kind, here, after, (start + lasts) / duration_ms)), key=False, lasts=lasts)

    def _put(self, frame: av.VideoFrame, *, key: bool, lasts: int) -> None:
        kinds = av.video.frame.PictureType
        frame.pts, frame.time_base, frame.pict_type = self._now, _MILLISECONDS, kinds.I if key else kinds.NONE
        self._now += lasts
        self._mux(self._stream.encode(frame))
        if self._track is not None:
            self._track.lay(self._now)
        if self._now >= self._total_ms:
            self._mux(self._stream.encode(None))
            self._mux([None])

    def _mux(self, packets: list) -> None:
        """Write packets once it is known how long each lasts: up to the next one, the last up to the film's end."""
        for packet in packets:
            if self._waiting:
                last = self._waiting.pop()
                end = Fraction(self._total_ms, 1000) / last.time_base if packet is None else packet.pts
                last.duration = int(end - last.pts)
                self._container.mux(last)
            if packet is not None:
                self._waiting.append(packet)


def _frame(image: Image.Image) -> av.VideoFrame:
    return av.VideoFrame.from_image(image).reformat(format="yuv420p")


def _between(kind: str, here: Image.Image, after: Image.Image | None, part: float) -> Image.Image:
    """Make a picture on the way from one to the next; `part` is how much of the way is gone, up to 1."""
    if kind == "fade" or after is None:
        return Image.blend(here, Image.new("RGB", here.size), part)
    if kind == "dissolve":
        return Image.blend(here, after, part)
    image, edge = here.copy(), round(here.width * part)
    image.paste(after.crop((0, 0, edge, after.height)), (0, 0))
    return image
