"""The forms in which knowledge of a secret key is proved: computed and checked, both sides.

Five forms are alive on the wire, told apart by the first byte of the answer
(the oldest has none). All take the same three things: the key, the server's
nonce, and a second text (the digest of the request on the native protocol,
the client's nonce over HTTP). They stand together because a form that one side
reads and the other does not is how such protocols rot.

What the client may choose is bounded here: a derived key shorter than 160 bits
could be guessed by anyone, and a count of iterations without bound would let a
stranger keep a processor of ours busy. Deriving a key takes some milliseconds
by design; callers run it in a thread (see ``verifying``).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from ballast.errors import Refused

__all__ = [
    "ITERATIONS",
    "MAX_ITERATIONS",
    "Derivation",
    "SecretForm",
    "checked_derivation",
    "hashed_secret",
    "is_hashed",
    "newest_form",
    "parse_secret_answer",
    "secret_answer",
    "secret_matches",
]

# What the reference client sends; ours too.
ITERATIONS = 10_000
MAX_ITERATIONS = 100_000
_KEY_BITS = 160
_MAX_KEY_BITS = 512
_MAX_SALT_BYTES = 256
_HEX_SHA1 = re.compile(rb"[0-9a-f]{40}")
_BARE_MD5_BYTES = 16


class SecretForm(IntEnum):
    """How a proof is made; the number is its first byte on the wire."""

    BARE_MD5 = 0  # before 2.1: no first byte
    MD5 = 0x01
    SHA1 = 0x02
    HMAC_SHA1 = 0x12
    HMAC_SHA256 = 0x13
    PBKDF2 = 0x22


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a key is derived from a secret before it makes the proof.

    Parameters
    ----------
    salt
        Chosen by who answers.
    iterations
        Rounds of PBKDF2-HMAC-SHA1.
    bits
        Length of the derived key.
    """

    salt: bytes
    iterations: int = ITERATIONS
    bits: int = _KEY_BITS


def checked_derivation(salt: bytes, iterations: int, bits: int) -> Derivation:
    """Return the parameters of a derivation that the other side chose, within our bounds.

    Raises
    ------
    Refused
        If the derived key could be guessed, or deriving it would keep us busy.

    Examples
    --------
    >>> checked_derivation(b"salt", 10_000, 160).bits
    160
    >>> checked_derivation(b"salt", 10_000, 8)
    Traceback (most recent call last):
        ...
    ballast.errors.Refused: a derived key of 8 bits: 160 to 512, a multiple of 8, are taken
    """
    if not _KEY_BITS <= bits <= _MAX_KEY_BITS or bits % 8:
        raise Refused(
            "a derived key of {bits} bits: {least} to {most}, a multiple of 8, are taken",
            bits=bits,
            least=_KEY_BITS,
            most=_MAX_KEY_BITS,
        )
    if not 1 <= iterations <= MAX_ITERATIONS:
        raise Refused(
            "a key derived in {count} iterations: 1 to {most} are taken",
            count=iterations,
            most=MAX_ITERATIONS,
        )
    if len(salt) > _MAX_SALT_BYTES:
        raise Refused(
            "a salt of {count} bytes: up to {most} are taken",
            count=len(salt),
            most=_MAX_SALT_BYTES,
        )
    return Derivation(salt, iterations, bits)


def _sandwich(name: str) -> Callable[[bytes, bytes], bytes]:
    def digest(key: bytes, text: bytes) -> bytes:
        return hashlib.new(name, key + text + key, usedforsecurity=False).digest()

    return digest


_MACS: dict[SecretForm, tuple[int, Callable[[bytes, bytes], bytes]]] = {
    SecretForm.BARE_MD5: (16, _sandwich("md5")),
    SecretForm.MD5: (16, _sandwich("md5")),
    SecretForm.SHA1: (20, _sandwich("sha1")),
    SecretForm.HMAC_SHA1: (20, lambda key, text: hmac.digest(key, text, "sha1")),
    SecretForm.HMAC_SHA256: (32, lambda key, text: hmac.digest(key, text, "sha256")),
    SecretForm.PBKDF2: (20, lambda key, text: hmac.digest(key, text, "sha1")),
}


def _mac(form: SecretForm, key: bytes, text: bytes, derivation: Derivation | None) -> bytes:
    if form is SecretForm.PBKDF2:
        if derivation is None:
            raise ValueError("this form derives its key")
        key = hashlib.pbkdf2_hmac(
            "sha1", key, derivation.salt, derivation.iterations, derivation.bits // 8
        )
    return _MACS[form][1](key, text)


