"""What is the same in every language: structures, shots, and which words of a brief ask for which of them."""

# The tables of words are a line each, however long.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from webapp.services.writers.builtin.texts.base import Card, Texts

Sequences = tuple[tuple[str, int], ...]

STRUCTURES: Final[Mapping[str, Sequences]] = {
    # every step of ten scenes in order, with its rank: n scenes are the n best ranks, so 1 to 10 all make sense
    "problem-solution": (
        ("hook", 3), ("problem", 4), ("problem", 9), ("turn", 2), ("use", 6), ("message", 7), ("use", 10),
        ("proof", 5), ("crowd", 8), ("cta", 1),
    ),
    "before-after-bridge": (
        ("hook", 3), ("problem", 5), ("proof", 4), ("turn", 2), ("use", 6), ("use", 9), ("message", 8),
        ("proof", 7), ("crowd", 10), ("cta", 1),
    ),
    "demonstration": (
        ("hook", 3), ("problem", 8), ("turn", 2), ("use", 4), ("use", 5), ("message", 7), ("proof", 6),
        ("use", 10), ("crowd", 9), ("cta", 1),
    ),
    "testimonial": (
        ("talk0", 3), ("talk1", 4), ("problem", 8), ("talk2", 2), ("use", 6), ("message", 9), ("talk3", 5),
        ("crowd", 7), ("proof", 10), ("cta", 1),
    ),
    "offer": (
        ("clock0", 3), ("problem", 7), ("turn", 2), ("message", 5), ("clock1", 4), ("use", 6), ("crowd", 8),
        ("proof", 9), ("clock2", 10), ("cta", 1),
    ),
    "day": (
        ("hook", 3), ("problem", 5), ("problem", 9), ("turn", 2), ("use", 4), ("message", 8), ("use", 10),
        ("proof", 6), ("proof", 7), ("cta", 1),
    ),
    "manifesto": (
        ("hook", 3), ("problem", 4), ("still1", 6), ("problem", 9), ("turn", 2), ("use", 10), ("crowd", 5),
        ("proof", 7), ("message", 8), ("cta", 1),
    ),
    "comparison": (
        ("hook", 6), ("split0", 3), ("problem", 8), ("split1", 2), ("use", 5), ("message", 7), ("split2", 4),
        ("crowd", 9), ("proof", 10), ("cta", 1),
    ),
    "product-film": (
        ("still0", 3), ("problem", 8), ("turn", 2), ("use", 4), ("turn", 6), ("message", 7), ("use", 9),
        ("proof", 5), ("crowd", 10), ("cta", 1),
    ),
}  # fmt: skip

BEAT_OF: Final = {
    "hook": "hook", "still": "hook", "still0": "hook", "talk0": "hook", "clock0": "hook", "split0": "hook",
    "problem": "problem", "talk1": "problem", "still1": "problem",
    "turn": "product", "use": "product", "message": "product", "talk2": "product", "split1": "product",
    "clock1": "product", "proof": "proof", "crowd": "proof", "talk3": "proof", "split2": "proof", "clock2": "proof",
    "cta": "cta",
}  # fmt: skip

_STRUCTURE_WORDS: Final = (
    (
        "testimonial",
        r"testimon|interview|review|customer stor|erfahrung|kundenstimm|referenz|témoign|reseña|opini|ugc|user.generated",
    ),
    ("comparison", r"compar|versus|\bvs\b|vergleich|split|gegenüber"),
    (
        "offer",
        r"count.?down|offer|sale\b|discount|promo|angebot|rabatt|aktion\b|oferta|descuento|rebaj|offre|solde|remise|black friday",
    ),
    (
        "day",
        r"day.in|story|slice|life|lifestyle|vlog|alltag|tagesablauf|geschichte|historia|vida|diario|quotidien|histoire|récit|documentar|documental|documentaire|dokumentar",
    ),
    (
        "manifesto",
        r"manifest|brand film|image ?film|imagefilm|anthem|poetic|poet|inspir|visión|marque|haltung|cinemat|kino|emotion",
    ),
    (
        "demonstration",
        r"demo|how.to|tutorial|explain|erklär|anleitung|vorführ|explica|expliqu|unbox|walk.?through|screencast|animat|motion",
    ),
    ("before-after-bridge", r"before|after|transform|vorher|nachher|antes|después|avant|après|makeover"),
    (
        "product-film",
        r"product film|packshot|minimal|studio|hero shot|luxur|lujo|luxe|premium|elegan|élég|reveal|teaser|produktfilm",
    ),
    ("problem-solution", r"problem|solution|lösung|soluci|problème|direct response|performance"),
)

