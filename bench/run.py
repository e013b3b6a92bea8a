"""Run every measurement and print the table; the exit code is 1 when a goal was missed."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image
from sqlalchemy import func, select

from bench.api import measure_api
from bench.running import Slate, median, p99
from bench.standins import StandIn
from bench.table import Table
from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Asset, AssetStatus, Job, JobStatus, Scene
from webapp.services import assets, blobs
from webapp.services.frames import artist, encode

MB = 2**20
TWO_SECONDS = 224
"""Tokens a second at which the stand-in's five scenes take two seconds."""
CALM = 60
"""Answers per measurement of a page."""


def main() -> int:
    """Measure everything once."""
    table, stand_in = Table(), StandIn()
    with tempfile.TemporaryDirectory(prefix="slate-bench-") as folder:
        settings = {
            "OPENAI_BASE_URL": f"http://127.0.0.1:{stand_in.port}/v1",
            "OPENAI_API_KEY": "stand-in",
            "AI_MODEL": "stand-in",
            "FETCH_ALLOW": "127.0.0.1/32",
            "FETCH_PORTS": str(stand_in.port),
            "CLIENT_QUOTA_MB": "20000",
            "API_REQUESTS_PER_MINUTE": "1000000",
        }
        with Slate(Path(folder) / "data", **settings) as slate:
            table.add("Start on an empty folder to the first page", slate.cold_start_seconds, "s", at_most=10)
            table.add("Memory of the web process after its first page", slate.memory_mb(), "MB", at_most=200)
            measure_pages(table, slate)
            measure_ranges(table, slate)
            measure_drawing(table)
            measure_writing(table, slate, stand_in)
            measure_busy(table, slate, stand_in)
            measure_api(table, slate, stand_in)
            measure_links(table, slate, stand_in)
            measure_downloads(table, slate, stand_in)
    print(f"\n{table.missed} goals missed." if table.missed else "\nEvery goal was held.")
    return 1 if table.missed else 0


def measure_pages(table: Table, slate: Slate) -> None:
    """Time pages and the question whether anything changed."""
    jobs = {}
    for count in (7, 30):
        job = jobs[count] = factories.job(slate.client, f"{count} scenes")
        for position in range(1, count + 1):
            factories.scene(job, position)
    board = median(slate.times(CALM, "GET", f"/jobs/{jobs[7].id}"))
    long = median(slate.times(CALM, "GET", f"/jobs/{jobs[30].id}"))
    poll = median(
        slate.times(CALM, "GET", f"/jobs/{jobs[7].id}/changes?after={jobs[7].revision}", **{"HX-Request": "true"})
    )
    table.add("Board of 7 scenes, whole page", board, "ms")
    table.add("Board of 30 scenes against 7", long / board, "×", at_most=30 / 7)
    table.add("Nothing changed (204) against the whole board", poll / board, "×", at_most=0.5)
    table.add("Dashboard", median(slate.times(CALM, "GET", "/")), "ms")


def measure_ranges(table: Table, slate: Slate) -> None:
    """Time 64 KB at both ends of a 100 MB blob, and a whole 20 MB one."""
    with transaction():
        big = factories.asset(slate.client, "big.mp4", kind="video", format="mp4")
        middle = factories.asset(slate.client, "middle.mp4", kind="video", format="mp4")
    for asset, size in ((big, 100), (middle, 20)):
        stored = blobs.write(os.urandom(size * MB))
        with transaction():
            asset.blob_id = blobs.describe(stored, "video/mp4").id
    path = f"/assets/{big.id}/data"
    slate.times(5, "GET", path, Range="bytes=0-65535")
    first = median(slate.times(CALM, "GET", path, Range="bytes=0-65535"))
    last = median(slate.times(CALM, "GET", path, Range=f"bytes={100 * MB - 65536}-"))
    table.add("64 KB at the start of 100 MB", first, "ms")
    table.add("64 KB at the end against the start", last / first, "×", at_most=1.5)
    table.add("20 MB in one answer", 20_000 / min(slate.times(5, "GET", f"/assets/{middle.id}/data")), "MB/s")


def measure_drawing(table: Table) -> None:
    """Time a sketch on one core."""
    took = []
    for seed, shot in enumerate(("wide", "close-up", "product", "end-card", "medium", "top-down")):
        began = time.perf_counter()
        facts = {
            "camera_move": "static",
            "beat": "hook",
            "ratio": "16:9",
            "colors": ("#1f7a63", "#eba23b"),
            "seed": seed,
        }
        board, _plain = artist.draw_both(
            artist.Shot(shot_type=shot, subject="bottle", headline="Fjell", button="Order", **facts)
        )
        encode.webp(board)
        took.append(time.perf_counter() - began)
    table.add("A frame drawn and encoded", median(took), "s")


