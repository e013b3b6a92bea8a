"""Make `0.1.0.tar.xz`: a data folder of release 0.1.0 with everything in it that people had made by then.

Run in a checkout of that release, see README.md. Pictures and sound are made small; the rest is what the product makes.
"""

from __future__ import annotations

import io
import os
import sqlite3
import sys
import tarfile
import tempfile
import wave
from pathlib import Path
from types import SimpleNamespace

import av
from PIL import Image

sys.path.insert(0, os.getcwd())  # noqa: PTH109 - the checkout of the release, not this file's own

from webapp import create_app
from webapp.config import load
from webapp.demo import drawings, world
from webapp.extensions import db
from webapp.models import Allows, Client, Job, Role, User, Verdict
from webapp.schemas.api_keys import ApiKeyDraft
from webapp.schemas.comments import CommentDraft, CommentText
from webapp.schemas.decisions import DecisionDraft
from webapp.schemas.review_links import Named, ReviewLinkTerms
from webapp.schemas.scenes import NewScene, RedoRequest, SceneChange
from webapp.schemas.sending import SendDraft
from webapp.schemas.versions import VersionDraft
from webapp.schemas.webhooks import WebhookDraft
from webapp.services import (
    animatics,
    api_keys,
    comments,
    decisions,
    frame_store,
    history,
    jobs,
    people,
    review_links,
    reviewers,
    scene_rewriter,
    scenes,
    sending,
    sign_ins,
    upkeep,
    verdicts,
    versions,
    webhooks,
)  # fmt: skip
from webapp.services.frames import sizes

SMALLER = 8
LONG_PASSWORD = "correct horse battery staple"


def shrink() -> None:
    """Draw everything small, so that the whole folder is a few hundred kilobytes."""
    sizes.SIZES.update({ratio: (width // SMALLER, height // SMALLER) for ratio, (width, height) in sizes.SIZES.items()})
    for name in ("bottle", "morning", "mountain", "bicycle"):
        setattr(drawings, name, smaller_picture(getattr(drawings, name)))
    drawings.chords = short_sound


def smaller_picture(draw):
    def small() -> bytes:
        image, out = Image.open(io.BytesIO(draw())), io.BytesIO()
        image.resize((image.width // SMALLER, image.height // SMALLER)).save(out, image.format)
        return out.getvalue()

    return small


def short_sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(4000))
    return out.getvalue()


def tiny_film() -> bytes:
    """Return a real film of one second, 64 by 36 pixels; a rendered one is half a megabyte."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("h264", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _ in range(5):
            film.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 36), "#1f7a63"))))
        film.mux(stream.encode())
    return out.getvalue()


def guest(link, token: str, name: str):
    """Come through a review link as somebody without an account."""
    reviewer, _cookie = reviewers.enter(token)
    return reviewers.introduce(reviewer, name, "cleo@fjell.example")


def fill(ada: User, eve: User, ben: User) -> None:
    """Add to the demo's two boards what it lacks."""
    client = db.session.query(Client).filter_by(name="Fjell Coffee").one()
    in_round_two = db.session.query(Job).filter_by(title="Cold brew in one twist").one()
    decided_by_guests(ada, eve, in_round_two)
    rejected = board(ada, client, "Rejected: a talking cup")
    decisions.decide(ben, rejected, DecisionDraft(kind="reject", reason="No talking cups. “Ünïcode” 🎬"))
    reopened = board(ada, client, "Reopened: first snow")
    decisions.decide(ada, reopened, DecisionDraft(kind="approve"), user_agent="Browser of Ada")
    decisions.reopen(eve, reopened)
    animatics.drop(reopened)
    scenes.edit(eve, reopened, jobs.scenes(reopened)[0], SceneChange(script="Snow, at last."))
    undecided = board(eve, client, "Undecided: a quiet morning")
    history.keep_named(eve, undecided, VersionDraft(name="Before lunch"))
    scenes.move(eve, undecided, jobs.scenes(undecided)[2], 1)
    candidate = scenes.redo(eve, undecided, jobs.scenes(undecided)[0], RedoRequest(feedback="Shorter."))
    scene_rewriter.rewrite(candidate.id, candidate.redo_token)
    hook = webhooks.add(ada, WebhookDraft(url="https://hooks.fjell.example/slate"))
    webhooks.send_test(ada, hook)
    api_keys.create(eve, ApiKeyDraft(name="Nightly export"))
    sign_ins.begin(eve, address="127.0.0.1", user_agent="Browser of Eve")


def board(maker: User, client: Client, title: str) -> Job:
    """Make a storyboard of three scenes by hand."""
    from webapp.schemas.jobs import JobDraft

    draft = JobDraft(
        client_id=client.id, product=title, audience="everybody", key_message="Coffee", call_to_action="Try it",
        ratio="9:16", seconds=15, language="en", num_scenes=3,
    )  # fmt: skip
    return world._write(maker, draft, 3)


def decided_by_guests(ada: User, eve: User, job: Job) -> None:
    """Send a version, have two guests look at it, judge scenes, comment and decide."""
    sent = sending.send(ada, job, SendDraft(name="Round two", note="The hook is shorter now.", approval_rule="all"))
    open_link, token = review_links.create(
        ada, job, ReviewLinkTerms(name="Fjell, marketing", allows=Allows.DECIDE, asks_email=True)
    )
    named = ReviewLinkTerms(name="Legal", allows=Allows.DECIDE, people=[Named("Maya Lund", "maya@fjell.example")])
    review_links.create(eve, job, named)
    cleo = guest(open_link, token, "Cleo Brand")
    scene_ids = [each.scene_id for each in versions.find(job, sent.number).scenes]
    verdicts.give(cleo, sent, scene_ids[0], Verdict.GOOD)
    verdicts.give(cleo, sent, scene_ids[1], Verdict.CHANGES)
    said = comments.add(
        cleo, job, CommentDraft(text="Is this the old label?", scene_id=scene_ids[1], pin_x=400, pin_y=500)
    )
    comments.reply(eve, said, CommentText(text="It is. I will change it."))
    comments.answer(ada, said, CommentText(text="Changed."))
    decisions.decide_as_guest(
        cleo, sent, DecisionDraft(kind="request_changes", reason="New label, please."), user_agent="Phone of Cleo"
    )
    scenes.add(eve, job, NewScene())
    scenes.delete(eve, job, jobs.scenes(job)[-1])


def pack(folder: Path, target: Path) -> None:
    for database in folder.glob("*.db"):
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("VACUUM")
    with tarfile.open(target, "w:xz", preset=9) as archive:
        for file in sorted(folder.iterdir()):
            if file.is_file():
                archive.add(file, file.name)


def main() -> None:
    shrink()
    folder = Path(tempfile.mkdtemp()) / "instance"
    app = create_app(load({"SLATE_DATA": str(folder), "WRITING_PACE": "0"}))
    upkeep.migrate(app)
    with app.app_context():
        ada = people.add("ada@example.com", "Ada Byron", Role.ADMIN, LONG_PASSWORD)
        eve = people.add("eve@example.com", "Eve Holt", Role.EDITOR, LONG_PASSWORD)
        ben = people.add("ben@example.com", "Ben Berg", Role.REVIEWER, LONG_PASSWORD)
        world.build(ada, ben)
        fill(ada, eve, ben)
        for job in db.session.query(Job).order_by(Job.created_at).all():
            frame_store.draw_missing(job.id)
            if animatics.is_rendering(job):
                animatics._keep(job.id, job.video_token, SimpleNamespace(mp4=tiny_film(), duration_ms=15000, silent=""))
        db.session.remove()
        db.engine.dispose()
    pack(folder, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
