"""The bodies of responses, and the digest of the request that may lead them.

Where the RRDG flag is set in a response, and in every challenge, the body
starts with a digest of the request: so the asker knows that nobody changed
the question on its way. ``split_digest`` takes it off; the classes here parse
what is behind it. The challenge alone holds it, because there it is signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from struct import Struct
from typing import Self

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import KeptCode, OpFlag, ResponseCode
from ballast.node.wire.message import Message, digested
from ballast.node.wire.reader import Buffer, Reader, string
from ballast.node.wire.value import Value, read_values, write_values
from ballast.node.wire.versions import Version, spoken_version

__all__ = [
    "Challenge",
    "CreateResponse",
    "DigestAlgorithm",
    "ErrorResponse",
    "ListResponse",
    "Referral",
    "RequestDigest",
    "ResolveResponse",
    "VerifyResponse",
    "request_digest",
    "split_digest",
]

_U32 = Struct(">I")
_SMALLEST_STRING = 4


class DigestAlgorithm(KeptCode):
    """By which algorithm the digest of a request was taken."""

    OLD_MD5 = 0  # MD5 with its length written before it
    MD5 = 1
    SHA1 = 2
    SHA256 = 3


_SIZES = {DigestAlgorithm.MD5: 16, DigestAlgorithm.SHA1: 20, DigestAlgorithm.SHA256: 32}
_OLD_SIZE = 16


@dataclass(frozen=True, slots=True)
class RequestDigest:
    """The digest of a request's header and body.

    Parameters
    ----------
    algorithm
        Which; it says how long the digest is.
    digest
        The digest alone, as it is signed.
    """

    algorithm: DigestAlgorithm
    digest: bytes

    def to_wire(self) -> bytes:
        """Return the bytes: algorithm u8, then the digest."""
        written = self.digest
        if self.algorithm == DigestAlgorithm.OLD_MD5:
            written = string(written)
        return bytes([self.algorithm]) + written

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        """Return the digest that stands next.

        Raises
        ------
        MalformedMessage
            If the algorithm is unknown: then nobody can tell where the digest ends.
        """
        at = reader.at
        algorithm = DigestAlgorithm(reader.u8())
        if algorithm == DigestAlgorithm.OLD_MD5:
            return cls(algorithm, reader.string(_OLD_SIZE))
        if algorithm not in _SIZES:
            raise MalformedMessage(
                "the digest at byte {at} is of kind {kind}; kinds 0 to 3 are known",
                at=at,
                kind=int(algorithm),
            )
        return cls(algorithm, reader.take(_SIZES[algorithm]))


def request_digest(request: Message, version: Version | None = None) -> RequestDigest:
    """Return the digest of a request, by the algorithm that its version asks for.

    Parameters
    ----------
    request
        The request.
    version
        The version of the answer that will carry it; that of the request by default.
        2.7 and later take SHA-256, 2.1 to 2.6 SHA-1, before that MD5 in the old form.
    """
    data = digested(request)
    spoken = version or spoken_version(request.envelope.major, request.envelope.minor)
    if spoken >= (2, 7):
        return RequestDigest(DigestAlgorithm.SHA256, hashlib.sha256(data).digest())
    if spoken >= (2, 1):
        sha1 = hashlib.sha1(data, usedforsecurity=False)
        return RequestDigest(DigestAlgorithm.SHA1, sha1.digest())
    md5 = hashlib.md5(data, usedforsecurity=False)
    return RequestDigest(DigestAlgorithm.OLD_MD5, md5.digest())


def split_digest(message: Message) -> tuple[RequestDigest | None, bytes]:
    """Return the digest that leads the body of a response, if any, and the body behind it.

    Parameters
    ----------
    message
        A response.
    """
    header = message.header
    carried = header.flags & OpFlag.RRDG or header.response == ResponseCode.AUTHENTICATION_NEEDED
    if not carried:
        return None, message.body
    reader = Reader(message.body)
    found = RequestDigest.parse(reader)
    return found, reader.rest()


@dataclass(frozen=True, slots=True)
class ResolveResponse:
    """What a handle resolves to.

    Parameters
    ----------
    handle
        The handle in the spelling that was asked for.
    values
        Those that were asked for and may be seen.
    """

    handle: bytes
    values: tuple[Value, ...]

    def to_wire(self) -> bytes:
        """Return the body."""
        return string(self.handle) + write_values(self.values)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body answers."""
        reader = Reader(body)
        found = cls(reader.handle(), read_values(reader))
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class CreateResponse:
    """The handle that was created; nothing from servers of old.

    Parameters
    ----------
    handle
        The handle, or none where the body is empty.
    """

    handle: bytes | None

    def to_wire(self) -> bytes:
        """Return the body."""
        return b"" if self.handle is None else string(self.handle)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body answers."""
        reader = Reader(body)
        handle = reader.handle() if reader.left else None
        reader.finish()
        return cls(handle)


@dataclass(frozen=True, slots=True)
class ListResponse:
    """Handles of a prefix, or prefixes; the CONT flag says that more messages follow.

    Parameters
    ----------
    handles
        As they are spelled.
    """

    handles: tuple[bytes, ...]

    def to_wire(self) -> bytes:
        """Return the body."""
        return _U32.pack(len(self.handles)) + b"".join([string(one) for one in self.handles])

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body answers."""
        reader = Reader(body)
        found = cls(reader.list(Reader.handle, _SMALLEST_STRING))
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """Why a request failed, in words.

    Parameters
    ----------
    message
        The words; may be empty.
    bare
        Whether the body is empty altogether, without even the length of the words.
    """

    message: str = ""
    bare: bool = False

    def to_wire(self) -> bytes:
        """Return the body."""
        return b"" if self.bare and not self.message else string(self.message.encode())

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body says."""
        reader = Reader(body)
        if not reader.left:
            return cls(bare=True)
        found = cls(reader.text())
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class Referral:
    """Where to ask instead (302, 303).

    Parameters
    ----------
    handle
        The service handle to look at, or empty.
    values
        The values that describe the service, or none where the body ends before them.
    """

    handle: bytes
    values: tuple[Value, ...] | None = None

    def to_wire(self) -> bytes:
        """Return the body."""
        return string(self.handle) + (b"" if self.values is None else write_values(self.values))

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body says."""
        reader = Reader(body)
        handle = reader.handle()
        values = read_values(reader) if reader.left else None
        reader.finish()
        return cls(handle, values)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What an administrator has to sign (402).

    Parameters
    ----------
    digest
        The digest of the request that is to be carried out.
    nonce
        Fresh random bytes, usually 16.
    """

    digest: RequestDigest
    nonce: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that are signed: nonce, then digest."""
        return self.nonce + self.digest.digest

    def to_wire(self) -> bytes:
        """Return the body, digest first."""
        return self.digest.to_wire() + string(self.nonce)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body asks to be signed; ``body`` is the whole of it, digest included."""
        reader = Reader(body)
        found = cls(RequestDigest.parse(reader), reader.string())
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class VerifyResponse:
    """Whether a response fits the secret key.

    Parameters
    ----------
    fits
        The answer to a ``VerifyRequest``.
    """

    fits: bool

    def to_wire(self) -> bytes:
        """Return the body, one byte."""
        return bytes([self.fits])

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body answers."""
        reader = Reader(body)
        said = reader.u8()
        reader.finish()
        if said > 1:
            raise MalformedMessage("a verification answers 0 or 1, not {said}", said=said)
        return cls(said == 1)
