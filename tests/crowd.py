"""One of several processes that write to the same Slate: `python -m tests.crowd FOLDER WRITERS SECONDS [naive]`.

Prints the seconds that each save took, as JSON. `naive` leaves it to SQLite who writes next.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time

from webapp import create_app, extensions
from webapp.config import load
from webapp.extensions import db, transaction
from webapp.models import Job


def main(folder: str, writers: str, seconds: str, *more: str) -> None:
    """Save one job from several threads until the time is up."""
    if more == ("naive",):
        extensions.turn_to_write = lambda _engine: contextlib.nullcontext()
    app = create_app(load({"SLATE_DATA": folder}))
    took: list[float] = []
    with app.app_context():
        job_id = db.session.query(Job).first().id
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    end = time.monotonic() + float(seconds)

    def save() -> None:
        with app.app_context():
            while (began := time.monotonic()) < end:
                with transaction():
                    db.session.get_one(Job, job_id).touch()
                took.append(time.monotonic() - began)

    threads = [threading.Thread(target=save) for _ in range(int(writers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(took))


if __name__ == "__main__":
    main(*sys.argv[1:])
