"""Workers of a running node: the conversation that was captured, kill -9, ten thousand idle."""

from __future__ import annotations

import json
import resource
import signal
import socket
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from ballast.errors import MalformedMessage
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import record_of
from ballast.node.servers.budget import BudgetLimits
from ballast.node.servers.counters import totals
from ballast.node.servers.orders import Doors
from ballast.node.service.lifecycle import day_of
from ballast.node.wire.codes import OpCode, ResponseCode
from ballast.node.wire.message import parse_message
from ballast.node.wire.reader import Reader
from ballast.node.wire.requests import HandleRequest, ResolveRequest, ValuesRequest
from ballast.node.wire.responses import ResolveResponse
from ballast.node.wire.site import Site
from ballast.node.wire.value import Reference, Value

from .conftest import records
from .served import Client, Node, end, proof, request, served, start, wait_for, worker_orders

A_1 = request(ResolveRequest(b"88.118.8/A-1"))
IDLE = 10_000


def test_the_captured_conversation_is_answered_on_one_connection(
    tmp_path: Path, shared_data: Path
) -> None:
    captured = json.loads((shared_data / "handle" / "id_sdk_capture.json").read_text())
    said = [(name.split(" ")[0], bytes.fromhex(data)) for name, data in captured.items()]
    assert [who for who, _ in said] == ["REQ", "RESP"] * 4
    pairs = [(said[n][1], parse_message(said[n + 1][1])) for n in range(0, 8, 2)]
    resolved = ResolveResponse.parse(pairs[1][1].body)
    # Who logs in, in the capture, is 301:88.118.8/ADMIN; here it has the key of the node.
    with served(tmp_path, [record_of(b"88.118.8/T-5", resolved.values, 1)]) as node:
        give_key(node, b"88.118.8/ADMIN", 301)
        with node.connect() as client:
            client.send(pairs[0][0])
            site = parse_message(client.receive())
            assert Site.parse(site.body).servers[0].interfaces[0].port == node.port
            for asked, expected in pairs[1:3]:
                client.send(asked)
                answer = parse_message(client.receive())
                # The bytes that Handle.Net answered: the same handle, the same three values.
                assert answer.body == expected.body
                assert answer.header.response == ResponseCode.SUCCESS
                assert answer.envelope.request_id == expected.envelope.request_id
                assert (answer.envelope.major, answer.envelope.minor) == (2, 10)
            client.send(pairs[3][0])
            challenged = parse_message(client.receive())
            assert challenged.header.response == ResponseCode.AUTHENTICATION_NEEDED
            admin = type(node.key_signer)(Reference("88.118.8/ADMIN", 301), node.key_signer.key)
            logged_in = client.ask(proof(challenged, admin))
            assert logged_in.header.response == ResponseCode.SUCCESS
            assert logged_in.header.op == 2001
            # Still the same connection.
            client.send(pairs[1][0])
            assert parse_message(client.receive()).body == pairs[1][1].body


def give_key(node: Node, handle: bytes, index: int) -> None:
    """Register an identity with the public key of the node's administrator."""
    with node.connect() as client:
        own = request(ResolveRequest(b"0.NA/88.118.8", types=("HS_PUBKEY",)))
        key = ResolveResponse.parse(client.ask(own).body).values[0]
        made = ValuesRequest(handle, (Value(index, "HS_PUBKEY", key.data),))
        answer = client.prove(request(made, OpCode.CREATE_HANDLE), node.signer)
        assert answer.header.response == ResponseCode.SUCCESS


