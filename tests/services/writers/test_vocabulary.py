"""Near-synonyms from models and old clients."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from webapp.services import writers
from webapp.services.writers import vocabulary
from webapp.services.writers.base import BEATS, CAMERA_MOVES, SHOT_TYPES, TRANSITIONS


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("CU", "close-up"), ("closeup", "close-up"), ("Close Up", "close-up"), ("Medium close-up (MCU)", "close-up"),
        ("ECU", "extreme-close-up"), ("Extreme close up shot", "extreme-close-up"), ("macro", "extreme-close-up"),
        ("MS", "medium"), ("two shot", "medium"), ("WS", "wide"), ("Establishing wide shot", "wide"),
        ("drone shot", "top-down"), ("Bird's-eye view", "top-down"), ("OTS", "over-the-shoulder"),
        ("POV shot", "pov"), ("first-person", "pov"), ("packshot", "product"), ("hero shot", "product"),
        ("steadicam", "tracking"), ("split screen", "montage"), ("logo reveal", "end-card"), ("End Card", "end-card"),
        ("Großaufnahme", "close-up"), ("Totale", "wide"), ("Vogelperspektive", "top-down"), ("Halbnah", "medium"),
        ("Über die Schulter", "over-the-shoulder"), ("primer plano", "close-up"), ("plano detalle", "extreme-close-up"),
        ("gros plan", "close-up"), ("plan d'ensemble", "wide"), ("plan moyen", "medium"),
    ],
)  # fmt: skip
def test_shots(raw, name):
    assert vocabulary.shot_type(raw) == (name, True)


@pytest.mark.parametrize(("raw", "name"), [
    ("Cross-fade", "dissolve"), ("crossfade", "dissolve"), ("jump cut", "cut"), ("match cut to black", "cut"),
    ("fade to black", "fade"), ("whip pan", "wipe"), ("Überblendung", "dissolve"), ("fundido a negro", "fade"),
    ("fondu enchaîné", "dissolve"), ("hard cut", "cut"),
])  # fmt: skip
def test_transitions(raw, name):
    assert vocabulary.transition(raw) == (name, True)


@pytest.mark.parametrize(("raw", "name"), [
    ("slow zoom in", "push-in"), ("zoom out", "pull-out"), ("pan", "pan-right"), ("Pan left", "pan-left"),
    ("dolly in", "push-in"), ("locked off", "static"), ("360", "orbit"), ("Tilt down slowly", "tilt-down"),
    ("Schwenk nach links", "pan-left"), ("camera tracks", "track"),
])  # fmt: skip
def test_camera_moves(raw, name):
    assert vocabulary.camera_move(raw)[0] == name


@pytest.mark.parametrize(("raw", "name"), [
    ("Call to action", "cta"), ("CTA", "cta"), ("solution", "product"), ("Testimonial", "proof"), ("opening", "hook"),
    ("pain point", "problem"), ("Aufhänger", "hook"),
])  # fmt: skip
def test_beats(raw, name):
    assert vocabulary.beat(raw) == (name, True)


@pytest.mark.parametrize(("look_up", "names"), [
    (vocabulary.shot_type, SHOT_TYPES), (vocabulary.transition, TRANSITIONS),
    (vocabulary.camera_move, CAMERA_MOVES), (vocabulary.beat, BEATS),
])  # fmt: skip
def test_own_names_are_themselves_and_everything_else_lands_on_the_list(look_up, names):
    for name in names:
        assert look_up(name) == (name, True)
        assert look_up(name.upper().replace("-", "_")) == (name, True)
    for odd in ("", None, 7, ["wide"], "qwertz", "ж" * 500, "x" * 10_000):
        name, known = look_up(odd)
        assert name in names
        assert not known


def test_a_slip_of_the_pen_is_the_nearest_but_not_known():
    assert vocabulary.shot_type("clos-upp") == ("close-up", False)
    assert vocabulary.transition("disolve") == ("dissolve", False)


class TestRegistry:
    settings = SimpleNamespace(
        provider="openai", ai_model="", openai_api_key="k", openai_base_url="", anthropic_api_key="k",
        anthropic_base_url="", writer_timeout_seconds=60,
    )  # fmt: skip

    def test_label_and_writer_agree(self):
        for name in ("builtin", "openai", "anthropic"):
            chosen = SimpleNamespace(**vars(self.settings) | {"provider": name, "ai_model": "mine"})
            writer = writers.current(chosen)
            assert writers.label(chosen) == (writer.name, writer.model)
            assert (writer.name, writer.model) == (name, "built-in 1" if name == "builtin" else "mine")

    def test_default_models_have_a_price(self):
        from webapp.services.writers import prices

        assert all(prices.known(model) for model in writers.DEFAULT_MODELS.values())

    def test_choosing_a_writer_loads_no_sdk(self):
        code = (
            "import sys; from types import SimpleNamespace as S; from webapp.services import writers;"
            "from webapp.services.writers import prices, vocabulary;"
            "s = S(provider='openai', ai_model='', openai_api_key='k', openai_base_url='', writer_timeout_seconds=9);"
            "print(writers.label(s)); assert not {'openai', 'httpx2'} & set(sys.modules);"
            "writers.current(s); assert 'openai' not in sys.modules;"
            "writers.prepare(s); assert 'openai' in sys.modules"
        )
        subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
