"""Reading media in a child process: facts and pictures from good files, sentences for bad ones, no harm from worse."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from tests.services import media_files as files
from tests.services.harbour import Server
from webapp.errors import Invalid, TooLarge, TooMany
from webapp.services import media, typefaces
from webapp.services.media import MediaLimits, Probed, probe
from webapp.services.sniff import FORMATS

LONG = os.environ.get("SLATE_LONG_TESTS") == "1"  # more mutations: a minute per thousand files
CHILD = Path(media.__file__).with_name("media_child")


@cache
def made(form: str) -> bytes:
    return files.MAKERS[form]()


def read(tmp_path: Path, form: str, content: bytes, limits: MediaLimits | None = None) -> Probed:
    path = tmp_path / "asset"
    path.write_bytes(content)
    return probe(path, FORMATS[form], limits)


def attempted(tmp_path: Path, form: str, content: bytes) -> Probed | Invalid:
    """Read a file that may be refused; everything else than a refusal is a failure."""
    try:
        return read(tmp_path, form, content)
    except Invalid as refusal:
        return refusal


def picture(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content), formats=["WEBP"])


# Good files


@pytest.mark.parametrize("form", ["jpg", "png", "webp"])
def test_pictures_have_size_colours_and_derivatives(tmp_path, form):
    probed = read(tmp_path, form, made(form))
    assert (probed.width, probed.height, probed.has_alpha, probed.frame_count) == (300, 200, False, 1)
    assert picture(probed.thumbnail_webp).size == picture(probed.picture_webp).size == (300, 200)
    assert len(probed.palette) == 3
    assert {colour[1] for colour in probed.palette} == {"2", "e", "f"} or probed.palette[-1].startswith("#f")


def test_derivatives_are_bounded_and_keep_proportions(tmp_path):
    probed = read(tmp_path, "jpg", files.saved(files.scenery(5000, 2500), "JPEG"))
    assert (probed.width, probed.height) == (5000, 2500)
    assert picture(probed.thumbnail_webp).size == (640, 320)
    assert picture(probed.picture_webp).size == (2048, 1024)


def test_a_picture_is_turned_upright_and_alpha_is_kept(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = read(tmp_path, "jpg", files.saved(files.scenery(300, 200), "JPEG", exif=exif))
    assert (turned.width, turned.height) == (200, 300)
    right = picture(turned.thumbnail_webp).convert("RGB").getpixel((190, 150))
    assert right[0] > right[2]  # what was the orange top is now at the right

    clear = Image.new("RGBA", (60, 40), (200, 30, 60, 0))
    clear.paste((200, 30, 60, 255), (0, 0, 30, 40))
    probed = read(tmp_path, "png", files.saved(clear, "PNG"))
    assert probed.has_alpha
    assert picture(probed.thumbnail_webp).convert("RGBA").getpixel((50, 20))[3] == 0
    assert probed.palette == ("#c81e3c",)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16"])
def test_every_kind_of_pixel_becomes_a_picture(tmp_path, mode):
    image = Image.new(mode, (30, 20)) if mode == "I;16" else files.scenery(30, 20).convert(mode)
    form = "jpg" if mode == "CMYK" else "png"
    probed = read(tmp_path, form, files.saved(image, {"jpg": "JPEG", "png": "PNG"}[form]))
    assert picture(probed.picture_webp).size == (30, 20)


def test_an_animation_shows_its_first_frame(tmp_path):
    probed = read(tmp_path, "gif", files.gif(5))
    assert (probed.width, probed.height, probed.frame_count) == (40, 30, 5)
    assert picture(probed.thumbnail_webp).size == (40, 30)


def test_a_drawing_is_rasterised_with_its_texts_and_nothing_from_outside(tmp_path):
    secret = tmp_path / "secret.png"
    files.scenery(50, 50).save(secret)
    inner = (
        f'<image href="{secret}" width="60" height="80"/><image xlink:href="file://{secret}" width="60" height="80"/>'
        '<text x="70" y="40" font-family="Whatever" font-size="20">Hi</text>'
    )
    probed = read(tmp_path, "svg", files.svg(inner))
    assert (probed.width, probed.height, probed.has_alpha) == (120, 80, True)
    shown = picture(probed.picture_webp).convert("RGBA").getchannel("A")
    assert shown.size == (1280, 854)
    assert shown.crop((0, 0, 630, 854)).getextrema() == (0, 0)  # neither picture was loaded
    assert shown.crop((700, 0, 1280, 854)).getextrema() == (0, 255)  # the text was drawn


def test_a_picture_inside_a_drawing_is_shown(tmp_path):
    data = base64.b64encode(made("png")).decode()
    probed = read(tmp_path, "svg", files.svg(f'<image href="data:image/png;base64,{data}" width="120" height="80"/>'))
    assert probed.palette[0] in ("#204080", "#e07020")


def inside(drawing):
    data = base64.b64encode(drawing if isinstance(drawing, bytes) else drawing.encode()).decode()
    return f'<image width="120" height="80" xlink:href="data:image/svg+xml;base64,{data}"/>'


GREEN = files.svg('<rect width="120" height="80" fill="#00aa77"/>')


@pytest.mark.parametrize(
    "inner",
    [
        inside(GREEN),
        inside(gzip.compress(GREEN)),
        inside(files.svg(inside(GREEN))),
        f'<image width="120" height="80" href="data:image/svg+xml,{quote(GREEN.decode())}"/>',
    ],
)
def test_a_drawing_inside_a_drawing_is_shown(tmp_path, inner):
    probed = read(tmp_path, "svg", files.svg(inner))
    assert (probed.palette, probed.left_out) == (("#00aa77",), ())


LEFT_OUT = {
    '<image href="https://a.example/b.png"/>': "pictures that are not in the file",
    '<image xlink:href="file:///etc/passwd"/>': "pictures that are not in the file",
    '<filter id="f"><feImage href="b.png"/></filter>': "pictures that are not in the file",
    '<use href="other.svg#a"/>': "parts that are in other files",
    '<rect width="9" height="9" fill="url(other.svg#a)"/>': "parts that are in other files",
    '<style>@import "a.css";</style>': "fonts or style sheets of its own",
    "<style>rect { fill: var(--green) }</style>": "colours by CSS variables",
    '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">Hi</p></foreignObject>': "HTML inside it",
    "<script>draw()</script>": "scripts",
    '<rect width="9" height="9"><animate attributeName="x" to="3"/></rect>': "movement: it stands still",
    inside("<svg"): "a picture inside it that cannot be read",
    '<image href="data:image/png;base64,AAAA"/>': "a picture inside it that cannot be read",
    '<image href="data:image/avif;base64,AAAA"/>': "a picture inside it of a kind that is not read (avif)",
    inside(files.svg('<image href="b.png"/>')): "pictures that are not in the file",
    inside(files.svg(inside(files.svg(inside(files.svg(inside(GREEN))))))): "drawings deep inside other drawings",
    '<text y="20">Hi \ue000\ue001</text>': "letters that no font here has: U+E000 U+E001",
}


@pytest.mark.parametrize("inner", LEFT_OUT)
def test_what_a_drawing_has_and_its_picture_does_not_is_named(tmp_path, inner):
    probed = read(tmp_path, "svg", files.svg(f'<rect width="5" height="5"/>{inner}'))
    assert probed.left_out == (LEFT_OUT[inner],)


@pytest.mark.parametrize(
    "inner",
    [
        '<a href="https://a.example/"><rect width="9" height="9"/></a>',
        '<text y="20">Żółć, Ґ ώ ạ</text>',
        '<use href="#a"/>',
    ],
)
def test_of_a_drawing_that_is_drawn_whole_nothing_is_named(tmp_path, inner):
    assert read(tmp_path, "svg", files.svg(inner)).left_out == ()


def test_letters_without_a_font_are_no_boxes_in_the_picture(tmp_path):
    bare, lost = (
        read(tmp_path, "svg", files.svg(f'<text y="40" font-size="30">{t}</text>')) for t in ("tea", "\ue000tea")
    )
    assert bare.picture_webp == lost.picture_webp
    box = read(tmp_path, "svg", files.svg('<text y="40" font-size="30">□tea</text>'))
    assert box.picture_webp != bare.picture_webp, "a box would be seen"


@pytest.mark.parametrize("form", ["mp4", "mov", "webm", "mkv", "avi"])
def test_videos_have_size_duration_and_a_poster(tmp_path, form):
    probed = read(tmp_path, form, made(form))
    assert (probed.sniffed, probed.width, probed.height) == (FORMATS[form], 320, 180)
    assert 1900 <= (probed.duration_ms or 0) <= 2200
    assert [stream.type for stream in probed.streams] == ["video"]
    poster = picture(probed.picture_webp).convert("RGB")
    assert poster.size == (320, 180)
    red, _, blue = poster.getpixel((10, 10))
    assert red > 180 > blue
    assert len(probed.palette) == 3


def test_the_poster_of_a_film_that_starts_dark_is_not_black(tmp_path):
    probed = read(tmp_path, "mp4", files.video("mp4", "mpeg4", frames=48, dark_first=True))
    assert picture(probed.picture_webp).convert("L").getextrema()[1] > 200


@pytest.mark.parametrize("form", ["mp3", "wav", "ogg", "aac", "m4a"])
def test_sounds_have_a_duration_and_a_waveform(tmp_path, form):
    probed = read(tmp_path, form, made(form))
    assert 950 <= (probed.duration_ms or 0) <= 1100
    assert (probed.width, probed.picture_webp) == (None, None)
    wave = picture(probed.thumbnail_webp).convert("RGBA").getchannel("A")
    assert wave.size == (640, 240)
    quiet, loud = (
        wave.crop((x, 0, x + 60, 240)).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)) for x in (40, 560)
    )
    assert loud > 2 * quiet  # the sound swells, and so does its drawing


def test_a_video_without_pictures_is_a_sound(tmp_path):
    probed = read(tmp_path, "mp4", files.audio("mp4", "aac"))
    assert probed.sniffed == FORMATS["m4a"]
    assert probed.thumbnail_webp is not None


def test_documents_have_pages_words_and_a_first_page(tmp_path):
    pdf = read(tmp_path, "pdf", made("pdf"))
    assert (pdf.page_count, pdf.excerpt) == (2, "Sommer bei Nordlicht")
    assert picture(pdf.thumbnail_webp).size == (480, 640)
    word = read(tmp_path, "docx", made("docx"))
    assert (word.page_count, word.excerpt) == (3, "Briefing\nHello world")
    text = read(tmp_path, "txt", "Grüße 日本\n".encode("utf-16"))
    assert text.excerpt == "Grüße 日本"
    for probed in (pdf, word, text):
        assert picture(probed.thumbnail_webp).convert("L").getextrema()[0] < 120
    assert read(tmp_path, "doc", made("doc")).thumbnail_webp is None


def test_an_excerpt_is_bounded(tmp_path):
    for form, content in (("txt", b"word " * 10_000), ("docx", files.docx(("word " * 1000,) * 10))):
        excerpt = read(tmp_path, form, content).excerpt
        assert 1990 < len(excerpt) <= 2000
        assert excerpt.endswith("word…")  # it says that it goes on


# Limits and bombs


@pytest.mark.parametrize("name", sorted(files.bombs()))
def test_bombs_are_refused_or_read_within_the_limits(tmp_path, name):
    form, content = files.bombs()[name]
    outcome = attempted(tmp_path, form, content)
    if isinstance(outcome, Invalid):
        assert outcome.message.endswith(".")
        assert "None" not in outcome.message
    else:
        assert name in ("svg with filters in filters", "pdf with a huge page", "svg that uses itself tenfold")
        assert len(outcome.thumbnail_webp or b"") < 1_000_000


@pytest.mark.parametrize(
    ("form", "make", "words"),
    [
        ("png", lambda: files.png_claiming(10_000, 6_500), "more than 64 megapixels"),
        ("png", lambda: files.png_claiming(20_000, 10), "at most 16,384"),
        ("gif", lambda: files.gif(301), "301 frames; at most 300"),
        ("gif", lambda: files.gif(210, (1500, 1400)), "more than 400 megapixels in all"),
        ("mp4", lambda: files.video("mp4", "mpeg4", frames=1, size=(8000, 4608)), "more than 36 megapixels"),
        ("jpg", lambda: files.jpeg_claiming(16_384, 12_300), "more than 200 megapixels"),
        ("jpg", lambda: files.jpeg_claiming(15_000, 13_000, progressive=True), "progressive JPEG of 195 megapixels"),
        ("mkv", files.crowded_video, "21 streams; at most 20"),
        ("mkv", lambda: files.long_video(4.5), "longer than 4 hours"),
        ("pdf", lambda: files.pdf(501), "501 pages; at most 500"),
        ("svg", lambda: files.svg(" " * 2_100_000), "at most 2 MB"),
        ("txt", lambda: b"a" * 5_300_000, "at most 5 MB"),
        ("png", lambda: bytes(26_300_000), "at most 25 MB"),
        ("jpg", lambda: bytes(105_000_000), "at most 100 MB"),
    ],
)  # fmt: skip
def test_each_limit_is_named(tmp_path, form, make, words):
    with pytest.raises(TooLarge) as caught:
        read(tmp_path, form, make())
    assert words in caught.value.message


def test_a_locked_pdf_says_so(tmp_path):
    with pytest.raises(Invalid, match="password"):
        read(tmp_path, "pdf", files.locked_pdf())


@pytest.mark.parametrize("form", ["jpg", "svg", "mp4", "ogg", "pdf", "docx"])
def test_a_file_of_another_kind_than_it_seems_is_refused(tmp_path, form):
    with pytest.raises(Invalid, match="could not be read"):
        read(tmp_path, form, made("png")[:8] + b"<html>" * 100)


def test_a_playlist_named_as_a_video_opens_nothing(tmp_path):
    """FFmpeg guesses from content: only the named demuxer may look, and no protocol is open."""
    target = f"#EXTM3U\n#EXTINF:1,\nfile://{tmp_path}/x.ts\n".encode()
    for form in ("mp4", "mkv", "avi", "mp3", "wav", "ogg", "aac"):
        with pytest.raises(Invalid):
            read(tmp_path, form, target)


def mutated(content: bytes, seed: int) -> bytes:
    """Damage a file: flip bytes, cut it, repeat or zero a piece, or put large numbers in."""
    chance = random.Random(seed)
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(max(1, min(len(damaged), chance.choice((64, 512, len(damaged))))))
        piece = chance.choice((1, 4, 32))
        match chance.randrange(5):
            case 0:
                damaged[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                damaged[place : place + piece] = chance.randbytes(piece)
            case 2:
                damaged[place : place + piece] = b"\xff" * piece
            case 3:
                damaged[place:place] = damaged[place : place + 200]
            case 4:
                del damaged[place : place + piece]
    return bytes(damaged[: chance.randint(1, len(damaged))] if chance.random() < 0.15 else damaged)


@pytest.mark.long
@pytest.mark.parametrize("form", sorted(set(files.MAKERS) - {"doc"}))
def test_damaged_files_harm_nobody(tmp_path, form):
    for seed in range(60 if LONG else 2):
        outcome = attempted(tmp_path, form, mutated(made(form), seed))
        if isinstance(outcome, Invalid):
            assert outcome.message.startswith(("The file could not be read: ", "This "))
        else:
            assert len(outcome.excerpt) <= 2000
    assert children() == []


# The sandbox


def children() -> list[str]:
    """List the child processes of this test run that read media."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            except OSError:
                continue
            if str(CHILD) in command:
                found.append(pid)
    return found


