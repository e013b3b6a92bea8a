"""Mail of what lands in the inbox, against a real mail server on loopback: gathered, escaped, refused, stopped."""

from __future__ import annotations

import logging
import re
import socket
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests import factories
from tests.services.receivers import PostOffice
from webapp.errors import DeliveryFailed, NotFound
from webapp.extensions import db, transaction
from webapp.models import Delivery, utcnow
from webapp.services import deliveries, mail, notices, smtp


@pytest.fixture
def office():
    with PostOffice() as made:
        yield made


@pytest.fixture
def settings(settings, office):
    return replace(
        settings,
        smtp_host="127.0.0.1",
        smtp_port=office.port,
        smtp_security="none",
        mail_from="Slate <slate@agency.example>",
        public_url="https://slate.example",
    )


@pytest.fixture
def job(ada):
    return factories.job(factories.client(), "Cold <b>brew</b>", user_id=ada.id)


def tell(job, text="commented on scene 3: nice", by=None, **facts):
    with transaction():
        notices.tell(job, "comment", text, by=by, **facts)


def rows():
    db.session.rollback()
    return list(db.session.query(Delivery).order_by(Delivery.created_at))


def send():
    for each in rows():
        deliveries.attempt(each.id, each.attempts)


def parts(sent):
    return tuple(sent.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))


def test_what_happens_to_one_job_within_two_minutes_is_one_mail(job, ada, eve, office):
    other = factories.job(job.client, "Another", user_id=ada.id)
    for number in range(3):
        tell(job, f"commented on scene {number}", by=eve)
    tell(other, "approved v2", by=eve)
    assert [abs(each.next_at - utcnow() - timedelta(minutes=2)) < timedelta(seconds=20) for each in rows()] == [
        True
    ] * 2
    send()
    assert [each["Subject"] for each in office.mails] == [
        "Cold <b>brew</b>: 3 updates",
        "Another: Eve Holt approved v2",
    ]
    text, html = parts(office.mails[0])
    for each in notices.of_person(ada).rows:
        if each.job_id == job.id:
            assert f"* {each.actor} {each.text}\n  https://slate.example/inbox/{each.id}" in text
            assert f"https://slate.example/inbox/{each.id}" in html
    assert "Cold &lt;b&gt;brew&lt;/b&gt;" in html
    assert "<b>" not in html
    assert office.recipients == ["ada@example.com"] * 2
    assert (office.mails[0]["From"], office.mails[0]["To"]) == ("Slate <slate@agency.example>", "ada@example.com")
    tell(job, "commented on scene 9", by=eve)
    assert len(rows()) == 3  # a mail that is written takes no more in


def test_what_comes_while_a_mail_is_under_way_is_in_the_next(job, ada, eve, office):
    tell(job, "first", by=eve)
    first = rows()[0]
    with transaction():
        assert mail.compose(first)
    tell(job, "second", by=eve)
    send()
    said = [parts(each)[0] for each in office.mails]
    assert [("first" in each, "second" in each) for each in said] == [(True, False), (False, True)]


def test_what_was_read_by_then_is_not_mailed(job, ada, eve, office):
    for text in ("first", "second"):
        tell(job, text, by=eve)
    notices.read(ada, notices.of_person(ada).rows[0].id)
    send()
    assert [("first" in parts(each)[0], "second" in parts(each)[0]) for each in office.mails] == [(True, False)]
    tell(job, "third", by=eve)
    notices.read_all(ada)
    send()
    assert len(office.mails) == 1
    assert [each.state for each in rows()] == ["sent"]


def test_who_wants_none_or_has_no_account_any_more_gets_none(job, ada, eve, office):
    tell(job, by=eve)
    mail.set_wish(ada, wants_mail=False)
    tell(job, by=eve)
    send()
    assert (office.mails, rows()) == ([], [])
    mail.set_wish(ada, wants_mail=True)
    tell(job, by=eve)
    with transaction():
        ada.deactivated_at = utcnow()
    send()
    assert (office.mails, rows()) == ([], [])


def test_without_a_mail_server_the_inbox_is_all(app, job, ada, eve, settings):
    app.extensions["settings"] = replace(settings, smtp_host="")
    tell(job, by=eve)
    assert rows() == []
    assert notices.unread(ada) == 1


@pytest.mark.parametrize(
    "hostile", ["Hi\r\nBcc: all@example.com", "Hi\nX-Evil: 1\n\nBody", "Hi\u2028there\x00", "x" * 400]
)
def test_no_title_or_text_becomes_a_header(job, ada, eve, office, hostile):
    with transaction():
        job.title = hostile
    tell(job, hostile, by=eve)
    send()
    (sent,) = office.mails
    assert sent["Bcc"] is sent["X-Evil"] is None
    assert len(sent["Subject"]) <= smtp.SUBJECT
    assert office.recipients == ["ada@example.com"]
    assert [key for key in sent if key == "Subject"] == ["Subject"]


