"""Deciding through a review link, and what a reviewer is told of a newer version."""

from __future__ import annotations

import pytest

from tests.views.test_review import Guest, form, guest, job, sent, words  # noqa: F401 - fixtures
from webapp.extensions import db
from webapp.models import Approval, Comment, Decision, Job, User
from webapp.schemas.comments import CommentText
from webapp.schemas.scenes import SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import comments, decisions, jobs, scenes, sending


@pytest.fixture
def maya(guest, sent):  # noqa: F811
    """A guest who may decide."""
    return guest(name="Fjell marketing", allows="decide")


def filled(page, **fields):
    """Fill in the form of a decision."""
    return {each["name"]: each.get("value", "") for each in page.select("main form input[type=hidden]")} | fields


def test_approving_asks_once_more_and_shows_what_is_approved(maya, sent):  # noqa: F811
    page = maya.see("/decision?kind=approve")
    facts = words(page.select_one(".facts"))
    assert "3 scenes, 9.0 seconds, 16:9" in facts
    assert decisions.content_hash(jobs.scenes(sent))[:12] in facts
    assert "“Words of 3.”" in page.select_one(".approved-words").text
    page = maya.send("/decision", code=422, **filled(page, signature=" ", reason="Lovely"))
    assert page.select_one("#f-signature-error")
    assert page.select_one("#f-reason").text.strip() == "Lovely"
    assert db.session.query(Decision).count() == 0
    maya.send("/decision", **filled(page, signature="Maya Lund", reason="Lovely"))
    kept = db.session.query(Decision).one()
    assert (kept.kind, kept.decided_by, kept.reason) == ("approve", "Maya Lund", "Lovely")
    assert kept.reviewer_id == maya.me.id
    assert maya.me.name == "Maya Lund"
    assert sent.approval == Approval.APPROVED
    page = maya.see("/decision")
    assert page.h1.text == "Thank you, Maya Lund"
    assert not page.select("#mind-title")


def test_a_guest_is_told_before_approving_that_the_animatic_cannot_show_all_letters(maya, ada, sent):  # noqa: F811
    assert "□" not in maya.see("/decision?kind=approve").text
    scene = jobs.scenes(sent)[1]
    scenes.edit(ada, sent, scene, SceneChange(script="Tea \ue000"))
    sending.send(ada, sent, SendDraft())
    assert "No font has all letters of scene 2." in maya.see("/decision?kind=approve").text


@pytest.mark.parametrize("kind", ["request_changes", "reject"])
def test_a_no_needs_words_and_a_name_and_keeps_what_was_typed(maya, sent, kind):  # noqa: F811
    page = maya.see(f"/decision?kind={kind}")
    page = maya.send("/decision", code=422, **filled(page, reason="", name=""))
    assert page.select_one("#f-reason-error")
    assert page.select_one("#decision-name-error")
    page = maya.send("/decision", code=422, **filled(page, reason="Louder", name=" "))
    assert page.select_one("#f-reason").text.strip() == "Louder"
    page = maya.send("/decision", code=422, **filled(page, reason=" ", name="Maya"))
    assert page.select_one("#decision-name")["value"] == "Maya"
    assert maya.me.name == ""
    maya.send("/decision", **filled(page, reason="Louder", name="Maya"))
    assert db.session.query(Decision).one().reason == "Louder"
    assert maya.see("/decision").select_one("blockquote").text == "Louder"


def test_the_email_is_asked_for_in_the_same_form(guest, sent):  # noqa: F811
    one = guest(allows="decide", asks_email=True)
    page = one.see("/decision?kind=approve")
    page = one.send("/decision", code=422, **filled(page, signature="Maya", email="nonsense"))
    assert page.select_one("#f-email-error")
    assert page.select_one("#f-signature")["value"] == "Maya"
    one.send("/decision", **filled(page, signature="Maya", email="maya@example.com"))
    assert db.session.query(Decision).one().email == "maya@example.com"


def test_everybody_sees_who_is_waited_for_and_may_change_their_mind_meanwhile(ada, guest, job):  # noqa: F811
    sending.send(ada, job, SendDraft(approval_rule="all"))
    maya, legal = guest(name="Marketing", allows="decide"), guest(name="Legal", allows="decide")
    assert "0 of 2 approved, waiting for Marketing and Legal" in words(maya.see().select_one(".guest-live"))
    maya.send("/decision", **filled(maya.see("/decision?kind=approve"), signature="Maya"))
    page = maya.see("/decision")
    assert page.select_one("#standing-title").text == "1 of 2 approved, waiting for Legal"
    assert [words(each) for each in page.select(".parties li")] == ["Marketing approved, Maya", "Legal no answer yet"]
    assert "waiting for Legal" in maya.see().text
    assert "You approved" in maya.see().select_one("header .btn-said").text
    asked = page.select_one("[href*=request_changes]")["href"].removeprefix(maya.home)
    maya.send("/decision", **filled(maya.see(asked), reason="Wait, louder"))
    assert "changes asked for by Marketing" in maya.see("/decision").text
    maya.send("/decision", **filled(maya.see("/decision?kind=approve"), signature="Maya"))
    legal.send("/decision", **filled(legal.see("/decision?kind=approve"), signature="Lena"))
    assert db.session.get(Job, job.id).approval == Approval.APPROVED
    assert not legal.see("/decision?kind=reject").select("main form")
    page = legal.send("/decision", code=409, kind="reject", reason="No", version=job.sent_version_id)
    assert db.session.query(Decision).count() == 4


