"""The bodies of responses: what is answered, operation by operation.

``parse_response`` takes a digest of the request off the body before it looks
at the rest (see ``digests``). A challenge alone holds its digest, because
there it is what gets signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Self

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import OpCode, ResponseCode
from ballast.node.wire.digests import (
    DigestAlgorithm,
    RequestDigest,
    request_digest,
    split_digest,
)
from ballast.node.wire.message import Message
from ballast.node.wire.reader import Buffer, Reader, string
from ballast.node.wire.session import SessionSetupResponse
from ballast.node.wire.site import Site
from ballast.node.wire.value import Value, read_values, write_values

__all__ = [
    "Challenge",
    "CreateResponse",
    "DigestAlgorithm",
    "ErrorResponse",
    "ListResponse",
    "OpaqueResponse",
    "Referral",
    "RequestDigest",
    "ResolveResponse",
    "ResponseBody",
    "VerifyResponse",
    "parse_response",
    "request_digest",
    "split_digest",
]

_U32 = Struct(">I")
_SMALLEST_STRING = 4


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


@dataclass(frozen=True, slots=True)
class OpaqueResponse:
    """A body without one of these forms, most often an empty one: kept as it is.

    Parameters
    ----------
    body
        All of it.
    """

    body: bytes

    def to_wire(self) -> bytes:
        """Return the body."""
        return self.body

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return the body itself."""
        return cls(bytes(body))


ResponseBody = (
    ResolveResponse
    | CreateResponse
    | ListResponse
    | ErrorResponse
    | Referral
    | Challenge
    | VerifyResponse
    | Site
    | SessionSetupResponse
    | OpaqueResponse
)

_SUCCESSES: dict[OpCode, type[ResponseBody]] = {
    OpCode.RESOLVE: ResolveResponse,
    OpCode.GET_SITE_INFO: Site,
    OpCode.CREATE_HANDLE: CreateResponse,
    OpCode.LIST_HANDLES: ListResponse,
    OpCode.LIST_SUB_PREFIXES: ListResponse,
    OpCode.LIST_HOMED_PREFIXES: ListResponse,
    OpCode.VERIFY_CHALLENGE: VerifyResponse,
    OpCode.SESSION_SETUP: SessionSetupResponse,
}


def parse_response(message: Message, op: OpCode | None = None) -> ResponseBody:
    """Return what the body of a response answers, without the digest that may lead it.

    Parameters
    ----------
    message
        A response.
    op
        What was asked; as the response says by default. The answer to a ``ChallengeAnswer``
        is one to the request that was challenged.

    Raises
    ------
    MalformedMessage
        If the body is not one of its operation and code.
    """
    code = message.header.response
    if code == ResponseCode.AUTHENTICATION_NEEDED:
        return Challenge.parse(message.body)
    body = split_digest(message)[1]
    if code == ResponseCode.SUCCESS:
        asked = message.header.op if op is None else op
        return _SUCCESSES.get(asked, OpaqueResponse).parse(body)
    if code in (ResponseCode.SERVICE_REFERRAL, ResponseCode.PREFIX_REFERRAL):
        return Referral.parse(body)
    return ErrorResponse.parse(body)
