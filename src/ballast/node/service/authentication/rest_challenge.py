"""``Authorization: Handle`` of the REST interface: challenge and proof in HTTP headers.

The server names a session and a nonce; the client signs that nonce and one of
its own, and afterwards names the session alone::

    WWW-Authenticate: Basic realm="handle", Handle sessionId="…", nonce="…"
    Authorization: Handle version="0", sessionId="…", id="300:0.NA/…", type="HS_PUBKEY",
                   cnonce="…", alg="SHA256", signature="…"
    Authorization: Handle version="0", sessionId="…"

as the manual of Handle.Net 9 documents it (nonces and signature in Base64; the
signature covers nonce · cnonce). Here each nonce of ours is good for one
attempt, also a failed one (``vault.TakeNonce``). With ``HS_SECKEY`` the
signature is the code alone and ``alg`` its form; for the derived one ``salt``,
``iterations`` and ``length`` (bits) stand beside it.

How a door uses it::

    asked = parse_rest(header)
    if not asked.proves:   session = vault ViewSession(asked.session_id) → its administrator
    else:                  session = vault TakeNonce(asked.session_id)
                           credential = find_rest_credential(snapshot, asked, now)
                           verdict = await executor(check_rest, credential, asked, session.nonce)
                           proved: vault ProveSession(session_id, index, handle)
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from ballast.errors import Refused
from ballast.node.registry.store import Snapshot
from ballast.node.service.authentication.basic import parse_identity
from ballast.node.service.authentication.forms import (
    ITERATIONS,
    SecretForm,
    checked_derivation,
)
from ballast.node.service.authentication.vault import RestSession
from ballast.node.service.authentication.verifying import (
    PUBLIC_KEY,
    SECRET_KEY,
    Credential,
    Verdict,
    find_credential,
    match_secret,
    match_signature,
    outcome,
    refused,
    unknown_kind,
)
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.value import Reference

__all__ = [
    "RestClaim",
    "check_rest",
    "find_rest_credential",
    "parse_rest",
    "rest_authorization",
    "rest_claim",
    "session_json",
    "www_authenticate",
]

_MAX_HEADER = 16_384
_PAIR = re.compile(r'\s*([A-Za-z]+)\s*=\s*(?:"([^"]*)"|([^\s,"]*))\s*(?:,|$)')
_MIN_CNONCE, _MAX_CNONCE = 8, 256
_FORMS = {
    "MD5": SecretForm.MD5,
    "SHA1": SecretForm.SHA1,
    "HMACSHA1": SecretForm.HMAC_SHA1,
    "HMACSHA256": SecretForm.HMAC_SHA256,
    "PBKDF2WITHHMACSHA1": SecretForm.PBKDF2,
    "PBKDF2HMACSHA1": SecretForm.PBKDF2,
}


@dataclass(frozen=True, slots=True)
class RestClaim:
    """What an ``Authorization: Handle`` header, or the body of a session, says.

    Parameters
    ----------
    session_id
        The session; empty where none is named.
    identity
        The administrator that somebody wants to prove to be; None: none is claimed.
    kind
        ``HS_SECKEY`` or ``HS_PUBKEY``.
    cnonce
        The client's nonce.
    algorithm
        As it was named.
    signature
        The proof.
    salt, iterations, bits
        Of the derived form of ``HS_SECKEY``.
    """

    session_id: str = ""
    identity: Reference | None = None
    kind: str = ""
    cnonce: bytes = b""
    algorithm: str = ""
    signature: bytes = b""
    salt: bytes = b""
    iterations: int = ITERATIONS
    bits: int = 160

    @property
    def proves(self) -> bool:
        """Whether it brings a proof, and does not only name a session."""
        return self.identity is not None


def parse_rest(header: str) -> RestClaim:
    """Return what an ``Authorization: Handle`` header says.

    Raises
    ------
    Refused
        If it cannot be read, or lacks a part.

    Examples
    --------
    >>> parse_rest('Handle version="0", sessionId="abc"')
    RestClaim(session_id='abc', identity=None, kind='', cnonce=b'', algorithm='', signature=b'', \
salt=b'', iterations=10000, bits=160)
    """
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "handle" or len(header) > _MAX_HEADER:
        raise Refused("the Authorization header is none of the kind Handle")
    pairs: dict[str, object] = {}
    at = 0
    while at < len(rest):
        found = _PAIR.match(rest, at)
        if found is None:
            raise Refused('the Authorization header cannot be read; write name="value", …')
        name = found[1].lower()
        if name in pairs:
            raise Refused("the Authorization header names {name} twice", name=name)
        pairs[name] = found[2] if found[2] is not None else found[3]
        at = found.end()
    return rest_claim(pairs)


def rest_claim(fields: Mapping[str, object]) -> RestClaim:
    """Return what the fields of a header or of a JSON object (``/api/sessions/this``) say.

    Parameters
    ----------
    fields
        ``sessionId``, ``id``, ``type``, ``cnonce``, ``alg``, ``signature``, ``salt``,
        ``iterations``, ``length``; names in any case, others are ignored.

    Raises
    ------
    Refused
        If a part is missing or is not what it should be.
    """
    said = {str(name).lower(): value for name, value in fields.items()}
    session_id = str(said.get("sessionid") or "")
    if not said.get("id") and not said.get("signature"):
        return RestClaim(session_id)
    if not session_id:
        raise Refused("the authentication names no sessionId; ask for one at /api/sessions")
    cnonce = _decoded(said, "cnonce")
    if not _MIN_CNONCE <= len(cnonce) <= _MAX_CNONCE:
        raise Refused(
            "a cnonce of {count} bytes: {least} to {most} are taken",
            count=len(cnonce),
            least=_MIN_CNONCE,
            most=_MAX_CNONCE,
        )
    return RestClaim(
        session_id=session_id,
        # Clients encode the slash of the handle, as in an address, or leave it.
        identity=parse_identity(unquote(str(said.get("id") or ""))),
        kind=str(said.get("type") or ""),
        cnonce=cnonce,
        algorithm=str(said.get("alg") or "")[:64],
        signature=_decoded(said, "signature"),
        salt=_decoded(said, "salt") if said.get("salt") else b"",
        iterations=_whole(said, "iterations", ITERATIONS),
        bits=_whole(said, "length", 160),
    )


def _decoded(said: Mapping[str, object], name: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s", "", str(said.get(name) or "")), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("{name} of the authentication is no Base64", name=name) from None


def _whole(said: Mapping[str, object], name: str, otherwise: int) -> int:
    given = str(said.get(name) or otherwise)
    if not (given.isascii() and given.isdecimal() and len(given) <= 9):
        raise Refused("{name} of the authentication is no whole number", name=name)
    return int(given)


def find_rest_credential(snapshot: Snapshot, claim: RestClaim, now: float) -> Credential:
    """Return the keys by which a claim can be proved (``verifying.find_credential``)."""
    named = claim.identity or Reference("", 0)
    return find_credential(snapshot, claim.kind, named.handle.encode(), named.index, now)


def check_rest(credential: Credential, claim: RestClaim, nonce: bytes) -> Verdict:
    """Return whether a claim is proved. Computes for some milliseconds: run it off the loop.

    Parameters
    ----------
    credential
        ``find_rest_credential``.
    claim
        What came.
    nonce
        The nonce of the session, taken (``vault.TakeNonce``) and not merely looked at.
    """
    try:
        if claim.kind == PUBLIC_KEY:
            index = match_signature(
                credential, nonce + claim.cnonce, claim.algorithm, claim.signature
            )
        elif claim.kind == SECRET_KEY:
            index = _match_secret(credential, claim, nonce)
        else:
            raise unknown_kind(claim.kind)
    except Refused as error:
        understood = claim.kind in (PUBLIC_KEY, SECRET_KEY)
        return refused(
            error,
            ResponseCode.AUTHENTICATION_FAILED if understood else ResponseCode.INVALID_CREDENTIAL,
        )
    return outcome(credential, index)


def _match_secret(credential: Credential, claim: RestClaim, nonce: bytes) -> int | None:
    name = re.sub(r"[^A-Z0-9]", "", claim.algorithm.upper())
    form = _FORMS.get(name)
    if form is None:
        raise Refused(
            "a proof by “{name}”: PBKDF2WithHmacSHA1, HMAC-SHA256, HMAC-SHA1, SHA1 and MD5 are "
            "understood",
            name=claim.algorithm[:40],
        )
    # Put into the native form, so that one place reads and bounds both.
    response = bytes([form]) + claim.signature
    if form is SecretForm.PBKDF2:
        checked_derivation(claim.salt, claim.iterations, claim.bits)
        response = b"".join(
            (
                bytes([form]),
                len(claim.salt).to_bytes(4, "big"),
                claim.salt,
                claim.iterations.to_bytes(4, "big"),
                claim.bits.to_bytes(4, "big"),
                len(claim.signature).to_bytes(4, "big"),
                claim.signature,
            )
        )
    return match_secret(credential, nonce, claim.cnonce, response, (2, 11))


def www_authenticate(session: RestSession | None) -> str:
    """Return the ``WWW-Authenticate`` header of a 401; without a session where there is no room."""
    basic = 'Basic realm="handle"'
    if session is None:
        return basic
    nonce = base64.b64encode(session.nonce).decode()
    return f'{basic}, Handle sessionId="{session.session_id}", nonce="{nonce}"'


def session_json(session: RestSession) -> dict[str, object]:
    """Return a session as ``/api/sessions`` answers it."""
    told: dict[str, object] = {
        "sessionId": session.session_id,
        "nonce": base64.b64encode(session.nonce).decode(),
    }
    if session.handle:
        told |= {"authenticated": True, "id": f"{session.index}:{session.handle}"}
    return told


def rest_authorization(session_id: str, claim: RestClaim | None = None) -> str:
    """Return the ``Authorization`` header that a client sends: the inverse of ``parse_rest``.

    Parameters
    ----------
    session_id
        The session.
    claim
        The proof; None once the session is known to be ours.
    """
    parts: dict[str, object] = {"version": 0, "sessionId": session_id}
    if claim is not None and claim.identity is not None:
        parts |= {
            "id": str(claim.identity).replace('"', "%22"),
            "type": claim.kind,
            "cnonce": base64.b64encode(claim.cnonce).decode(),
            "alg": claim.algorithm,
            "signature": base64.b64encode(claim.signature).decode(),
        }
        if claim.salt:
            parts |= {
                "salt": base64.b64encode(claim.salt).decode(),
                "iterations": claim.iterations,
                "length": claim.bits,
            }
    return "Handle " + ", ".join(f'{name}="{value}"' for name, value in parts.items())
