"""Make people, clients, campaigns and jobs the way the product makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.extensions import db, transaction
from webapp.models import Asset, AssetStatus, Campaign, Client, Job, JobStatus, Role, Scene, Take, User
from webapp.schemas.decisions import DecisionDraft

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

PASSWORD = "correct horse battery staple"


def _add(row: Any) -> Any:
    with transaction():
        db.session.add(row)
    return row


def person(name: str = "Ada Byron", email: str = "ada@example.com", role: Role = Role.ADMIN) -> User:
    return _add(User(name=name, email=email, role=role))


def client(name: str = "Fjell Coffee", **facts: Any) -> Client:
    facts.setdefault("colors", ["#1f7a63", "#eba23b"])
    return _add(Client(name=name, **facts))


def campaign(of: Client, name: str = "Spring launch", **facts: Any) -> Campaign:
    return _add(Campaign(client_id=of.id, name=name, **facts))


def asset(of: Client, name: str = "bottle.png", **facts: Any) -> Asset:
    facts.setdefault("kind", "image")
    facts.setdefault("format", "png")
    facts.setdefault("status", AssetStatus.READY)
    return _add(Asset(client_id=of.id, name=name, **facts))


def job(of: Client, title: str = "Cold brew in one twist", **facts: Any) -> Job:
    values: dict[str, Any] = {
        "product": "Fjell Cold Brew",
        "audience": "commuters, 20 to 35",
        "key_message": "Real cold brew, ready before you are",
        "call_to_action": "Order at fjell.coffee",
        "style": "Warm, documentary",
        "duration_ms": 15_000,
        "status": JobStatus.STORYBOARD_READY,
    }
    return _add(Job(client_id=of.id, title=title, **(values | facts)))


def scene(of: Job, position: int = 1, **facts: Any) -> Scene:
    values: dict[str, Any] = {
        "title": "One twist",
        "beat": "product",
        "description": "The bottle turns into light.",
        "script": "Ready in one twist.",
        "duration_ms": 3000,
    }
    made = _add(Scene(job_id=of.id, position=position, attempt=1, slot=position))
    take = _add(Take(scene_id=made.id, number=1, source="writer", **(values | facts)))
    with transaction():
        made.take_id = take.id
    db.session.refresh(made)
    return made


def decision(of: Job, kind: str = "approve", reason: str = "", **more: Any) -> DecisionDraft:
    """A decision about the board of a job as it stands, or (`seen`) as it was."""
    from webapp.services import decisions, jobs

    seen = more.pop("seen", None) or decisions.content_hash(jobs.scenes(of), of.named_ratio)
    return DecisionDraft(kind=kind, reason=reason, seen=seen, **more)


def signed_in(app: Flask, who: User | None) -> FlaskClient:
    """Open a browser signed in through the real session store; it says same-origin as a real one does."""
    browser = app.test_client()
    browser.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    if who is not None:
        from webapp.services import sign_ins

        token = sign_ins.begin(who, address="127.0.0.1", user_agent="test")
        browser.set_cookie("slate_session", token)
    return browser
