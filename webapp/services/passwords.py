"""Passwords: which are good enough, how they are kept, how they are compared."""

from __future__ import annotations

import os
import re
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_LENGTH, MAX_LENGTH = 12, 128
"""In characters. Length is what helps against guessing; the upper end keeps a request's cost bounded."""

HASHING = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="hashing")
"""The only threads that hash. C's allocator keeps 19 MiB for each thread that ever did: in 32 web threads 600 MB."""

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
"""argon2id with t=2, m=19 MiB, p=1: the OWASP Password Storage Cheat Sheet's setting."""

MIN_DIFFERENT = 5
"""Fewer different characters than this are a pattern, not a password."""

COMMON_WORDS = frozenset(
    """
    abc access account admin administrator adobe agency alexander america andrea andrew angel animal anthony apple
    arsenal asdf asdfgh ashley august autumn azerty baby banana barcelona baseball basketball batman beautiful bitte
    blink bonjour boss buster butterfly campaign carlos changeme charlie cheese chelsea chocolate client computer
    cookie daniel december default demo diamond doudou dragon eagle email england facebook family february flower
    football forever freedom friend friends george germany ginger god google guest hallo hannah hello hockey
    hola home hunter iloveyou internet january jennifer jessica jesus jordan joshua july june justin killer
    letmein lindamore liverpool login london loulou love lovely loveme machine madrid maggie manager march
    marina marketing martin master matrix matthew merlin michael michelle monday money monkey morgan mother motdepasse
    mustang naruto nicole ninja november number october office oliver orange pass passe passwd password
    passwort pepper phone please pokemon princess private purple qazwsx qwert qwerty qwertyuiop qwertz
    robert root samsung samantha saturday secret secure security september server shadow silver slate slateapp
    soccer spring starwars storyboard storyboards summer summertime sunday sunshine superman superstar supervisor
    sweet system teamo temp temporary test tester testing thomas thursday tiger tigger time tinkerbell today
    trustno tuesday user username video wachtwoord wednesday welcome whatever willkommen winter wizard
    word work working yellow you zaq zxcvbn zxcvbnm contrasena sommer fruehling herbst geheim schatz
    """.split()  # noqa: SIM905 - a list of words reads better without 200 pairs of quotes
)
"""What well-known passwords of 12 and more characters are made of, lengthened by digits, signs and repetition."""

RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
        "azertyuiop", "qsdfghjklm", "wxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p",
        "qazwsxedcrfvtgbyhnujm", "3141592653589793")  # fmt: skip
"""Rows a finger or an alphabet follows, also read backwards."""

LOOKALIKES = str.maketrans("@4831!05$7", "aabeiiosst")


def check(password: str, *, email: str = "", name: str = "") -> None:
    """Refuse a password that is too short, too long or among the first a guesser would try.

    Raises:
        Invalid: on the field `password`.
    """
    password = _normal(password)
    if reason := _too_weak(password, [email, email.partition("@")[0], name, *name.split(), "slate"]):
        raise Invalid(fields={"password": reason})


def hashed(password: str) -> str:
    """Return the argon2id hash to keep."""
    return HASHING.submit(HASHER.hash, _normal(password)).result()


def matches(kept: str | None, password: str) -> bool:
    """Say whether a password is the one whose hash is kept.

    Without a kept hash (nobody has this e-mail, or no password yet) a hash is computed all the same, so that the time
    of the answer does not tell who has an account.
    """
    return HASHING.submit(_verify, kept or _nobodys(), _normal(password[: 4 * MAX_LENGTH])).result() and bool(kept)


def outdated(kept: str) -> bool:
    """Say whether a hash was made with other parameters than today's and should be made again at the next sign-in."""
    return HASHER.check_needs_rehash(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe(MIN_LENGTH))


def _normal(password: str) -> str:
    """Spell the same characters the same way, whichever keyboard they come from (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _too_weak(password: str, own_words: list[str]) -> str:
    """Return the sentence that says what is wrong, empty when nothing is."""
    if len(password) < MIN_LENGTH:
        return f"At least {MIN_LENGTH} characters. A few words in a row are easy to remember."
    if len(password) > MAX_LENGTH:
        return f"At most {MAX_LENGTH} characters."
    plain = password.casefold()
    if len(set(plain)) < MIN_DIFFERENT:
        return "Too few different characters."
    if _is_repeated(plain) or _is_run(plain):
        return "That is a pattern guessers try first."
    known = COMMON_WORDS | {letters for word in own_words if len(letters := _letters(word)) >= 3}
    core = re.sub(r"[\W\d_]+$", "", plain)
    spellings = (plain, plain.translate(LOOKALIKES), core.translate(LOOKALIKES))
    if any(_is_made_of(_letters(each), known) for each in spellings):
        return "Too easy to guess: names, dates and common passwords, also with digits, are tried first."
    return ""


def _is_repeated(plain: str) -> bool:
    """Say whether it is one piece of up to a third of its length, again and again."""
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 3 + 1))


def _is_run(plain: str) -> bool:
    """Say whether it is nothing but pieces of well-known rows: abcdef123456, qwertyasdfgh."""
    rest = plain
    while rest:
        taken = max((_shared(rest, row) for each in RUNS for row in (each, each[::-1])), default=0)
        if taken < 3:
            return False
        rest = rest[taken:]
    return True


def _shared(text: str, row: str) -> int:
    """Return how many characters at the start of a text follow a row, wherever the row is entered."""
    start = row.find(text[:3])
    if start < 0:
        return 0
    return sum(1 for _ in _while_same(text, row[start:]))


def _while_same(text: str, row: str) -> Iterator[str]:
    for one, other in zip(text, row, strict=False):
        if one != other:
            return
        yield one


def _letters(text: str) -> str:
    """Return the letters of a text, small and without accents (NFKD splits those off as non-letters)."""
    return re.sub(r"[\W\d_]+", "", unicodedata.normalize("NFKD", text.casefold()))


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Say whether a text is nothing but up to three of these words: nothing but digits and signs counts as none."""
    ends = {0: 0}  # where a row of words may end → with how few words
    for end in range(1, len(text) + 1):
        counts = [count + 1 for start, count in ends.items() if text[start:end] in words]
        if counts:
            ends[end] = min(counts)
    return ends.get(len(text), 99) <= 3
