"""What a Host header says, and how far it may be believed."""

from __future__ import annotations

import socket
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Hosts that stay welcome when PUBLIC_URL names another: the machine's own browser, its health checks."""


def name_of(host: str) -> str:
    """Return the host of a Host header or of an address, in lower case and without the port: [::1], localhost."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
    return f"[{name}]" if ":" in name else name.removesuffix(".")


def is_private(host: str) -> bool:
    """Say whether a host is this machine by its own name, or an address of this machine or a private network."""
    name = name_of(host)
    if name in LOCAL_NAMES or name.endswith(".localhost") or name in _own_names():
        return True
    try:
        address = ip_address(name.strip("[]"))
    except ValueError:
        return False
    return address.is_private or address.is_loopback or address.is_link_local


@cache
def _own_names() -> frozenset[str]:
    """Return the names the machine has in its own network; asked for without a name server."""
    name = socket.gethostname().lower()
    return frozenset({name, f"{name}.local"} - {"", ".local"})
