"""Words and seconds: plain arithmetic, and seconds that move without one getting lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests import factories
from webapp.errors import Conflict, NotFound, StoryboardFrozen
from webapp.extensions import transaction
from webapp.models import Approval, JobStatus
from webapp.services import briefs, events, fit, jobs, scenes, timing, undo
from webapp.services.storyboards import content

ELEVEN = "One two three four five six seven eight nine ten eleven."


@pytest.fixture
def client(app):
    return factories.client()


@pytest.fixture
def job(client):
    return factories.job(client, duration_ms=12_000)


def board_of(job, *lengths, script="Two words."):
    return [factories.scene(job, number, duration_ms=ms, script=script) for number, ms in enumerate(lengths, 1)]


def lengths(job):
    return [scene.take.duration_ms for scene in jobs.scenes(job)]


@pytest.mark.parametrize(
    ("text", "ms", "state", "words", "spoken_ms", "over", "left"),
    [
        ("", 3000, "silent", 0, 0, 0, 7),
        (" … – ", 3000, "silent", 0, 0, 0, 7),
        (ELEVEN, 3300, "over", 11, 4400, 3, 0),
        (ELEVEN, 4400, "tight", 11, 4400, 0, 0),
        (ELEVEN, 4500, "tight", 11, 4400, 0, 0),
        (ELEVEN, 4700, "ok", 11, 4400, 0, 0),
        (ELEVEN, 6000, "ok", 11, 4400, 0, 4),
        ("fjell.coffee", 1000, "over", 3, 1200, 1, 0),
        ("Feuerwehrhauptmann", 1000, "ok", 2, 600, 0, 0),
    ],
)
def test_a_meter_says_how_many_words_are_over_or_fit(text, ms, state, words, spoken_ms, over, left):
    found = fit.of_text(text, ms, 150)
    said = (found.state, found.words, found.spoken_ms, found.over, found.left)
    assert said == (state, words, spoken_ms, over, left)


UNSPACED = {
    "zh": "清晨第一杯咖啡，唤醒你的每一天。现在下单，立享八折优惠。",
    "ja": "朝の一杯が一日を変える。今すぐ注文すると、送料無料でお届けします。",
    "kana": "いま すぐ",
    "th": "กาแฟแก้วแรกของวันปลุกพลังให้คุณพร้อมทุกเช้า",
    "lo": "ກາເຟຈອກທຳອິດຂອງມື້",
    "km": "កាហ្វេពែងដំបូងនៃថ្ងៃ",
    "my": "တစ်နေ့တာ၏ ပထမဆုံး ကော်ဖီခွက်",
    "bo": "ཞོགས་པའི་ཚིག་ཇ་དང་པོ།",
    "mixed": "Order now and get 10 % off: 今すぐ注文すると送料無料",
    "half": "Try 山の茶",
}


@pytest.mark.parametrize("script", UNSPACED)
def test_what_is_written_without_spaces_is_not_counted_and_never_said_to_fit(script):
    for ms in (1000, 5000, 60_000):
        found = fit.of_text(UNSPACED[script], ms, 150)
        assert (found.state, found.over, found.needed_ms) == ("not_counted", 0, ms)
        naive = fit.Fit(found.twelfths, ms, 150)
        assert ms < 60_000 or naive.state == "ok", "counting by spaces alone says that it fits"


@pytest.mark.parametrize(
    "text",
    [
        "Taste 山の茶 this morning",
        "커피 한 잔으로 시작하는 하루",
        "Кава щоранку",
        "قهوة كل صباح",
        "सुबह की पहली कॉफ़ी",
        "Cà phê sáng",
    ],
)
def test_a_name_in_another_script_and_scripts_with_spaces_are_counted(text):
    assert fit.of_text(text, 5000, 150).state == "ok"


def test_a_board_with_one_such_scene_is_not_counted_and_its_seconds_are_left_alone(ada, job):
    one, two = board_of(job, 5000, 5000, script=UNSPACED["ja"])
    factories.scene(job, 3, duration_ms=2000, script=ELEVEN)
    assert fit.of_board(job, jobs.scenes(job)).state == "not_counted"
    with pytest.raises(Conflict, match="not counted"):
        fit.to_words(ada, job, one)
    assert fit.to_words(ada, job, jobs.scenes(job)[2]) == []
    assert lengths(job)[2] == 4400
    assert two.take.script == UNSPACED["ja"]


@given(twelfths=st.integers(0, 100_000), tenths=st.integers(10, 1800), rate=st.integers(60, 300))
@example(twelfths=132, tenths=44, rate=150)
def test_what_the_meter_says_agrees_with_itself(twelfths, tenths, rate):
    found = fit.Fit(twelfths, tenths * 100, rate)
    assert (found.over > 0) == (found.state == "over")
    assert not (found.over and found.left)
    assert found.words - found.over <= max(found.room, found.words)
    assert fit.Fit(twelfths, found.needed_ms, rate).state != "over"
    if found.needed_ms > timing.MIN_SCENE_MS:
        assert fit.Fit(twelfths, found.needed_ms - 100, rate).state == "over"
    assert abs(found.spoken_ms - twelfths * 5000 / rate) <= 50
    assert fit.Fit(found.room * timing.TWELFTHS, found.duration_ms, rate).state != "over"  # "Tighten to N" is enough


@given(st.text(max_size=300), st.text(max_size=300))
def test_words_add_up_however_a_text_is_broken_into_lines(one, other):
    assert timing.spoken_twelfths(f"{one}\n{other}") == timing.spoken_twelfths(one) + timing.spoken_twelfths(other)


def test_marks_and_composed_letters_count_like_the_letter_they_belong_to():
    assert timing.spoken_twelfths("re\u0301sume\u0301") == timing.spoken_twelfths("résumé") == timing.TWELFTHS
    assert timing.spoken_twelfths("हिन्दी") == timing.TWELFTHS


def test_a_clients_own_rate_counts_everywhere(client, job):
    board = board_of(job, 4000, 4000, 4000, script=ELEVEN)
    assert fit.of_scene(board[0], fit.rate_of(job)).over == 1
    with transaction():
        client.speaking_rates = {"en": 200, "de": 90}
    assert fit.rate_of(job) == 200
    assert fit.of_scene(board[0], fit.rate_of(job)).state == "ok"
    assert fit.of_board(job, board).words == 33
    assert briefs.of(job, lengths(job)).words_per_minute == 200
    with transaction():
        job.language = "de-AT"
    assert fit.rate_of(job) == 90


def test_a_faster_voice_gets_more_words_from_the_built_in_writer(client, job):
    from dataclasses import replace

    from webapp.services.writers import base, builtin

    def spoken(rate):
        brief = replace(briefs.of(job, [4000, 4000, 4000]), words_per_minute=rate)
        drafts = [each for each in builtin.BuiltinWriter().write(brief) if isinstance(each, base.SceneDraft)]
        for draft in drafts:
            assert fit.of_text(draft.script, round(draft.seconds * 1000), rate).state in ("ok", "silent", "tight")
        return sum(timing.spoken_twelfths(draft.script) for draft in drafts)

    assert spoken(70) < spoken(150) < spoken(290)


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("rate", [0, 90, 220])
def test_tighten_leaves_no_word_over_with_the_built_in_writer(language, rate):
    from dataclasses import replace

    from webapp.services.writers import base, builtin

    brief = base.Brief(
        product="Fjell Cold Brew", audience="commuters", key_message="Ready before you are", language=language,
        call_to_action="Order at fjell.coffee", words_per_minute=rate, scene_seconds=(3.0, 4.0, 5.0, 3.0),
    )  # fmt: skip
    pace = rate or timing.words_per_minute(language)
    drafts = [each for each in builtin.BuiltinWriter().write(brief) if isinstance(each, base.SceneDraft)]
    for draft in drafts:
        long = replace(draft, script=f"{draft.script} And more words than anybody could ever say in so short a time.")
        too_many = fit.of_text(long.script, round(draft.seconds * 1000), pace)
        assert too_many.over
        redo = base.Redo(
            brief=brief, number=draft.number, scene=long, neighbours=[each for each in drafts if each is not draft],
            feedback=f"Tighten the voice-over to at most {too_many.room} words.",
            constraints=base.Constraints(seconds=draft.seconds, parts=("script",)),
        )  # fmt: skip
        tightened = builtin.BuiltinWriter().rewrite(redo).draft
        assert fit.of_text(tightened.script, round(draft.seconds * 1000), pace).words <= too_many.room


def test_seconds_traded_with_the_neighbour_keep_the_total_and_the_words(ada, job):
    board = board_of(job, 4000, 3000, 5000)
    words = [content(scene.take) | {"duration_ms": 0} for scene in board]
    fit.trade(ada, job, board[0], 700)
    assert lengths(job) == [4700, 2300, 5000]
    fit.trade(ada, job, board[1], -500)
    assert lengths(job) == [4700, 1800, 5500]
    assert [content(scene.take) | {"duration_ms": 0} for scene in jobs.scenes(job)] == words
    assert [scene.take.number for scene in jobs.scenes(job)] == [2, 3, 2]
    assert events.of_job(job)[0].text == "traded 0.5 s between scenes 2 and 3"


def test_a_trade_is_one_step_to_undo(ada, job):
    board = board_of(job, 4000, 3000, 5000)
    fit.trade(ada, job, board[0], 700)
    undo.undo(ada, job)
    assert lengths(job) == [4000, 3000, 5000]
    undo.redo(ada, job)
    assert lengths(job) == [4700, 2300, 5000]


def test_a_trade_is_refused_under_a_second_over_three_minutes_when_locked_and_at_the_end(ada, job):
    board = board_of(job, 4000, 3000, 178_000)
    for left, ms in ((board[0], 2100), (board[0], -3100), (board[1], -2_100), (board[2], 100)):
        with pytest.raises(Conflict):
            fit.trade(ada, job, left, ms)
    scenes.lock(ada, job, board[1], locked=True)
    for left in board[:2]:
        with pytest.raises(Conflict, match="Scene 2 is locked"):
            fit.trade(ada, job, left, 100)
    assert lengths(job) == [4000, 3000, 178_000]


@pytest.mark.parametrize("move", [lambda *a: fit.trade(*a, 100), fit.to_words], ids=["trade", "to words"])
def test_seconds_stay_while_frozen_while_written_and_of_scenes_that_are_gone(ada, job, move):
    board = board_of(job, 4000, 3000, 5000)
    scenes.delete(ada, job, board[0])
    with pytest.raises(NotFound):
        move(ada, job, board[0])
    with transaction():
        job.status = JobStatus.STORYBOARD_PROCESSING
    with pytest.raises(Conflict):
        move(ada, job, board[1])
    with transaction():
        job.status, job.approval = JobStatus.STORYBOARD_READY, Approval.APPROVED
    with pytest.raises(StoryboardFrozen):
        move(ada, job, board[1])
    assert lengths(job) == [3000, 5000]


def test_a_scene_gets_the_seconds_its_words_need_from_where_words_leave_some(ada, job):
    board = board_of(job, 3000, 1500, 6000)
    scenes.edit(ada, job, board[0], script_of(ELEVEN))
    scenes.edit(ada, job, board[1], script_of("Three words here."))  # needs 1.2 s: may give 0.3 s at most
    fit.to_words(ada, job, board[0])
    assert lengths(job) == [4400, 1500 - 100, 6000 - 1300]
    assert undo.offer(ada, job).undo.text == "fitted scene 1 to its words"


def test_scenes_that_gave_more_than_their_words_leave_are_named(ada, job):
    board = board_of(job, 3000, 4400, 1000)
    for scene in board[:2]:
        scenes.edit(ada, job, scene, script_of(ELEVEN))
    assert fit.to_words(ada, job, board[0]) == [2]
    assert lengths(job) == [4400, 3000, 1000]
    assert fit.to_words(ada, job, board[0]) == []


def test_a_scene_with_time_to_spare_gives_it_to_those_whose_words_lack_some(ada, job):
    board = board_of(job, 6000, 3000, 3000)
    scenes.edit(ada, job, board[1], script_of(ELEVEN))
    fit.to_words(ada, job, board[0])
    assert lengths(job) == [1000, 3000 + 1400 + 1800, 3000 + 1800]


def test_a_scene_cannot_get_what_the_others_do_not_have(ada, job):
    board = board_of(job, 1000, 1200, 1000)
    scenes.edit(ada, job, board[0], script_of(ELEVEN))
    with pytest.raises(Conflict, match=r"need 3\.4 s more, and the other scenes can give 0\.2 s"):
        fit.to_words(ada, job, board[0])
    scenes.lock(ada, job, board[0], locked=True)
    with pytest.raises(Conflict, match="Scene 1 is locked"):
        fit.to_words(ada, job, board[0])
    assert lengths(job) == [1000, 1200, 1000]


def test_locked_scenes_give_nothing_and_nothing_is_written_twice(ada, job):
    board = board_of(job, 3000, 4000, 5000)
    scenes.edit(ada, job, board[0], script_of(ELEVEN))
    scenes.lock(ada, job, board[1], locked=True)
    fit.to_words(ada, job, board[0])
    assert lengths(job) == [4400, 4000, 3600]
    revision = job.revision
    fit.to_words(ada, job, board[0])
    assert job.revision == revision
    assert board[1].take.number == 1


@given(
    amount=st.integers(-2000, 2000),
    others=st.lists(st.tuples(st.integers(10, 1800), st.integers(10, 3000), st.integers(0, 99)), max_size=30),
)
def test_shares_add_up_exactly_and_leave_every_scene_a_second(amount, others):
    amount *= 100
    had = [tenths * 100 + odd for tenths, _, odd in others]
    needed = [tenths * 100 for _, tenths, _ in others]
    shares = fit.share_out(amount, had, needed)
    room = sum(ms - 1000 for ms in had) if amount >= 0 else sum(max(0, fit.MAX_SCENE_MS - ms) for ms in had)
    if abs(amount) > room:
        assert shares is None
        return
    after = [ms - share for ms, share in zip(had, shares, strict=True)]
    assert sum(shares) == amount
    assert all(ms >= 1000 for ms in after)
    assert all(share * amount >= 0 for share in shares)
    spare = sum(max(0, ms - need) for ms, need in zip(had, needed, strict=True))
    if 0 < amount <= spare:  # nobody's words suffer while others have time to spare
        assert all(now >= min(ms, need) for ms, now, need in zip(had, after, needed, strict=True))


def script_of(text):
    from webapp.schemas.scenes import SceneChange

    return SceneChange(script=text)
