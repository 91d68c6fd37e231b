"""Signatures by which knowledge of a private key is proved: RSA and DSA, SHA-256 and SHA-1.

The kind of the key is what is registered, never what the answer says, so that
nobody can have a key read as one of another kind. SHA-1 is taken because the
clients in the field still sign with it; what is signed here is a nonce of ours,
fresh for each attempt, for which a collision helps nobody.
"""

from __future__ import annotations

from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, padding, rsa

from ballast.errors import MalformedMessage, Refused
from ballast.node.wire.keys import (
    DsaPublicKey,
    RsaPublicKey,
    parse_public_key,
)

__all__ = ["UNKNOWN_KEY", "PrivateKey", "hash_named", "sign", "signature_matches"]

PrivateKey: TypeAlias = rsa.RSAPrivateKey | dsa.DSAPrivateKey

_LEAST_BITS, _MOST_BITS = 1024, 8192
_MAX_EXPONENT_BITS = 64
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {"SHA256": hashes.SHA256, "SHA1": hashes.SHA1}

# A modulus of 2,048 bits of which nobody knows the factors, itself included: the answers of
# unknown identities are checked against it, in the time that a real check takes.
_NOBODY = int.from_bytes(b"\xc1" + b"the key of nobody at all; ".ljust(254, b"."), "big") << 8 | 1
UNKNOWN_KEY = RsaPublicKey.of(rsa.RSAPublicNumbers(65537, _NOBODY).public_key()).to_wire()


def hash_named(name: str) -> hashes.HashAlgorithm:
    """Return the digest that a signature says it was made with.

    Parameters
    ----------
    name
        ``SHA-256`` or ``SHA1``, with or without the dash, in any case.

    Raises
    ------
    Refused
        For any other.

    Examples
    --------
    >>> hash_named("SHA-256").name, hash_named("sha1").name
    ('sha256', 'sha1')
    """
    found = _HASHES.get(name.upper().replace("-", ""))
    if found is None:
        raise Refused("a signature by “{name}”: SHA-256 and SHA1 are understood", name=name[:40])
    return found()


def _usable(data: bytes) -> rsa.RSAPublicKey | dsa.DSAPublicKey:
    """Return the key in the data of an HS_PUBKEY value, if signatures can be checked with it."""
    try:
        found = parse_public_key(data)
        if not isinstance(found, RsaPublicKey | DsaPublicKey):
            raise Refused(
                "the public key is of the kind {kind}; keys of RSA and DSA are understood here",
                kind=found.kind[:40],
            )
        key = found.to_cryptography()
    except MalformedMessage as error:
        raise Refused("the public key registered for this identity is damaged") from error
    if isinstance(key, rsa.RSAPublicKey):
        small = key.public_numbers().e.bit_length() <= _MAX_EXPONENT_BITS
        if not small:
            raise Refused("the public key registered for this identity is damaged")
    if not _LEAST_BITS <= key.key_size <= _MOST_BITS:
        raise Refused(
            "the public key has {bits} bits; {least} to {most} are taken",
            bits=key.key_size,
            least=_LEAST_BITS,
            most=_MOST_BITS,
        )
    return key


def signature_matches(key: bytes, algorithm: str, signature: bytes, signed: bytes) -> bool:
    """Tell whether a signature over some bytes was made with the private half of a key.

    Parameters
    ----------
    key
        The data of an ``HS_PUBKEY`` value.
    algorithm
        The digest, as the signer names it.
    signature
        PKCS #1 v1.5 for RSA, DER for DSA.
    signed
        What was signed.

    Raises
    ------
    Refused
        If key or digest is of a kind that is not understood, or the key is damaged.
    """
    digest = hash_named(algorithm)
    public = _usable(key)
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, signed, padding.PKCS1v15(), digest)
        else:
            public.verify(signature, signed, digest)
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refused("the public key registered for this identity is damaged") from error
    return True


def sign(key: PrivateKey, algorithm: str, signed: bytes) -> bytes:
    """Return a signature over some bytes: what ``signature_matches`` checks.

    Parameters
    ----------
    key
        An RSA or a DSA key.
    algorithm
        ``SHA-256`` or ``SHA1``.
    signed
        What to sign.
    """
    digest = hash_named(algorithm)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), digest)
    return key.sign(signed, digest)
