"""Read media files in a child process with limits: size, duration, pages, colours, first words, thumbnail, picture."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import selectors
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webapp.errors import Invalid, TooLarge, TooMany
from webapp.services import text_files, typefaces
from webapp.services.sniff import FORMATS

if TYPE_CHECKING:
    from webapp.services.sniff import Sniffed

logger = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("media_child")
_LETTERED = ("svg", "txt", "docx", "doc")
"""Formats whose words are drawn, so that fonts are read for them."""
_MIB = 1024 * 1024
MAX_CHILDREN = 2
MAX_WAITING = 64
WAIT_SECONDS = 300.0
_DAMAGED = "it is damaged, or needs more memory or time than one file may take."
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_UNREADABLE_HINT = "Open it in the program that made it, save it again and add the new file."


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """Bound what is read of one file; bytes, pixels, milliseconds and counts as the names say.

    The defaults are the product's published limits. `wall_seconds` is the time after which the child is killed.
    """

    image_bytes: int = 25 * _MIB
    image_pixels: int = 64_000_000
    jpeg_bytes: int = 100 * _MIB
    jpeg_pixels: int = 200_000_000
    image_side_px: int = 16_384
    animation_frames: int = 300
    animation_pixels: int = 400_000_000
    video_frame_pixels: int = 36_000_000
    video_ms: int = 4 * 3_600_000
    video_streams: int = 20
    pdf_pages: int = 500
    svg_bytes: int = 2 * _MIB
    text_bytes: int = 5 * _MIB
    thumbnail_px: int = 640
    picture_px: int = 2048
    excerpt_characters: int = 2000
    wall_seconds: float = 60.0
    cpu_seconds: int = 10
    address_space_bytes: int = 1024 * _MIB
    answer_bytes: int = 16 * _MIB


FILM_LIMITS = MediaLimits(wall_seconds=300.0, cpu_seconds=180, answer_bytes=128 * _MIB)
"""Three minutes of film take 15 s of one core (measured); a slow machine gets twelve times that."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Describe one stream of a video or sound file; what does not apply is None."""

    type: str
    codec: str
    width: int | None = None
    height: int | None = None
    frames_per_second: float | None = None
    sample_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class Probed:
    """Describe what was read from a file; None (or empty) where the file's kind has no such thing.

    `sniffed` is the type after reading: an mp4 that holds only sound has become m4a. `width` and `height` are those
    of the upright picture. `thumbnail_webp` fits 640 px, `picture_webp` (images and videos) 2048 px. `palette` holds
    up to five dominant colours as #rrggbb. `excerpt` is the first text of a document.
    `left_out` names what a drawing has that is not drawn.
    """

    sniffed: Sniffed
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    page_count: int | None = None
    frame_count: int = 1
    has_alpha: bool = False
    palette: tuple[str, ...] = ()
    excerpt: str = ""
    left_out: tuple[str, ...] = ()
    streams: tuple[Stream, ...] = ()
    thumbnail_webp: bytes | None = None
    picture_webp: bytes | None = None


class _Slots:
    """Let two children run at once and a bounded number of callers wait for their turn."""

    def __init__(self) -> None:
        self._running = threading.BoundedSemaphore(MAX_CHILDREN)
        self._waiting = threading.BoundedSemaphore(MAX_CHILDREN + MAX_WAITING)

    def __enter__(self) -> None:
        if not self._waiting.acquire(blocking=False):
            raise TooMany("Too many files are being read at once.", retry_after=10, hint="Try again in a moment.")
        if not self._running.acquire(timeout=WAIT_SECONDS):
            self._waiting.release()
            raise TooMany("Reading files takes unusually long.", retry_after=60, hint="Try again in a minute.")

    def __exit__(self, *_: object) -> None:
        self._running.release()
        self._waiting.release()


_slots = _Slots()
_told_without_landlock = threading.Event()


def probe(path: Path, sniffed: Sniffed, limits: MediaLimits | None = None) -> Probed:
    """Read the file at `path` as the type that its bytes showed, in a child process of its own.

    Raises Invalid (TooLarge for a limit) with a sentence when the file is refused or cannot be read: trying the same
    bytes again cannot help. Raises TooMany when too many files wait already.
    """
    limits = limits or MediaLimits()
    _check_bytes(path, sniffed, limits)
    encoding = sniffed.encoding
    if sniffed.format == "txt" and not encoding:
        with path.open("rb") as file:
            encoding = text_files.encoding_of(file)
    with _slots:
        answer = _run_child(path, sniffed.kind, sniffed.format, limits, encoding)
    facts, pictures = _understood(answer)
    if "refused" in facts:
        if "cause" in facts:
            logger.info("a %s file could not be read: %s", sniffed.format, facts["cause"])
        refusal = TooLarge if facts.get("too_large") else Invalid
        raise refusal(f"The file could not be read: {facts['refused']}", hint=_UNREADABLE_HINT)
    if not facts.get("landlock") and not _told_without_landlock.is_set():
        _told_without_landlock.set()
        logger.warning("this kernel has no Landlock: files are read with resource limits only")
    return _probed(facts, pictures, sniffed)


@dataclass(frozen=True, slots=True)
class Film:
    """Hold a rendered film; `silent` says why its sound could not be read, empty when it was (or there is none)."""

    mp4: bytes
    duration_ms: int
    silent: str


