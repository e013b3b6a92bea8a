"""One believable world for newcomers: two clients, three campaigns, assets made here, storyboards in three states.

Nothing leaves the machine and nothing is canned: the assets are drawn and read, the scenes written and the decisions
made by the same services that people use. Its people have no account, only names.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from webapp.extensions import db
from webapp.models import Campaign, Job, Role, User
from webapp.services import access_links, clients, jobs

if TYPE_CHECKING:
    from flask import Flask

ADA = User(name="Ada Byron", email="ada@demo.invalid", role=Role.ADMIN)
BEN = User(name="Ben Berg", email="ben@demo.invalid", role=Role.REVIEWER)
VELO = "Velo Nord"
LOOK_EVERY = 1.0
"""Seconds between two looks whether somebody has arrived to see the third storyboard being written."""


def exists() -> bool:
    """Say whether the demo world is there."""
    return bool(clients.demo(ADA))


def is_wanted(app: Flask) -> bool:
    """Say whether this is a first start: nobody has set Slate up and there is no client.

    Whoever deleted the demo has set Slate up before, so it does not come back.
    """
    with app.app_context():
        return not access_links.is_set_up() and not clients.count(ADA)


def make() -> None:
    """Make the demo world, unless it is there already; when that fails, nothing of it stays."""
    from webapp.demo import world  # noqa: PLC0415 - draws with libraries the web process never loads

    if exists():
        return
    try:
        world.build(ADA, BEN)
    except BaseException:
        clients.delete_demo(ADA)
        raise
    if access_links.is_set_up():
        _begin_ride()


def welcome(app: Flask) -> None:
    """Start writing the demo's third storyboard once somebody has set Slate up, so that they see it happen."""

    def wait() -> None:
        while True:
            with app.app_context():
                if not exists():
                    return
                if access_links.is_set_up():
                    _begin_ride()
                    return
                db.session.remove()
            pause.wait(LOOK_EVERY)

    pause = threading.Event()
    with app.app_context():
        if access_links.is_set_up() or not exists():
            return
    threading.Thread(target=wait, name="demo", daemon=True).start()


def _begin_ride() -> None:
    """Ask for the third storyboard, once."""
    from webapp.demo import briefs  # noqa: PLC0415

    velo = next((client for client in clients.demo(ADA) if client.name == VELO), None)
    if velo is None or db.session.query(Job).filter_by(client_id=velo.id).count():
        return
    campaign = db.session.query(Campaign).filter_by(client_id=velo.id).first()
    if campaign is not None:
        jobs.create(ADA, briefs.ride(velo, campaign))