def measure_writing(table: Table, slate: Slate, stand_in: StandIn) -> None:
    """Time POST, the start of the work, first words, first scene and all scenes against the model's own time."""
    stand_in.tokens_per_second = 1000
    warm, _ = slate.new_job()  # loads what every later one finds loaded: the SDK in the worker
    slate.until(lambda: db.session.get_one(Job, warm).status == JobStatus.STORYBOARD_READY)
    stand_in.tokens_per_second = 50
    asked = time.monotonic()
    job_id, _took = slate.new_job()
    words = slate.until(lambda: db.session.get_one(Job, job_id).partial)
    first = slate.until(lambda: _scenes(job_id) >= 1)
    every = slate.until(lambda: _scenes(job_id) == 5)
    slate.until(lambda: db.session.get_one(Job, job_id).status == JobStatus.STORYBOARD_READY)
    own = stand_in.seconds
    table.add("The stand-in model's own time for 5 scenes, 50 tokens/s", own, "s")
    table.add("From asking to the model being asked", stand_in.began - asked, "s", at_most=1.0)
    table.add("First words against the model's own time", (words - asked) / own, "×", at_most=0.06)
    table.add("First scene against the model's own time", (first - asked) / own, "×", at_most=0.25)
    table.add("All scenes against the model's own time", (every - asked) / own, "×", at_most=1.15)


def measure_busy(table: Table, slate: Slate, stand_in: StandIn) -> None:
    """Compare the dashboard while four storyboards are written with the same when nothing happens."""
    idle = p99(slate.times(100, "GET", "/"))
    stand_in.tokens_per_second = 50
    answers = [slate.new_job() for _ in range(4)]
    table.add("POST /jobs answers in", median([took for _, took in answers]), "ms", at_most=50)
    slate.until(lambda: all(db.session.get_one(Job, job_id).partial or _scenes(job_id) for job_id, _ in answers))
    busy = p99(slate.times(100, "GET", "/"))
    table.add("Dashboard p99 when idle", idle, "ms")
    table.add("Dashboard p99 while four are written against idle", busy / idle, "×", at_most=2)
    slate.until(
        lambda: all(db.session.get_one(Job, job_id).status == JobStatus.STORYBOARD_READY for job_id, _ in answers)
    )


def measure_links(table: Table, slate: Slate, stand_in: StandIn) -> None:
    """Time five 2 MB pictures from a host of 300 ms latency beside a model that takes 2 s."""
    for number in range(5):
        picture = io.BytesIO()
        Image.frombytes("RGB", (850, 800), os.urandom(850 * 800 * 3)).save(picture, "PNG")
        stand_in.files[f"/picture-{number}.png"] = picture.getvalue()
    stand_in.latency, stand_in.tokens_per_second = 0.3, TWO_SECONDS
    began = time.monotonic()
    links = "\n".join(f"http://127.0.0.1:{stand_in.port}{path}" for path in stand_in.files)
    job_id, _ = slate.new_job(links=links)

    def all_there() -> bool:
        statuses = db.session.scalars(select(Asset.status).where(Asset.source_url.contains("picture-"))).all()
        return _scenes(job_id) == 5 and len(statuses) == 5 and set(statuses) == {AssetStatus.READY}

    table.add("Five links of 2 MB and the words of a 2 s model", slate.until(all_there) - began, "s", at_most=2.3)
    table.add("  of which the model itself", stand_in.seconds, "s")
    slate.until(lambda: db.session.get_one(Job, job_id).status == JobStatus.STORYBOARD_READY)


def measure_downloads(table: Table, slate: Slate, stand_in: StandIn) -> None:
    """Watch the worker's memory while it fetches eight files of 100 MB at once."""
    stand_in.latency = 0
    content = _video() + bytes(95 * MB)
    links = []
    for number in range(8):
        stand_in.files[f"/film-{number}.mp4"] = content[:-8] + number.to_bytes(8)
        links.append(f"http://127.0.0.1:{stand_in.port}/film-{number}.mp4")
    before = peak = slate.worker_memory_mb()
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.02):
            peak = max(peak, slate.worker_memory_mb())

    watching = threading.Thread(target=watch)
    watching.start()
    assets.add_links(slate.ada, slate.client, "\n".join(links))
    films = select(func.count()).where(
        Asset.source_url.contains("film-"), Asset.status.in_([AssetStatus.READY, AssetStatus.REFUSED])
    )
    slate.until(lambda: db.session.scalar(films) == 8)
    done.set()
    watching.join()
    table.add("The worker's memory for 8 downloads of 95 MB at once: more by", peak - before, "MB", at_most=140)


def _video() -> bytes:
    """Encode a second of film, whose end players and readers ignore."""
    import av  # noqa: PLC0415

    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height = 320, 180
        for level in range(10):
            frame = av.VideoFrame.from_image(Image.new("RGB", (320, 180), (level * 20, 90, 120)))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return out.getvalue()


def _scenes(job_id: str) -> int:
    return db.session.scalar(select(func.count()).where(Scene.job_id == job_id, Scene.deleted_at.is_(None))) or 0


if __name__ == "__main__":
    sys.exit(main())
