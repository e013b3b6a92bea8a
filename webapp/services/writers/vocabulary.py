"""Near-synonyms of shots, transitions, camera moves and beats, mapped to the closed lists of the contract."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

from webapp.services.writers.base import BEATS, CAMERA_MOVES, SHOT_TYPES, TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# English film terms and their abbreviations, and what German, Spanish and French sets call them.
_SHOTS = {
    "wide": "ws ls els ews vws long full fs establishing master landscape panorama panoramic wide-angle extreme-wide "
    "very-wide aerial-wide totale weit halbtotale gran-plano-general plano-general general plan-large plan-general "
    "plan-d-ensemble ensemble large",
    "medium": "ms mws mls mid mid-shot medium-wide medium-long cowboy american two-shot group waist waist-up halbnah "
    "amerikanisch plano-medio medio plano-americano plan-moyen plan-americain plan-taille moyen two",
    "close-up": "cu mcu close closeup medium-close-up medium-close head head-and-shoulders portrait face tight nah "
    "nahaufnahme grossaufnahme gross primer-plano plano-corto primerisimo gros-plan rapproche plan-rapproche reaction",
    "extreme-close-up": "ecu xcu bcu big-close-up extreme-closeup macro detail insert cutaway detailaufnahme "
    "plano-detalle primerisimo-primer-plano tres-gros-plan plan-de-detail cut-in",
    "product": "pack packshot pack-shot product-shot beauty-shot beauty hero hero-shot product-hero product-close-up "
    "tabletop still-life produkt produktaufnahme producto plano-de-producto produit plan-produit demo product-demo",
    "over-the-shoulder": "ots os over-shoulder over-the-shoulder-shot uber-die-schulter ueber-die-schulter schulter "
    "por-encima-del-hombro sobre-el-hombro par-dessus-l-epaule epaule",
    "pov": "point-of-view first-person subjective subjektiv subjektive ich-perspektive punto-de-vista subjetivo "
    "camara-subjetiva point-de-vue camera-subjective subjectif screen-recording screen",
    "top-down": "overhead bird-s-eye birds-eye bird-eye aerial drone drone-shot flat-lay flatlay god-s-eye high-angle "
    "top top-shot vogelperspektive aufsicht draufsicht drohne cenital plano-cenital picado dron plongee vue-aerienne "
    "crane",
    "tracking": "dolly dolly-shot follow following steadicam handheld hand-held gimbal moving truck trucking pan "
    "kamerafahrt fahrt verfolgung seguimiento plano-de-seguimiento travelling traveling track walk-and-talk zoom",
    "montage": "collage split-screen splitscreen multi series sequence quick-cuts fast-cuts time-lapse timelapse "
    "hyperlapse slideshow montaje secuencia b-roll broll animation graphic motion-graphics mograph",
    "end-card": "endcard end-frame end-screen end-slate closing-card closing-frame logo logo-card logo-reveal "
    "brand-card title-card title text-card cta cta-card outro packshot-logo abbinder schlussbild endkarte cierre "
    "pantalla-final tarjeta-final carton-de-fin carton-final plan-final logotipo call-to-action",
}
_TRANSITIONS = {
    "cut": "hard-cut straight-cut jump-cut jumpcut smash-cut smash match-cut match j-cut l-cut quick-cut cutaway none "
    "no direct harter-schnitt schnitt jump corte corte-directo coupe coupe-franche cut-to end",
    "fade": "fade-in fade-out fade-to-black fade-to-white fade-from-black dip dip-to-black dip-to-white blende "
    "abblende aufblende ausblenden fundido fundido-a-negro fundu fondu fondu-au-noir black",
    "dissolve": "crossfade cross-fade x-fade xfade cross-dissolve crossdissolve mix morph blend lap-dissolve soft-cut "
    "uberblendung ueberblendung fundido-encadenado encadenado disolvencia fondu-enchaine ripple blur",
    "wipe": "slide push swipe whip whip-pan swish swish-pan iris clock-wipe page-turn zoom spin glitch wischblende "
    "cortinilla barrido volet balayage",
}
_CAMERA_MOVES = {
    "static": "still fixed locked locked-off lock-off lockdown tripod none no no-movement steady statisch fest "
    "estatica fija fijo statique fixe handheld hand-held",
    "pan-left": "left pan-l whip-pan-left schwenk-links schwenk-nach-links paneo-izquierda panoramique-gauche",
    "pan-right": "right pan pan-r whip-pan whip-pan-right panning schwenk schwenk-rechts schwenk-nach-rechts paneo "
    "paneo-derecha panoramique panoramique-droite",
    "push-in": "zoom zoom-in dolly-in dolly push in move-in truck-in slow-push slow-push-in slow-zoom crash-zoom "
    "forward ranfahrt zufahrt heranzoomen acercamiento zoom-avant travelling-avant",
    "pull-out": "zoom-out dolly-out pull-back pull pullback out move-out back backward wegfahrt rauszoomen "
    "herauszoomen alejamiento zoom-arriere travelling-arriere",
    "tilt-up": "tilt up boom-up pedestal-up crane-up jib-up rise rising schwenk-nach-oben hochschwenk "
    "inclinacion-arriba",
    "tilt-down": "down boom-down pedestal-down crane-down jib-down lower schwenk-nach-unten "
    "inclinacion-abajo crane jib",
    "track": "tracking truck trucking follow following lateral slide slider dolly-left dolly-right track-left "
    "track-right steadicam gimbal kamerafahrt fahrt seguimiento travelling traveling drone flyover fly-over",
    "orbit": "arc circle circling rotate rotation around revolve spin turn turntable 360 umkreisen rundfahrt orbita "
    "rotacion orbite",
}
_BEATS = {
    "hook": "attention opening opener intro introduction open setup teaser aufhanger einstieg gancho apertura accroche "
    "before ordinary-world scene-setting",
    "problem": "pain pain-point conflict tension agitate agitation struggle challenge interest obstacle problema "
    "probleme dolor need",
    "product": "solution reveal introduce-product bridge demo demonstration feature features produkt losung loesung "
    "producto solucion produit answer turn discovery solve",
    "proof": "benefit benefits desire testimonial social-proof results result payoff after evidence trust beweis "
    "nutzen prueba beneficio preuve benefice transformation climax emotion lifestyle",
    "cta": "call-to-action action close closing end ending end-card outro resolution logo brand offer abschluss "
    "handlungsaufforderung cierre llamada-a-la-accion appel-a-l-action conclusion",
}


def _index(names: Sequence[str], synonyms: Mapping[str, str]) -> dict[str, str]:
    index = {word: name for name in names for word in synonyms[name].split()}
    return index | {name: name for name in names}


_SHOT_INDEX = _index(SHOT_TYPES, _SHOTS)
_TRANSITION_INDEX = _index(TRANSITIONS, _TRANSITIONS)
_CAMERA_INDEX = _index(CAMERA_MOVES, _CAMERA_MOVES)
_BEAT_INDEX = _index(BEATS, _BEATS)


def _slug(raw: object) -> str:
    """Reduce "Close Up (CU)" or "ÜBER-DIE-SCHULTER" to lower-case ASCII words with hyphens between."""
    text = raw if isinstance(raw, str) else ""
    plain = unicodedata.normalize("NFKD", text[:80].replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _candidates(slug: str) -> list[str]:
    """List what to look up, best first: the whole, without filler words, then runs of its words, longest first."""
    plain = re.sub(
        r"(^|-)(shot|shots|scene|the|a|camera|einstellung|plano|transition|move|slow|slowly|gentle)(?=-|$)", "", slug
    )
    words = [word for word in plain.split("-") if word]
    runs = ["-".join(words[i : i + n]) for n in range(len(words), 0, -1) for i in range(len(words) - n + 1)]
    return [slug, *runs, *(word.removesuffix("s") for word in words)]


def _look_up(raw: object, index: Mapping[str, str], default: str) -> tuple[str, bool]:
    slug = _slug(raw)
    for candidate in _candidates(slug):
        if candidate in index:
            return index[candidate], True
    near = get_close_matches(slug, list(index), n=1, cutoff=0.75)
    return (index[near[0]] if near else default), False


def shot_type(raw: object) -> tuple[str, bool]:
    """Map any name of a shot to one of SHOT_TYPES; False when it was only guessed (medium where nothing is near)."""
    return _look_up(raw, _SHOT_INDEX, "medium")


def transition(raw: object) -> tuple[str, bool]:
    """Map any name of a transition to one of TRANSITIONS; False when guessed (cut where nothing is near)."""
    return _look_up(raw, _TRANSITION_INDEX, "cut")


def camera_move(raw: object) -> tuple[str, bool]:
    """Map any name of a camera move to one of CAMERA_MOVES; False when guessed (static where nothing is near)."""
    return _look_up(raw, _CAMERA_INDEX, "static")


def beat(raw: object, default: str = "product") -> tuple[str, bool]:
    """Map any name of a scene's part in the story to one of BEATS; False when guessed (else `default`)."""
    return _look_up(raw, _BEAT_INDEX, default)
