"""The archive in the browser: what was decided on leaves the lists, is read and brought back; admins purge it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests import factories
from tests.house.test_record_keys import RECORD
from tests.views.reading import words
from webapp.extensions import db, transaction
from webapp.models import Base, Client, Comment, Decision, Job, Notice, Purge, ReviewLink
from webapp.schemas.comments import CommentDraft
from webapp.schemas.review_links import ReviewLinkTerms
from webapp.schemas.sending import SendDraft
from webapp.services import (
    archive,
    clients,
    comments,
    decisions,
    integrity,
    jobs,
    notices,
    purges,
    review_links,
    sending,
)
from webapp.services.erasing import erase_in_batches


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def job(app, ada):
    job = factories.job(factories.client(), "Cold brew", user_id=ada.id)
    for number in (1, 2, 3):
        factories.scene(job, number)
    return job


@pytest.fixture
def decided(ada, ben, job):
    """The same, after somebody asked for changes."""
    decisions.decide(ben, job, factories.decision(job, kind="request_changes", reason="Shorter."))
    return job


@pytest.fixture
def archived(eve, decided):
    assert archive.delete(eve, decided)
    return decided


def rows():
    db.session.rollback()
    tables = [Base.metadata.tables[name] for name in sorted(RECORD)]
    return {table.name: sorted(map(repr, db.session.execute(select(table)).all())) for table in tables}


def test_the_board_says_which_of_the_two_its_button_does(browse, eve, job, ben):
    page = browse(eve)
    form = soup(page.get(f"/jobs/{job.id}")).select_one("form[action$='/delete']")
    assert words(form) == "Delete storyboard"
    assert "cannot be undone" in form["data-confirm"]
    decisions.decide(ben, job, factories.decision(job, kind="approve"))
    form = soup(page.get(f"/jobs/{job.id}")).select_one("form[action$='/delete']")
    assert words(form) == "Archive storyboard"
    assert "bring it back" in form["data-confirm"]


def test_deleting_what_was_decided_on_archives_it_and_can_be_undone(browse, eve, decided):
    editor, job_id = browse(eve), decided.id
    page = soup(editor.post(f"/jobs/{job_id}/delete", follow_redirects=True))
    assert "“Cold brew” is archived, since its decisions stay on record." in words(page)
    undo = page.select_one(f"form[action='/jobs/{job_id}/restore']")
    assert undo
    assert db.session.query(Decision).count() == 1
    page = soup(editor.post(undo["action"], follow_redirects=True))
    assert "“Cold brew” is back." in words(page)
    assert not page.select(".notice:-soup-contains('archived')")


def test_what_nobody_decided_on_is_deleted_as_ever(browse, eve, job):
    assert "“Cold brew” deleted" in words(soup(browse(eve).post(f"/jobs/{job.id}/delete", follow_redirects=True)))
    assert db.session.query(Job).count() == 0


def test_it_leaves_every_list_but_the_archive(browse, ada, archived, eve):
    other = factories.job(archived.client, "Another one")
    editor, client = browse(eve), f"/clients/{archived.client_id}"
    places = ("/", client, "/search?q=cold", "/?state=changes")
    for place in places:
        assert "Cold brew" not in words(soup(editor.get(place)).main), place
    assert "Another one" in words(soup(editor.get("/")).main)
    assert other.title in words(soup(editor.get(client)).main)
    assert "1 storyboard for" in words(soup(editor.get("/")).main)
    for place in ("/?state=archived", f"{client}?archived=1"):
        page = soup(editor.get(place)).main
        assert [words(each) for each in page.select(".job-card h3")] == ["Cold brew"], place
    assert "Archived 1" in words(soup(editor.get("/")).select_one(".state-filter"))
    archive.restore(ada, archived)
    for place in places[:3]:
        assert "Cold brew" in words(soup(editor.get(place)).main), place


def test_its_notices_leave_the_inbox_and_come_back(browse, ada, archived):
    assert db.session.query(Notice).filter_by(user_id=ada.id).count() == 1
    assert notices.unread(ada) == 0
    notices.read_all(ada)
    assert "Cold brew" not in words(soup(browse(ada).get("/inbox")).main)
    archive.restore(ada, archived)
    assert notices.unread(ada) == 1
    assert "Cold brew" in words(soup(browse(ada).get("/inbox")).main)


def test_it_is_read_with_its_certificate_and_its_history(browse, ben, archived):
    reader, path = browse(ben), f"/jobs/{archived.id}"
    page = soup(reader.get(path))
    assert "This storyboard is archived" in words(page.main)
    assert not page.select(f"form[action='{path}/restore'], form[action='{path}/delete'], #job-dock .acts a")
    decision = db.session.query(Decision).one()
    assert reader.get(f"{path}/decisions/{decision.id}/certificate").status_code == 200
    assert "archived the storyboard" in words(soup(reader.get(f"{path}/activity")))
    for place in ("versions", "comments", f"scenes/{jobs.scenes(archived)[0].id}/takes"):
        page = soup(reader.get(f"{path}/{place}"))
        assert not page.main.select("form[method='post']"), place


FORMS = {
    "animatics.retry": {},
    "comments.add": {"text": "Hello"},
    "comments.delete": {},
    "comments.edit": {"text": "Other words"},
    "comments.reply": {"text": "Yes"},
    "comments.turn": {"state": "closed"},
    "decisions.create": {"kind": "approve", "seen": "0" * 64},
    "fit.to_words": {},
    "fit.trade": {"other": "2", "seconds": "1"},
    "jobs.edit": {"title": "Other title"},
    "jobs.fit": {},
    "jobs.generate": {"kind": "anew", "feedback": "Shorter."},
    "jobs.set_assets": {"asset_ids": []},
    "jobs.stop": {},
    "merging.merge": {"script": "Other words"},
    "scenes.add": {"description": "More"},
    "scenes.delete": {},
    "scenes.duplicate": {},
    "scenes.edit": {"script": "Other words"},
    "scenes.lock": {"locked": "1"},
    "scenes.move": {"position": "2"},
    "scenes.redo": {"feedback": "Shorter."},
    "scenes.restore": {},
    "scenes.set_assets": {},
    "scenes.stop": {},
    "sending.create": {"name": "Round two"},
    "share.create": {"name": "Legal", "allows": "decide", "who": "anybody", "expires": "never"},
    "share.edit": {"name": "Other name", "allows": "view", "who": "anybody", "expires": "keep"},
    "share.renew": {},
    "share.revoke": {},
    "takes.keep": {},
    "takes.use": {},
    "undo.redo": {},
    "undo.undo": {},
    "versions.keep": {"name": "Mine"},
    "versions.rename": {"name": "Other name"},
    "versions.restore": {},
}
"""What each form of a storyboard is sent with."""
ALLOWED = {"archive.delete", "archive.restore", "archive.purge"}


def forms(app, ids):
    """Return (endpoint, path) of every form about a storyboard; what ends or freezes things comes last."""
    late = ("jobs.generate", "delete", "revoke", "decisions")
    found = []
    for rule in app.url_map.iter_rules():
        if "job_id" in rule.arguments and "POST" in rule.methods and not rule.rule.startswith("/api/"):
            values = {name: ids[name] for name in rule.arguments}
            with app.test_request_context():
                found.append((rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, values, "POST")))
    return sorted(found, key=lambda each: (any(word in each[0] for word in late), each))


@pytest.fixture
def ids(ada, decided):
    """What stands in the addresses of forms: a comment and a link beside the storyboard itself."""
    said = comments.add(ada, decided, CommentDraft(text="Old label?"))
    link, _ = review_links.create(ada, decided, ReviewLinkTerms(name="Marketing"))
    scene = jobs.scenes(decided)[0]
    return {
        "job_id": decided.id, "scene_id": scene.id, "take_id": scene.take_id, "comment_id": said.id,
        "link_id": link.id, "number": 1,
    }  # fmt: skip


def changes(app, browser, ids):
    """Send every form; returns which of them changed something in the record's tables, and how they were answered."""
    changed, statuses, before = set(), {}, rows()
    for endpoint, path in forms(app, ids):
        if endpoint in ALLOWED:
            continue
        statuses[endpoint] = browser.post(path, data=FORMS[endpoint]).status_code
        after = rows()
        if after != before:
            changed.add(endpoint)
        before = after
    return changed, statuses


