"""Words of a text without what grammar adds to them, so that “brewing” is found where the brief says “brewed”."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LITTLE = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a about after all also an and any are as at be been before but by can do does for from get gets had has"
        " have he her here his how i if in into is it its just less like make makes me more most my new no not now of"
        " off on one only or our out over own she so some than that the their them then there they this to too under"
        " until up us very was we were what when where which who why will with without yet you your",
        "de": "aber alle als also am an auch auf aus bei bin bis da damit das dass dein deine deinen deiner dem den"
        " der des die dir dich doch du durch ein eine einem einen einer eines er es für gibt hat haben hier ich ihr"
        " ihre im in ins ist ja jetzt kann kein keine man mehr mein mit nach nicht noch nur ob oder ohne sehr sein"
        " seine sich sie sind so über um und uns unser unsere unter vom von vor war was weil wenn wer wie wir wird zu"
        " zum zur",
        "es": "a al algo como con cuando de del donde el ella ellas ellos en es esa ese eso esta este esto está están"
        " la las le les lo los más me mi muy más ni no nos nuestra nuestro o para pero por que qué quien se ser si sin"
        " sobre son su sus también te tu tus un una uno unos unas y ya yo",
        "fr": "à au aucun aussi aux avec c ce ceci cela ces cet cette comme d dans de des donc du elle elles en est et"
        " eux il ils j je l la le les leur leurs lui m ma mais me mes moins mon n ne nos notre nous on ou où par pas"
        " plus pour qu que qui s sa sans se ses si son sont sur t ta te tes ton tout toute toutes très tu un une vos"
        " votre vous y",
    }.items()
}
"""Words that say nothing of what a text is about."""

_NOISE = frozenset({"http", "https", "www", "com", "net", "org", "example"})

_ENDINGS = {
    "en": "ings ing edly ed ies ied iest ier es s er ers est ly y e",
    "de": "innen in ungen ung ender ende enden endes ern em en er es est et ete eten ten te st e n s t",
    "es": "aciones ación iciones ición amientos amiento mente ándose ando iendo adas ados idas idos ada ado ida ido"
    " amos emos imos áis éis an en ar er ir as es os a e o s",
    "fr": "issements issement ations ation ements ement ments ment issez issons issent antes ants ante ant eaux euses"
    " euse ées és ée ez er ent ons ir ie es é e s x",
}
_SHORTEST_STEM = 4
_WORD = re.compile(r"[^\W_]+")
_HEAD, _FRONT = 4, 6
"""A German stem of so many letters is found at the end, at the front of a compound: Kaffee in Kaltkaffee."""


def fold(text: str) -> str:
    """Return a text in lower case without accents, as long as it was, so that places in it stay the same."""
    return "".join(_folded(sign) for sign in text)


@lru_cache(maxsize=2048)
def _folded(sign: str) -> str:
    lower = sign.lower()
    base = unicodedata.normalize("NFKD", lower)[:1]
    return base if len(base) == 1 else sign


@lru_cache(maxsize=4096)
def stem(word: str, language: str) -> str:
    """Return a word without its inflection: commuters, commuting → commut. Rough, and the same for all its forms."""
    found = fold(word)
    if found.isdigit():
        return found
    for _ in range(2):  # verbs made of nouns, plurals of participles: two layers are enough
        fits = (
            each for each in _endings(language) if found.endswith(each) and not (each == "s" and found[-2:] == "ss")
        )
        ending = next((each for each in fits if len(found) - len(each) >= _shortest(each, language)), "")
        if not ending:
            break
        found = found[: -len(ending)]
    doubled = language == "en" and len(found) > 3 and found[-1] == found[-2]  # running → runn → run
    return found[:-1] if doubled else found


def _shortest(ending: str, language: str) -> int:
    """Return how many letters have to be left: a plural s takes less away than others, but not in German (Haus)."""
    return _SHORTEST_STEM - (ending == "s" and language != "de")


@lru_cache(maxsize=8)
def _endings(language: str) -> tuple[str, ...]:
    """Return the endings of a language, the longest first."""
    return tuple(sorted(map(fold, _ENDINGS.get(language, "").split()), key=len, reverse=True))


@lru_cache(maxsize=1024)
def stems(text: str, language: str) -> frozenset[str]:
    """Return the stems of all words of a text that say what it is about."""
    little = _LITTLE.get(language, frozenset())
    found = (word.lower() for word in _WORD.findall(text))
    return frozenset(
        stem(word, language)
        for word in found
        if word not in little and word not in _NOISE and (len(word) > 1 or word.isdigit())
    )


def among(wanted: frozenset[str], said: frozenset[str], language: str) -> frozenset[str]:
    """Return those of the wanted stems that were said; in German also as a part of a compound."""
    found = wanted & said
    if language == "de" and len(found) < len(wanted):
        found |= {part for part in wanted - found if any(_is_part(part, word) for word in said)}
    return found


def _is_part(part: str, word: str) -> bool:
    return (len(part) >= _HEAD and word.endswith(part)) or (len(part) >= _FRONT and word.startswith(part))


def language_of(text: str, otherwise: str) -> str:
    """Tell by its little words which language a text is in; `otherwise` when they do not tell clearly."""
    found = [word.lower() for word in _WORD.findall(text)]
    scores = {language: sum(word in little for word in found) for language, little in _LITTLE.items()}
    best = max(scores, key=lambda language: (scores[language], language == otherwise))
    return best if scores[best] >= scores.get(otherwise, 0) + 3 else otherwise
