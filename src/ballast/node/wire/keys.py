"""HS_PUBKEY: public keys as bytes, and as the objects that verify a signature.

The parts of a key are kept as the bytes that came, because their spelling is
not unique: writers in the field put a zero byte in front of a number whose
highest bit is set (a signed big integer of Java), others need not; and four
zero bytes follow an RSA key that mean nothing and yet are covered by every
digest of the value. ``to_cryptography`` gives the meaning.

Kinds of key that are unknown here keep their bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, rsa

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.reader import Buffer, Reader, string

__all__ = [
    "DhPublicKey",
    "DsaPublicKey",
    "OpaquePublicKey",
    "PublicKeyValue",
    "RsaPublicKey",
    "Sm2PublicKey",
    "parse_public_key",
    "public_key_value",
]

_TRAILING = bytes(4)
# A larger modulus or group would let a stranger keep a processor of ours busy.
MAX_KEY_BITS = 16_384


def _signed(number: int) -> bytes:
    """Return a number as Java writes big integers: with a zero byte before a set highest bit."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _number(data: bytes) -> int:
    if len(data) * 8 > MAX_KEY_BITS + 8:
        raise MalformedMessage(
            "a key of {bits} bits: at most {most} are taken",
            response_code=ResponseCode.INVALID_CREDENTIAL,
            bits=len(data) * 8,
            most=MAX_KEY_BITS,
        )
    return int.from_bytes(data, "big")


def _unusable(error: Exception) -> MalformedMessage:
    return MalformedMessage(
        "the numbers of the public key make no key ({reason})",
        response_code=ResponseCode.INVALID_CREDENTIAL,
        reason=str(error),
    )


@dataclass(frozen=True, slots=True)
class RsaPublicKey:
    """An RSA key.

    Parameters
    ----------
    exponent, modulus
        Big-endian, as they came.
    flags
        Two bytes without a meaning yet; kept.
    trailing
        What follows: four zero bytes from writers in the field.
    """

    kind: ClassVar[str] = "RSA_PUB_KEY"
    exponent: bytes
    modulus: bytes
    flags: int = 0
    trailing: bytes = _TRAILING

    def to_wire(self) -> bytes:
        """Return the data of the HS_PUBKEY value."""
        return _written(self.kind, self.flags, self.exponent, self.modulus) + self.trailing

    @classmethod
    def of(cls, key: rsa.RSAPublicKey) -> Self:
        """Return the value of a key."""
        numbers = key.public_numbers()
        return cls(_signed(numbers.e), _signed(numbers.n))

    def to_cryptography(self) -> rsa.RSAPublicKey:
        """Return the key that verifies signatures.

        Raises
        ------
        MalformedMessage
            With code 404, if the numbers make no key.
        """
        try:
            return rsa.RSAPublicNumbers(_number(self.exponent), _number(self.modulus)).public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise _unusable(error) from error


@dataclass(frozen=True, slots=True)
class DsaPublicKey:
    """A DSA key.

    Parameters
    ----------
    q, p, g, y
        Big-endian, as they came: order of the group, modulus, generator, the key itself.
    flags
        Two bytes without a meaning yet; kept.
    trailing
        What follows; kept.
    """

    kind: ClassVar[str] = "DSA_PUB_KEY"
    q: bytes
    p: bytes
    g: bytes
    y: bytes
    flags: int = 0
    trailing: bytes = b""

    def to_wire(self) -> bytes:
        """Return the data of the HS_PUBKEY value."""
        return _written(self.kind, self.flags, self.q, self.p, self.g, self.y) + self.trailing

    @classmethod
    def of(cls, key: dsa.DSAPublicKey) -> Self:
        """Return the value of a key."""
        numbers = key.public_numbers()
        group = numbers.parameter_numbers
        return cls(_signed(group.q), _signed(group.p), _signed(group.g), _signed(numbers.y))

    def to_cryptography(self) -> dsa.DSAPublicKey:
        """Return the key that verifies signatures.

        Raises
        ------
        MalformedMessage
            With code 404, if the numbers make no key.
        """
        group = dsa.DSAParameterNumbers(_number(self.p), _number(self.q), _number(self.g))
        try:
            return dsa.DSAPublicNumbers(_number(self.y), group).public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise _unusable(error) from error