_TONE_WORDS: Final = (
    ("urgent", r"urgen|urgent|dringend|countdown|last chance|hurry"),
    (
        "funny",
        r"fun\b|funn(?:y|ier)|humou?r|playful|witty|wit\b|dry\b|quirk|comed|lustig|witzig|komisch|verspielt|trocken|divertid|gracios|humor|juguet|desenfad|drôle|ludique|décalé|espiègle",
    ),
    (
        "energetic",
        r"energ|énerg|enérg|dynam|dinám|upbeat|bold|punchy|fast|powerful|lively|schnell|mitreißend|rápid|vibrant|rythm|sporty|sportlich",
    ),
    ("calm", r"calm|quiet|relax|serene|peaceful|ruhig|gelassen|entspannt|tranquil|sereno|sosegad|apais|paisible|zen\b"),
    (
        "warm",
        r"warm|emotion|emocion|émotion|emotiv|heart|tender|friendly|family|sincer|honest|gentle|herzlich|gefühl|nahbar|ehrlich|cálid|cercan|familiar|entrañable|chaleur|tendre|sincère|touch|nostalg|inspir",
    ),
    (
        "premium",
        r"premium|luxur|elegan|élég|serious|sophisticat|refined|minimal|seriös|edel|hochwertig|ernst|lujo|serio|seria|refinad|luxe|sérieu|raffin|haut de gamme|cinemat|professional|sober",
    ),
)

_WORLD_WORDS: Final = (
    (
        "outdoors",
        r"run(?:s|ner|ners|ning)?\b|hik|athlet|outdoor|cycl|bike|climb|sport|fitness|trail|mountain|camp|surf|train(?:er|ing)|läuf|lauf|wander|berg|rad(?:fahr|ler)|corr(?:er|edor)|deport|montañ|ciclis|senderis|cour(?:eur|ir)|randonn|montagne|vélo|cyclist|sneaker|abenteu|aventur|adventur|travel|reise|viaj|voyag",
    ),
    (
        "calm",
        r"skin|beauty|cosmet|sleep|wellness|spa\b|yoga|medit|self.?care|hair|perfum|haut(?:pflege|creme)|schlaf|kosmet|pflege|matratze|piel|belleza|sueño|dormir|cuidado|crema|peau|beauté|sommeil|soin|matelas|mattress|shampoo|bien-être|bienestar",
    ),
    (
        "home",
        r"famil|parent|mother|father|mum|mom\b|dad\b|kid|child|baby|toddler|home|house|dog|cat\b|pet\b|eltern|mütter|väter|kind|zuhause|haushalt|haustier|wohn|padre|madre|niñ|hijo|hogar|casa|mascota|enfant|mère|père|maison|foyer|bébé|animaux|clean|putz|limpi|nettoy",
    ),
    (
        "shop",
        r"small business|shop ?owner|craft|maker|artisan|retail|trades|bakery|boutique|merchant|entrepreneur|self.employed|handwerk|selbständ|selbstständ|laden|händler|gewerbe|pyme|autónom|tiend|artesan|comercio|emprended|commer[cç]|indépendant|invoice|rechnung|factura|facture|salon\b",
    ),
    (
        "table",
        r"cook|food|meal|recipe|restaurant|dinner|snack|wine|beer|sauce|chef|kitchen|gastro|kochen|küche|essen|rezept|wein|bier|genieß|cocin|comida|receta|cena|vino|cerveza|aceite|cuisin|repas|recette|dîner|vin\b|bière|gourmet|chocola|schokolad|cheese|käse|queso|fromage",
    ),
    (
        "office",
        r"office|team|manager|startup|b2b|compan|enterprise|profession|employee|developer|freelanc|remote|software|saas|crm|meeting|project|büro|firma|unternehm|angestellt|teamleit|projekt|oficina|empresa|equipo|emplead|proyecto|bureau|entreprise|équipe|salarié|cadre|projet|accountant|lawyer|engineer",
    ),
    (
        "city",
        r"commut|city|urban|morning|coffee|student|tram|train|metro|bus\b|young|gen.?z|pendler|stadt|morgen|kaffee|studier|jung|ciudad|mañana|café|estudiant|joven|ville|matin|étudiant|jeune|trajet|scooter|car\b|auto|coche|voiture",
    ),
)

