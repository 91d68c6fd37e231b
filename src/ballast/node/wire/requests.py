"""The bodies of requests: what is asked, operation by operation.

Handles stay bytes, checked to be UTF-8 and no longer than 2048: the registry
keys its records by bytes, and a server that resolves a hundred thousand a
second has no use for text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct
from typing import Self

from ballast.node.wire.codes import OpCode, ResponseCode
from ballast.node.wire.message import Message
from ballast.node.wire.reader import MAX_VALUES, Buffer, Reader, string
from ballast.node.wire.session import KeyExchange, SessionSetup
from ballast.node.wire.value import MAX_TYPE_BYTES, Value, read_values, write_values

__all__ = [
    "ChallengeAnswer",
    "HandleRequest",
    "LoginRequest",
    "OpaqueRequest",
    "RemoveRequest",
    "RequestBody",
    "ResolveRequest",
    "ValuesRequest",
    "VerifyRequest",
    "parse_request",
]

_U32 = Struct(">I")


@dataclass(frozen=True, slots=True)
class HandleRequest:
    """Delete, list, home and unhome, site information: a handle and nothing else.

    Parameters
    ----------
    handle
        The handle; of a listing ``0.NA/<prefix>``, of site information anything.
    """

    handle: bytes

    def to_wire(self) -> bytes:
        """Return the body."""
        return string(self.handle)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body asks."""
        reader = Reader(body)
        found = cls(reader.handle())
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class ResolveRequest:
    """Resolve: which values of a handle are wanted.

    Parameters
    ----------
    handle
        The handle.
    indexes, types
        A value is wanted if its index or its type is among these; all are where both are empty.
        A type that ends in ``.`` means every type that starts so. Types are compared with
        ASCII letters folded.

    Examples
    --------
    >>> ResolveRequest.parse(ResolveRequest(b"88.118.8/A", types=("URL",)).to_wire()).types
    ('URL',)
    """

    handle: bytes
    indexes: tuple[int, ...] = ()
    types: tuple[str, ...] = ()

    def to_wire(self) -> bytes:
        """Return the body."""
        types = [string(kind.encode()) for kind in self.types]
        parts = [string(self.handle), _numbers(self.indexes), _U32.pack(len(types)), *types]
        return b"".join(parts)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body asks."""
        reader = Reader(body)
        handle = reader.handle()
        indexes = reader.list(Reader.u32, 4, MAX_VALUES)
        types = reader.list(_type, 4, MAX_VALUES)
        reader.finish()
        return cls(handle, indexes, types)


@dataclass(frozen=True, slots=True)
class ValuesRequest:
    """Create a handle, add values to it, modify values of it.

    Parameters
    ----------
    handle
        The handle; a prefix and a slash where the server is to choose the suffix.
    values
        The values, at most 2048.
    """

    handle: bytes
    values: tuple[Value, ...]

    def to_wire(self) -> bytes:
        """Return the body."""
        return string(self.handle) + write_values(self.values)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body asks."""
        reader = Reader(body)
        found = cls(reader.handle(), read_values(reader))
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class RemoveRequest:
    """Remove values by their indexes.

    Parameters
    ----------
    handle
        The handle.
    indexes
        Which values, at most 2048.
    """

    handle: bytes
    indexes: tuple[int, ...]

    def to_wire(self) -> bytes:
        """Return the body."""
        return string(self.handle) + _numbers(self.indexes)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body asks."""
        reader = Reader(body)
        found = cls(reader.handle(), reader.list(Reader.u32, 4, MAX_VALUES))
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class ChallengeAnswer:
    """What an administrator answers to a challenge.

    Parameters
    ----------
    kind
        ``HS_SECKEY`` or ``HS_PUBKEY``; others survive.
    handle, index
        The value that holds the key.
    response
        The signed response, in one of the forms of its kind.
    """

    kind: str
    handle: bytes
    index: int
    response: bytes

    def to_wire(self) -> bytes:
        """Return the body."""
        return (
            string(self.kind.encode())
            + string(self.handle)
            + _U32.pack(self.index)
            + string(self.response)
        )

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body answers."""
        reader = Reader(body)
        kind = reader.text(MAX_TYPE_BYTES, ResponseCode.AUTHENTICATION_FAILED)
        found = cls(kind, reader.handle(), reader.u32(), reader.string())
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """One server asks another whether a response fits a secret key that only that one holds.

    Parameters
    ----------
    handle, index
        The value that holds the secret key.
    nonce, digest
        What the challenge consisted of.
    response
        The signed response.
    """

    handle: bytes
    index: int
    nonce: bytes
    digest: bytes
    response: bytes

    def to_wire(self) -> bytes:
        """Return the body."""
        return (
            string(self.handle)
            + _U32.pack(self.index)
            + string(self.nonce)
            + string(self.digest)
            + string(self.response)
        )

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body asks."""
        reader = Reader(body)
        handle, index = reader.handle(), reader.u32()
        found = cls(handle, index, reader.string(), reader.string(), reader.string())
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """Operation 2001 of Chinese clients: who the connection is from now on.

    Parameters
    ----------
    handle, index
        The value that holds the public key.
    """

    handle: bytes
    index: int

    def to_wire(self) -> bytes:
        """Return the body."""
        return string(self.handle) + _U32.pack(self.index)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body asks."""
        reader = Reader(body)
        found = cls(reader.handle(), reader.u32())
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class OpaqueRequest:
    """The body of an operation that has none of these forms: kept as it is.

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


RequestBody = (
    ResolveRequest
    | ValuesRequest
    | RemoveRequest
    | HandleRequest
    | ChallengeAnswer
    | VerifyRequest
    | LoginRequest
    | SessionSetup
    | KeyExchange
    | OpaqueRequest
)

_BODIES: dict[OpCode, type[RequestBody]] = {
    OpCode.RESOLVE: ResolveRequest,
    OpCode.GET_SITE_INFO: HandleRequest,
    OpCode.CREATE_HANDLE: ValuesRequest,
    OpCode.DELETE_HANDLE: HandleRequest,
    OpCode.ADD_VALUE: ValuesRequest,
    OpCode.REMOVE_VALUE: RemoveRequest,
    OpCode.MODIFY_VALUE: ValuesRequest,
    OpCode.LIST_HANDLES: HandleRequest,
    OpCode.LIST_SUB_PREFIXES: HandleRequest,
    OpCode.LIST_HOMED_PREFIXES: HandleRequest,
    OpCode.CHALLENGE_ANSWER: ChallengeAnswer,
    OpCode.VERIFY_CHALLENGE: VerifyRequest,
    OpCode.HOME_PREFIX: HandleRequest,
    OpCode.UNHOME_PREFIX: HandleRequest,
    OpCode.SESSION_SETUP: SessionSetup,
    OpCode.SESSION_EXCHANGE_KEY: KeyExchange,
    OpCode.LOGIN_IDENTITY: LoginRequest,
}


def parse_request(message: Message) -> RequestBody:
    """Return what the body of a request asks.

    Parameters
    ----------
    message
        A request.

    Raises
    ------
    MalformedMessage
        If the body is not one of its operation. An operation without a form of its own here,
        known or not, gives an ``OpaqueRequest``.
    """
    return _BODIES.get(message.header.op, OpaqueRequest).parse(message.body)


def _type(reader: Reader) -> str:
    return reader.text(MAX_TYPE_BYTES, ResponseCode.INVALID_VALUE)


def _numbers(numbers: Iterable[int]) -> bytes:
    packed = [_U32.pack(number) for number in numbers]
    return _U32.pack(len(packed)) + b"".join(packed)