def test_every_form_of_a_storyboard_is_known_here(app, ids):
    assert {endpoint for endpoint, _ in forms(app, ids)} == FORMS.keys() | ALLOWED


def test_no_form_changes_what_is_archived(app, browse, ada, decided, ids):
    archive.delete(ada, decided)
    changed, statuses = changes(app, browse(ada), ids)
    assert changed == set()
    assert {endpoint: code for endpoint, code in statuses.items() if code not in (404, 409, 422)} == {}


def test_the_same_forms_do_change_what_is_in_use(app, browse, ada, ids):
    """The control: a form that never changed anything would prove nothing above."""
    changed, _ = changes(app, browse(ada), ids)
    assert len(changed) >= 20, sorted(changed)


def test_its_review_links_close_and_open_again(app, browse, ada, decided):
    sending.send(ada, decided, SendDraft(name="Round two"))
    _, token = review_links.create(ada, decided, ReviewLinkTerms(name="Marketing", allows="decide"))
    guest = browse(None)
    inside = guest.get(f"/r/{token}", follow_redirects=True).request.path
    archive.delete(ada, decided)
    for address in (f"/r/{token}", inside):
        answer = guest.get(address)
        assert answer.status_code == 410, address
        assert "The storyboard behind it was archived." in words(soup(answer))
    assert browse(None).get(f"/r/{token}").status_code == 410
    archive.restore(ada, decided)
    assert guest.get(inside).status_code == 200
    assert db.session.query(ReviewLink).one().revoked_at is None


