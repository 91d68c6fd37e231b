"""The plant of a home as processes to keep running: a collector, and the home's one shipper.

A broker is asked once before anything starts (``try_broker``): the collector
tries again for ever, as it must where a broker is restarted at night, but
whoever types an address wants to be told at once that nobody is there.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from ballast.plant.collect.connection import Address, open_connection
from ballast.plant.collect.orders import COMMAND_MODULE, CollectorOrders
from ballast.plant.spool.live import read_live
from ballast.serve.node_parts import shipper_part
from ballast.serve.push_orders import PushOrders
from ballast.serve.supervisor import Part
from ballast.terms.label import Label, Language

__all__ = ["SPOOL", "PlantWanted", "plant_parts", "try_broker"]

#: Where, below its home, the collector writes what it hears.
SPOOL = Path("plant") / "spool"
_COLLECTOR = Label("采集进程", "collector")
_PUSH = Label("日汇总上报进程", "daily push")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantWanted:
    """How a plant is to be heard: plain values.

    Parameters
    ----------
    home
        The whole path of the home.
    language
        In which the processes say why they cannot start.
    orders
        What the collector is told.
    ship_seconds
        How often samples are looked for and shipped into the lake.
    keep_days
        How long samples are kept; 0 for good.
    push
        How its days are told the city; nothing where they are not.
    """

    home: Path
    language: Language
    orders: CollectorOrders
    ship_seconds: float = 10.0
    keep_days: int = 0
    push: PushOrders | None = None


def plant_parts(wanted: PlantWanted, *, shipper: bool = True) -> list[Part]:
    """Return the processes of a plant, in the order in which they begin.

    Parameters
    ----------
    wanted
        How it is to be heard.
    shipper
        Whether the home's shipper is among them: not where its node brings it.
    """
    parts = [_collector_part(wanted)]
    if shipper:
        parts.append(
            shipper_part(wanted.home, wanted.language, wanted.ship_seconds, wanted.keep_days)
        )
    if wanted.push is not None:
        parts.append(_push_part(wanted.push))
    return parts


async def try_broker(address: Address) -> None:
    """Connect to a broker and go away again, under a name that nobody else has.

    Raises
    ------
    Refused
        If nobody answers there, or who answers does not let us in: one line.
    """
    name = f"ballast-asks-{uuid4().hex[:8]}"
    link = await open_connection(
        replace(address, client_id=name, keepalive_s=10), clean=True, heard=_nothing
    )
    await link.close()


def _nothing(_topic: str, _payload: bytes, _retained: bool, _duplicate: bool) -> None:
    """Hear nothing: nothing is subscribed to."""


def _collector_part(wanted: PlantWanted) -> Part:
    begun = time.time_ns() // 1_000_000

    async def ready() -> bool:
        # What it writes about once a second is of it and not of the one before.
        live = read_live(wanted.home / SPOOL)
        return live is not None and live.at >= begun

    return Part(
        name=_COLLECTOR.text(wanted.language),
        command=(sys.executable, "-m", COMMAND_MODULE),
        orders=wanted.orders.line(),
        sockets=(),
        ready=ready,
    )


def _push_part(orders: PushOrders) -> Part:
    async def ready() -> bool:
        return True  # it begins by waiting

    return Part(
        name=_PUSH.text(orders.language),
        command=(sys.executable, "-m", "ballast.serve.daily_push_process"),
        orders=orders.line(),
        sockets=(),
        ready=ready,
    )
