"""Looking again and again at what others do, such as the worker: each look sees the present."""

from __future__ import annotations

from webapp.extensions import db


def forget() -> None:
    """Forget what was read and end the read transaction: the next look is fresh, no snapshot is held until then."""
    db.session.rollback()
    db.session.expire_all()  # a rollback forgets only what was read since the last commit
