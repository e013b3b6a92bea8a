"""What somebody typed is posted once, and shown again when it is refused for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import factories
from tests.views.test_review import form, guest, job, sent, words  # noqa: F401 - fixtures
from webapp.extensions import db, transaction
from webapp.models import Comment
from webapp.services import people, review_links

WORDS = "Ten minutes of typing,\nover two lines."


def comments_that_say(text):
    db.session.rollback()
    return db.session.query(Comment).filter_by(text=text).count()


def test_a_guests_form_sent_twice_is_one_comment_and_one_reply(guest, sent):  # noqa: F811
    rita = guest()
    filled = form(rita.see(), text="Twice or once?", name="Rita")
    rita.send("/comments", **filled)
    first = rita.answer.location
    rita.send("/comments", **filled)
    assert rita.answer.location == first
    assert comments_that_say("Twice or once?") == 1
    thread = rita.see().select_one(".thread form")
    reply = {each["name"]: each["value"] for each in thread.select("input[type=hidden]")} | {"text": "Once!"}
    path = thread["action"].removeprefix(rita.home)
    rita.send(path, **reply)
    rita.send(path, **reply)
    assert comments_that_say("Once!") == 1


def test_the_same_words_from_another_form_are_another_comment(guest, sent):  # noqa: F811
    """The control: somebody may say the same thing again, elsewhere or later."""
    rita = guest()
    rita.send("/comments", **form(rita.see(), text="Agreed.", name="Rita"))
    rita.send("/comments", **form(rita.see(), text="Agreed."))
    first = form(rita.see(), text="Agreed.")
    rita.send("/comments", **first)
    rita.send("/comments", **(first | {"scene_id": ""}))
    assert comments_that_say("Agreed.") == 4
    rita.send("/comments", **{name: value for name, value in first.items() if name != "after"})
    rita.send("/comments", **(first | {"after": "x"}))
    assert comments_that_say("Agreed.") == 6


def test_a_form_sent_twice_at_the_same_moment_is_one_comment(app, ada, browse, sent):  # noqa: F811
    after = str(sent.revision)
    path = f"/jobs/{sent.id}/comments"
    browsers = [browse(ada) for _ in range(4)]

    def post(browser):
        return browser.post(path, data={"text": "At once", "after": after}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(post, browsers)) == {303}
    assert comments_that_say("At once") == 1


@pytest.mark.parametrize("path", ["/comments", "/decision", "/verdicts"])
def test_words_sent_to_a_link_that_closed_are_shown_to_be_copied(guest, sent, ada, path):  # noqa: F811
    rita = guest(allows="decide")
    filled = form(rita.see(), text=WORDS, reason=WORDS, name="Rita", kind="reject", verdict="changes")
    review_links.revoke(ada, rita.link)
    page = rita.send(path, code=410, **filled)
    assert WORDS in [each.text.strip("\n").replace("\r", "") for each in page.select("textarea[readonly]")]
    assert "What you wrote was not saved" in words(page)
    assert not rita.see(code=410).select("textarea")  # only to whoever sent something


def test_words_sent_by_a_guest_who_was_taken_off_the_list_are_shown(guest, sent, ada):  # noqa: F811
    rita = guest(allows="comment")
    filled = form(rita.see(), text=WORDS, name="Rita")
    with transaction():
        rita.link.named_only = True
    page = rita.send("/comments", code=401, **filled)
    assert WORDS in [each.text.strip("\n").replace("\r", "") for each in page.select("textarea[readonly]")]


def test_words_sent_after_the_session_ended_are_shown_and_passwords_are_not(app, browse, ada, sent):  # noqa: F811
    browser = browse(ada)
    browser.post("/sign-out")
    sentence = {"text": WORDS, "scene_id": "a1 b2", "password": "correct horse battery"}
    answer = browser.post(f"/jobs/{sent.id}/comments", data=sentence)
    assert answer.status_code == 401
    assert "Ten minutes of typing," in answer.text
    assert "correct horse" not in answer.text


def test_signing_in_again_inside_the_page(app, browse, sent):  # noqa: F811
    anna = people.add("anna@example.com", "Anna", "editor", factories.PASSWORD)
    people.add("otto@example.com", "Otto", "editor", factories.PASSWORD)
    browser = browse(None)
    typed = {"email": "anna@example.com", "password": "wrong words here", "person_id": anna.id}
    htmx = {"HX-Request": "true"}
    refused = browser.post("/sign-in/again", data=typed, headers=htmx)
    assert refused.status_code == 422
    assert "do not belong together" in refused.text
    assert 'value="anna@example.com"' in refused.text
    assert browser.get("/account").status_code == 303
    done = browser.post("/sign-in/again", data=typed | {"password": factories.PASSWORD}, headers=htmx)
    assert (done.status_code, done.headers["HX-Trigger"]) == (204, "signed-in")
    assert browser.get("/account").status_code == 200
    other = typed | {"email": "otto@example.com", "password": factories.PASSWORD}
    switched = browser.post("/sign-in/again", data=other, headers=htmx)
    assert (switched.headers.get("HX-Refresh"), switched.headers.get("HX-Trigger")) == ("true", None)


def test_every_page_of_somebody_signed_in_can_ask_to_sign_in_again(browse, ada, sent):  # noqa: F811
    assert 'id="sign-in-again"' in browse(ada).get(f"/jobs/{sent.id}").text
    assert 'id="sign-in-again"' not in browse(None).get("/sign-in").text
