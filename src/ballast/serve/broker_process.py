"""The embedded broker's process: ``python -m ballast.serve.broker_process``, for the demo alone.

It needs nothing installed, and that is its one virtue: it keeps no keep-alive,
queues nothing for who is away and delivers nothing twice. A shop has a
mosquitto or an EMQX, and `ballast plant serve` takes that one's address.

It listens on the socket that the supervisor holds, on this machine alone, and
lets in nobody without the password that the demo made up for this once: other
users of the machine can reach a loopback port, too.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import signal
import socket
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter  # type: ignore[import-untyped]
from amqtt.broker import Broker  # type: ignore[import-untyped]
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType  # type: ignore[import-untyped]
from amqtt.plugins.base import BaseAuthPlugin  # type: ignore[import-untyped]
from amqtt.session import Session  # type: ignore[import-untyped]

from ballast.serve.factory_orders import BrokerOrders
from ballast.serve.lifeline import end_with, read_orders

__all__ = ["OnePassword", "main"]

_LISTENER = "default"  # a name that the broker asks for
_MOST_CONNECTIONS = 64


class OnePassword(BaseAuthPlugin):  # type: ignore[misc]
    """Lets in one user with one password."""

    @dataclass
    class Config:
        """As the broker's own configuration carries it."""

        user: str = ""
        password: str = ""

    async def authenticate(self, *, session: Session) -> bool:
        """Tell whether a client may come in."""
        wanted = self.context.config
        given = (session.username or "", session.password or "")
        known = hmac.compare_digest(given[0].encode(), wanted.user.encode())
        # Both are compared, and whole, so that the time says nothing.
        return hmac.compare_digest(given[1].encode(), wanted.password.encode()) and known


async def _serve(orders: BrokerOrders, taken: socket.socket) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    plugin = f"{OnePassword.__module__}.{OnePassword.__qualname__}"
    broker = Broker(
        BrokerConfig(
            listeners={_LISTENER: ListenerConfig(type=ListenerType.EXTERNAL)},
            plugins={plugin: {"user": orders.user, "password": orders.password}},
        )
    )
    await broker.start()

    room = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if room.locked():
            writer.close()
            return
        # What a client does wrong ends its connection and nothing else.
        with suppress(Exception):
            async with room:
                await broker.external_connected(
                    StreamReaderAdapter(reader), StreamWriterAdapter(writer), _LISTENER
                )

    async with await asyncio.start_server(connected, sock=taken):
        await stop.wait()
    with suppress(Exception):
        await asyncio.wait_for(broker.shutdown(), 3)


def main() -> None:
    """Serve until asked to end."""
    signal.signal(signal.SIGTERM, _leave)
    orders = BrokerOrders.parse(read_orders())
    end_with()
    # It logs a line a connection, and warns of its own future; neither is for a user of a demo.
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)
    logging.getLogger("transitions").setLevel(logging.CRITICAL)
    logging.lastResort = None
    warnings.simplefilter("ignore")
    with socket.socket(fileno=orders.socket) as taken:
        taken.setblocking(False)
        asyncio.run(_serve(orders, taken))


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
