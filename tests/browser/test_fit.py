"""The fit meter: the same numbers in the page, at every keystroke, as on the server."""

from __future__ import annotations

import random
import unicodedata

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.pages import overflow, violations
from webapp.extensions import transaction
from webapp.services import fit, jobs, timing

ELEVEN = "One two three four five six seven eight nine ten eleven."
WORDS = {
    "en": "Mornings don’t wait, and neither should good coffee that is ready before you are: well-known, 24/7.",
    "de": "Die Feuerwehrhauptmannschaft über Österreichs Straßenbahnhaltestellenbeschilderung – ganz früh.",
    "es": "¿Y mañana? ¡Pide el tuyo antes de las 10:30! El niño comió jalapeños en Cádiz.",
    "fr": "C’est prêt ! L’été « à volonté », aujourd’hui à 7 h 45, c’est-à-dire maintenant.",
    "other": "שלום עולם مرحبا بالعالم Привет мир これは日本語です 这是中文 हिन्दी में ไทย résumé naïve",
    "signs": "50% €5 $1,999.00 R&D C++ 3.5l 1999 42 250 007 x² ½ Ⅷ ١٢٣ ４２ _under_score_ -- … ™ №5 a/b/c .. @",
    "addresses": (
        "fjell.coffee https://www.fjell.coffee/summer?x=1&y=2 www.fjell.coffee me@fjell.coffee http://1.2.3.4/ a.b. "
        "x@y //fjell.coffee/ https://www._ fjell.coffee/über-uns/№7, 1.5.2026 v2.0 @fjell #fjell…"
    ),
    "unspaced": "山の茶 ร้านชา ຮ້ານ ཇ་ဆိုင် ហាងតែ 々 ﾃｨｰ 𠮷野家 中文 ｔｅａ 한국어 茶",
    "emoji": "☕ 👩🏽‍🚀go 🇳🇴 ❤️‍🔥 ok👍 👨‍👩‍👧‍👦 1️⃣ e\u0301 Å \u200bzero \ufeffbom a\u00adb x\u0301\u0302",
}
GAPS = (" ", "\n", "  ", "\t", "\u00a0", "\u202f", "\u2009", " – ", "\u200b", "\u0085", "\x1f")


