"""One whole message: envelope, header, body, credential.

Bodies stay bytes here, because what they hold depends on operation and
response (``requests``, ``responses``), and because the digest of a request is
taken over its bytes and not over what we understood of them.

For a server that reads plain requests straight from the datagram::

    0 major u8 · 1 minor u8 · 2 flags | suggested major u8 · 3 suggested minor u8
    4 session u32 · 8 request u32 · 12 sequence u32 · 16 length u32
    20 operation u32 · 24 response u32 · 28 flags u32 · 32 site serial u16
    34 recursion u8 · 35 reserved u8 · 36 expiration u32 · 40 length of the body u32
    44 body · then the length of the credential u32 and the credential

``HEAD`` packs and unpacks the 44 bytes in front of the body at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from struct import Struct

from ballast.errors import MalformedMessage
from ballast.node.wire.codes import EnvelopeFlag, OpCode, OpFlag, ResponseCode
from ballast.node.wire.envelope import ENVELOPE_BYTES, OWN_VERSION, Envelope
from ballast.node.wire.header import HEADER_BYTES, UNKNOWN_SERIAL, Header
from ballast.node.wire.reader import Buffer, Reader
from ballast.node.wire.versions import answer_version, response_code_for

__all__ = [
    "BODY_AT",
    "HEAD",
    "NO_CREDENTIAL",
    "UNREADABLE_REQUEST_ID",
    "Message",
    "answer_to",
    "digested",
    "parse_message",
    "refusal_of",
]

HEAD = Struct(">BBBBIIIIIIIHBBII")
BODY_AT = HEAD.size
NO_CREDENTIAL = bytes(4)
UNREADABLE_REQUEST_ID = 0xFFFFFFFF
_UNREADABLE = int(EnvelopeFlag.ENCRYPTED | EnvelopeFlag.COMPRESSED)


@dataclass(frozen=True, slots=True)
class Message:
    """A native message, complete and in the clear.

    Parameters
    ----------
    envelope, header
        What frames it; both lengths are put right from the parts when the message is made.
    body
        As the operation has it.
    credential
        The credential section, empty for none.
    credential_counted
        Whether the length of the credential stands behind the body. Practice always writes it,
        even for none; RFC 3652 lets a message end with its body.

    Examples
    --------
    >>> message = Message(Envelope(request_id=7), Header(OpCode.GET_SITE_INFO), bytes(4))
    >>> parse_message(message.to_wire()) == message
    True
    """

    envelope: Envelope
    header: Header
    body: bytes = b""
    credential: bytes = b""
    credential_counted: bool = True

    def __post_init__(self) -> None:
        if self.credential and not self.credential_counted:
            object.__setattr__(self, "credential_counted", True)
        size = len(self.body)
        if self.header.body_length != size:
            object.__setattr__(self, "header", replace(self.header, body_length=size))
        length = HEADER_BYTES + size
        if self.credential_counted:
            length += 4 + len(self.credential)
        if self.envelope.length != length:
            object.__setattr__(self, "envelope", replace(self.envelope, length=length))

    def to_wire(self) -> bytes:
        """Return the bytes of the whole message, envelope included."""
        parts = [self.envelope.to_wire(), self.header.to_wire(), self.body]
        if self.credential_counted:
            parts += [len(self.credential).to_bytes(4, "big"), self.credential]
        return b"".join(parts)


def parse_message(data: Buffer) -> Message:
    """Return the message that bytes hold.

    Parameters
    ----------
    data
        One whole message, envelope included, and nothing behind it.

    Raises
    ------
    MalformedMessage
        Where a length contradicts another, or what follows is encrypted or compressed.
    """
    envelope = Envelope.parse(data)
    size = len(data) - ENVELOPE_BYTES
    if envelope.length != size:
        raise MalformedMessage(
            "the envelope announces {length} bytes, but {size} follow it",
            length=envelope.length,
            size=size,
        )
    # Asked of the byte: operations on flags cost more than the rest of the parsing.
    if data[2] & _UNREADABLE:
        raise _unreadable(envelope)
    reader = Reader(data, ENVELOPE_BYTES)
    header = Header.parse(reader)
    body = reader.take(header.body_length)
    counted = reader.left > 0
    credential = reader.string() if counted else b""
    reader.finish()
    return Message(envelope, header, body, credential, counted)


def _unreadable(envelope: Envelope) -> MalformedMessage:
    if envelope.encrypted:
        return MalformedMessage(
            "the message is encrypted, but belongs to no session that is known here",
            response_code=ResponseCode.SESSION_FAILED,
        )
    return MalformedMessage(
        "the message is compressed; send it as it is",
        response_code=ResponseCode.OPERATION_NOT_SUPPORTED,
    )


def digested(message: Message) -> bytes:
    """Return the bytes of which the digest of a request is taken: header and body, no more."""
    return message.header.to_wire() + message.body


def answer_to(
    request: Message,
    response: ResponseCode,
    body: bytes = b"",
    *,
    flags: OpFlag | None = None,
    site_serial: int = UNKNOWN_SERIAL,
    session_id: int | None = None,
    expiration: int | None = None,
) -> Message:
    """Return the answer to a request, framed as the asker expects it.

    Parameters
    ----------
    request
        What is answered.
    response
        What became of it; translated for askers of old versions.
    body
        As the response has it.
    flags
        Those of the request by default, without RRDG (which says that a digest leads the body).
    site_serial
        Serial number of the site information in force.
    session_id
        That of the request by default.
    expiration
        Epoch s; that of the request by default.
    """
    asked = request.envelope
    version = answer_version(asked)
    envelope = Envelope(
        *version,
        suggested_major=OWN_VERSION[0],
        suggested_minor=OWN_VERSION[1],
        session_id=asked.session_id if session_id is None else session_id,
        request_id=asked.request_id,
    )
    header = Header(
        request.header.op,
        response_code_for(version, response),
        request.header.flags & ~OpFlag.RRDG if flags is None else flags,
        site_serial,
        request.header.recursion,
        request.header.expiration if expiration is None else expiration,
    )
    return Message(envelope, header, body)


def refusal_of(data: Buffer, error: MalformedMessage, expiration: int = 0) -> Message:
    """Return the answer to bytes that could not be parsed.

    What can be read of the request is repeated, so that an asker with several
    requests under way knows which one failed; servers in the field answer
    request ffffffff and operation 0 to everything, which is what remains where
    nothing can be read.

    Parameters
    ----------
    data
        What was received.
    error
        What ``parse_message``, or the parser of the body, raised.
    expiration
        Epoch s.
    """
    operation, request_id, session_id, version = OpCode.RESERVED, UNREADABLE_REQUEST_ID, 0, (2, 0)
    if len(data) >= ENVELOPE_BYTES:
        # Not parsed: an envelope that announces too much still names its request.
        framed = Envelope.parse(bytes(data[:16]) + bytes(4))
        request_id, session_id = framed.request_id, framed.session_id
        version = answer_version(framed)
        if len(data) >= ENVELOPE_BYTES + 4 and not framed.encrypted:
            operation = OpCode(int.from_bytes(data[20:24], "big"))
    said = str(error).encode()
    envelope = Envelope(*version, session_id=session_id, request_id=request_id)
    header = Header(
        operation,
        response_code_for(version, ResponseCode(error.response_code)),
        OpFlag(0),
        expiration=expiration,
    )
    return Message(envelope, header, len(said).to_bytes(4, "big") + said)
