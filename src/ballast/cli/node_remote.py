"""One question to a node over its native protocol: what ``resolve --server`` sends.

Blocking and over TCP: a command asks once, and an answer over TCP is whole.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Sequence

from ballast.errors import MalformedMessage, NotFound, Refused, WrongUsage
from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.digests import split_digest
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope
from ballast.node.wire.header import Header
from ballast.node.wire.message import Message, parse_message
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.responses import ErrorResponse, ResolveResponse
from ballast.node.wire.value import Value

__all__ = ["ask_server", "parse_server"]

NATIVE_PORT = 2641
_SECONDS = 10.0
_GOOD_SECONDS = 43_200  # as clients in the field have it


def parse_server(text: str) -> tuple[str, int]:
    """Return host and port of ``host:port``; of a host alone, the usual port.

    Raises
    ------
    WrongUsage
        If it is neither.

    Examples
    --------
    >>> parse_server("192.0.2.1:3641"), parse_server("[2001:db8::1]"), parse_server("id.example.cn")
    (('192.0.2.1', 3641), ('2001:db8::1', 2641), ('id.example.cn', 2641))
    """
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, str(NATIVE_PORT)
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise WrongUsage("“{text}” is no server; write host:port", text=text[:80])
    return host, int(port)


def ask_server(
    server: str, handle: str, indexes: Sequence[int], types: Sequence[str]
) -> tuple[Value, ...]:
    """Return the public values of a handle as a server answers them.

    Parameters
    ----------
    server
        ``host:port``.
    handle
        What to resolve.
    indexes, types
        Which values; all where neither names one.

    Raises
    ------
    NotFound
        If the server cannot be reached, or does not know the handle.
    Refused
        If it answers anything else than values.
    """
    request = Message(
        Envelope(request_id=int.from_bytes(os.urandom(4), "big")),
        Header(
            OpCode.RESOLVE,
            flags=OpFlag.PUBL | OpFlag.CACR | OpFlag.RECU,
            expiration=int(time.time()) + _GOOD_SECONDS,
        ),
        ResolveRequest(handle.encode(), tuple(indexes), tuple(types)).to_wire(),
    )
    try:
        answer = parse_message(_exchanged(parse_server(server), request.to_wire()))
        return _values(server, handle, request, answer)
    except MalformedMessage as error:
        raise Refused(
            "{server}: the answer cannot be understood ({reason})",
            server=server,
            reason=str(error),
        ) from error


def _values(server: str, handle: str, request: Message, answer: Message) -> tuple[Value, ...]:
    if answer.envelope.request_id != request.envelope.request_id:
        raise Refused("{server}: the answer is to another question", server=server)
    code = answer.header.response
    _, body = split_digest(answer)
    if code == ResponseCode.SUCCESS:
        return ResolveResponse.parse(body).values
    if code == ResponseCode.HANDLE_NOT_FOUND:
        raise NotFound("{server}: does not know {handle}", server=server, handle=handle)
    try:
        said = ErrorResponse.parse(body).message
    except MalformedMessage:
        said = ""
    raise Refused(
        "{server}: {name} (code {code}) {said}",
        server=server,
        name=code.name.lower().replace("_", " "),
        code=int(code),
        said=said[:500],
    )


def _exchanged(where: tuple[str, int], message: bytes) -> bytes:
    try:
        with socket.create_connection(where, _SECONDS) as line:
            line.sendall(message)
            head = _exactly(line, ENVELOPE_BYTES)
            length = Envelope.parse(head).length
            return head + _exactly(line, length)
    except OSError as error:
        raise NotFound(
            "{server}: no answer ({reason})",
            server=f"{where[0]}:{where[1]}",
            reason=error.strerror or str(error) or type(error).__name__,
        ) from None


def _exactly(line: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = line.recv(min(65_536, size - len(parts)))
        if not part:
            raise ConnectionResetError("connection closed")
        parts += part
    return bytes(parts)
