"""The TCP door of a running node: kept open, in order, bounded, never down."""

from __future__ import annotations

import random
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from ballast.node.servers.orders import Doors
from ballast.node.wire.codes import OpCode, ResponseCode
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope
from ballast.node.wire.message import UNREADABLE_REQUEST_ID, parse_message
from ballast.node.wire.requests import HandleRequest, ResolveRequest, ValuesRequest
from ballast.node.wire.responses import ListResponse, ResolveResponse
from ballast.node.wire.value import Value

from .conftest import records
from .served import Client, Node, request, served

A_1 = ResolveRequest(b"88.118.8/a-1")


def closed(client: Client) -> bool:
    """Whether the node has closed a connection, with or without a last word."""
    try:
        while client.socket.recv(65_536):
            pass
    except ConnectionResetError:
        return True
    return True


def test_answers_come_in_the_order_of_the_requests(node: Node) -> None:
    # Every other one goes the long way, and one waits for the writer.
    bodies = [ResolveRequest(b"88.118.8/n-%04d" % n, (1,) if n % 2 else ()) for n in range(400)]
    messages = [request(body, request_id=n) for n, body in enumerate(bodies)]
    value = Value(1, "URL", b"https://x.cn")
    messages[200] = request(
        ValuesRequest(b"88.118.8/new", (value,)), OpCode.CREATE_HANDLE, request_id=200
    )
    with node.connect() as client:
        client.send(b"".join([message.to_wire() for message in messages]))
        answers = [parse_message(client.receive()) for _ in messages]
    assert [answer.envelope.request_id for answer in answers] == list(range(400))
    assert answers[200].header.response == ResponseCode.AUTHENTICATION_NEEDED
    del answers[200], bodies[200]
    for answer, body in zip(answers, bodies, strict=True):
        assert ResolveResponse.parse(answer.body).handle == body.handle


def test_a_message_may_come_byte_by_byte_and_two_in_one_packet(node: Node) -> None:
    data = request(A_1).to_wire()
    with node.connect() as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(data)):
            client.send(data[at : at + 1])
        assert parse_message(client.receive()).header.response == ResponseCode.SUCCESS
        client.send(data + data[:30])
        assert parse_message(client.receive()).header.response == ResponseCode.SUCCESS
        client.send(data[30:])
        assert parse_message(client.receive()).header.response == ResponseCode.SUCCESS


def test_who_has_sent_the_last_byte_still_gets_every_answer(node: Node) -> None:
    with node.connect() as client:
        client.send(request(A_1).to_wire() * 50)
        client.socket.shutdown(socket.SHUT_WR)
        answers = 0
        while client.receive():
            answers += 1
    assert answers == 50


def test_what_announces_too_much_is_refused_and_closed(node: Node) -> None:
    with node.connect() as client:
        client.send(request(A_1).to_wire()[:16] + b"\xff\xff\xff\xff" + b"x" * 100)
        answer = parse_message(client.receive())
        assert answer.header.response == ResponseCode.PROTOCOL_ERROR
        assert closed(client)
    assert node.is_up()


def test_a_message_that_is_not_finished_in_time_is_given_up(node: Node) -> None:
    with node.connect() as client:
        client.send(request(A_1).to_wire()[:-1])
        begun = time.monotonic()
        assert closed(client)
        assert time.monotonic() - begun < 10


def test_who_reads_nothing_is_stopped_and_then_closed(node: Node) -> None:
    with node.connect() as slow:
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.socket.settimeout(0.5)
        data = request(ResolveRequest(b"88.118.8/large")).to_wire() * 100
        sent, stuck = 0, False
        while not stuck and sent < 200 << 20:
            try:
                sent += slow.socket.send(data)
            except TimeoutError:
                stuck = True
        # The node's bounds and both sockets' buffers are full; it has not kept what came after.
        assert stuck
        assert sent < 64 << 20
        assert node.is_up()
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            try:
                slow.socket.send(b"x")
            except TimeoutError:
                time.sleep(0.1)
            except OSError:
                break
        else:
            pytest.fail("a connection that reads nothing was kept")


