"""What feedback asks for: keywords of four languages turned into plain wishes."""

# The tables of words are a line each, however long.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from typing import Any

from webapp.services.writers.builtin.phrases import clean, shorten, spoken, without_article
from webapp.services.writers.builtin.stock import tone_in

_QUOTE = r"[\"“”„«»‘’‚']"
_SHORTER = r"short|briefer|fewer words|too (?:many words|wordy|long)|less text|tighter|concise|kürzer|kurz\b|knapper|weniger text|zu (?:viele wörter|lang)|straffer|más cort|breve|menos texto|demasiad[oa]s? (?:palabras|larg[oa])|acort|plus court|raccourci|moins de texte|trop (?:de mots|long)|concis"
_LONGER = r"longer|more text|more words|expand|elaborate|länger|ausführlicher|mehr text|más larg|más texto|alarg|plus long|rallonge|plus de texte|développe"
_CLOSER = r"closer|close.?up|zoom in|tighter shot|näher|nahaufnahme|ran an|más cerca|primer plano|acerc|plus près|gros plan|rapproch"
_WIDER = r"wider|wide shot|zoom out|further away|farther|weiter weg|totale|weiter gefasst|más abierto|plano general|alej|plus large|plan large|plus loin|éloign"
_PRODUCT = r"focus on (?:the )?product|show (?:the |more )?product|more product|product (?:first|in focus|more)|produkt (?:zeigen|in den|mehr|im)|fokus auf (?:das )?produkt|mehr produkt|zeig\w* (?:das )?produkt|enf[oó]c\w* en el producto|más producto|muestr\w* (?:el |más )?producto|cent\w+ en el producto|plus de produit|montre\w* (?:plus )?(?:le |de )?produit|(?:centr|focalis|concentr)\w* (?:\w+ )?sur le produit|mettre en avant le produit"
_NOBODY = r"no people|without people|no person|nobody|no humans|keine (?:menschen|personen|leute)|ohne (?:menschen|personen|leute)|sin (?:gente|personas)|nadie|sans (?:personnages?|personnes?|gens)|pas de (?:gens|personnages?|personne)"
_PEOPLE = r"show people|more people|add (?:a )?(?:people|person|human)|people in|menschen zeigen|mehr menschen|zeig\w* menschen|mit menschen|con gente|más gente|muestr\w* (?:a )?(?:gente|personas)|montre\w* des gens|avec des gens|plus de (?:gens|monde)|plus humain|more human|menschlicher|más humano"
_PLACE = r"(?:different|another|other|new|change (?:the )?)\s*(?:location|place|setting)|somewhere else|ander\w+ (?:ort|location|umgebung)|woanders|otr[oa] (?:lugar|sitio|escenario|localización)|ailleurs|(?:autre|nouveau|changer de) (?:lieu|décor|endroit)"
_OPENING = r"(?:another|different|new|better|stronger|other) (?:opening|start|hook|beginning|intro)|ander\w+ (?:einstieg|anfang|beginn|aufhänger|start)|neue\w* einstieg|otr[oa] (?:comienzo|inicio|apertura|gancho|principio)|autre (?:début|ouverture|accroche|entrée)|nouvelle accroche"
_QUESTION = r"question|frage|pregunta|interrog"
_CALMER = r"calmer|quieter|slower|less hectic|ruhiger|langsamer|leiser|más (?:tranquil|calmad|lent|seren)|plus (?:calme|lent|posé|doux)"
_NO_MUSIC = r"(?:no|without|remove (?:the )?|drop (?:the )?|ohne|keine|sin(?: la)?|quit\w* la|sans|pas de|enl\w+ la|supprim\w+ la)\s*(?:music|musik|música|musique)"

