"""Which network addresses Slate connects to: public ones, and those an operator named."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# `ipaddress.is_global` alone is not enough: it passes multicast, NAT64 and 6to4 with a private address inside, and
# addresses that clouds use for their own metadata. Sources: the IANA special-purpose registries (RFC 6890, RFC 8190).
_REFUSED_V4 = (
    (IPv4Network("100.64.0.0/10"), "shared by a provider's customers (100.64.0.0/10)"),
    (IPv4Network("192.0.0.0/24"), "reserved for protocols (192.0.0.0/24)"),
    (IPv4Network("192.88.99.0/24"), "an old 6to4 relay (192.88.99.0/24)"),
    (IPv4Network("168.63.129.16/32"), "a cloud's metadata service"),
)
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
_UNIQUE_LOCAL_V6 = IPv6Network("fc00::/7")
_NAT64 = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = IPv6Network("::/96")
_LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
# Addresses that hand out a machine's credentials: only their exact address in FETCH_ALLOW opens them.
_LINK_LOCAL_AND_METADATA: tuple[Network, ...] = (
    IPv4Network("169.254.0.0/16"),
    IPv4Network("168.63.129.16/32"),
    IPv4Network("100.100.100.200/32"),
    IPv4Network("192.0.0.192/32"),
    IPv6Network("fe80::/10"),
    IPv6Network("fd00:ec2::254/128"),
    IPv6Network("fd20:ce::254/128"),
)


def is_public(address: Address) -> bool:
    """Tell whether `address` is an ordinary address of the public internet."""
    return not reason_not_public(address)


def reason_not_public(address: Address) -> str:
    """Name the rule by which `address` is not public, as words that follow "it is"; empty when it is public."""
    if isinstance(address, IPv4Address):
        return _reason_v4(address)
    return _reason_v6(address)


def reason_refused(address: Address, fetch_allow: Iterable[str]) -> str:
    """Name the rule that shuts `address`, empty when it is public or opened by a network in `fetch_allow` (CIDRs).

    A network of the operator opens what lies inside it and nothing else. Link-local and metadata addresses open only
    by their exact address, loopback only by a network inside loopback, multicast and "any" never.
    """
    reason = reason_not_public(address)
    if not reason or _opened(address, tuple(fetch_allow)):
        return ""
    return reason


def _reason_v4(address: IPv4Address) -> str:
    for network, reason in _REFUSED_V4:
        if address in network:
            return reason
    for refused, reason in (
        (address.is_loopback, "this machine itself (loopback)"),
        (address.is_unspecified, "no address at all (0.0.0.0)"),
        (address.is_link_local, "link-local (169.254.0.0/16), where clouds keep their metadata"),
        (address.is_multicast, "a multicast address"),
        (address.is_private, "inside a private network"),
        (address.is_reserved, "a reserved address"),
        (not address.is_global, "not part of the public internet"),
    ):
        if refused:
            return reason
    return ""


def _is_isatap(address: IPv6Address) -> bool:
    """Tell an ISATAP interface identifier: 0000:5efe or 0200:5efe before an IPv4 address (RFC 5214 §6.1)."""
    return (int(address) >> 32) & 0xFDFFFFFF == 0x00005EFE


# Asked in this order; the first that is true names the reason.
_RULES_V6: tuple[tuple[Callable[[IPv6Address], bool], str], ...] = (
    (lambda address: address.scope_id is not None, "bound to one network card (a zone)"),
    (lambda address: address.ipv4_mapped is not None, "an IPv4 address in IPv6 clothes (::ffff:0:0/96)"),
    (lambda address: address.is_loopback, "this machine itself (loopback)"),
    (lambda address: address.is_unspecified, "no address at all (::)"),
    (lambda address: address.is_link_local, "link-local (fe80::/10)"),
    (lambda address: address.is_multicast, "a multicast address"),
    (lambda address: address in _UNIQUE_LOCAL_V6, "inside a private network"),
    (lambda address: address not in _GLOBAL_UNICAST_V6, "outside the public range of IPv6 (2000::/3)"),
    (lambda address: address in IPv6Network("2001::/23"), "reserved for protocols (2001::/23)"),
    (lambda address: address in IPv6Network("2001:db8::/32"), "only for documentation (2001:db8::/32)"),
    (lambda address: address in IPv6Network("2002::/16"), "a 6to4 tunnel (2002::/16)"),
    (lambda address: address in IPv6Network("3fff::/20"), "only for documentation (3fff::/20)"),
    (_is_isatap, "an ISATAP tunnel (::5efe:)"),
    (lambda address: not address.is_global, "not part of the public internet"),
)


def _reason_v6(address: IPv6Address) -> str:
    if address in _NAT64 and address.scope_id is None:
        return _reason_v4(IPv4Address(int(address) & 0xFFFFFFFF))
    return next((reason for broken, reason in _RULES_V6 if broken(address)), "")


@lru_cache(maxsize=64)
def _networks(fetch_allow: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(entry, strict=False) for entry in fetch_allow)


def _opened(address: Address, fetch_allow: tuple[str, ...]) -> bool:
    if address.is_multicast or address.is_unspecified or getattr(address, "scope_id", None):
        return False
    holding = [network for network in _networks(fetch_allow) if address in network]
    faces = (address, *_embedded(address))
    if any(face in network for face in faces for network in _LINK_LOCAL_AND_METADATA):
        return any(network.num_addresses == 1 for network in holding)
    if any(face.is_loopback for face in faces):
        return any(_inside_loopback(network) for network in holding)
    return bool(holding)


def _inside_loopback(network: Network) -> bool:
    if isinstance(network, IPv4Network):
        return network.subnet_of(_LOOPBACK[0])
    return network.subnet_of(_LOOPBACK[1]) or network.num_addresses == 1


def _embedded(address: Address) -> tuple[IPv4Address, ...]:
    """List the IPv4 addresses that a translator or tunnel would reach through `address`."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour]
    if address in _NAT64 or address in _IPV4_COMPATIBLE or _is_isatap(address):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    if address.teredo is not None:
        found.extend(address.teredo)
    return tuple(each for each in found if each is not None)
