"""Comments as the team sees them: page and drawer, what is narrowed, ticked, refused; and that they drive the redo."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests import factories
from tests.attack.test_hostile_words import EVIL, SHORT, wounds
from tests.house.test_queries import counted
from tests.views.test_review import Guest, words
from webapp.extensions import db, transaction
from webapp.models import Comment, Job, Reviewer, ReviewLink, Scene
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.scenes import SceneChange
from webapp.schemas.sending import SendDraft
from webapp.services import comments, scene_rewriter, scenes, sending

HTMX = {"HX-Request": "true"}


@pytest.fixture
def job(app, ada):
    """A storyboard of three scenes, sent for review."""
    made = factories.job(factories.client(), duration_ms=9000, user_id=ada.id)
    for number in (1, 2, 3):
        factories.scene(made, number, title=f"Title {number}", script=f"Words of {number}.")
    sending.send(ada, made, SendDraft())
    return made


@pytest.fixture
def board(job):
    return db.session.scalars(select(Scene).where(Scene.job_id == job.id).order_by(Scene.position)).all()


@pytest.fixture
def maya(job):
    with transaction():
        link = ReviewLink(job_id=job.id, name="Fjell", token_hash="m" * 64)
        db.session.add(link)
        db.session.flush()
        reviewer = Reviewer(link_id=link.id, name="Maya Lund", email="maya@fjell.example")
        db.session.add(reviewer)
    return reviewer


def say(by, job, text="Is she too grumpy?", scene=None, **facts):
    return comments.add(by, job, CommentDraft(text=text, scene_id=scene.id if scene else None, **facts))


def see(browser, path, code=200, **headers):
    response = browser.get(path, headers=headers)
    assert response.status_code == code, response.text
    return BeautifulSoup(response.data, "html.parser")


def send(browser, path, code=303, headers=None, **fields):
    response = browser.post(path, data=fields, headers=headers or {})
    assert response.status_code == code, response.text
    return response


def shown(page):
    return [words(each) for each in page.select(".said-words")]


# ---- the page and the drawer ----------------------------------------------------------------------------------------


def test_an_empty_list_teaches(browse, ada, job):
    page = see(browse(ada), f"/jobs/{job.id}/comments")
    assert "Tick comments to redo a scene" in page.select_one(".empty").text
    assert not page.select_one("#redo-with")


def test_a_thread_says_where_who_and_what(browse, ada, job, board, maya):
    comment = say(maya, job, "Closer on the label", board[2], pin_x=500, pin_y=250)
    comments.reply(ada, comment, CommentText(text="Twelve frames more."))
    thread = see(browse(ada), f"/jobs/{job.id}/comments").select_one(f"#thread-{comment.id}")
    assert words(thread.select_one(".thread-at p")) == "Scene 3 pin 1"
    assert thread.select_one(".thread-at p a")["href"] == f"/jobs/{job.id}#scene-{board[2].id}"
    assert shown(thread) == ["Closer on the label", "Twelve frames more."]
    assert [each.text for each in thread.select(".msg header b")] == ["Maya Lund", "Ada Byron"]
    assert thread.select_one(".msg header .muted").text == "by link"


def test_the_drawer_is_the_page_in_small_and_htmx_moves_its_forms(browse, ada, job, board, maya):
    say(maya, job, scene=board[0])
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    page, drawer = see(browser, path), see(browser, path, **HTMX)
    assert drawer.select_one("aside#notes")["data-stamp"] == str(job.comments_revision)
    assert shown(page) == shown(drawer)
    assert not page.select("main [hx-post]")
    assert [each["action"] for each in drawer.select("form[hx-post]")] == [
        each["action"] for each in page.select("main form[method=post]")
    ]


def test_tabs_and_filters_narrow_the_list_and_stay_in_every_form(browse, ada, job, board, maya):
    first, second = say(maya, job, "One", board[0]), say(ada, job, "Two", board[1])
    closed = say(maya, job, "Three")
    comments.close(ada, closed)
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    page = see(browser, path)
    assert [words(each) for each in page.select(".notes-f .seg a")] == ["Open 2", "Answered 0", "Closed 1"]
    assert shown(page) == ["Two", "One"]
    assert shown(see(browser, f"{path}?state=closed")) == ["Three"]
    assert shown(see(browser, f"{path}?scene={board[0].id}")) == ["One"]
    assert shown(see(browser, f"{path}?scene=board&state=closed")) == ["Three"]
    assert shown(see(browser, f"{path}?author={ada.id}")) == ["Two"]
    assert "match" in see(browser, f"{path}?author=nobody").select_one(".empty").text
    assert shown(see(browser, f"{path}?state=odd")) == ["Two", "One"]
    narrowed = see(browser, f"{path}?scene={board[0].id}&author={maya.id}")
    answer = send(browser, narrowed.select_one(".reply")["action"], text="Yes.")
    said = db.session.scalar(select(Comment.id).where(Comment.parent_id == first.id))
    assert answer.location == f"{path}?state=open&scene={board[0].id}&author={maya.id}#comment-{said}"
    assert second.id


def test_an_inbox_line_leads_to_its_thread_whatever_became_of_it(browse, ada, job, maya):
    comment = say(maya, job, "Done?")
    said = comments.answer(ada, comment, CommentText(text="Done."))
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    page = see(browser, f"{path}?comment={said.id}")
    assert page.select_one(".seg [aria-current]").text.startswith("Answered")
    assert "data-on" in page.select_one(f"#thread-{comment.id}").attrs
    assert shown(see(browser, f"{path}?comment=unknown")) == []


def test_a_thread_somebody_types_in_stays_in_view(browse, ada, job, maya):
    comment = say(maya, job)
    comments.close(ada, comment)
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    assert shown(see(browser, path, **HTMX)) == []
    for query in ("", "&scene=board&author=nobody"):
        assert shown(see(browser, f"{path}?keep={comment.id}{query}", **HTMX)) == ["Is she too grumpy?"]


def test_who_only_reviews_sees_nothing_of_the_team(browse, ada, ben, job, board, maya):
    say(ada, job, "Secret", board[0], is_internal=True, pin_x=1, pin_y=1)
    say(maya, job, "Shared", board[1], pin_x=1, pin_y=1)
    browser, path = browse(ben), f"/jobs/{job.id}/comments"
    page = see(browser, path)
    assert shown(page) == ["Shared"]
    assert not page.select(".tick, [name=is_internal], [name=answer]")
    assert "maya@fjell.example" not in page.text + str(page)
    assert words(page.select_one(".seg a")) == "Open 1"
    on_board = see(browser, f"/jobs/{job.id}")
    assert len(on_board.select(".pins a")) == 1
    assert on_board.select_one("#notes-button")["aria-label"] == "Comments, 1 open"
    send(browser, path, text="Mine", is_internal="1")
    assert not db.session.scalar(select(Comment).where(Comment.text == "Mine")).is_internal


def test_the_team_sees_the_mail_of_a_guest_and_guests_do_not(app, browse, ada, job, maya):
    say(maya, job)
    assert "maya@fjell.example" in str(see(browse(ada), f"/jobs/{job.id}/comments"))
    other = Guest(app, ada, job).see("?view=board")
    assert "Is she too grumpy?" in other.text
    assert "maya@fjell.example" not in str(other)


# ---- saying, correcting, closing ------------------------------------------------------------------------------------


def test_everything_works_without_javascript(browse, eve, job, board):
    browser, path = browse(eve), f"/jobs/{job.id}/comments"
    answer = send(browser, path, text="Warmer?", scene_id=board[1].id, is_internal="1")
    comment = db.session.scalar(select(Comment))
    assert (answer.location, comment.is_internal) == (f"{path}?state=open#comment-{comment.id}", True)
    send(browser, f"{path}/{comment.id}", text="Warmer!")
    send(browser, f"{path}/{comment.id}/replies", text="Yes.")
    page = see(browser, path)
    assert shown(page) == ["Warmer!", "Yes."]
    assert "edited" in words(page.select_one(".msg header"))
    assert "Team only" in page.select_one(".chips").text
    send(browser, f"{path}/{comment.id}/replies", text="Done.", answer="1")
    assert words(see(browser, f"{path}?state=answered").select_one(".chip-ok")) == "Answered by Eve Holt"
    send(browser, f"{path}/{comment.id}/state", state="closed")
    send(browser, f"{path}/{comment.id}/state", state="open")
    send(browser, f"{path}/{comment.id}/delete")
    assert "This comment was deleted." in see(browser, path).select_one(".msg").text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "drawer"])
def test_what_is_refused_comes_back_with_its_reason(browse, ada, job, board, headers):
    comment = say(ada, job)
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    long = "a" * 4001
    for where, url in (
        ("new", path),
        (f"reply-{comment.id}", f"{path}/{comment.id}/replies"),
        (f"edit-{comment.id}", f"{path}/{comment.id}"),
    ):
        answer = BeautifulSoup(send(browser, url, 422, headers, text=long, scene_id=board[1].id).data, "html.parser")
        field = answer.find(id=where)
        assert field.text.strip() == long
        assert answer.find(id=field["aria-describedby"]).text == "At most 4000 characters."
    assert answer.select_one("details.note-fold[open]")
    again = BeautifulSoup(
        send(browser, path, 422, headers, text=" ", scene_id=board[1].id, pin_x="7", pin_y="8").data, "html.parser"
    )
    assert again.select_one("#compose option[selected]")["value"] == board[1].id
    assert [again.select_one(f"[name={name}]")["value"] for name in ("pin_x", "pin_y")] == ["7", "8"]
    assert not again.select_one("#compose [name=is_internal]").has_attr("checked")


def test_by_htmx_the_drawer_the_card_and_the_button_come_back(browse, ada, job, board):
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    answer = BeautifulSoup(
        send(browser, path, 200, HTMX, text="Here", scene_id=board[0].id, pin_x="250", pin_y="750").data, "html.parser"
    )
    assert shown(answer.select_one("#notes")) == ["Here"]
    card = answer.select_one(f"[hx-target='#scene-{board[0].id}']")
    assert card.select_one(".btn-c .open")
    assert (card.select_one(".pins svg")["x"], card.select_one(".pins svg")["y"]) == ("25.0%", "75.0%")
    assert answer.select_one("#notes-button")["data-stamp"] == answer.select_one("#notes")["data-stamp"]
    assert not answer.select_one(f"[hx-target='#scene-{board[1].id}']")


def test_other_peoples_pages_hear_of_it_by_their_poll(browse, ada, job, board, maya):
    browser, before = browse(ada), job.revision
    say(maya, job, scene=board[1])
    answer = see(browser, f"/jobs/{job.id}/changes?after={before}", **HTMX)
    assert answer.select_one("#notes-button")["data-stamp"] == str(job.comments_revision)
    assert answer.select_one(f"#scene-{board[1].id} .btn-c .open")


@pytest.mark.parametrize("endpoint", ["", "/replies", "/delete", "/state"])
def test_a_comment_of_another_board_is_not_there(browse, ada, job, maya, endpoint):
    comment = say(maya, job)
    other = factories.job(job.client)
    send(browse(ada), f"/jobs/{other.id}/comments/{comment.id}{endpoint}", 404, text="x", state="closed")
    assert (comment.text, comment.state) == ("Is she too grumpy?", "open")


def test_markup_and_odd_signs_stay_text(browse, ada, job, board, maya):
    with transaction():
        maya.name = SHORT
    comment = say(maya, job, EVIL, board[0], pin_x=1, pin_y=1)
    comments.reply(maya, comment, CommentText(text="\u202eevil\x00" + "w" * 3000))
    browser = browse(ada)
    pages = (
        f"/jobs/{job.id}", f"/jobs/{job.id}/comments", f"/jobs/{job.id}/comments/redo?comment_ids={comment.id}",
        f"/jobs/{job.id}/changes?after=0", f"/jobs/{job.id}/activity",
    )  # fmt: skip
    for path in pages:
        html = browser.get(path).text
        assert not wounds(html), path
        assert "\u202e" not in html
        assert "\x00" not in html


def test_the_number_of_queries_does_not_grow_with_the_threads(browse, ada, job, board, maya):
    browser = browse(ada)
    ids = job.id, board[0].id, maya.id

    def queries(path):
        db.session.remove()
        with counted() as statements:
            assert browser.get(path).status_code == 200
        return statements

    def some(count):
        job, scene, guest = db.session.get(Job, ids[0]), db.session.get(Scene, ids[1]), db.session.get(Reviewer, ids[2])
        for number in range(count):
            comment = say(guest, job, f"{number}", scene, pin_x=1, pin_y=1)
            comments.reply(guest, comment, CommentText(text="More"))

    paths = [f"/jobs/{ids[0]}/comments", f"/jobs/{ids[0]}"]
    some(1)
    queries(paths[0])
    few = [len(queries(path)) for path in paths]
    some(10)
    many = [queries(path) for path in paths]
    assert [len(each) for each in many] == few, "\n\n".join(many[0])
    assert few[0] <= 16


# ---- comments drive the redo ----------------------------------------------------------------------------------------


def test_ticked_comments_fill_in_the_redo(browse, ada, job, board, maya):
    first = say(maya, job, "Closer on the label.", board[1])
    comments.reply(ada, first, CommentText(text="We will see."))
    comments.reply(maya, first, CommentText(text="And\nmorning light"))
    second = say(ada, job, "Shorter.", board[1])
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    ticks = see(browser, path).select(".tick")
    assert {(each["value"], each["form"], each["data-scene"]) for each in ticks} == {
        (each.id, "redo-with", "2") for each in (first, second)
    }
    form = see(browser, f"{path}/redo?comment_ids={second.id}&comment_ids={first.id}").select_one("#redo-form")
    assert form["action"] == f"/jobs/{job.id}/scenes/{board[1].id}/takes"
    assert form.textarea.text.strip().splitlines() == [
        "Closer on the label.", "And morning light.", "Shorter.",
    ]  # fmt: skip
    assert [each["value"] for each in form.select("[name=comment_ids]")] == [first.id, second.id]
    assert "Answers 2 comments" in form.text


def test_too_many_words_are_cut_and_that_is_said(browse, ada, job, board, maya):
    ids = [say(maya, job, f"{number} " + "word " * 150, board[0]).id for number in range(3)]
    path = f"/jobs/{job.id}/comments/redo?" + "&".join(f"comment_ids={each}" for each in ids)
    form = see(browse(ada), path).select_one("#redo-form")
    said = form.textarea.text.strip()
    assert 900 < len(said) <= 1000
    assert said.endswith("…")
    assert "cut to 1,000 characters" in form.text


def test_comments_about_several_scenes_are_one_redo_each(browse, ada, job, board, maya):
    ids = [say(maya, job, f"About {scene.position}", scene).id for scene in (board[2], board[0], board[2])]
    browser, path = browse(ada), f"/jobs/{job.id}/comments/redo?" + "&".join(f"comment_ids={each}" for each in ids)
    for headers in ({}, HTMX):
        page = see(browser, path, **headers)
        assert "about 2 scenes" in page.text
        links = list(page.select(".links a.btn"))
        assert [words(each) for each in links] == ["Redo scene 1 with 1 comment", "Redo scene 3 with 2 comments"]
        assert see(browser, links[1]["href"]).select_one("#redo-form")["action"].split("/")[4] == board[2].id


def test_what_is_about_no_scene_cannot_be_redone(browse, ada, ben, job, board, maya):
    whole, gone = say(maya, job), say(maya, job, scene=board[1])
    scenes.delete(ada, job, board[1])
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    page = see(browser, path)
    assert not page.select(".tick")
    assert "Deleted scene" in page.text
    for query in ("", f"?comment_ids={whole.id}&comment_ids={gone.id}&comment_ids=unknown"):
        assert browser.get(f"{path}/redo{query}").status_code == 422
    assert browse(ben).get(f"{path}/redo?comment_ids={gone.id}").status_code == 403


def test_a_frozen_board_takes_comments_and_no_redo(browse, ada, job, board, maya):
    comment = say(maya, job, scene=board[0])
    with transaction():
        job.approval = "approved"
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    page = see(browser, path)
    assert not page.select(".tick, #redo-with")
    assert page.select_one("#compose")
    send(browser, f"{path}/{comment.id}/replies", text="Later.")
    assert browser.get(f"{path}/redo?comment_ids={comment.id}").status_code == 409


def test_comment_redo_candidate_used_answered(app, browse, ada, job, board):
    """The whole of it through the pages: the guest's half and the team's."""
    guest = Guest(app, ada, job)
    page = guest.see("?scene=2")
    hidden = {each["name"]: each.get("value", "") for each in page.select("#say input[type=hidden]")}
    guest.send("/comments", **hidden, text="Make it shorter, please.", name="Maya Lund", email="maya@fjell.example")
    comment = db.session.scalar(select(Comment))
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    form = see(browser, f"{path}/redo?comment_ids={comment.id}").select_one("#redo-form")
    ids = form.select_one("[name=comment_ids]")["value"]
    send(browser, form["action"], feedback=form.textarea.text.strip(), comment_ids=ids)
    scene_rewriter.rewrite(board[1].id, board[1].redo_token)
    others = [scene.take_id for scene in (board[0], board[2])]
    compared = see(browser, f"/jobs/{job.id}/scenes/{board[1].id}/takes/compare")
    assert "shorter, please" in compared.text
    assert comment.state == "open"
    use = next(each["action"] for each in compared.select("form") if each["action"].endswith("/use"))
    send(browser, use)
    number = db.session.get(Scene, board[1].id).take.number
    assert words(see(browser, f"{path}?state=answered").select_one(".chip-ok")) == f"Answered in take {number}"
    assert f"Answered in take {number}" in guest.see("?scene=2").text
    assert [scene.take_id for scene in (board[0], board[2])] == others


def test_a_comment_about_an_earlier_take_leads_to_the_comparison(browse, ada, job, board, maya):
    comment = say(maya, job, scene=board[0])
    browser, path = browse(ada), f"/jobs/{job.id}/comments"
    assert not see(browser, path).select("a.chip")
    scenes.edit(ada, job, board[0], SceneChange(script="Other words."))
    link = see(browser, path).select_one(f"#thread-{comment.id} a.chip")
    assert link.text.startswith("About take 1")
    compared = see(browser, link["href"])
    assert "Other" in compared.text
