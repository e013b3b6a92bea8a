"""Fonts: which letters each has, which of them sets what, and that nothing is left out without a word."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import unicodedata
from dataclasses import dataclass, field

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from tests.services import font_files
from webapp.services import typefaces
from webapp.services.frames import captions, wrapping
from webapp.services.frames.lettering import fit, printable
from webapp.services.media_child import runs
from webapp.services.media_child import typefaces as files


@dataclass(frozen=True)
class Font:
    """What a text is divided by, without a file."""

    path: str
    letters: str
    scripts: frozenset[str] = field(default_factory=frozenset)

    def has(self, letter):
        return letter in self.letters


LATIN = Font("latin", "".join(map(chr, range(32, 0x250))) + "₿□ẹ\u0323\u0301")
KANA = Font("kana", "山の茶日本語、。「」")
ARABIC = Font("arabic", "أولفنجاقهةبسعري ،!", frozenset({"arab"}))
HEBREW = Font("hebrew", "שלוםעולטב !(),.5")
HINDI, ROUGH = Font("hindi", "नमस्ते", frozenset({"dev2"})), Font("rough", "नमस्ते")


def case(*fonts, shapes=True):
    return runs.Typecase((LATIN, *fonts), lambda: shapes)


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Make a folder the only one with fonts, besides Slate's own; call it when its fonts are there."""

    def forget():
        for cached in (typefaces.case, typefaces.files, typefaces.divide, typefaces.missing):
            cached.cache_clear()

    folder = tmp_path / "fonts"
    monkeypatch.setattr(typefaces, "FOLDERS", (str(folder),))
    monkeypatch.setattr(typefaces, "FONTCONFIG", tmp_path / "none")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    forget()
    yield folder, forget
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize("letters", ["abc", "ab😀𠀀", "日本語\uffee", "a"])
def test_letters_are_read_as_the_font_tools_read_them(tmp_path, letters):
    path = font_files.write(tmp_path / "a.ttf", letters)
    face = files.read(path)
    assert {chr(code) for code in TTFont(path).getBestCmap()} == set(letters)
    assert all(face.has(letter) for letter in letters)
    assert not any(
        face.has(chr(ord(letter) + step))
        for letter in letters
        for step in (-1, 1)
        if chr(ord(letter) + step) not in letters
    )


def test_slates_own_font_is_read_as_the_font_tools_read_it():
    face, letters = files.read(typefaces.OWN), set(TTFont(typefaces.OWN).getBestCmap())
    assert {code for one, two in zip(face.firsts, face.lasts, strict=True) for code in range(one, two + 1)} == letters


