"""No answer of the API says a secret again: every GET there is, asked by everybody, searched for all that is secret."""

from __future__ import annotations

import re

import pytest

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import ApiKey, Reviewer, ReviewerBrowser, SignIn, User, Webhook
from webapp.schemas.comments import CommentDraft
from webapp.schemas.review_links import ReviewLinkTerms
from webapp.schemas.sending import SendDraft
from webapp.schemas.webhooks import WebhookDraft
from webapp.services import comments, decisions, passwords, review_links, reviewers, sending, webhooks

OF_THE_TEAM = "Kill this idea quietly"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.fixture
def places(app, ada, eve, ben, browse):
    """A world in which everything secret is there; returns what stands in addresses."""
    client = factories.client()
    job = factories.job(client, user_id=ada.id)
    scene = factories.scene(job)
    said = comments.add(eve, job, CommentDraft(text=OF_THE_TEAM, is_internal=True))
    sending.send(eve, job, SendDraft())
    link, token = review_links.create(
        eve, job, ReviewLinkTerms(name="Fjell", allows="decide", password="tram bell six")
    )
    guest, _cookie = reviewers.enter(token, "tram bell six")
    reviewers.introduce(guest, "Maya Lund")
    comments.add(guest, job, CommentDraft(text="Closer"))
    decision = decisions.decide(ben, job, factories.decision(job, kind="request_changes", reason="Shorter."))
    hook = webhooks.add(ada, WebhookDraft(url="https://example.com/"))
    browse(ada)
    with transaction():
        for who in (ada, eve, ben):
            who.password_hash = passwords.hashed(factories.PASSWORD)
    return {
        "client_id": client.id,
        "campaign_id": factories.campaign(client).id,
        "asset_id": factories.asset(client).id,
        "job_id": job.id,
        "scene_id": scene.id,
        "comment_id": said.id,
        "link_id": link.id,
        "decision_id": decision.id,
        "webhook_id": hook.id,
    }


def secrets():
    """Collect all that the database keeps of keys, passwords, cookies and addresses."""
    found = {OF_THE_TEAM}
    for column in (
        User.password_hash, ApiKey.key_hash, SignIn.token_hash, ReviewerBrowser.token_hash, ReviewerBrowser.door,
        Webhook.secret,
    ):  # fmt: skip
        kept = set(db.session.scalars(db.select(column).where(column.is_not(None))))
        assert kept, column
        found |= kept
    for reviewer in db.session.scalars(db.select(Reviewer)):
        found |= {reviewer.link.token_hash, reviewer.link.password_hash}
    return found


def addresses(app, places):
    """Return the address of every GET of the API; what takes a place that is not known here stands for the first."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v3") and "GET" in rule.methods:
            yield PARAMETER.sub(lambda found: places.get(found[1], "1"), rule.rule)


def test_no_answer_says_a_secret(app, api, ada, eve, ben, places):
    programs = {who.name: api(who) for who in (ada, eve, ben)}
    known, read, for_the_team = secrets(), 0, 0
    for path in addresses(app, places):
        for name, program in programs.items():
            response = program.get(path)
            assert response.status_code < 500, path
            read += response.status_code == 200
            for_the_team += OF_THE_TEAM in response.text
            allowed = {OF_THE_TEAM} if name != "Ben Berg" else set()
            told = [secret for secret in known - allowed if secret in response.text]
            assert not told, (path, name, told)
    assert read > 60  # else nothing was looked at
    assert for_the_team >= 4  # list and comment, for an admin and an editor: what is there to be found is found
