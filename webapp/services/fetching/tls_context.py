"""The one TLS context of this process: loading the certificates costs tens of milliseconds."""

from __future__ import annotations

import ssl
import threading
from functools import cache

import certifi

_lock = threading.Lock()


def shared() -> ssl.SSLContext:
    """Return the context that checks certificates against certifi's authorities and the machine's own."""
    with _lock:
        return _made()


@cache
def _made() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()  # an operator's own authorities count as well
    return context
