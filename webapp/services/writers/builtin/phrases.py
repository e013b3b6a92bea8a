"""The brief's own words, made fit to be said: cleaned, shortened with care, typeset."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webapp.services.writers.base import Brief
    from webapp.services.writers.builtin.restrictions import Forbidden
    from webapp.services.writers.builtin.texts.base import Texts

_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,300}>")
_LONGEST_WORD = 60
"""A "word" longer than this is noise, not something to say; it is left out rather than cut."""

_ASIDES = re.compile(r"\s*[,;:(|–—…]\s*|\s+-\s+|[.!?]\s+")
_LOOSE_ENDS = frozenset(
    (  # noqa: SIM905 - a list of two hundred words reads worse
        "a an and or but for with that which who whose of to in on at by from the our your is are as than so it its "
        "und oder aber für mit das dass die der den dem des ein eine einen einem einer von zu zum zur im am auf aus "
        "bei nach wie ist sind unser unsere dein deine wenn weil sich ohne durch "
        "y e o pero para con que de del la el los las un una unos unas en al por como es son tu su nuestro nuestra sin "
        "et ou mais pour avec qui dont le les une dans sur au aux par chez est sont votre notre sans ce cette cuando"
    ).split()
)
"""Words a phrase may be cut before, but never end with."""

_EDGES = " .,;:!?-–—\"“”„«»'()"
"""What is taken off both ends of a name."""

_ARTICLE = re.compile(
    r"^(?:the|a|an|our|der|die|das|den|dem|ein|eine|einen|unser\w*|el|la|los|las|un|una|le|les|une|des|l['’])\s*(?<=[\s'’])",
    re.IGNORECASE,
)

_SHOW_THAT = re.compile(
    r"^(?:show|tell (?:them|people)|communicate|explain|say|make clear|people should (?:know|remember)"
    r"|zeig\w*|sag\w*|vermittle\w*|mostrar|decir|explicar|transmitir|montrer|dire|expliquer)"
    r"\s*,?\s*(?:that|dass|que)\s+",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Return `text` on one line, without markup, control characters and braces; empty when it says nothing."""
    text = _TAG.sub(" ", unicodedata.normalize("NFC", text))
    text = "".join(c if unicodedata.category(c)[0] != "C" or c == "\u200d" else " " for c in text)
    text = re.sub(r"[{}<>]", " ", text)
    words = [word for word in text.split() if len(word) <= _LONGEST_WORD]
    text = re.sub(r"([.!?,;:])\1+", r"\1", " ".join(words))
    text = re.sub(r"\s+([,.;:])(?=\s|$)", r"\1", text)
    return text if any(map(str.isalnum, text)) else ""


def spoken(text: str) -> str:
    """Return clean text without what no voice can say (emoji, pictograms)."""
    bare = "".join(
        c for c in clean(text) if unicodedata.category(c) not in {"So", "Sk", "Cf", "Mn", "Co"} or c in "°©®™"
    )
    return clean(re.sub(r"\s+([,.;:!?])", r"\1", bare)).strip()


def shorten(text: str, words: int) -> str:
    """Return at most `words` words of `text`, ending where the sense allows it, never inside a word."""
    tokens = text.split()
    if len(tokens) <= words:
        return text
    for i in range(words, 0, -1):
        ends_clause = (
            tokens[i - 1][-1] in ",;:.!?–—" or tokens[i].lower() in _LOOSE_ENDS or tokens[i] in {"-", "–", "—"}
        )
        if ends_clause and i >= min(2, words) and tokens[i - 1].lower().strip(",;:.!?") not in _LOOSE_ENDS:
            return " ".join(tokens[:i]).rstrip(",;:–—- ")
    while words > 1 and tokens[words - 1].lower() in _LOOSE_ENDS:
        words -= 1
    return " ".join(tokens[:words]).rstrip(",;:–—- ")


def head(text: str, words: int) -> str:
    """Return the noun at the front of a phrase: "Fjell Cold Brew, steeped 18 hours" → "Fjell Cold Brew"."""
    first = next((part for part in _ASIDES.split(text) if part.strip()), text)
    return shorten(first.strip(), words).strip(_EDGES)


def without_article(text: str) -> str:
    """Return a phrase without the article or "our" it begins with."""
    return _ARTICLE.sub("", text)


