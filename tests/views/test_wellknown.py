"""What browsers and search engines ask for by themselves."""

from __future__ import annotations


def test_robots_are_asked_to_stay_away(browse):
    response = browse(None).get("/robots.txt")
    assert response.mimetype == "text/plain"
    assert "Disallow: /" in response.text


def test_the_icon_is_where_browsers_look_for_it(browse):
    response = browse(None).get("/favicon.ico", follow_redirects=True, buffered=True)
    assert response.status_code == 200
    assert response.data.startswith(b"\x00\x00\x01\x00")
