"""The publisher's process: ``python -m ballast.serve.factory_process``, for the demo alone.

The machines of the sample factory as a plant would have them, in a process of
their own behind a broker: the collector then hears them as it hears any.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time

from ballast.sample.factory.publishing import Door, publish
from ballast.sample.factory.telling import Shop
from ballast.serve.factory_orders import FactoryOrders
from ballast.serve.lifeline import end_with, read_orders

__all__ = ["main"]


async def _run(orders: FactoryOrders) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await publish(
        Shop(orders.seed, orders.first_day),
        Door(orders.host, orders.port, orders.user, orders.password),
        stop,
        clock=lambda: time.time_ns() // 1_000_000,
        every_seconds=orders.every_seconds,
    )


def main() -> None:
    """Publish until asked to end."""
    signal.signal(signal.SIGTERM, _leave)
    orders = FactoryOrders.parse(read_orders())
    end_with()
    asyncio.run(_run(orders))


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
