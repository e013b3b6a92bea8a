"""Secrets that travel in cookies and links: made at random, kept only as a hash."""

from __future__ import annotations

import secrets
from hashlib import sha256

TOKEN_BYTES = 32
"""256 bits: nothing to guess, so a plain, quick SHA-256 is enough to keep."""


def fresh() -> str:
    """Return a new random token, 43 characters that are safe in a URL and in a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what the database keeps of a token: SHA-256 in hex, 64 characters."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
