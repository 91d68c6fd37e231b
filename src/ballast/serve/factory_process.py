"""The publisher's process: ``python -m ballast.serve.factory_process``, for the demo alone.

The machines of the sample factory as a plant would have them, in a process of
their own behind a broker: the collector then hears them as it hears any.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from dataclasses import asdict, dataclass

from ballast.errors import BallastError
from ballast.sample.factory.publishing import Door, publish
from ballast.sample.factory.telling import Shop
from ballast.serve.lifeline import end_with, read_orders
from ballast.serve.supervisor import REFUSED, Part
from ballast.terms.label import Label, Language
from ballast.words import explain

__all__ = ["FactoryOrders", "factory_part", "main"]

_NAME = Label("样例工厂", "sample factory")


@dataclass(frozen=True, slots=True)
class FactoryOrders:
    """What the publisher is told.

    Parameters
    ----------
    language
        In which it says what is wrong.
    seed, first_day
        Of the shop; the first day is in days since 1970.
    host, port, user, password
        The broker, and who the edge nodes are to it.
    every_seconds
        How often the sensors are looked at.
    """

    language: Language
    seed: int
    first_day: int
    host: str
    port: int
    user: str = ""
    password: str = ""
    every_seconds: float = 2.0

    def __repr__(self) -> str:
        """Return it without the password."""
        return f"FactoryOrders({self.host}, {self.port}, {self.user})"

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> FactoryOrders.parse(FactoryOrders("zh", 1, 2, "h", 3).line()).port
        3
        """
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, line: str) -> FactoryOrders:
        """Return the orders of a line."""
        return cls(**json.loads(line))


def factory_part(orders: FactoryOrders) -> Part:
    """Return the publisher as a process to keep running."""

    async def ready() -> bool:
        return True  # nobody waits for it: a plant is not asked whether it is there

    return Part(
        name=_NAME.text(orders.language),
        command=(sys.executable, "-m", "ballast.serve.factory_process"),
        orders=orders.line(),
        sockets=(),
        ready=ready,
    )


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
    try:
        asyncio.run(_run(orders))
    except* BallastError as several:
        for error in several.exceptions:
            if isinstance(error, BallastError):
                print(explain(error, orders.language), file=sys.stderr, flush=True)  # noqa: T201
        sys.exit(REFUSED)


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
