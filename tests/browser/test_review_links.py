"""A link from the share dialog to a client's phone, and its end while the client is reading."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.pages import overflow, violations
from webapp.extensions import db
from webapp.models import Reviewer, ReviewLink, utcnow
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.sending import SendDraft
from webapp.services import review_links, reviewers, sending

CLOSED = "This link was closed"


@pytest.fixture
def job(ada, board):
    made = board(3)
    sending.send(ada, made, SendDraft())
    return made


@pytest.fixture
def make(ada, job):
    def make(**values):
        link, token = review_links.create(ada, job, ReviewLinkDraft(**({"name": "Fjell"} | values)))
        return link, f"/r/{token}"

    return make


def closed_for(page):
    """Expect that the page says so, and offers nothing else."""
    expect(page.get_by_role("heading", name=CLOSED)).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)


def test_shared_from_the_board_read_on_a_phone_revoked_closed(visit, slate, ada, eve, job):
    team = visit(eve, f"/jobs/{job.id}")
    team.get_by_role("link", name="Share", exact=True).click()
    dialog = team.get_by_role("dialog", name="Share for review")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Who is it for?").fill("Fjell, marketing")
    dialog.get_by_label("Decide").check()
    dialog.get_by_role("button", name="Make the link").click()
    shown = team.get_by_role("dialog", name="Send this link to Fjell, marketing")
    expect(shown.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    address = shown.get_by_role("textbox", name="Link").input_value()
    assert address.startswith(f"{slate.url}/r/")

    guest = visit(None, address.removeprefix(slate.url), viewport=PHONE)
    guest.faults.expect("status of 410")
    expect(guest.get_by_role("heading", name="Scene title 1")).to_be_visible()
    clean = guest.url
    assert re.fullmatch(re.escape(slate.url) + r"/review/[0-9a-f-]{36}", clean)

    team.goto(f"/jobs/{job.id}/share")
    row = team.get_by_role("listitem").filter(has_text="Fjell, marketing")
    expect(row).to_contain_text("1 person looked and gave no name")
    row.get_by_label("More actions for Fjell, marketing").click()
    row.get_by_role("button", name="Revoke").click()
    question = team.get_by_role("dialog").filter(has_text="stops at once")
    question.get_by_role("button", name="Cancel").click()
    guest.reload()
    expect(guest.get_by_role("heading", name="Scene title 1")).to_be_visible()  # asked, and not done
    row.get_by_label("More actions for Fjell, marketing").click()
    row.get_by_role("button", name="Revoke").click()
    question.get_by_role("button", name="Revoke").click()
    expect(team.get_by_role("status").filter(has_text="is closed")).to_be_visible()
    expect(row).to_contain_text("Revoked")

    guest.get_by_role("link", name=re.compile("Scene title 2")).first.click()  # the very next click
    closed_for(guest)
    guest.goto(clean)
    closed_for(guest)
    guest.goto(address)
    closed_for(guest)


def test_an_open_page_notices_by_itself_that_its_link_was_closed(visit, slate, ada, make):
    link, address = make()
    guest = visit(None, "/robots.txt")
    guest.faults.expect("status of 404")  # the icon a browser wants of a plain text
    guest.faults.expect("status of 410")
    guest.clock.install()
    guest.goto(address)
    expect(guest.get_by_role("heading", name="Scene title 1")).to_be_visible()
    review_links.revoke(ada, link)
    guest.clock.run_for(13_000)
    expect(guest.get_by_role("alert")).to_contain_text(CLOSED)


def test_without_javascript_the_next_click_says_closed(visit, ada, make):
    link, address = make(password="tram bell")
    guest = visit(None, address, viewport=PHONE, java_script_enabled=False)
    guest.faults.expect("status of 410")
    guest.get_by_label("Password").fill("tram bell")
    guest.get_by_role("button", name="Open the storyboard").click()
    expect(guest.get_by_role("heading", name="Scene title 1")).to_be_visible()
    review_links.renew(ada, link)
    guest.get_by_role("link", name=re.compile("Scene title 2")).first.click()
    closed_for(guest)


def test_a_named_reviewer_comes_with_phone_and_desk(visit, slate, make):
    _, address = make(who="named", reviewers=["Maya Lund, maya@fjell.example", "Legal"])
    for shape in (PHONE, WIDE):
        guest = visit(None, address, viewport=shape)
        guest.faults.expect("status of 422")
        expect(guest.get_by_label("Your e-mail")).to_be_hidden()
        guest.get_by_label("Legal").check()
        expect(guest.get_by_label("Your e-mail")).to_be_hidden()
        guest.get_by_label("Maya Lund").check()
        guest.get_by_label("Your e-mail").fill("maya@fjell.example")
        guest.get_by_role("button", name="Go on").click()
        expect(guest.get_by_role("heading", name="Scene title 1")).to_be_visible()
    link_id = slate.now(lambda: db.session.query(ReviewLink.id).order_by(ReviewLink.created_at.desc()).first())[0]
    seen = db.session.query(Reviewer).filter(Reviewer.link_id == link_id, Reviewer.last_seen_at.is_not(None)).all()
    assert [each.name for each in seen] == ["Maya Lund"]


BOTH = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


def check(page):
    assert violations(page) == []
    assert overflow(page) == 0


@BOTH
@THEMES
def test_axe_finds_nothing_on_the_teams_side(visit, ada, eve, job, make, viewport, theme):
    named, _ = make(name="Named", who="named", reviewers=["Maya Lund, maya@fjell.example", "Legal"], expires="7")
    make(name="Locked", password="tram bell")
    gone, _ = make(name="Gone")
    review_links.revoke(ada, gone)
    opened, to_opened = make(name="Opened", asks_email=True)
    guest, cookie = reviewers.enter(to_opened.removeprefix("/r/"))
    reviewers.introduce(guest, "Kim Sol", "kim@example.com")
    reviewers.find(opened.id, cookie)
    share = f"/jobs/{job.id}/share"
    team = visit(eve, share, viewport=viewport, color_scheme=theme)
    team.faults.expect("status of 422")
    check(team)
    team.get_by_label("Only these people").check()
    team.get_by_label("On a day").check()
    team.get_by_label("Who is it for?").fill("Legal")
    team.get_by_role("button", name="Make the link").click()
    expect(team.get_by_text("Write the names")).to_be_visible()
    check(team)
    team.goto(f"{share}/{named.id}")
    check(team)
    team.goto(f"/jobs/{job.id}")
    team.get_by_role("link", name="Share", exact=True).click()
    expect(team.get_by_role("dialog", name="Share for review")).to_be_visible()
    check(team)
    team.get_by_text("New link", exact=True).click()
    team.get_by_label("Who is it for?").fill("Legal")
    team.get_by_role("button", name="Make the link").click()
    expect(team.get_by_role("dialog", name="Send this link to Legal")).to_be_visible()
    check(team)


@BOTH
@THEMES
def test_axe_finds_nothing_at_the_door(visit, ada, make, viewport, theme):
    _, to_named = make(name="Named", who="named", reviewers=["Maya Lund, maya@fjell.example", "Legal"])
    _, to_locked = make(name="Locked", password="tram bell")
    gone, to_gone = make(name="Gone")
    opened, to_opened = make(name="Opened", asks_email=True)
    review_links.revoke(ada, gone)
    door = visit(None, to_locked, viewport=viewport, color_scheme=theme)
    for words in ("404", "410", "422"):
        door.faults.expect(f"status of {words}")
    check(door)
    door.get_by_label("Password").fill("wrong one")
    door.get_by_role("button", name="Open the storyboard").click()
    expect(door.get_by_text("That is not the password")).to_be_visible()
    check(door)
    door.goto(to_named)
    door.get_by_label("Maya Lund").check()
    door.get_by_role("button", name="Go on").click()
    expect(door.get_by_text("That does not match")).to_be_visible()
    check(door)
    door.goto(to_opened)
    door.goto(f"/review/{opened.id}/who")
    check(door)
    for path in (to_gone, "/r/nothing", "/review/unknown"):
        door.goto(path)
        check(door)


def test_the_last_day_is_the_makers_and_everybody_reads_it_in_their_own_zone(visit, slate, ada, board):
    job = board(1)
    page = visit(ada, f"/jobs/{job.id}/share", timezone_id="Pacific/Auckland", locale="en-GB")
    page.get_by_label("Who is it for?").fill("Legal")
    page.locator("[name=expires][value=date]").check()
    expect(page.locator("#share-day-hint")).to_have_text("The link ends at midnight, your time.")
    day = (utcnow() + timedelta(days=40)).date()
    page.locator("#share-day").fill(day.isoformat())
    page.get_by_role("button", name="Make the link").click()
    expect(page.locator("time[datetime]")).to_have_text(f"{day.day} {day:%b} {day.year}")
    db.session.rollback()
    link = db.session.query(ReviewLink).filter_by(job_id=job.id).one()
    local = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert link.expires_at == local.astimezone(UTC)
    elsewhere = visit(ada, f"/jobs/{job.id}/share", timezone_id="America/New_York", locale="en-GB")
    there = local.astimezone(ZoneInfo("America/New_York"))
    expect(elsewhere.locator(".share-link time").first).to_have_text(
        f"{there.day} {there:%b} {there.year}, {there:%H:%M}"
    )
    plain = visit(ada, f"/jobs/{job.id}/share", java_script_enabled=False)
    expect(plain.locator(".share-link time").first).to_contain_text("UTC")
