"""The review page as a guest's browser without JavaScript sees it: look, say, judge, decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.views.reading import words
from webapp.extensions import db, transaction
from webapp.models import Comment, Decision, Frame, Reviewer, SceneVerdict, utcnow
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


def test_a_number_out_of_range_shows_the_nearest_scene(guest, sent):
    one = guest()
    assert one.see("?scene=99").select_one("#shot-title").text == "Title 3"
    assert one.see("?scene=0").select_one("#shot-title").text == "Title 1"
    assert one.see("?scene=x&view=nothing").select_one("#shot-title").text == "Title 1"


def test_what_is_changed_after_sending_is_not_shown(ada, guest, sent):
    one, scene = guest(), jobs.scenes(sent)[0]
    scenes.edit(ada, sent, scene, SceneChange(title="Not for them", script="Secret words"))
    for path in ("", "?view=board", "?view=script", "?view=play"):
        page = one.see(path)
        assert "Words of 1." in page.text or "Title 1" in page.text
        assert "Not for them" not in page.text
        assert "Secret words" not in page.text


def test_the_board_shows_all_scenes_and_the_script_all_words(guest, sent):
    one = guest()
    assert [words(each) for each in one.see("?view=board").select(".shots h2")] == [
        "Scene 1: Title 1", "Scene 2: Title 2", "Scene 3: Title 3",
    ]  # fmt: skip
    rows = one.see("?view=script").select(".table-script tbody tr")
    assert [words(each) for each in rows][1] == "2 Title 2 3.0 to 6.0 s “Words of 2.” See 2. 18 h steep"


def test_the_slideshow_goes_on_by_itself_and_ends_on_the_board(guest, sent):
    one = guest()
    path, seen = "?view=play", []
    while path.startswith("?view=play"):
        page = one.see(path)
        seen.append(words(page.select_one(".film li:not([hidden]) .caption")))
        refresh = page.head.noscript.meta
        assert refresh["http-equiv"] == "refresh"
        seconds, _, url = refresh["content"].partition("; url=")
        assert float(seconds) == 3
        path = url.removeprefix(one.home)
    assert seen == ["“Words of 1.”", "“Words of 2.”", "“Words of 3.”"]
    assert path == "?view=board"


def test_a_paused_slideshow_stands_still(guest, sent):
    page = guest().see("?view=play&scene=2&paused=1")
    assert page.head.noscript is None
    assert page.select_one("[data-toggle-play]")["href"].endswith("?view=play&scene=2")


# ---- saying ----


def test_a_guest_gives_a_name_with_the_first_comment_and_is_remembered(guest, sent):
    one = guest()
    page = one.see("?scene=2")
    assert page.select_one("#say [name=name]")
    one.send("/comments?scene=2", **form(page, name="Maya Lund", text="Love the turn."))
    assert one.me.name == "Maya Lund"
    page = one.see("?scene=2")
    assert words(page.select_one(".msg header b")) == "Maya Lund"
    assert page.select_one(".msg p.prose").text == "Love the turn."
    assert not page.select("[name=name]")
    assert words(page.select_one("#reel [aria-current]")) == "Scene 2 Title 2, 1 comment"
    assert not one.see("?scene=1").select(".msg")


def test_everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(guest, sent):
    one = guest(asks_email=True)
    page = one.send("/comments?scene=2", code=422, **form(one.see("?scene=2"), name="", email="x", text="Keep me"))
    assert page.select_one("#text-new").text.strip() == "Keep me"
    assert page.select_one("#new-email")["value"] == "x"
    assert len(page.select(".compose .error")) == 2
    assert page.select_one("#shot-title").text == "Title 2"
    page = one.send("/comments", code=422, **form(page, name="Maya", email="maya@example.com", text=" "))
    assert page.select_one("#text-new-error")
    assert one.me.name == ""
    one.send("/comments", **form(page, name="Maya", email="maya@example.com", text="Now"))
    assert one.me.email == "maya@example.com"


def test_a_comment_on_the_board_as_a_whole(guest, sent):
    one = guest()
    one.send("/comments?view=board", **form(one.see("?view=board"), name="Maya", text="Too calm."))
    assert one.answer.location.startswith(f"{one.home}?view=board#comment-")
    assert one.see("?view=board").select_one(".msg p").text == "Too calm."
    assert db.session.query(Comment).one().scene_id is None


def test_a_pin_without_javascript_keeps_what_was_typed(guest, sent):
    one = guest()
    page = one.send("/comments?scene=3", code=200, act="place", **form(one.see("?scene=3"), name="Maya", text="This"))
    picture = page.select_one("input[type=image]")
    assert (picture["width"], picture["height"]) == ("320", "180")
    hidden = {each["name"]: each["value"] for each in page.select("main input[type=hidden]")}
    assert hidden["text"] == "This"
    page = one.send("/comments?scene=3", code=200, **hidden, **{"pin.x": "160", "pin.y": "45"})
    assert page.select_one("#text-new").text.strip() == "This"
    assert (page.select_one("[data-pin]")["x"], page.select_one("[data-pin]")["y"]) == ("50.0%", "25.0%")
    one.send("/comments?scene=3", **form(page, name="Maya", text="This"))
    said = db.session.query(Comment).one()
    assert (said.pin_x, said.pin_y) == (500, 250)
    page = one.see("?scene=3")
    pin = page.select_one(".review-pins a")
    assert words(pin) == "1"
    assert (pin.parent["x"], pin.parent["y"]) == ("50.0%", "25.0%")
    assert page.select_one(pin["href"])


def test_a_pin_by_keyboard_is_a_part_of_the_picture(guest, sent):
    one = guest()
    typed = form(one.see("?scene=3"), name="Maya", text="This") | {"act": "placed", "pin.x": "0", "pin.y": "0"}
    page = one.send("/comments?scene=3", code=200, **typed | {"place": "830,170"})
    assert page.select_one("[name=pin_x]")["value"] == "830"
    page = one.send("/comments?scene=3", code=200, **typed | {"place": "4000,1"})
    assert page.select_one("[name=pin_x]")["value"] == ""
    page = one.send("/comments?scene=3", code=200, **form(page, act="unpin", text="This"))
    assert page.select_one("#text-new").text.strip() == "This"


@pytest.mark.parametrize("wrong", [{"pin_x": "1", "pin_y": ""}, {"pin_x": "2000", "pin_y": "1"}, {"pin_x": "²"}])
def test_a_wrong_pin_is_refused_with_the_words_kept(guest, sent, wrong):
    one = guest()
    page = one.send("/comments", code=422, **form(one.see(), name="Maya", text="Keep me") | wrong)
    assert page.select_one("#text-new").text.strip() == "Keep me"


def test_replies_corrections_and_taking_back(ada, guest, sent):
    one = guest()
    one.send("/comments", **form(one.see(), name="Maya", text="Frist"))
    said = db.session.query(Comment).one()
    comments.reply(ada, said, CommentText(text="Noted."))
    page = one.see()
    assert [each.text for each in page.select(".msg p.prose")] == ["Frist", "Noted."]
    assert len(page.select(".msg-acts")) == 1  # only on one's own
    one.send(f"/comments/{said.id}", text="First")
    one.send(f"/comments/{said.id}/replies", text="Thanks")
    page = one.see()
    assert [each.text for each in page.select(".msg p.prose")] == ["First", "Noted.", "Thanks"]
    page = one.send(f"/comments/{said.id}", code=422, text=" ")
    assert page.select_one(f"#text-edit-{said.id}-error")
    one.send(f"/comments/{said.id}/delete")
    page = one.see()
    assert "This comment was deleted." in page.select_one(".msg").text


def test_after_ten_minutes_words_stand(guest, sent):
    one = guest()
    one.send("/comments", **form(one.see(), name="Maya", text="Mine"))
    with transaction():
        said = db.session.query(Comment).one()
        said.created_at = utcnow() - timedelta(minutes=10)
    assert not one.see().select(".msg-acts")
    page = one.send(f"/comments/{said.id}", code=409, text="Later")
    assert "ten minutes" in page.select_one("[role=alert]").text
    one.send(f"/comments/{said.id}/delete", code=409)


def test_the_team_is_told_from_a_guest_of_the_same_name(ada, guest, sent):
    one = guest()
    one.send("/comments", **form(one.see(), name=ada.name, text="Approved, says Ada"))
    comments.reply(ada, db.session.query(Comment).one(), CommentText(text="I did not say that."))
    headers = one.see().select(".msg header")
    assert [ada.name in each.text for each in headers] == [True, True]
    assert ["team" in each.text for each in headers] == [False, True]


def test_other_peoples_words_and_the_teams_own_are_out_of_reach(ada, guest, sent):
    one, other = guest(), guest(name="Legal")
    one.send("/comments", **form(one.see(), name="Maya", text="Mine"))
    said = db.session.query(Comment).one()
    hidden = comments.add(ada, sent, CommentDraft(text="Only us", is_internal=True, scene_id=said.scene_id))
    assert "Mine" in other.see().text  # guests of a job see each other
    assert "Only us" not in one.see().text
    other.send("/comments", **form(other.see(), name="Lena", text="Hello"))
    other.send(f"/comments/{said.id}/delete", code=403)
    assert other.browser.post(f"{other.home}/comments/{said.id}", data={"text": "x"}).status_code == 403
    one.send(f"/comments/{hidden.id}/replies", code=404, text="x")
    assert db.session.get(Comment, said.id).text == "Mine"


# ---- judging ----


def test_a_verdict_asks_for_the_name_once_and_can_be_taken_back(guest, sent):
    one = guest()
    page = one.send("/verdicts?scene=2", code=200, verdict="good", **form(one.see("?scene=2"), name="", text=""))
    assert page.h1.text == "First, your name"
    hidden = {each["name"]: each["value"] for each in page.select("main input[type=hidden]")}
    one.send("/verdicts?scene=2", code=422, **hidden, name=" ")
    one.send("/verdicts?scene=2", **hidden, name="Maya")
    page = one.see("?scene=2")
    good = page.select_one("#verdict-good")
    assert (good["aria-pressed"], good["value"]) == ("true", "none")
    assert words(page.select_one(".said")) == "Looks good: Maya"
    assert "looks good" in page.select_one("#reel [aria-current]").text
    one.send("/verdicts?scene=2", **form(page), verdict="none")
    assert not one.see("?scene=2").select(".said")
    assert db.session.query(SceneVerdict).count() == 0


def test_needs_changes_leads_to_the_comment_field(guest, sent):
    one = guest()
    one.send("/verdicts?scene=3", verdict="changes", **form(one.see("?scene=3"), name="Maya"))
    assert one.answer.location == f"{one.home}?scene=3&say=1"
    assert one.see("?scene=3&say=1").select_one("#text-new").has_attr("autofocus")


def test_words_typed_beside_a_verdict_are_neither_lost_nor_posted(guest, sent):
    one = guest()
    page = one.send(
        "/verdicts?scene=3", code=200, verdict="good", **form(one.see("?scene=3"), name="Maya", text="Wait")
    )
    assert page.select_one("#text-new").text.strip() == "Wait"
    assert page.select_one("#verdict-good")["aria-pressed"] == "true"
    assert db.session.query(Comment).count() == 0


def test_the_team_sees_verdicts_on_its_board(browse, ada, guest, sent):
    one, other = guest(), guest(name="Legal")
    one.send("/verdicts?scene=1", verdict="good", **form(one.see("?scene=1"), name="Maya"))
    other.send("/verdicts?scene=1", verdict="changes", **form(other.see("?scene=1"), name="Lena"))
    card = BeautifulSoup(browse(ada).get(f"/jobs/{sent.id}").data, "html.parser").select_one("#board .scene")
    assert words(card.select_one(".said")) == "Needs changes: Lena Looks good: Maya"


# ---- what a link allows ----


def test_a_link_to_look_has_no_forms_and_takes_none(guest, sent):
    one = guest(allows="view")
    for path in ("", "?view=board", "?view=script", "?view=play"):
        page = one.see(path)
        assert not page.select("main form, aside form, header form")
        assert not page.select(".btn-ok")
    filled = {"name": "Maya", "text": "x", "version": sent.sent_version_id, "scene_id": jobs.scenes(sent)[0].id}
    one.send("/comments", code=403, **filled)
    one.send("/comments", code=403, **filled, act="place")
    one.send("/verdicts", code=403, verdict="good", **filled)
    one.send("/decision", code=403, kind="approve", signature="Maya", **filled)
    assert one.me.name == ""
    assert db.session.query(Comment).count() == db.session.query(SceneVerdict).count() == 0


def test_a_link_to_comment_does_not_decide(guest, sent):
    one = guest(allows="comment")
    assert not one.see().select("[href*=decision]")
    one.send("/decision", code=403, kind="approve", signature="Maya", version=sent.sent_version_id)
    assert db.session.query(Decision).count() == 0


def test_a_revoked_link_stops_at_its_next_request(ada, guest, sent):
    one = guest(allows="decide")
    filled = form(one.see(), name="Maya", text="x")
    review_links.revoke(ada, one.link)
    for path in ("", "?view=play", "/frames/1", "/state", "/decision?kind=approve"):
        one.see(path, code=410)
    one.send("/comments", code=410, **filled)
    one.send("/verdicts", code=410, verdict="good", **filled)
    one.send("/decision", code=410, kind="approve", signature="Maya", **filled)
    assert db.session.query(Comment).count() == db.session.query(SceneVerdict).count() == 0


def test_nobody_comes_in_without_the_cookie_of_this_link(app, ada, guest, sent):
    one, stranger = guest(), app.test_client()
    for path in ("", "/frames/1", "/state", "/decision"):
        assert stranger.get(one.home + path).status_code == 404
    other = factories.job(factories.client("Other"), "Other storyboard")
    factories.scene(other)
    elsewhere = Guest(app, ada, other)
    assert one.browser.get(elsewhere.home).status_code == 404


def test_pages_are_private(guest, sent):
    one = guest()
    for path in ("", "?view=board"):
        headers = one.browser.get(one.home + path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "no-referrer"


# ---- pictures ----


@pytest.fixture
def draw(app):
    """Make a frame: its board picture, plain picture and thumbnail are other bytes."""

    def made(key):
        with transaction():
            board, plain, thumb = (blobs.put(f"RIFF....WEBP{key}{part}".encode(), "image/webp").id for part in "abc")
            frame = Frame(key=key, board_blob_id=board, plain_blob_id=plain, thumbnail_blob_id=thumb, source="sketch")
            db.session.add(frame)
        return frame

    return made


def hang(scene, frame, key):
    with transaction():
        scene.frame_id, scene.frame_key = frame and frame.id, key


def test_pictures_come_from_the_sent_version_and_are_asked_for_each_time(ada, guest, job, draw):
    first, second = draw("one"), draw("two")
    scene = jobs.scenes(job)[0]
    hang(scene, first, "one")
    sending.send(ada, job, SendDraft())
    hang(scene, second, "two")
    one = guest()
    answer = one.browser.get(one.see().select_one("#shot img")["src"])
    assert answer.data.endswith(b"onea")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.content_type == "image/webp"
    again = one.browser.get(f"{one.home}/frames/1", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert one.browser.get(f"{one.home}/frames/1?variant=plain").data.endswith(b"oneb")
    assert one.browser.get(f"{one.home}/frames/1?variant=thumb").data.endswith(b"onec")
    for wrong in ("/frames/0", "/frames/2", "/frames/9", "/frames/1?variant=secret"):
        assert one.browser.get(one.home + wrong).status_code == 404
    review_links.revoke(ada, one.link)
    again = one.browser.get(f"{one.home}/frames/1", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 410


def test_a_picture_that_was_drawn_after_sending_is_shown(ada, guest, job, draw):
    old = draw("old")
    scene = jobs.scenes(job)[0]
    hang(scene, old, "later")
    sending.send(ada, job, SendDraft())
    one = guest()
    assert one.browser.get(f"{one.home}/frames/1").data.endswith(b"olda")
    draw("later")
    assert one.browser.get(f"{one.home}/frames/1").data.endswith(b"latera")


def test_a_photograph_that_had_to_be_sketched_is_shown_as_the_scene_shows_it(ada, guest, job, draw):
    scene = jobs.scenes(job)[0]
    hang(scene, None, "photograph")
    sending.send(ada, job, SendDraft())
    hang(scene, draw("sketch"), "sketch")
    one = guest()
    assert one.browser.get(f"{one.home}/frames/1").data.endswith(b"sketcha")
    scenes.edit(ada, job, scene, SceneChange(description="Something else now"))
    assert one.browser.get(f"{one.home}/frames/1").status_code == 404


def test_lines_that_were_typed_stay_lines(app, ada, job):
    typed = "First line.\nSecond line."
    scenes.edit(ada, job, jobs.scenes(job)[0], SceneChange(script=typed, description=typed, on_screen=typed))
    sending.send(ada, job, SendDraft())
    guest = Guest(app, ada, job, allows="decide")
    for path, times in (("", 3), ("?view=board", 3), ("/decision?kind=approve", 2)):
        assert [words.text for words in guest.see(path).select(".prose")].count(typed) == times
