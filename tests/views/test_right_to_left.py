"""People's words run in their own direction, wherever they are shown or typed."""

from __future__ import annotations

import unicodedata

import pytest
from bs4 import BeautifulSoup, NavigableString

from tests import factories
from tests.attack import test_hostile_words
from tests.views.test_review import Guest
from webapp.extensions import transaction
from webapp.schemas.comments import CommentDraft
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.sending import SendDraft
from webapp.services import comments, decisions, sending

SHORT, LONG = "שלום עולם!", "הכוס (הכחולה) נראית טוב. אפשר Slate?\nوهذا سطر آخر."
UNSEEN = ("script", "style", "title", "template")
TYPED = "textarea, input:not([type]), input[type=text], input[type=search]"


def first_strong(text):
    return next((way for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL")), "")


def letters_of(element):
    """Return what decides the direction of an element with dir=auto, by the rules of HTML."""
    if element.name == "input":
        return element.get("value", "")
    if element.name == "textarea":
        return element.get_text()
    found = []
    for child in element.children:
        if isinstance(child, NavigableString):
            found.append(str(child))
        elif child.name not in ("bdi", "script", "style", "textarea", "input") and not child.get("dir"):
            found.append(letters_of(child))
    return "".join(found)


def is_rtl(element):
    while element is not None and element.name not in (None, "[document]"):
        if element.get("dir") == "auto" or (element.name == "bdi" and not element.get("dir")):
            return first_strong(letters_of(element)) in ("R", "AL")
        if element.get("dir"):
            return element["dir"] == "rtl"
        element = element.parent
    return False


def turned(html):
    """Return the words of a page that begin from right to left and are laid out from left to right."""
    page = BeautifulSoup(html, "html.parser")
    words = [
        each.parent
        for each in page.find_all(string=lambda text: first_strong(text) in ("R", "AL"))
        if type(each) is NavigableString and each.parent.name not in UNSEEN and not is_ours(each.parent)
    ]
    typed = [control for control in page.select(TYPED) if first_strong(letters_of(control)) in ("R", "AL")]
    return [str(element)[:160] for element in [*words, *typed] if not is_rtl(element)]


def is_ours(element):
    """Say whether it holds the first letters of a name, or a sentence of ours that begins with one."""
    return element.find_parent(class_="check-line") is not None or not {"face", "mark"}.isdisjoint(
        element.get("class", ())
    )


def test_pages_of_the_team_show_words_in_their_own_direction(app, ada, browse, monkeypatch):
    monkeypatch.setattr(test_hostile_words, "SHORT", SHORT)
    monkeypatch.setattr(test_hostile_words, "EVIL", LONG)
    browser, seen, wrong = browse(ada), 0, []
    for paths in test_hostile_words.hostile_pages(ada):
        for path in [*paths, "/search?q=" + SHORT]:
            html = browser.get(path).text
            seen += SHORT in html
            wrong += [f"{path.split('/')[1:2]} {path[-30:]}: {each}" for each in turned(html)]
    assert sorted({each.partition(": ")[2] for each in wrong}) == []
    assert seen > 20


def test_comments_reviews_and_decisions_do_so_too(app, ada, ben, browse):
    client = factories.client(SHORT)
    job = factories.job(client, title=SHORT)
    words = {"title": SHORT, "description": LONG, "script": LONG, "on_screen": SHORT}
    scenes = [factories.scene(job, number, **words) for number in (1, 2)]
    sending.send(ada, job, SendDraft(note=LONG))
    guest = Guest(app, ada, job, name=SHORT)
    comments.add(ada, job, CommentDraft(text=LONG, scene_id=scenes[0].id))
    with transaction():
        ada.name = SHORT
    pages = [
        guest.browser.get(guest.home + path).text
        for path in ("", "/board", "/script", "/play", "/decision?kind=approve")
    ]
    browser = browse(ada)
    paths = [f"/jobs/{job.id}{rest}" for rest in ("", "/comments", "/versions", "/activity", "/share", "/send")]
    decisions.decide(ada, job, DecisionDraft(kind="approve", reason=LONG))
    paths += [f"/jobs/{job.id}/certificate", f"/jobs/{job.id}", "/", "/inbox"]
    pages += [browser.get(path).text for path in paths]
    assert sorted({each for html in pages for each in turned(html)}) == []
    assert sum(SHORT in html for html in pages) > 8


@pytest.mark.parametrize(
    ("html", "count"),
    [
        (f"<p>{LONG}</p>", 1),
        (f'<p dir="auto">{LONG}</p>', 0),
        (f'<p dir="auto"><b>Scene 2</b> {LONG}</p>', 1),
        (f'<p dir="auto"><b dir="ltr">Scene 2</b> {LONG}</p>', 0),
        (f"<p>Scene 2: <bdi>{SHORT}</bdi></p>", 0),
        (f"<p>Scene 2: <b>{SHORT}</b></p>", 1),
        (f"<textarea>{LONG}</textarea>", 2),
        (f'<input name="q" value="{SHORT}">', 1),
        (f'<input dir="auto" name="q" value="{SHORT}">', 0),
    ],
)
def test_words_that_are_turned_would_be_found(html, count):
    assert len(turned(html)) == count
