"""httpx's transport over a network backend of ours: the one place that says how the two are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpcore2
import httpx2

if TYPE_CHECKING:
    import ssl


class BackedTransport(httpx2.HTTPTransport):
    """Open every connection by `backend`; keep none, retry none, ask no proxy or certificate of the environment.

    httpx has no argument for a network backend, so its pool is replaced by one that was made with it.
    """

    def __init__(self, backend: httpcore2.NetworkBackend, tls: ssl.SSLContext, max_connections: int = 1) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool.close()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls,
            network_backend=backend,
            max_connections=max_connections,
            max_keepalive_connections=0,
            retries=0,
        )
