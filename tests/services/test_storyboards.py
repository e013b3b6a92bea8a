"""The canonical hash changes if and only if content does, and is what sha256sum says of the document."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Take
from webapp.schemas.scenes import SceneChange
from webapp.services import decisions, jobs, scenes, storyboards

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
CONTENT = st.fixed_dictionaries(
    dict.fromkeys(storyboards.CONTENT, TEXT)
    | {
        "duration_ms": st.integers(0, 10**6),
        "asset_ids": st.lists(TEXT, max_size=3),
        "extra": st.dictionaries(TEXT, JSON, max_size=2),
    }
)
OTHER_FACTS = st.fixed_dictionaries(
    {
        "number": st.integers(1, 99), "source": st.sampled_from(["writer", "edit", "redo"]), "feedback": TEXT,
        "user_id": TEXT, "writer": TEXT, "model": TEXT, "cost_micros": st.integers(0, 99), "waiting": st.booleans(),
        "created_at": st.datetimes().map(lambda at: at.replace(tzinfo=UTC)), "origin": TEXT, "id": TEXT,
    }
)  # fmt: skip


def board(contents, others=()):
    return [Take(**content, **(others[i] if i < len(others) else {})) for i, content in enumerate(contents)]


def as_json(contents):
    """What a board says, as one comparable text: 1, 1.0 and true are different words."""
    return json.dumps(contents, sort_keys=True)


@settings(max_examples=200, deadline=None)
@given(st.lists(CONTENT, max_size=3), st.lists(CONTENT, max_size=3))
def test_two_boards_have_one_hash_only_when_they_say_the_same(one, other):
    same = storyboards.content_hash(board(one)) == storyboards.content_hash(board(other))
    assert same == (as_json(one) == as_json(other))


@settings(max_examples=200, deadline=None)
@given(st.lists(CONTENT, min_size=1, max_size=3), st.data())
def test_any_change_of_any_one_field_changes_the_hash(contents, data):
    number = data.draw(st.integers(0, len(contents) - 1))
    name = data.draw(st.sampled_from(storyboards.CONTENT))
    changed = [dict(each) for each in contents]
    changed[number][name] = data.draw(CONTENT)[name]
    same = storyboards.content_hash(board(contents)) == storyboards.content_hash(board(changed))
    assert same == (as_json(contents[number][name]) == as_json(changed[number][name]))


@settings(max_examples=100, deadline=None)
@given(st.lists(CONTENT, max_size=4), st.data())
def test_the_order_counts(contents, data):
    moved = data.draw(st.permutations(contents))
    same = storyboards.content_hash(board(contents)) == storyboards.content_hash(board(moved))
    assert same == (as_json(contents) == as_json(moved))


@settings(max_examples=100, deadline=None)
@given(st.lists(CONTENT, min_size=1, max_size=3), st.lists(OTHER_FACTS, min_size=3, max_size=3))
def test_who_wrote_it_when_and_as_which_take_does_not_count(contents, others):
    assert storyboards.content_hash(board(contents)) == storyboards.content_hash(board(contents, others))


@settings(max_examples=100, deadline=None)
@given(st.lists(CONTENT, max_size=3))
def test_a_stranger_reproduces_the_document_from_its_json(contents):
    document = storyboards.document(board(contents))
    again = json.dumps(json.loads(document), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert again == document
    assert json.loads(document)["scenes"] == contents
    assert hashlib.sha256(document).hexdigest() == storyboards.content_hash(board(contents))


def test_the_hash_of_a_known_storyboard_never_changes():
    """Fixed for good: certificates out there name it. A new form gets a new number in FORMAT."""
    take = Take(
        title="6:42", beat="hook", description="Dawn.\n“Quoted”", script="Mornings don’t wait ☕", on_screen="",
        extra={}, shot_type="wide", camera_move="static", transition="cut", duration_ms=3000, asset_ids=["b", "a"],
    )  # fmt: skip
    assert storyboards.document([take, None]).decode() == (
        '{"format":"slate-storyboard/1","scenes":[{"asset_ids":["b","a"],"beat":"hook","camera_move":"static",'
        '"description":"Dawn.\\n“Quoted”","duration_ms":3000,"extra":{},"on_screen":"",'
        '"script":"Mornings don’t wait ☕","shot_type":"wide","title":"6:42","transition":"cut"},{}]}'
    )
    known = "2c1eb37cf4f91057d0e2e087df4ea523df401632857a1091c2dda94d6ec754c4"
    assert storyboards.content_hash([take, None]) == known  # what sha256sum says of these bytes


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=CONTENT)
def test_the_database_gives_back_what_was_hashed(stored, content):
    content = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in content.items()}
    with transaction():
        for name, value in content.items():
            setattr(stored, name, value)
    before = storyboards.scene_hash(Take(**content))
    db.session.expire_all()
    assert storyboards.scene_hash(stored) == before


@pytest.fixture
def stored(job):
    return jobs.scenes(job)[0].take


@pytest.fixture
def job(app):
    job = factories.job(factories.client())
    for number in (1, 2):
        factories.scene(job, number, title=f"Scene {number}")
    return job


FIELDS = {
    "title": "x", "beat": "hook", "description": "x", "script": "x", "on_screen": "x", "shot_type": "wide",
    "camera_move": "orbit", "transition": "fade", "seconds": 2.5,
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_of_a_scene_changes_the_hash_and_its_old_value_brings_it_back(ada, job, name):
    scene, before = jobs.scenes(job)[1], decisions.content_hash(jobs.scenes(job))
    old = scene.take.duration_ms / 1000 if name == "seconds" else getattr(scene.take, name)
    scenes.edit(ada, job, scene, SceneChange(**{name: FIELDS[name]}))
    assert decisions.content_hash(jobs.scenes(job)) != before
    scenes.edit(ada, job, scene, SceneChange(**{name: old}))
    assert decisions.content_hash(jobs.scenes(job)) == before


def test_what_is_not_content_does_not_change_the_hash(ada, job):
    before = decisions.content_hash(jobs.scenes(job))
    scenes.lock(ada, job, jobs.scenes(job)[0], locked=True)
    with transaction():
        job.title, job.product = "Another title", "Another product"
        for scene in jobs.scenes(job):
            scene.frame_key, scene.version = "1" * 64, 99
    assert decisions.content_hash(jobs.scenes(job)) == before