_FORM_WORDS: Final = (
    (
        "screen",
        r"\bapp\b|\bapps\b|software|website|platform|plattform|online|saas|crm|cloud|digital|dashboard|web\b|plugin|podcast|stream|newsletter|e-?book|password|files?\b|logiciel|plateforme|appli\b|application|aplicaci|plataforma|programa\b|kurs\b|course\b|cours en ligne|curso|game\b|spiel\b|juego|jeu\b|wallet|chatbot|\bai\b|\bki\b|\bia\b",
    ),
    (
        "service",
        r"insur|bank|clinic|dentist|hotel|restaurant|salon|hairdress|agency|consult|gym\b|studio\b|event|festival|museum|theat|school|university|academy|delivery|repair|moving|real estate|lawyer|versicher|klinik|praxis|zahnarzt|agentur|beratung|schule|hochschule|liefer|werkstatt|umzug|makler|steuer|pflegedienst|seguro|banco|clínica|dentista|agencia|escuela|academia|universidad|asesor|reparto|taller|mudanza|inmobili|assurance|banque|clinique|hôtel|agence|école|université|conseil|livraison|garage|déménag|immobili|restauran|travel agency|reisebüro|energy provider|strom(?:tarif|anbieter)|mobilfunk|charity|spende|donat|service\b|servic",
    ),
)

SHOTS: Final = {
    "hooks": ("wide", "close-up", "tracking"),
    "problems": ("medium", "close-up", "top-down"),
    "afters": ("medium", "wide", "close-up"),
    "thing": ("product", "extreme-close-up", "product", "medium", "top-down", "pov"),
    "screen": ("product", "extreme-close-up", "product", "medium", "over-the-shoulder", "pov"),
    "service": ("wide", "close-up", "product", "medium", "over-the-shoulder", "tracking"),
    "message": ("montage", "medium"),
    "crowd": ("montage", "tracking"),
    "talk": ("medium", "close-up", "medium", "close-up"),
    "split": ("wide", "medium", "wide"),
    "clock": ("close-up", "product", "tracking"),
    "still": ("wide", "close-up", "top-down", "montage"),
    "ends": ("end-card", "product", "end-card", "end-card"),
}
"""The shot of every card, in the order of the cards in every language."""

MOVES: Final = {
    "wide": ("pan-right", "static", "pull-out", "pan-left"),
    "medium": ("static", "push-in", "pan-left"),
    "close-up": ("push-in", "static", "tilt-up"),
    "extreme-close-up": ("static", "push-in", "tilt-down"),
    "product": ("orbit", "push-in", "tilt-up", "static"),
    "over-the-shoulder": ("push-in", "static", "track"),
    "pov": ("track", "static", "tilt-down"),
    "top-down": ("static", "pull-out", "push-in"),
    "tracking": ("track", "pan-right", "pan-left"),
    "montage": ("static", "pan-right", "push-in"),
    "end-card": ("static", "push-in", "pull-out"),
}
"""Camera moves that suit a shot, the most natural first."""

_WORLDS: Final = ("city", "home", "office", "table", "outdoors", "calm", "shop")
_ANYWHERE: Final = ("city", "home", "table")
"""Worlds any product can live in, when the brief names none."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A card with its shot and the key that tells it from all others of its language."""

    key: str
    card: Card
    shot: str

    @property
    def has_person(self) -> bool:
        """Tell whether the person we follow is in the picture."""
        return "{N}" in self.card.picture


