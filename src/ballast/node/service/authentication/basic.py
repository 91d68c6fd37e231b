"""``Authorization: Basic`` of the REST interface: the identity and its secret, URL-encoded.

The user name is ``<index>:<handle>``, in which Basic allows no colon, so both
parts are URL-encoded (``300%3A0.NA/88.118.8``). Whether it is taken at all
over a connection that others can read is the door's decision
(``HttpContext.basic_over_plain``); it needs no state of ours.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from ballast.errors import InvalidTerm, Refused
from ballast.node.registry.store import Snapshot
from ballast.node.service.authentication.forms import hashed_secret, is_hashed
from ballast.node.service.authentication.verifying import (
    SECRET_KEY,
    Credential,
    Verdict,
    find_credential,
    outcome,
)
from ballast.node.wire.value import Reference
from ballast.terms.handle import MAX_HANDLE_BYTES, Handle

__all__ = ["BasicClaim", "check_basic", "parse_basic", "parse_identity", "verify_basic"]

_MAX_HEADER = 8192
_MAX_INDEX = 0xFFFFFFFF
_NO_SECRET = b"0" * 40


@dataclass(frozen=True, slots=True, repr=False)
class BasicClaim:
    """Who somebody says to be, and the secret that is to prove it; never shown.

    Parameters
    ----------
    identity
        The administrator claimed; index 0 for any key of the handle.
    secrets
        The secret as it came, and URL-decoded where that differs: clients do either.
    """

    identity: Reference
    secrets: tuple[bytes, ...]


def parse_identity(text: str) -> Reference:
    """Return the administrator that ``<index>:<handle>`` names; without an index, index 0.

    Raises
    ------
    Refused
        If it is none.

    Examples
    --------
    >>> str(parse_identity("300:0.NA/88.118.8"))
    '300:0.NA/88.118.8'
    """
    index, colon, handle = text.partition(":")
    if not (colon and index.isascii() and index.isdecimal()):
        index, handle = "0", text
    if len(index) > 10 or int(index) > _MAX_INDEX or len(handle.encode()) > MAX_HANDLE_BYTES:
        raise Refused("the user name is no administrator; write it as 300:0.NA/<prefix>")
    try:
        Handle.parse(handle)
    except InvalidTerm:
        raise Refused("the user name is no administrator; write it as 300:0.NA/<prefix>") from None
    return Reference(handle, int(index))


def parse_basic(header: str) -> BasicClaim:
    """Return what an ``Authorization: Basic`` header claims.

    Parameters
    ----------
    header
        The whole value, ``Basic MzAwJTNB…``.

    Raises
    ------
    Refused
        If it is not understood; the message holds nothing of the secret.

    Examples
    --------
    >>> token = base64.b64encode(b"300%3A0.NA/88.118.8:a%20secret").decode()
    >>> str(parse_basic("Basic " + token).identity)
    '300:0.NA/88.118.8'
    """
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "basic" or len(header) > _MAX_HEADER:
        raise Refused("the Authorization header is no Basic authentication")
    try:
        plain = base64.b64decode(token.strip(), validate=True)
        user, colon, secret = plain.partition(b":")
        name = unquote_to_bytes(user).decode()
    except (binascii.Error, ValueError):
        raise Refused("the Basic authentication cannot be decoded") from None
    if colon and user.isdigit():
        raise Refused("the user name ends at its colon; write the colon of 300:handle as %3A in it")
    if not colon or not secret:
        raise Refused("the Basic authentication holds no secret")
    decoded = unquote_to_bytes(secret)
    secrets = (secret,) if decoded == secret else (secret, decoded)
    return BasicClaim(parse_identity(name), secrets)


def check_basic(credential: Credential, claim: BasicClaim) -> Verdict:
    """Return whether a secret is the one that is stored, or the one whose SHA-1 is stored.

    Microseconds; every comparison is made, whether or not one has fitted before.
    """
    proved = None
    for index, stored in credential.keys or ((0, _NO_SECRET),):
        fits = False
        for secret in claim.secrets:
            fits |= hmac.compare_digest(stored, secret)
            # Forty hex digits may also be somebody's secret itself, so both are taken; whoever
            # stole the digest could answer a challenge with it in any case.
            fits |= is_hashed(stored) and hmac.compare_digest(stored, hashed_secret(secret))
        if fits and proved is None and credential.keys:
            proved = index
    return outcome(credential, proved)


def verify_basic(snapshot: Snapshot, claim: BasicClaim, now: float) -> Verdict:
    """Return whether a Basic header proves the identity it claims.

    Parameters
    ----------
    now
        Epoch seconds.
    """
    named = claim.identity
    credential = find_credential(snapshot, SECRET_KEY, named.handle.encode(), named.index, now)
    return check_basic(credential, claim)
