"""Fetch a URL safely: bytes on disk, their hash, their type told from the bytes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpcore

from webapp.errors import FetchRefused, FetchTooLarge, FetchUnusable, Invalid, TooLarge
from webapp.services import sniff
from webapp.services.fetching import tls_context
from webapp.services.fetching.backend import Deadline, Dial, Resolve, VettedBackend, dial_tcp, resolve_name
from webapp.services.fetching.links import Link, check_url, parse
from webapp.services.fetching.policy import FetchPolicy

if TYPE_CHECKING:
    import ssl

    from webapp.services.sniff import Sniffed

__all__ = ["FetchPolicy", "Fetched", "check_url", "fetch"]

Progress = Callable[[int, int | None], None]

PROGRESS_SECONDS = 0.2
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Some servers answer by what one accepts; asking for what Slate can read avoids pictures it cannot.
_ACCEPT = b"image/webp,image/png,image/jpeg,image/gif,image/svg+xml,video/*,audio/*,application/pdf,*/*;q=0.5"


@dataclass(frozen=True, slots=True)
class _Call:
    """Hold what stays the same through all redirects of one fetch."""

    policy: FetchPolicy
    deadline: Deadline
    into: Path
    progress: Progress


@dataclass(frozen=True, slots=True)
class Fetched:
    """Describe a fetched file: `path` is the caller's to move or delete, `final_url` is where the redirects ended."""

    final_url: str
    size_bytes: int
    sha256: str
    sniffed: Sniffed
    path: Path
    file_name_hint: str
    redirects: tuple[str, ...]


def fetch(  # noqa: PLR0913  the last three are the seams for tests
    url: str,
    policy: FetchPolicy,
    into: Path,
    progress: Progress,
    *,
    resolve: Resolve = resolve_name,
    dial: Dial = dial_tcp,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """Fetch `url` into a new file in the folder `into`, telling `progress(received, total or None)` on the way.

    One deadline and one size hold for the whole call. Raises FetchRefused with a sentence for a person; what `progress`
    raises (to cancel) passes through. In both cases no file stays behind. `resolve`, `dial` and `tls` are for tests.
    """
    call = _Call(policy, Deadline(policy.timeout_seconds), into, progress)
    backend = VettedBackend(policy, call.deadline, resolve, dial)
    link = parse(url, policy)
    visited: list[str] = []
    try:
        while True:
            with _open(link, policy, backend, tls or tls_context.shared()) as response:
                location = _location(response)
                if location is None:
                    _check_answer(response, policy)
                    return _receive(response, link, tuple(visited), call)
            visited.append(link.url)
            link = link.follow(location, policy)
            if link.url in visited:
                raise FetchRefused("The server redirects in a circle.", permanent=False)
            if len(visited) > policy.max_redirects:
                raise FetchRefused(f"The server redirects more than {policy.max_redirects} times.", permanent=False)
    except httpcore.RemoteProtocolError:
        raise _broken("The server's answer is not valid HTTP.") from None
    except (httpcore.NetworkError, httpcore.TimeoutException):
        raise _broken("The connection was cut off.") from None
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, httpcore.ConnectionNotAvailable):
        raise _broken("The link could not be asked for.") from None


def _broken(message: str) -> FetchRefused:
    return FetchRefused(message, permanent=False, hint="Try again, or upload the file.")


@contextmanager
def _open(link: Link, policy: FetchPolicy, backend: VettedBackend, tls: ssl.SSLContext) -> Iterator[httpcore.Response]:
    """Send one GET over a connection of its own, which is closed at the end: nothing is carried to the next hop."""
    request = httpcore.Request(
        "GET",
        httpcore.URL(scheme=link.scheme.encode(), host=link.host.encode(), port=link.port, target=link.target.encode()),
        headers=[
            (b"Host", link.authority.encode()),
            (b"User-Agent", policy.user_agent.encode("ascii", "ignore")),
            (b"Accept", _ACCEPT),
            (b"Accept-Encoding", b"identity"),
            (b"Connection", b"close"),
        ],
    )
    with httpcore.ConnectionPool(
        ssl_context=tls, network_backend=backend, max_connections=1, max_keepalive_connections=0, retries=0
    ) as pool:
        response = pool.handle_request(request)
        try:
            yield response
        finally:
            response.close()


def _header(response: httpcore.Response, name: bytes) -> str:
    """Read the first header of that name as text; empty when there is none."""
    for key, value in response.headers:
        if key.lower() == name:
            try:
                return value.decode("utf-8").strip()
            except UnicodeDecodeError:
                return value.decode("latin-1").strip()
    return ""


