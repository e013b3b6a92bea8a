"""What every test of a page does: watch it for faults, let it settle, ask axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page

REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (409|422)")
"""The browser notes every refusal as an error; conflicts and wrong input are part of the product."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SETTLE = """async () => {
  const atMost = (wait) => Promise.race([wait, new Promise(r => setTimeout(r, 8000))]);
  await document.fonts.ready;
  await atMost(Promise.all([...document.images].filter(i => i.loading !== "lazy").map(i => i.decode().catch(() => 0))));
  const still = document.getAnimations().filter(a => a.effect && a.effect.getTiming().iterations !== Infinity);
  await atMost(Promise.all(still.map(a => a.finished.catch(() => 0))));
  await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
}"""
"""Not for ever: the animation of a toast that a pointer rests on does not end."""
WATCH = """document.addEventListener("securitypolicyviolation", (e) =>
  window.noteViolation(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));"""


class Faults:
    """What went wrong in a browser window while a test used it: CSP violations, errors in the console, exceptions."""

    def __init__(self, context: BrowserContext) -> None:
        self.found: list[str] = []
        self.expected: list[str] = []
        context.expose_binding("noteViolation", lambda _source, text: self.found.append(f"CSP: {text}"))
        context.add_init_script(WATCH)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.found.append(f"exception: {error.error}"))

    def expect(self, words: str) -> None:
        """Let errors that contain these words pass."""
        self.expected.append(words)

    def expect_no_connection(self) -> None:
        """Let pass what the browser and htmx say about requests that a test cuts off."""
        self.expected += ["Failed to load resource: net::ERR", "htmx:error: Failed to fetch"]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type != "error" or REFUSED.match(message.text):
            return
        self.found.append(f"console: {message.text} ({message.location.get('url', '')})")

    def check(self) -> None:
        """Fail when anything was found that was not expected."""
        left = [fault for fault in self.found if not any(words in fault for words in self.expected)]
        assert not left, left


def settle(page: Page) -> None:
    """Wait until fonts, pictures and animations have arrived, the mouse out of the way."""
    page.mouse.move(0, 0)
    page.evaluate(SETTLE)


def violations(page: Page, only: str = "") -> list[dict[str, Any]]:
    """Return what axe-core (WCAG 2.2 AA and best practices, or one rule only) finds wrong with the page now."""
    settle(page)
    rules = {"runOnly": [only], "resultTypes": ["violations"]} if only else RULES
    found = Axe().run(page, options=rules).response["violations"]
    return [
        {
            "rule": each["id"],
            "where": [node["target"] for node in each["nodes"]][:4],
            "why": each["nodes"][0]["failureSummary"],
        }
        for each in found
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
