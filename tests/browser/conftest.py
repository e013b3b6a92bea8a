"""Real browsers on a real Slate: web server, worker, Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser import chromium
from tests.browser.pages import Faults
from tests.browser.running import Slate
from webapp.extensions import db, transaction
from webapp.models import Role
from webapp.schemas.jobs import JobDraft
from webapp.services import jobs, sign_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Playwright

    from webapp.models import Job, User

expect.set_options(timeout=10_000)  # a busy machine is slow; what must be quick says so itself
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests; without one they fail and say how to get it."""
    path = chromium.find(playwright.chromium.executable_path)
    if not path:
        pytest.fail(chromium.MISSING)
    arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    opened = playwright.chromium.launch(executable_path=path, args=arguments)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_slate(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slate]:
    """One Slate for the tests that need no say in how it is set up; the built-in writer writes at once."""
    with Slate(migrated, tmp_path_factory.mktemp("slate") / "instance", WRITING_PACE="0") as running:
        yield running


@pytest.fixture
def slate(shared_slate: Slate) -> Iterator[Slate]:
    """The shared Slate, quick again after each test."""
    yield shared_slate
    shared_slate.delays.clear()
    db.session.rollback()
    db.session.expire_all()


@pytest.fixture
def ada(slate: Slate) -> User:
    """Ada, who runs the agency."""
    return slate.person("Ada Byron")


@pytest.fixture
def eve(slate: Slate) -> User:
    """Eve, who makes storyboards."""
    return slate.person("Eve Holt", Role.EDITOR)


@pytest.fixture
def ben(slate: Slate) -> User:
    """Ben, the client who approves."""
    return slate.person("Ben Berg", Role.REVIEWER)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a window of its own for a person (None: a stranger) on a Slate; faults in any window fail the test."""
    windows = []

    def open_window(where: Slate, who: User | None, path: str = "/", **options: Any) -> Page:
        context = browser.new_context(base_url=where.url, **({"viewport": WIDE} | options))
        context.set_default_timeout(15_000)
        faults = Faults(context)
        windows.append((context, faults))
        if who is not None:
            token = sign_ins.begin(who, address="127.0.0.1", user_agent="test")
            context.add_cookies([{"name": "slate_session", "value": token, "url": where.url}])
        page = context.new_page()
        page.faults = faults  # type: ignore[attr-defined]
        page.goto(path)
        return page

    yield open_window
    for context, _ in windows:
        context.close()
    for _, faults in windows:
        faults.check()


@pytest.fixture
def visit(slate: Slate, opened: Callable[..., Page]) -> Callable[..., Page]:
    """Open a window on the shared Slate: `visit(ada, "/clients")`."""

    def visit(who: User | None, path: str = "/", **options: Any) -> Page:
        return opened(slate, who, path, **options)

    return visit


@pytest.fixture(scope="session")
def drawn(shared_slate: Slate) -> list[tuple[str, str]]:
    """Frames that the worker has drawn, as (id, key): scenes made by tests show them at once."""
    ada = shared_slate.person("Ada Draws")
    job = jobs.create(ada, brief(shared_slate.client().id, num_scenes=5))
    shared_slate.until(lambda: job.status == "storyboard_ready" and all(scene.frame for scene in jobs.scenes(job)), 60)
    return [(scene.frame.id, scene.frame.key) for scene in jobs.scenes(job) if scene.frame]


@pytest.fixture
def board(slate: Slate, drawn: list[tuple[str, str]]) -> Callable[..., Job]:
    """Make a storyboard that was written a while ago: `board(3)`."""

    def made(count: int = 3, **facts: Any) -> Job:
        words = facts.pop("words", {})
        job = factories.job(facts.pop("client", None) or slate.client(), **({"duration_ms": count * 3000} | facts))
        for number in range(1, count + 1):
            scene = factories.scene(
                job, number, title=f"Scene title {number}", description=f"What we see in {number}.",
                script=f"Words of {number}.", **words,
            )  # fmt: skip
            with transaction():
                scene.frame_id, scene.frame_key = drawn[(number - 1) % len(drawn)]
        return job

    return made


def brief(client_id: str, **facts: Any) -> JobDraft:
    """Fill in a brief."""
    values: dict[str, Any] = {
        "client_id": client_id, "title": "Cold brew in one twist", "product": "Fjell Cold Brew",
        "audience": "Commuters, 20 to 35", "key_message": "Real cold brew, ready before you are",
        "call_to_action": "Order at fjell.example", "seconds": 15,
    }  # fmt: skip
    return JobDraft(**(values | facts))
