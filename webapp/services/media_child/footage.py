"""Read video and sound with FFmpeg (PyAV): facts from the container, one frame as a poster, loudness as a waveform."""

from __future__ import annotations

import contextlib
import os
import struct
import time
from array import array
from typing import TYPE_CHECKING

import av
import drawing
from answer import Answer, Refused
from PIL import Image

if TYPE_CHECKING:
    from fractions import Fraction

# The demuxer is named by the bytes; the list keeps FFmpeg from playlists and other formats that open further files.
DEMUXERS = {
    "mp4": "mov", "mov": "mov", "m4a": "mov", "webm": "matroska", "mkv": "matroska", "avi": "avi",
    "mp3": "mp3", "wav": "wav", "ogg": "ogg", "aac": "aac",
}  # fmt: skip
WHITELIST = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mp3,wav,ogg,flac,aac"
_SOUND_INSTEAD = {"mp4": "m4a", "mov": "m4a"}  # what a container without pictures is called
_POSTER_POINTS = (0.1, 0.3, 0.6, 0.0)
_KEY_PACKETS = 1000  # after so many without a key frame there is none
_MOST_STRETCHED = 8  # a pixel's sides; what says more is nonsense
_STRAIGHT = {
    (True, True): Image.Transpose.ROTATE_180,
    (True, False): Image.Transpose.FLIP_LEFT_RIGHT,
    (False, True): Image.Transpose.FLIP_TOP_BOTTOM,
}
_TURNED = {
    (False, True): Image.Transpose.ROTATE_270,
    (True, False): Image.Transpose.ROTATE_90,
    (False, False): Image.Transpose.TRANSPOSE,
    (True, True): Image.Transpose.TRANSVERSE,
}
_QUARTER_TURNS = frozenset(_TURNED.values())
_WAVE_BARS = 160
_WAVE_SECONDS = 4.0  # of reading; a longer sound is sampled
_WAVE_WHOLE_MS = 5 * 60 * 1000


class _Input:
    """Give FFmpeg bytes to read and seek in, and no name: it would guess formats and neighbours from one."""

    def __init__(self) -> None:
        self._file = os.fdopen(0, "rb", buffering=0, closefd=False)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size) or b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def read(form: str, limits: dict) -> Answer:
    """Describe the video or sound on standard input and draw its poster or waveform."""
    options = {
        "format_whitelist": WHITELIST,
        "protocol_whitelist": "",
        "max_pixels": str(limits["video_frame_pixels"]),
        "threads": "1",
        "max_streams": "64",
    }
    av.logging.set_level(av.logging.PANIC)
    container = av.open(_Input(), format=DEMUXERS[form], options=options, metadata_errors="replace")
    if len(container.streams) > limits["video_streams"]:
        raise Refused(
            f"it has {len(container.streams)} streams; at most {limits['video_streams']} are allowed.", too_large=True
        )
    duration_ms = _duration_ms(container)
    if duration_ms is not None and duration_ms > limits["video_ms"]:
        raise Refused(f"it is longer than {limits['video_ms'] // 3_600_000} hours.", too_large=True)
    facts = {"duration_ms": duration_ms, "streams": [_describe(stream) for stream in container.streams]}
    pictured = [stream for stream in container.streams.video if not _is_cover(stream)]
    if pictured and form not in ("mp3", "m4a", "wav", "aac", "ogg"):
        return _video(container, pictured[0], facts, limits)
    if not container.streams.audio:
        raise Refused("it has neither pictures nor sound.")
    facts.update(kind="audio", format=_SOUND_INSTEAD.get(form, form))
    return Answer(facts, {"thumbnail": drawing.waveform(_loudness(container, duration_ms))})


def _describe(stream: av.stream.Stream) -> dict:
    context = stream.codec_context
    described = {"type": stream.type, "codec": context.name if context is not None else ""}
    if stream.type == "video":
        rate = float(stream.average_rate) if stream.average_rate else None
        described.update(width=stream.width, height=stream.height, frames_per_second=rate)
    elif stream.type == "audio":
        described.update(sample_rate=context.sample_rate, channels=context.channels)
    return described


