"""Comments: who may say, see, correct and close what; what answers them; what they must never do."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests import factories
from tests.house.test_queries import counted
from webapp.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from webapp.extensions import db, transaction
from webapp.models import (
    Allows,
    Comment,
    CommentState,
    Event,
    Notice,
    Reviewer,
    ReviewLink,
    Role,
    Take,
    VersionKind,
    utcnow,
)
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.services import comment_rights, comments, mentions, scenes, threads, versions
from webapp.views.forms import parse


def guest_of(job, name="Maya Lund", **facts):
    """Somebody without an account, who came through a link of their own."""
    link = ReviewLink(job_id=job.id, name="Fjell", token_hash=f"{job.id}{name}"[-64:], **facts)
    with transaction():
        db.session.add(link)
        db.session.flush()
        reviewer = Reviewer(link_id=link.id, name=name, email=f"{name.split()[0].lower()}@fjell.example")
        db.session.add(reviewer)
    return reviewer


def send(job, by):
    """Send the board for review, as it is."""
    with transaction():
        version = versions.keep(job, VersionKind.SENT, by=by)
        job.sent_version_id = version.id
    return version


def words(text="Is she too grumpy here?"):
    return CommentText(text=text)


def about(scene=None, text="Is she too grumpy here?", **facts):
    return CommentDraft(text=text, scene_id=scene.id if scene else None, **facts)


def go_back(comment, minutes):
    """Let a comment have been made so long ago."""
    with transaction():
        comment.created_at = utcnow() - timedelta(minutes=minutes)


@pytest.fixture
def world(app, ada, eve, ben):
    client = factories.client()
    job = factories.job(client, user_id=ada.id)
    first, second = factories.scene(job, 1), factories.scene(job, 2)
    version = send(job, ada)
    maya, tor = guest_of(job), guest_of(job, "Tor Dahl", allows=Allows.DECIDE)
    watcher = guest_of(job, "Ola Nord", allows=Allows.VIEW)
    return SimpleNamespace(**locals())


def listed(job, **how):
    return [thread.comment.text for thread in comments.threads(job, **how)]


# ---- saying something ----------------------------------------------------------------------------------------------


def test_a_guest_comments_on_what_they_look_at_and_the_team_on_what_is_there(world):
    seen = world.first.take_id
    scenes.edit(world.ada, world.job, world.first, _change(script="Other words."))
    theirs = comments.add(world.maya, world.job, about(world.first, pin_x=0, pin_y=1000))
    ours = comments.add(world.eve, world.job, about(world.first))
    assert (theirs.version_id, theirs.take_id) == (world.version.id, seen)
    assert (ours.version_id, ours.take_id) == (None, world.first.take_id)
    assert (theirs.pin_x, theirs.pin_y, theirs.author, theirs.state) == (0, 1000, "Maya Lund", CommentState.OPEN)
    assert ours.take_id != theirs.take_id


def _change(**facts):
    from webapp.schemas.scenes import SceneChange

    return SceneChange(**facts)


def test_a_comment_about_the_board_has_no_scene_and_no_take(world):
    comment = comments.add(world.maya, world.job, about())
    assert (comment.scene_id, comment.take_id, comment.version_id) == (None, None, world.version.id)


def test_what_a_guest_cannot_see_they_cannot_comment_on(world):
    added = factories.scene(world.job, 3)
    other = factories.scene(factories.job(world.client))
    for scene in (added, other):
        with pytest.raises(NotFound):
            comments.add(world.maya, world.job, about(scene))
    with pytest.raises(NotFound):
        comments.add(world.maya, factories.job(world.client), about())
    unsent = factories.job(world.client)
    factories.scene(unsent)
    with pytest.raises(NotFound, match="sent"):
        comments.add(guest_of(unsent, "Unn"), unsent, about())
    with pytest.raises(NotFound):
        comments.add(world.eve, unsent, about(), version=world.version)
    assert comments.add(world.eve, world.job, about(added)).scene_id == added.id


def test_the_team_does_not_comment_on_a_scene_that_was_deleted(world):
    scenes.delete(world.ada, world.job, world.second)
    with pytest.raises(NotFound):
        comments.add(world.eve, world.job, about(world.second))
    assert comments.add(world.maya, world.job, about(world.second)).scene_id == world.second.id


def test_a_decision_forbids_changes_not_words(world):
    with transaction():
        world.job.approval = "approved"
    comment = comments.add(world.maya, world.job, about(world.first))
    comments.reply(world.eve, comment, words())
    comments.close(world.eve, comment)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": "\x00\x01"}, "text"),
        ({"text": "\u202e\u2066"}, "text"),
        ({"text": "a" * 4001}, "text"),
        ({"pin_x": "5"}, "form"),
        ({"pin_x": "5", "pin_y": "5"}, "form"),
        ({"pin_x": "-1", "pin_y": "5", "scene_id": "x"}, "pin_x"),
        ({"pin_x": "5", "pin_y": "1001", "scene_id": "x"}, "pin_y"),
        ({"pin_x": "nan", "pin_y": "5", "scene_id": "x"}, "pin_x"),
        ({"scene_id": "x" * 37}, "scene_id"),
    ],
)
def test_what_no_comment_may_be(values, field):
    with pytest.raises(Invalid) as refused:
        parse(CommentDraft, {"text": "Fine."} | values)
    assert list(refused.value.fields) == [field]


def test_four_thousand_characters_are_kept_as_they_were_typed(world):
    long = "<b>ø" * 1000
    assert comments.add(world.maya, world.job, parse(CommentDraft, {"text": f"  {long}\r\n"})).text == long


def test_signs_that_turn_other_peoples_text_around_are_dropped():
    draft = parse(CommentText, {"text": "to\u202eda\u2067y\x00\r\nnow"})
    assert draft.text == "today\nnow"


# ---- who may what ---------------------------------------------------------------------------------------------------

TRIES = {
    "comment": lambda w, by: comments.add(by, w.job, about(w.first)),
    "reply": lambda w, by: comments.reply(by, w.public, words()),
    "close": lambda w, by: comments.close(by, w.public),
    "reopen": lambda w, by: comments.reopen(by, w.closed),
    "edit": lambda w, by: comments.edit(by, w.public, words("Other words.")),
    "delete": lambda w, by: comments.delete(by, w.public),
    "find the team's": lambda w, by: comments.find(by, w.job, w.internal.id),
    "reply to the team's": lambda w, by: comments.reply(by, w.internal, words()),
    "close the team's": lambda w, by: comments.close(by, w.internal),
    "answer": lambda w, by: comments.answer(by, w.public, words()),
}
"""What may be tried with another's comments."""
YES, NO, GONE, WHO = None, Forbidden, NotFound, Invalid
TABLE = {
    "ada":     (YES,  YES,  YES,  YES,  NO,   NO,   YES,  YES,  YES,  YES),
    "eve":     (YES,  YES,  YES,  YES,  NO,   NO,   YES,  YES,  YES,  YES),
    "ben":     (YES,  YES,  NO,   NO,   NO,   NO,   GONE, GONE, GONE, NO),
    "maya":    (YES,  YES,  NO,   NO,   NO,   NO,   GONE, GONE, GONE),
    "watcher": (NO,   NO,   NO,   NO,   NO,   NO,   GONE, NO,   NO),
    "foreign": (GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    "revoked": (GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    "expired": (GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE),
    "unnamed": (WHO,  WHO,  WHO,  WHO,  WHO,  WHO,  GONE, WHO,  WHO),
}  # fmt: skip
"""What each kind of person meets, in the order of TRIES; answering by hand takes an account."""


@pytest.mark.parametrize("who", TABLE)
def test_who_may_what(world, who):
    world.foreign = guest_of(factories.job(world.client), "Finn Foreign", allows=Allows.DECIDE)
    world.revoked = guest_of(world.job, "Rei Voked", revoked_at=utcnow())
    world.expired = guest_of(world.job, "Ex Pired", expires_at=utcnow() - timedelta(seconds=1))
    world.unnamed = guest_of(world.job, "Un Named")
    with transaction():
        world.unnamed.name = ""
    for what, expected in zip(TRIES, TABLE[who], strict=False):
        world.public = comments.add(world.tor, world.job, about(world.first))
        world.closed = comments.add(world.tor, world.job, about(world.first))
        comments.close(world.eve, world.closed)
        world.internal = comments.add(world.eve, world.job, about(world.first, is_internal=True))
        if expected is YES:
            TRIES[what](world, getattr(world, who))
            continue
        before = db.session.scalars(select(Comment.id)).all()
        with pytest.raises(expected):
            TRIES[what](world, getattr(world, who))
        assert db.session.scalars(select(Comment.id)).all() == before
        assert (world.public.state, world.public.text, world.closed.state) == ("open", words().text, "closed"), what


def test_whoever_began_a_thread_closes_it_and_opens_it_again(world):
    for by in (world.maya, world.ben):
        comment = comments.add(by, world.job, about(world.first))
        comments.close(by, comment)
        assert comment.state == CommentState.CLOSED
        comments.reopen(by, comment)
        comments.reopen(by, comment)  # a second click
        assert comment.state == CommentState.OPEN


def test_nobody_but_the_team_begins_a_thread_for_the_team(world):
    for by in (world.maya, world.ben):
        assert not comments.add(by, world.job, about(world.first, is_internal=True)).is_internal


def test_a_comment_of_another_job_does_not_exist(world):
    comment = comments.add(world.eve, world.job, about())
    for by in (world.ada, world.maya):
        with pytest.raises(NotFound):
            comments.find(by, factories.job(world.client), comment.id)
        with pytest.raises(NotFound):
            comments.find(by, world.job, "unknown")
        assert comments.find(by, world.job, comment.id) is comment


# ---- correcting and taking back -------------------------------------------------------------------------------------


def test_guests_correct_for_ten_minutes(world):
    comment = comments.add(world.maya, world.job, about(world.first))
    comments.reply(world.eve, comment, words("Tired, not grumpy."))
    go_back(comment, 9.9)
    assert comments.edit(world.maya, comment, words("Is she too sad?")).edited_at
    go_back(comment, 10)
    for refused in (lambda: comments.edit(world.maya, comment, words()), lambda: comments.delete(world.maya, comment)):
        with pytest.raises(Conflict, match="ten minutes"):
            refused()
    assert comment.text == "Is she too sad?"


def test_people_with_an_account_correct_until_somebody_goes_on(world):
    comment = comments.add(world.eve, world.job, about(world.first))
    go_back(comment, 60 * 24)
    comments.reply(world.eve, comment, words("One more thing."))
    comments.edit(world.eve, comment, words("Corrected."))
    comments.reply(world.maya, comment, words("I see."))
    with pytest.raises(Conflict, match="went on"):
        comments.edit(world.eve, comment, words("Denied."))
    assert comment.text == "Corrected."


def test_saying_the_same_again_is_no_correction(world):
    comment = comments.add(world.maya, world.job, about())
    assert comments.edit(world.maya, comment, words(comment.text)).edited_at is None


def test_a_comment_nobody_replied_to_goes_for_good(world):
    comment = comments.add(world.maya, world.job, about(world.first))
    comments.delete(world.maya, comment)
    assert db.session.scalars(select(Comment)).all() == []


def test_a_deleted_comment_with_replies_leaves_its_place_until_they_go_too(world):
    comment = comments.add(world.eve, world.job, about(world.first))
    said = comments.reply(world.maya, comment, words("Yes?"))
    comments.delete(world.eve, comment)
    (thread,) = comments.threads(world.job)
    assert (thread.comment.text, bool(thread.comment.deleted_at), len(thread.replies)) == ("", True, 1)
    for again in (lambda: comments.edit(world.eve, comment, words()), lambda: comments.delete(world.eve, comment)):
        with pytest.raises(NotFound):
            again()
    comments.delete(world.maya, said)
    assert db.session.scalars(select(Comment)).all() == []


def test_the_last_reply_may_go_and_the_thread_stays(world):
    comment = comments.add(world.eve, world.job, about(world.first))
    comments.delete(world.ben, comments.reply(world.ben, comment, words()))
    assert listed(world.job) == [comment.text]


# ---- states ---------------------------------------------------------------------------------------------------------


def test_an_answer_by_hand_has_words_and_says_who(world):
    comment = comments.add(world.maya, world.job, about(world.first))
    comments.answer(world.eve, comment, words("She is; that is the joke."))
    (thread,) = comments.threads(world.job)
    assert (thread.comment.state, thread.comment.answered_by) == (CommentState.ANSWERED, "Eve Holt")
    assert thread.answered_take_number is None
    assert [each.text for each in thread.replies] == ["She is; that is the joke."]


@pytest.mark.parametrize("state", [CommentState.ANSWERED, CommentState.CLOSED])
def test_who_asked_opens_the_thread_again_by_going_on(world, state):
    comment = comments.add(world.maya, world.job, about(world.first))
    with transaction():
        comment.state, comment.answered_by = state, "Eve Holt"
    comments.reply(world.eve, comment, words())
    assert comment.state == state
    comments.reply(world.maya, comment, words("Not quite."))
    assert (comment.state, comment.answered_by) == (CommentState.OPEN, "")


def test_a_reply_shares_where_and_for_whom(world):
    comment = comments.add(world.maya, world.job, about(world.first, pin_x=1, pin_y=2))
    said = comments.reply(world.eve, comments.reply(world.eve, comment, words()), words())
    assert (said.parent_id, said.scene_id, said.version_id) == (comment.id, world.first.id, world.version.id)
    assert (said.pin_x, said.is_internal) == (None, False)
    team = comments.reply(world.eve, comments.add(world.ada, world.job, about(is_internal=True)), words())
    assert team.is_internal


def test_the_take_that_is_used_answers_the_comments_it_was_asked_for_by(world):
    asked = comments.add(world.maya, world.job, about(world.first))
    done = comments.add(world.maya, world.job, about(world.first))
    comments.close(world.eve, done)
    by_hand = comments.add(world.tor, world.job, about(world.first))
    comments.answer(world.eve, by_hand, words())
    elsewhere = comments.add(world.maya, world.job, about(world.second))
    take = _take_for(world, [asked, done, by_hand, elsewhere])
    with transaction():
        assert comments.answered_by_take(world.job, world.first, take, by=world.eve) == 2
    found = {each.comment.id: each for each in comments.threads(world.job)}
    assert found[asked.id].answered_take_number == found[by_hand.id].answered_take_number == 7
    assert (found[asked.id].comment.state, found[asked.id].comment.answered_by) == ("answered", "Eve Holt")
    assert (done.state, elsewhere.state) == (CommentState.CLOSED, CommentState.OPEN)


def test_a_take_nobody_commented_for_answers_nothing(world):
    revision = world.job.revision
    with transaction():
        assert comments.answered_by_take(world.job, world.first, _take_for(world, [])) == 0
    assert world.job.revision == revision


def _take_for(world, asked):
    take = Take(
        scene_id=world.first.id, number=7, source="comment", duration_ms=3000, comment_ids=[each.id for each in asked]
    )
    with transaction():
        db.session.add(take)
    return take


def test_open_pages_hear_of_every_change(world):
    def revisions():
        return world.job.comments_revision, world.first.revision

    seen = [revisions()]
    comment = comments.add(world.eve, world.job, about(world.first))
    steps = (
        lambda: comments.reply(world.maya, comment, words()),
        lambda: comments.answer(world.eve, comment, words()),
        lambda: comments.reopen(world.eve, comment),
        lambda: comments.close(world.eve, comment),
        lambda: comments.delete(world.eve, comment),
    )
    for step in steps:
        seen.append(revisions())
        step()
    assert [each[0] for each in seen] == sorted({each[0] for each in seen})
    assert all(job == scene for job, scene in seen[1:])


# ---- reading --------------------------------------------------------------------------------------------------------


def test_guests_share_all_threads_but_the_teams(world):
    comments.add(world.eve, world.job, about(world.first, "Team", is_internal=True))
    comments.add(world.eve, world.job, about(world.first, "Ours"))
    comments.add(world.maya, world.job, about(world.second, "Maya’s"))
    comments.add(world.ben, world.job, about(None, "Ben’s"))
    assert listed(world.job) == ["Team", "Ours", "Maya’s", "Ben’s"]
    assert listed(world.job, for_guest=world.tor) == listed(world.job, with_internal=False) == listed(world.job)[1:]
    of_scenes = [mark.scene_id for mark in comments.marks(world.job) if mark.state == CommentState.OPEN]
    assert Counter(of_scenes) == {world.first.id: 2, world.second.id: 1, None: 1}
    for_guests = comments.marks(world.job, with_internal=False)
    assert [mark.state for mark in for_guests if mark.scene_id == world.first.id].count(CommentState.OPEN) == 1
    assert threads.states(world.job, with_internal=False)["open"] == 3


def test_lists_are_narrowed_by_scene_state_and_author(world):
    first = comments.add(world.maya, world.job, about(world.first, "One"))
    comments.add(world.tor, world.job, about(world.second, "Two"))
    comments.add(world.eve, world.job, about(None, "Three"))
    comments.close(world.eve, first)
    assert listed(world.job, scene_id=world.first.id) == ["One"]
    assert listed(world.job, scene_id="board") == ["Three"]
    assert listed(world.job, state="open") == ["Two", "Three"]
    assert listed(world.job, state="open", also=[first.id]) == ["One", "Two", "Three"]
    assert listed(world.job, author_id=world.tor.id) == ["Two"]
    assert listed(world.job, limit=2) == ["Two", "Three"]
    assert threads.states(world.job) == {"open": 2, "answered": 0, "closed": 1}
    assert threads.authors(world.job) == [
        (world.eve.id, "Eve Holt"), (world.maya.id, "Maya Lund"), (world.tor.id, "Tor Dahl"),
    ]  # fmt: skip


def test_pins_keep_their_number_whoever_looks(world):
    pin = {"pin_x": 500, "pin_y": 250}
    closed = comments.add(world.maya, world.job, about(world.first, "1", **pin))
    comments.close(world.eve, closed)
    comments.add(world.eve, world.job, about(world.first, "T1", is_internal=True, **pin))
    comments.add(world.maya, world.job, about(world.first, "no pin"))
    comments.add(world.maya, world.job, about(world.second, "1", **pin))
    comments.add(world.maya, world.job, about(world.first, "2", **pin))
    for how in ({}, {"for_guest": world.tor}, {"state": "open"}):
        for thread in comments.threads(world.job, **how):
            assert thread.pin == ("" if thread.comment.text == "no pin" else thread.comment.text)
    assert [mark.pin for mark in comments.marks(world.job, with_internal=False)] == ["1", "", "1", "2"]


def test_the_number_of_queries_does_not_grow_with_the_threads(world):
    def fill(count):
        for number in range(count):
            by = (world.maya, world.tor, world.eve, world.ben)[number % 4]
            comment = comments.add(by, world.job, about(world.first, f"{number}", pin_x=1, pin_y=1))
            comments.reply(world.tor, comment, words())
            comments.answer(world.eve, comment, words())

    def queries():
        for row in db.session.scalars(select(Comment)).all():
            db.session.expunge(row)
        with counted() as statements:
            for thread in comments.threads(world.job):
                assert [each.user or each.reviewer for each in thread.messages]
        return [each for each in statements if each.startswith("SELECT")]

    fill(1)
    few = queries()
    fill(9)
    many = queries()
    assert len(many) == len(few) <= 5, "\n".join(many)


# ---- limits ---------------------------------------------------------------------------------------------------------


def test_a_guest_says_so_much_in_an_hour_and_the_team_as_much_as_it_likes(world, monkeypatch):
    monkeypatch.setattr(comments, "OF_A_GUEST", comments.OF_A_GUEST._replace(limit=3))
    comment = comments.add(world.maya, world.job, about())
    comments.reply(world.maya, comment, words())
    comments.edit(world.maya, comment, words("Again."))
    with pytest.raises(TooMany):
        comments.add(world.maya, world.job, about())
    comments.add(world.tor, world.job, about())
    for _ in range(4):
        comments.add(world.eve, world.job, about())


def test_all_guests_of_a_link_share_a_budget(world, monkeypatch):
    monkeypatch.setattr(comments, "OF_A_LINK", comments.OF_A_LINK._replace(limit=2))
    with transaction():
        twin = Reviewer(link_id=world.maya.link_id, name="Maya again")
        db.session.add(twin)
    comments.add(world.maya, world.job, about())
    comments.add(twin, world.job, about())
    with pytest.raises(TooMany):
        comments.add(twin, world.job, about())
    comments.add(world.tor, world.job, about())


def test_guests_cannot_fill_the_disk_and_the_team_can_still_answer(world, monkeypatch):
    monkeypatch.setattr(comment_rights, "MOST", 2)
    comment = comments.add(world.maya, world.job, about())
    comments.reply(world.tor, comment, words())
    for said in (
        lambda: comments.add(world.maya, world.job, about()),
        lambda: comments.reply(world.tor, comment, words()),
    ):
        with pytest.raises(Conflict, match="2 comments"):
            said()
    comments.answer(world.eve, comment, words())


# ---- who is told ----------------------------------------------------------------------------------------------------


def told(person):
    return [(each.kind, each.text) for each in db.session.scalars(select(Notice).where(Notice.user_id == person.id))]


def test_the_team_is_told_and_the_history_has_no_words(world):
    comments.add(world.maya, world.job, about(world.first, "Is she  too\ngrumpy?"))
    assert told(world.ada) == [("comment", "commented on scene 1: Is she too grumpy?")]
    lines = [(each.actor, each.text) for each in db.session.scalars(select(Event).where(Event.kind == "commented"))]
    assert lines == [("Maya Lund", "commented on scene 1")]


def test_what_is_for_the_team_reaches_nobody_else(world):
    comments.add(world.ben, world.job, about(world.first))
    comment = comments.add(world.eve, world.job, about(world.first, "Ask @Ada, not @Ben", is_internal=True))
    comments.reply(world.ada, comment, words("@ben no"))
    comments.close(world.ada, comment)
    assert told(world.ben) == []
    assert [kind for kind, _ in told(world.ada)] == ["comment", "mention"]
    assert [
        each.actor for each in db.session.scalars(select(Event).where(Event.kind.in_(("commented", "closed"))))
    ] == ["Ben Berg"]


def test_who_is_mentioned_is_told_once_and_not_again_for_a_correction(world):
    comment = comments.add(world.maya, world.job, about(None, "@Eve Holt, look"))
    assert [kind for kind, _ in told(world.eve)] == ["mention"]
    comments.edit(world.maya, comment, words("@Eve Holt and @ada@example.com, look"))
    assert [kind for kind, _ in told(world.eve)] == ["mention"]
    assert [kind for kind, _ in told(world.ada)] == ["comment", "mention"]


def test_who_asked_is_told_of_the_take(world):
    comment = comments.add(world.ben, world.job, about(world.first))
    with transaction():
        comments.answered_by_take(world.job, world.first, _take_for(world, [comment]), by=world.eve)
    assert told(world.ben) == [("comment", "answered a comment on scene 1 with take 7")]


def test_mentions_are_whole_names_behind_an_at(world):
    other = factories.person("Ada Lovelace", "lovelace@example.com", Role.EDITOR)
    cases = {
        "@Ada Byron look": [world.ada],
        "@ADA BYRON": [world.ada],
        "(@Eve)": [world.eve],
        "@Ada": [],
        "@lovelace@example.com": [other],
        "mail eve@eve.example": [],
        "@Evelyn": [],
        "Eve Holt": [],
        "@@Eve": [],
        "@Ben, @eve": [world.ben, world.eve],
    }
    for text, expected in cases.items():
        assert mentions.found(text) == expected, text
    with transaction():
        world.eve.deactivated_at = utcnow()
    assert mentions.found("@Eve") == []
