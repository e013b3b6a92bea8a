"""Fetch a URL safely: bytes on disk, their hash, their type told from the bytes."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from webapp.errors import FetchRefused, FetchTooLarge, FetchUnusable, Invalid, TooLarge
from webapp.services import sniff
from webapp.services.backed_transport import BackedTransport
from webapp.services.fetching import not_files, share_pages, tls_context
from webapp.services.fetching.backend import Deadline, Dial, Resolve, VettedBackend, dial_tcp, resolve_name
from webapp.services.fetching.cookies import FetchCookies
from webapp.services.fetching.file_names import file_name, header_text
from webapp.services.fetching.links import Link, check_url, parse
from webapp.services.fetching.policy import FetchPolicy
from webapp.services.fetching.unpacking import known_codings, unpacked

if TYPE_CHECKING:
    import ssl

    from webapp.services.fetching.not_files import NotFile
    from webapp.services.fetching.share_pages import Service
    from webapp.services.sniff import Sniffed

__all__ = ["FetchPolicy", "Fetched", "check_url", "fetch"]

Progress = Callable[[int, int | None], None]

PROGRESS_SECONDS = 0.2
_UNKNOWN_PACKINGS = frozenset({"br", "zstd", "compress"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Some servers answer by what one accepts; asking for what Slate can read avoids pictures it cannot.
_ACCEPT = "image/webp,image/png,image/jpeg,image/gif,image/svg+xml,video/*,audio/*,application/pdf,*/*;q=0.5"


@dataclass(frozen=True, slots=True)
class _Call:
    """Hold what stays the same through all redirects of one fetch."""

    policy: FetchPolicy
    deadline: Deadline
    into: Path
    progress: Progress
    transport: BackedTransport
    cookies: FetchCookies


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

    A link to a page around a file is fetched from where its service keeps the file. One deadline and one size hold for
    the whole call. Raises FetchRefused with a sentence for a person; what `progress` raises (to cancel) passes through.
    In both cases no file stays behind. `resolve`, `dial` and `tls` are for tests.
    """
    deadline = Deadline(policy.timeout_seconds)
    backend = VettedBackend(policy, deadline, resolve, dial)
    link = parse(url, policy)
    try:
        with BackedTransport(backend, tls or tls_context.shared()) as transport:
            return _follow(link, _Call(policy, deadline, into, progress, transport, FetchCookies()))
    except httpx2.RemoteProtocolError:
        raise _broken("The server's answer is not valid HTTP.") from None
    except (httpx2.NetworkError, httpx2.TimeoutException):
        raise _broken("The connection was cut off.") from None
    except (httpx2.TransportError, httpx2.InvalidURL):
        raise _broken("The link could not be asked for.") from None


def _follow(link: Link, call: _Call) -> Fetched:
    """Ask for a link and for what it redirects to, until a file comes."""
    visited: list[str] = []
    asked: set[tuple[str, str]] = set()
    while True:
        visited.append(link.url)
        link = _direct(link, call.policy, {url for url, _ in asked})
        with _open(link, call, asked) as response:
            location = _location(response)
            if location is None:
                service = share_pages.first_service([*visited, link.url])
                _check_answer(response, call.policy, service)
                return _receive(response, _Way(link, tuple(visited), service), call)
        if len(visited) > call.policy.max_redirects:
            raise FetchRefused(f"The server redirects more than {call.policy.max_redirects} times.", permanent=False)
        link = link.follow(location, call.policy)


@dataclass(frozen=True, slots=True)
class _Way:
    """Say where a file was found: the last link, those that led there, the service that shares it by pages."""

    link: Link
    visited: tuple[str, ...]
    service: Service | None


def _direct(link: Link, policy: FetchPolicy, asked: set[str]) -> Link:
    """Return where the file itself is, unless that led back here. Raises FetchUnusable for a page that never is one."""
    found = share_pages.direct(link.url)
    if found != link.url:
        return link if found in asked else parse(found, policy)
    service = share_pages.service_of(found)
    if service and share_pages.is_page(found):
        raise FetchUnusable(f"This link opens a page of {service.name}, not a file.", hint=service.hint)
    return link


def _broken(message: str) -> FetchRefused:
    return FetchRefused(message, permanent=False, hint="Try again, or upload the file.")


