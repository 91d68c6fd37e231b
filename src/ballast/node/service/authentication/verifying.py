"""Whether an answer proves who gave it.

In two steps, because they belong to different places. ``find_credential``
reads the keys of an identity from a snapshot: microseconds, on the event loop,
where the snapshot lives. ``check_…`` computes and touches nothing: deriving a
key takes milliseconds by design (10,000 rounds of PBKDF2 about 5 ms), so a
server runs it off its loop::

    credential = find_credential(snapshot, answer.kind, answer.handle, answer.index, now)
    verdict = await loop.run_in_executor(pool, check_answer, credential, answer, pending)

with a pool of one or two threads (hashlib lets the interpreter go while it
derives) and a bound on how many wait; above it the caller answers SERVER_BUSY.

An identity that does not exist costs what one does that exists: its answer is
checked against a key of nobody's, so that neither words nor the time of the
check tell who is known here. What remains is that a record is parsed or is not,
some 30 microseconds: that a handle exists, anybody may ask anyway. Only identities whose handle is
resolvable at this node are found; whether they are on somebody's list of administrators is a
question of rights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from ballast.errors import MalformedMessage, Refused
from ballast.node.registry.records import RecordState, record_key, unpack_record
from ballast.node.registry.store import Snapshot
from ballast.node.service.authentication.forms import (
    parse_secret_answer,
    secret_matches,
)
from ballast.node.service.authentication.signatures import UNKNOWN_KEY, signature_matches
from ballast.node.service.authentication.vault import Pending
from ballast.node.service.caller import proof_of
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.reader import Reader
from ballast.node.wire.requests import ChallengeAnswer, VerifyRequest
from ballast.node.wire.value import Reference
from ballast.terms.handle import fold

__all__ = [
    "PUBLIC_KEY",
    "SECRET_KEY",
    "Credential",
    "Verdict",
    "check_answer",
    "check_verification",
    "find_credential",
    "match_secret",
    "match_signature",
    "outcome",
    "refused",
    "unknown_kind",
    "verify_answer",
]

SECRET_KEY, PUBLIC_KEY = "HS_SECKEY", "HS_PUBKEY"
# With index 0 any key of the handle will do; so many are tried.
_MAX_KEYS = 4
_MAX_SECRET_BYTES = 4096
# Nobody's: what the answers of unknown identities are checked against.
_NO_SECRET = hashlib.sha256(b"a secret that nobody has").digest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an attempt to prove an identity.

    Parameters
    ----------
    code
        SUCCESS, or the code to answer with.
    template
        Why not, as a template of ``words``; the same for an unknown identity as for a wrong key.
    identity
        The administrator, where it was proved.
    values
        The places of the template.
    proof
        By what the key is known again by which it was proved (``caller.proof_of``).

    Examples
    --------
    >>> Verdict(ResponseCode.AUTHENTICATION_FAILED, "no").counts
    True
    """

    code: ResponseCode
    template: str = ""
    identity: Reference | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    proof: bytes = b""

    @property
    def message(self) -> str:
        """Why not, one line, English, as the native protocol carries it."""
        return self.template.format(**self.values)

    @property
    def proved(self) -> bool:
        """Whether the identity was proved."""
        return self.identity is not None

    @property
    def counts(self) -> bool:
        """Whether it counts against the attempts of the address (``Budgets.failed``)."""
        return self.identity is None


@dataclass(frozen=True, slots=True)
class Credential:
    """The keys by which an identity can be proved.

    Parameters
    ----------
    kind
        ``HS_SECKEY`` or ``HS_PUBKEY``; anything else has no keys.
    handle
        The handle as it is registered; as it was claimed where there is none.
    keys
        Index and data of each; none: the identity is not known here.
    """

    kind: str
    handle: str
    keys: tuple[tuple[int, bytes], ...] = ()


def refused(
    error: Refused | MalformedMessage, code: ResponseCode = ResponseCode.AUTHENTICATION_FAILED
) -> Verdict:
    """Return the verdict on an answer that could not be understood."""
    return Verdict(code, error.template, values=error.values)


def unknown_kind(kind: str) -> Refused:
    """Return the refusal of a kind of key."""
    return Refused(
        "{kind}: HS_SECKEY and HS_PUBKEY are the kinds of keys that are understood here",
        kind=kind[:40],
    )


