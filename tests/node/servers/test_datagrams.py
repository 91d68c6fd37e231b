"""Batches of datagrams: whole, from the right address, bounded, on IPv4 and IPv6."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ballast.node.servers.datagrams import BATCH, Datagrams, batches_are_possible

pytestmark = pytest.mark.skipif(not batches_are_possible(), reason="not on this system")


@pytest.fixture(params=[(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def taken(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    family, host = request.param
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        made.bind((host, 0))
    except OSError:
        made.close()
        pytest.skip("no such address on this machine")
    made.setblocking(False)
    yield made
    made.close()


def client(taken: socket.socket) -> socket.socket:
    made = socket.socket(taken.family, socket.SOCK_DGRAM)
    made.connect(taken.getsockname())
    made.settimeout(5)
    return made


def test_each_answer_goes_to_where_its_datagram_came_from(taken: socket.socket) -> None:
    datagrams = Datagrams(taken, 4096, 512)
    clients = [client(taken) for _ in range(10)]
    for number, one in enumerate(clients):
        one.send(b"%d" % number * (number + 1))
    messages, hosts = datagrams.receive()
    assert messages == [b"%d" % number * (number + 1) for number in range(10)]
    assert len(set(hosts)) == 1
    for number, one in enumerate(clients):
        assert datagrams.address(number)[:2] == one.getsockname()[:2]
    # Not all are answered, and not in the order in which they came.
    assert datagrams.send([(n, b"to %d" % n) for n in (7, 3, 9)]) == 0
    for number in (3, 7, 9):
        assert clients[number].recv(100) == b"to %d" % number
    # The next batch finds everything as it was.
    clients[0].send(b"again")
    assert datagrams.receive()[0] == [b"again"]
    assert datagrams.send([(0, b"x" * 512)]) == 0
    assert clients[0].recv(1000) == b"x" * 512
    for one in clients:
        one.close()


def test_nothing_waits_and_nothing_comes(taken: socket.socket) -> None:
    assert Datagrams(taken, 4096, 512).receive() == ([], [])


def test_more_than_a_batch_comes_in_several(taken: socket.socket) -> None:
    datagrams = Datagrams(taken, 64, 512)
    with client(taken) as one:
        for number in range(BATCH + 5):
            one.send(b"%d" % number)
        first, second = datagrams.receive()[0], datagrams.receive()[0]
    assert (len(first), len(second)) == (BATCH, 5)
    assert first + second == [b"%d" % number for number in range(BATCH + 5)]


def test_what_is_too_long_is_cut_and_what_is_empty_is_empty(taken: socket.socket) -> None:
    datagrams = Datagrams(taken, 16, 512)
    with client(taken) as one:
        one.send(b"x" * 100)
        one.send(b"")
        assert datagrams.receive()[0] == [b"x" * 16, b""]


def test_an_answer_that_cannot_be_sent_is_lost_alone(taken: socket.socket) -> None:
    datagrams = Datagrams(taken, 64, 512)
    with client(taken) as one:
        one.send(b"a")
        one.send(b"b")
        datagrams.receive()
        # Nobody can send to port 0: the first answer's address is spoilt.
        datagrams._names[2:4] = bytes(2)
        assert datagrams.send([(0, b"to a"), (1, b"to b")]) == 1
        assert one.recv(100) == b"to b"
