"""The UDP door of a running node: fragments both ways, bounds for strangers, never down."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest

from ballast.errors import CannotServe
from ballast.node.registry.entries import PrefixEntry, PrefixState
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import pack_record
from ballast.node.servers import udp
from ballast.node.servers.budget import BudgetLimits, Budgets
from ballast.node.servers.counters import Counters
from ballast.node.servers.front import Front
from ballast.node.servers.hot import HotPath
from ballast.node.servers.listening import udp_socket
from ballast.node.servers.orders import Doors
from ballast.node.servers.tally import Tally
from ballast.node.wire.codes import OpCode, ResponseCode
from ballast.node.wire.fragments import Reassembly, split_datagrams
from ballast.node.wire.message import Message, parse_message
from ballast.node.wire.requests import HandleRequest, ResolveRequest, ValuesRequest, VerifyRequest
from ballast.node.wire.responses import ErrorResponse, ResolveResponse, VerifyResponse
from ballast.node.wire.value import Value

from .conftest import LONGEST, records
from .served import Node, proof, request, served


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_door_answers_with_batches_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    for batches in (True, False):
        monkeypatch.setattr(udp, "batches_are_possible", lambda batches=batches: batches)
        asyncio.run(ask_a_door(tmp_path / str(batches), host))


async def ask_a_door(folder: Path, host: str) -> None:
    """Open a door in this process, and ask it by the short way and by the long one."""
    try:
        taken = udp_socket(host, 0)
    except CannotServe:
        pytest.skip("no such address on this machine")
    with LmdbStore.open(folder / "registry", map_bytes=1 << 26) as store:
        with store.write() as transaction:
            transaction.put_prefix(PrefixEntry("88.118.8", PrefixState.HOMED))
            for record in records()[:8]:
                transaction.put_record(record.key, pack_record(record))
        tally, budgets = Tally(), Budgets(BudgetLimits(), time.monotonic)
        front = Front(
            store, cast("Any", None), budgets, Counters(folder, 0), tally, clock=time.time,
            random=bytes,
        )  # fmt: skip
        hot = HotPath(store.reader(), tally, time.time, front.site_serial, "udp")
        door = udp.UdpDoor(taken, hot, front, budgets, Doors(), time.monotonic)
        door.open()
        loop = asyncio.get_running_loop()
        with socket.socket(taken.family, socket.SOCK_DGRAM) as client:
            client.setblocking(False)
            client.connect(taken.getsockname())
            for handle, count in ((b"88.118.8/A-1", 2), (b"88.118.8/EXPIRED", 2)):
                await loop.sock_sendall(client, request(ResolveRequest(handle)).to_wire())
                answer = parse_message(await loop.sock_recv(client, 4096))
                assert len(ResolveResponse.parse(answer.body).values) == count
            assert hot.counts()[("ballast_node_requests_total", DOOR)] == 1
        await door.close()
        front.close()


DOOR = (("door", "udp"), ("operation", "RESOLVE"), ("response", "SUCCESS"))
A_1 = request(ResolveRequest(b"88.118.8/A-1"))


class Datagrams:
    """A UDP socket of a client."""

    def __init__(self, port: int, source: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((source, 0))
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(10)
        self.sizes: list[int] = []

    def send(self, message: Message) -> None:
        for datagram in split_datagrams(message.to_wire()):
            self.socket.send(datagram)

    def receive(self) -> Message:
        """Return the next whole message."""
        parts = Reassembly()
        while True:
            datagram = self.socket.recv(65_536)
            self.sizes.append(len(datagram))
            whole = parts.add("node", datagram, time.monotonic())
            if whole is not None:
                return parse_message(whole)

    def ask(self, message: Message) -> Message:
        self.send(message)
        return self.receive()


@pytest.fixture
def client(node: Node) -> Iterator[Datagrams]:
    made = Datagrams(node.port, "127.0.0.1")
    yield made
    made.socket.close()


def test_a_resolution_is_one_datagram_each_way(client: Datagrams) -> None:
    answer = client.ask(A_1)
    assert answer.envelope.request_id == A_1.envelope.request_id
    assert len(ResolveResponse.parse(answer.body).values) == 2
    assert len(client.sizes) == 1


def test_a_long_answer_comes_in_datagrams_of_512_bytes(client: Datagrams) -> None:
    answer = client.ask(request(ResolveRequest(b"88.118.8/LARGE")))
    assert len(ResolveResponse.parse(answer.body).values) == 40
    assert len(client.sizes) > 20
    assert set(client.sizes[:-1]) == {512}


def test_a_long_request_may_come_in_datagrams_in_any_order(client: Datagrams) -> None:
    asked = request(ResolveRequest(LONGEST))
    datagrams = split_datagrams(asked.to_wire())
    assert len(datagrams) == 5
    random.Random(1).shuffle(datagrams)
    for datagram in datagrams:
        client.socket.send(datagram)
    assert ResolveResponse.parse(client.receive().body).handle == LONGEST


def test_a_handle_is_created_over_datagrams(client: Datagrams, node: Node) -> None:
    value = Value(1, "NOTE", b"n" * 900)
    asked = request(ValuesRequest(b"88.118.8/BY-UDP", (value,)), OpCode.CREATE_HANDLE)
    challenged = client.ask(asked)
    assert challenged.header.response == ResponseCode.AUTHENTICATION_NEEDED
    answered = proof(challenged, node.signer)
    assert client.ask(answered).header.response == ResponseCode.SUCCESS
    # An answer that was lost is given again when the same datagram comes again.
    assert client.ask(answered).header.response == ResponseCode.SUCCESS
    assert client.ask(
        request(ResolveRequest(b"88.118.8/by-udp"))
    ).header.response == ResponseCode.SUCCESS  # fmt: skip


def test_a_list_that_is_longer_than_a_message_is_not_sent_in_datagrams(
    client: Datagrams, node: Node
) -> None:
    asked = request(HandleRequest(b"0.NA/88.118.8"), OpCode.LIST_HANDLES)
    answer = client.ask(proof(client.ask(asked), node.signer))
    assert answer.header.response == ResponseCode.ERROR
    assert b"over TCP" in answer.body


@pytest.mark.parametrize("seed", range(4))
def test_random_datagrams_never_bring_the_node_down(
    client: Datagrams, node: Node, seed: int
) -> None:
    chance = random.Random(seed)
    good = split_datagrams(request(ResolveRequest(LONGEST)).to_wire())
    client.socket.settimeout(0)
    for _ in range(400):
        datagram = bytearray(chance.choice(good))
        for _ in range(chance.randrange(4)):
            datagram[chance.randrange(len(datagram))] = chance.randrange(256)
        data = bytes(datagram) if chance.randrange(3) else chance.randbytes(chance.randrange(3000))
        with suppress(OSError):
            client.socket.send(data)
        with suppress(BlockingIOError):
            while True:
                client.socket.recv(65_536)
    assert node.is_up()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Return a node that trusts strangers with little."""
    limits = BudgetLimits(
        unproven_burst=4000, unproven_bytes_per_second=0, request_burst=300, requests_per_second=50
    )
    with served(tmp_path_factory.mktemp("guarded"), records(), limits=limits) as running:
        yield running


