from __future__ import annotations

import asyncio
import json
import sys

from ballast.serve.listening import listen
from ballast.serve.orders import PortalOrders, portal_part

ORDERS = PortalOrders("数据之家", "duckdb", "371500", "https://brain.example.org", "zh")


def test_orders_are_one_line_that_says_the_same_again() -> None:
    assert "\n" not in ORDERS.line()
    assert PortalOrders.parse(ORDERS.line()) == ORDERS


def test_the_part_hands_its_socket_down_and_keeps_orders_off_its_command_line() -> None:
    with listen("127.0.0.1", 0) as taken:
        part = portal_part(ORDERS, taken)
        assert json.loads(part.orders)["socket"] == taken.fileno()
        assert part.sockets == (taken,)
        assert part.command == (sys.executable, "-m", "ballast.serve.portal_process")
        assert part.name == "门户进程"


def test_health_is_asked_under_the_name_that_people_use() -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    async def ask() -> bool:
        with listen("127.0.0.1", 0) as taken:
            server = await asyncio.start_server(answer, sock=taken)
            async with server:
                return await portal_part(ORDERS, taken).ready()

    assert asyncio.run(ask())
    assert asked[0].startswith(b"GET /health HTTP/1.1\r\nHost: brain.example.org\r\n")
