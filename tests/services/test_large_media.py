"""The largest pictures and films that are taken: within the child's memory and time, as figures."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
from dataclasses import asdict
from fractions import Fraction
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from PIL import Image

from webapp.errors import TooLarge
from webapp.services import media, typefaces
from webapp.services.media import MediaLimits, probe
from webapp.services.sniff import sniff_file

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.prove
MIB = 1024 * 1024


def photograph(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Make a picture with grain, which packs as badly as a photograph does."""
    grain = np.random.default_rng(1).integers(0, 60, (512, 512, 3), dtype=np.uint8)
    light = (np.arange(height) % 256 // 2).astype(np.uint8)[:, None, None]
    return Image.fromarray(np.tile(grain, (height // 512 + 1, width // 512 + 1, 1))[:height, :width] + light).convert(
        mode
    )


def film(path: Path, codec: str, width: int, height: int, **options: str) -> None:
    picture = np.asarray(photograph(width // 8, height // 8).resize((width, height)))
    with av.open(str(path), "w") as made:
        stream = made.add_stream(codec, rate=Fraction(24), options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(3):
            made.mux(stream.encode(av.VideoFrame.from_ndarray(np.roll(picture, 8 * number, 1), format="rgb24")))
        made.mux(stream.encode())


LARGEST: dict[str, Callable[[Path], object]] = {
    "JPEG of 200 MP.jpg": lambda path: photograph(16_384, 12_200).save(path, quality=85),
    "JPEG of 200 MP, progressive.jpg": lambda path: photograph(16_384, 12_200).save(path, quality=80, progressive=True),
    "JPEG of 200 MP, a strip.jpg": lambda path: photograph(65_500, 3050).save(path, quality=80),
    "PNG of 64 MP.png": lambda path: photograph(8000, 8000).save(path, compress_level=1),
    "PNG of 64 MP with alpha.png": lambda path: photograph(8000, 8000, "RGBA").save(path, compress_level=1),
    "WebP of 64 MP.webp": lambda path: photograph(8000, 8000).save(path, quality=50, method=0),
    "AVIF of 64 MP.avif": lambda path: photograph(8000, 8000).save(path, quality=40, speed=10),
    "film of 5.3K.mp4": lambda path: film(path, "libx264", 5312, 2988, preset="ultrafast", bf="3"),
    "film of 8K in H.264.mp4": lambda path: film(path, "libx264", 7680, 4320, preset="ultrafast", bf="3", refs="8"),
    "film of 8K in AV1.mp4": lambda path: film(path, "libsvtav1", 7680, 4320, preset="12"),
}


def watched(path: Path) -> tuple[int, float]:
    """Read a file as Slate does; return the child's most address space in MiB and its seconds of computing."""
    sniffed = sniff_file(path)
    limits = MediaLimits()
    request = {
        "kind": sniffed.kind, "format": sniffed.format, "encoding": "", "limits": asdict(limits),
        "fonts": [str(typefaces.OWN)],
        "address_space_bytes": limits.address_space_bytes, "cpu_seconds": limits.cpu_seconds,
    }  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with path.open("rb") as file:
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", str(media._CHILD), dumps(request)],
            stdin=file,
            stdout=subprocess.DEVNULL,
            env={},
        )
    most, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.005):
            try:
                lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
            except OSError:
                return
            most = max([most, *(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmPeak"))])

    watcher = threading.Thread(target=watch)
    watcher.start()
    child.wait()
    ended.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return most, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_are_read_within_the_limits(tmp_path, name, record_property):
    path = tmp_path / name
    LARGEST[name](path)
    probed = probe(path, sniff_file(path))
    assert (probed.width or 0) * (probed.height or 0) > 15_000_000
    megabytes, seconds = watched(path)
    record_property("size of the file", f"{path.stat().st_size / 1e6:.0f} MB")
    record_property("address space (limit 1,024 MB)", f"{megabytes} MB")
    record_property("computing (limit 10 s)", f"{seconds:.1f} s")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_progressive_picture_that_needs_more_than_there_is_says_so(tmp_path):
    path = tmp_path / "large.jpg"
    photograph(15_000, 13_000).save(path, quality=50, progressive=True, subsampling=0)
    with pytest.raises(TooLarge, match="progressive JPEG of 195 megapixels"):
        probe(path, sniff_file(path))
    photograph(15_000, 13_000).save(path, quality=50, subsampling=0)  # the control: the same, line by line
    assert probe(path, sniff_file(path)).width == 15_000
