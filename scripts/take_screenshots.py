"""Take the pictures of README and guide from the demo world: `.venv/bin/python -m scripts.take_screenshots`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.running import Slate
from webapp import create_app, demo
from webapp.config import load
from webapp.extensions import db
from webapp.models import Job, Role, Scene, Take
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.services import review_links, sign_ins, upkeep

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from webapp.models import User

FOLDER = Path(__file__).parents[1] / "docs"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def main() -> None:
    """Make the demo world, let the worker draw it, and save each page as WebP under docs/."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty"
        upkeep.migrate(create_app(load({"SLATE_DATA": str(empty)})))
        with Slate(empty, Path(folder) / "data", WRITING_PACE="0") as slate, sync_playwright() as playwright:
            demo.make()
            slate.until(lambda: not db.session.query(Scene).filter(Scene.frame_id.is_(None)).count(), 300)
            path = chromium.find(playwright.chromium.executable_path)
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            ada = slate.person("Ada Byron", Role.ADMIN)
            job = db.session.query(Job).filter_by(title="Cold brew in one twist").one()
            shoot_team(slate, browser, ada, job)
            shoot_guest(slate, browser, ada, job)
            browser.close()


def shoot_team(slate: Slate, browser: Browser, ada: User, job: Job) -> None:
    """Take the pages that the team sees."""
    context = browser.new_context(viewport=DESK, base_url=slate.url, color_scheme="light")
    token = sign_ins.begin(ada, address="127.0.0.1", user_agent="screenshots")
    context.add_cookies([{"name": "slate_session", "value": token, "url": slate.url}])
    page = context.new_page()
    waiting = db.session.query(Take).filter_by(waiting=True).first()
    save(page, "dashboard", "/")
    save(page, "board", f"/jobs/{job.id}")
    if waiting:
        save(page, "compare", f"/jobs/{job.id}/scenes/{waiting.scene_id}/takes/compare")
    page.goto(f"/jobs/{job.id}")
    page.keyboard.press("c")
    save(page, "comments")
    context.close()


def shoot_guest(slate: Slate, browser: Browser, ada: User, job: Job) -> None:
    """Take the review page as whoever opens a link sees it."""
    draft = ReviewLinkDraft(name="Fjell, brand", allows="decide")
    _, token = review_links.create(ada, job, draft)
    for name, size in (("review", DESK), ("review-phone", PHONE)):
        context = browser.new_context(viewport=size, base_url=slate.url, color_scheme="light")
        page = context.new_page()
        page.goto(review_links.path(token))
        save(page, name, f"{page.url}?scene=3")
        context.close()


def save(page: Page, name: str, address: str = "") -> None:
    """Save what a page shows once its pictures are there."""
    if address:
        page.goto(address)
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)
    Image.open(io.BytesIO(page.screenshot())).save(FOLDER / f"{name}.webp", quality=82)


if __name__ == "__main__":
    main()
