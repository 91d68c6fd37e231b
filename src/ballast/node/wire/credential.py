"""The credential section: a MAC or a signature over a whole message.

It protects a message of a session (``HS_MAC``) or an answer that was asked to
be signed (``HS_SIGNED``). What exactly is covered has changed with the
versions, and with it whether a stranger can move a credential to another
message:

=============  ==============================================================
version        bytes covered
=============  ==============================================================
2.8 and later  major, minor, suggested major, suggested minor (a byte each),
               session, request, counter (32 bits each), header, body
2.7            the same without the two suggested bytes
2.5, 2.6       refused here: servers of these versions covered bytes that
               nobody wrote down
before 2.5     header, body
=============  ==============================================================

RFC 3652, section 2.2.4, has an index of the signer where practice has the
counter of the session.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from struct import Struct
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, padding, rsa

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.message import Message, digested
from ballast.node.wire.reader import MAX_MESSAGE_BYTES, Buffer, Reader, string
from ballast.node.wire.versions import spoken_version

__all__ = [
    "HS_MAC",
    "HS_SIGNED",
    "Credential",
    "covered",
    "mac_fits",
    "message_credential",
    "signature_fits",
    "with_mac",
    "with_signature",
]

HS_MAC = "HS_MAC"
HS_SIGNED = "HS_SIGNED"
_OLD_SIGNED = "HS_DSAPUBKEY"
_HEAD = Struct(">BBH")
_U32 = Struct(">I")
_ALL_COVERED = Struct(">BBBBIII")
_COVERED_BY_2_7 = Struct(">BBIII")

# As the algorithms are spelled on the wire, in any case and with or without the hyphen.
_HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256"}
_HMAC = "HMAC"
_SIGNED_HASHES: dict[str, hashes.HashAlgorithm] = {
    "SHA1": hashes.SHA1(),  # noqa: S303 - older peers sign with nothing else
    "SHA256": hashes.SHA256(),
}


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential section.

    Parameters
    ----------
    kind
        ``HS_MAC``, ``HS_SIGNED``, the older ``HS_DSAPUBKEY``; others survive.
    algorithm
        By which algorithm the bytes were made.
    signature
        The MAC or the signature.
    counter
        Of the session: no two of its messages have the same.
    signer
        Left empty in practice.
    version, reserved, options
        0 in practice; kept.
    """

    kind: str
    algorithm: str
    signature: bytes
    counter: int = 0
    signer: bytes = b""
    version: int = 0
    reserved: int = 0
    options: int = 0

    def to_wire(self) -> bytes:
        """Return the section without its length."""
        signed = string(self.algorithm.encode()) + string(self.signature)
        return (
            _HEAD.pack(self.version, self.reserved, self.options)
            + string(self.signer)
            + _U32.pack(self.counter)
            + string(self.kind.encode())
            + string(signed)
        )

    @classmethod
    def parse(cls, data: Buffer) -> Self:
        """Return the credential that a section holds.

        Raises
        ------
        MalformedMessage
            If it contradicts its own layout.
        """
        reader = Reader(data)
        version, reserved, options = reader.unpack(_HEAD)
        signer, counter, kind = reader.handle(), reader.u32(), reader.text()
        inner = reader.restrict(reader.u32())
        algorithm, signature = inner.text(), inner.string(MAX_MESSAGE_BYTES)
        inner.finish()
        reader.finish()
        return cls(kind, algorithm, signature, counter, signer, version, reserved, options)


def message_credential(message: Message) -> Credential | None:
    """Return the credential of a message, or nothing where it has none."""
    return Credential.parse(message.credential) if message.credential else None


