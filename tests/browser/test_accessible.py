"""axe-core finds nothing on any page: both themes, wide and narrow."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import PHONE, WIDE, brief
from tests.browser.pages import overflow, violations
from webapp.extensions import transaction
from webapp.models import JobStatus, LinkKind, Role, TakeSource, utcnow
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.purges import PurgeDraft
from webapp.schemas.scenes import SceneChange
from webapp.services import access_links, archive, assets, decisions, jobs, purges, scenes, storyboards, takes

PAGES = [
    "/", "/clients", "/clients/new", "/clients/{client}", "/clients/{client}/edit", "/clients/{client}/assets",
    "/campaigns/{campaign}", "/assets/{asset}", "/jobs/new?client={client}", "/jobs/{ready}", "/jobs/{running}",
    "/jobs/{failed}", "/jobs/{empty}", "/jobs/{approved}", "/jobs/{tall}", "/jobs/{ready}/edit", "/jobs/{ready}/assets",
    "/jobs/{ready}/activity", "/jobs/{approved}/decisions/{decision}/certificate",
    "/jobs/{ready}/decisions/new", "/jobs/{ready}/scenes/{scene}/takes",
    "/jobs/{ready}/scenes/{scene}/takes/compare", "/jobs/{ready}/versions", "/jobs/{ready}/versions/compare",
    "/jobs/{ready}/scenes/{scene}/takes/new", "/jobs/{ready}/scenes/{scene}/assets", "/search?q=brew", "/account",
    "/account/api-keys", "/people", "/jobs/{ready}/sent/new", "/inbox", "/inbox?show=unread", "/webhooks",
    "/jobs/{archived}", "/jobs/{archived}/purge", "/purges", "/?state=archived", "/clients/{client}/delete",
    "/nothing-here",
]  # fmt: skip
PUBLIC = ["/sign-in", "/set-up/{set_up}", "/nothing-here"]
DIALOGS = {
    "Redo with feedback": lambda page: page.get_by_label("Redo with feedback").first.click(),
    "Takes of": lambda page: page.get_by_label("Takes of").first.click(),
    "Compare": lambda page: page.get_by_role("link", name="Compare").click(),
    "Keep this version": lambda page: page.evaluate("document.getElementById('keep-version').showModal()"),
    "Send for review": lambda page: page.get_by_role("link", name="Send for review").click(),
    "Approve": lambda page: page.get_by_role("link", name="Approve").click(),
    "Request changes": lambda page: page.get_by_role("link", name="Request changes").click(),
    "Write anew": lambda page: page.get_by_role("button", name="Write anew").click(),
    "Add a scene": lambda page: page.get_by_role("button", name="Add a scene").click(),
}


@pytest.fixture(scope="module")
def world(shared_slate, drawn):
    """A bit of everything a page can show, as path parts."""
    slate = shared_slate
    ada = slate.person("Ada Byron")
    client = slate.client(
        name="Fjell Coffee",
        description="Cold brew from Oslo",
        tone="Dry",
        restrictions=["cheap"],
        homepage="https://a.example",
    )
    campaign = factories.campaign(client)
    content = io.BytesIO()
    Image.new("RGB", (640, 360), "#1f7a63").save(content, "PNG")
    content.seek(0)
    asset = assets.add_file(ada, client, content, "Bottle, front.png")
    slate.until(lambda: asset.is_ready)
    assets.tag(asset, ["product_shot"])

    def job(count, **facts):
        made = factories.job(client, **({"campaign_id": campaign.id, "duration_ms": 15_000} | facts))
        for number in range(1, count + 1):
            scene = factories.scene(
                made, number, title=f"Title {number}", beat=("hook", "problem", "product")[number % 3]
            )
            with transaction():
                scene.frame_id, scene.frame_key = drawn[number % len(drawn)]
        return made

    ready = job(3)
    jobs.set_assets(ada, ready, {asset.id: "product_shot"})
    first = jobs.scenes(ready)[0]
    scenes.edit(ada, ready, first, SceneChange(script="Mornings don’t wait.", asset_ids=[asset.id]))
    decisions.decide(ada, ready, DecisionDraft(kind="request_changes", reason="Shorter hook"))
    with transaction():
        said = storyboards.content(first.take) | {
            "script": "Mornings never wait.",
            "shot_type": "wide",
            "title": "Dawn",
        }
        takes.propose(ready, first, said, TakeSource.REDO, by=ada, origin="a redo", feedback="Shorter")
    words = {"number": 2, "title": "One twist", "description": "The bottle turns", "script": "Ready"}
    running = job(
        1, status=JobStatus.STORYBOARD_PROCESSING, stage="Writing scene 2 of 3", partial=words, attempt_token="held",
        heartbeat_at=utcnow() + timedelta(hours=1),
    )  # fmt: skip
    failed = job(1, status=JobStatus.FAILED, error="The writer did not answer.", hint="Try again.")
    empty = job(0, status=JobStatus.CANCELLED)
    approved = job(2)
    decision = decisions.decide(ada, approved, DecisionDraft(kind="approve", reason="Lovely"))
    archived, purged = job(2), job(1, title="Purged")
    for each in (archived, purged):
        decisions.decide(ada, each, DecisionDraft(kind="request_changes", reason="Shorter hook"))
    archive.delete(ada, archived)
    purges.purge(ada, purged, PurgeDraft(title="Purged", reason="The client left and asked for it."))
    tall = jobs.create(ada, brief(client.id, ratio="9:16"))
    slate.until(lambda: all(scene.frame for scene in jobs.scenes(tall)) and not tall.is_running, 60)
    slate.person("Ben Berg", Role.REVIEWER)
    made = {
        "client": client,
        "campaign": campaign,
        "asset": asset,
        "ready": ready,
        "running": running,
        "failed": failed,
    }
    made |= {
        "archived": archived,
        "empty": empty,
        "approved": approved,
        "decision": decision,
        "tall": tall,
        "scene": first,
    }
    return {"ada": ada, "parts": {name: each.id for name, each in made.items()}}


def inspect(page, what):
    """Fail on anything axe finds, in both themes; only colours differ between them."""
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    assert found == {"light": [], "dark": []}, what
    assert overflow(page) == 0, f"{what} is wider than the window"


@pytest.mark.parametrize("path", PAGES)
def test_a_page(visit, world, path):
    for size in (WIDE, PHONE):
        page = visit(world["ada"], path.format(**world["parts"]), viewport=size, reduced_motion="reduce")
        page.faults.expect("status of 404")
        inspect(page, f"{path} at {size['width']}")
        page.context.close()


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_for_strangers(visit, slate, path):
    token = access_links.issue(LinkKind.SET_UP) if "set_up" in path else ""
    page = visit(None, path.format(set_up=token), reduced_motion="reduce")
    page.faults.expect("status of 404")
    inspect(page, path)
    page.set_viewport_size(PHONE)
    inspect(page, f"{path}, narrow")


@pytest.mark.parametrize("name", DIALOGS)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "narrow"])
def test_a_dialog_of_the_board(visit, world, size, name):
    page = visit(world["ada"], "/jobs/{ready}".format(**world["parts"]), viewport=size, reduced_motion="reduce")
    DIALOGS[name](page)
    expect(page.locator("dialog[open]")).to_be_visible()
    inspect(page, f"{name} at {size['width']}")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_conflict_and_the_refusal(visit, world, slate):
    page = visit(world["ada"], "/jobs/{ready}".format(**world["parts"]), reduced_motion="reduce")
    page.locator("[name=seconds]").first.fill("0")
    expect(page.locator(".conflict:not(:empty)")).to_be_visible()
    inspect(page, "a refused save")
    page.locator("[name=seconds]").first.fill("3")
    expect(page.locator(".save").first).to_have_attribute("data-s", "saved")
    page.locator("#board .scene").first.locator("summary").click()
    inspect(page, "an open menu")
