"""The cookies of one fetch: a host gets back what it set itself, nobody else does, and nothing is kept."""

from __future__ import annotations

import httpx2

_AS_BYTES = "latin-1"
"""A cookie goes back with the bytes it came in, whatever they mean."""


class FetchCookies:
    """Hold what hosts set while one fetch follows its redirects.

    Share links set a cookie, redirect, and answer only whoever brings it back. Each host has a jar of its own, so that
    `Domain=` reaches no other host; path, `Secure` and expiry are the jar's.
    """

    def __init__(self) -> None:
        self._jars: dict[str, httpx2.Cookies] = {}

    def add_to(self, request: httpx2.Request) -> str:
        """Give a request what its host set before; returns the header as it is sent, empty when there is none."""
        request.headers.encoding = _AS_BYTES
        if jar := self._jars.get(request.url.host):
            jar.set_cookie_header(request)
        return request.headers.get("Cookie", "")

    def take_from(self, response: httpx2.Response) -> None:
        """Keep what a host sets, for itself."""
        response.headers.encoding = _AS_BYTES
        self._jars.setdefault(response.request.url.host, httpx2.Cookies()).extract_cookies(response)