_NO_VOICE = (
    r"(?:no|without(?: any| a| the)?|drop the|remove the) (?:voice|narrat|speaker|spoken|speech|script\b|words\b|text\b)"
    r"|silent scene|(?:ohne|keine?n?|kein) (?:sprech|stimme|voice|text\b|off.?text|off.?stimme|gesprochen|worte\b|erzähl)"
    r"|(?:sin|quita la|elimina la) (?:voz|locuci|locutor|narra|texto\b|palabras)"
    r"|(?:sans|pas de|enlève la|supprime la) (?:voix|narrat|texte\b|paroles|commentaire|texte parlé)"
)
_TRANSITIONS = (
    ("fade", r"fade|ausblend|abblend|einblend|fundido a negro|fundido|fondu(?! enchaîné)"),
    ("dissolve", r"dissolve|cross.?fade|überblend|fundido encadenado|encadenado|fondu enchaîné"),
    ("wipe", r"\bwipe|wisch|cortinilla|barrido|volet|balayage"),
    ("cut", r"hard cut|straight cut|\bcut to|harter schnitt|corte (?:directo|seco)|coupe franche|\bcut\b"),
)
_MOVES = (
    ("push-in", r"push.?in|dolly in|zoom in|heranfahr|zufahrt|travelling avant|acercamiento"),
    ("pull-out", r"pull.?(?:out|back)|dolly out|zoom out|zurückfahr|travelling arrière|alejamiento"),
    ("pan-left", r"pan left|schwenk nach links|paneo a la izquierda|panoramique (?:à|vers la) gauche"),
    ("pan-right", r"\bpan\b|schwenk|paneo|panorámica|panoramique"),
    ("tilt-up", r"tilt up|neig\w* nach oben|basculement vers le haut"),
    ("tilt-down", r"tilt down|neig\w* nach unten|basculement vers le bas"),
    ("orbit", r"orbit|circle around|umkreis|orbita|tourne autour"),
    ("track", r"tracking|follow(?:ing)? shot|kamerafahrt|travelling(?! a)"),
    ("static", r"static|locked.?off|still camera|statisch|feste kamera|cámara fija|caméra fixe|plan fixe"),
)
_SHOTS = (
    ("extreme-close-up", r"extreme close|macro|detailaufnahme|primerísimo|très gros plan"),
    ("close-up", r"close.?up|nahaufnahme|großaufnahme|primer plano|gros plan"),
    ("wide", r"wide|totale|plano general|plan large"),
    ("top-down", r"top.?down|from above|overhead|von oben|vogelperspektive|desde arriba|cenital|d['’]en haut|plongée"),
    ("over-the-shoulder", r"over.the.shoulder|über die schulter|por encima del hombro|par-dessus l['’]épaule"),
    ("pov", r"\bpov\b|point of view|subjektive|cámara subjetiva|vue subjective"),
    ("montage", r"montage|collage"),
    ("medium", r"medium shot|halbnah|plano medio|plan moyen"),
)
_MENTION = re.compile(
    r"(?:mention(?:s|ne[rz]?)?|talk about|include|add the words?|erwähn\w*|nenn\w*|menciona\w*|nombr\w*|évoque\w*|cit(?:e|er|ez)\b"
    r"|inclu(?:ye|ir|s)|parle de|hablar? de)\s+(?:that\s+|dass\s+|que\s+|also\s+|auch\s+|también\s+|aussi\s+)?(.+)",
    re.IGNORECASE,
)
_REMOVE = re.compile(
    r"(?:remove|without|drop|don['’]?t (?:say|mention|use|show)|do not (?:say|mention|use|show)|never (?:say|mention)|avoid|leave out"
    r"|entfern\w*|ohne|streich\w*|lass\w* weg|sag\w* nicht|nicht sagen|vermeide\w*|quit(?:a|ar|e)\b|sin|no (?:digas|menciones|uses|decir)|elimin\w*|evit\w*"
    r"|enl[eè]ve[rz]?|sans|retire\w*|supprim\w*|ne dis pas|ne pas dire|ne dites pas)"
    r"\s+(?:the words?\s+|das wort\s+|la palabra\s+|le mot\s+)?(.+)",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\s*(?:[.;!?]|,\s*(?:please|bitte|por favor|s['’]il|and|und|y|et|but|aber)\b"
    r"|\s(?:please|bitte|por favor|s['’]il vous plaît|instead|in the (?:script|voice)|im text)\b"
    r"|\s(?:and|und|y|et|but|aber)\s+(?:make|keep|more|less|show|be|mach|mehr|zeig|haz|más|muestr|plus|rends|fai)).*$",
    re.IGNORECASE | re.DOTALL,
)
_SECONDS = re.compile(r"(\d{1,3}(?:[.,]\d)?)\s*(?:s|sec|secs|seconds?|sek\w*|segundos?|seg|secondes?)\b", re.IGNORECASE)
_ON_SCREEN = re.compile(
    r"on.?screen|text (?:in|on) |caption|title card|einblend|bildtext|texttafel|en pantalla|rótulo|à l['’]écran|texte affiché|incrust",
    re.IGNORECASE,
)
_IN_PICTURE = re.compile(r"im bild|in the picture|in frame|en la imagen|à l['’]image", re.IGNORECASE)
_SEEN_AS = (
    (
        "close-up",
        r"(?:an?|the|two|his|her|both) hands?\b|fingers?|face\b|eyes?\b|händ|hand\b|gesicht|augen|manos?\b|cara\b|ojos|mains?\b|visage|yeux",
    ),
    (
        "tracking",
        r"runs?\b|running|drives?\b|rides?\b|walks?\b|rennt|läuft|fährt|geht\b|corre|camina|conduce|court\b|marche|roule",
    ),
    (
        "wide",
        r"street|city|beach|mountain|landscape|crowd|straße|stadt|strand|berg|landschaft|calle|ciudad|playa|montaña|paisaje|rue\b|ville\b|plage|montagne|paysage|foule",
    ),
)
_FEWEST_WORDS = 4
"""A text shorter than this that names a known wish is the wish, not a picture."""

_WIPED_MUSIC = frozenset({"music", "musik", "música", "musique", "the music", "la música", "la musique", "die musik"})
_PEOPLE_WORDS = re.compile(
    r"^(?:people|persons?|humans?|menschen|personen|leute|gente|personas|gens|personnages?|personnes?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """The wishes found in feedback. `note` holds the words of feedback in which no wish was recognised."""

    shorter: bool = False
    longer: bool = False
    tone: str = ""
    mention: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    focus_product: bool = False
    closer: bool = False
    wider: bool = False
    nobody: bool = False
    people: bool = False
    elsewhere: bool = False
    opening: bool = False
    question: bool = False
    silence: bool = False
    mute: bool = False
    """No voice-over at all."""
    on_screen: str = ""
    transition: str = ""
    move: str = ""
    shot: str = ""
    seconds: float | None = None
    note: str = field(default="")

    def without(self, *names: str) -> Directions:
        """Return the same wishes except the named ones."""
        defaults: dict[str, Any] = {each.name: each.default for each in fields(self) if each.name in names}
        return replace(self, **defaults)


def read(feedback: str) -> Directions:
    """Return what the feedback asks for; everything it says is looked for in English, German, Spanish and French."""
    text = clean(feedback[:2000])
    low = text.casefold()

    def asks(pattern: str) -> bool:
        return re.search(rf"\b(?:{pattern})", low) is not None

    seconds = _SECONDS.search(low)
    on_screen = _quoted(text) if _ON_SCREEN.search(low) else ()
    mute = asks(_NO_VOICE) and not (_ON_SCREEN.search(low) or _IN_PICTURE.search(low))
    remove = () if asks(_NO_MUSIC) or mute else _removed(text)
    mention = () if remove or on_screen else _mentioned(text)
    bare = text
    for words in (*mention, *remove, *on_screen):  # what is to be said is no wish about how to say it
        bare = bare.replace(words, " ")
    rest = bare.casefold()
    low = rest
    wishes = Directions(
        shorter=asks(_SHORTER),
        longer=asks(_LONGER),
        tone="calm" if asks(_CALMER) else tone_in(rest).replace("plain", ""),
        mention=mention,
        remove=remove,
        focus_product=asks(_PRODUCT),
        closer=asks(_CLOSER),
        wider=asks(_WIDER),
        nobody=asks(_NOBODY) or any(map(_PEOPLE_WORDS.match, remove)),
        people=asks(_PEOPLE) and not asks(_NOBODY),
        elsewhere=asks(_PLACE),
        opening=asks(_OPENING),
        question=asks(_QUESTION),
        mute=mute,
        silence=re.search(_NO_MUSIC, text.casefold()) is not None,
        on_screen=on_screen[0] if on_screen else "",
        transition=_first(_TRANSITIONS, rest) if not on_screen else "",
        move=_first(_MOVES, rest),
        shot=_first(_SHOTS, rest),
        seconds=float(seconds[1].replace(",", ".")) if seconds else None,
    )
    recognised = wishes != Directions()
    return wishes if recognised or not text else Directions(note=shorten(spoken(text), 16).rstrip(" .,;:!?"))


def is_description(text: str) -> bool:
    """Tell whether a text says what is to be seen, and not how something should be written."""
    words = clean(text).split()
    if not words or _MENTION.match(text.strip()) or read(text).mute:
        return False
    return len(words) >= _FEWEST_WORDS or bool(read(text).note)


def shot_in(description: str) -> str:
    """Return the shot a description names or suggests; empty when it leaves that open."""
    low = description.casefold()
    return _first(_SHOTS, low) or next((shot for shot, words in _SEEN_AS if re.search(rf"\b(?:{words})", low)), "")


def _first(table: tuple[tuple[str, str], ...], low: str) -> str:
    return next((name for name, words in table if re.search(words, low)), "")


def _quoted(text: str) -> tuple[str, ...]:
    return tuple(match.strip() for match in re.findall(rf"(?<!\w){_QUOTE}\s*([^\"“”„«»‘‚]+?)\s*{_QUOTE}(?!\w)", text))


def _mentioned(text: str) -> tuple[str, ...]:
    """Return what should be said: quoted words, else what follows "mention"."""
    quoted = _quoted(text)
    if quoted:
        return tuple(filter(None, (spoken(words).rstrip(" .,;:") for words in quoted)))
    match = _MENTION.search(text)
    if not match:
        return ()
    wanted = shorten(spoken(_REST.sub("", match[1])), 10).strip(" .,;:!?")
    return (wanted,) if wanted else ()


def _removed(text: str) -> tuple[str, ...]:
    """Return words that should not be said any more."""
    match = _REMOVE.search(text)
    if not match:
        return ()
    quoted = _quoted(match[0])
    words = quoted or (without_article(shorten(_REST.sub("", match[1]), 6)).strip(' .,;:!?"“”„«»'),)
    return tuple(word for word in words if word and word.casefold() not in _WIPED_MUSIC)
