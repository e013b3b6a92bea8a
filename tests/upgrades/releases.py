"""The stored data folders of releases, unpacked, counted and looked at without Slate's models."""

from __future__ import annotations

import tarfile
from contextlib import closing
from pathlib import Path

from webapp.extensions import sqlite_module

HERE = Path(__file__).parent
RELEASES = sorted(HERE.glob("*.tar.xz"))
NOT_DATA = {"alembic_version", "workers", "presences"}


def unpack(release: Path, folder: Path) -> Path:
    """Unpack a data folder and return it."""
    folder.mkdir()
    with tarfile.open(release) as archive:
        archive.extractall(folder, filter="data")
    return folder


def read(folder: Path, query: str) -> list[tuple]:
    """Return the rows of a query. By the app's own SQLite: two libraries in a process drop each other's file locks."""
    with closing(sqlite_module().connect(str(folder / "slate.db"))) as connection:
        return connection.execute(query).fetchall()


def schema(folder: Path) -> set[str]:
    """Return the statements that made all tables and indexes."""
    return {row[0] for row in read(folder, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}


def counts(folder: Path) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = [row[0] for row in read(folder, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table: read(folder, f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - names from the database itself
        for table in tables
        if table not in NOT_DATA and not table.startswith("sqlite_")
    }
