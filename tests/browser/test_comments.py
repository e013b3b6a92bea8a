"""Comments in a real browser: the drawer, pins, what is typed and not lost; and a phone without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.pages import overflow, violations
from webapp.extensions import db, transaction
from webapp.models import Comment, Reviewer, ReviewLink, new_id
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.sending import SendDraft
from webapp.services import comments, jobs, review_links, sending


def guest_of(job, name="Maya Lund"):
    with transaction():
        link = ReviewLink(job_id=job.id, name="Fjell", token_hash=new_id())
        db.session.add(link)
        db.session.flush()
        reviewer = Reviewer(link_id=link.id, name=name)
        db.session.add(reviewer)
    return reviewer


@pytest.fixture
def talk(slate, board, eve):
    """A board of three scenes about which a guest said something."""
    job = board(3)
    sending.send(eve, job, SendDraft())
    maya = guest_of(job)
    scenes = jobs.scenes(job)
    pinned = CommentDraft(text="Closer on the label.", scene_id=scenes[2].id, pin_x=500, pin_y=400)
    whole = CommentDraft(text="Is she too grumpy?", scene_id=scenes[1].id)
    return job, maya, comments.add(maya, job, pinned), comments.add(maya, job, whole)


def drawer(page):
    return page.get_by_role("complementary", name="Comments")


def card(page, number):
    return page.locator("#board > .scene").nth(number - 1)


def test_the_drawer_opens_and_closes_by_button_key_and_escape(visit, ada, talk):
    job, *_ = talk
    page = visit(ada, f"/jobs/{job.id}")
    button = page.get_by_role("link", name="Comments, 2 open")
    expect(drawer(page)).to_be_hidden()
    button.click()
    expect(drawer(page).get_by_text("Is she too grumpy?")).to_be_visible()
    expect(page.get_by_role("heading", name="Comments")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer(page)).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("c")
    expect(drawer(page)).to_be_visible()
    page.reload()
    expect(drawer(page).locator(".thread")).to_have_count(2)
    page.keyboard.press("c")
    expect(drawer(page)).to_be_hidden()
    card(page, 1).locator("[name=script]").press("c")
    expect(drawer(page)).to_be_hidden()
    expect(card(page, 1).locator(".save")).to_have_attribute("data-s", "saved")


def test_cards_and_pins_lead_to_their_threads(visit, ada, talk):
    job, _, pinned, _ = talk
    page = visit(ada, f"/jobs/{job.id}")
    card(page, 2).get_by_label("1 open comment").click()
    expect(drawer(page).locator(".thread")).to_have_count(1)
    expect(drawer(page).locator(".thread")).to_contain_text("grumpy")
    card(page, 3).get_by_role("link", name="Pin 1, comment by Maya Lund").click()
    expect(page.locator(f"#comment-{pinned.id}")).to_be_focused()
    expect(page.locator(f"#thread-{pinned.id}")).to_have_attribute("data-on", "")
    card(page, 1).get_by_label("0 open comments").click()
    expect(drawer(page).get_by_role("textbox", name="Your comment")).to_be_focused()
    expect(drawer(page).get_by_label("What it is about")).to_have_value(card(page, 1).get_attribute("data-id"))


def test_a_comment_with_a_pin_by_mouse_and_by_keyboard(visit, slate, ada, talk):
    job, *_ = talk
    page = visit(ada, f"/jobs/{job.id}")
    page.keyboard.press("c")
    drawer(page).get_by_text("New comment").click()
    drawer(page).get_by_role("button", name="Pin", exact=True).click()
    card(page, 1).locator(".frame").click(position={"x": 100, "y": 50})
    expect(drawer(page).get_by_text("Pinned in scene 1")).to_be_visible()
    page.keyboard.type("Warmer here")
    page.keyboard.press("Control+Enter")
    expect(drawer(page).get_by_role("paragraph").filter(has_text="Warmer here")).to_be_visible()
    expect(page.locator("#new")).to_have_value("")
    expect(card(page, 1).get_by_role("link", name="Pin T1")).to_be_visible()
    said = slate.now(lambda: db.session.query(Comment).filter_by(text="Warmer here").one())
    box = card(page, 1).locator(".frame").bounding_box()
    assert said.is_internal
    assert abs(said.pin_x - 100_000 / box["width"]) < 15
    assert abs(said.pin_y - 50_000 / box["height"]) < 15
    drawer(page).get_by_text("New comment").click()
    drawer(page).get_by_role("button", name="Pin", exact=True).press("Enter")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(drawer(page).get_by_text("54 % from the left, 48 % from the top")).to_be_visible()
    drawer(page).get_by_label("Team only").uncheck()
    drawer(page).get_by_role("textbox", name="Your comment").fill("And here")
    drawer(page).get_by_role("button", name="Comment", exact=True).click()
    expect(card(page, 1).get_by_role("link", name="Pin 1, comment by Ada")).to_be_visible()


def test_what_others_say_arrives_and_a_half_typed_reply_stays(visit, slate, ada, eve, talk):
    job, maya, pinned, whole = talk
    page = visit(ada, f"/jobs/{job.id}")
    page.keyboard.press("c")
    reply = drawer(page).get_by_role("textbox", name=re.compile("Reply: Scene 2"))
    reply.fill("Half a sen")
    comments.reply(maya, pinned, CommentText(text="And morning light."))
    expect(drawer(page).get_by_text("And morning light.")).to_be_visible(timeout=5000)
    expect(reply).to_have_value("Half a sen")
    comments.close(eve, whole)
    expect(drawer(page).locator(".seg [aria-current]")).to_have_text("Open 1", timeout=5000)
    expect(reply).to_have_value("Half a sen")
    reply.press("End")
    page.keyboard.type("tence")
    drawer(page).get_by_role("button", name="Send reply: Scene 2").click()
    expect(drawer(page).locator(".thread")).to_have_count(1)
    assert slate.now(lambda: db.session.query(Comment).filter_by(text="Half a sentence").count()) == 1
    expect(page.get_by_role("link", name="Comments, 1 open")).to_be_visible()


def test_ticked_comments_become_a_redo_and_are_answered_by_its_take(visit, slate, ada, talk):
    job, *_ = talk
    before = slate.texts(job)
    page = visit(ada, f"/jobs/{job.id}")
    page.keyboard.press("c")
    ask = drawer(page).get_by_role("button", name=re.compile("^Redo"))
    ticks = drawer(page).get_by_role("checkbox", name="Redo with this comment")
    expect(ticks).to_have_count(2)
    expect(ask).to_be_hidden()
    for tick in ticks.all():
        tick.check()
    expect(ask).to_have_text("Redo 2 scenes with 2 comments")
    drawer(page).get_by_role("checkbox", name=re.compile("Scene 2")).uncheck()
    expect(ask).to_have_text("Redo scene 3 with 1 comment")
    ask.click()
    dialog = page.get_by_role("dialog", name="Redo scene 3")
    expect(dialog.get_by_label("Feedback")).to_have_value("Closer on the label.")
    dialog.get_by_role("button", name="Redo scene").click()
    expect(dialog).to_be_hidden()
    slate.until(lambda: len(_takes(job, 3)) == 2)
    assert slate.texts(job) == before
    card(page, 3).get_by_role("link", name=re.compile("Compare")).first.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Use this take")).click()
    expect(page.get_by_role("link", name="Comments, 1 open")).to_be_visible()
    drawer(page).get_by_role("link", name="Answered").click()
    expect(drawer(page).locator(".chip-ok")).to_have_text("Answered in take 2")
    expect(card(page, 3).get_by_role("link", name="Pin 1")).to_have_count(0)


def test_what_is_ticked_stays_ticked_when_somebody_else_comments(visit, ada, talk):
    job, maya, *_ = talk
    page = visit(ada, f"/jobs/{job.id}")
    page.keyboard.press("c")
    tick = drawer(page).get_by_role("checkbox", name=re.compile("Scene 2"))
    tick.check()
    comments.add(maya, job, CommentDraft(text="And the light?", scene_id=jobs.scenes(job)[0].id))
    expect(drawer(page).get_by_text("And the light?")).to_be_visible()
    expect(tick).to_be_checked()
    expect(drawer(page).get_by_role("button", name="Redo scene 2 with 1 comment")).to_be_visible()


def _takes(job, number):
    from webapp.services import takes

    return takes.of_scene(jobs.scenes(job)[number - 1])


def test_a_review_link_on_a_phone_without_javascript_drives_the_redo(visit, slate, opened, ada, eve, board):
    """Comment → redo → answered: the guest's half plainly, the team's half on the board."""
    job = board(3)
    sending.send(eve, job, SendDraft())
    _, token = review_links.create(eve, job, ReviewLinkDraft(name="Marketing"))
    phone = opened(slate, None, f"/r/{token}", viewport=PHONE, java_script_enabled=False, has_touch=True)
    phone.goto(f"{phone.url.split('?')[0]}?scene=2")
    say = phone.locator("#say")
    say.get_by_label("Your name").fill("Maya Lund")
    say.get_by_label("Your comment").fill("Make it shorter, please.")
    say.get_by_role("button", name="Post comment").click()
    expect(phone.get_by_role("paragraph").filter(has_text="Make it shorter, please.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page = visit(eve, f"/jobs/{job.id}")
    card(page, 2).get_by_label("1 open comment").click()
    drawer(page).get_by_role("checkbox", name="Redo with this comment").check()
    drawer(page).get_by_role("button", name="Redo scene 2 with 1 comment").click()
    page.get_by_role("dialog", name="Redo scene 2").get_by_role("button", name="Redo scene").click()
    slate.until(lambda: len(_takes(job, 2)) == 2)
    expect(card(page, 2).get_by_role("link", name=re.compile("Compare")).first).to_be_visible(timeout=5000)
    phone.reload()
    expect(phone.get_by_text("Answered in take")).to_have_count(0)
    card(page, 2).get_by_role("link", name=re.compile("Compare")).first.click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Use this take")).click()
    expect(page.locator("#notes-button")).to_have_attribute("aria-label", "Comments, 0 open")
    phone.reload()
    expect(phone.get_by_text("Answered in take 2")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(visit, ada, eve, talk, theme, size):
    job, maya, pinned, _ = talk
    comments.answer(eve, comments.add(maya, job, CommentDraft(text="w" * 300)), CommentText(text="Yes."))
    comments.add(ada, job, CommentDraft(text="Ours", is_internal=True))
    page = visit(ada, f"/jobs/{job.id}#comment-{pinned.id}", viewport=size, color_scheme=theme)
    expect(page.locator(f"#comment-{pinned.id}")).to_be_focused()
    drawer(page).get_by_text("New comment").click()
    assert violations(page) == []
    assert overflow(page) <= 0
    for path in ("", "?state=answered", "?state=closed"):
        page.goto(f"/jobs/{job.id}/comments{path}")
        assert violations(page) == []
        assert overflow(page) <= 0


def test_fingers_meet_forty_pixels(visit, ada, talk):
    job, *_ = talk
    page = visit(ada, f"/jobs/{job.id}", viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("#notes-button").click()
    expect(drawer(page).locator(".thread")).to_have_count(2)
    for control in drawer(page).locator("button:visible, select:visible, textarea:visible, .seg a, summary").all():
        assert control.bounding_box()["height"] >= 40, control.evaluate("e => e.outerHTML")


def test_a_stranger_to_the_page_is_asked_before_words_are_lost(visit, ada, talk):
    job, *_ = talk
    page = visit(ada, f"/jobs/{job.id}")
    page.keyboard.press("c")
    drawer(page).get_by_role("textbox", name=re.compile("Reply: Scene 2")).fill("Half")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/")
    assert asked == ["beforeunload"]
