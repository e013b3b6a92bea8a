"""The review page in a browser: a phone without JavaScript does everything; with it keys, swipes and clicks do, too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.pages import overflow, violations
from webapp.extensions import db
from webapp.models import Approval, Comment, SceneVerdict
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.scenes import SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import comments, jobs, review_board, review_links, reviewers, scenes, sending

SWIPE = """([from, to]) => {
  const picture = document.querySelector("[data-frame]");
  const touch = (x) => new Touch({ identifier: 1, target: picture, clientX: x, clientY: 300 });
  const tell = (type, x, touches) => picture.dispatchEvent(
    new TouchEvent(type, { bubbles: true, cancelable: true, touches, changedTouches: [touch(x)] }));
  tell("touchstart", from, [touch(from)]);
  tell("touchend", to, []);
}"""


@pytest.fixture
def sent(ada, board):
    """A storyboard of three scenes that was sent for review."""
    job = board(3)
    sending.send(ada, job, SendDraft(note="Please look at the hook."))
    return job


@pytest.fixture
def link(ada, sent):
    """The path of a new link to decide."""
    made, token = review_links.create(ada, sent, ReviewLinkDraft(name="Marketing", allows="decide"))
    return made, f"/r/{token}"


def of_job(slate, job, model=Comment):
    return slate.now(lambda: db.session.query(model).filter_by(job_id=job.id).all())


def test_a_phone_without_javascript_does_everything(slate, visit, sent, link):
    page = visit(None, link[1], viewport=PHONE, java_script_enabled=False, has_touch=True, is_mobile=True)
    expect(page).to_have_url(re.compile(r"/review/[0-9a-f-]+$"))
    expect(page.get_by_role("heading", name="Scene title 1")).to_be_visible()

    page.get_by_role("link", name="Next scene").click()
    expect(page.get_by_role("heading", name="Scene title 2")).to_be_visible()
    page.get_by_label("Your name").fill("Maya Lund")
    page.get_by_label("Your comment").fill("The label is too small.")
    page.get_by_role("button", name="Pin it").click()
    expect(page.get_by_role("heading", name="Where in the picture?")).to_be_visible()
    page.locator("input[type=image]").click(position={"x": 80, "y": 45})
    expect(page.get_by_label("Your comment")).to_have_value("The label is too small.")
    expect(page.get_by_text("Pinned to the picture")).to_be_visible()
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator(".msg")).to_contain_text("The label is too small.")
    expect(page.get_by_role("link", name="Pin 1, comment by Maya Lund")).to_be_visible()
    said = of_job(slate, sent)[0]
    assert (said.pin_x, said.pin_y, said.author) == (250, 250, "Maya Lund")

    page.locator(".msg").get_by_text("Edit").click()
    page.locator(".msg").get_by_label("Your comment").fill("The label is much too small.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".msg")).to_contain_text("much too small")

    page.get_by_role("button", name="Needs changes").click()
    expect(page.get_by_role("button", name="Needs changes")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#text-new")).to_be_focused()
    page.locator("#reel a").first.click()
    page.get_by_role("button", name="Looks good").click()
    expect(page.locator("#reel a").first).to_contain_text("looks good")

    page.get_by_label("Other decisions").click()
    page.get_by_role("link", name="Request changes").click()
    page.get_by_role("button", name="Request changes").click()  # the browser itself asks for words
    page.get_by_label("What should be different?").fill("A larger label, please.")
    page.get_by_role("button", name="Request changes").click()
    expect(page.get_by_role("heading", name="Thank you, Maya Lund")).to_be_visible()
    slate.until(lambda: sent.approval == Approval.CHANGES_REQUESTED)

    page.get_by_role("link", name="Approve", exact=True).click()
    expect(page.get_by_text("You said it needs changes")).to_be_visible()
    page.get_by_label("Type your name to approve").fill("Maya Lund")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Thank you, Maya Lund")).to_be_visible()
    slate.until(lambda: sent.approval == Approval.APPROVED)
    assert overflow_of(page) <= 0


def test_enter_in_the_name_field_judges_nothing_and_keeps_the_pin(slate, visit, sent, link):
    for view in ("", "?view=board"):
        page = visit(None, link[1], viewport=PHONE, java_script_enabled=False, has_touch=True, is_mobile=True)
        page.goto(page.url + view)
        page.get_by_label("Your name").fill("Maya Lund")
        page.get_by_label("Your name").press("Enter")  # the browser itself asks for words
        expect(page.get_by_label("Your name")).to_have_value("Maya Lund")
        page.get_by_label("Your comment").fill("All fine." + view)
        page.get_by_label("Your name").press("Enter")
        expect(page.locator(".msg")).to_contain_text("All fine." + view)
    assert len(of_job(slate, sent)) == 2
    assert slate.now(lambda: verdicts_on(sent)) == []


def overflow_of(page):
    """Return by how many pixels the page is wider than the window, without its JavaScript."""
    return page.locator("body").bounding_box()["width"] - PHONE["width"]


def test_the_slideshow_plays_without_javascript(ada, visit, board):
    job = board(2, words={"duration_ms": 1000})
    sending.send(ada, job, SendDraft())
    _, token = review_links.create(ada, job, ReviewLinkDraft(name="Marketing", allows="view"))
    page = visit(None, f"/r/{token}", viewport=PHONE, java_script_enabled=False)
    page.get_by_role("link", name="Play").click()
    expect(page.get_by_text("“Words of 1.”")).to_be_visible()
    expect(page.get_by_text("“Words of 2.”")).to_be_visible()
    expect(page).to_have_url(re.compile(r"view=board"))


def test_scenes_turn_by_keys_buttons_and_swipes_and_nothing_is_lost(visit, link):
    page = visit(None, link[1], has_touch=True)
    expect(page.locator("#shot-title")).to_have_text("Scene title 1")
    page.evaluate("window.stays = true")
    page.get_by_label("Your comment").fill("About the first")
    page.locator("#shot-title").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#shot-title")).to_have_text("Scene title 2")
    expect(page.get_by_label("Your comment")).to_have_value("")
    expect(page).to_have_url(re.compile(r"scene=2$"))
    page.get_by_role("link", name="Next scene").press("Enter")
    expect(page.locator("#shot-title")).to_have_text("Scene title 3")
    page.evaluate(SWIPE, [100, 400])
    expect(page.locator("#shot-title")).to_have_text("Scene title 2")
    page.locator("#reel a").nth(2).click()
    expect(page.locator("#reel a").nth(2)).to_be_focused()
    page.evaluate(SWIPE, [400, 340])
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#shot-title")).to_have_text("Scene title 2")
    page.go_back()
    expect(page.locator("#shot-title")).to_have_text("Scene title 3")
    for number in (2, 1):
        page.get_by_role("link", name=f"Previous scene: Scene title {number}").press("Enter")
        expect(page.locator("#shot-title")).to_have_text(f"Scene title {number}")
    expect(page.get_by_label("Your comment")).to_have_value("About the first")
    page.get_by_label("Your comment").press("ArrowLeft")  # in a field the keys move the cursor
    expect(page.locator("#shot-title")).to_have_text("Scene title 1")
    assert page.evaluate("window.stays"), "the page was never left"
    page.get_by_label("Your comment").fill("")


def test_a_click_pins_a_comment_and_forms_answer_in_place(slate, visit, sent, link):
    page = visit(None, link[1])
    page.evaluate("window.stays = true")
    frame = page.locator("[data-frame]")
    box = frame.bounding_box()
    frame.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.25})
    expect(page.get_by_label("Your comment")).to_be_focused()
    expect(page.get_by_text("Pinned to the picture")).to_be_visible()
    page.get_by_role("button", name="Remove the pin").click()
    expect(page.get_by_text("Pinned to the picture")).to_be_hidden()
    frame.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.25})
    page.get_by_label("Your comment").fill("Here")
    page.get_by_label("Your name").fill("Maya")
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator(".msg")).to_contain_text("Here")
    expect(page.locator("#text-new")).to_have_value("")
    said = of_job(slate, sent)[0]
    assert (said.pin_x, said.pin_y) == (pytest.approx(750, abs=4), pytest.approx(250, abs=4))  # a pixel is 2 of them
    dot = page.get_by_role("link", name="Pin 1").bounding_box()
    assert abs(dot["x"] + dot["width"] / 2 - box["x"] - box["width"] * 0.75) < 3
    assert abs(dot["y"] + dot["height"] / 2 - box["y"] - box["height"] * 0.25) < 3

    page.locator("#text-new").fill("Not sent yet")
    page.get_by_role("button", name="Looks good").click()
    expect(page.get_by_role("button", name="Looks good")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Looks good")).to_be_focused()
    expect(page.locator("#text-new")).to_have_value("Not sent yet")
    page.get_by_role("button", name="Needs changes").click()
    expect(page.locator("#text-new")).to_be_focused()
    expect(page.locator("#text-new")).to_have_value("Not sent yet")
    assert [each.verdict for each in slate.now(lambda: verdicts_on(sent))] == ["changes"]
    assert page.evaluate("window.stays"), "the page was never left"
    page.locator("#text-new").fill("")


def verdicts_on(job):
    return db.session.query(SceneVerdict).filter_by(version_id=job.sent_version_id).all()


def test_the_slideshow_plays_in_time_and_pauses(ada, visit, board):
    job = board(3, words={"duration_ms": 1500})
    sending.send(ada, job, SendDraft())
    _, token = review_links.create(ada, job, ReviewLinkDraft(name="Marketing", allows="view"))
    page = visit(None, f"/r/{token}")
    page.get_by_role("link", name="Play").click()
    expect(page.get_by_text("“Words of 1.”")).to_be_visible()
    expect(page.get_by_text("“Words of 2.”")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    stood = page.locator("[data-clock]").text_content()
    page.wait_for_timeout(1600)
    assert page.locator("[data-clock]").text_content() == stood
    expect(page.get_by_text("“Words of 2.”")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("“Words of 1.”")).to_be_visible()
    began = page.evaluate("performance.now()")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("“Words of 3.”")).to_be_visible()
    assert 2900 <= page.evaluate("performance.now()") - began < 6000
    expect(page).to_have_url(re.compile(r"view=board"))


def test_who_wants_less_motion_starts_the_slideshow_themselves(visit, link):
    page = visit(None, link[1], reduced_motion="reduce")
    page.get_by_role("link", name="Play").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_the_page_says_when_a_newer_version_was_sent_and_when_the_link_was_closed(ada, slate, visit, sent, link):
    page = visit(None, link[1])
    expect(page.locator("#shot-title")).to_be_visible()
    sending.send(ada, sent, SendDraft())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert")).to_contain_text("A newer version was sent.")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_text("Nothing changed in the scenes since you last looked")).to_be_visible()
    page.faults.expect("status of 410")
    review_links.revoke(ada, link[0])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert")).to_contain_text("This link was closed.")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_role("heading", name="This link was closed")).to_be_visible()


@pytest.fixture
def busy(ada, sent):
    """A link whose guest has said things, before and after a newer version: (its path, the guest's cookie)."""
    link, token = review_links.create(ada, sent, ReviewLinkDraft(name="Marketing", allows="decide"))
    maya, cookie = reviewers.enter(token)
    reviewers.introduce(maya, "Maya Lund")
    review_board.note_look(maya)
    first = jobs.scenes(sent)[0]
    said = comments.add(maya, sent, CommentDraft(text="Here", scene_id=first.id, pin_x=300, pin_y=400))
    comments.add(maya, sent, CommentDraft(text="As a whole it is calm."))
    comments.answer(ada, said, CommentText(text="Done"))
    scenes.edit(ada, sent, first, SceneChange(script="Other words of 1."))
    sending.send(ada, sent, SendDraft())
    return f"/review/{link.id}", {"name": f"slate_guest_{re.sub('-', '', link.id)}", "value": cookie}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "path",
    ["", "?view=board", "?view=script", "?view=play", "/decision?kind=approve", "/decision?kind=reject", "/decision"],
)
def test_axe_finds_nothing(visit, slate, busy, path, size):
    home, cookie = busy
    page = visit(None, "/sign-in", viewport=size, reduced_motion="reduce")
    page.context.add_cookies([cookie | {"url": slate.url}])
    page.goto(home + path)
    for details in page.locator("main details, aside details").all():
        details.evaluate("each => { each.open = true }")
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page, only="color-contrast")
    assert found == {"light": [], "dark": []}
    assert overflow(page) == 0
