"""The common style sheets: one file, packed, kept for good under the address of its version."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from webapp.views.sheets import SHEETS


@pytest.fixture
def address(browse):
    """Where the sign-in page, which anybody may see, says they are."""
    page = browse(None).get("/sign-in").get_data(as_text=True)
    (found,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    return found


def test_every_sheet_is_in_it_in_order(app, browse, address):
    said = browse(None).get(address).data
    assert said == b"\n".join((Path(app.static_folder) / "css" / f"{name}.css").read_bytes() for name in SHEETS)


def test_it_is_packed_for_who_unpacks(browse, address):
    plain = browse(None).get(address)
    packed = browse(None).get(address, headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 4
    for each in (plain, packed):
        assert each.headers["Vary"] == "Accept-Encoding, HX-Request"
        assert each.mimetype == "text/css"
    assert plain.headers["ETag"] != packed.headers["ETag"]


def test_its_own_version_is_kept_for_good_and_others_are_asked_for_again(browse, address):
    assert "immutable" in browse(None).get(address).headers["Cache-Control"]
    for other in ("/static/css/all.css", "/static/css/all.css?v=0123456789"):
        answer = browse(None).get(other)
        assert answer.headers["Cache-Control"] == "no-cache"
        again = browse(None).get(other, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_signing_in_does_not_fetch_files_again(browse, ada, address):
    """A browser keeps what varies with Cookie only as long as its cookies are the same."""
    for path in (address, "/static/icon.svg?v=1"):
        assert "Cookie" not in browse(ada).get(path, buffered=True).headers["Vary"]
    assert "Cookie" in browse(ada).get("/").headers["Vary"]