def _is_cover(stream: av.stream.Stream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _duration_ms(container: av.container.InputContainer) -> int | None:
    """Read the duration from the container or its streams, else from the last packet."""
    if container.duration:
        return max(0, container.duration // 1000)
    known = [
        float(stream.duration * stream.time_base)
        for stream in container.streams
        if stream.duration and stream.time_base
    ]
    if not known:
        with contextlib.suppress(av.FFmpegError):
            for packet in container.demux():
                if packet.pts is not None and packet.time_base:
                    known.append(float((packet.pts + (packet.duration or 0)) * packet.time_base))
                    known = [max(known)]
        with contextlib.suppress(av.FFmpegError):
            container.seek(0)
    return round(max(known) * 1000) if known else None


def _video(container: av.container.InputContainer, stream: av.stream.Stream, facts: dict, limits: dict) -> Answer:
    # The demuxer reports no size at all when it met a frame over `max_pixels` while looking into the file.
    if not 0 < stream.width * stream.height <= limits["video_frame_pixels"]:
        megapixels = limits["video_frame_pixels"] // 1_000_000
        raise Refused(f"its frames have more than {megapixels} megapixels, or no readable size.", too_large=True)
    stream.codec_context.options = {"max_pixels": str(limits["video_frame_pixels"])}  # a stream may grow on its way
    poster = _poster(container, stream, facts["duration_ms"] or 0)
    if poster is None:
        raise Refused("no frame of it can be shown.")
    width, height = _square(stream.width, stream.height, stream.sample_aspect_ratio)
    if poster.info.pop("on_its_side"):
        width, height = height, width
    facts.update(width=width, height=height, palette=drawing.palette(poster))
    return Answer(facts, drawing.derivatives(poster, limits))


def _square(width: int, height: int, pixel_shape: Fraction | None) -> tuple[int, int]:
    """Return the size with square pixels: as browsers do, the side that is too short grows, and none shrinks."""
    if not pixel_shape or not 1 / _MOST_STRETCHED <= pixel_shape <= _MOST_STRETCHED:
        return width, height
    if pixel_shape > 1:
        return round(width * pixel_shape), height
    return width, round(height / pixel_shape)


def _poster(container: av.container.InputContainer, stream: av.stream.Stream, duration_ms: int):  # noqa: ANN202
    """Decode a frame at about 10 % that shows something; the next best one when none does, None without any."""
    stream.thread_type = "NONE"
    fallback = None
    for point in _POSTER_POINTS:
        offset_us = int(duration_ms * point * 1000)
        frame = _key_frame_at(container, stream, offset_us) or _frame_at(container, stream, offset_us)
        if frame is None:
            continue
        image = _upright(frame, stream.sample_aspect_ratio)
        if not drawing.is_flat(image):
            return image
        fallback = fallback or image
    return fallback


def _key_frame_at(container: av.container.InputContainer, stream: av.stream.Stream, offset_us: int):  # noqa: ANN202
    """Decode the key frame before `offset_us` alone: at 8K the frames that others refer to fill the memory.

    Returns None where a stream has none that can be shown without its neighbours.
    """
    with contextlib.suppress(av.FFmpegError, ValueError):
        container.seek(offset_us)
        for number, packet in enumerate(container.demux(stream)):
            if packet.is_keyframe and packet.size:
                frames = [*packet.decode(), *stream.codec_context.decode(None)]
                return next((frame for frame in frames if not frame.is_corrupt), None)
            if number > _KEY_PACKETS:
                break
    return None


def _frame_at(container: av.container.InputContainer, stream: av.stream.Stream, offset_us: int):  # noqa: ANN202
    """Decode the first clean frame from the key frame before `offset_us`; None when there is none."""
    with contextlib.suppress(av.FFmpegError, ValueError):
        container.seek(offset_us)
        broken = 0
        for packet in container.demux(stream):
            try:
                for frame in packet.decode():
                    if not frame.is_corrupt:
                        return frame
            except av.FFmpegError:
                broken += 1
                if broken > 50:
                    return None
    return None


def _upright(frame: av.VideoFrame, pixel_shape: Fraction | None):  # noqa: ANN202
    """Turn a frame into an RGB picture the right way up, with square pixels."""
    width, height = _square(frame.width, frame.height, pixel_shape)
    scale = min(1.0, 2048 / max(width, height))
    image = frame.reformat(
        width=max(1, round(width * scale)), height=max(1, round(height * scale)), format="rgb24"
    ).to_image()
    turn = _turn(frame)
    if turn is not None:
        image = image.transpose(turn)
    image.info["on_its_side"] = turn in _QUARTER_TURNS
    return image


def _turn(frame: av.VideoFrame) -> Image.Transpose | None:
    """Read from the frame's display matrix how it is turned or mirrored; None when it is upright.

    The matrix (a b u, c d v, x y w; ISO/IEC 14496-12 §6.2.2) takes a point to (a x + c y, b x + d y).
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return None
    a, b, _, c, d = struct.unpack_from("=5i", bytes(matrix))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return _STRAIGHT.get((a < 0, d < 0))
    return _TURNED[b < 0, c < 0]


def _loudness(container: av.container.InputContainer, duration_ms: int | None) -> list[float]:
    """Measure peaks from left to right: the whole sound when it is short, samples of it when it is long."""
    stream = container.streams.audio[0]
    resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
    end = time.monotonic() + _WAVE_SECONDS
    if duration_ms is None or duration_ms <= _WAVE_WHOLE_MS:
        return _peaks(container, stream, resampler, end)
    bars = []
    for bar in range(_WAVE_BARS):
        if time.monotonic() > end:
            break
        with contextlib.suppress(av.FFmpegError):
            container.seek(duration_ms * 1000 * bar // _WAVE_BARS)
            bars.append(max(_peaks(container, stream, resampler, end, packets=4), default=0.0))
    return bars


def _peaks(container, stream, resampler, end: float, packets: int = 0) -> list[float]:  # noqa: ANN001
    """Decode packets (all, or so many) and take the peak of each 50 ms."""
    found: list[float] = []
    for number, packet in enumerate(container.demux(stream), start=1):
        with contextlib.suppress(av.FFmpegError, ValueError):
            for frame in packet.decode():
                for plain in resampler.resample(frame):
                    samples = array("h", bytes(plain.planes[0])[: plain.samples * 2])
                    found.extend(_peak(samples[start : start + 400]) for start in range(0, len(samples), 400))
        if time.monotonic() > end or (packets and number >= packets):
            break
    return found


def _peak(samples: array) -> float:
    highest, lowest = max(samples), min(samples)
    return max(highest, -lowest) / 32768
