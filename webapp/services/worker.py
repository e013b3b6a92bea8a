"""The worker process: take background work off the queues, show signs of life, sweep up after crashes."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from webapp.errors import Damaged, DiskFull, WriterError
from webapp.extensions import db, transaction
from webapp.models import Worker, utcnow
from webapp.services import scratch, writers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from webapp.config import Settings

log = logging.getLogger(__name__)

EXECUTOR = "worker-1"
"""DBOS goes on with work when the same executor id starts again, so a data folder's one worker keeps its name."""
SEEN_INTERVAL = 5
"""Seconds between two signs of life."""
ALIVE = timedelta(seconds=20)
"""A worker seen within this time counts as alive."""
SWEEP_EVERY = 4
"""Sweep at every so many signs of life: each 20 s."""
PURGE_EVERY = 720
"""Purge at every so many signs of life: each hour."""
PATIENCE = 4
"""Seconds that running steps get to finish when the worker is told to stop."""


class WorkerRuns(Exception):
    """Say that another worker has this data folder already."""


def run(app: Flask, settings: Settings) -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        WorkerRuns: another worker has this data folder.
    """
    from webapp.services import workflows  # noqa: PLC0415 - DBOS and the media libraries are for the worker only

    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    with _only_one(settings.data / "worker.lock"):
        with app.app_context():
            scratch.clear_dead()
        threading.Thread(target=_prepare_writer, args=(settings,), name="prepare", daemon=True).start()
        workflows.launch(app, settings, EXECUTOR)
        log.info("worker ready")
        try:
            _live(app, stopped)
        finally:
            workflows.shut_down(PATIENCE)
            with app.app_context():
                _forget()


def _prepare_writer(settings: Settings) -> None:
    """Load the writer's SDK before the first storyboard asks for it: that takes one to two seconds."""
    try:
        writers.prepare(settings)
    except WriterError as error:
        log.warning("the writer is not ready: %s %s", error.message, error.hint)


def alive() -> bool:
    """Say whether a worker has shown a sign of life lately."""
    return db.session.scalar(select(Worker.id).where(Worker.seen_at > utcnow() - ALIVE).limit(1)) is not None


def _live(app: Flask, stopped: threading.Event) -> None:
    from webapp.services import sweep  # noqa: PLC0415

    rounds = 0
    while True:
        rounds += 1  # the first sweep is a later round's: work that goes on after a restart shows life by then
        with app.app_context():
            try:
                _show()
                if rounds % SWEEP_EVERY == 0:
                    sweep.sweep()
                if rounds % PURGE_EVERY == 1:
                    sweep.purge()
            except (DiskFull, Damaged) as refusal:
                log.warning("sweep: %s %s", refusal.message, refusal.hint)
            except Exception:
                log.exception("sweep")
            db.session.remove()
        before = time.time()
        if stopped.wait(SEEN_INTERVAL):
            return
        if time.time() - before > 2 * SEEN_INTERVAL:  # the machine slept: whoever is at work has yet to show life
            rounds = 0


def _show() -> None:
    with transaction():
        row = db.session.get(Worker, EXECUTOR)
        if row is None or row.pid != os.getpid():
            db.session.merge(Worker(id=EXECUTOR, pid=os.getpid(), started_at=utcnow(), seen_at=utcnow()))
        else:
            row.seen_at = utcnow()


def _forget() -> None:
    with transaction():
        db.session.execute(delete(Worker).where(Worker.id == EXECUTOR))


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold a lock that the system lets go of when the process dies, however it dies."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise WorkerRuns("Another worker runs on this data folder already.") from error
        yield
