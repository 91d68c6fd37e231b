"""From what granian gives to what the router takes."""

from __future__ import annotations

import asyncio
import socket

import pytest
import uvloop

from ballast.node.servers.budget import network_of
from ballast.node.servers.http.adapter import peer_of
from ballast.node.servers.http.app import create_app
from ballast.node.servers.http.hosting import HttpServer

from .running import PREFIX, Node


@pytest.mark.parametrize(
    ("told", "address", "port"),
    [
        ("192.0.2.7:41000", "192.0.2.7", 41000),
        ("[2001:db8::7]:41000", "2001:db8::7", 41000),
        ("[::ffff:192.0.2.7]:1", "::ffff:192.0.2.7", 1),
        ("unix", "unix", 0),
        ("", "", 0),
    ],
)
def test_an_address_is_told_from_its_port(told: str, address: str, port: int) -> None:
    assert peer_of(told) == (address, port)
    assert network_of(address) or not told


@pytest.mark.parametrize("path", ["A-1", "NONE"])
def test_who_comes_by_ipv6_is_answered(node: Node, path: str) -> None:
    async def ask(port: int) -> bytes:
        server = HttpServer(create_app(node.context), "::1", port)
        await server.start()
        try:
            reader, writer = await asyncio.open_connection("::1", port)
            writer.write(f"GET /api/handles/{PREFIX}/{path} HTTP/1.1\r\nhost: n\r\n\r\n".encode())
            status = await asyncio.wait_for(reader.readline(), 10)
            writer.close()
            return status
        finally:
            await server.stop()

    try:
        with socket.socket(socket.AF_INET6) as taken:
            taken.bind(("::1", 0))
            port = taken.getsockname()[1]
    except OSError:
        pytest.skip("no IPv6 on this machine")
    status = uvloop.run(ask(port))
    assert status.split()[1] == (b"200" if path == "A-1" else b"404")
