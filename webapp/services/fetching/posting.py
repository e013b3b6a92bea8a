"""Send a message to a URL of somebody else's: one POST by the rules of every fetch, nobody reads what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

from webapp.errors import DeliveryFailed, FetchRefused
from webapp.services.backed_transport import BackedTransport
from webapp.services.fetching import tls_context
from webapp.services.fetching.backend import Deadline, Dial, Resolve, VettedBackend, dial_tcp, resolve_name
from webapp.services.fetching.links import parse

if TYPE_CHECKING:
    import ssl

    from webapp.services.fetching.policy import FetchPolicy


def post(  # noqa: PLR0913  the last three are the seams for tests
    url: str,
    body: bytes,
    headers: dict[str, str],
    policy: FetchPolicy,
    *,
    resolve: Resolve = resolve_name,
    dial: Dial = dial_tcp,
    tls: ssl.SSLContext | None = None,
) -> int:
    """POST `body` (JSON, UTF-8) and return the answer's status; its body is never read, no redirect followed.

    The policy's deadline holds for all of it: look-up, connection, sending, the answer's head.

    Raises:
        DeliveryFailed: the address may not be reached, or nothing sensible was answered in time.
    """
    try:
        link = parse(url, policy)
        backend = VettedBackend(policy, Deadline(policy.timeout_seconds), resolve, dial)
        request = httpx2.Request(
            "POST",
            link.url,
            headers=_headers(link.authority, headers, policy),
            content=body,
            extensions={"target": link.target.encode()},
        )
        with BackedTransport(backend, tls or tls_context.shared()) as transport:
            response = transport.handle_request(request)
            response.close()
            return response.status_code
    except FetchRefused as refused:
        raise DeliveryFailed(refused.message) from None
    except httpx2.RemoteProtocolError:
        raise DeliveryFailed("The answer is not valid HTTP.") from None
    except (httpx2.NetworkError, httpx2.TimeoutException):
        raise DeliveryFailed("The connection was cut off.") from None
    except (httpx2.TransportError, httpx2.InvalidURL):
        raise DeliveryFailed("The message could not be sent.") from None


def _headers(authority: str, extra: dict[str, str], policy: FetchPolicy) -> dict[str, str]:
    own = {
        "Host": authority,
        "User-Agent": policy.user_agent,
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    return {name: value.encode("ascii", "ignore").decode() for name, value in (own | extra).items()}
