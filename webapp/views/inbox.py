"""One's own inbox, the bell that counts what is unread, and the link in mails that ends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from webapp.services import mail, notices
from webapp.views.security import from_anywhere, person, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from webapp.models import Notice

blueprint = Blueprint("inbox", __name__)

BELL_POLL = "45s"
"""How often a page asks what is unread: one COUNT, nearly always answered by an empty 204."""
ICONS = {
    notices.MENTION: "user",
    notices.COMMENT: "message-square",
    notices.DECISION: "badge-check",
    notices.FAILURE: "circle-alert",
    notices.REVIEW: "eye",
}


@blueprint.get("/inbox")
def index() -> str:
    """List one's notices, newest first; `show=unread` only those that were not read."""
    everything = request.args.get("show") != "unread"
    page = notices.of_person(person(), only_unread=not everything, page=request.args.get("page", 1, type=int))
    return render_template(
        "inbox/index.html", page=page, everything=everything, unread=notices.unread(person()), icons=ICONS
    )


@blueprint.get("/inbox/bell")
def bell() -> ResponseReturnValue:
    """Answer the bell's poll: 204 while the number is still the one it `seen`."""
    count = notices.unread(person())
    if count == request.args.get("seen", type=int):
        return "", 204
    return render_template("inbox/_bell.html", unread=count)


@blueprint.get("/inbox/<notice_id>")
def follow(notice_id: str) -> ResponseReturnValue:
    """Lead to what a notice is about; following it marks it as read, fetching it ahead of time does not."""
    ahead = "prefetch" in f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    found = notices.find(person(), notice_id) if ahead else notices.read(person(), notice_id)
    return redirect(_place(found), 303)


@blueprint.post("/inbox/read")
def read_all() -> ResponseReturnValue:
    """Mark everything in one's inbox as read."""
    notices.read_all(person())
    return redirect(url_for("inbox.index"), 303)


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@public
@from_anywhere
def unsubscribe(token: str) -> ResponseReturnValue:
    """End somebody's mails by the signed link in each of them; the GET only asks, since mail scanners open links."""
    whose = mail.subscriber(token)
    if request.method == "POST":
        mail.set_wish(whose, wants_mail=False)
    return render_template("inbox/unsubscribe.html", whose=whose, done=request.method == "POST")


@blueprint.after_request
def _keep_quiet(response: Response) -> Response:
    """Keep an unsubscribe link out of search engines and the Referer of what its page leads to."""
    if request.view_args and "token" in request.view_args:
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer" if "Sec-Fetch-Site" in request.headers else "strict-origin"
    return response


@blueprint.app_template_global("unread_notices")
def unread_notices() -> int:
    """Count what the person who asks has not read; 0 where that cannot be told, as on the page of a broken database."""
    try:
        return notices.unread(person()) if current_user.is_authenticated else 0
    except SQLAlchemyError:
        return 0


blueprint.app_template_global("bell_poll")(lambda: BELL_POLL)


def _place(notice: Notice) -> str:
    if notice.job_id is None:
        return url_for("inbox.index")
    kind, _, comment_id = notice.anchor.partition("-")
    asked = {"comment": comment_id} if kind == "comment" else {}  # for browsers without JavaScript, see jobs/show.html
    return url_for("jobs.show", job_id=notice.job_id, _anchor=notice.anchor or None, **asked)  # type: ignore[arg-type]
