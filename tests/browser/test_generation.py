"""A storyboard while it is written: words come, scenes appear, frames arrive; stop, go on, a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import brief
from tests.browser.running import Slate
from webapp.extensions import db, transaction
from webapp.models import JobStatus
from webapp.services import attempts, jobs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


WATCH = """() => {
  window.sameDocument = true;
  const seen = (window.seen = { counts: [], words: [], stages: [] });
  const look = () => {
    seen.counts.push(document.querySelectorAll("#board > .scene:not(.scene-wip)").length);
    for (const line of document.querySelectorAll("#scene-writing .words")) seen.words.push(line.textContent);
    for (const line of document.querySelectorAll("#job-progress b")) seen.stages.push(line.textContent);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
"""Note in the page itself whatever it shows: asking from outside misses most of it on a busy machine."""


@pytest.fixture(scope="module")
def paced(migrated: Path, tmp_path_factory) -> Iterator[Slate]:
    """A Slate whose built-in writer takes its time, as it does for people."""
    with Slate(migrated, tmp_path_factory.mktemp("paced") / "instance", WRITING_PACE="2") as running:
        yield running


@pytest.fixture
def maker(paced):
    return paced.person("Eve Holt")


def test_scenes_appear_one_by_one_with_their_words_and_frames_without_a_reload(opened, paced, maker):
    job = jobs.create(maker, brief(paced.client().id, num_scenes=4))
    page = opened(paced, maker, f"/jobs/{job.id}")
    page.evaluate(WATCH)
    expect(page.locator("#board > .scene")).to_have_count(4, timeout=60_000)
    expect(page.locator("#job-progress section")).to_have_count(0, timeout=60_000)
    seen = page.evaluate("window.seen")
    counts, words, stages = set(seen["counts"]), set(seen["words"]), set(seen["stages"])
    assert {1, 2, 3, 4} <= counts | {4}, counts
    whole = [text for scene in paced.texts(job) for text in (scene["description"], scene["script"])]
    assert any(text != part and text.startswith(part) for part in words - {""} for text in whole), (
        "the words of a scene are seen as they come, before all of them are there"
    )
    assert any(stage.startswith("Writing scene") for stage in stages), stages
    expect(page.locator("#board .frame img")).to_have_count(4)
    expect(page.locator("#board .frame-note")).to_have_count(0)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("#job-dock")).to_be_visible()
    expect(page.get_by_role("button", name="Add a scene")).to_be_visible()
    assert page.evaluate("window.sameDocument")
    lengths = [text["duration_ms"] / 1000 for text in paced.texts(job)]
    expect(page.locator("#board .tag-dur")).to_have_text([f"Duration {seconds:.1f} s" for seconds in lengths])


def test_the_scene_being_written_carries_the_next_number(opened, paced, maker):
    job = jobs.create(maker, brief(paced.client().id, num_scenes=4))
    page = opened(paced, maker, f"/jobs/{job.id}")
    expect(page.locator("#scene-writing .words").first).to_be_visible(timeout=20_000)
    shown = page.evaluate(
        "[...document.querySelectorAll('#board .tag-no')].map(e => getComputedStyle(e, '::before').content).length"
    )
    assert shown == page.locator("#board > .scene").count()
    paced.until(lambda: not job.is_running)


def test_stop_keeps_what_is_finished_and_go_on_writes_the_rest(opened, paced, maker):
    job = jobs.create(maker, brief(paced.client().id, num_scenes=5, seconds=30))
    page = opened(paced, maker, f"/jobs/{job.id}")
    expect(page.locator("#board > .scene:not(.scene-wip)").first).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("The writing stopped")).to_be_visible()
    expect(page.locator("#scene-writing")).to_have_count(0)
    kept = paced.texts(job)
    assert 1 <= len(kept) < 5
    expect(page.locator("#board > .scene")).to_have_count(len(kept))
    page.get_by_role("button", name="Go on writing").click()
    expect(page.locator("#board > .scene:not(.scene-wip)")).to_have_count(5, timeout=30_000)
    expect(page.locator("#job-progress section, #job-progress .notice")).to_have_count(0, timeout=20_000)
    after = paced.texts(job)
    assert after[: len(kept)] == kept
    assert sum(text["duration_ms"] for text in after) == 30_000


def test_stopped_before_the_first_scene_the_board_says_what_to_do(opened, paced, maker):
    job = jobs.create(maker, brief(paced.client().id))
    attempts.stop(maker, job)
    page = opened(paced, maker, f"/jobs/{job.id}")
    expect(page.get_by_text("0 of 3 scenes are finished")).to_be_visible()
    expect(page.get_by_role("button", name="Go on writing")).to_be_visible()
    expect(page.get_by_role("button", name="Add a scene")).to_be_visible()
    expect(page.locator("#job-dock")).to_be_hidden()


def test_a_failure_names_cause_and_next_step_and_retry_works(opened, paced, maker):
    job = jobs.create(maker, brief(paced.client().id))
    attempts.stop(maker, job)
    with transaction():
        job = db.session.get_one(type(job), job.id)
        job.status, job.error, job.hint = (
            JobStatus.FAILED,
            "The writer did not answer in time.",
            "Try again in a minute.",
        )
        job.touch(layout=True)
    page = opened(paced, maker, f"/jobs/{job.id}")
    expect(page.locator(".notice")).to_contain_text("The writer did not answer in time. Try again in a minute.")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#board > .scene:not(.scene-wip)")).to_have_count(3, timeout=30_000)
    expect(page.locator(".notice")).to_have_count(0)


def test_what_is_typed_while_the_rest_is_written_is_saved(opened, paced, maker):
    job = jobs.create(maker, brief(paced.client().id, num_scenes=5))
    page = opened(paced, maker, f"/jobs/{job.id}")
    card = page.locator("#board > .scene:not(.scene-wip)").first
    expect(card).to_be_visible(timeout=20_000)
    card.locator("[name=script]").fill("")
    card.locator("[name=script]").press_sequentially("Typed while the others came in.", delay=60)
    expect(card.locator(".save")).to_have_attribute("data-s", "saved", timeout=8000)
    expect(page.locator("#board > .scene:not(.scene-wip)")).to_have_count(5, timeout=30_000)
    expect(card.locator("[name=script]")).to_have_value("Typed while the others came in.")
    assert paced.texts(job)[0]["script"] == "Typed while the others came in."
    paced.until(lambda: not job.is_running)


def test_without_a_worker_the_page_says_so(opened, migrated, tmp_path):
    with Slate(migrated, tmp_path / "instance", with_worker=False) as idle:
        eve = idle.person("Eve Holt")
        job = jobs.create(eve, brief(idle.client().id))
        page = opened(idle, eve, f"/jobs/{job.id}")
        expect(page.locator("#job-progress")).to_contain_text("no worker is running")
        page.context.close()
