"""How a webhook's messages are signed: the Standard Webhooks scheme (https://www.standardwebhooks.com), symmetric."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The scheme allows 24 to 64."""


def fresh_secret() -> str:
    """Return a new secret: whsec_ and 32 random bytes in base64, 50 characters."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a message: id, Unix time of this attempt in seconds, signature over both and body."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    code = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{code}"}
