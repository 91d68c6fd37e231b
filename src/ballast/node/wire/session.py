"""The bodies that open, close and renew a session (operations 400, 401, 402).

Writers in the field reckon two bytes more than they write: two zero bytes end
both bodies of the setup. They are kept where they came and written where none
came before. Closing a session (401) has an empty body.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Self

from ballast.node.wire.codes import KeptCode
from ballast.node.wire.keys import PublicKeyValue, parse_public_key
from ballast.node.wire.reader import Buffer, Reader, string
from ballast.node.wire.value import Reference

__all__ = [
    "DhOffer",
    "KeyExchange",
    "SessionCipher",
    "SessionMode",
    "SessionSetup",
    "SessionSetupResponse",
]

_HEAD = Struct(">HI")
_U16 = Struct(">H")
_U32 = Struct(">I")
_TRAILING = b"\0\0"


class SessionMode(KeptCode):
    """How the two sides come to a common key."""

    CLIENT_KEY = 1  # the server encrypts it with an RSA key of the client's
    SERVER_KEY = 2  # the client encrypts it with the RSA key of the server
    KEY_IN_HANDLE = 3  # the server encrypts it with an RSA key that a handle holds
    DIFFIE_HELLMAN = 4


class SessionCipher(KeptCode):
    """What a session is encrypted with."""

    DES = 1
    TRIPLE_DES = 2
    AES = 3


@dataclass(frozen=True, slots=True)
class SessionSetup:
    """A session is wanted.

    Parameters
    ----------
    mode
        How the key is to be agreed on.
    timeout
        How long it may lie idle, in s.
    handle, index
        Whose session it is; empty and 0 for nobody's.
    public_key
        The key of the client (modes 1 and 4), as ``keys`` or ``DhOffer`` writes it.
    key_reference
        Where the key is found (mode 3).
    trailing
        What follows; in an unknown mode all that does.

    Examples
    --------
    >>> SessionSetup(SessionMode.SERVER_KEY, 3600, b"88.118.8/A", 300).to_wire().hex()
    '000200000e100000000a38382e3131382e382f410000012c0000'
    """

    mode: SessionMode
    timeout: int
    handle: bytes
    index: int
    public_key: bytes | None = None
    key_reference: Reference | None = None
    trailing: bytes = _TRAILING

    def to_wire(self) -> bytes:
        """Return the body."""
        parts = [_HEAD.pack(self.mode, self.timeout), string(self.handle), _U32.pack(self.index)]
        if self.public_key is not None:
            parts.append(string(self.public_key))
        if self.key_reference is not None:
            parts.append(self.key_reference.to_wire())
        return b"".join([*parts, self.trailing])

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body asks."""
        reader = Reader(body)
        number, timeout = reader.unpack(_HEAD)
        mode = SessionMode(number)
        handle, index = reader.handle(), reader.u32()
        with_key = mode in (SessionMode.CLIENT_KEY, SessionMode.DIFFIE_HELLMAN)
        key = reader.string() if with_key else None
        place = Reference.parse(reader) if mode == SessionMode.KEY_IN_HANDLE else None
        return cls(mode, timeout, handle, index, key, place, reader.rest())


@dataclass(frozen=True, slots=True)
class SessionSetupResponse:
    """A session is granted.

    Parameters
    ----------
    mode
        How the key is agreed on.
    data
        The encrypted key, the key of the server, or a ``DhOffer``.
    trailing
        What follows.
    """

    mode: SessionMode
    data: bytes
    trailing: bytes = _TRAILING

    def to_wire(self) -> bytes:
        """Return the body."""
        return _U16.pack(self.mode) + string(self.data) + self.trailing

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body answers."""
        reader = Reader(body)
        return cls(SessionMode(reader.u16()), reader.string(), reader.rest())


@dataclass(frozen=True, slots=True)
class KeyExchange:
    """The key of the session, encrypted with the RSA key of the server (operation 402).

    Parameters
    ----------
    encrypted
        The key, encrypted.
    """

    encrypted: bytes

    def to_wire(self) -> bytes:
        """Return the body."""
        return string(self.encrypted)

    @classmethod
    def parse(cls, body: Buffer) -> Self:
        """Return what a body holds."""
        reader = Reader(body)
        found = cls(reader.string())
        reader.finish()
        return found


@dataclass(frozen=True, slots=True)
class DhOffer:
    """One side of an agreement by Diffie and Hellman.

    Parameters
    ----------
    cipher
        What the session is to be encrypted with.
    key
        The public key of this side.
    """

    cipher: SessionCipher
    key: PublicKeyValue

    def to_wire(self) -> bytes:
        """Return the bytes: cipher u32, then the key."""
        return _U32.pack(self.cipher) + self.key.to_wire()

    @classmethod
    def parse(cls, data: Buffer) -> Self:
        """Return the offer that bytes hold."""
        reader = Reader(data)
        return cls(SessionCipher(reader.u32()), parse_public_key(reader.rest()))