def test_a_decision_about_an_older_version_is_refused_with_a_way_to_the_newer(ada, maya, sent):  # noqa: F811
    page = maya.see("/decision?kind=approve")
    scenes.edit(ada, sent, jobs.scenes(sent)[0], SceneChange(script="Quite other words"))
    sending.send(ada, sent, SendDraft())
    page = maya.send("/decision", code=409, **filled(page, signature="Maya", reason="Lovely"))
    alert = page.select_one("[role=alert]")
    assert "A newer version was sent" in alert.text
    assert alert.a["href"] == f"{maya.home}?view=board"
    assert page.select_one("#f-signature")["value"] == "Maya"
    assert page.select_one("#f-reason").text.strip() == "Lovely"
    assert db.session.query(Decision).count() == 0


@pytest.mark.parametrize("wrong", [{"version": "unknown"}, {"version": ""}, {"kind": "nonsense"}])
def test_a_forged_form_decides_nothing(maya, sent, wrong):  # noqa: F811
    page = maya.see("/decision?kind=approve")
    answer = maya.browser.post(f"{maya.home}/decision", data=filled(page, signature="Maya") | wrong)
    assert answer.status_code in (404, 409, 422)
    assert db.session.query(Decision).count() == 0


def test_verdicts_end_with_the_approval(maya, sent):  # noqa: F811
    page = maya.see()
    maya.send("/decision", **filled(maya.see("/decision?kind=approve"), signature="Maya"))
    assert not maya.see().select("#verdict-good")
    page = maya.send("/verdicts", code=409, verdict="changes", **form(page, text="Oh"))
    assert "approved already" in page.select_one("[role=alert]").text
    assert page.select_one("#text-new").text.strip() == "Oh"


# ---- a newer version ----


def test_what_changed_since_the_last_look_with_the_comments_it_answers(ada, guest, sent):  # noqa: F811
    one, other = guest(), guest(name="Legal")
    assert not one.see("?scene=2").select(".news")
    one.send("/comments?scene=2", **form(one.see("?scene=2"), name="Maya", text="Louder please"))
    said = db.session.query(Comment).one()
    board = jobs.scenes(sent)
    scenes.edit(ada, sent, board[1], SceneChange(script="Loud words of 2."))
    comments.answer(ada, said, CommentText(text="Louder now"))
    scenes.delete(ada, sent, board[2])
    sending.send(ada, sent, SendDraft())

    page = one.see("?scene=2")
    assert words(page.select_one(".news summary")) == (
        "2 scenes changed since you last looked, 1 comment of yours answered"
    )
    assert [words(each) for each in page.select(".news li")] == ["Scene 2: Title 2 changed", "Scene 3: Title 3 removed"]
    assert words(page.select_one(".news-answer")) == "“Louder please” answered by Ada Byron of scene 2"
    assert page.select_one(".news-answer a")["href"].endswith(f"#comment-{said.id}")
    assert page.select_one(f"#comment-{said.id}")
    changed = page.select_one("#changed")
    assert changed.ins.text == " added: Loud words"
    assert "removed: Words" in changed.text
    assert words(page.select_one("#reel .mark-new")) == "Changed"
    assert one.see("?scene=2").select(".news"), "it stays until the next version"
    assert not other.see().select(".news"), "who never looked before is told nothing"


def test_scenes_that_were_added_and_moved_are_named(ada, guest, sent):  # noqa: F811
    from webapp.schemas.scenes import NewScene

    one = guest()
    one.see()
    board = jobs.scenes(sent)
    scenes.move(ada, sent, board[2], 1)
    scenes.add(ada, sent, NewScene())
    sending.send(ada, sent, SendDraft())
    found = [words(each) for each in one.see("?view=board").select(".news li")]
    assert found[0] == "Scene 1: Title 3 moved, was 3"
    assert found[-1].startswith("Scene 4:")
    assert found[-1].endswith("new")
    assert len(found) == 2


def test_the_page_learns_of_a_newer_version(ada, maya, sent):  # noqa: F811
    asked = maya.see().body["data-review"].removeprefix(maya.home)
    assert maya.browser.get(maya.home + asked).status_code == 204
    sending.send(ada, sent, SendDraft())
    assert maya.browser.get(maya.home + asked).status_code == 200
    assert maya.me.seen_version_id != sent.sent_version_id, "asking is not looking"


def test_a_comment_on_what_they_saw_is_kept_when_a_newer_version_is_there(ada, maya, sent):  # noqa: F811
    page = maya.see("?scene=3")
    seen = sent.sent_version_id
    scenes.delete(ada, sent, jobs.scenes(sent)[2])
    sending.send(ada, sent, SendDraft())
    maya.send("/comments?scene=3", **form(page, name="Maya", text="About the end"))
    assert db.session.query(Comment).one().version_id == seen


def test_the_cost_of_a_page_does_not_grow_with_its_scenes(app, ada, guest, sent):  # noqa: F811
    from tests import factories
    from tests.house.test_queries import counted

    def queries():
        one.see()
        db.session.remove()
        with counted() as statements:
            one.see()
        return len(statements)

    one = guest()
    one.send("/comments", **form(one.see(), name="Maya", text="One"))
    ids = sent.id, ada.id
    few = queries()
    job, ada = db.session.get(Job, ids[0]), db.session.get(User, ids[1])  # noqa: F811
    for number in range(4, 10):
        factories.scene(job, number, title=f"Title {number}")
    sending.send(ada, job, SendDraft())
    for _ in range(4):
        one.send("/comments", **form(one.see(), text="More"))
    many = queries()
    assert many <= few + 3, (few, many)  # the news of the newer version
    assert many <= 25
