"""Numbers in addresses: a scene or a take is named by its id or by the number people see."""

from __future__ import annotations

LONGEST = 9
"""Digits; nothing has so many scenes, and a database holds more."""


def of_address(address: str) -> int | None:
    """Return the number that an address is, None when it is an id or nothing. Only plain digits are numbers."""
    is_number = address.isascii() and address.isdigit() and len(address) <= LONGEST
    return int(address) if is_number else None