def test_a_client_with_what_was_decided_on_stays_and_its_page_says_so_first(browse, eve, archived):
    editor, path = browse(eve), f"/clients/{archived.client_id}/delete"
    page = editor.get(path)
    assert "This client has 1 storyboard that was decided on, and its record has to stay." in words(soup(page).main)
    assert not soup(page).main.select("form:not([action])")
    answer = editor.post(path)
    assert answer.status_code == 409
    assert "1 storyboard that was decided on" in words(soup(answer).main)
    assert db.session.query(Client).count() == 1


# --- purges


def test_an_admin_purges_after_typing_the_title(browse, ada, archived):
    path, head, title = f"/jobs/{archived.id}", archived.event_head, archived.title
    admin = browse(ada)
    assert soup(admin.get(path)).select_one(f"a[href='{path}/purge']")
    page = soup(admin.get(f"{path}/purge")).main
    assert "1 decision and 2 lines of history go" in words(page)
    refused = admin.post(f"{path}/purge", data={"title": "cold Brew", "reason": "Client left."})
    assert refused.status_code == 422
    assert "Type the title exactly as it is: Cold brew" in words(soup(refused).main)
    assert "Client left." in words(soup(refused).main)
    assert db.session.query(Job).count() == 1
    done = admin.post(f"{path}/purge", data={"title": f" {title} ", "reason": "Client left."}, follow_redirects=True)
    text = words(soup(done).main)
    for word in (title, "Ada Byron", "Client left.", head[:12], "1 decision, 2 lines"):
        assert word in text, word
    left = {name: len(found) for name, found in rows().items()}
    assert left.pop("purges") == 1
    assert set(left.values()) == {0}
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize("who", ["eve", "ben"])
def test_nobody_else_purges(browse, request, archived, who):
    browser = browse(request.getfixturevalue(who))
    path = f"/jobs/{archived.id}/purge"
    assert not soup(browser.get(f"/jobs/{archived.id}")).select(f"a[href='{path}']")
    assert browser.get(path).status_code == 404
    assert browser.post(path, data={"title": "Cold brew", "reason": "x"}).status_code == 404
    assert db.session.query(Purge).count() == 0


def test_what_has_no_record_cannot_be_purged(browse, ada, job):
    answer = browse(ada).post(f"/jobs/{job.id}/purge", data={"title": job.title, "reason": "x"})
    assert answer.status_code == 409
    assert "Nobody decided on this storyboard." in words(soup(answer))
    assert db.session.query(Job).count() == 1


def test_a_purge_that_was_broken_off_is_hidden_and_goes_on(browse, ada, archived):
    job_id = archived.id
    with transaction():  # as after a kill right behind the first transaction
        line = purges.note(ada, archived, "Client left.")
        archived.purged_at = line.created_at
    admin = browse(ada)
    assert admin.get(f"/jobs/{job_id}").status_code == 404
    assert "Cold brew" not in words(soup(admin.get("/?state=archived")).main)
    assert list(integrity.reports()) == []
    assert list(purges.faults()) == []
    purges.finish()
    assert db.session.query(Job).count() == db.session.query(Comment).count() == 0
    assert list(purges.faults()) == []


def test_the_demo_goes_with_a_line_for_what_was_decided_on(browse, ada, eve, decided):
    with transaction():
        decided.client.is_demo = True
    factories.job(decided.client, "Undecided")
    editor = browse(eve)
    assert "An admin can delete it" in words(soup(editor.get("/")).main)
    assert not soup(editor.get("/")).select("form[action='/demo/delete']")
    assert editor.post("/demo/delete").status_code == 403
    assert db.session.query(Job).count() == 2
    admin = browse(ada)
    form = soup(admin.get("/")).select_one("form[action='/demo/delete']")
    assert "1 of the storyboards was decided on and leaves a line on the list of purges" in form["data-confirm"]
    assert admin.post("/demo/delete").status_code == 303
    assert db.session.query(Client).count() == db.session.query(Job).count() == 0
    assert [(each.title, each.actor, each.reason) for each in purges.everything()] == [
        ("Cold brew", "Ada Byron", clients.DEMO_DELETED)
    ]
    assert list(purges.faults()) == []


def test_erasing_in_batches_takes_exactly_what_erasing_at_once_does(ada, ids, decided):
    other = factories.job(decided.client, "Another")
    factories.scene(other)
    erase_in_batches(Job.id == decided.id)
    left = {name: len(found) for name, found in rows().items() if found}
    assert left == {"jobs": 1, "scenes": 1, "takes": 1}
