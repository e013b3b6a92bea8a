"""Where an answer leads: what can be asked about the thing that was made, or about the first row of a list.

All of it follows from the routes: the address under which a kind of thing is shown is its home, and whatever has no
further ids in its address can be asked once that home is known.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_origin, get_type_hints

from webapp.views.api.spec import FILE

if TYPE_CHECKING:
    from webapp.views.api.document.routes import Route

PLACE = re.compile(r"\{([^}]+)\}")
DATA = "$response.body#/data/"
FIRST = "For the first row, where there is one."


class _Home(NamedTuple):
    """The address that shows one thing, and everything that can be asked there and right below it."""

    places: list[str]
    asked: list[Route]


class Links:
    """What every answer leads to."""

    def __init__(self, routes: list[Route]) -> None:
        shown = [route for route in routes if route.method == "GET" and route.path.endswith("}")]
        self._homes = {route.path: _home(route.path, routes) for route in shown}
        self._of_kind = {route.operation.answers[200]: route.path for route in shown}

    def of(self, route: Route, status: int) -> dict[str, Any]:
        """Return the links of one answer by the id of the operation they lead to; none where it names no thing."""
        kind = route.operation.answers[status]
        if kind in (None, FILE):
            return {}
        if route.method == "GET":
            return self._to(route, self._below(route), _first_row(kind), words=FIRST)
        path = self._below(route) or self._of_kind.get(kind, "")
        if route.method == "POST" and (status == HTTPStatus.CREATED or not _is_named(route, path)):
            return self._to(route, path, (DATA, kind))
        return {}

    def _below(self, route: Route) -> str:
        """Return the home of what a collection holds."""
        return next((home for home in self._homes if home.rpartition("/")[0] == route.path), "")

    def _to(self, route: Route, path: str, thing: tuple[str, Any] | None, *, words: str = "") -> dict[str, Any]:
        home = self._homes.get(path)
        if home is None or thing is None or (given := _given(route, home.places, thing)) is None:
            return {}
        said = {"description": words} if words else {}
        return {each.name: {"operationId": each.name, "parameters": given} | said for each in home.asked}


def _home(path: str, routes: list[Route]) -> _Home:
    places = PLACE.findall(path)
    below = (route for route in routes if route.path == path or route.path.startswith(f"{path}/"))
    return _Home(places, [route for route in below if PLACE.findall(route.path) == places])


def _is_named(route: Route, path: str) -> bool:
    """Say whether whoever asked knows the thing already: its id is in the address."""
    return set(PLACE.findall(path)) <= set(PLACE.findall(route.path))


def _first_row(kind: Any) -> tuple[str, Any] | None:
    """Return where the first row of a list stands and what it is; lists may be named in an object of their own."""
    if get_origin(kind) is list:
        return f"{DATA}0/", get_args(kind)[0]
    lists = {name: each for name, each in get_type_hints(kind).items() if get_origin(each) is list}
    if len(lists) != 1:
        return None
    ((name, rows),) = lists.items()
    return f"{DATA}{name}/0/", get_args(rows)[0]


def _given(route: Route, places: list[str], thing: tuple[str, Any]) -> dict[str, str] | None:
    """Say where each id of an address comes from: the last one from the thing, those before it from the request."""
    where, kind = thing
    fields = get_type_hints(kind)
    *above, last = places
    asked = set(PLACE.findall(route.path))
    own = last if last in fields else "id"
    if own not in fields:
        return None
    found = {f"path.{place}": f"$request.path.{place}" if place in asked else f"{where}{place}" for place in above}
    known = all(place in asked or place in fields for place in above)
    return found | {f"path.{last}": f"{where}{own}"} if known else None
