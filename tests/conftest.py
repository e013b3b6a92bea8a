"""One Slate per test: its own data folder, real SQLite files, real people."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests import factories, quick
from webapp import create_app
from webapp.config import Settings, load
from webapp.extensions import db
from webapp.models import Role
from webapp.services import tasks, upkeep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from webapp.models import User

quick.share_builders()


def pytest_collection_finish() -> None:
    quick.calm_collector()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `slate migrate` leaves it, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated") / "instance"
    made = create_app(load({"SLATE_DATA": str(folder)}))
    upkeep.migrate(made)
    with made.app_context():
        db.engine.dispose()
    return folder


@pytest.fixture
def settings(tmp_path: Path, migrated: Path) -> Settings:
    """Settings of a fresh install in a folder of its own; nothing of the machine's environment leaks in."""
    shutil.copytree(migrated, tmp_path / "instance")
    return load({"SLATE_DATA": str(tmp_path / "instance"), "WRITING_PACE": "0"})


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The app with an empty database. An app context is pushed, as in the worker."""
    made = create_app(settings)
    made.testing = True
    quick.share_templates(made)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
        tasks.forget(settings.workflows_path)
    quick.clear_away()


@pytest.fixture
def ada(app: Flask) -> User:
    """Ada, who runs the agency."""
    return factories.person("Ada Byron", "ada@example.com", Role.ADMIN)


@pytest.fixture
def eve(app: Flask) -> User:
    """Eve, who makes storyboards."""
    return factories.person("Eve Holt", "eve@example.com", Role.EDITOR)


@pytest.fixture
def ben(app: Flask) -> User:
    """Ben, the client who approves."""
    return factories.person("Ben Berg", "ben@example.com", Role.REVIEWER)


@pytest.fixture
def browse(app: Flask):
    """Open a browser for a person (None: Cleo, a stranger): `browse(ada).get("/")`."""

    def open_browser(who: User | None) -> FlaskClient:
        return factories.signed_in(app, who)

    return open_browser