def pictures(group: str, cards: Sequence[Card], prefix: str = "") -> tuple[Picture, ...]:
    """Return the cards of a group with their shots."""
    return tuple(
        Picture(f"{prefix}{group}{i}", card, shot)
        for i, (card, shot) in enumerate(zip(cards, SHOTS[group], strict=True))
    )


def deck(texts: Texts, slot: str, world: str, form: str) -> tuple[Picture, ...]:
    """Return the pictures that can stand in a slot, the ones that fit it best first."""
    base = slot.rstrip("0123456789")
    products = pictures(form, getattr(texts, form))
    place = texts.worlds[world]
    if base in {"talk", "split", "clock"}:
        return pictures(base, getattr(texts, base))[int(slot[-1]) :][:1]
    return {
        "hook": lambda: pictures("hooks", place.hooks, world),
        "problem": lambda: pictures("problems", place.problems, world),
        "proof": lambda: pictures("afters", place.afters, world),
        "turn": lambda: products[:3],
        "use": lambda: products[3:],
        "message": lambda: pictures("message", texts.message),
        "crowd": lambda: pictures("crowd", texts.crowd),
        "still": lambda: pictures("still", texts.still),
        "cta": lambda: pictures("ends", texts.ends),
    }[base]()


def slots(structure: str, count: int) -> tuple[str, ...]:
    """Return the slots of `count` scenes (1 and up) in order; beyond ten the middle steps are walked again."""
    steps = STRUCTURES[structure]
    chosen = [slot for slot, rank in steps if rank <= count]
    middle = [slot for slot, _ in steps if slot in {"problem", "use", "proof", "crowd"}]
    for i in range(count - len(chosen)):
        chosen.insert(-1, middle[i % len(middle)])
    return tuple(chosen)


def structures_for(style: str, tone: str, seconds: float) -> tuple[str, ...]:
    """Return the structures that suit a style, a tone and a length; the writer turns through them by seed."""
    asked = tuple(_hits(_STRUCTURE_WORDS, style))
    if asked:
        return asked[:2]
    if tone == "urgent":
        return ("offer", "problem-solution")
    if seconds <= 10:
        return ("problem-solution", "demonstration", "product-film")
    by_tone = {
        "premium": ("product-film", "manifesto", "before-after-bridge"),
        "calm": ("day", "product-film", "before-after-bridge"),
        "warm": ("before-after-bridge", "day", "manifesto", "problem-solution"),
        "energetic": ("demonstration", "problem-solution", "before-after-bridge"),
        "funny": ("problem-solution", "testimonial", "comparison"),
    }
    return by_tone.get(tone, ("problem-solution", "before-after-bridge", "demonstration", "day"))


def tone_in(*texts: str) -> str:
    """Return the first tone named in the texts, the most important text first; "plain" when none is."""
    return next((tone for text in texts for tone in _hits(_TONE_WORDS, text)), "plain")


def worlds_in(audience: str, rest: str) -> tuple[str, ...]:
    """Return the worlds a brief suggests: by its audience first, then by what else it says; the most particular wins."""
    for text in (audience, rest):
        if found := set(_hits(_WORLD_WORDS, text)):
            return tuple(world for world, _ in _WORLD_WORDS if world in found)[:1]
    return _ANYWHERE


def other_worlds(world: str) -> tuple[str, ...]:
    """Return every world but one."""
    return tuple(name for name in _WORLDS if name != world)


def form_in(text: str, *, has_product_shot: bool) -> str:
    """Return how the product can be shown: a thing in the hand, a screen, or a place where people are served."""
    form = next(_hits(_FORM_WORDS, text), "thing")
    return "thing" if has_product_shot and form == "service" else form


def _hits(table: Sequence[tuple[str, str]], text: str) -> Iterator[str]:
    """Yield the names whose words stand in the text, by where they stand first."""
    low = text.casefold()
    found = ((match.start(), name) for name, words in table if (match := re.search(rf"\b(?:{words})", low)))
    for _, name in sorted(found):
        yield name


def mentions(pattern: str, low: str) -> bool:
    """Tell whether a casefolded text says one of the words of a pattern."""
    return re.search(rf"\b(?:{pattern})\b", low) is not None