def sentence(text: str) -> str:
    """Return `text` as a sentence: a capital first, a full stop last."""
    text = capital(text.strip().rstrip(",;:–—- "))
    return text if not text or text[-1] in '.!?…"”»' else f"{text}."


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text."""
    return tuple(filter(None, re.split(r"(?<=[.!?…])\s+", text.strip())))


def share_a_sentence(text: str, others: Iterable[str]) -> bool:
    """Tell whether a sentence of `text` stands in one of the other texts as well."""
    own = {part.casefold() for part in sentences(text)}
    return any(part.casefold() in own for other in others for part in sentences(other))


def capital(text: str) -> str:
    """Return `text` with a capital first letter, unless its first word has its own shape (iPhone, fjell.coffee)."""
    first = text.split(" ", 1)[0]
    if not first or any(c.isupper() for c in first) or re.search(r"\w[./@]\w", first):
        return text
    return text[0].upper() + text[1:]


def typeset(template: str, language: str) -> str:
    """Return a template of ours with typographic apostrophes and, in French, narrow no-break spaces."""
    template = template.replace("'", "’")
    if language == "fr":
        template = re.sub(r" ([?!;])", "\u202f\\1", template)
        template = template.replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return template


@dataclass(frozen=True, slots=True)
class Phrases:
    """What may be put into a template, each in the form a sentence can carry. Empty means: not to be said."""

    language: str
    product: str
    audience: str
    """Short, for the voice; empty when it would sound like a form."""
    message: str
    """A sentence."""
    call: str
    """The call to action, for the voice."""
    call_on_screen: str
    visuals: tuple[str, ...]
    disclaimer: str
    address: str
    name: str = ""
    """The first name of the person we follow."""

    def fill(self, template: str, **more: str) -> str:
        """Return the template with every placeholder filled, sentences that begin with one capitalised."""
        values = {"P": self.product, "A": self.audience, "M": self.message.rstrip("."), "N": self.name, **more}

        def put(match: re.Match[str]) -> str:
            before = match.string[: match.start()].rstrip(" \u00a0\u202f")
            value = values[match[1]]
            return capital(value) if not before or before[-1] in ".!?…" else value

        text = re.sub(r"\{(\w+)\}", put, typeset(template, self.language))
        return re.sub(r"([!?…])\.(?=\s|$)", r"\1", text).replace("..", ".")

    def called(self, name: str) -> Phrases:
        """Return the same phrases with another first name."""
        return replace(self, name=name)


def phrases_of_brief(brief: Brief, language: str, texts: Texts, forbidden: Forbidden) -> Phrases:
    """Return the brief's words ready for use, without anything the client forbids."""

    def allowed(text: str) -> str:
        return text if forbidden.allows(text) else forbidden.without_words(text)

    product = next(
        (
            name
            for name in (head(spoken(brief.product), 6), head(spoken(brief.brand.name), 6))
            if name and forbidden.allows(name)
        ),
        "",
    )
    if not product:
        product = allowed(head(spoken(brief.product), 6)) or allowed(texts.product) or "—"
    audience = allowed(head(spoken(brief.audience), 5))
    message = _SHOW_THAT.sub("", spoken(brief.key_message))
    if not forbidden.allows(message):
        message = _without_clauses(message, forbidden)
    call = spoken(brief.call_to_action)
    on_screen = clean(brief.call_to_action)
    if not forbidden.allows(on_screen):
        call = on_screen = _without_clauses(call, forbidden) or capital(forbidden.without_words(call))
    if not call:
        call = next((text for text in map(typeset_plain, texts.lines["lead"]) if forbidden.allows(text)), "")
        on_screen = on_screen or call
    return Phrases(
        language=language,
        product=product,
        audience="" if re.search(r"\d", audience) or len(audience.split()) > 4 else audience,
        message=sentence(shorten(message, 22)),
        call=sentence(shorten(call, 16)),
        call_on_screen=shorten(on_screen, 16).rstrip(",;: "),
        visuals=tuple(
            v
            for v in (shorten(spoken(v), 8).rstrip(" .,;:!?") for v in brief.visual_elements[:20])
            if v and forbidden.allows(v)
        ),
        disclaimer=brief.brand.disclaimer.strip(),
        address=_address(brief.homepage, forbidden),
    )


def typeset_plain(template: str) -> str:
    """Return a template without placeholders with typographic apostrophes only."""
    return template.replace("'", "’")


def _without_clauses(text: str, forbidden: Forbidden) -> str:
    """Return the sentences, else the clauses, that may be said."""
    for splitter in (r"(?<=[.!?…])\s+", r"\s*[,;:–—]\s+"):
        kept = [part for part in re.split(splitter, text) if forbidden.allows(part) and len(part.split()) > 1]
        if kept:
            return ", ".join(part.strip(" ,;:") for part in kept) if ";" in splitter else " ".join(kept)
    return ""


def _address(homepage: str, forbidden: Forbidden) -> str:
    """Return a homepage as people say it: "https://www.fjell.coffee/" → "fjell.coffee"."""
    address = re.sub(r"^\w+://(www\.)?", "", clean(homepage)).rstrip("/")
    return address if len(address) <= 40 and "." in address and forbidden.allows(address) else ""
