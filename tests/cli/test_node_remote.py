"""Asking a server: whatever it answers is values, or a line that says what it was."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ballast.cli.node_remote import ask_server, parse_server
from ballast.errors import NotFound, Refused, WrongUsage
from ballast.node.wire.codes import ResponseCode
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope
from ballast.node.wire.message import Message, answer_to, parse_message
from ballast.node.wire.requests import ResolveRequest
from ballast.node.wire.responses import ErrorResponse, ResolveResponse
from ballast.node.wire.value import Value

VALUES = (Value(1, "URL", b"https://example.cn"), Value(2, "DESC", b"x" * 100_000))


@contextmanager
def serving(answer: Callable[[Message], bytes]) -> Iterator[str]:
    """Serve one connection, in the pieces in which a network may bring them."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            line, _ = door.accept()
            with line:
                head = line.recv(ENVELOPE_BYTES, socket.MSG_WAITALL)
                rest = line.recv(Envelope.parse(head).length, socket.MSG_WAITALL)
                sent = answer(parse_message(head + rest))
                for at in range(0, len(sent), 7_001):
                    line.sendall(sent[at : at + 7_001])

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{door.getsockname()[1]}"
        thread.join(10)
        assert not thread.is_alive()


def resolved(request: Message) -> bytes:
    asked = ResolveRequest.parse(request.body)
    assert asked.indexes == (1,)
    assert asked.types == ("DESC",)
    body = ResolveResponse(asked.handle, VALUES).to_wire()
    return answer_to(request, ResponseCode.SUCCESS, body).to_wire()


def test_the_values_are_returned_whole() -> None:
    with serving(resolved) as server:
        assert ask_server(server, "88.118.8/A", [1], ["DESC"]) == VALUES


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (ResponseCode.HANDLE_NOT_FOUND, NotFound, "does not know"),
        (ResponseCode.SERVER_BUSY, Refused, r"server busy \(code 3\) why"),
        (ResponseCode(900), Refused, "code 900"),
    ],
)
def test_another_answer_is_told(code: ResponseCode, kind: type[Exception], said: str) -> None:
    def refused(request: Message) -> bytes:
        return answer_to(request, code, ErrorResponse("why").to_wire()).to_wire()

    with serving(refused) as server, pytest.raises(kind, match=said):
        ask_server(server, "88.118.8/A", [], [])


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", NotFound),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9, Refused),
        (bytes(16) + b"\0\0\0\xff", NotFound),
        (bytes(16) + b"\0\0\0\x18" + bytes(24), Refused),
    ],
)
def test_an_answer_that_is_none_is_told(sent: bytes, kind: type[Exception]) -> None:
    with serving(lambda _: sent) as server, pytest.raises(kind):
        ask_server(server, "88.118.8/A", [], [])


def test_the_answer_to_another_question_is_not_taken() -> None:
    def another(request: Message) -> bytes:
        from dataclasses import replace

        answer = answer_to(request, ResponseCode.SUCCESS, ResolveResponse(b"a/b", ()).to_wire())
        other = replace(answer.envelope, request_id=answer.envelope.request_id ^ 1)
        return replace(answer, envelope=other).to_wire()

    with serving(another) as server, pytest.raises(Refused, match="another question"):
        ask_server(server, "88.118.8/A", [], [])


@pytest.mark.parametrize("text", ["", ":1", "x:", "x:0", "x:65536", "x:y", "x:-1", "[]:1"])
def test_what_is_no_server_is_wrong_usage(text: str) -> None:
    with pytest.raises(WrongUsage):
        parse_server(text)