def test_collections_are_read_and_what_is_no_font_is_not(tmp_path):
    assert files.read(font_files.collection(tmp_path / "two.ttc", "ab", "cd")).has("a")
    assert files.read(font_files.write(tmp_path / "bitmaps.ttf", "ab", outlines=False)) is None
    good = font_files.write(tmp_path / "good.ttf", "abc").read_bytes()
    for number, content in enumerate([b"", b"no font", good[:40], good[: len(good) // 2], good[:12] + b"\xff" * 400]):
        path = tmp_path / f"{number}.ttf"
        path.write_bytes(content)
        assert files.read(path) is None
    assert files.read(tmp_path) is None
    assert files.read(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zażółć gęślą jaźń", "latin:Zażółć gęślą jaźń"),
        ("山の茶 tea", "kana:山の茶 |latin:tea"),
        ("Buy 山の茶、now", "latin:Buy |kana:山の茶、|latin:now"),
        ("Only 5 ₿ 🎉 now", "latin:Only 5 ₿ |□🎉|latin: now"),
        ("🎉🚀 and 🎉", "□🎉🚀|latin: and |□🎉"),
        ("Za\u0301mok", "latin:Zámok"),  # a mark of its own becomes one letter
        ("e\u0323\u0301", "latin~ẹ́"),  # no such letter: its mark is placed
        ("co\u00adop x\u200by", "latin:coop xy"),
        ("\u202eab\u2069", "latin:ab"),
        ("ＳＡＬＥ 𝐁old ﬁ", "latin:SALE Bold fi"),
        ("\ue000x\u0007y", "□\ue000|latin:xy"),
        ("👩\u200d👩\u200d👧 👍🏽 🇩🇪", "□👩\u200d👩\u200d👧|latin: |□👍🏽|latin: |□🇩🇪"),
        ("أول فنجان!", "arabic<أول فنجان!"),
        ("नमस्ते", "hindi~नमस्ते"),
        ("שלום Slate, טוב", "hebrew<שלום |latin:Slate|latin<, |hebrew<טוב"),
        ("", ""),
    ],
)
def test_every_letter_goes_to_a_font_that_has_it_or_to_a_box(text, expected):
    found = case(KANA, ARABIC, HEBREW, HINDI).divide(text)
    marks = {(False, False): ":", (False, True): "~", (True, True): "<"}
    assert (
        "|".join(
            f"□{run.missing}" if run.missing else f"{run.face.path}{marks[run.rtl, run.shaped]}{run.text}"
            for run in found
        )
        == expected
    )


def test_no_letter_gets_lost_on_the_way_to_the_runs():
    """The naive way, which Slate had, fails the same test: bare letters for rare accents, nothing for the rest."""

    def naive(text):
        bare = (unicodedata.normalize("NFKD", letter)[:1] for letter in text)
        return "".join(letter for letter in bare if letter.isascii())

    def kept(text):
        return "".join(run.missing or run.text for run in case(KANA).divide(text))

    for text in ("Zażółć gęślą jaźń", "Only 5 ₿ today ☕", "山の茶 tea", "กาแฟแก้วแรก", "Ångström ǅ ŉ", "नमस्ते"):
        assert unicodedata.normalize("NFKC", kept(text)) == unicodedata.normalize("NFKC", text)
        assert naive(text) != text


def test_scripts_that_need_it_are_missing_where_nothing_shapes_them():
    fonts = (ARABIC, HEBREW, HINDI)
    for text in ("أول", "שלום", "नमस्ते"):
        assert case(*fonts).missing(text) == []
        assert "".join(case(*fonts, shapes=False).missing(text)) == "".join(dict.fromkeys(runs.clusters(text)))
    assert case(ROUGH).missing("नमस्ते"), "a font without rules for the script draws wrong letters"
    assert case(*fonts, shapes=False).missing("Zażółć") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("שלום Slate, טוב", ["טוב", ", ", "Slate", "שלום "]),
        ("Slate שלום!", ["Slate ", "שלום", "!"]),
        ("Slate", ["Slate"]),
    ],
)
def test_runs_stand_in_the_order_in_which_they_are_seen(text, shown):
    found = case(HEBREW).divide(text)
    assert [run.text for run in runs.visual(found, rtl=runs.is_rtl(text))] == shown


