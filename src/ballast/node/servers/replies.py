"""An answer of the service as a native message.

Apart from the asking, because the same few rules hold for every operation: the
version that was negotiated, the digest that leads the body where it was asked
for, the code an older client knows, the bound on a message.
"""

from __future__ import annotations

from dataclasses import replace
from struct import Struct

from ballast.errors import MalformedMessage
from ballast.node.service.answers import Answer
from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.message import Message, answer_to, parse_message, refusal_of
from ballast.node.wire.reader import MAX_MESSAGE_BYTES, string
from ballast.node.wire.responses import ErrorResponse, ListResponse, request_digest
from ballast.node.wire.versions import answer_version

__all__ = ["busy", "error_reply", "refuse", "reply", "reply_of"]

TOO_LONG = "the values of this handle are longer than one message; ask for them by index or type"
_BUSY = "the node has too much to do at present; ask again later"
_U32 = Struct(">I")
_REFERRALS = (ResponseCode.SERVICE_REFERRAL, ResponseCode.PREFIX_REFERRAL)
_WITH_HANDLES = (
    OpCode.LIST_HANDLES,
    OpCode.LIST_HOMED_PREFIXES,
    OpCode.LIST_SUB_PREFIXES,
)


def reply(
    request: Message,
    code: ResponseCode,
    body: bytes = b"",
    *,
    op: OpCode | None = None,
    site_serial: int,
    more: bool = False,
) -> bytes:
    """Return an answer as bytes.

    Parameters
    ----------
    request
        What is answered; its digest leads the body where its flags ask for that.
    code, body
        What became of it, and what there is to say.
    op
        The operation that was carried out, where that is another than asked: the one behind
        a challenge.
    site_serial
        Serial number of the site information in force.
    more
        Another message follows (CONT).
    """
    flags = request.header.flags & ~OpFlag.CONT
    if flags & OpFlag.RRDG:
        body = request_digest(request, answer_version(request.envelope)).to_wire() + body
    if more:
        flags |= OpFlag.CONT
    answer = answer_to(request, code, body, flags=flags, site_serial=site_serial)
    if op is not None:
        answer = replace(answer, header=replace(answer.header, op=op))
    if answer.envelope.length > MAX_MESSAGE_BYTES:
        return error_reply(request, ResponseCode.ERROR, TOO_LONG, op=op, site_serial=site_serial)
    return answer.to_wire()


def error_reply(
    request: Message,
    code: ResponseCode,
    message: str,
    *,
    op: OpCode | None = None,
    site_serial: int,
) -> bytes:
    """Return an error in words."""
    body = ErrorResponse(message).to_wire()
    return reply(request, code, body, op=op, site_serial=site_serial)


def reply_of(
    request: Message, answer: Answer, *, op: OpCode | None = None, site_serial: int
) -> bytes:
    """Return what the service answered as a message.

    Parameters
    ----------
    request
        What is answered.
    answer
        The service's word; a challenge is not made here.
    op
        As for ``reply``.
    site_serial
        Serial number of the site information in force.
    """
    done = op or request.header.op
    if answer.code in _REFERRALS:
        body = string(answer.handle)
        if answer.count:
            body += _U32.pack(answer.count) + answer.values
    elif not answer.ok:
        return error_reply(request, answer.code, answer.message, op=op, site_serial=site_serial)
    elif done == OpCode.RESOLVE:
        body = string(answer.handle) + _U32.pack(answer.count) + answer.values
    elif done == OpCode.GET_SITE_INFO:
        body = answer.values
    elif done == OpCode.CREATE_HANDLE:
        body = string(answer.handle)
    elif done in _WITH_HANDLES:
        body = ListResponse(answer.handles).to_wire()
    else:
        body = b""
    return reply(request, answer.code, body, op=op, site_serial=site_serial, more=answer.more)


def refuse(data: bytes, error: MalformedMessage) -> bytes:
    """Return the answer to what could not be understood."""
    return refusal_of(data, error).to_wire()


def busy(data: bytes = b"") -> bytes:
    """Return a short word that there is too much to do, to a request if it can be read."""
    try:
        request = parse_message(data)
    except MalformedMessage:
        error = MalformedMessage(_BUSY, response_code=ResponseCode.SERVER_BUSY)
        return refusal_of(data, error).to_wire()
    return answer_to(request, ResponseCode.SERVER_BUSY, ErrorResponse().to_wire()).to_wire()
