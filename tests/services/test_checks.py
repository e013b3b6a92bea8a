"""Checks before it goes out: what each finds, what it leaves alone, where it leads."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import event

from tests import factories
from webapp.extensions import db, transaction
from webapp.models import Frame, JobAsset, Scene, new_id
from webapp.services import checks, jobs

pytestmark = pytest.mark.usefixtures("app")

GOOD = [
    {
        "title": "The alarm wins again", "beat": "hook", "shot_type": "wide", "script": "Mornings don’t wait.",
        "description": "A commuter runs for the tram with a Fjell Cold Brew in her hand.",
    },
    {
        "title": "One twist", "beat": "product", "shot_type": "product", "on_screen": "Ready before you are",
        "script": "Real cold brew, ready in one twist.", "description": "The bottle turns into light.",
    },
    {
        "title": "End card", "beat": "cta", "shot_type": "end-card", "script": "Order yours today.",
        "on_screen": "fjell.coffee\nContains caffeine.", "description": "The logo on green.",
    },
]  # fmt: skip
"""A board of 9 s with nothing to point out."""


def client(**facts):
    return factories.client(**({"disclaimer": "Contains caffeine.", "restrictions": ["cheap"]} | facts))


def board(of=None, scenes=GOOD, *, drawn=True, **facts):
    job = factories.job(of or client(), **({"duration_ms": 3000 * len(scenes)} | facts))
    for number, said in enumerate(scenes, 1):
        made = factories.scene(job, number, **({"script": "", "duration_ms": 3000} | said))
        if drawn:
            with transaction():
                made.frame_id = frame().id
    return job


def frame():
    from webapp.models import Blob

    blob = Blob(sha256=new_id().replace("-", "") * 2, content_type="image/webp", size_bytes=1)
    db.session.add(blob)
    db.session.flush()
    ids = {"board_blob_id": blob.id, "plain_blob_id": blob.id, "thumbnail_blob_id": blob.id}
    made = Frame(key=new_id(), source="sketch", **ids)
    db.session.add(made)
    db.session.flush()
    return made


def report(job):
    scenes, links = jobs.scenes(job), jobs.assets(job)
    return checks.run(job, scenes, links, jobs.all_assets(links, scenes))


def found(job, code):
    return [each for each in report(job).checks if each.code == code]


def but(number, **words):
    """The good board with one scene saying something else; scene 0: each of them."""
    return [said | words if number in (0, i) else dict(said) for i, said in enumerate(GOOD, 1)]


def test_a_good_board_has_nothing_to_point_out():
    assert report(board()).checks == ()


def test_a_board_without_scenes_has_neither_checks_nor_coverage():
    job = factories.job(client())
    assert report(job) == checks.Report()


NO_CALL = {"script": "Good night.", "on_screen": "Contains caffeine."}
CASES = [
    # code, severity, facts of the job, scenes, what it says, the scene and field it leads to
    (
        "forbidden-words",
        "warn",
        {},
        but(2, script="Real cold brew, the cheapest."),
        "never says “cheapest”",
        2,
        "script",
    ),
    ("forbidden-words", "warn", {}, but(1, description="A cheap tram."), "action of scene 1", 1, "description"),
    (
        "name-spelling",
        "warn",
        {},
        but(1, script="fjell coffee"),
        "“fjell coffee” is written “Fjell Coffee”",
        1,
        "script",
    ),
    ("name-spelling", "note", {}, but(1, title="FJELL-COFFEE"), "title of scene 1", 1, "title"),
    ("disclaimer-missing", "warn", {}, but(3, on_screen="x"), "missing: show “Contains caffeine.”", 3, "on_screen"),
    ("disclaimer-missing", "warn", {}, but(3, on_screen="Contains some caffeine"), "not word for word", 3, "on_screen"),
    (
        "letters-missing",
        "warn",
        {},
        but(2, script="Real \ue000\ue001 brew."),
        "letters of scene 2 (U+E000 U+E001)",
        2,
        "script",
    ),
    ("letters-missing", "warn", {}, but(1, on_screen="\ue000"), "of scene 1 (U+E000): it draws □", 1, "on_screen"),
    ("letters-missing", "warn", {"call_to_action": "Buy \ue000"}, GOOD, "of scene 3 (U+E000)", 3, "shot_type"),
    (
        "words-not-counted",
        "note",
        {},
        but(2, script="朝の一杯が一日を変える。Fjell"),
        "words of scene 2 are written without spaces",
        2,
        "script",
    ),
    ("words-over", "warn", {}, but(1, script="one two three four five six seven eight"), "cut 1 word or", 1, "script"),
    ("words-over", "warn", {}, but(1, script="word " * 10), "take 4 s, the scene has 3 s", 1, "script"),
    ("length-off", "warn", {"duration_ms": 8000}, GOOD, "take 1 s more than the 8 s", 0, ""),
    ("length-off", "warn", {"duration_ms": 12000}, GOOD, "leave 3 s", 0, ""),
    ("length-off", "note", {"duration_ms": 9500}, GOOD, "leave 0.5 s", 0, ""),
    ("product-late", "note", {}, but(1, description="A commuter", duration_ms=3100), "after 3.1 s, in scene 2", 2, ""),
    ("no-call-at-end", "warn", {}, but(3, beat="proof", **NO_CALL), "Scene 3 ends without", 3, "script"),
    ("no-call-at-end", "warn", {}, but(3, script="", on_screen=" "), "Scene 3 ends without", 3, "script"),
    ("same-shots", "note", {}, but(2, shot_type="wide"), "Scenes 1 and 2 are the same shot", 1, "shot_type"),
    ("same-shots", "note", {}, but(0, shot_type="close-up"), "Scenes 1, 2 and 3", 1, "shot_type"),
    (
        "product-missing",
        "warn",
        {"product": "Velo"},
        but(0, beat="hook", shot_type="wide"),
        "not named",
        1,
        "description",
    ),
    ("message-missing", "warn", {}, but(2, script="Night.", on_screen=""), "not found in words", 2, "script"),
    ("audience-missing", "note", {}, but(1, description="She runs."), "show for whom", 1, "description"),
    ("action-missing", "warn", {}, but(3, **NO_CALL), "call to action is not found", 3, "script"),
]


@pytest.mark.parametrize(("code", "severity", "facts", "scenes", "says", "leads_to", "field"), CASES)
def test_each_check_says_what_is_wrong_and_leads_there(code, severity, facts, scenes, says, leads_to, field):
    job = board(scenes=scenes, **facts)
    [check] = found(job, code)
    ids = ["", *(scene.id for scene in jobs.scenes(job))]
    assert (check.severity, check.leads_to, check.field) == (severity, ids[leads_to], field)
    assert says in check.text
    assert check.text.endswith(".")


@pytest.mark.parametrize(
    ("code", "facts", "scenes"),
    [
        ("words-over", {}, but(1, script="one two three four five six seven")),
        ("length-off", {"duration_ms": 9050}, GOOD),
        ("product-late", {}, [GOOD[0] | {"description": "A commuter"}, *GOOD[1:]]),
        ("no-call-at-end", {}, but(3, beat="proof")),
        ("no-call-at-end", {}, but(3, script="", on_screen="Order\nContains caffeine.")),
        ("action-missing", {}, but(3, script="", on_screen="FJELL.COFFEE\nContains caffeine.")),
        ("message-missing", {}, but(2, script="We made a real brew.", on_screen="It is ready, and cold.")),
        ("name-spelling", {}, but(1, script="See fjell-coffee.com")),
        ("disclaimer-missing", {}, but(3, on_screen="x", script="Order. Contains caffeine")),
    ],
)
def test_what_is_right_is_left_alone(code, facts, scenes):
    assert found(board(scenes=scenes, **facts), code) == []


def test_a_spelling_of_the_list_is_right_and_one_plain_word_is_only_a_note():
    job = board(client(spellings=["FJELL COFFEE", "Velo"]), but(1, script="FJELL COFFEE, velo"))
    assert [(each.place.found, each.severity) for each in found(job, "name-spelling")] == [("velo", "note")]


def test_without_rules_nothing_is_asked_for():
    bare = factories.client("Nordic", restrictions=[], disclaimer=" … ")
    codes = {each.code for each in report(board(bare, but(3, on_screen="cheap"))).checks}
    assert not codes & {"forbidden-words", "disclaimer-missing", "name-spelling"}


LANGUAGES = [
    ("de", "Bestelle auf fjell.coffee", "Frischer Kaffee, fertig bevor du es bist", "Pendlerinnen",
     "Frische Kaffees sind jetzt fertig.", "Jetzt bestellen!", "Ein Pendler rennt."),
    ("es", "Compra en fjell.coffee", "Café fresco, listo antes que tú", "Viajeros de tranvía",
     "Los cafés frescos están listos.", "Comprando hoy.", "Una viajera corre."),
    ("fr", "Commandez sur fjell.coffee", "Du café frais, prêt avant vous", "Voyageurs",
     "Les cafés frais sont prêts.", "Commander maintenant.", "Un voyageur court."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "action", "message", "audience", "says", "calls", "shows"), LANGUAGES)
def test_inflection_is_no_false_alarm(language, action, message, audience, says, calls, shows):
    scenes = but(1, description=shows)
    scenes[1] |= {"script": says, "on_screen": ""}
    scenes[2] |= {"script": calls}
    facts = {"language": language, "call_to_action": action, "key_message": message, "audience": audience}
    rows = report(board(scenes=scenes, **facts)).coverage
    assert [row.key for row in rows if row.is_covered] == ["product", "message", "audience", "action"]
    assert next(row for row in rows if row.key == "message").cells[1] == "said"
    assert next(row for row in rows if row.key == "audience").cells == ("said", "", "")


def test_a_brief_in_another_language_cannot_be_compared_and_says_so():
    message = "Real cold brew that is ready before you are, and it is the best of the day"
    found_codes = [each.code for each in report(board(language="es", key_message=message)).checks]
    assert "other-language" in found_codes
    assert not [code for code in found_codes if code.endswith("-missing")]


def test_coverage_says_how_each_scene_carries_each_part():
    scenes = but(1, description="A commuter and some brew.")
    scenes[1] |= {"script": "Ready in one twist."}
    scenes[2] |= {"on_screen": "Contains caffeine."}
    rows = {row.key: row for row in report(board(scenes=scenes)).coverage}
    assert rows["product"].cells == ("partly", "shown", "")
    assert rows["action"].cells == ("", "", "said")
    assert rows["message"].cells == ("", "partly", "")  # “ready” alone, of real, cold, brew and ready
    assert rows["product"].wanted == "Fjell Cold Brew"
    assert (rows["product"].count, rows["audience"].count) == (1, 1)


def test_a_message_spread_over_scenes_counts():
    scenes = but(2, script="It is cold.", on_screen="")
    scenes[0] |= {"script": "Real things first."}
    scenes[2] |= {"script": "Your brew. Order."}
    row = next(row for row in report(board(scenes=scenes)).coverage if row.key == "message")
    assert row.together
    assert row.is_covered


def with_asset(job, name, role="", number=None, **facts):
    asset = factories.asset(job.client, name, **facts)
    with transaction():
        db.session.add(JobAsset(job_id=job.id, asset_id=asset.id, role=role))
        if number:
            jobs.scenes(job)[number - 1].take.asset_ids = [asset.id]
    return asset


def test_a_product_shot_shows_the_product():
    job = board(scenes=[GOOD[0] | {"description": "A commuter", "duration_ms": 4000}, *GOOD[1:]], duration_ms=10_000)
    assert found(job, "product-late")
    with_asset(job, "IMG_1.png", "product_shot", 1)
    assert not found(job, "product-late")


@pytest.mark.parametrize(
    ("name", "facts", "is_pointed_out"),
    [
        ("bottle.png", {}, True),
        ("film.mp4", {"kind": "video"}, True),
        ("song.mp3", {"kind": "audio", "role": "use_full_audio"}, True),
        ("song.mp3", {"kind": "audio"}, False),
        ("voice.mp3", {"kind": "audio", "role": "voice_sample"}, False),
        ("brand book.pdf", {"kind": "document"}, False),
        ("refused.png", {"status": "refused"}, False),
        ("bottle.png", {"number": 2}, False),
    ],
)
def test_assets_of_the_brief_that_no_scene_uses(name, facts, is_pointed_out):
    job = board()
    with_asset(job, name, facts.pop("role", ""), facts.pop("number", None), **facts)
    assert bool(found(job, "asset-unused")) == is_pointed_out


def test_many_unused_assets_are_one_line():
    job = board()
    for number in range(5):
        with_asset(job, f"picture {number}.png")
    [check] = found(job, "asset-unused")
    assert check.text.startswith("“picture 0.png”, “picture 1.png”, “picture 2.png” and 2 more are in no scene")
    assert (check.about, check.leads_to) == ("assets", "")


def test_scenes_without_a_picture():
    job = board(drawn=False)
    [waiting] = found(job, "not-drawn")
    assert (waiting.severity, len(waiting.scene_ids)) == ("note", 3)
    with transaction():
        jobs.scenes(job)[1].frame_error = "The asset could not be read"
    [check] = found(job, "no-picture")
    assert check.severity == "warn"
    assert "Scene 2 has no picture: The asset could not be read. Change" in check.text
    assert len(found(job, "not-drawn")[0].scene_ids) == 2


def test_warnings_come_before_notes_and_each_scene_knows_its_own():
    job = board(scenes=but(2, shot_type="wide", script="Real cold brew, cheap."))
    made, ids = report(job), [scene.id for scene in jobs.scenes(job)]
    assert [each.severity for each in made.checks] == sorted((each.severity for each in made.checks), reverse=True)
    assert (len(made.warnings), len(made.notes)) == (1, 1)
    assert {key: [each.code for each in some] for key, some in made.by_scene.items()} == {
        ids[0]: ["same-shots"], ids[1]: ["forbidden-words", "same-shots"],
    }  # fmt: skip


def test_a_scene_whose_words_have_not_come_yet_is_left_out():
    job = board()
    with transaction():
        db.session.add(Scene(job_id=job.id, position=4))
    assert report(job).checks == ()


def test_thirty_scenes_are_looked_through_without_asking_the_database():
    rules = client(restrictions=[f"claim number {i}" for i in range(100)], spellings=[f"Name {i}" for i in range(50)])
    job = board(rules, [said | {"description": said["description"] * 8} for said in GOOD * 10])
    scenes, links = jobs.scenes(job), jobs.assets(job)
    assets = jobs.all_assets(links, scenes)
    checks.run(job, scenes, links, assets)
    statements = []
    listen = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listen)
    began = time.perf_counter()
    checks.run(job, scenes, links, assets)
    print(f"{(time.perf_counter() - began) * 1000:.1f} ms")  # noqa: T201 - for pytest -s; busy machines are no fault
    event.remove(db.engine, "before_cursor_execute", listen)
    assert statements == []