def test_who_reads_slowly_gets_everything(node: Node) -> None:
    count = 1000
    with node.connect() as slow:
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        data = request(ResolveRequest(b"88.118.8/large")).to_wire()
        slow.socket.setblocking(False)
        unsent, received, answers = data * count, b"", 0
        deadline = time.monotonic() + 60
        while answers < count:
            assert time.monotonic() < deadline
            if unsent:
                with suppress(BlockingIOError):
                    unsent = unsent[slow.socket.send(unsent[:4096]) :]
            try:
                received += slow.socket.recv(30_000)
            except BlockingIOError:
                time.sleep(0.001)
            while len(received) > ENVELOPE_BYTES:
                size = ENVELOPE_BYTES + int.from_bytes(received[16:20], "big")
                if len(received) < size:
                    break
                assert parse_message(received[:size]).header.response == ResponseCode.SUCCESS
                received = received[size:]
                answers += 1


def test_one_address_has_so_many_connections_and_another_is_served(node: Node) -> None:
    clients = [node.connect() for _ in range(40)]
    try:
        for client in clients[:39]:
            assert client.ask(request(A_1)).header.response == ResponseCode.SUCCESS
        time.sleep(0.1)
        with node.connect() as refused:
            answer = parse_message(refused.receive())
            assert answer.header.response == ResponseCode.SERVER_BUSY
            assert answer.envelope.request_id == UNREADABLE_REQUEST_ID
            assert closed(refused)
        with node.connect("127.0.0.2") as other:
            assert other.ask(request(A_1)).header.response == ResponseCode.SUCCESS
    finally:
        for client in clients:
            client.socket.close()
    time.sleep(0.2)
    assert node.is_up()


def test_a_list_longer_than_a_page_comes_as_several_messages(node: Node) -> None:
    asked = request(HandleRequest(b"0.NA/88.118.8"), OpCode.LIST_HANDLES)
    handles: list[bytes] = []
    with node.connect() as client:
        message = client.prove(asked, node.signer)
        pages = 1
        while True:
            assert message.header.response == ResponseCode.SUCCESS
            handles += ListResponse.parse(message.body).handles
            if not message.header.flags & 0x04000000:
                break
            message = parse_message(client.receive())
            pages += 1
        # The connection goes on.
        assert client.ask(request(A_1)).header.response == ResponseCode.SUCCESS
    assert pages > 2
    assert {b"88.118.8/N-%04d" % n for n in range(2500)} <= set(handles)
    assert len(handles) == len(set(handles))


@pytest.mark.parametrize("seed", range(6))
def test_random_bytes_never_bring_the_node_down(node: Node, seed: int) -> None:
    chance = random.Random(seed)
    good = request(A_1).to_wire()
    for _ in range(150):
        kind = chance.randrange(3)
        if kind == 0:
            data = chance.randbytes(chance.randrange(1, 400))
        elif kind == 1:  # one byte is another
            at = chance.randrange(len(good))
            data = good[:at] + chance.randbytes(1) + good[at + 1 :]
        else:  # the envelope is right, the rest is not
            rest = chance.randbytes(chance.randrange(0, 300))
            data = good[:16] + len(rest).to_bytes(4, "big") + rest
        with node.connect() as client:
            client.send(data)
            client.socket.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):
                while answer := client.receive():
                    # Whatever is answered is a message itself.
                    parse_message(answer)
    assert node.is_up()


def test_all_connections_together_hold_no_more_than_they_may(tmp_path: Path) -> None:
    doors = Doors(memory_bytes=1_050_000, frame_seconds=600, stalled_seconds=600)
    begun = Envelope(request_id=1, length=262_000).to_wire() + bytes(200_000)
    with served(tmp_path, records()[:8], doors=doors) as node:
        clients = [node.connect() for _ in range(10)]
        for client in clients:
            client.send(begun)
            time.sleep(0.15)
        deadline = time.monotonic() + 20
        open_ones = clients
        while len(open_ones) > 5 and time.monotonic() < deadline:
            time.sleep(0.1)
            open_ones = [one for one in open_ones if is_open(one)]
        time.sleep(2.5)
        # Those that came first are closed; the others are still waited for.
        assert [one for one in clients if is_open(one)] == clients[5:]
        assert node.is_up()
        for client in clients:
            client.__exit__()


def is_open(client: Client) -> bool:
    """Whether the node has not closed a connection."""
    client.socket.setblocking(False)
    try:
        return client.socket.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        client.socket.settimeout(10)
