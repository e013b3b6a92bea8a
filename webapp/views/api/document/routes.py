"""The routes of the API: which address, which method, which operation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from webapp.views.api.v3.resources.base import outside

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Rule

    from webapp.views.api.spec import Operation

PREFIX = "/api/v3"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""In the order the document tells them; HEAD and OPTIONS are what every GET has."""


class Route(NamedTuple):
    """One address and method of the API."""

    path: str
    """As OpenAPI writes it: /api/v3/clients/{clientId}."""
    method: str
    endpoint: str
    rule: Rule
    view: Any
    operation: Operation

    @property
    def name(self) -> str:
        """The operation's id: clients.show."""
        blueprint, _, view = self.endpoint.rpartition(".")
        return f"{blueprint.removeprefix('api_')}.{view}"

    @property
    def needs(self) -> str:
        """What its guard asks of a person: "edit", "manage" or nothing."""
        return getattr(self.view, "needs", "")

    @property
    def is_public(self) -> bool:
        """Whether it answers without a key."""
        return getattr(self.view, "is_public", False)


def found(app: Flask) -> list[Route]:
    """Return every route of the API that has an operation, by path and method."""
    routes = [
        Route(path_of(rule), method, rule.endpoint, rule, view, view.operation)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX) and hasattr(view := app.view_functions[rule.endpoint], "operation")
        for method in (rule.methods or set()) & set(METHODS)
    ]
    return sorted(routes, key=lambda route: (route.path, METHODS.index(route.method)))


def path_of(rule: Rule) -> str:
    """Write a route's address as OpenAPI does, the names of its parts in camelCase."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda part: "{" + outside(part[1]) + "}", rule.rule)