def find_credential(
    snapshot: Snapshot, kind: str, handle: bytes, index: int, now: float
) -> Credential:
    """Return the keys of an identity, of a kind; without keys where it is not known here.

    A record that was revoked or has expired proves nobody, nor does a secret that anybody may
    read (it was registered with the usual permissions, which make it public).

    Parameters
    ----------
    kind
        ``HS_SECKEY`` or ``HS_PUBKEY``.
    handle, index
        The identity; index 0 for any key of the handle.
    now
        Epoch seconds.
    """
    claimed = handle.decode("utf-8", "replace")
    key = record_key(fold(handle))
    packed = snapshot.record(key)
    if packed is None or kind not in (SECRET_KEY, PUBLIC_KEY):
        return Credential(kind, claimed)
    record = unpack_record(key, packed)
    expired = bool(record.expires_at) and record.expires_at <= now
    if record.state is not RecordState.VALID or expired:
        return Credential(kind, claimed)
    found = [
        (value.index, value.data)
        for value in record.values()
        if value.type.upper() == kind
        and index in (0, value.index)
        and not (kind == SECRET_KEY and (value.public_read or not value.data))
        and len(value.data) <= _MAX_SECRET_BYTES
    ]
    return Credential(kind, record.handle.decode(), tuple(found[:_MAX_KEYS]))


def outcome(credential: Credential, index: int | None) -> Verdict:
    """Return the verdict where the key of an index fitted; None: none did."""
    if index is None:
        return Verdict(
            ResponseCode.AUTHENTICATION_FAILED, "the answer does not prove this identity"
        )
    key = dict(credential.keys)[index]
    identity = Reference(credential.handle, index)
    return Verdict(ResponseCode.SUCCESS, identity=identity, proof=proof_of(key))


def match_secret(
    credential: Credential, nonce: bytes, digest: bytes, response: bytes, version: tuple[int, int]
) -> int | None:
    """Return the index of the secret with which a proof was made, or None.

    Raises
    ------
    Refused
        If the proof cannot be understood, or asks more of us than we give.
    """
    form, derivation, mac = parse_secret_answer(response, version)
    if not credential.keys:
        secret_matches(_NO_SECRET, nonce, digest, form, derivation, mac)
        return None
    for index, key in credential.keys:
        if secret_matches(key, nonce, digest, form, derivation, mac):
            return index
    return None


def match_signature(
    credential: Credential, signed: bytes, algorithm: str, signature: bytes
) -> int | None:
    """Return the index of the public key to which a signature fits, or None.

    Raises
    ------
    Refused
        If neither algorithm nor key is of a kind that is understood.
    """
    if not credential.keys:
        signature_matches(UNKNOWN_KEY, algorithm, signature, signed)
        return None
    for index, key in credential.keys:
        if signature_matches(key, algorithm, signature, signed):
            return index
    return None


def check_answer(credential: Credential, answer: ChallengeAnswer, pending: Pending) -> Verdict:
    """Return whether an answer to a challenge proves the identity it names.

    Computes for some milliseconds: run it off the event loop.

    Parameters
    ----------
    credential
        ``find_credential`` for the answer's kind, handle and index.
    answer
        What came (operation 200).
    pending
        The challenge, taken from the vault: so it cannot be answered twice.
    """
    try:
        if answer.kind == SECRET_KEY:
            index = match_secret(
                credential, pending.nonce, pending.digest, answer.response, pending.version
            )
        elif answer.kind == PUBLIC_KEY:
            reader = Reader(answer.response)
            algorithm, signature = reader.text(64), reader.string(_MAX_SECRET_BYTES)
            reader.finish()
            signed = pending.nonce + pending.digest
            index = match_signature(credential, signed, algorithm, signature)
        else:
            raise unknown_kind(answer.kind)
    except (Refused, MalformedMessage) as error:
        unknown = answer.kind not in (SECRET_KEY, PUBLIC_KEY)
        code = ResponseCode.INVALID_CREDENTIAL if unknown else ResponseCode.AUTHENTICATION_FAILED
        return refused(error, code)
    return outcome(credential, index)


def verify_answer(
    snapshot: Snapshot, answer: ChallengeAnswer, pending: Pending, now: float
) -> Verdict:
    """Return whether an answer proves the identity it names: both steps, where time is no matter.

    Parameters
    ----------
    now
        Epoch seconds; an answer after the challenge's end proves nothing (405).
    """
    if pending.expires_at and pending.expires_at <= now:
        return Verdict(ResponseCode.AUTHENTICATION_TIMEOUT, "the challenge has expired; ask anew")
    credential = find_credential(snapshot, answer.kind, answer.handle, answer.index, now)
    return check_answer(credential, answer, pending)


def check_verification(
    credential: Credential, request: VerifyRequest, version: tuple[int, int]
) -> bool:
    """Return what another server asks with operation 201: does a proof fit a secret kept here?

    Run it off the event loop, and count a False against the address: it can be used to guess.

    Parameters
    ----------
    credential
        ``find_credential`` for ``HS_SECKEY`` and the request's handle and index.
    request
        What was asked.
    version
        Protocol version of the asker.
    """
    try:
        return (
            match_secret(credential, request.nonce, request.digest, request.response, version)
            is not None
        )
    except Refused:
        return False
