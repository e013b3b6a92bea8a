"""Programs that ask the JSON API with somebody's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from webapp.schemas.api_keys import ApiKeyDraft
from webapp.services import api_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from webapp.models import User

ROOT = "/api/v3"


class Program:
    """A program: `program.post("/clients", json={…})` asks /api/v3/clients with its key."""

    def __init__(self, app: Flask, key: str) -> None:
        self.key = key
        self.client = app.test_client(use_cookies=False)

    def open(self, method: str, path: str, **options: Any) -> TestResponse:
        """Ask and return the answer; a path that begins with /api is taken as it is."""
        headers = dict(options.pop("headers", None) or {})
        if self.key:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        path = path if path.startswith("/api") else ROOT + path
        return self.client.open(path, method=method, headers=headers, buffered=True, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.open("GET", path, **options)

    def head(self, path: str, **options: Any) -> TestResponse:
        return self.open("HEAD", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.open("POST", path, **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        return self.open("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.open("DELETE", path, **options)


@pytest.fixture
def api(app: Flask) -> Callable[[User | None], Program]:
    """Open a program with a new key of a person (None: without a key): `api(eve).get("/clients").json`."""

    def open_program(who: User | None) -> Program:
        return Program(app, api_keys.create(who, ApiKeyDraft(name="A program"))[1] if who else "")

    return open_program
