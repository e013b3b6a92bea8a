"""Take the README's pictures of the demo world: `.venv/bin/python -m scripts.take_screenshots`."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.running import Slate
from webapp import create_app, demo
from webapp.config import load
from webapp.extensions import db
from webapp.models import Job, Role, Scene
from webapp.services import sign_ins, upkeep

FOLDER = Path(__file__).parents[1] / "docs"
SIZE = {"width": 1440, "height": 900}
PAGES = {"dashboard": "/", "board": "/jobs/{job}"}


def main() -> None:
    """Make the demo world, let the worker draw it, and save each page as WebP under docs/."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty"
        upkeep.migrate(create_app(load({"SLATE_DATA": str(empty)})))
        with Slate(empty, Path(folder) / "data", WRITING_PACE="0") as slate:
            demo.make()
            slate.until(lambda: not db.session.query(Scene).filter(Scene.frame_id.is_(None)).count(), 300)
            shoot(slate)


def shoot(slate: Slate) -> None:
    """Open the pages as somebody who is signed in."""
    ada = slate.person("Ada Byron", Role.ADMIN)
    job = db.session.query(Job).filter_by(title="Cold brew in one twist").one()
    token = sign_ins.begin(ada, address="127.0.0.1", user_agent="screenshots")
    with sync_playwright() as playwright:
        path = chromium.find(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context(viewport=SIZE, base_url=slate.url, color_scheme="light")
        context.add_cookies([{"name": "slate_session", "value": token, "url": slate.url}])
        page = context.new_page()
        for name, address in PAGES.items():
            page.goto(address.format(job=job.id))
            page.wait_for_load_state("load")
            page.wait_for_timeout(1500)
            Image.open(io.BytesIO(page.screenshot())).save(FOLDER / f"{name}.webp", quality=82)
        browser.close()


if __name__ == "__main__":
    main()
