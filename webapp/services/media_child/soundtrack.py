"""The sound of an animatic: decoded, made stereo at 48 kHz, cut where the film ends, and faded out there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import av
from footage import DEMUXERS, WHITELIST

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each thread takes address space, which is limited here
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE = 48_000
FADE_MS = 600
_BIT_RATE = 128_000
_PIECE = 1024  # samples of one piece of AAC


class _Window:
    """Give FFmpeg the bytes of one part of standard input to read and seek in."""

    def __init__(self, start: int, size: int) -> None:
        self._start, self._size, self._at = start, size, 0

    def read(self, size: int = -1) -> bytes:
        left = self._size - self._at
        content = os.pread(0, left if size < 0 else min(size, left), self._start + self._at)
        self._at += len(content)
        return content

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, self._size)[whence]
        self._at = max(0, min(self._size, base + offset))
        return self._at

    def tell(self) -> int:
        return self._at


class Soundtrack:
    """Lay a sound under the film; one that cannot be read leaves it silent, and `fault` says why."""

    def __init__(
        self, container: av.container.OutputContainer, start: int, size: int, form: str, total_ms: int
    ) -> None:
        self.fault = ""
        self._container, self._bytes, self._form = container, _Window(start, size), form
        # whole pieces: the track must not be longer than the pictures
        self._samples = self._end = total_ms * RATE // 1000 // _PIECE * _PIECE
        self._stream = container.add_stream("aac", rate=RATE, layout="stereo")
        self._stream.bit_rate = _BIT_RATE
        self._done = 0
        self._pieces = self._decoded()

    def lay(self, until_ms: int) -> None:
        """Encode the sound as far as the pictures have come, so that players find both side by side."""
        try:
            while self._done < min(self._samples, until_ms * RATE // 1000):
                self._put(next(self._pieces))
        except StopIteration:
            self._samples = self._done  # it is shorter than the film
        except (av.FFmpegError, ValueError, IndexError) as error:
            self.fault, self._samples = f"{type(error).__name__}: {error}"[:200], self._done

    def finish(self, total_ms: int) -> None:
        """Encode what is left."""
        self.lay(total_ms)
        if not self._done:  # some players refuse a track without anything in it
            self._samples = _PIECE
            self._put(np.zeros((2, _PIECE), np.float32))
        self._container.mux(self._stream.encode(None))

    def _decoded(self) -> Iterator[np.ndarray]:
        options = {"format_whitelist": WHITELIST, "protocol_whitelist": "", "threads": "1"}
        with av.open(self._bytes, format=DEMUXERS[self._form], options=options) as source:
            resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
            for frame in source.decode(source.streams.audio[0]):
                for piece in resampler.resample(frame):
                    yield piece.to_ndarray()
            for piece in resampler.resample(None):
                yield piece.to_ndarray()

    def _put(self, samples: np.ndarray) -> None:
        samples = samples[:, : max(0, self._samples - self._done)]
        if not samples.shape[1]:
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(self._faded(samples)), format="fltp", layout="stereo")
        frame.rate, frame.pts = RATE, self._done
        self._done += samples.shape[1]
        self._container.mux(self._stream.encode(frame))

    def _faded(self, samples: np.ndarray) -> np.ndarray:
        """Turn the sound down towards the end of the film."""
        places = self._done + np.arange(samples.shape[1])
        volume = np.clip((self._end - places) / (FADE_MS * RATE / 1000), 0, 1)
        return (samples * volume).astype(np.float32)
