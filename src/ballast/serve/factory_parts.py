"""The sample factory as processes to keep running: its broker and its machines; for the demo alone.

A plant of somebody's own has both already; what hears them (``plant_parts``)
is the same for either.
"""

from __future__ import annotations

import socket
import sys
from dataclasses import replace

from ballast.errors import Refused
from ballast.plant.collect.connection import Address
from ballast.serve.factory_orders import BrokerOrders, FactoryOrders
from ballast.serve.listening import address
from ballast.serve.plant_parts import try_broker
from ballast.serve.supervisor import Part
from ballast.terms.label import Label, Language

__all__ = ["broker_part", "factory_part"]

_BROKER = Label("内置代理服务器", "embedded broker")
_FACTORY = Label("样例工厂", "sample factory")


def broker_part(orders: BrokerOrders, taken: socket.socket, language: Language) -> Part:
    """Return the embedded broker as a process to keep running on a socket that listens.

    Parameters
    ----------
    orders
        Whom it lets in.
    taken
        A socket of this machine alone.
    language
        In which the process is called.
    """
    host, port = address(taken)

    async def ready() -> bool:
        try:
            await try_broker(Address(host, port, 4, None, orders.user, orders.password, "", 0))
        except Refused:
            return False
        return True

    return Part(
        name=_BROKER.text(language),
        command=(sys.executable, "-m", "ballast.serve.broker_process"),
        orders=replace(orders, socket=taken.fileno()).line(),
        sockets=(taken,),
        ready=ready,
    )


def factory_part(orders: FactoryOrders) -> Part:
    """Return the machines of the sample factory as a process to keep running."""

    async def ready() -> bool:
        return True  # nobody waits for it: a plant is not asked whether it is there

    return Part(
        name=_FACTORY.text(orders.language),
        command=(sys.executable, "-m", "ballast.serve.factory_process"),
        orders=orders.line(),
        sockets=(),
        ready=ready,
    )