def test_the_unsubscribe_link_is_signed_and_ends_them(app, job, ada, eve, office):
    tell(job, by=eve)
    send()
    sent = office.mails[0]
    link = re.fullmatch(r"<(https://slate\.example/unsubscribe/\S+)>", sent["List-Unsubscribe"])[1]
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(link in part for part in parts(sent))
    token = link.rpartition("/")[2]
    assert mail.subscriber(token) is ada
    for forged in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace(ada.id, eve.id),
        "",
        ".",
        "é.é",
        ada.id,
    ):
        with pytest.raises(NotFound):
            mail.subscriber(forged)


def test_a_refused_recipient_is_given_up_at_once_and_a_busy_server_tried_again(job, ada, eve, office):
    office.refuse = "451 Try later"
    tell(job, by=eve)
    send()
    (row,) = rows()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert "refuses the recipient (451)" in row.error
    office.refuse = "550 No such user"
    send()
    (row,) = rows()
    assert (row.state, row.body, row.payload) == ("failed", "", {})
    assert deliveries.given_up(mail.MAIL) == (1, "The mail server refuses the recipient (550).")


def test_each_try_sends_the_same_mail(job, ada, eve, office):
    office.refuse = "451 Try later"
    tell(job, "first", by=eve)
    send()
    before = rows()[0].body
    office.refuse = ""
    notices.read_all(ada)
    send()
    assert parts(office.mails[0])[0].strip() == before.strip()
    assert office.mails[0]["Message-ID"] == f"<{rows()[0].id}@agency.example>"


def test_nobody_there_and_a_server_without_tls(app, job, ada, eve, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    letter = smtp.message(settings, "a@example.com", "Hi", "text", "<p>text</p>", message_id="1")
    for changed, said in (
        ({"smtp_port": port}, "does not answer"),
        ({"smtp_security": "starttls"}, "does not offer what is asked"),
        ({"smtp_security": "tls"}, "No secure connection"),
        ({"smtp_user": "slate", "smtp_password": "hunter2hunter2"}, "does not offer what is asked"),
    ):
        with pytest.raises(DeliveryFailed, match=said) as failed:
            smtp.send(replace(settings, **changed), letter)
        assert "hunter2" not in str(failed.value) + failed.value.hint


def test_a_password_is_in_no_log(app, job, ada, eve, settings, caplog):
    app.extensions["settings"] = replace(settings, smtp_user="slate", smtp_password="hunter2hunter2")
    with caplog.at_level(logging.DEBUG):
        tell(job, by=eve)
        send()
    assert rows()[0].error
    assert "hunter2" not in caplog.text + rows()[0].error


def test_a_link_goes_out_at_once_and_is_not_kept(app, office):
    link = "https://slate.example/invitations/secret-token"
    with transaction():
        deliveries.queue(mail.letter("new@example.com", "Join", "Ada invites you.", link))
    send()
    assert all(link in part for part in parts(office.mails[0]))
    assert "List-Unsubscribe" not in office.mails[0]
    (row,) = rows()
    assert "secret-token" not in f"{row.body}{row.payload}{row.subject}{row.error}"


def test_a_long_unsubscribe_address_goes_out_on_one_line_as_it_is(settings):
    """Folded or encoded, mail programs offer no button (RFC 8058 reads the header as it stands)."""
    url = f"https://slate.a-rather-long-name-of-an-agency.example/unsubscribe/{'a' * 36}.{'b' * 43}"
    sent = smtp.message(settings, "ada@example.com", "Grüße " * 30, "x", "<p>x</p>", message_id="1", unsubscribe=url)
    assert f"List-Unsubscribe: <{url}>\n" in sent.as_bytes().decode("ascii")
    folded = EmailMessage()  # the control: the standard policy
    folded["List-Unsubscribe"] = f"<{url}>"
    assert f"List-Unsubscribe: <{url}>\n" not in folded.as_bytes().decode("ascii")


@pytest.mark.parametrize(
    ("to", "header"),
    [
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
        ("ada@example.com", "ada@example.com"),
        ("ada@intranet", "ada@intranet"),
    ],
)
def test_domains_in_other_letters_go_out_as_punycode(settings, office, to, header):
    sent = smtp.message(settings, to, "Hello", "x", "<p>x</p>", message_id="1")
    assert sent["To"] == header
    smtp.send(settings, sent)
    assert office.recipients == [header]


def test_a_server_that_cannot_send_to_other_letters_before_the_at_is_named(settings, office):
    with pytest.raises(DeliveryFailed, match="letters beyond ASCII") as refused:
        smtp.send(settings, smtp.message(settings, "jörg@example.com", "Hello", "x", "<p>x</p>", message_id="1"))
    assert refused.value.permanent
