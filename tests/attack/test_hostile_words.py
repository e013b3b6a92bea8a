"""Markup typed into every field stays text on every page: no element, no attribute, no script comes of it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string

from tests import factories
from webapp.extensions import transaction
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.jobs import JobDraft
from webapp.services import assets, attempts, decisions, jobs

SHORT = "\"><img src=evil onerror=alert(1)>'{{7*7}}"
EVIL = "</textarea></title><svg onload=alert(1)><script>alert(1)</script>'\" x=evil " + SHORT
LINK = "https://x.example/?" + SHORT


def wounds(html: str) -> list[str]:
    """Name what markup came through: foreign elements, handlers, script addresses, templates worked out."""
    page = BeautifulSoup(html, "html.parser")
    found = [str(tag) for tag in page.select('img[src="evil"], script:not([src]), [x="evil"], svg[onload]')]
    for tag in page.find_all(name=True):
        for name, value in tag.attrs.items():
            said = value if isinstance(value, str) else " ".join(value)
            if name.startswith("on") or (name in ("href", "src", "action") and said.lower().startswith("javascript:")):
                found.append(f"{tag.name} {name}={said}")
    if "49" in page.get_text() and "{{7*7}}" not in page.get_text():
        found.append("a template was worked out")
    return found


def hostile_pages(ada):
    """Fill every field with markup; give the pages that show it, first while it is written, then decided on."""
    client = factories.client(
        SHORT, description=EVIL, homepage=LINK, fonts=[SHORT], tone=EVIL,
        restrictions=[SHORT], examples=[EVIL], disclaimer=EVIL,
    )  # fmt: skip
    campaign = factories.campaign(client, SHORT, goal=EVIL, brief={"text": EVIL}, product_url=LINK)
    asset = factories.asset(client, SHORT, tags=[SHORT], excerpt=EVIL)
    refused = assets.add_links(ada, client, "javascript:alert(1)")[0]
    with transaction():
        refused.error, refused.hint = EVIL, EVIL
    job = jobs.create(
        ada,
        JobDraft(
            client_id=client.id, campaign_id=campaign.id, title=SHORT, product=EVIL, audience=EVIL, key_message=EVIL,
            call_to_action=EVIL, style=SHORT, tone=SHORT, visual_elements=[SHORT], music_style=SHORT,
            asset_ids=[asset.id],
        ),
    )  # fmt: skip
    with transaction():
        ada.name = SHORT
        job.stage, job.detail, job.error, job.hint = SHORT, SHORT, EVIL, EVIL
        job.partial = {"number": 1, "title": SHORT, "description": EVIL, "script": EVIL}
    words = {"title": SHORT, "description": EVIL, "script": EVIL, "on_screen": EVIL, "asset_ids": [asset.id]}
    scene = factories.scene(job, **words, feedback=EVIL)
    with transaction():
        scene.error, scene.frame_error = EVIL, EVIL
    running = [f"/jobs/{job.id}", f"/jobs/{job.id}/changes?after=0", f"/jobs/{job.id}/card", "/"]
    yield running
    attempts.stop(ada, job)
    decisions.decide(ada, job, DecisionDraft(kind="request_changes", reason=EVIL))
    yield [
        *running, "/clients", f"/clients/{client.id}", f"/clients/{client.id}/edit", f"/clients/{client.id}/delete",
        f"/clients/{client.id}/assets", f"/clients/{client.id}/assets/choose", f"/campaigns/{campaign.id}",
        f"/campaigns/{campaign.id}/edit", f"/campaigns/{campaign.id}/delete", f"/assets/{asset.id}",
        f"/assets/{refused.id}", f"/assets/{asset.id}/tile", f"/assets/{refused.id}/row", "/people", "/account",
        f"/jobs/new?client={client.id}", f"/jobs/{job.id}/edit", f"/jobs/{job.id}/assets", f"/jobs/{job.id}/activity",
        f"/jobs/{job.id}/decisions/new", f"/jobs/{job.id}/scenes/{scene.id}/takes",
        f"/jobs/{job.id}/scenes/{scene.id}/takes/new", f"/jobs/{job.id}/scenes/{scene.id}/assets",
    ]  # fmt: skip


@pytest.mark.parametrize("fragment", [False, True], ids=["pages", "fragments"])
def test_markup_in_every_field_stays_text(app, ada, browse, fragment):
    browser, seen = browse(ada), 0
    for paths in hostile_pages(ada):
        for path in paths:
            answer = browser.get(path, headers={"HX-Request": "true"} if fragment else {})
            assert answer.status_code == 200, path
            assert wounds(answer.text) == [], path
            seen += "{{7*7}}" in answer.text
    assert seen > 20


@pytest.mark.parametrize("path", ["/search", "/clients", "/clients/{}/assets"])
def test_markup_in_a_search_stays_text(app, ada, browse, path):
    client = factories.client(SHORT)
    answer = browse(ada).get(path.format(client.id), query_string={"q": SHORT, "tag": SHORT, "kind": SHORT})
    assert wounds(answer.text) == []


def test_the_naive_way_would_be_found(app):
    template = '<title>{{ words | safe }}</title><p title="{{ words | safe }}">{{ words | safe }}</p>'
    assert len(wounds(render_template_string(template, words=EVIL))) >= 3
    assert wounds('<a href="JavaScript:alert(1)">x</a>')
    assert wounds(render_template_string("<p>{{ 7*7 }}</p>")) == ["a template was worked out"]
