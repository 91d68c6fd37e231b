"""A node as its users meet it: founded in a folder, one writer, some workers, native ports."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from ballast.errors import CannotServe
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.registry.records import Record, pack_record
from ballast.node.servers.budget import BudgetLimits
from ballast.node.servers.orders import Doors, WorkerOrders
from ballast.node.service.authentication.answering import Signer, load_private_key
from ballast.node.service.founding import Ports, found_node
from ballast.node.wire.codes import OpCode, OpFlag, ResponseCode
from ballast.node.wire.envelope import ENVELOPE_BYTES, Envelope
from ballast.node.wire.header import DEFAULT_REQUEST_FLAGS, Header
from ballast.node.wire.message import Message, parse_message
from ballast.node.wire.requests import RequestBody, ResolveRequest
from ballast.node.wire.responses import Challenge
from ballast.serve.listening import reserve

PREFIX = "88.118.8"
MAP_BYTES = 1 << 28
START_SECONDS = 60
ANSWER_SECONDS = 20.0


@dataclass
class Node:
    """A running node."""

    home: Path
    port: int
    signer: Signer
    key_signer: Signer
    writer: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def connect(self, source: str = "127.0.0.1") -> Client:
        return Client(self.port, source)

    def is_up(self) -> bool:
        """Whether every process runs and the node answers."""
        with self.connect() as client:
            answered = client.ask(request(ResolveRequest(b"0.NA/" + PREFIX.encode())))
        running = all(one.poll() is None for one in (self.writer, *self.workers))
        return running and answered.header.response == ResponseCode.SUCCESS


class Client:
    """A TCP connection to the node that is kept open."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection(
            ("127.0.0.1", port), timeout=ANSWER_SECONDS, source_address=(source, 0)
        )
        self.received = b""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> bytes:
        """Return the next whole message; empty where the node has closed."""
        while (size := self._size()) is None or len(self.received) < size:
            more = self.socket.recv(65_536)
            if not more:
                return b""
            self.received += more
        message, self.received = self.received[:size], self.received[size:]
        return message

    def _size(self) -> int | None:
        if len(self.received) < ENVELOPE_BYTES:
            return None
        return ENVELOPE_BYTES + int.from_bytes(self.received[16:20], "big")

    def ask(self, message: Message) -> Message:
        self.send(message.to_wire())
        return parse_message(self.receive())

    def prove(self, message: Message, signer: Signer) -> Message:
        """Ask what needs a proof, and give it."""
        challenged = self.ask(message)
        assert challenged.header.response == ResponseCode.AUTHENTICATION_NEEDED, challenged
        return self.ask(proof(challenged, signer))


def request(
    body: RequestBody,
    op: OpCode = OpCode.RESOLVE,
    *,
    flags: OpFlag = DEFAULT_REQUEST_FLAGS,
    request_id: int = 0x01020304,
    session_id: int = 0,
    **envelope: int,
) -> Message:
    framed = Envelope(request_id=request_id, session_id=session_id, **envelope)  # type: ignore[arg-type]
    return Message(framed, Header(op, flags=flags, expiration=1_800_000_000), body.to_wire())


def proof(challenged: Message, signer: Signer) -> Message:
    """Return the message that answers a challenge."""
    answer = signer.answer(Challenge.parse(challenged.body), os.urandom)
    return request(
        answer,
        OpCode.CHALLENGE_ANSWER,
        session_id=challenged.envelope.session_id,
        request_id=challenged.envelope.request_id + 1,
    )


@contextmanager
def kept_port() -> Iterator[int]:
    """Keep a port for TCP and UDP, low enough for the clients of China, until the block ends.

    Workers share a port with whoever else shares it: two nodes of two test processes on one port
    would answer for each other. So it is kept, and each process begins to look somewhere else.
    """
    first = os.getpid() * 31
    for step in range(1000):
        port = 2641 + (first + step) % 7000
        with suppress(CannotServe):
            kept = reserve("127.0.0.1", port, setting="", datagrams=True)
            break
    else:
        raise AssertionError("no port is free")
    with kept:
        yield port


def start(module: str, orders: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(orders.encode() + b"\n")
    process.stdin.flush()
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that a test started, as a supervisor does that goes away."""
    for stream in (process.stdin, process.stderr):
        if stream is not None:
            stream.close()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def listening(port: int) -> int:
    """Return how many sockets listen on a port: each worker has one of its own."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def wait_for(port: int, process: subprocess.Popen[bytes], workers: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while listening(port) < workers:
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def worker_orders(
    home: Path, port: int, number: int, limits: BudgetLimits, doors: Doors
) -> WorkerOrders:
    return WorkerOrders(
        str(home), number, "en", native_port=port, http_port=-1, map_bytes=MAP_BYTES,
        limits=limits, doors=doors,
    )  # fmt: skip


@contextmanager
def served(
    home: Path,
    records: Iterable[Record] = (),
    *,
    workers: int = 1,
    limits: BudgetLimits | None = None,
    doors: Doors | None = None,
) -> Iterator[Node]:
    """Run a node until the block ends."""
    with kept_port() as port:
        keys = home / "node" / "keys"
        with LmdbStore.open(home / "node" / "registry", map_bytes=MAP_BYTES) as store:
            founded = found_node(
                store, PREFIX, keys_dir=keys, addresses=[IPv4Address("127.0.0.1")],
                ports=Ports(native=port, http=0), clock=time.time, random=os.urandom,
            )  # fmt: skip
            with store.write() as transaction:
                for record in records:
                    transaction.put_record(record.key, pack_record(record))
        by_key, by_secret = founded.administrators
        node = Node(
            home,
            port,
            Signer(by_secret, founded.secret_file.read_text().strip().encode()),
            Signer(by_key, load_private_key(founded.key_file)),
            start(
                "ballast.node.writer.process",
                f'{{"home": "{home}", "language": "en", "map_bytes": {MAP_BYTES}}}',
            ),
        )
        try:
            for number in range(workers):
                orders = worker_orders(
                    home, port, number, limits or BudgetLimits(), doors or Doors()
                )
                node.workers.append(start("ballast.node.servers.worker", orders.line()))
                wait_for(port, node.workers[-1], number + 1)
            yield node
        finally:
            for process in (*node.workers, node.writer):
                end(process)


__all__ = ["Client", "Node", "end", "kept_port", "proof", "request", "served"]
