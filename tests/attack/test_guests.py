"""Guests who try more than their link lets them: other jobs, the team's pages, other people's words, closed links."""

from __future__ import annotations

from collections import defaultdict

import pytest
from werkzeug.routing import AnyConverter
from werkzeug.routing.converters import NumberConverter

from tests import factories
from webapp.extensions import db
from webapp.models import Base, Frame
from webapp.schemas.comments import CommentDraft
from webapp.schemas.review_links import ReviewLinkDraft
from webapp.schemas.sending import SendDraft
from webapp.services import blobs, comments, review_links, sending

SAFE = {"GET", "HEAD", "OPTIONS"}
GUESTS = ("review.", "review_decisions.", "review_door.")


def board(title, picture):
    """Make a storyboard with a picture, an asset and a client of its own."""
    client = factories.client(f"Client of {title}")
    job = factories.job(client, title, campaign_id=factories.campaign(client).id)
    scene = factories.scene(job, title=f"Scene of {title}")
    blob = blobs.put(picture, "image/webp")
    from webapp.extensions import transaction

    with transaction():
        frame = Frame(
            key=title.ljust(64, "0"), source="sketch",
            board_blob_id=blob.id, plain_blob_id=blob.id, thumbnail_blob_id=blob.id,
        )  # fmt: skip
        db.session.add(frame)
        db.session.flush()
        scene.frame_id, scene.frame_key = frame.id, frame.key
    asset = factories.asset(client, f"Asset of {title}")
    return job, scene, asset


@pytest.fixture
def mine(app, ada):
    """The storyboard that was sent to the guest."""
    job, scene, asset = board("Mine", b"RIFF mine WEBP")
    sending.send(ada, job, SendDraft())
    return job, scene, asset


@pytest.fixture
def other(app, ada, mine):
    """Another client's storyboard, sent to somebody else."""
    job, scene, asset = board("Zanzibar", b"RIFF other WEBP")
    sending.send(ada, job, SendDraft())
    return job, scene, asset


def come(app, ada, job, **facts):
    """Come in through a new link; returns the browser and the link."""
    link, token = review_links.create(ada, job, ReviewLinkDraft(**({"name": "Fjell", "allows": "decide"} | facts)))
    browser = app.test_client()
    browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    assert browser.get(f"/r/{token}").status_code == 303
    return browser, link


def fitting(converter, value):
    if isinstance(converter, NumberConverter):
        return 1
    return min(converter.items) if isinstance(converter, AnyConverter) else value


def routes(app, ids):
    for rule in app.url_map.iter_rules():
        values = {name: fitting(converter, ids[name]) for name, converter in rule._converters.items()}
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        yield from ((rule.endpoint, method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}))


def ids_of(job, scene, asset, link, ada):
    ids = defaultdict(lambda: "unknown")
    ids.update(
        job_id=job.id, scene_id=scene.id, asset_id=asset.id, take_id=scene.take_id, client_id=job.client_id,
        campaign_id=job.campaign_id, link_id=link.id, user_id=ada.id, filename="icon.svg",
    )  # fmt: skip
    return ids


def rows():
    """Return everything the team and other guests have, without what only notes a visit."""
    passing = {"throttles", "reviewers", "reviewer_browsers", "sign_ins"}
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in Base.metadata.sorted_tables
            if table.name not in passing
        }


@pytest.mark.parametrize("whose", ["mine", "other"])
def test_a_guests_cookie_opens_none_of_the_teams_pages(app, ada, mine, other, whose):
    """The whole route table, of their own job and of another: nothing but the way to sign in, and nothing changes."""
    browser, link = come(app, ada, mine[0])
    ids = ids_of(*(mine if whose == "mine" else other), link, ada)
    before, odd, asked = rows(), [], 0
    for endpoint, method, path in routes(app, ids):
        if endpoint == "static" or getattr(app.view_functions[endpoint], "is_public", False):
            continue  # which ones are public is decided in tests/house/test_guards.py
        asked += 1
        code = browser.open(path, method=method, buffered=True).status_code
        if code != (303 if method in SAFE and not path.startswith("/api/") else 401):  # no program is led to a form
            odd.append(f"{code} {method} {path} ({endpoint})")
    assert not odd
    assert asked > 60
    assert rows() == before


