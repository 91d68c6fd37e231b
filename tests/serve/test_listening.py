from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from ballast.errors import CannotServe
from ballast.node.writer.socket_path import listening
from ballast.serve.listening import address, answers, is_loopback, listen, listens, reserve


def test_port_0_is_a_free_port_known_at_once() -> None:
    with listen("127.0.0.1", 0) as one, listen("127.0.0.1", 0) as other:
        assert address(one)[1] != address(other)[1]
        socket.create_connection(address(one), timeout=1).close()


def test_a_busy_port_is_one_clear_line() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = address(taken)[1]
        with pytest.raises(CannotServe, match=rf"port {port} is taken .* --port"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.77"])
def test_an_address_that_is_not_this_machines_is_refused(host: str) -> None:
    with pytest.raises(CannotServe, match="--host"):
        listen(host, 0)


def test_a_socket_open_to_everybody_is_reached_over_loopback() -> None:
    with listen("0.0.0.0", 0) as taken:
        assert address(taken)[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.0.0.9", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.0.2.1", False), ("ballast.example.org", False)],
)  # fmt: skip
def test_loopback_is_recognised(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


def test_nobody_answers_on_a_closed_port() -> None:
    with listen("127.0.0.1", 0) as taken:
        host, port = address(taken)
    assert not asyncio.run(answers(host, port, "/health"))


def test_a_kept_port_is_free_for_its_processes_and_taken_for_others() -> None:
    with reserve("127.0.0.1", 0, setting="BALLAST_NODE_PORT", datagrams=True) as kept:
        where = kept.getsockname()
        with pytest.raises(CannotServe, match=r"BALLAST_PORT|--port"):
            listen(*where)
        workers = [socket.socket() for _ in range(2)]
        for worker in workers:
            worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            worker.bind(where)
            worker.listen()
        with pytest.raises(CannotServe, match=rf"port {where[1]} is taken"):
            reserve(*where, setting="BALLAST_NODE_PORT")
        # What keeps the port never listens: every connection goes to a worker.
        for _ in range(20):
            socket.create_connection(where, timeout=2).close()
        for worker in workers:
            worker.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(where, timeout=2)


def test_a_host_that_is_not_this_machine_s_is_refused_with_its_setting() -> None:
    with pytest.raises(CannotServe, match="BALLAST_NODE_PORT"):
        reserve("203.0.113.77", 0, setting="BALLAST_NODE_PORT")


def test_a_socket_in_the_file_system_is_asked_however_deep_it_lies(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 60) / ("e" * 60)
    folder.mkdir(parents=True)
    path = folder / "writer.sock"
    assert not asyncio.run(listens(path))
    with listening(path) as taken:
        assert asyncio.run(listens(path))
        taken.accept()[0].close()
    assert not asyncio.run(listens(path))
