from __future__ import annotations

import asyncio
import socket

import pytest

from ballast.errors import CannotServe
from ballast.serve.listening import address, answers, is_loopback, listen


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