def test_a_child_that_takes_too_long_is_killed(tmp_path):
    start = time.monotonic()
    with pytest.raises(Invalid, match="takes too long"):
        read(tmp_path, "png", made("png"), MediaLimits(wall_seconds=0.05))
    assert time.monotonic() - start < 2
    assert children() == []


@pytest.mark.parametrize("limits", [MediaLimits(address_space_bytes=30_000_000), MediaLimits(answer_bytes=100)])
def test_a_child_that_needs_too_much_is_a_sentence(tmp_path, limits):
    with pytest.raises(Invalid, match="could not be read") as caught:
        read(tmp_path, "pdf", made("pdf"), limits)
    assert caught.value.hint


def test_a_child_over_its_time_of_computing_ends(tmp_path):
    with pytest.raises(Invalid, match="could not be read"):
        read(tmp_path, "jpg", files.saved(files.scenery(6000, 6000), "JPEG", quality=95), MediaLimits(cpu_seconds=0))


def test_no_parser_is_imported_here():
    parsers = "{'PIL', 'av', 'pypdfium2', 'resvg_py'}"
    code = f"import sys, webapp.services.media; print(sorted({parsers} & set(sys.modules)))"
    root = Path(media.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


ESCAPES = {
    "read a file": "open('/etc/passwd').read()",
    "list a folder": "os.listdir(FOLDER)",
    "write a file": "open(FOLDER + '/out', 'w').write('x')",
    "start a program": "os.execv('/bin/true', ['true'])",
    "connect": "socket.create_connection(('127.0.0.1', PORT), 1)",
    "listen": "socket.create_server(('127.0.0.1', 0))",
    "see a secret": "os.environ['SECRET']",
    "take all memory": "mmap.mmap(-1, 1 << 31)",
}


def escape(attempt: str, port: int, folder: Path, *, locked: bool) -> str:
    """Run one attempt in a process like the child's, with its locks or without; say how it ended."""
    lock = f"import sandbox; sandbox.set_limits(1 << 30, 10); landlock = sandbox.lock_up({[str(typefaces.OWN)]!r})"
    code = f"""
import mmap, os, socket, sys
sys.path.insert(0, {str(CHILD)!r})
landlock = -1
{lock if locked else ""}
if landlock == 0:
    print("no Landlock")
    sys.exit()
try:
    {ESCAPES[attempt].replace("PORT", str(port)).replace("FOLDER", repr(str(folder)))}
except BaseException as error:
    print("held", type(error).__name__)
else:
    print("escaped")
"""
    environment = {} if locked else {"SECRET": "x"}
    command = [sys.executable, "-I", "-B", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=True)
    return done.stdout.strip() or "escaped"  # another program took over and ended well


@pytest.mark.parametrize("attempt", sorted(ESCAPES))
def test_the_child_cannot_get_out(tmp_path, attempt):
    with Server(socket.socket.close) as server:
        held = escape(attempt, server.port, tmp_path, locked=True)
        if held == "no Landlock":
            pytest.skip("this kernel has no Landlock")
        # Negative control: without the locks the same line does what it says.
        assert escape(attempt, server.port, tmp_path, locked=False) == "escaped"
    assert held.startswith("held")


def test_at_most_two_children_run_at_once(tmp_path):
    (tmp_path / "asset").write_bytes(made("png"))
    seen, failures = [], []

    def one():
        try:
            probe(tmp_path / "asset", FORMATS["png"])
        except Exception as error:  # noqa: BLE001  shown below
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen.append(len(children()))
        time.sleep(0.005)
    assert failures == []
    assert max(seen) == 2


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"not JSON\n",
        b"[]\n",
        b'{"pictures": [["thumbnail", 4]]}\nRI',
        b'{"pictures": [["thumbnail", 4]]}\n<ht>',
        b'{"pictures": [], "width": "<script>"}\n',
        b'{"pictures": [], "width": -1}\n',
        b'{"pictures": [], "streams": [{"evil": 1}]}\n',
        b'{"pictures": [], "palette": [1]}\n',
    ],
)
def test_what_the_child_says_is_not_trusted(tmp_path, monkeypatch, said):
    monkeypatch.setattr(media, "_run_child", lambda *_: said)
    with pytest.raises(Invalid, match="damaged"):
        read(tmp_path, "png", b"x")


def test_excerpts_can_be_stored(tmp_path, monkeypatch):
    said = json.dumps({"pictures": [], "landlock": 1, "excerpt": "a\x00b\ud800c\n\u202ed\x1b[0m"}).encode() + b"\n"
    monkeypatch.setattr(media, "_run_child", lambda *_: said)
    assert read(tmp_path, "txt", b"x").excerpt == "abc\nd[0m"


def test_a_full_queue_is_said_and_not_waited_for(monkeypatch):
    monkeypatch.setattr(media, "MAX_WAITING", 0)
    monkeypatch.setattr(media, "MAX_CHILDREN", 1)
    slots = media._Slots()
    with slots, pytest.raises(TooMany), slots:
        pass
    with slots:
        pass  # the refused caller took nothing


def test_a_kernel_without_landlock_is_logged_once(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(media, "_told_without_landlock", threading.Event())
    monkeypatch.setattr(media, "_run_child", lambda *_: json.dumps({"landlock": 0, "pictures": []}).encode() + b"\n")
    for _ in range(3):
        read(tmp_path, "doc", b"x")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
