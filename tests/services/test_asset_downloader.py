"""Fetching pasted links: what arrives, what is refused, and that nothing behind the server is ever reached."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import resource
import socket
import ssl
import time
from urllib.parse import urlsplit

import httpx
import pytest

from tests.services.abusive_servers import ABUSES, never_accepting
from tests.services.harbour import TLS, Names, Posing, Server, answer, read_request, redirecting, watch
from tests.services.hostile_links import PRIVATE_V4, PUBLIC_V4, PUBLIC_V6, all_hostile, behind_redirect
from webapp.errors import FetchRefused
from webapp.services.asset_downloader import FetchPolicy, check_url, fetch

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8ffff3f0005fe02fea7"
    "35814e0000000049454e44ae426082"
)
QUICK = FetchPolicy(max_bytes=1_000_000, timeout_seconds=5)


def quiet(received: int, total: int | None) -> None:
    """Take progress and say nothing."""


def fetched(server, tmp_path, url="http://cdn.example.com/pictures/logo.png", policy=QUICK, **more):
    more.setdefault("resolve", Names({}))
    return fetch(url, policy, tmp_path, more.pop("progress", quiet), dial=server.dial, **more)


def refused(server, tmp_path, **more) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        fetched(server, tmp_path, **more)
    assert list(tmp_path.iterdir()) == []
    return caught.value


def serving(content: bytes):
    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(content)

    return Server(serve)


# What arrives


def test_a_picture_arrives_with_its_hash_type_and_name(tmp_path):
    with serving(answer(PNG, Content_Type="text/html")) as server:
        got = fetched(server, tmp_path)
    assert got.path.read_bytes() == PNG
    assert (got.size_bytes, got.sha256) == (len(PNG), hashlib.sha256(PNG).hexdigest())
    assert got.sniffed.content_type == "image/png"
    assert (got.final_url, got.file_name_hint) == ("http://cdn.example.com/pictures/logo.png", "logo.png")


def test_the_request_is_plain_and_carries_the_name(tmp_path):
    requests = []

    def serve(connection):
        requests.append(read_request(connection).decode())
        connection.sendall(answer(PNG, Set_Cookie="a=b"))

    with Server(serve) as server:
        fetched(server, tmp_path, url="http://CDN.example.com./ä b?sig=%2B|x#part")
    head = requests[0].split("\r\n")
    assert head[0] == "GET /%C3%A4%20b?sig=%2B|x HTTP/1.1"
    assert "Host: cdn.example.com" in head
    assert "Accept-Encoding: identity" in head
    assert not any(line.lower().startswith(("cookie", "authorization", "referer")) for line in head)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="Sommer Kampagne.png"', "Sommer Kampagne.png"),
        ("attachment; filename=\"x.png\"; filename*=UTF-8''Gr%C3%BCn.png", "Grün.png"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment; filename=C:\\temp\\logo.png", "logo.png"),
        ("attachment", "logo.png"),
    ],
)
def test_the_name_comes_from_the_header_without_its_folders(tmp_path, header, name):
    with serving(answer(PNG, Content_Disposition=header)) as server:
        assert fetched(server, tmp_path).file_name_hint == name


def test_redirects_are_followed_and_noted(tmp_path):
    with Server(redirecting(PNG)) as server:
        got = fetched(server, tmp_path, url=behind_redirect("/next/logo.png"))
    assert got.final_url == "http://cdn.example.com/next/logo.png"
    assert len(got.redirects) == 1


def test_an_https_link_is_fetched_with_the_names_certificate(tmp_path):
    trusting = ssl.create_default_context(cafile=TLS / "certificate.pem")
    with Server(redirecting(PNG), tls=True) as server:
        assert fetched(server, tmp_path, url="https://cdn.example.com/a.png", tls=trusting).path.read_bytes() == PNG
        for path in tmp_path.iterdir():
            path.unlink()
        other = refused(server, tmp_path, url="https://other.example.com/a.png", tls=trusting)
        stranger = refused(server, tmp_path, url="https://cdn.example.com/a.png")
        downgrade = refused(
            server, tmp_path, url=behind_redirect("http://cdn.example.com/").replace("http:", "https:", 1), tls=trusting
        )
    assert "certificate" in other.message
    assert "certificate" in stranger.message
    assert "insecure" in downgrade.message


def test_the_second_address_is_tried_when_the_first_is_silent(tmp_path):
    dialled = []

    def dial(address, port, timeout):
        dialled.append(str(address))
        if address.version == 6:
            raise ConnectionRefusedError
        return server.dial(address, port, timeout)

    with serving(answer(PNG)) as server:
        fetch("http://cdn.example.com/", QUICK, tmp_path, quiet, resolve=Names({}, (PUBLIC_V6, PUBLIC_V4)), dial=dial)
    assert dialled == [PUBLIC_V6, PUBLIC_V4]


def test_progress_is_told_seldom_and_can_cancel(tmp_path):
    told = []

    def serve(connection):
        read_request(connection)
        connection.sendall(answer(b"", Content_Length="400000", Content_Type="image/png"))
        for _ in range(40):
            connection.sendall(PNG.ljust(10_000, b"\0"))
            time.sleep(0.01)

    class StoppedError(Exception):
        pass

    def stop(received: int, total: int | None) -> None:
        told.append((received, total))
        if received > 10_000:
            raise StoppedError

    with Server(serve) as server:
        fetched(server, tmp_path, progress=lambda *numbers: told.append(numbers)).path.unlink()
        assert told[-1] == (400_000, 400_000)
        assert 2 <= len(told) <= 12
        with pytest.raises(StoppedError):
            fetched(server, tmp_path, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_private_asset_server_is_reached_when_the_operator_opened_it(tmp_path):
    with serving(answer(PNG)) as server:
        url = f"http://127.0.0.1:{server.port}/logo.png"
        open_policy = FetchPolicy(fetch_allow=("127.0.0.1/32",), ports=(server.port,))
        assert fetched(server, tmp_path, url=url, policy=open_policy).size_bytes == len(PNG)
        with pytest.raises(FetchRefused, match="loopback"):
            fetched(server, tmp_path, url=url, policy=FetchPolicy(ports=(server.port,)))


# What is refused, and in which words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (answer(b"", "404 Not Found"), "404"),
        (answer(b"", "401 Unauthorized"), "sign-in"),
        (answer(b"", "429 Too Many"), "too often"),
        (answer(b"", "503 Busy"), "problem of its own (503)"),
        (answer(b"", "204 No Content"), "204"),
        (answer(b"", "302 Found"), "leads nowhere"),
        (answer(b"<!doctype html><html>"), "web page"),
        (answer(b"\n<!-- x -->\n<html>" + b" " * 900_000), "web page"),
        (answer(b"MZ\x90\0"), "Windows program"),
        (answer(b""), "empty"),
        (answer(PNG, Content_Encoding="gzip"), "compressed"),
        (answer(PNG, Content_Length="2000000"), "larger than 0.9537 MB"),
        (answer(PNG, Content_Length="500"), "cut off"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "not valid HTTP"),
    ],
)  # fmt: skip
def test_refusals_say_what_is_wrong(tmp_path, content, words):
    with serving(content) as server:
        refusal = refused(server, tmp_path)
    assert words in refusal.message
    assert not refusal.permanent, "another answer may come tomorrow"


def test_a_circle_of_redirects_and_a_long_chain_are_refused(tmp_path):
    def chain(connection):
        number = int(read_request(connection).split(b" ")[1].strip(b"/") or b"0")
        connection.sendall(answer(b"", "301 Moved", Location=f"/{(number + 1) % 3 if number < 3 else number + 1}"))

    with Server(chain) as server:
        assert "circle" in refused(server, tmp_path, url="http://cdn.example.com/0").message
        assert "more than 5 times" in refused(server, tmp_path, url="http://cdn.example.com/10").message
        assert server.served == 3 + 6


def test_only_allowed_domains_are_fetched_also_after_a_redirect(tmp_path):
    policy = FetchPolicy(allowed_domains=("example.com",))
    with Server(redirecting(PNG)) as server:
        fetched(server, tmp_path, policy=policy).path.unlink()
        refusal = refused(server, tmp_path, url=behind_redirect("http://evil.example.org/"), policy=policy)
    assert "evil.example.org is not one of the sites" in refusal.message
    for url in ("http://notexample.com/", "http://example.com.evil.org/", f"http://{PUBLIC_V4}/"):
        with pytest.raises(FetchRefused):
            check_url(url, policy)


def test_a_connection_that_ends_elsewhere_is_refused(tmp_path):
    def dial(address, port, timeout):
        sock = Posing(socket.AF_INET, socket.SOCK_STREAM)
        sock.connect(("127.0.0.1", server.port))
        sock.posed = ("10.0.0.1", port)
        return sock

    with serving(answer(PNG)) as server, pytest.raises(FetchRefused, match="another address"):
        fetch("http://cdn.example.com/", QUICK, tmp_path, quiet, resolve=Names({}), dial=dial)


def test_names_without_an_answer_are_refused(tmp_path):
    def fails(host, port):
        raise socket.gaierror("no such name")

    def hangs(host, port):
        time.sleep(1.5)
        return (PUBLIC_V4,)

    with serving(answer(PNG)) as server:
        for resolve in (fails, Names({}, ()), Names({}, ("not an address",))):
            refused(server, tmp_path, resolve=resolve)
        start = time.monotonic()
        refused(server, tmp_path, resolve=hangs, policy=FetchPolicy(timeout_seconds=0.5))
        assert time.monotonic() - start < 1.4


def test_proxies_of_the_environment_are_not_used(tmp_path, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with serving(answer(PNG)) as server:
        assert fetched(server, tmp_path).size_bytes == len(PNG)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("  https://Example.COM/a b.png#x ", "https://example.com/a%20b.png"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://example.com:80", "http://example.com/"),
        (f"https://[{PUBLIC_V6}]:443/x", f"https://[{PUBLIC_V6}]/x"),
    ],
)
def test_check_url_returns_the_normal_form(url, normal):
    assert check_url(url, FetchPolicy()) == normal


def test_check_url_tells_at_once_what_would_be_refused():
    with pytest.raises(FetchRefused, match="does not start with https://") as caught:
        check_url("example.com/logo.png", FetchPolicy())
    assert "https://example.com/logo.png" in caught.value.hint
    for nonsense in ("not a link", "bottle.png and more", "x" * 300 + ".com", "hello"):
        with pytest.raises(FetchRefused, match="does not start with https://") as caught:
            check_url(nonsense, FetchPolicy())
        assert caught.value.hint == "Paste a link that starts with https://."
    with pytest.raises(FetchRefused, match="private network"):
        check_url("http://192.168.1.1/", FetchPolicy())
    with pytest.raises(ValueError, match=r"10\.0"):
        FetchPolicy(fetch_allow=("10.0.0.0/99",))


# Nothing behind the server is reached


def attempts(reach, server) -> tuple[int, int]:
    """Try every hostile link with `reach(url, names)`; count links and connections to anywhere but the stand-in."""
    hostile = all_hostile()
    strange = 0
    for link in hostile:
        host = ""
        if link.answers:
            host = urlsplit(link.url).hostname or ""
        names = Names({host: link.answers}, default=())
        with watch.watching() as seen:
            reach(link.url, names)
        strange += sum(address != ("127.0.0.1", server.port) for address in seen)
    return len(hostile), strange


def test_no_hostile_link_reaches_a_non_public_address(tmp_path):
    policy = FetchPolicy(timeout_seconds=2)

    def reach(url, names):
        with pytest.raises(FetchRefused):
            fetch(url, policy, tmp_path, quiet, resolve=names, dial=server.dial)

    with Server(redirecting(PNG)) as server:
        count, strange = attempts(reach, server)
        assert server.served > 300  # the redirecting half really met the stand-in
    assert count >= 1000
    assert strange == 0
    assert list(tmp_path.iterdir()) == []


def test_checking_first_and_fetching_then_does_reach_them(monkeypatch):
    """Negative control: the usual check-then-fetch, in the same harbour, is led behind the server."""
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **more):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            if str(host).startswith(("localhost", "127", "0")):
                return real("127.0.0.1", port, *args, **more)
            answers = names_now[0](str(host), 0)
            if not answers:
                raise socket.gaierror("no such name") from None
            return real(answers[0], port, *args, **more)
        return real(host, port, *args, **more)

    names_now: list[Names] = []
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    def reach(url, names):
        names_now[:] = [names]
        try:
            answers = [
                entry[4][0] for entry in socket.getaddrinfo(urlsplit(url).hostname or "", 80, type=socket.SOCK_STREAM)
            ]
            if all(ipaddress.ip_address(each).is_global for each in answers):
                client.get(url)
        except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL):
            pass

    class ToStandIn(httpx.HTTPTransport):
        """The public internet of this test; everything else is dialled in earnest."""

        def handle_request(self, request):
            if socket.getaddrinfo(request.url.host, 80)[0][4][0] in (PUBLIC_V4, PUBLIC_V6):
                request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=server.port)
            return super().handle_request(request)

    with (
        Server(redirecting(PNG)) as server,
        httpx.Client(transport=ToStandIn(trust_env=False), trust_env=False, follow_redirects=True, timeout=1) as client,
    ):
        count, strange = attempts(reach, server)
    assert count >= 1000
    assert strange >= 100


def test_every_answer_of_the_name_server_is_vetted_and_it_is_asked_once(tmp_path):
    with serving(answer(PNG)) as server:
        for answers in ((PUBLIC_V4, "10.0.0.1"), ("10.0.0.1", PUBLIC_V4)):
            refused(server, tmp_path, resolve=Names({}, answers))
        assert server.served == 0
        rebinding = Names({"cdn.example.com": ((PUBLIC_V4,), ("127.0.0.1",))})
        fetched(server, tmp_path, resolve=rebinding)
        assert rebinding.asked == ["cdn.example.com"]


@pytest.mark.parametrize("address", [*PRIVATE_V4[:7], "fd00::1", "::1"])
def test_a_name_with_a_private_address_is_refused_as_an_unknown_one(tmp_path, address, caplog):
    """Else whoever may paste a link learns which names exist behind this server; the log tells its operator."""

    def said(*answers: str) -> tuple:
        refusal = refused(server, tmp_path, resolve=Names({}, answers))
        return type(refusal), refusal.message, refusal.hint, refusal.permanent

    with Server(redirecting(PNG)) as server, watch.watching() as seen:
        unknown = said()
        assert (
            said(address) == said(PUBLIC_V4, address) == said(address, PUBLIC_V6) == said("not an address") == unknown
        )
        behind = refused(
            server,
            tmp_path,
            url=behind_redirect("http://wiki.corp.example/"),
            resolve=Names({"wiki.corp.example": ((address,),)}),
        )
        gone = refused(
            server,
            tmp_path,
            url=behind_redirect("http://wiki.corp.example/"),
            resolve=Names({"wiki.corp.example": ((),)}),
        )
    assert all(where == ("127.0.0.1", server.port) for where in seen)
    assert (behind.message, behind.hint) == (gone.message, gone.hint)
    assert address not in unknown[1]
    assert f"it leads to {address}" in caplog.text
    assert "the name is unknown" in caplog.text


def test_a_name_that_leads_nowhere_is_refused_at_one_pace(tmp_path):
    """A name of this network is known at once, a foreign one after a while: both are refused at the next beat."""
    waits = []

    with serving(answer(PNG)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("webapp.services.fetching.backend.time.sleep", waits.append)
        for resolve in (Names({}, ("10.0.0.1",)), Names({}, ())):
            refused(server, tmp_path, resolve=resolve, policy=FetchPolicy(timeout_seconds=5, nowhere_seconds=2))
    assert len(waits) == 2
    assert all(0 < seconds <= 2 for seconds in waits)


def test_public_failures_and_opened_networks_say_what_is_wrong(tmp_path):
    def closed(address, port, timeout):
        raise ConnectionRefusedError

    policy = FetchPolicy(timeout_seconds=5, fetch_allow=("10.0.0.0/8",))
    for answers, allowed in (((PUBLIC_V4,), QUICK), (("10.0.0.1",), policy)):
        with pytest.raises(FetchRefused, match="does not answer"):
            fetch("http://cdn.example.com/", allowed, tmp_path, quiet, resolve=Names({}, answers), dial=closed)


# Servers that abuse us


@pytest.mark.parametrize("name", sorted(ABUSES))
def test_abusive_servers_end_in_time_and_cost_no_memory(tmp_path, name):
    scheme = "https" if "handshake" in name else "http"
    policy = FetchPolicy(max_bytes=30_000_000, timeout_seconds=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Server(ABUSES[name]) as server:
        start = time.monotonic()
        refused(server, tmp_path, url=f"{scheme}://cdn.example.com/a.png", policy=policy)
        took = time.monotonic() - start
    assert took <= policy.timeout_seconds + 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before <= 50 * 1024  # kilobytes on Linux


def test_a_server_that_never_accepts_ends_in_time(tmp_path):
    with never_accepting() as server:
        start = time.monotonic()
        refused(server, tmp_path, policy=FetchPolicy(timeout_seconds=1))
        assert time.monotonic() - start <= 2


def test_a_timeout_for_each_read_alone_would_wait_for_ever():
    """Negative control: httpx's own timeout is per read, so a dripping body outlives it."""
    with Server(ABUSES["dripping body"]) as server:
        start = time.monotonic()
        with (
            httpx.Client(trust_env=False, timeout=0.5) as client,
            client.stream("GET", f"http://127.0.0.1:{server.port}/") as got,
        ):
            for _ in got.iter_raw():
                if time.monotonic() - start > 1.2:
                    break
        assert time.monotonic() - start > 1


def test_a_full_disk_is_named(tmp_path):
    def full(descriptor, mode):
        os.dup2(device, descriptor)
        return real(descriptor, mode)

    real = os.fdopen
    device = os.open("/dev/full", os.O_WRONLY)  # Linux: every write answers ENOSPC
    with serving(answer(PNG)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("webapp.services.asset_downloader.os.fdopen", full)
        refusal = refused(server, tmp_path)
    os.close(device)
    assert "disk" in refusal.message
    assert not refusal.permanent
