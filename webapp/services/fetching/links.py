"""Which links Slate accepts, judged from their text alone."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

from webapp.errors import FetchRefused
from webapp.services.fetching.addresses import Address, reason_refused

if TYPE_CHECKING:
    from webapp.services.fetching.policy import FetchPolicy

MAX_URL_CHARACTERS = 8_000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_BARE = re.compile(r"(?=.{1,80}\Z)[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}(:\d+)?([/?#]\S*)?")
"""What looks like a link without its scheme: example.com/logo.png. Short, since a hint repeats it."""
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
# Everything printable in ASCII stays as it was pasted (signed links break otherwise); only spaces and letters outside
# ASCII are percent-encoded.
_KEPT = "".join(chr(code) for code in range(0x21, 0x7F))
_PUBLIC_HINT = "Use a link that works on the public internet, or upload the file."


@dataclass(frozen=True, slots=True)
class Link:
    """Hold the checked parts of a URL: `host` is ASCII without brackets, `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Write host and port as the Host header wants them: brackets for IPv6, no default port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Write the whole URL in its normal form, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def address(self) -> Address | None:
        """Read the host as a numeric address; None when it is a name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    def follow(self, location: str, policy: FetchPolicy) -> Link:
        """Read where a redirect leads, by the same rules; raises FetchRefused, also when it leaves https."""
        try:
            absolute = urljoin(self.url, location)
        except ValueError:
            raise FetchRefused("The server redirects to something that is not a link.") from None
        following = parse(absolute, policy)
        if self.scheme == "https" and following.scheme == "http":
            raise FetchRefused(
                "The server redirects from a secure link (https) to an insecure one (http).",
                hint="Paste the final link itself, or upload the file.",
            )
        return following


def check_url(url: str, policy: FetchPolicy) -> str:
    """Return `url` in its normal form; raise FetchRefused for what would be refused whatever the network says."""
    return parse(url, policy).url


def parse(url: str, policy: FetchPolicy) -> Link:
    """Take a URL apart and judge each part; raises FetchRefused with the rule that was broken."""
    text = url.strip()
    if not text:
        raise FetchRefused("There is no link here.", hint="Paste a link that starts with https://.")
    if len(text) > MAX_URL_CHARACTERS:
        raise FetchRefused(f"The link is longer than {MAX_URL_CHARACTERS:,} characters.")
    if _FORBIDDEN.search(text):
        raise FetchRefused("The link contains a line break, a backslash or another character that links cannot have.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise FetchRefused("This is not a valid link.", hint="Copy it again from the browser's address bar.") from None
    scheme = _scheme(parts.scheme, text)
    if "@" in parts.netloc:
        raise FetchRefused("The link carries a user name or password.", hint="Remove everything before the @.")
    host = _host(parts.hostname or "")
    port = _DEFAULT_PORTS[scheme] if port is None else port
    if port not in policy.ports:
        raise FetchRefused(f"The link names port {port}; only {_listed(policy.ports)} may be used.")
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    link = Link(scheme, host, port, (quote(parts.path, safe=_KEPT) or "/") + query)
    _check_place(link, policy)
    return link


def refuse_address(reason: str) -> FetchRefused:
    """Build the refusal for an address that may not be reached; `reason` completes "it is …"."""
    return FetchRefused(f"Slate does not fetch from this address: it is {reason}.", hint=_PUBLIC_HINT)


def _scheme(scheme: str, text: str) -> str:
    if scheme in _DEFAULT_PORTS:
        return scheme
    if "://" not in text and not text.lower().startswith(("data:", "javascript:", "file:", "blob:", "mailto:")):
        hint = f"Did you mean https://{text}?" if _BARE.fullmatch(text) else "Paste a link that starts with https://."
        raise FetchRefused("The link does not start with https:// or http://.", hint=hint)
    raise FetchRefused(
        f"Links of the kind “{scheme[:20]}:” cannot be fetched; only https and http.", hint="Upload the file instead."
    )


def _host(host: str) -> str:
    """Write a host name in ASCII lower case without its final dot; raises FetchRefused for what is no host."""
    if ":" in host:
        return _ipv6(host)
    name = unquote(host).lower()
    if not name.isascii():
        name = _idna(name)
    name = name.removesuffix(".")
    labels = name.split(".")
    if not name or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise FetchRefused("The link has no valid host name.", hint="Copy it again from the browser's address bar.")
    if _NUMBER.fullmatch(labels[-1]):
        # Other spellings of an address (127.1, 0x7f000001, 2130706433, 0177.0.0.1) mean different machines to
        # different programs; only the plain one is read.
        return _ipv4(name)
    return name


def _ipv4(name: str) -> str:
    try:
        return str(ipaddress.IPv4Address(name))
    except ValueError:
        raise FetchRefused(
            "The link hides a numeric address in an unusual spelling.", hint="Write the host's name."
        ) from None


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        raise FetchRefused("The link has no valid host name.") from None
    if address.scope_id is not None:
        raise refuse_address("bound to one network card (a zone)")
    return str(address)


def _idna(name: str) -> str:
    import idna  # noqa: PLC0415  only few links need its tables

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise FetchRefused("The link's host name has letters that host names cannot have.") from None


def _check_place(link: Link, policy: FetchPolicy) -> None:
    if not policy.allows_domain(link.host):
        raise FetchRefused(
            f"{link.host} is not one of the sites this server may fetch from.",
            hint="Upload the file, or ask an administrator to add the site to ALLOWED_ASSET_DOMAINS.",
        )
    address = link.address
    if link.host == "localhost" or link.host.endswith(".localhost"):
        address = ipaddress.IPv4Address("127.0.0.1")  # RFC 6761 §6.3: these names are always loopback
    if address is not None:
        reason = reason_refused(address, policy.fetch_allow)
        if reason:
            raise refuse_address(reason)


def _listed(ports: tuple[int, ...]) -> str:
    return " and ".join(str(port) for port in ports)