@contextmanager
def _open(link: Link, call: _Call, asked: set[tuple[str, str]]) -> Iterator[httpx2.Response]:
    """Send one GET over a connection of its own, which is closed at the end.

    `asked` are the addresses and cookies of this fetch so far: the same question again would get the same answer.
    """
    request = httpx2.Request(
        "GET",
        link.url,
        headers={
            "Host": link.authority,
            "User-Agent": call.policy.user_agent.encode("ascii", "ignore").decode(),
            "Accept": _ACCEPT,
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
        extensions={"target": link.target.encode()},  # as it was pasted: httpx would write some signs in another way
    )
    question = (link.url, call.cookies.add_to(request))
    if question in asked:
        raise FetchRefused("The server redirects in a circle.", permanent=False)
    asked.add(question)
    response = call.transport.handle_request(request)
    try:
        response.request = request
        call.cookies.take_from(response)
        yield response
    finally:
        response.close()


def _values(response: httpx2.Response, name: str) -> list[bytes]:
    """Return what all headers of that name say, in the bytes they say it."""
    wanted = name.encode()
    return [value.strip() for key, value in response.headers.raw if key.lower() == wanted]


def _header(response: httpx2.Response, name: str) -> str:
    """Read the first header of that name as text; empty when there is none."""
    return header_text(next(iter(_values(response, name)), b""))


def _location(response: httpx2.Response) -> str | None:
    """Return where a redirect leads; None when the answer is none.

    Bytes outside ASCII are percent-encoded as they are: only the server knows which letters they mean.
    """
    if response.status_code not in _REDIRECTS:
        return None
    location = next(iter(_values(response, "location")), b"")
    if not location:
        raise FetchRefused(
            f"The server answered {response.status_code}, a redirect that leads nowhere.", permanent=False
        )
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in location)


def _codings(response: httpx2.Response) -> str:
    """Return the content codings, those of several headers in their order."""
    return ", ".join(header_text(value) for value in _values(response, "content-encoding"))


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


def _check_answer(response: httpx2.Response, policy: FetchPolicy, service: Service | None) -> None:
    """Raise FetchRefused for an answer that is not a whole file of an allowed size."""
    status = response.status_code
    if status in _ANSWERS:
        message, hint = _ANSWERS[status]
        raise FetchRefused(message, permanent=False, hint=service.hint if service and status < 429 else hint)
    if status >= 500:
        raise FetchRefused(f"The server has a problem of its own ({status}).", permanent=False, hint="Try again later.")
    if status not in (200, 203):
        raise FetchRefused(f"The server answered {status} instead of a file.", permanent=False, hint="Check the link.")
    total = _total_bytes(response)
    if total is not None and total > policy.max_bytes:
        raise _too_large(policy)


def _too_large(policy: FetchPolicy) -> FetchRefused:
    size = policy.max_bytes / (1024 * 1024)
    return FetchTooLarge(
        f"The file is larger than {size:.4g} MB.", permanent=False, hint="Use a smaller version of it."
    )


def _total_bytes(response: httpx2.Response) -> int | None:
    length = _header(response, "content-length")
    return int(length) if length.isascii() and length.isdigit() else None


def _receive(response: httpx2.Response, way: _Way, call: _Call) -> Fetched:
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
        if sniffed.format == "txt":
            _refuse_data(path.read_bytes(), _header(response, "content-type"), way)
    except BaseException as error:
        head = _head(path) if isinstance(error, Invalid) else b""
        path.unlink(missing_ok=True)
        if isinstance(error, Invalid):
            raise _unusable(error, head, _codings(response), way) from None
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FetchRefused(
                "There is no room left on this server's disk.", permanent=False, hint="Free some space, then retry."
            ) from None
        raise
    hint = _file_name(_header(response, "content-disposition"), way.visited[0], way.link.url)
    return Fetched(way.link.url, size, digest.hexdigest(), sniffed, path, hint, way.visited[:-1])


def _unusable(error: Invalid, head: bytes, encoding: str, way: _Way) -> FetchRefused:
    """Say what came in place of a file."""
    if found := not_files.page(head):
        return _not_a_file(found, way)
    kind = FetchTooLarge if isinstance(error, TooLarge) else FetchUnusable
    if encoding.lower() in _UNKNOWN_PACKINGS:
        return kind(
            f"The server sends the file compressed in a way that Slate cannot unpack ({encoding.lower()}).",
            permanent=False,
            hint="Upload the file.",
        )
    return kind(error.message, permanent=False, hint=error.hint)


def _refuse_data(content: bytes, content_type: str, way: _Way) -> None:
    """Raise FetchUnusable for a text that is written for programs: an error, mostly."""
    if found := not_files.data(content, content_type):
        raise _not_a_file(found, way)


def _not_a_file(found: NotFile, way: _Way) -> FetchUnusable:
    words = f": “{found.words}”" if found.words else ""
    hint = way.service.hint if way.service else "Paste the link of the picture or video itself, or upload the file."
    return FetchUnusable(f"This address answers with {found.kind}, not a file{words}.", permanent=False, hint=hint)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(not_files.HEAD_BYTES)


def _body(response: httpx2.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_raw()
    except httpx2.RemoteProtocolError:
        raise _broken("The connection was cut off before the file was complete.") from None


def _checked_chunks(response: httpx2.Response, call: _Call) -> Iterator[bytes]:
    """Yield the body piece by piece while size, time and first bytes allow it, and report the progress."""
    received, head, judged, told_at = 0, b"", False, 0.0
    codings = known_codings(_codings(response))
    total = None if codings else _total_bytes(response)
    for chunk in unpacked(_body(response), codings, call.policy.max_bytes, lambda: _too_large(call.policy)):
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


def _file_name(disposition: str, *urls: str) -> str:
    """Name a file by its header, else by the link that was pasted or where it led."""
    return file_name(disposition, *urls)
