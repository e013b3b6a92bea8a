"""What a fetched file is called: every way in which servers write a name."""

from __future__ import annotations

from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from tests.services.fetching import PNG, answering, fetched
from webapp.services.fetching.file_names import MAX_CHARACTERS, cleaned, file_name, header_text

URL = "http://files.example/x"
NAMES = [
    (r'attachment; filename="Spot \"Winter\" final.png"', 'Spot "Winter" final.png'),
    ("attachment; filename*=\"UTF-8''na%C3%AFve%20logo.png\"", "naïve logo.png"),
    ('attachment; filename="%EC%82%AC%EB%B3%B8_-DSC02499.png"', "사본_-DSC02499.png"),
    ('attachment; filename="=?UTF-8?B?0JLQuNC00LXQvi5wbmc=?="', "Видео.png"),
    ("attachment; filename==?UTF-8?B?0JLQuNC00LXQvi5wbmc=?=", "Видео.png"),
    ('attachment; filename="=?ISO-8859-1?Q?Gr=FCn_neu.png?="', "Grün neu.png"),
    ('attachment; filename="=?utf-8?q?Gr=C3=BC?= =?utf-8?q?n.png?="', "Grün.png"),
    ('attachment; filename="=?windows-1251?B?wujk5e4=?=.png"', "Видео.png"),
    ("attachment; filename*=UTF-8''Gr%C3%BCn.png", "Grün.png"),
    ("attachment; filename*=utf-8'de'Gr%C3%BCn.png", "Grün.png"),
    ("attachment; filename*=ISO-8859-1''Gr%FCn.png", "Grün.png"),
    ("attachment; filename*=iso-8859-1'en'%A3%20rates.png", "£ rates.png"),
    ("attachment; filename*=windows-1252''%80uro.png", "€uro.png"),
    ("attachment; filename*=UTF-8''Gr%FCn.png", "Grün.png"),
    ("attachment; filename*=nonsense''Gr%C3%BCn.png", "Grün.png"),
    ("attachment; filename*=Gr%C3%BCn.png", "Grün.png"),
    ("attachment; filename*=UTF-8''; filename=a.png", "a.png"),
    ("attachment; filename=\"a.png\"; filename*=utf-8''Gr%C3%BCn.png", "Grün.png"),
    ("attachment; filename*=utf-8''Gr%C3%BCn.png; filename=\"a.png\"", "Grün.png"),
    ("attachment; filename=\"UTF-8''Gr%C3%BCn.png\"", "Grün.png"),
    ('attachment; filename*0="Sommer"; filename*1=" 2026.png"', "Sommer 2026.png"),
    ('attachment; filename*1="b.png"; filename*0="a"', "ab.png"),
    ("attachment; filename*0*=UTF-8''Gr%C3; filename*1*=%BCn; filename*2=.png", "Grün.png"),
    ('attachment; filename*0="a.png"; filename*2="lost"', "a.png"),
    ("attachment; filename=my summer file.png", "my summer file.png"),
    ("attachment; filename=my summer file.png; size=5", "my summer file.png"),
    ("attachment;filename=logo.png", "logo.png"),
    ('attachment ; FILENAME = "logo.png"', "logo.png"),
    ("filename=logo.png", "logo.png"),
    ('attachment; filename="logo.png', "logo.png"),
    ("attachment; filename='logo.png'", "logo.png"),
    ("attachment; filename=“logo.png”", "logo.png"),
    ('inline; name="x"; filename="logo.png"', "logo.png"),
    ('attachment; filename="a;b.png"', "a;b.png"),
    ('attachment; filename="a.png"; filename="b.png"', "a.png"),
    ('attachment; filename="../../etc/passwd"', "passwd"),
    (r'attachment; filename="C:\temp\logo.png"', "logo.png"),
    (r"attachment; filename=C:\temp\logo.png", "logo.png"),
    ("attachment; filename*=UTF-8''..%2F..%2Flogo.png", "logo.png"),
    ('attachment; filename="%2e%2e%2flogo.png"', "logo.png"),
    ('attachment; filename="a\x01\tb\u202egnp.png"', "a bgnp.png"),
    ('attachment; filename="a\u00a0b.png"', "a b.png"),
    ('attachment; filename="100% cotton.png"', "100% cotton.png"),
    ('attachment; filename="50%25.png"', "50%.png"),
    ('attachment; filename="%FF%FE.png"', "%FF%FE.png"),
    ('attachment; filename="=?bogus?="', "=?bogus?="),
    (f'attachment; filename="{"x" * 400}.png"', f"{'x' * 116}.png"),
    ('attachment; filename="/"', "x"),
    ('attachment; filename=""', "x"),
    ("attachment; filename=", "x"),
    ("attachment; filename", "x"),
    ('attachment; otherfilename="a.png"', "x"),
    ("attachment", "x"),
    ("", "x"),
]


@pytest.mark.parametrize(("header", "name"), NAMES)
def test_names_in_every_spelling(header, name):
    assert file_name(header, URL) == name


def by_email(header: str) -> str:
    message = Message()
    message["Content-Disposition"] = header
    return message.get_filename() or ""


def by_werkzeug(header: str) -> str:
    return parse_options_header(header)[1].get("filename") or ""


@pytest.mark.parametrize("read", [by_email, by_werkzeug])
def test_good_readers_of_such_headers_miss_many_of_them(read):
    """Control, and why Slate reads them itself."""
    headers = [(header, name) for header, name in NAMES if name != "x"]
    assert sum(cleaned(read(header)) != name for header, name in headers) >= 10


@pytest.mark.parametrize("name", ["Grün.png", "Видео.png", "사본.png", "€uro.png", "plain.png"])
@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_names_in_raw_bytes(tmp_path, name, charset):
    try:
        header = f'Content-Disposition: attachment; filename="{name}"\r\n'.encode(charset)
    except UnicodeEncodeError:
        return
    with answering(b"HTTP/1.1 200 OK\r\n" + header + b"\r\n" + PNG) as server:
        assert fetched(server, tmp_path).file_name_hint == name


@pytest.mark.parametrize(
    ("urls", "name"),
    [
        (("https://files.example/pics/a%20b.png?x=1",), "a b.png"),
        (("https://files.example/Gr%FCn.png",), "Grün.png"),
        (("https://files.example/logo.png;jsessionid=1F",), "logo.png"),
        (("https://files.example/folder/",), "folder"),
        (("https://files.example/%2e%2e%2Flogo.png",), "logo.png"),
        (("https://files.example/",), ""),
        (("https://s.example/abc", "https://cdn.example/pics/logo.png"), "logo.png"),
        (("https://files.example/logo.png", "https://cdn.example/download"), "logo.png"),
        (("https://files.example/abc", "https://cdn.example/download"), "abc"),
        (("https://files.example/", "https://cdn.example/download"), "download"),
        (("https://[broken", "https://cdn.example/a.png"), "a.png"),
    ],
)
def test_without_a_header_the_link_names_the_file(urls, name):
    assert file_name("attachment", *urls) == name


@given(st.text(max_size=200), st.binary(max_size=80))
def test_no_header_makes_a_name_that_cannot_be_shown(written, content):
    for header in (
        written,
        f'attachment; filename="{written}"',
        f"attachment; filename*={written}",
        header_text(content),
    ):
        name = file_name(header, URL)
        assert len(name) <= MAX_CHARACTERS
        assert all(sign.isprintable() for sign in name)
        assert "/" not in name
