"""The first thing every request passes: what cannot be read as HTTP says is put right or marked, not stumbled over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.exceptions import BadRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Request

ODD_HOST = "slate.odd_host"
"""Where the environ keeps a Host header that names no host; `localhost` stands in its place."""
_LABEL = r"[0-9A-Za-z_]([0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?"
_HOST = re.compile(rf"({_LABEL}(\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(:\d{{1,5}})?")
_ASCII = "".join(chr(code) for code in range(0x21, 0x7F))


def whole_forms(kind: type[Request]) -> type[Request]:
    """Return a kind of request that refuses a form altogether when a part of it has no name (RFC 7578, 4.2)."""

    class WholeForms(kind):  # type: ignore[misc, valid-type]  # whatever kind the app has
        def _load_form_data(self) -> None:
            super()._load_form_data()
            if None in self.form or None in self.files:
                raise BadRequest

    return WholeForms


def readable(app: WSGIApplication) -> WSGIApplication:
    """Wrap the app: bytes that a query may not have are escaped, a Host that is none is marked (RFC 9112, 3.2)."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query, safe=_ASCII, encoding="latin-1")
        _mark_host(environ)
        return app(environ, start_response)

    return call


def _mark_host(environ: dict[str, Any]) -> None:
    host = environ.get("HTTP_HOST")
    if host is not None and not _HOST.fullmatch(host):
        environ[ODD_HOST], environ["HTTP_HOST"] = host, "localhost"
