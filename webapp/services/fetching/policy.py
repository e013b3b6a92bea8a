"""What a fetch may do: sizes, times, names, networks."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

NOWHERE_SECONDS = 0.5
"""Longer than a name server near by takes to answer, short enough to wait for."""


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Say what one fetch may do; every limit holds for the whole call, redirects included.

    `allowed_domains` are host names ("*" for all); a name also allows what ends in it at a dot. `fetch_allow` are
    networks (CIDR) outside the public internet that an operator opened. The refusal of a name that leads nowhere takes
    a multiple of `nowhere_seconds` (0: it comes at once), since how fast a name server answers tells which names exist
    behind this server. Raises ValueError for a network that is none.
    """

    max_bytes: int = 100 * 1024 * 1024
    timeout_seconds: float = 60.0
    allowed_domains: tuple[str, ...] = ("*",)
    fetch_allow: tuple[str, ...] = ()
    ports: tuple[int, ...] = (80, 443)
    max_redirects: int = 5
    nowhere_seconds: float = 0.0
    user_agent: str = "Slate-Storyboards/1.0"

    def __post_init__(self) -> None:
        for entry in self.fetch_allow:
            ipaddress.ip_network(entry, strict=False)

    def allows_domain(self, host: str) -> bool:
        """Tell whether `host` (lower case, no final dot) is one of the allowed domains or below one."""
        for domain in self.allowed_domains:
            name = domain.strip().lower().lstrip("*").strip(".")
            if domain.strip() == "*" or (name and (host == name or host.endswith("." + name))):
                return True
        return False
