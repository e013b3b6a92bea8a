"""Two people in one scene: different fields are no conflict, the same field is asked about, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from webapp.errors import Conflict, StaleVersion
from webapp.extensions import db, transaction
from webapp.models import Approval, new_id
from webapp.schemas.scenes import SceneChange
from webapp.services import events, merging, scenes, takes
from webapp.services.storyboards import content


@pytest.fixture
def job(app):
    return factories.job(factories.client())


@pytest.fixture
def scene(job):
    return factories.scene(job, 1)


def change(**fields):
    return SceneChange(**fields)


def scripts(scene):
    return {take.script for take in takes.of_scene(scene)}


def test_different_fields_of_one_scene_never_conflict(ada, eve, job, scene):
    scenes.edit(ada, job, scene, change(script="Mine."), version=1, tab="a")
    scenes.edit(eve, job, scene, change(title="Theirs"), version=1, tab="b")
    scenes.edit(ada, job, scene, change(seconds="4"), version=1, tab="c")
    assert (scene.take.script, scene.take.title, scene.take.duration_ms) == ("Mine.", "Theirs", 4000)


def test_the_same_field_is_a_conflict_for_the_one_who_did_not_see_it(ada, eve, job, scene):
    scenes.edit(ada, job, scene, change(script="Mine."), version=1, tab="a")
    with pytest.raises(StaleVersion):
        scenes.edit(eve, job, scene, change(script="Theirs.", title="Theirs"), version=1, tab="b")
    assert (scene.take.script, scene.take.title) == ("Mine.", "One twist")
    scenes.edit(eve, job, scene, change(script="Theirs."), version=2, tab="b")
    assert scene.take.script == "Theirs."


def test_the_same_words_twice_are_no_conflict(ada, eve, job, scene):
    scenes.edit(ada, job, scene, change(script="The same."), version=1, tab="a")
    scenes.edit(eve, job, scene, change(script="The same."), version=1, tab="b")
    assert [take.number for take in takes.of_scene(scene)] == [2, 1]


def test_a_tab_has_no_conflict_with_itself_even_after_somebody_changed_another_field(ada, eve, job, scene):
    scenes.edit(ada, job, scene, change(script="Min"), version=1, tab="a")
    scenes.edit(eve, job, scene, change(title="Theirs"), version=1, tab="b")
    scenes.edit(ada, job, scene, change(script="Mine."), version=1, tab="a")  # its first answer was lost on the way
    assert (scene.take.script, scene.take.title) == ("Mine.", "Theirs")


def test_a_tab_that_wrote_last_does_not_hide_what_others_wrote_in_another_field(ada, eve, job, scene):
    scenes.edit(eve, job, scene, change(script="Theirs."), version=1, tab="b")
    scenes.edit(ada, job, scene, change(title="Mine"), version=1, tab="a")
    with pytest.raises(StaleVersion):
        scenes.edit(ada, job, scene, change(script="Mine."), version=1, tab="a")


def test_ones_own_other_tab_is_somebody_else(ada, job, scene):
    scenes.edit(ada, job, scene, change(script="Here."), version=1, tab="a")
    with pytest.raises(StaleVersion):
        scenes.edit(ada, job, scene, change(script="There."), version=1, tab="b")


def test_a_form_that_sends_all_fields_changes_only_those_that_were_touched(ada, eve, job, scene):
    shown = scene.take
    everything = content(shown)
    scenes.edit(eve, job, scene, change(title="Theirs"), version=1)
    sent = {name: everything[name] for name in ("title", "description", "on_screen")} | {
        "script": "Mine.",
        "seconds": "3.0",
    }
    scenes.edit(ada, job, scene, SceneChange(**sent), version=1, began_at=shown.id)
    assert (scene.take.title, scene.take.script) == ("Theirs", "Mine.")


def test_both_texts_are_compared_word_by_word(ada, eve, job, scene):
    scenes.edit(eve, job, scene, change(script="Ready in one small twist.", title="Theirs"), version=1, tab="b")
    found = merging.compare(scene, change(script="Ready in one big twist.", description="Rain."), 1, "a")
    assert [each.column for each in found.questions] == ["script"]
    assert (found.version, found.author) == (2, "Eve Holt")
    assert [(run.kind, run.text) for run in found.questions[0].runs if run.kind != "same"] == [
        ("removed", "small"),
        ("added", "big"),
    ]


@pytest.mark.parametrize(
    ("chosen", "now"),
    [({"script": "Mine."}, "Mine."), ({}, "Theirs."), ({"script": "Mine. Theirs."}, "Mine. Theirs.")],
    ids=["mine", "theirs", "merged"],
)
def test_whatever_is_chosen_both_texts_stay_among_the_takes(ada, eve, job, scene, chosen, now):
    scenes.edit(eve, job, scene, change(script="Theirs."), version=1, tab="b")
    merging.settle(ada, job, scene, change(script="Mine."), change(**chosen), version=2, tab="a")
    assert scene.take.script == now
    assert {"Mine.", "Theirs.", "Ready in one twist."} <= scripts(scene)
    assert not [take for take in takes.of_scene(scene) if take.waiting]
    assert sorted(take.number for take in takes.of_scene(scene)) == list(range(1, len(takes.of_scene(scene)) + 1))


def test_fields_that_nobody_asked_about_are_saved_with_the_answer(ada, eve, job, scene):
    scenes.edit(eve, job, scene, change(script="Theirs."), version=1, tab="b")
    merging.settle(ada, job, scene, change(script="Mine.", title="New"), change(title="New"), version=2, tab="a")
    assert (scene.take.script, scene.take.title) == ("Theirs.", "New")


def test_an_answer_sent_twice_keeps_ones_words_once(ada, eve, job, scene):
    scenes.edit(eve, job, scene, change(script="Theirs."), version=1, tab="b")
    for _ in range(2):
        merging.settle(ada, job, scene, change(script="Mine."), change(), version=2, tab="a")
    assert [take.script for take in takes.of_scene(scene)].count("Mine.") == 1
    assert [event.text for event in events.of_job(job)].count("kept their words of scene 1 as take 3") == 1


def test_an_answer_to_words_that_changed_again_writes_nothing(ada, eve, job, scene):
    scenes.edit(eve, job, scene, change(script="Theirs."), version=1, tab="b")
    scenes.edit(eve, job, scene, change(script="Theirs, again."), version=2, tab="b")
    for chosen in (change(), change(script="Mine.")):
        with pytest.raises(StaleVersion):
            merging.settle(ada, job, scene, change(script="Mine."), chosen, version=2, tab="a")
    assert scene.take.script == "Theirs, again."
    assert "Mine." not in scripts(scene)


def test_a_frozen_board_takes_no_answer(ada, job, scene):
    with transaction():
        job.approval = Approval.APPROVED
    with pytest.raises(Conflict):
        merging.settle(ada, job, scene, change(script="Mine."), change(), version=1)


FIELDS = ("title", "description", "script", "on_screen")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from(FIELDS), st.sampled_from(("mine", "theirs", "merged"))),
        max_size=12,
    )
)
def test_any_two_people_lose_no_word(app, steps):
    """Each tab sees the board only when it saves; every text that was ever typed is found among the takes."""
    people = {tab: factories.person(f"Person {tab}", f"{new_id()}@example.com") for tab in "ab"}
    job = factories.job(factories.client())
    scene, seen, typed = factories.scene(job, 1), {"a": 1, "b": 1}, []
    for count, (tab, field, how) in enumerate(steps):
        text = f"{tab}{count} wrote this"
        mine = SceneChange(**{field: text})
        try:
            scenes.edit(people[tab], job, scene, mine, version=seen[tab], tab=tab)
        except StaleVersion:
            asked = merging.compare(scene, mine, seen[tab], tab)
            said = {"mine": {field: text}, "theirs": {}, "merged": {field: f"{text} {asked.questions[0].theirs}"[:80]}}
            merging.settle(people[tab], job, scene, mine, SceneChange(**said[how]), version=asked.version, tab=tab)
        typed.append((field, text, people[tab].id))
        seen[tab] = scene.version
    found = [content(take) for take in takes.of_scene(scene)]
    for at, (field, text, who) in enumerate(typed):
        folded = any(field == later and who == by for later, _, by in typed[at + 1 :])  # a burst of one's own
        assert folded or any(text in take[field] for take in found), (text, typed)
    db.session.rollback()
