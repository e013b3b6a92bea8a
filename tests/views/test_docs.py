"""/docs, without a browser: what the document's words become on its pages."""

from __future__ import annotations

import re

from webapp.views.api import openapi
from webapp.views.api.document import prose, reading


def test_code_in_words_is_shown_as_code_everywhere(app):
    """No page of /docs shows a backtick that is not part of an example."""
    visitor = app.test_client()
    groups = reading.groups(openapi.written(app).tree)
    for path in ("/docs", *(f"/docs/{each.name}" for each in groups)):
        page = visitor.get(path).get_data(as_text=True)
        read = re.sub(r"(?s)<(pre|textarea).*?</\1>", "", page)
        assert "`" not in read, re.findall(r".{60}`.{60}", read)[:3]


def test_the_side_shows_code_of_summaries(app):
    page = app.test_client().get("/docs").get_data(as_text=True)
    assert "<span>Add an asset by its link, as <code>POST /assets</code> with JSON does</span>" in page


def test_words_of_a_field_that_may_be_null_are_shown(app):
    page = app.test_client().get("/docs/v3-assets").get_data(as_text=True)
    assert "Whose it is; follows from the campaign, if one is named." in page
    assert "at least 1 character;" in page


def test_titles_have_code_and_nothing_else():
    assert prose.title("A `<b>` & **c** [d](https://d.example)") == (
        "A <code>&lt;b&gt;</code> &amp; **c** [d](https://d.example)"
    )
