"""The collector's process: ``python -m ballast.plant.collect.process``, kept by the supervisor.

It reads its orders from standard input, hears the broker, writes the spool, and
ends when asked to (SIGTERM: a clean exit, STATE offline) or when the supervisor
is gone. What keeps it from starting is one line on standard error and the exit
code that says "do not try again"; a broker that is not there does not keep it
from starting: it is waited for.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import uvloop

from ballast.errors import BallastError, HomeBusy, StorageFailed
from ballast.plant.collect.addressing import address_of, host_settings_of
from ballast.plant.collect.collector import Collector, Wanted
from ballast.plant.collect.orders import CollectorOrders
from ballast.plant.site import Site, read_site
from ballast.plant.spool.spool import Bounds, Spool
from ballast.terms.label import Language
from ballast.words import explain

__all__ = ["main", "wanted_of"]

_STDIN = 0
_REFUSED = 78  # what the supervisor takes for "do not try again" (sysexits.h, EX_CONFIG)


def wanted_of(orders: CollectorOrders, site: Site | None) -> Wanted:
    """Return how the collector works.

    Raises
    ------
    Refused
        If the orders and the mapping name no broker, or a file that cannot be used.
    """
    sparkplug = None if site is None else site.sparkplug
    return Wanted(
        address=address_of(orders, site),
        host=host_settings_of(orders, site),
        groups=() if sparkplug is None else sparkplug.groups,
        language=orders.language,
        commit_ms=orders.commit_ms,
        commit_rows=orders.commit_rows,
        live_ms=orders.live_ms,
        max_unmapped=orders.max_unmapped,
    )


def main() -> None:
    """Collect until asked to end."""
    # Before anything else, so that a stop while starting is clean too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    orders = CollectorOrders.parse(_read_line())
    directory = Path(orders.home) / "plant" / "spool"
    try:
        site = read_site(orders.site) if orders.site else None
        wanted = wanted_of(orders, site)
        bounds = Bounds(waiting_bytes=orders.spool_bytes)
        with (
            Spool.open(directory, bounds=bounds) as spool,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(_until_told(wanted, site, spool, directory))
    except BallastError as error:
        _refuse(error, orders.language)


async def _until_told(wanted: Wanted, site: Site | None, spool: Spool, directory: Path) -> None:
    """Run until a signal comes or standard input ends: the supervisor is gone then."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def hear() -> None:
        if not os.read(_STDIN, 4096):
            loop.remove_reader(_STDIN)
            stop.set()

    loop.add_reader(_STDIN, hear)
    await Collector(wanted, site, spool, directory, clock_ms=_now).run(stop)


def _read_line() -> str:
    """Return the line of orders, byte for byte, so that nothing after it is swallowed."""
    line = bytearray()
    while (byte := os.read(_STDIN, 1)) not in (b"", b"\n"):
        line += byte
    return line.decode()


def _now() -> int:
    return time.time_ns() // 1_000_000


def _refuse(error: BallastError, language: Language) -> None:
    print(explain(error, language), file=sys.stderr, flush=True)  # noqa: T201
    # These are over by themselves, or with a little help; nothing else mends itself.
    sys.exit(1 if isinstance(error, HomeBusy | StorageFailed) else _REFUSED)


if __name__ == "__main__":
    main()