def covered(message: Message, counter: int = 0) -> bytes:
    """Return the bytes of a message that its credential covers.

    Parameters
    ----------
    message
        The message; its version decides.
    counter
        Of the session; 0 outside of one.

    Raises
    ------
    MalformedMessage
        For versions 2.5 and 2.6.
    """
    envelope = message.envelope
    version = spoken_version(envelope.major, envelope.minor)
    if version < (2, 5):
        return digested(message)
    if version < (2, 7):
        raise MalformedMessage(
            "what a credential of version {major}.{minor} covers is not known; "
            "speak 2.4, or 2.7 and later",
            response_code=ResponseCode.OPERATION_NOT_SUPPORTED,
            major=envelope.major,
            minor=envelope.minor,
        )
    numbers = envelope.session_id, envelope.request_id, counter
    if version < (2, 8):
        return _COVERED_BY_2_7.pack(*version, *numbers) + digested(message)
    suggested = envelope.suggested_major, envelope.suggested_minor
    return _ALL_COVERED.pack(*version, *suggested, *numbers) + digested(message)


def with_mac(message: Message, key: bytes, counter: int, algorithm: str = "HMAC-SHA256") -> Message:
    """Return a message with a MAC that only who knows the key of the session can make.

    Parameters
    ----------
    message
        The message; a credential that it has is replaced.
    key
        The key of the session.
    counter
        Higher than that of every message before, in this session.
    algorithm
        ``HMAC-SHA256``, ``HMAC-SHA1``; the older ``SHA-256``, ``SHA1``, ``MD5`` hash key,
        message and key again.
    """
    signature = _mac(algorithm, key, covered(message, counter))
    section = Credential(HS_MAC, algorithm, signature, counter)
    return replace(message, credential=section.to_wire())


def mac_fits(message: Message, credential: Credential, key: bytes) -> bool:
    """Return whether a MAC is that of the message; the time taken does not tell how wrong it is.

    Parameters
    ----------
    message
        The message that carries it.
    credential
        ``message_credential(message)``.
    key
        The key of the session.
    """
    if credential.kind != HS_MAC:
        return False
    right = _mac(credential.algorithm, key, covered(message, credential.counter))
    return hmac.compare_digest(right, credential.signature)


def with_signature(
    message: Message, key: rsa.RSAPrivateKey | dsa.DSAPrivateKey, algorithm: str = "SHA-256"
) -> Message:
    """Return a message signed by the server that answers.

    Parameters
    ----------
    message
        The answer; a credential that it has is replaced.
    key
        The private key whose public half stands in the site.
    algorithm
        ``SHA-256`` or ``SHA1``.
    """
    digest = _signed_hash(algorithm)
    data = covered(message)
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(data, padding.PKCS1v15(), digest)
    else:
        signature = key.sign(data, digest)
    return replace(message, credential=Credential(HS_SIGNED, algorithm, signature).to_wire())


def signature_fits(
    message: Message, credential: Credential, key: rsa.RSAPublicKey | dsa.DSAPublicKey
) -> bool:
    """Return whether a signature is that of the message by the key.

    Parameters
    ----------
    message
        The message that carries it.
    credential
        ``message_credential(message)``.
    key
        The public key of the signer.
    """
    if credential.kind not in (HS_SIGNED, _OLD_SIGNED):
        return False
    digest, data = _signed_hash(credential.algorithm), covered(message, credential.counter)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(credential.signature, data, padding.PKCS1v15(), digest)
        else:
            key.verify(credential.signature, data, digest)
    except InvalidSignature:
        return False
    return True


def _spelling(algorithm: str) -> str:
    return algorithm.upper().replace("-", "")


def _mac(algorithm: str, key: bytes, data: bytes) -> bytes:
    spelled = _spelling(algorithm)
    keyed = spelled.startswith(_HMAC)
    name = _HASHES.get(spelled.removeprefix(_HMAC))
    if name is None:
        raise _unknown(algorithm)
    if keyed:
        return hmac.digest(key, data, name)
    return hashlib.new(name, key + data + key, usedforsecurity=False).digest()


def _signed_hash(algorithm: str) -> hashes.HashAlgorithm:
    found = _SIGNED_HASHES.get(_spelling(algorithm))
    if found is None:
        raise _unknown(algorithm)
    return found


def _unknown(algorithm: str) -> MalformedMessage:
    return MalformedMessage(
        "“{algorithm}” is no algorithm that is known here",
        response_code=ResponseCode.INVALID_CREDENTIAL,
        algorithm=algorithm[:40],
    )