def texts(count=420, seed=7):
    """Make texts of all kinds: words of some languages in any mixture, and stretches of any assigned characters."""
    dice = random.Random(seed)
    every = [chr(code) for code in range(32, 0x30000) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")]
    kinds = [words.split(" ") for words in WORDS.values()]
    for number in range(count):
        if number % 4 == 3:
            yield "".join(dice.choice((*every, " ", "a", ".", "/", "7", "’")) for _ in range(dice.randint(1, 60)))
            continue
        words = [dice.choice(dice.choice(kinds)) for _ in range(dice.randint(1, 24))]
        yield "".join(word + dice.choice(GAPS) for word in words)


@pytest.fixture
def card(visit, ada, board):
    page = visit(ada, f"/jobs/{board(2).id}")
    return page.locator("#board > .scene").first


def meter(card):
    return card.locator(".fit p")


def said(text, ms, rate):
    """Say what a meter says, as its template does."""
    it = fit.of_text(text, ms, rate)
    if it.state == "silent":
        return "No words to say"
    if it.state == "not_counted":
        return "Not counted: written without spaces"
    verdict = f"room for {it.left}" if it.state == "ok" and it.left else "just fits"
    if it.state == "over":
        verdict = f"{it.over} word{'s' if it.over != 1 else ''} over"
    return f"{it.words} word{'s' if it.words != 1 else ''} · {it.spoken_ms / 1000:.1f} s · {verdict}"


def test_the_page_comes_to_the_servers_numbers_for_whatever_is_typed(card, ada):
    made = [(text, random.Random(text).randint(10, 90)) for text in texts()]
    page = card.page
    page.route("**/scenes/*", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    page.faults.expect_no_connection()
    shown = page.evaluate(
        """(made) => {
          const form = document.querySelector("form[data-autosave]");
          const meter = form.querySelector("[data-fit]");
          return made.map(([text, tenths]) => {
            form.elements.seconds.value = String(tenths / 10);
            form.elements.script.value = text;
            form.elements.script.dispatchEvent(new Event("input", { bubbles: true }));
            return [form.elements.script.value, meter.dataset.state, meter.querySelector("p").textContent];
          });
        }""",
        made,
    )
    wrong = []
    for (text, tenths), (kept, state, words) in zip(made, shown, strict=True):
        assert kept == text
        wanted = fit.of_text(text, tenths * 100, 150)
        if (state, words) != (wanted.state, said(text, tenths * 100, 150)):
            wrong.append((text, tenths, state, words, said(text, tenths * 100, 150)))
    assert not wrong, wrong[:5]
    assert len({words for _, _, words in shown}) > 150  # the control: they are not all alike


@pytest.mark.parametrize(
    ("typed", "ms"), [("2,25", 2200), ("2.35", 2400), ("2.45", 2400), ("2.5", 2500), ("1e1", 10_000), (" 3 ", 3000)]
)
def test_seconds_are_read_as_the_server_reads_them(visit, ada, slate, board, typed, ms):
    job = board(2)
    card = visit(ada, f"/jobs/{job.id}").locator("#board > .scene").first
    card.locator("[name=script]").fill(ELEVEN)
    card.locator("[name=seconds]").fill(typed)
    expect(meter(card)).to_have_text(said(ELEVEN, ms, 150))
    expect(card.locator(".save")).to_have_attribute("data-s", "saved", timeout=8000)
    expect(meter(card)).to_have_text(said(ELEVEN, ms, 150))
    assert slate.now(lambda: slate.texts(job)[0]["duration_ms"]) == ms


def test_every_keystroke_and_every_save_say_the_same(card, slate):
    field = card.locator("[name=script]")
    field.fill("")
    expect(meter(card)).to_have_text("No words to say")
    for length in range(1, len(ELEVEN) + 1, 7):
        field.fill(ELEVEN[:length])
        assert meter(card).inner_text() == said(ELEVEN[:length], 3000, 150)
    field.fill(ELEVEN)
    expect(meter(card)).to_have_text("11 words · 4.4 s · 4 words over")
    expect(card.locator(".save")).to_have_attribute("data-s", "saved", timeout=8000)
    expect(meter(card)).to_have_text("11 words · 4.4 s · 4 words over")
    card.page.reload()
    expect(meter(card)).to_have_text("11 words · 4.4 s · 4 words over")


def test_the_board_adds_up_against_the_brief(card, slate):
    side = card.page.locator("#job-meter")
    expect(side).to_contain_text("6 words")
    expect(side).to_contain_text("Room for 9 more words in 6.0 s")
    card.locator("[name=script]").fill(f"{ELEVEN} And two more.")
    expect(side).to_contain_text("17 words")
    expect(side).to_contain_text("6.8 s")
    expect(side).to_contain_text("2 words over the brief’s 6.0 s")
    expect(side).to_contain_text("Too many words in scene 1")
    expect(card.locator(".save")).to_have_attribute("data-s", "saved", timeout=8000)
    expect(side).to_contain_text("2 words over the brief’s 6.0 s")
    card.locator("[name=script]").fill("")
    expect(side.get_by_text("Too many words")).to_be_hidden()


def test_a_clients_own_rate_counts_in_the_page(visit, ada, slate, board):
    client = slate.client()
    with transaction():
        client.speaking_rates = {"en": 300}
    page = visit(ada, f"/jobs/{board(2, client=client).id}")
    card = page.locator("#board > .scene").first
    card.locator("[name=script]").fill(ELEVEN)
    expect(meter(card)).to_have_text("11 words · 2.2 s · room for 4")


def test_tighten_asks_for_as_many_words_as_fit(card, slate):
    card.locator("[name=script]").fill(ELEVEN)
    expect(card.locator(".save")).to_have_attribute("data-s", "saved", timeout=8000)
    card.get_by_role("link", name="Tighten to 7 words").click()
    dialog = card.page.locator("#scene-dialog")
    expect(dialog.get_by_label("Feedback")).to_have_value("Tighten the voice-over to at most 7 words.")
    expect(dialog.get_by_role("checkbox", name="Voice-over")).to_be_checked()
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(1)


def test_fit_duration_moves_seconds_and_keeps_the_total(card, slate):
    card.locator("[name=script]").fill(ELEVEN)
    button = card.get_by_role("button", name="Fit duration to words")
    expect(button).to_be_disabled()  # while it is not saved
    button.click()
    expect(card.locator("[name=seconds]")).to_have_value("4.4")
    expect(card.page.locator("#board > .scene").nth(1).locator("[name=seconds]")).to_have_value("1.6")
    expect(meter(card)).to_have_text("11 words · 4.4 s · just fits")
    expect(card.page.locator(".strip [data-length]")).to_have_text(["4.4", "1.6"])
    expect(card.page.locator("#job-meter")).to_contain_text("6.0 s of 6.0 s")


def test_a_board_that_is_over_has_no_fault_and_fits_a_phone(visit, ada, slate, board):
    job = board(3, words={})
    with transaction():
        for scene in jobs.scenes(job)[:2]:
            scene.take.script = ELEVEN
    for options in ({}, {"viewport": PHONE, "color_scheme": "dark", "has_touch": True}):
        page = visit(ada, f"/jobs/{job.id}", **options)
        expect(meter(page.locator("#board > .scene").first)).to_contain_text("4 words over")
        assert violations(page) == []
        assert overflow(page) == 0
    assert timing.words_per_minute("en") == 150
