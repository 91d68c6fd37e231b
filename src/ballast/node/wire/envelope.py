"""The envelope: the 20 bytes in front of every message and of every datagram of one.

It alone is readable before a message is complete, decrypted or understood; so
it is parsed apart. RFC 3652, section 2.2.1, except that bytes 2 and 3, the
flags of the RFC, also carry the version that the sender suggests.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Self

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import EnvelopeFlag
from ballast.node.wire.reader import MAX_MESSAGE_BYTES, Buffer

__all__ = ["ENVELOPE", "ENVELOPE_BYTES", "OWN_VERSION", "Envelope"]

# major, minor, flags | suggested major, suggested minor, session, request, sequence, length
ENVELOPE = Struct(">BBBBIIII")
ENVELOPE_BYTES = ENVELOPE.size
OWN_VERSION = (2, 11)
_SUGGESTED_MAJOR = 0x03
_NO_FLAGS = EnvelopeFlag(0)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What frames a message.

    Parameters
    ----------
    major, minor
        The version that the message is written in.
    flags
        Compressed, encrypted, truncated, and three bits without a meaning yet.
    suggested_major, suggested_minor
        The version that the sender would like to be answered in; 0 where it says nothing.
    session_id
        The session; of a challenge, the number that its answer must repeat.
    request_id
        Chosen by the asker, repeated by the answer.
    sequence
        Which datagram of the message this is, from 0.
    length
        Bytes of the whole message behind the envelope, in each datagram of it too.

    Examples
    --------
    >>> Envelope.parse(Envelope(request_id=7).to_wire()).request_id
    7
    """

    major: int = OWN_VERSION[0]
    minor: int = OWN_VERSION[1]
    flags: EnvelopeFlag = _NO_FLAGS
    suggested_major: int = OWN_VERSION[0]
    suggested_minor: int = OWN_VERSION[1]
    session_id: int = 0
    request_id: int = 0
    sequence: int = 0
    length: int = 0

    @property
    def truncated(self) -> bool:
        """Whether this is one of several datagrams."""
        return bool(self.flags & EnvelopeFlag.TRUNCATED)

    @property
    def encrypted(self) -> bool:
        """Whether what follows is encrypted with the key of the session."""
        return bool(self.flags & EnvelopeFlag.ENCRYPTED)

    def to_wire(self) -> bytes:
        """Return the 20 bytes; ``length`` is written as it stands."""
        return ENVELOPE.pack(
            self.major,
            self.minor,
            self.flags | self.suggested_major,
            self.suggested_minor,
            self.session_id,
            self.request_id,
            self.sequence,
            self.length,
        )

    @classmethod
    def parse(cls, data: Buffer) -> Self:
        """Return the envelope at the start of the data.

        Raises
        ------
        MalformedMessage
            If there are not 20 bytes, or more than 262,144 are announced.
        """
        if len(data) < ENVELOPE_BYTES:
            raise MalformedMessage(
                "{size} bytes are no message: its envelope alone has {least}",
                size=len(data),
                least=ENVELOPE_BYTES,
            )
        major, minor, mixed, suggested_minor, session, request, sequence, length = (
            ENVELOPE.unpack_from(data)
        )
        if length > MAX_MESSAGE_BYTES:
            raise MalformedMessage(
                "the envelope announces {length} bytes; a message has at most {most}",
                length=length,
                most=MAX_MESSAGE_BYTES,
            )
        flags = EnvelopeFlag(mixed & ~_SUGGESTED_MAJOR)
        suggested_major = mixed & _SUGGESTED_MAJOR
        return cls(
            major, minor, flags, suggested_major, suggested_minor,
            session, request, sequence, length,
        )  # fmt: skip
