"""The writer's side of its socket: every answer goes out, whatever happens between threads."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from ballast.node.writer import hosting
from ballast.node.writer.commits import Order
from ballast.node.writer.frames import FrameCutter
from ballast.node.writer.hosting import Connection, Host


class Written:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


def test_an_answer_made_while_others_are_sent_is_sent_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commits' thread may lose its turn at any moment; here it does at the worst one."""

    async def talk() -> bytes:
        orders: list[Order] = []

        def put(order: Order) -> bool:
            orders.append(order)
            return True

        host: Any = SimpleNamespace(commits=SimpleNamespace(put=put))
        connection = Connection(host)
        sent = Written()
        connection._transport = sent  # type: ignore[assignment]
        for number in (1, 2):
            connection._order(number, lambda _: None, 1, 1)
        framed = hosting._framed

        def interrupted(number: int, result: object) -> bytes:
            made = framed(number, result)
            connection._flush()
            return made

        orders[0].done("first")
        monkeypatch.setattr(hosting, "_framed", interrupted)
        orders[1].done("second")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return sent.data

    found = FrameCutter().feed(asyncio.run(talk()))
    assert [one.request for one in found] == [1, 2]


def test_a_key_is_free_once_its_holder_is_told_that_it_was_given_back() -> None:
    """Told any sooner, a load sent again at once was refused its own key."""

    async def give_back() -> list[tuple[bool, bool]]:
        orders: list[Order] = []

        def put(order: Order) -> bool:
            orders.append(order)
            return True

        commits: Any = SimpleNamespace(put=put)
        nothing: Any = None
        host = Host(nothing, commits, nothing, lambda: 0.0, bytes)
        holder = Connection(host)
        host.leases[b"key"] = holder
        told: list[bool] = []
        host.release(b"key", holder, lambda: told.append(b"key" not in host.leases))
        await asyncio.sleep(0)
        seen = [(b"key" in host.leases, bool(told))]
        orders[0].done(None)
        await asyncio.sleep(0)
        assert told == [True]
        return [*seen, (b"key" in host.leases, bool(told))]

    assert asyncio.run(give_back()) == [(True, False), (False, True)]
