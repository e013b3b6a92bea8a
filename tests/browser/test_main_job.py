"""The whole story of a first day: set up, client, campaign, storyboard from pasted links, edit, redo, approve."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.running import Slate
from tests.services.media_files import saved, scenery
from webapp.extensions import db
from webapp.models import Job
from webapp.services import access_links, decisions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PICTURE = saved(scenery(1200, 800), "PNG")


class Press(BaseHTTPRequestHandler):
    """A slow press server with two pictures."""

    def do_GET(self) -> None:
        time.sleep(0.4)
        if self.path not in ("/bottle.png", "/morning.png"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(PICTURE)))
        self.end_headers()
        for start in range(0, len(PICTURE), 4096):
            self.wfile.write(PICTURE[start : start + 4096])
            time.sleep(0.02)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def press() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Press)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def fresh(migrated: Path, tmp_path: Path, press: str) -> Iterator[Slate]:
    """A Slate as after the installation: nobody there, and allowed to fetch from the press server."""
    port = press.rsplit(":", 1)[1]
    settings = {"FETCH_ALLOW": "127.0.0.0/8", "FETCH_PORTS": f"80,443,{port}", "WRITING_PACE": "0.5"}
    with Slate(migrated, tmp_path / "instance", **settings) as running:
        yield running


def test_main_job(fresh, opened, press):
    path, _kind = fresh.now(access_links.start_link)
    page = opened(fresh, None, path)
    set_up(page)
    make_client_and_campaign(page)
    ask_for_a_storyboard(page, press)
    job = watch_it_being_written(page, fresh)
    edit_and_redo(page, fresh, job)
    approve(page, fresh, job)


def set_up(page):
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_role("button", name="Set up Slate").click()
    expect(page.locator(".menu-user")).to_be_visible()


def make_client_and_campaign(page):
    page.get_by_role("link", name="Add a client").click()
    page.get_by_label("Name").fill("Fjell Coffee")
    page.get_by_label("Colour as hex").first.fill("#1f7a63")
    page.get_by_role("button", name="Create client").click()
    page.get_by_role("link", name="New campaign").first.click()
    page.get_by_label("Name").fill("Spring launch")
    page.get_by_role("button", name="Create campaign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Spring launch")


def ask_for_a_storyboard(page, press):
    page.get_by_role("link", name="New storyboard").first.click()
    expect(page.locator("[name=campaign_id] option:checked")).to_have_text("Spring launch")
    page.get_by_label("Links, one per line").fill(f"{press}/bottle.png\n{press}/morning.png\n{press}/missing.png")
    page.get_by_role("button", name="Add links").click()
    expect(page.locator("#asset-rows li")).to_have_count(3)
    page.get_by_label("Product").fill("Fjell Cold Brew")
    page.get_by_label("Audience").fill("Commuters, 20 to 35")
    page.get_by_label("What should people remember?").fill("Real cold brew, ready before you are")
    page.get_by_label("What should they do?").fill("Order at fjell.example")
    page.get_by_role("group", name="Length", exact=True).get_by_label("15 s", exact=True).check()
    expect(page.locator("#estimate")).to_contain_text("3 scenes")
    expect(page.locator("#asset-rows .chip-ok")).to_have_count(2, timeout=20_000)
    expect(page.locator("#asset-rows .reason")).to_have_count(1)
    page.get_by_role("button", name="Create storyboard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fjell Cold Brew")


def watch_it_being_written(page, fresh):
    job = fresh.now(lambda: db.session.query(Job).one())
    expect(page.locator("#board > .scene:not(.scene-wip)")).to_have_count(3, timeout=30_000)
    expect(page.locator("#board .frame img")).to_have_count(3, timeout=30_000)
    expect(page.locator("#job-progress section")).to_have_count(0, timeout=30_000)
    texts = fresh.texts(job)
    assert sum(text["duration_ms"] for text in texts) == 15_000
    assert "fjell.example" in f"{texts[-1]['script']} {texts[-1]['on_screen']}"
    assert {each for text in texts for each in text["asset_ids"]}, "what was pasted is used"
    return job


def edit_and_redo(page, fresh, job):
    card = page.locator("#board > .scene").first
    card.locator("[name=script]").fill("Mornings don’t wait.")
    expect(card.locator(".save")).to_have_attribute("data-s", "saved")
    before = fresh.texts(job)
    second = page.locator("#board > .scene").nth(1)
    second.get_by_label("Redo with feedback").click()
    expect(page.get_by_role("dialog").get_by_label("Feedback")).to_be_focused()
    page.keyboard.type("Shorter, and closer on the label")
    page.keyboard.press("Control+Enter")
    expect(second.locator(".waiting-take")).to_contain_text("Take 2 is ready", timeout=20_000)
    assert fresh.texts(job) == before
    second.get_by_role("link", name="Compare").click()
    page.get_by_role("dialog").get_by_role("button", name="Use this take").click()
    expect(second.get_by_label("Takes of")).to_have_text("2")
    after = fresh.texts(job)
    assert after[1] != before[1]
    assert [after[0], after[2]] == [before[0], before[2]]
    assert after[0]["script"] == "Mornings don’t wait."
    expect(second.locator(".frame-note")).to_have_count(0, timeout=20_000)


def approve(page, fresh, job):
    page.get_by_role("link", name="Approve").click()
    page.get_by_role("dialog", name="Approve").get_by_role("button", name="Approve").click()
    expect(page.locator("#job-dock")).to_contain_text("Approved by Ada Byron")
    expect(page.locator("form.script")).to_have_count(0)
    assert len(fresh.now(lambda: decisions.latest(job)).content_hash) == 64
    page.get_by_role("link", name="Slate, dashboard").click()
    expect(page.locator("main")).to_contain_text("Approved")