@dataclass(frozen=True, slots=True)
class DhPublicKey:
    """A Diffie-Hellman key, by which a session key is agreed on; its bytes are kept, not yet used.

    Parameters
    ----------
    y, p, g
        Big-endian, as they came: the key itself, modulus, generator.
    flags
        Two bytes without a meaning yet; kept.
    trailing
        What follows; kept.
    """

    kind: ClassVar[str] = "DH_PUB_KEY"
    y: bytes
    p: bytes
    g: bytes
    flags: int = 0
    trailing: bytes = b""

    def to_wire(self) -> bytes:
        """Return the data of the HS_PUBKEY value."""
        return _written(self.kind, self.flags, self.y, self.p, self.g) + self.trailing


@dataclass(frozen=True, slots=True)
class Sm2PublicKey:
    """A key of the Chinese standard SM2 (GM/T 0003); its bytes are kept, not yet used.

    Parameters
    ----------
    encoded
        The key in X.509 form, as it came.
    flags
        Two bytes without a meaning yet; kept.
    trailing
        What follows; kept.
    """

    kind: ClassVar[str] = "SM2_PUB_KEY"
    encoded: bytes
    flags: int = 0
    trailing: bytes = b""

    def to_wire(self) -> bytes:
        """Return the data of the HS_PUBKEY value."""
        return _written(self.kind, self.flags, self.encoded) + self.trailing


@dataclass(frozen=True, slots=True)
class OpaquePublicKey:
    """A key of a kind that is unknown here.

    Parameters
    ----------
    name
        What the kind calls itself.
    rest
        Everything behind the name.
    """

    name: str
    rest: bytes

    @property
    def kind(self) -> str:
        """What the kind calls itself."""
        return self.name

    def to_wire(self) -> bytes:
        """Return the data of the HS_PUBKEY value."""
        return string(self.name.encode()) + self.rest


PublicKeyValue = RsaPublicKey | DsaPublicKey | DhPublicKey | Sm2PublicKey | OpaquePublicKey


def parse_public_key(data: Buffer) -> PublicKeyValue:
    """Return the key that the data of an HS_PUBKEY value hold.

    Parameters
    ----------
    data
        The data of the value.

    Raises
    ------
    MalformedMessage
        If they contradict their own layout. Whether the numbers make a key is asked only when
        ``to_cryptography`` is: a record may hold a key that nobody uses.
    """
    reader = Reader(data)
    kind = reader.text()
    match kind:
        case RsaPublicKey.kind:
            flags, parts = reader.u16(), (reader.string(), reader.string())
            return RsaPublicKey(*parts, flags, reader.rest())
        case DsaPublicKey.kind:
            flags = reader.u16()
            q, p, g, y = (reader.string() for _ in range(4))
            return DsaPublicKey(q, p, g, y, flags, reader.rest())
        case DhPublicKey.kind:
            flags = reader.u16()
            y, p, g = (reader.string() for _ in range(3))
            return DhPublicKey(y, p, g, flags, reader.rest())
        case Sm2PublicKey.kind:
            flags = reader.u16()
            return Sm2PublicKey(reader.string(), flags, reader.rest())
    return OpaquePublicKey(kind, reader.rest())


def public_key_value(key: rsa.RSAPublicKey | dsa.DSAPublicKey) -> PublicKeyValue:
    """Return the value of a key, ready for an HS_PUBKEY value or for a server of an HS_SITE.

    Parameters
    ----------
    key
        A public key.
    """
    if isinstance(key, rsa.RSAPublicKey):
        return RsaPublicKey.of(key)
    return DsaPublicKey.of(key)


def _written(kind: str, flags: int, *parts: bytes) -> bytes:
    head = string(kind.encode()) + flags.to_bytes(2, "big")
    return head + b"".join([string(part) for part in parts])
