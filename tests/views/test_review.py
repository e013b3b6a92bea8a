"""The review page as a guest's browser without JavaScript sees it: look, say, judge, decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Comment, Decision, Frame, Job, Reviewer, SceneVerdict, utcnow
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.scenes import SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import blobs, comments, jobs, review_links, scenes, sending


@pytest.fixture
def job(app, ada):
    """A storyboard of three scenes."""
    made = factories.job(factories.client(), duration_ms=9000)
    for number in (1, 2, 3):
        factories.scene(
            made, number, title=f"Title {number}", script=f"Words of {number}.", description=f"See {number}.",
            on_screen="18 h steep" if number == 2 else "",
        )  # fmt: skip
    return made


@pytest.fixture
def sent(ada, job):
    """The storyboard, sent for review."""
    sending.send(ada, job, SendDraft())
    return job


class Guest:
    """A browser that came in through a link of its own."""

    def __init__(self, app, ada, job, **facts):
        self.link, token = review_links.create(ada, job, ReviewLinkDraft(**({"name": "Marketing"} | facts)))
        self.browser = app.test_client()
        self.browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        self.home = f"/review/{self.link.id}"
        assert self.browser.get(f"/r/{token}").location == self.home

    def see(self, path="", code=200):
        response = self.browser.get(self.home + path)
        assert response.status_code == code, response.text
        return BeautifulSoup(response.data, "html.parser")

    def send(self, path, code=303, **fields):
        self.answer = self.browser.post(self.home + path, data=fields)
        assert self.answer.status_code == code, self.answer.text
        return BeautifulSoup(self.answer.data, "html.parser")

    @property
    def me(self):
        return db.session.query(Reviewer).filter_by(link_id=self.link.id).one()


@pytest.fixture
def guest(app, ada, job):
    """Come in through a new link: `guest(allows="decide")`."""
    return lambda **facts: Guest(app, ada, job, **facts)


def words(of):
    return " ".join(of.get_text(" ").split())


def form(page, **fields):
    """Fill in the page's comment form."""
    found = {each["name"]: each.get("value", "") for each in page.select("#say input[type=hidden]")}
    return found | fields


def test_before_anything_was_sent_there_is_a_friendly_page(guest, job):
    page = guest().see()
    assert page.h1.text == "Nothing to review yet"
    assert not page.main.find_all("form")
    assert job.title not in page.text


def test_one_scene_is_large_with_its_words(guest, sent):
    page = guest().see("?scene=2")
    assert page.select_one("#shot-title").text == "Title 2"
    assert "“Words of 2.”" in page.select_one("#shot").text
    assert "18 h steep" in page.select_one("#shot").text
    assert words(page.select_one(".tag-no")) == "Scene 2 of / 3"
    assert "3.0 s" in page.select_one(".tag-dur").text
    assert [words(each) for each in page.select("#reel a")] == ["Scene 1 Title 1", "Scene 2 Title 2", "Scene 3 Title 3"]
    assert page.select_one("#reel [aria-current]")["href"].endswith("?scene=2#shot")
    assert page.select_one("[rel=prev]")["href"].endswith("?scene=1#shot")
    assert page.select_one("[rel=next]")["href"].endswith("?scene=3#shot")
    assert page.select_one(".views [aria-current]").text == "Frames"
