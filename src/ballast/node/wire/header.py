"""The header: the 24 bytes that say what a message is about (RFC 3652, section 2.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Self

from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.reader import Reader

__all__ = ["DEFAULT_REQUEST_FLAGS", "HEADER", "HEADER_BYTES", "UNKNOWN_SERIAL", "Header"]

# operation, response, flags, site serial, recursion, reserved, expiration, length of the body
HEADER = Struct(">IIIHBBII")
HEADER_BYTES = HEADER.size
UNKNOWN_SERIAL = 0xFFFF
DEFAULT_REQUEST_FLAGS = OpFlag.RECU | OpFlag.CACR | OpFlag.PUBL


@dataclass(frozen=True, slots=True)
class Header:
    """What a message asks or answers.

    Parameters
    ----------
    op, response
        The operation, and in an answer what became of it.
    flags
        What is wanted besides.
    site_serial
        Serial number of the site information that the sender holds; 0xffff for none.
    recursion
        How many servers have passed the request on.
    expiration
        When the message stops being good, epoch s.
    body_length
        Bytes of the body; ``Message`` puts it right.
    reserved
        A byte without a meaning yet; kept.
    """

    op: OpCode
    response: ResponseCode = ResponseCode.REQUEST
    flags: OpFlag = DEFAULT_REQUEST_FLAGS
    site_serial: int = UNKNOWN_SERIAL
    recursion: int = 0
    expiration: int = 0
    body_length: int = 0
    reserved: int = 0

    def to_wire(self) -> bytes:
        """Return the 24 bytes."""
        return HEADER.pack(
            self.op, self.response, self.flags, self.site_serial,
            self.recursion, self.reserved, self.expiration, self.body_length,
        )  # fmt: skip

    @classmethod
    def parse(cls, reader: Reader) -> Self:
        """Return the header that stands next."""
        op, response, flags, serial, recursion, reserved, expiration, length = reader.unpack(HEADER)
        return cls(
            OpCode(op), ResponseCode(response), OpFlag(flags), serial,
            recursion, expiration, length, reserved,
        )  # fmt: skip