def _location(response: httpcore.Response) -> str | None:
    """Return where a redirect leads; None when the answer is none."""
    if response.status not in _REDIRECTS:
        return None
    location = _header(response, b"location")
    if not location:
        raise FetchRefused(f"The server answered {response.status}, a redirect that leads nowhere.", permanent=False)
    return location


# Whatever a server answered may be another answer tomorrow, after somebody mended the link or the file: it can be tried
# again by hand. Only Slate's own rules (scheme, address, domain) are for good.
_ANSWERS: dict[int, tuple[str, str]] = {
    400: ("The server did not understand the link (400).", "Check the link."),
    401: ("The site asks for a sign-in (401).", "Make the link public or upload the file."),
    403: ("The site does not let Slate have this file (403).", "Make the link public or upload the file."),
    404: ("The server answered 404: there is nothing at this link.", "Check the link."),
    410: ("The file is no longer there (410).", "Check the link."),
    429: ("The site says it is asked too often (429).", "Try again in a few minutes."),
    451: ("The site may not hand out this file for legal reasons (451).", "Use another file."),
}


def _check_answer(response: httpcore.Response, policy: FetchPolicy) -> None:
    """Raise FetchRefused for an answer that is not a whole, plain file of an allowed size."""
    status = response.status
    if status in _ANSWERS:
        message, hint = _ANSWERS[status]
        raise FetchRefused(message, permanent=False, hint=hint)
    if status >= 500:
        raise FetchRefused(f"The server has a problem of its own ({status}).", permanent=False, hint="Try again later.")
    if status not in (200, 203):
        raise FetchRefused(f"The server answered {status} instead of a file.", permanent=False, hint="Check the link.")
    encoding = _header(response, b"content-encoding").lower()
    if encoding not in ("", "identity"):
        raise FetchRefused(
            "The server sends the file compressed although it was asked not to.",
            permanent=False,
            hint="Upload the file.",
        )
    total = _total_bytes(response)
    if total is not None and total > policy.max_bytes:
        raise _too_large(policy)


def _too_large(policy: FetchPolicy) -> FetchRefused:
    size = policy.max_bytes / (1024 * 1024)
    return FetchTooLarge(
        f"The file is larger than {size:.4g} MB.", permanent=False, hint="Use a smaller version of it."
    )


def _total_bytes(response: httpcore.Response) -> int | None:
    length = _header(response, b"content-length")
    return int(length) if length.isascii() and length.isdigit() else None


def _receive(response: httpcore.Response, link: Link, redirects: tuple[str, ...], call: _Call) -> Fetched:
    """Stream the body to a temporary file, hash it on the way and tell its type; leave nothing behind on failure."""
    descriptor, name = tempfile.mkstemp(prefix="fetch-", suffix=".part", dir=call.into)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest, size = hashlib.sha256(), 0
            for chunk in _checked_chunks(response, call):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        sniffed = sniff.sniff_file(path)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, Invalid):
            kind = FetchTooLarge if isinstance(error, TooLarge) else FetchUnusable
            raise kind(error.message, permanent=False, hint=error.hint) from None
        raise
    hint = _file_name(_header(response, b"content-disposition"), link.url)
    return Fetched(link.url, size, digest.hexdigest(), sniffed, path, hint, redirects)


def _body(response: httpcore.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_stream()
    except httpcore.RemoteProtocolError:
        raise _broken("The connection was cut off before the file was complete.") from None


def _checked_chunks(response: httpcore.Response, call: _Call) -> Iterator[bytes]:
    """Yield the body piece by piece while size, time and first bytes allow it, and report the progress."""
    total, received, head, judged, told_at = _total_bytes(response), 0, b"", False, 0.0
    for chunk in _body(response):
        call.deadline.remaining()
        received += len(chunk)
        if received > call.policy.max_bytes:
            raise _too_large(call.policy)
        if not judged:  # a web page is refused after its first kilobytes, not after a hundred megabytes
            head += chunk
            judged = len(head) >= sniff.HEAD_BYTES
            if judged:
                sniff.refuse_known(head[: sniff.HEAD_BYTES])
        if time.monotonic() - told_at >= PROGRESS_SECONDS:
            call.progress(received, total)
            told_at = time.monotonic()
        yield chunk
    call.progress(received, received)


def _file_name(disposition: str, url: str) -> str:
    """Guess a name for the file from Content-Disposition (RFC 6266) or the link; empty when neither has one."""
    name = ""
    extended = re.search(r"filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;]+)", disposition, re.IGNORECASE)
    plain = re.search(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', disposition, re.IGNORECASE)
    if extended:
        name = unquote(extended.group(1).strip())
    elif plain:
        name = plain.group(1) or plain.group(2) or ""
    name = name or unquote(urlsplit(url).path)
    name = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = "".join(letter for letter in name if letter.isprintable()).strip(" .")
    return name[-120:]
