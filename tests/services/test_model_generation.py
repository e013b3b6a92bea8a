"""A storyboard written by a model, from the job to the booked cost, whatever the provider does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests import factories
from tests.services.writers.provider_server import (
    KEY,
    AnthropicWire,
    FakeProvider,
    OpenAIWire,
    body,
    scene,
    story,
)
from webapp.extensions import db, transaction
from webapp.models import Comment, Job, JobStatus, Scene, Take
from webapp.schemas.jobs import JobDraft
from webapp.schemas.scenes import RedoRequest
from webapp.services import attempts, generations, jobs, scene_generator, scene_rewriter, scenes, takes


@pytest.fixture
def provider():
    with FakeProvider() as running:
        yield running


@pytest.fixture(params=[OpenAIWire, AnthropicWire], ids=["openai", "anthropic"])
def wire(request):
    return request.param()


@pytest.fixture
def job(app, ada, settings, provider, wire):
    """A job of 15 s and 3 scenes, asked for while the provider is the writer."""
    name, base = wire.name, provider.url + ("/v1" if wire.name == "openai" else "")
    facts = {f"{name}_api_key": KEY, f"{name}_base_url": base}
    own = {"ai_price_input_per_mtok": 1.0, "ai_price_output_per_mtok": 2.0}
    app.extensions["settings"] = replace(settings, ai_provider=name, ai_model="test-model", **facts, **own)
    client = factories.client(restrictions=["cheap"], disclaimer="Contains caffeine.")
    draft = JobDraft(
        client_id=client.id, product="Fjell Cold Brew", audience="commuters", key_message="Ready before you are",
        call_to_action="Order at fjell.coffee", seconds=15,
    )  # fmt: skip
    return jobs.create(ada, draft)


def run(job):
    scene_generator.write(job.id, job.attempt_token)
    db.session.refresh(job)
    return jobs.scenes(job)


def is_whole(job, board):
    assert [each.position for each in board] == [1, 2, 3], job.error
    assert sum(each.take.duration_ms for each in board) == 15_000
    assert min(each.take.duration_ms for each in board) >= 1000


def test_a_model_writes_and_its_tokens_are_booked(job, provider, wire):
    provider.script = [wire.stream(story())]
    board = run(job)
    is_whole(job, board)
    assert {each.take.writer for each in board} == {wire.name}
    assert job.input_tokens > 0
    assert job.output_tokens > 0
    assert job.actual_cost_micros == job.input_tokens + 2 * job.output_tokens
    assert job.estimated_cost_micros > 0
    sent = json.dumps(provider.requests[0])
    assert "Fjell Cold Brew" in sent
    assert "cheap" in sent
    assert "Contains caffeine." in sent


@pytest.mark.parametrize("seconds", [[1, 1, 1], [60, 60, 60], [5, 5, 5], [2.5, 9.5, 3]])
def test_wrong_totals_are_put_right_and_right_ones_kept(job, provider, wire, seconds):
    scenes_ = [scene(n + 1, seconds=value) for n, value in enumerate(seconds)]
    provider.script = [wire.stream(json.dumps({"scenes": scenes_}))]
    board = run(job)
    is_whole(job, board)
    if sum(seconds) == 15 and max(seconds) < 9:
        assert [each.take.duration_ms / 1000 for each in board] == seconds


def test_one_broken_scene_is_asked_again_not_the_board(job, provider, wire):
    bad = json.dumps({"scenes": [scene(1), scene(2, description="", script=""), scene(3)]})
    provider.script = [wire.stream(bad), wire.stream(story(1, first=2))]
    is_whole(job, run(job))
    assert len(provider.requests) == 2


def test_cut_off_in_the_middle_nothing_is_lost(job, provider, wire):
    whole = story()
    provider.script = [replace(wire.stream(whole[: len(whole) * 2 // 3]), cut=True), wire.stream(story(2, first=2))]
    board = run(job)
    is_whole(job, board)
    assert board[0].take.title == "Morning 1"


def test_a_refusal_fails_the_job_with_cause_and_next_step_and_retry_works(ada, job, provider, wire):
    provider.script = [wire.refusal("I cannot write this.")]
    assert run(job) == []
    assert job.status == JobStatus.FAILED
    assert job.error
    assert KEY not in job.error + job.hint
    provider.script = [wire.stream(story())]
    provider.requests.clear()
    attempts.retry(ada, job)
    is_whole(job, run(job))


@pytest.mark.parametrize("status", [401, 404])
def test_wrong_settings_are_named(job, provider, wire, status):
    provider.script = [wire.error(status)]
    run(job)
    assert job.status == JobStatus.FAILED
    assert ("KEY" in job.error + job.hint) if status == 401 else ("AI_MODEL" in job.error + job.hint)


def test_garbage_keeps_what_came_before(ada, job, provider, wire):
    first = json.dumps({"scenes": [scene(1)]})[:-2]
    provider.script = [wire.stream(first + ", {garbage"), wire.stream("<html>nothing</html>")]
    board = run(job)
    assert job.status == JobStatus.FAILED
    assert [each.take.title for each in board] == ["Morning 1"]


def test_a_redo_by_a_model_is_a_take_with_its_cost(ada, job, provider, wire):
    provider.script = [wire.stream(story())]
    board = run(job)
    scene_generator.draw(job.id, job.attempt_token)
    provider.script = [wire.stream(json.dumps({"scenes": [scene(2, description="Rain on the window, a bottle.")]}))]
    provider.requests.clear()
    scenes.redo(ada, job, board[1], RedoRequest(feedback="in the rain"))
    scene_rewriter.rewrite(board[1].id, board[1].redo_token)
    db.session.expire_all()
    take = takes.of_scene(board[1])[0]
    assert (take.number, take.waiting, take.description) == (2, True, "Rain on the window, a bottle.")
    assert take.cost_micros > 0
    assert take.input_tokens > 0
    assert take.output_tokens > 0
    assert take.model
    assert take.user_id == ada.id
    assert "in the rain" in json.dumps(provider.requests)


def test_a_failed_redo_leaves_the_scene_as_it_was(ada, job, provider, wire):
    provider.script = [wire.stream(story())]
    board = run(job)
    scene_generator.draw(job.id, job.attempt_token)
    provider.script = [wire.refusal("No.")]
    provider.requests.clear()
    before = board[1].take_id
    scenes.redo(ada, job, board[1], RedoRequest())
    scene_rewriter.rewrite(board[1].id, board[1].redo_token)
    db.session.expire_all()
    scene_now = jobs.scenes(job)[1]
    assert scene_now.take_id == before
    assert scene_now.error
    assert not scene_now.is_redoing


def test_a_word_that_is_on_no_list_is_kept_beside_the_nearest(ada, job, provider, wire):
    provider.script = [wire.stream(story(shot_type="whirlybird", transition="smash cut"))]
    board = run(job)
    assert [each.take.shot_type for each in board] == ["medium"] * 3
    assert [each.take.extra for each in board] == [{"shotTypeRaw": "whirlybird"}] * 3
    scene_generator.draw(job.id, job.attempt_token)
    provider.script = [
        wire.stream(json.dumps({"scenes": [scene(2, description="Rain on the window.", shot_type="close up")]}))
    ]
    provider.requests.clear()
    scenes.redo(ada, job, board[1], RedoRequest(), select=True)
    scene_rewriter.rewrite(board[1].id, board[1].redo_token)
    db.session.expire_all()
    take = jobs.scenes(job)[1].take
    assert (take.number, take.shot_type, take.extra) == (2, "close-up", {})


DRAFTS = json.dumps({"scenes": [scene(n, title=f"DRAFT {n}", script=f"DRAFT {n}") for n in (1, 2)]})
"""What a model wrote while thinking, without a mark at its beginning: it is stored like any answer at first."""


def titles(board):
    return [each.take.title for each in board]


FINAL = ["Morning 1", "Morning 2", "Morning 3"]


def test_a_draft_that_was_stored_already_is_taken_off_the_board(job, provider, wire):
    provider.script = [wire.stream(f"{DRAFTS}\n</think>\n{story()}", **as_text(wire))]
    board = run(job)
    is_whole(job, board)
    assert titles(board) == FINAL
    assert [each.slot for each in board] == [1, 2, 3]
    assert db.session.scalars(select(Take.title).order_by(Take.title)).all() == FINAL
    assert len(db.session.scalars(select(Scene)).all()) == 3
    assert len(provider.requests) == 1


def test_without_taking_back_the_draft_would_be_scene_1(job, provider, wire, monkeypatch):
    """Control: the drafts really were on the board."""
    monkeypatch.setattr(scene_generator._Keeper, "withdraw", lambda *_: None)
    provider.script = [wire.stream(f"{DRAFTS}\n</think>\n{story()}", **as_text(wire))]
    assert titles(run(job))[:2] == ["DRAFT 1", "DRAFT 2"]


def test_no_draft_stays_when_the_answer_never_comes(job, provider, wire):
    provider.script = [wire.stream(f"{DRAFTS}\n</think>\nI am not sure.", **as_text(wire))]
    assert run(job) == []
    assert job.status == JobStatus.FAILED
    assert "only thought aloud" in job.error
    assert "thinking off" in job.hint


def test_a_comment_on_a_draft_is_not_lost(ada, job, provider, wire, monkeypatch):
    take_back, asked = generations.take_back_scenes, []

    def comment_first(job_id, token, slots):
        first = jobs.scenes(db.session.get(Job, job_id))[0]
        asked.append(first.id)
        with transaction():
            db.session.add(
                Comment(job_id=job_id, scene_id=first.id, take_id=first.take_id, text="Lovely", author="Ada")
            )
        take_back(job_id, token, slots)

    monkeypatch.setattr(generations, "take_back_scenes", comment_first)
    provider.script = [wire.stream(f"{DRAFTS}\n</think>\n{story()}", **as_text(wire))]
    board = run(job)
    assert titles(board) == FINAL
    assert board[0].id == asked[0]
    assert db.session.scalars(select(Comment.scene_id)).all() == asked
    assert "DRAFT" not in "".join(db.session.scalars(select(Take.title)))


def test_writing_anew_goes_back_to_what_was_shown_before_a_draft(ada, job, provider, wire):
    provider.script = [wire.stream(story())]
    before = [each.take_id for each in run(job)]
    scene_generator.draw(job.id, job.attempt_token)
    attempts.regenerate(ada, job)
    provider.script = [wire.stream(f"{DRAFTS}\n</think>\nI am not sure.", **as_text(wire))]
    provider.requests.clear()
    board = run(job)
    assert job.status == JobStatus.FAILED
    assert [each.take_id for each in board] == before
    provider.script = [wire.stream(f"{DRAFTS}\n</think>\n{story(title='Noon')}", **as_text(wire))]
    provider.requests.clear()
    attempts.retry(ada, job)
    board = run(job)
    assert titles(board) == ["Noon"] * 3
    assert [each.take.number for each in board] == [2, 2, 2]


def test_a_first_writing_fails_with_what_was_wrong_and_not_as_a_redo(job, provider, wire):
    provider.script = [wire.stream(story(script={"tone": "warm"}))]
    run(job)
    assert job.status == JobStatus.FAILED
    assert "its script could not be read as text" in job.error
    assert "feedback" not in job.error + job.hint


def test_the_servers_own_sentence_reaches_the_job(job, provider, wire):
    provider.script = [body({"error": "model requires more system memory (7.5 GiB) than is available (5.2 GiB)"}, 400)]
    run(job)
    assert "model requires more system memory (7.5 GiB) than is available (5.2 GiB)" in job.error
    assert "smaller model" in job.hint


def as_text(wire):
    return {} if wire.name == "openai" else {"as_text": True}
