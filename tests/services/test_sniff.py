"""What a file is, told from its bytes whatever its name says."""

# ruff: noqa: E501  the table reads better with a line each

from __future__ import annotations

import io
import struct

import pytest

from tests.services.media_files import DOCX_TYPES, MAKERS, ole, svg, zipped
from webapp.errors import Invalid, TooLarge
from webapp.services.sniff import FORMATS, sniff, sniff_file
from webapp.services.text_files import MAX_BYTES


@pytest.mark.parametrize("form", sorted(MAKERS))
def test_every_accepted_format_is_told_from_its_bytes(form, tmp_path):
    path = tmp_path / "misleading.exe"
    path.write_bytes(MAKERS[form]())
    assert sniff_file(path) == FORMATS[form]
    assert sniff(path.read_bytes()[:4096], path) == FORMATS[form]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"\xef\xbb\xbf" + svg(), "svg"),
        (svg().decode().encode("utf-16"), "svg"),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" [ <!ENTITY a "b"> ]>\n<svg/>', "svg"),
        (b'<x:svg xmlns:x="http://www.w3.org/2000/svg"/>', "svg"),
        ("Grüße".encode("utf-16"), "txt"),
        (b"\xef\xbb\xbfhello", "txt"),
        (b"a < b and c > d, <3", "txt"),
        (b'{"json": true}', "txt"),
        (b"BMW drives again", "txt"),
        (b"The wide river", "txt"),
        (b"MZ, FLV and ID3 are abbreviations", "txt"),
        (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", "mov"),
        (b"\x00\x00\x00\x1cftypisom\x00\x00\x02\x00", "mp4"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", "mp3"),
    ],
)
def test_unusual_spellings_are_understood(content, form):
    assert sniff(content) == FORMATS[form]


HOSTILE = {
    "a page": (b"<!DOCTYPE html><p>hi", "web page"),
    "a page after spaces": (b"\n\t <HTML lang=de>", "web page"),
    "a page after a comment": (b"<!-- <svg> --><body>", "web page"),
    "a page after an XML declaration": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "web page"),
    "a page after a mark": (b"\xef\xbb\xbf<script>alert(1)</script>", "web page"),
    "a page in UTF-16": ("<html><script>1</script>".encode("utf-16"), "web page"),
    "a script in a text": (b"hello\n<ScRiPt>alert(1)</script>", "parts of a web page"),
    "a drawing in a text": (b"hello <svg onload=alert(1)>", "parts of a web page"),
    "another XML": (b'<?xml version="1.0"?><rss/>', "parts of a web page"),
    "PHP": (b"<?php system('id');", "script"),
    "a shell script": (b"#!/bin/sh\nrm -rf ~\n", "script"),
    "a batch file": (b"@echo off\r\ndel *.*", "script"),
    "a Windows program": (b"MZ\x90\x00\x03" + bytes(200), "Windows program"),
    "a Linux program": (b"\x7fELF\x02\x01\x01" + bytes(200), "a program"),
    "WebAssembly": (b"\x00asm\x01\x00\x00\x00", "a program"),
    "a zip": (zipped({"a.png": b"x"}), "archive"),
    "a jar that claims to be docx by name": (zipped({"META-INF/MANIFEST.MF": "x", "word/document.xml": "x"}), "archive"),
    "a spreadsheet": (zipped({"[Content_Types].xml": DOCX_TYPES.replace("wordprocessingml", "spreadsheetml")}), "another kind"),
    "a docx with macros": (zipped({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}), "with macros"),
    "half a zip": (zipped({"[Content_Types].xml": DOCX_TYPES})[:-30], "end is missing"),
    "a zip with a huge directory": (b"PK\x03\x04" + bytes(60) + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, 2**31, 0, 0), "archive"),
    "an Excel file": (ole("Workbook"), "another kind"),
    "an installer": (ole("\u4840\u3f3f"), "no Word document"),
    "half a Word file": (ole()[:600], "no Word document"),
    "gzip": (b"\x1f\x8b\x08" + bytes(50), "archive"),
    "rar": (b"Rar!\x1a\x07" + bytes(50), "archive"),
    "a playlist": (b"#EXTM3U\nhttp://169.254.169.254/latest\n", "playlist"),
    "a concat script": (b"ffconcat version 1.0\nfile /etc/passwd\x00", "not a kind"),
    "a shortcut": (b"[InternetShortcut]\r\nURL=http://10.0.0.1", "shortcut"),
    "TIFF": (b"II*\x00" + bytes(40), "TIFF"),
    "BMP": (b"BM" + bytes(40), "BMP"),
    "RTF": (b"{\\rtf1 hello}", "RTF"),
    "PostScript": (b"%!PS-Adobe-3.0", "PostScript"),
    "FLAC": (b"fLaC" + bytes(40), "FLAC"),
    "Windows Media": (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"),
    "SQLite": (b"SQLite format 3\x00", "database"),
    "a picture's magic too late": (b" \x89PNG\r\n\x1a\n", "not a kind"),
    "RIFF of another kind": (b"RIFF\x00\x00\x00\x00ACON" + bytes(30), "not a kind"),
    "Matroska of another kind": (b"\x1a\x45\xdf\xa3\x84\x42\x82\x82xx" + bytes(30), "not a kind"),
    "one MPEG mark by chance": (b"\xff\xfb\x90\x00" + b"\x01" * 900, "not a kind"),
    "control characters": (b"hello\x07world", "not a kind"),
    "random bytes": (bytes(range(128, 256)) * 4, "not a kind"),
    "nothing": (b"", "empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_everything_else_is_refused_by_name(name):
    content, words = HOSTILE[name]
    with pytest.raises(Invalid) as caught:
        sniff(content[:4096], io.BytesIO(content))
    assert words in caught.value.message
    assert caught.value.message.endswith(".")


def test_the_whole_text_is_judged_and_not_only_its_head(tmp_path):
    path = tmp_path / "notes.txt"
    for late in (b"\x00", b"\x01\xff", b"<script>1</script>"):
        path.write_bytes(b"harmless line\n" * 1000 + late)
        with pytest.raises(Invalid):
            sniff_file(path)


def test_a_text_has_a_size_limit(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"a" * (MAX_BYTES + 1))
    with pytest.raises(TooLarge, match="5 MB"):
        sniff_file(path)
