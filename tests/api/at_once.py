"""Requests that have all read before the first of them may write."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from webapp.extensions import db, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse


def at_once(*asks: Callable[[], TestResponse]) -> list[int]:
    """Ask all of this in threads while nobody may write, then let them; returns the statuses."""
    found: list[int] = []
    threads = [threading.Thread(target=lambda ask=ask: found.append(ask().status_code)) for ask in asks]
    with transaction():  # takes SQLite's only write lock; reading goes on
        for thread in threads:
            thread.start()
        time.sleep(0.5)
    for thread in threads:
        thread.join()
    db.session.rollback()
    return found
