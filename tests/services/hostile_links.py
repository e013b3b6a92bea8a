"""Links that try to reach a machine behind the server, generated from addresses and their spellings."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote

PUBLIC_V4 = "93.184.215.14"
PUBLIC_V6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
STAND_IN = "http://cdn.example.com"

PRIVATE_V4 = (
    "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.169.254",
    "0.0.0.0", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
)  # fmt: skip
PRIVATE_V6 = (
    "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "ff02::1", "2001:db8::1", "2001::1",
    "2001:10::1", "3fff::1", "100::1", "fec0::1", "4000::1", "64:ff9b:1::a00:1", "5f00::1",
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """A link and what name servers answer for its host: one tuple for each time they are asked, the last repeated."""

    url: str
    answers: tuple[tuple[str, ...], ...] = ()


def all_hostile() -> list[Hostile]:
    """Every spelling of every address, plain and hidden behind a redirect, and names that resolve to them."""
    direct = [Hostile(url) for host in _spelled_hosts() for url in (f"http://{host}/logo.png", f"https://{host}/")]
    direct += [Hostile(url) for address in PRIVATE_V4[:8] for url in _disguised(address)]
    redirected = [Hostile(behind_redirect(f"http://{host}/logo.png"), ((PUBLIC_V4,),)) for host in _spelled_hosts()]
    return [*direct, *redirected, *_named(), *_odd_schemes()]


def behind_redirect(url: str) -> str:
    """Write the link of the stand-in server that redirects to `url`."""
    return f"{STAND_IN}/to?{quote(url, safe='')}"


def resolved_to(address: str) -> str:
    """Write a host name that belongs to an address in these tests."""
    return "n" + address.replace(".", "-").replace(":", "-") + ".example.net"


def _spelled_hosts() -> list[str]:
    hosts = [spelling for address in PRIVATE_V4 for spelling in spellings_v4(address)]
    for address in PRIVATE_V6:
        hosts += [f"[{address}]", f"[{ipaddress.IPv6Address(address).exploded}]", f"[{address}%25eth0]"]
    return [*hosts, "localhost", "LOCALHOST.", "a.localhost", "[v1.fe]", "[::1", "127.0.0.1:80:80"]


def spellings_v4(address: str) -> list[str]:
    """Write an IPv4 address in every way some program reads as that address."""
    a, b, c, d = (int(part) for part in address.split("."))
    number = int(ipaddress.IPv4Address(address))
    high, low = number >> 16, number & 0xFFFF
    wide = address.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    inside = [
        f"::ffff:{address}", f"::ffff:{high:x}:{low:x}", f"::{address}", f"64:ff9b::{address}",
        f"64:ff9b::{high:x}:{low:x}", f"2002:{high:x}:{low:x}::1", f"2606:2800::5efe:{address}",
        f"2606:2800::200:5efe:{high:x}:{low:x}", f"2001:0:{high:x}:{low:x}:0:0:{high ^ 0xFFFF:x}:{low ^ 0xFFFF:x}",
        f"fe80::5efe:{address}", f"::ffff:0:{address}",
    ]  # fmt: skip
    return [
        address, f"{address}.", f"{number}", f"0x{number:x}", f"0{number:o}", f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{low}", f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"0{a:o}.{b}.{c}.{d}",
        f"{a:03d}.{b:03d}.{c:03d}.{d:03d}", f"{a}.{b}.0x{low:x}", wide, address.replace(".", "。"),
        address.replace(".", "%2e"), f"%3{address[0]}{address[1:]}", f"{address}%00.example.com",
        f"{number + 2**32}", *(f"[{each}]" for each in inside),
    ]  # fmt: skip


def _disguised(address: str) -> list[str]:
    return [
        f"http://cdn.example.com@{address}/", f"http://user:pass@{address}/", f"http://{address}#@cdn.example.com/",
        f"http://cdn.example.com\\@{address}/", f"http://{address}\\.example.com/", f"http://{address}:22/",
        f"http://{address}:6379/", f"http:\\\\{address}\\", f"http:///{address}/", f"//{address}/logo.png",
        f"http://{address}\t/", f"ht\ntp://{address}/", f" http://{address}/", f"http://[{address}]/",
        f"http://{address}?@cdn.example.com/", f"HTTP://{address}/", f"http:{address}/", f"http://cdn.example.com:80@{address}/",
    ]  # fmt: skip


def _named() -> list[Hostile]:
    found = []
    for address in (*PRIVATE_V4, *PRIVATE_V6, "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "fe80::1%eth0"):
        url = f"http://{resolved_to(address)}/logo.png"
        found += [
            Hostile(url, ((address,),)),
            Hostile(url, ((PUBLIC_V4, address),)),
            Hostile(url, ((address, PUBLIC_V6),)),
            # Rebinding: harmless when asked first, then the real target. One look-up must be the only one.
            Hostile(url.replace("/logo.png", "/to?" + quote(url, safe="")), ((PUBLIC_V4,), (address,))),
        ]
    return found


def _odd_schemes() -> list[Hostile]:
    urls = (
        "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/",
        "data:image/png;base64,AAAA", "unix:///run/docker.sock", "http+unix://%2frun%2fdocker.sock/", "ldap://10.0.0.1/",
        "javascript:alert(1)", "jar:http://127.0.0.1/", "tftp://127.0.0.1/x", "ws://127.0.0.1/", "",
        "http://", "http://./", "http://..", "http://-a.example/", "http://xn--/", "http://xn--a\u200d.example/",
        "http://" + "a" * 64 + ".example/", "http://" + "a." * 200 + "example/", "http://exa mple.com/", "http://a..b/",
        "http://cdn.example.com:99999/", "http://cdn.example.com:0/", "http://cdn.example.com:-1/", "http://\u2488\u2488.1/",
        "https://cdn.example.com:22/", "http://cdn.example.com:8080/", "h\u0000ttp://127.0.0.1/", "http://\ud800.example/",
    )  # fmt: skip
    with_redirects = [Hostile(behind_redirect(url), ((PUBLIC_V4,),)) for url in urls if url and "\ud800" not in url]
    return [*(Hostile(url) for url in urls), *with_redirects]