def test_the_pages_of_another_link_stay_closed(app, ada, mine, other):
    """Every guest's route with the id of a link that is not theirs, and with the ids of the job itself."""
    browser, _ = come(app, ada, mine[0])
    elsewhere, theirs = come(app, ada, other[0])
    comment = comments.add(ada, other[0], CommentDraft(text="For the other client only"))
    ids = ids_of(*other, theirs, ada) | {"comment_id": comment.id}
    before = rows()
    for wrong_id in (theirs.id, other[0].id, mine[0].id):
        found = defaultdict(lambda: "unknown", ids | {"link_id": wrong_id})
        for endpoint, method, path in routes(app, found):
            if endpoint.startswith(GUESTS) and "link_id" in app.view_functions[endpoint].__annotations__:
                response = browser.open(path, method=method, buffered=True)
                assert response.status_code in (404, 405), (method, path)
                assert "other client" not in response.text
    assert rows() == before
    assert elsewhere.get(f"/review/{theirs.id}").status_code == 200  # the control


def test_another_links_cookie_under_this_links_name_is_nobody(app, ada, mine, other):
    browser, link = come(app, ada, mine[0])
    elsewhere, theirs = come(app, ada, other[0])
    stolen = elsewhere.get_cookie("slate_guest_" + theirs.id.replace("-", "")).value
    browser.set_cookie("slate_guest_" + link.id.replace("-", ""), stolen)
    assert browser.get(f"/review/{link.id}").status_code == 404


def test_two_links_of_one_job_are_two_doors(app, ada, mine):
    """A link to view does not decide because another link of the same storyboard does."""
    viewer, view = come(app, ada, mine[0], allows="view")
    _, decide = come(app, ada, mine[0], allows="decide")
    assert viewer.get(f"/review/{decide.id}").status_code == 404
    before = rows()
    for endpoint, method, path in routes(app, ids_of(*mine, view, ada)):
        if endpoint.startswith(("review.", "review_decisions.")) and method not in SAFE:
            fields = {"name": "Mallory", "text": "No", "kind": "approve", "verdict": "good", "scene_id": mine[1].id}
            assert viewer.open(path, method=method, data=fields).status_code in (403, 404, 422), path
    after = rows()
    assert {name for name in after if after[name] != before[name]} <= {"events", "notices", "review_links", "jobs"}
    assert before["decisions"] == after["decisions"]
    assert before["comments"] == after["comments"]
    assert before["scene_verdicts"] == after["scene_verdicts"]


def test_a_guest_sees_the_pictures_of_their_own_version_only(app, ada, mine, other):
    browser, link = come(app, ada, mine[0])
    assert browser.get(f"/review/{link.id}/frames/1", buffered=True).data == b"RIFF mine WEBP"
    for position in (0, 2, 99, -1, 2**63):
        assert browser.get(f"/review/{link.id}/frames/{position}").status_code == 404


def test_nothing_the_guest_gets_names_another_client(app, ada, mine, other):
    browser, link = come(app, ada, mine[0])
    home = f"/review/{link.id}"
    pages = [path for _, method, path in routes(app, ids_of(*mine, link, ada)) if method == "GET" and home in path]
    texts = "".join(browser.get(path, buffered=True).get_data().decode("utf-8", "replace") for path in pages)
    assert "Scene of Mine" in texts
    for word in ("Zanzibar", other[0].id, other[1].id, other[2].id, ada.email):
        assert word not in texts, word


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8001"},
        {"Origin": "null"},
        {},
    ],
    ids=repr,
)
def test_another_site_cannot_speak_for_a_guest(app, ada, mine, headers):
    browser, link = come(app, ada, mine[0])
    browser.environ_base.pop("HTTP_SEC_FETCH_SITE")
    before = rows()
    for endpoint, method, path in routes(app, ids_of(*mine, link, ada)):
        if endpoint.startswith(GUESTS) and method not in SAFE:
            fields = {"name": "Mallory", "text": "Approved!", "kind": "approve"}
            assert browser.open(path, method=method, data=fields, headers=headers).status_code == 403, path
    assert rows() == before


def test_guessing_addresses_finds_nothing_and_leaves_nothing(app, ada, mine):
    _, link = come(app, ada, mine[0])
    before, stranger = rows(), app.test_client()
    guesses = [
        link.id,
        link.id.replace("-", ""),
        link.token_hash,
        link.door,
        "",
        ".",
        "..",
        "%2e%2e",
        "A" * 43,
        "A" * 4000,
    ]
    assert {stranger.get(f"/r/{guess}").status_code for guess in guesses} <= {404, 308}
    assert rows() == before


def test_a_cookie_alone_is_no_sign_in(app, ada, mine):
    browser, link = come(app, ada, mine[0])
    value = browser.get_cookie("slate_guest_" + link.id.replace("-", "")).value
    for name in ("slate_session", "slate_notes", "session"):
        browser.set_cookie(name, value)
    assert browser.get("/").status_code == 303
    assert browser.get(f"/jobs/{mine[0].id}").status_code == 303