def film(path: Path, limits: MediaLimits | None = None) -> Film:
    """Render the film that the file at `path` describes (see media_child/film.py), in a child process of its own.

    Raises Invalid with a sentence when it cannot be rendered, TooMany when too much waits already.
    """
    with _slots:
        answer = _run_child(path, "film", "mp4", limits or FILM_LIMITS)
    facts, pieces = _understood(answer)
    if "refused" in facts or pieces.get("film", b"")[4:8] != b"ftyp":
        logger.warning("a film could not be rendered: %s", facts.get("cause", facts.get("refused")))
        raise Invalid("The pictures could not be put together.")
    return Film(pieces["film"], _whole(facts.get("duration_ms")) or 0, str(facts.get("silent", ""))[:200])


def _check_bytes(path: Path, sniffed: Sniffed, limits: MediaLimits) -> None:
    """Refuse what is too large for its kind before a process is started for it."""
    size = path.stat().st_size
    if sniffed.format == "svg":
        what, most = "An SVG drawing", limits.svg_bytes
    elif sniffed.format == "jpg":
        what, most = "A JPEG picture", limits.jpeg_bytes
    elif sniffed.kind == "image":
        what, most = "A picture", limits.image_bytes
    elif sniffed.format == "txt":
        what, most = "A text file", limits.text_bytes
    else:
        return
    if size > most:
        raise TooLarge(f"{what} may have at most {most / _MIB:g} MB.", hint="Add a smaller version of it.")


def _run_child(path: Path, kind: str, form: str, limits: MediaLimits, encoding: str = "") -> bytes:
    """Start the child with the open file as its input and collect its answer; kill its group when time is over."""
    request = {
        "kind": kind,
        "format": form,
        "encoding": encoding,
        "limits": asdict(limits),
        "fonts": list(typefaces.files()[: typefaces.HANDED_OVER]) if form in _LETTERED else [str(typefaces.OWN)],
        "address_space_bytes": limits.address_space_bytes,
        "cpu_seconds": limits.cpu_seconds,
    }
    with path.open("rb") as file:
        child = subprocess.Popen(  # noqa: S603  our own program, no shell, an empty environment
            [sys.executable, "-I", "-B", str(_CHILD), json.dumps(request)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
    try:
        return _collect(child, limits)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        if child.stdout is not None:
            child.stdout.close()
        child.wait()


def _collect(child: subprocess.Popen[bytes], limits: MediaLimits) -> bytes:
    """Read the child's answer to its end, within the wall time and the size an answer may have."""
    assert child.stdout is not None  # noqa: S101  it was asked for above
    end = time.monotonic() + limits.wall_seconds
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            left = end - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise _died("it takes too long to read.")
            piece = os.read(child.stdout.fileno(), 65_536)
            if not piece:
                return bytes(answer)
            answer += piece
            if len(answer) > limits.answer_bytes:
                raise _died("what it contains is too large.")


def _died(reason: str) -> Invalid:
    return Invalid(f"The file could not be read: {reason}", hint=_UNREADABLE_HINT)


def _understood(answer: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Take the answer apart; a child that ended without a whole one has met a file it could not survive."""
    line, _, rest = answer.partition(b"\n")
    try:
        facts = json.loads(line)
        pictures, position = {}, 0
        for name, size in facts.pop("pictures"):
            pictures[name] = rest[position : position + size]
            position += size
        if position != len(rest):
            raise ValueError("cut off")  # noqa: TRY301
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _died(_DAMAGED) from None
    return facts, pictures


def _probed(facts: dict[str, Any], pictures: dict[str, bytes], sniffed: Sniffed) -> Probed:
    """Build the result, trusting the child as little as the file it read: every value has its type and range."""
    if facts.get("kind") == "audio" and sniffed.kind == "video":
        sniffed = FORMATS["m4a"] if facts.get("format") == "m4a" else replace(sniffed, kind="audio")
    try:
        return Probed(
            sniffed=sniffed,
            width=_whole(facts.get("width")),
            height=_whole(facts.get("height")),
            duration_ms=_whole(facts.get("duration_ms")),
            page_count=_whole(facts.get("page_count")),
            frame_count=_whole(facts.get("frame_count", 1)) or 1,
            has_alpha=facts.get("has_alpha") is True,
            palette=tuple(colour for colour in facts.get("palette", ()) if _COLOUR.fullmatch(colour)),
            excerpt=_printable(facts.get("excerpt", "")),
            left_out=tuple(_printable(part)[:200] for part in facts.get("left_out", ())[:12]),
            streams=tuple(Stream(**stream) for stream in facts.get("streams", ())),
            thumbnail_webp=_webp(pictures.get("thumbnail")),
            picture_webp=_webp(pictures.get("picture")),
        )
    except (TypeError, ValueError, AttributeError):
        raise _died(_DAMAGED) from None


def _whole(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value < 1 << 31:
        raise ValueError(value)
    return value


def _printable(text: str) -> str:
    """Drop control characters, halves of surrogate pairs and marks that turn the direction of what follows.

    PDF files are full of them, and databases refuse them. Joiners stay, and letters that this Python does not know yet.
    """
    spaced = (" " if letter.isspace() and letter != "\n" else letter for letter in text)
    return "".join(letter for letter in spaced if letter == "\n" or not _UNREADABLE.match(letter))


def _webp(content: bytes | None) -> bytes | None:
    if content is not None and (content[:4], content[8:12]) != (b"RIFF", b"WEBP"):
        raise ValueError("no picture")
    return content
