"""Passwords: which are refused, how they are hashed, how one is made up.

argon2id with the second recommended parameters of RFC 9106 (section 4): they
stand here and not only in the library, so that an upgrade of it does not
change them unseen. No list of bad passwords: length and the account's own
name are what can be checked without one, and the lock-out bounds guessing.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ballast.errors import Refused
from ballast.state.texts import storable

LEAST, MOST = 10, 256
# RFC 9106, 4: t = 3, p = 4, m = 2^16 KiB, 128-bit salt, 256-bit tag.
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, hash_len=32, salt_len=16)
# Each hash takes 64 MiB: a crowd at the door must not take the memory of the house.
AT_ONCE = threading.BoundedSemaphore(2)
_ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_MADE_UP = 16  # of 57 signs: 93 bits
# What an unknown name is checked against, so that it takes the time of a known one.
_NOBODY = HASHER.hash(secrets.token_urlsafe(32))


def check_strength(password: str, *names: str) -> None:
    """Refuse a password that is too short, too long, or holds the account's own name.

    Parameters
    ----------
    password
        What was chosen.
    *names
        The account's name and the person's.

    Raises
    ------
    Refused
        If it may not be used; the message does not repeat it.

    Examples
    --------
    >>> check_strength("correct horse battery", "zhao")
    """
    plain = _plain(password)
    if not _is_text(plain):
        raise Refused("the password holds signs that are no text; type it anew")
    if len(plain) < LEAST:
        raise Refused("the password is too short; it needs {least} signs", least=LEAST)
    if len(plain) > MOST:
        raise Refused("the password is too long; {most} signs are the most", most=MOST)
    folded = plain.casefold()
    if any(len(name) > 2 and name.casefold() in folded for name in map(_plain, names)):
        raise Refused("the password holds the account's own name; choose another")


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and parameters."""
    with AT_ONCE:
        return HASHER.hash(_plain(password))


def is_right(stored: str | None, password: str) -> bool:
    """Return whether a password is the one of a hash; without a hash, as slowly, that it is not."""
    plain = _plain(password)
    if len(plain) > MOST or not _is_text(plain):
        plain, stored = "", None
    try:
        HASHER.verify(stored or _NOBODY, plain)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def _is_text(plain: str) -> bool:
    """Return whether UTF-8 can hold a text: not half of a surrogate pair, as JSON may bring."""
    return storable(plain) == plain


def make_up() -> str:
    """Return a random password that can be read aloud: no 0 and O, no 1, l and I.

    Examples
    --------
    >>> len(make_up())
    16
    """
    return "".join(secrets.choice(_ALPHABET) for _ in range(_MADE_UP))


def _plain(text: str) -> str:
    # NIST SP 800-63B, 3.1.1.2: normalise, or an input method's full-width letters lock people out.
    return unicodedata.normalize("NFKC", text)