def newest_form(version: tuple[int, int]) -> SecretForm:
    """Return the form that peers of a protocol version understand.

    Examples
    --------
    >>> newest_form((2, 11)).name, newest_form((2, 3)).name, newest_form((2, 0)).name
    ('PBKDF2', 'SHA1', 'BARE_MD5')
    """
    if version >= (2, 7):
        return SecretForm.PBKDF2
    return SecretForm.SHA1 if version >= (2, 1) else SecretForm.BARE_MD5


def secret_answer(
    form: SecretForm, key: bytes, nonce: bytes, digest: bytes, derivation: Derivation | None = None
) -> bytes:
    """Return the proof that one knows a key, as it stands in the answer to a challenge.

    ``form · MAC(key, nonce · digest)``; with PBKDF2, ``0x22 · str salt · u32 iterations ·
    u32 bits · str MAC`` (handle protocol, part 5 of our page of its layouts).

    Parameters
    ----------
    form
        How; ``newest_form`` of the challenge's version.
    key
        The secret as the node has it stored (see ``hashed_secret``).
    nonce, digest
        From the challenge: the server's nonce and the digest of the request.
    derivation
        Salt, iterations and length of the PBKDF2 form.

    Examples
    --------
    >>> secret_answer(SecretForm.HMAC_SHA1, b"key", b"n", b"d").hex()[:8]
    '1209b35e'
    """
    mac = _mac(form, key, nonce + digest, derivation)
    if form is SecretForm.BARE_MD5:
        return mac
    if form is not SecretForm.PBKDF2:
        return bytes([form]) + mac
    if derivation is None:
        raise ValueError("this form derives its key")
    salt = derivation.salt
    return b"".join(
        (
            bytes([form]),
            struct.pack(">I", len(salt)),
            salt,
            struct.pack(">III", derivation.iterations, derivation.bits, len(mac)),
            mac,
        )
    )


def parse_secret_answer(
    answer: bytes, version: tuple[int, int]
) -> tuple[SecretForm, Derivation | None, bytes]:
    """Return form, derivation and code of a proof, within our bounds.

    Parameters
    ----------
    answer
        ``signedResponse`` as it came.
    version
        Protocol version of the challenge; before 2.1 there is one form, without a first byte.

    Raises
    ------
    Refused
        If the form is unknown, or its parts do not fill it exactly.
    """
    if version < (2, 1):
        if len(answer) != _BARE_MD5_BYTES:
            raise Refused("a proof of {count} bytes, where 16 are due", count=len(answer))
        return SecretForm.BARE_MD5, None, answer
    if not answer:
        raise Refused("the proof is empty")
    try:
        form = SecretForm(answer[0] or 0xFF)
    except ValueError:
        raise Refused(
            "a proof of kind {kind}: kinds 01, 02, 12, 13 and 22 are understood",
            kind=f"{answer[0]:02x}",
        ) from None
    if form is not SecretForm.PBKDF2:
        if len(answer) - 1 != _MACS[form][0]:
            raise Refused("a proof whose parts do not fill it")
        return form, None, answer[1:]
    return form, *_parse_derived(answer)


def _parse_derived(answer: bytes) -> tuple[Derivation, bytes]:
    try:
        (salt_length,) = struct.unpack_from(">I", answer, 1)
        if salt_length > _MAX_SALT_BYTES:
            raise Refused(
                "a salt of {count} bytes: up to {most} are taken",
                count=salt_length,
                most=_MAX_SALT_BYTES,
            )
        after = 5 + salt_length
        iterations, bits, length = struct.unpack_from(">III", answer, after)
    except struct.error:
        raise Refused("a proof whose parts do not fill it") from None
    mac = answer[after + 12 :]
    if len(mac) != length or length != _MACS[SecretForm.PBKDF2][0]:
        raise Refused("a proof whose parts do not fill it")
    return checked_derivation(answer[5:after], iterations, bits), mac


def secret_matches(
    key: bytes,
    nonce: bytes,
    digest: bytes,
    form: SecretForm,
    derivation: Derivation | None,
    mac: bytes,
) -> bool:
    """Tell whether a proof was made with a key, in a time that does not depend on the proof."""
    return hmac.compare_digest(_mac(form, key, nonce + digest, derivation), mac)


def hashed_secret(password: bytes) -> bytes:
    """Return a password as a node stores it that does not keep passwords: lower-case hex SHA-1.

    Examples
    --------
    >>> hashed_secret(b"s3cret-key")
    b'3f1ecbd08c9b39c271442014c9e5fe18c460e567'
    """
    return hashlib.sha1(password, usedforsecurity=False).hexdigest().encode()


def is_hashed(stored: bytes) -> bool:
    """Tell whether a stored secret looks like ``hashed_secret`` of something."""
    return _HEX_SHA1.fullmatch(stored) is not None
