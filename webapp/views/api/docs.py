"""/docs: the document of the API as pages to read and to try, written on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template

from webapp.errors import NotFound
from webapp.views.api import openapi
from webapp.views.api.document import prose, reading, words
from webapp.views.security import absolute, public

if TYPE_CHECKING:
    from flask import Flask

    from webapp.views.api.document.reading import Example, Group, Operation

FILE = "(a file)"
"""Stands for a file in the examples of forms."""

blueprint = Blueprint("docs", __name__, url_prefix="/docs")
blueprint.add_app_template_filter(prose.html, "prose")
blueprint.add_app_template_filter(prose.inline, "prose_line")
blueprint.add_app_template_filter(prose.title, "prose_title")


@blueprint.get("")
@public
def index() -> str:
    """Say how to ask and what comes back, and list every operation."""
    return render_template("docs/index.html", groups=_groups(), words=words, base=absolute(""))


@blueprint.get("/<group>")
@public
def show(group: str) -> str:
    """Show the operations of one group: parameters, bodies, examples, every answer."""
    groups = _groups()
    found = next((each for each in groups if each.name == group), None)
    if found is None:
        raise NotFound("The API has no such group.", hint="Begin at /docs.")
    return render_template("docs/group.html", groups=groups, group=found, base=absolute(""), curl=curl)


def curl(operation: Operation, example: Example | None, base: str) -> str:
    """Write a request as a command for a terminal."""
    lines = [f"curl '{base}{operation.path}'"]
    if operation.method != "GET":
        lines[0] = f"curl -X {operation.method} '{base}{operation.path}'"
    if not operation.is_public:
        lines.append("-H 'Authorization: Bearer slate_…'")
    if example and example.kind == "application/json":
        lines.append("-H 'Content-Type: application/json'")
        lines.append("-d '{}'".format(example.text.replace("'", "'\\''")))
    elif example:
        lines += [f"-F '{name}={_sent(value)}'" for name, value in json.loads(example.text).items()]
    return " \\\n  ".join(lines)


def _sent(value: str) -> str:
    """Return a form's field as curl takes it."""
    return "@bottle.png" if value == FILE else value


def _groups() -> list[Group]:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - to keep them with it
    found: list[Group] | None = app.extensions.get("api_docs")
    if found is None:
        found = app.extensions["api_docs"] = reading.groups(openapi.written(app).tree)
    return found
