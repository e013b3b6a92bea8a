"""Passwords: which are refused, how they are kept."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from webapp.errors import Invalid
from webapp.services import passwords

WEAK = [
    "short",
    "elevenchars",
    "x" * 200,
    "aaaaaaaaaaaa",
    "abababababab",
    "abcdabcdabcd",
    "12345-12345-12345-",
    "abcdefghijkl",
    "lkjihgfedcba",
    "123456789012",
    "098765432109",
    "qwertyuiop12",
    "qwertyasdfgh",
    "1q2w3e4r5t6y",
    "azertyuiop123",
    "password1234",
    "Password123!",
    "P@ssw0rd1234",
    "passwordpassword",
    "letmeinletmein",
    "iloveyou1234",
    "adminadmin123",
    "Welcome-2026!",
    "November2026!",
    "motdepasse123",
    "passwort12345",
    "contraseña-2026",
    "storyboard-2026",
    "slate-slate-slate",
    "2718281828459045",
    "ada@example.com",
    "adabyron1815",
    "Byron, Ada 1815",
    "byron.byron.byron",
]
GOOD = [
    "correct horse battery staple",
    "gravel otter lantern 42",
    "kj3h4kq5h3zj",
    "Blauer Himmel über Fjorden",
    "パスワードは長いほど良い",
    "a" + "bcde fgh" * 15 + "xyz",
    "  spaces are part of it  ",
    "tR0ub4dor&3.14",
]


@pytest.mark.parametrize("password", WEAK)
def test_what_guessers_try_first_is_refused_with_a_sentence(password):
    with pytest.raises(Invalid) as refused:
        passwords.check(password, email="ada@example.com", name="Ada Byron")
    assert refused.value.fields["password"].endswith(".")


@pytest.mark.parametrize("password", GOOD)
def test_long_and_unusual_is_good_enough(password):
    passwords.check(password, email="ada@example.com", name="Ada Byron")


def test_checking_does_not_take_long_for_any_text():
    began = time.perf_counter()
    for text in ("a1" * 500_000, "pass" * 32, "qwerty" * 21, "ab" * 64):
        with pytest.raises(Invalid):
            passwords.check(text, email="a@b", name="x " * 1000)
    assert time.perf_counter() - began < 2


def test_is_kept_as_argon2id_with_the_agreed_cost():
    kept = passwords.hashed(GOOD[0])
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != passwords.hashed(GOOD[0])
    assert len(kept) <= 200, "the column is that wide"
    assert not passwords.outdated(kept)
    assert passwords.outdated(kept.replace("m=19456", "m=8192"))


def test_matches_only_itself():
    kept = passwords.hashed(GOOD[0])
    assert passwords.matches(kept, GOOD[0])
    for other in (GOOD[0] + " ", GOOD[0].upper(), "", GOOD[0][:-1]):
        assert not passwords.matches(kept, other)


@pytest.mark.parametrize("kept", [None, "", "garbage", "$argon2id$v=19$m=19456,t=2,p=1$short"])
def test_no_or_a_broken_hash_matches_nothing(kept):
    for password in ("", "the password of nobody", GOOD[0]):
        assert not passwords.matches(kept, password)


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    composed, decomposed = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"
    assert passwords.matches(passwords.hashed(composed), decomposed)


def test_a_few_threads_hash_for_everybody(monkeypatch):
    """However many sign in together; the threads are counted where the library enters its C code.

    The allocator keeps 19 MiB for every thread that was ever there, so which threads matters as much as how many.
    """
    import argon2

    running, most, threads = [], [], set()

    def counting(real):
        def count(*given, **more):
            running.append(1)
            most.append(len(running))
            threads.add(threading.get_ident())
            try:
                return real(*given, **more)
            finally:
                running.pop()

        return count

    library = argon2._password_hasher
    monkeypatch.setattr(library, "verify_secret", counting(library.verify_secret))
    monkeypatch.setattr(library, "hash_secret", counting(library.hash_secret))
    kept, callers = passwords.hashed(GOOD[0]), set()

    def sign_in(number):
        callers.add(threading.get_ident())
        if number % 3 == 0:
            return not passwords.matches(None, GOOD[0])  # nobody has this e-mail
        return passwords.matches(kept, GOOD[0]) if number % 3 == 1 else passwords.hashed(GOOD[0])

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(sign_in, range(24)))
    assert len(most) >= 24
    assert max(most) <= 4
    assert len(threads) <= 4
    assert not threads & callers