def test_a_stranger_gets_no_more_than_a_multiple_of_what_it_sends(guarded: Node) -> None:
    stranger = Datagrams(guarded.port, "127.0.0.7")
    asked = request(ResolveRequest(b"88.118.8/LARGE")).to_wire()
    sent = received = 0
    stranger.socket.settimeout(0.3)
    for _ in range(60):
        stranger.socket.send(asked)
        sent += len(asked)
        with suppress(TimeoutError):
            first = stranger.socket.recv(65_536)
            received += len(first)
            assert parse_message(first).header.response == ResponseCode.SERVER_BUSY
    stranger.socket.settimeout(0.3)
    with suppress(TimeoutError):
        while True:
            received += len(stranger.socket.recv(65_536))
    stranger.socket.close()
    assert received <= 4000 + 3 * sent


def test_who_has_opened_a_connection_gets_whole_answers(guarded: Node) -> None:
    with guarded.connect("127.0.0.8") as known:
        assert known.ask(A_1).header.response == ResponseCode.SUCCESS
    friend = Datagrams(guarded.port, "127.0.0.8")
    for _ in range(5):
        answer = friend.ask(request(ResolveRequest(b"88.118.8/LARGE")))
        assert len(ResolveResponse.parse(answer.body).values) == 40
    friend.socket.close()


def test_who_asks_too_much_is_not_answered_for_a_while(guarded: Node) -> None:
    eager = Datagrams(guarded.port, "127.0.0.9")
    eager.socket.settimeout(0.5)
    for _ in range(600):
        eager.socket.send(A_1.to_wire())
    answers = 0
    with suppress(TimeoutError):
        while eager.socket.recv(65_536):
            answers += 1
    eager.socket.close()
    assert 250 <= answers <= 420
    assert guarded.is_up()


def test_a_connection_that_asks_too_much_is_slowed_and_loses_nothing(guarded: Node) -> None:
    with guarded.connect("127.0.0.10") as eager:
        begun = time.monotonic()
        eager.send(A_1.to_wire() * 400)
        for _ in range(400):
            assert parse_message(eager.receive()).header.response == ResponseCode.SUCCESS
        eager.send(A_1.to_wire())
        assert parse_message(eager.receive()).header.response == ResponseCode.SUCCESS
        # 401 of which 300 at once; the rest at 50 a second.
        assert 1.0 < time.monotonic() - begun < 20


def test_who_fails_too_often_is_not_checked_for_a_while(tmp_path: Path) -> None:
    limits = BudgetLimits(failures_per_minute=1, failure_burst=3)
    value = Value(1, "URL", b"https://x.cn")
    asked = request(ValuesRequest(b"88.118.8/X", (value,)), OpCode.CREATE_HANDLE)
    with served(tmp_path, limits=limits) as node:
        wrong = type(node.signer)(node.signer.identity, b"not the secret")
        with node.connect() as client:
            codes = [client.prove(asked, wrong).header.response.name for _ in range(5)]
            assert codes == ["AUTHENTICATION_FAILED"] * 3 + ["SERVER_BUSY"] * 2
            assert client.prove(asked, node.signer).header.response == ResponseCode.SERVER_BUSY
        with node.connect("127.0.0.11") as other:
            assert other.prove(asked, node.signer).header.response == ResponseCode.SUCCESS


def test_no_key_is_derived_for_an_address_that_is_only_claimed(node: Node) -> None:
    asked = VerifyRequest(b"0.NA/88.118.8", 301, bytes(16), bytes(32), b"\x01" + bytes(16))
    stranger = Datagrams(node.port, "127.0.0.78")
    answer = stranger.ask(request(asked, OpCode.VERIFY_CHALLENGE))
    stranger.socket.close()
    assert answer.header.response == ResponseCode.ERROR
    assert "ask there" in ErrorResponse.parse(answer.body).message
    with node.connect("127.0.0.78") as client:
        answer = client.ask(request(asked, OpCode.VERIFY_CHALLENGE))
        assert not VerifyResponse.parse(answer.body).fits