def test_many_threads_read_the_fonts_once(tmp_path):
    paths = [font_files.write(tmp_path / f"{letter}.ttf", letter) for letter in "日本語山茶"]
    reads = []
    shared = runs.Typecase(iter([LATIN, *(reads.append(path) or files.read(path) for path in paths)]), lambda: True)
    results = []
    threads = [threading.Thread(target=lambda: results.append(shared.missing("日本語山茶x"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[]] * 8
    assert len(reads) == 5


def test_fonts_of_the_machine_are_found_and_drawn_with(machine):
    folder, forget = machine
    assert typefaces.missing("語") == ("語",)
    assert captions.spoken("日本語", 1280, 720) == []
    font_files.write(folder / "deep" / "NotoSansSquares-Bold.otf", "日本語 ")
    font_files.write(folder / "NotoSerifSquares.ttf", "日本語 ")
    font_files.write(folder / "LastResort.otf", "กขค")
    forget()
    assert typefaces.missing("日本語") == ()
    assert typefaces.missing("ก") == ("ก",)
    assert typefaces.divide("語")[0].face.path.endswith("NotoSansSquares-Bold.otf")
    (strip,) = captions.spoken("日本語", 1280, 720)
    letters = np.asarray(Image.open(io.BytesIO(strip.png)).convert("L")) > 200
    assert letters.mean() > 0.2  # squares


def test_what_has_no_font_is_a_box_and_what_has_nothing_else_is_left_out(machine):
    assert machine
    assert printable("  Only 5\n🎉 ") == "Only 5 🎉"
    assert printable("日本語。") == ""
    assert printable("!?") == "!?"
    with_box, without = (captions.title(text, 1280, 720) for text in ("Tea 山の茶", "Tea"))
    assert with_box.png != without.png
    assert with_box.png == captions.title("Tea □", 1280, 720).png


@pytest.mark.parametrize("text", ["ż", "ạ", "Ґ", "ώ", "₿", "đ"])
def test_letters_that_were_dropped_before_are_drawn(machine, text):
    assert machine
    assert typefaces.missing(text) == ()
    plain = unicodedata.normalize("NFKD", text)[0]
    drawn, bare = (captions.title(f"a{letter}a", 1280, 720).png for letter in (text, plain if plain != text else "?"))
    assert drawn != bare


@pytest.mark.parametrize("ratio", [(1280, 720), (720, 1280), (720, 720)])
@pytest.mark.parametrize("text", ["word " * 100, "x" * 500, "https://fjell.example/" + "a" * 200, "Ω" * 120])
def test_long_texts_are_shown_whole(ratio, text):
    width, height = ratio
    assert captions.title(text, width, height).y >= 0
    block = fit(printable(text), width * 0.86, height * 0.42, max(ratio) * 0.052, smallest=max(ratio) * 0.024, lines=2)
    assert "".join(block.lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "清晨第一杯咖啡，唤醒你的每一天。现在下单，立享八折优惠，让美好从这一刻开始。" * 3,
        "กาแฟแก้วแรกของวันปลุกพลังให้คุณพร้อมทุกเช้าสั่งซื้อวันนี้รับส่วนลดทันที" * 3,
        "x" * 300,
        "朝の「一杯」が一日を変える。Fjell Cold Brew を今すぐ注文すると、送料無料でお届けします！" * 2,
    ],
)
def test_subtitles_of_unspaced_texts_keep_every_letter(text):
    found = captions.parts(text, 42)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert len(found) > 1
    assert all(sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in part) <= 90 for part in found)
    assert not any(part[0] in "。、」！" for part in found)


def test_lines_end_where_they_may():
    assert wrapping.wrap("one two three", 7, len, break_words=False) == ["one two", "three"]
    assert wrapping.wrap("一杯が一日を変える。", 4, len, break_words=False) == ["一杯が一", "日を変え", "る。"]
    assert wrapping.wrap("a「一杯」b", 3, len, break_words=False) == ["a「一", "杯」b"]
    assert wrapping.wrap("abcdefgh", 3, len, break_words=False) == ["abcdefgh"]
    assert wrapping.wrap("abcdefgh", 3, len, break_words=True) == ["abc", "def", "gh"]
    assert wrapping.wrap("ab\u200bcd", 3, len, break_words=False) == ["ab", "cd"]


def test_what_can_be_shown_is_known_without_a_library_that_draws():
    program = (
        "import sys\nfrom webapp.services import typefaces\n"
        "assert not typefaces.missing('Zażółć') and typefaces.missing('\\ue000')\n"
        "typefaces.missing('語ب')\ntypefaces.scripts()\n"
        "assert not {'PIL', 'fontTools', 'av', 'numpy'} & set(sys.modules), 'loaded'"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