def test_when_a_worker_is_killed_the_others_serve_on(tmp_path: Path) -> None:
    with served(tmp_path, records(), workers=2) as node:
        killed, other = node.workers
        clients = [node.connect() for _ in range(16)]
        for client in clients:
            assert client.ask(A_1).header.response == ResponseCode.SUCCESS
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        alive = 0
        for client in clients:
            # Those of the killed one are closed, at once and not after a time-out.
            with suppress(ConnectionError, MalformedMessage):
                alive += client.ask(A_1).header.response == ResponseCode.SUCCESS
            client.socket.close()
        assert 0 < alive < 16
        for _ in range(50):
            with node.connect() as client:
                assert client.ask(A_1).header.response == ResponseCode.SUCCESS
        assert other.poll() is None
        # The supervisor starts it again: it takes its number and its counts.
        orders = worker_orders(tmp_path, node.port, 0, BudgetLimits(), Doors())
        again = start("ballast.node.servers.worker", orders.line())
        try:
            wait_for(node.port, again, 2)
        finally:
            end(again)


def test_resolutions_are_counted_by_day_and_prefix(tmp_path: Path) -> None:
    with served(tmp_path, records(), workers=2) as node:
        today = day_of(time.time())
        for _ in range(10):
            with node.connect() as client:
                client.send(A_1.to_wire() * 100)
                for _ in range(100):
                    client.receive()
        folder = tmp_path / "node" / "counters"
        for worker in node.workers:
            end(worker)
        assert resolved(tmp_path, today) >= 1000
        connections = ("ballast_node_tcp_connections_total", (("what", "accepted"),))
        assert totals(folder)[connections] >= 10


def resolved(home: Path, day: date) -> int:
    store = LmdbStore.open(home / "node" / "registry", readonly=True)
    with store, store.snapshot() as snapshot:
        return sum(one.resolved for one in snapshot.daily(day, day, b"88.118.8"))


def test_a_worker_ends_with_its_supervisor(tmp_path: Path) -> None:
    with served(tmp_path, records()) as node:
        worker = node.workers[0]
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(20) == 0


def test_a_worker_says_in_one_line_why_it_cannot_start(tmp_path: Path) -> None:
    orders = worker_orders(tmp_path, 2641, 0, BudgetLimits(), Doors())
    worker = start("ballast.node.servers.worker", orders.line())
    assert worker.wait(60) == 78
    assert worker.stderr is not None
    assert worker.stderr.read().count(b"\n") == 1
    end(worker)


def test_ten_thousand_idle_connections_leave_the_node_serving(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE + 1000:
        pytest.skip("the system allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    doors = Doors(connections=IDLE, connections_by_address=2500, pressed_seconds=600)
    idle: list[socket.socket] = []
    try:
        with served(tmp_path, records(), doors=doors) as node:
            before = memory(node.workers[0].pid)
            for n in range(IDLE):
                source = f"127.0.0.{20 + n % 4}"
                if n % 2500 == 0:
                    time.sleep(0.2)
                one = socket.socket()
                one.bind((source, 0))
                one.connect(("127.0.0.1", node.port))
                idle.append(one)
            # The cap holds: one more is told that there is no room, by whatever address.
            deadline = time.monotonic() + 30
            while True:
                with Client(node.port, "127.0.0.99") as refused:
                    said = parse_message(refused.receive())
                if said.header.response == ResponseCode.SERVER_BUSY:
                    break
                assert time.monotonic() < deadline
            # Those who are in are served, and quickly.
            begun = time.monotonic()
            for one in idle[:: IDLE // 50]:
                one.settimeout(20)
                one.sendall(A_1.to_wire())
                assert parse_message(one.recv(65_536)).header.response == ResponseCode.SUCCESS
            assert time.monotonic() - begun < 10
            each = (memory(node.workers[0].pid) - before) / IDLE
            assert each < 8192, f"{each:.0f} bytes a connection"
            for one in idle:
                one.close()
            time.sleep(1.5)
            assert node.is_up()
    finally:
        for one in idle:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory(pid: int) -> int:
    """Return the proportional share of memory of a process, bytes."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return (
        int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) << 10
    )


def test_site_bytes_hold_the_serial_number(node: Node) -> None:
    # What ``Front.refresh`` leans on: bytes 4 and 5 of an HS_SITE.
    with node.connect() as client:
        body = client.ask(request(HandleRequest(b"/"), OpCode.GET_SITE_INFO)).body
    reader = Reader(body, 4, 6)
    assert reader.u16() == Site.parse(body).serial
