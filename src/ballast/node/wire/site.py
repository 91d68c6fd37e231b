"""HS_SITE: where a service is, which servers it has, and on which ports they listen.

The data of an HS_SITE value and the answer to "get site info" are the same
bytes. RFC 3651, section 3.2.2, gives the idea; the layout is that of format 1
as servers in the field write it, where nothing may follow the last server.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import Self

from ballast.node.wire.codes import KeptCode, KeptFlag
from ballast.node.wire.envelope import OWN_VERSION
from ballast.node.wire.reader import Buffer, Reader, string

__all__ = [
    "Address",
    "HashOption",
    "Interface",
    "Purpose",
    "Server",
    "Site",
    "SiteFlag",
    "Transport",
]

Address = IPv4Address | IPv6Address
SITE_FORMAT = 1
# format u16, major u8, minor u8, serial u16, flags u8, hash option u8
_HEAD = Struct(">HBBHBB")
_INTERFACE = Struct(">BBI")
_U32 = Struct(">I")
_SMALLEST_ATTRIBUTE = 8
_SMALLEST_SERVER = 4 + 16 + 4 + 4
_ADDRESS_BYTES = 16
_V4_LEAD = bytes(12)


class SiteFlag(KeptFlag):
    """What kind of site it is."""

    PRIMARY = 0x80  # takes changes, not only questions
    MULTI_PRIMARY = 0x40


class HashOption(KeptCode):
    """Which part of a handle chooses the server of a site."""

    PREFIX = 0
    SUFFIX = 1
    WHOLE = 2


class Purpose(KeptCode):
    """What an interface is for."""

    ADMINISTRATION = 1
    RESOLUTION = 2
    BOTH = 3


class Transport(KeptCode):
    """How an interface is spoken to."""

    UDP = 0
    TCP = 1
    HTTP = 2
    HTTPS = 3


@dataclass(frozen=True, slots=True)
class Interface:
    """One port of a server.

    Parameters
    ----------
    purpose
        Administration, resolution, or both.
    transport
        UDP, TCP, HTTP, HTTPS.
    port
        Its number; Chinese clients take native ports up to 9999 only.
    """

    purpose: Purpose
    transport: Transport
    port: int

    def to_wire(self) -> bytes:
        """Return the six bytes."""
        return _INTERFACE.pack(self.purpose, self.transport, self.port)

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        """Return the interface that stands next."""
        purpose, transport, port = reader.unpack(_INTERFACE)
        return cls(Purpose(purpose), Transport(transport), port)


@dataclass(frozen=True, slots=True)
class Server:
    """One server of a site.

    Parameters
    ----------
    id
        Its number within the site.
    address
        Its IP address.
    public_key
        Its public key as ``keys`` writes it; empty for none.
    interfaces
        Its ports.
    """

    id: int
    address: Address
    public_key: bytes = b""
    interfaces: tuple[Interface, ...] = ()

    def to_wire(self) -> bytes:
        """Return the bytes of the server; an IPv4 address stands right-aligned in 16 bytes."""
        parts = [
            _U32.pack(self.id),
            self.address.packed.rjust(_ADDRESS_BYTES, b"\0"),
            string(self.public_key),
            _U32.pack(len(self.interfaces)),
            *(interface.to_wire() for interface in self.interfaces),
        ]
        return b"".join(parts)

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        """Return the server that stands next."""
        number = reader.u32()
        packed = reader.take(_ADDRESS_BYTES)
        # The addresses ::0.0.0.0 to ::255.255.255.255 cannot be told from IPv4; nobody routes them.
        narrow = packed.startswith(_V4_LEAD)
        address = IPv4Address(packed[12:]) if narrow else IPv6Address(packed)
        key = reader.string()
        return cls(number, address, key, reader.list(Interface.parse, _INTERFACE.size))


@dataclass(frozen=True, slots=True)
class Site:
    """A site: servers that hold the same handles between them.

    Parameters
    ----------
    servers
        The servers.
    serial
        Raised with every change, so that clients notice.
    flags
        Primary or mirror.
    hash_option, hash_filter
        How a handle chooses its server where there are several.
    attributes
        Pairs of name and text, such as ``("desc", "…")``.
    major, minor
        The version of the protocol that the servers speak.
    format
        The version of this layout.

    Examples
    --------
    >>> port = Interface(Purpose.BOTH, Transport.TCP, 2641)
    >>> site = Site((Server(1, IPv4Address("127.0.0.1"), interfaces=(port,)),))
    >>> Site.parse(site.to_wire()) == site
    True
    """

    servers: tuple[Server, ...]
    serial: int = 1
    flags: SiteFlag = SiteFlag.PRIMARY
    hash_option: HashOption = HashOption.WHOLE
    hash_filter: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    major: int = OWN_VERSION[0]
    minor: int = OWN_VERSION[1]
    format: int = SITE_FORMAT

    @property
    def primary(self) -> bool:
        """Whether the site takes changes."""
        return bool(self.flags & SiteFlag.PRIMARY)

    def to_wire(self) -> bytes:
        """Return the data of the HS_SITE value."""
        head = _HEAD.pack(
            self.format, self.major, self.minor, self.serial, self.flags, self.hash_option
        )
        parts = [head, string(self.hash_filter.encode()), _U32.pack(len(self.attributes))]
        for name, text in self.attributes:
            parts += [string(name.encode()), string(text.encode())]
        parts += [_U32.pack(len(self.servers)), *(server.to_wire() for server in self.servers)]
        return b"".join(parts)

    @classmethod
    def parse(cls, data: Buffer) -> Self:
        """Return the site that the data of an HS_SITE value describe.

        Raises
        ------
        MalformedMessage
            If they are not the data of one, or something follows the last server.
        """
        reader = Reader(data)
        layout, major, minor, serial, flags, option = reader.unpack(_HEAD)
        hash_filter = reader.text()
        attributes = reader.list(_attribute, _SMALLEST_ATTRIBUTE)
        servers = reader.list(Server.parse, _SMALLEST_SERVER)
        reader.finish()
        return cls(
            servers, serial, SiteFlag(flags), HashOption(option), hash_filter, attributes,
            major, minor, layout,
        )  # fmt: skip


def _attribute(reader: Reader) -> tuple[str, str]:
    return reader.text(), reader.text()
