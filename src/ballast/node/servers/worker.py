"""A worker's process: ``python -m ballast.node.servers.worker``, started by the supervisor.

It reads its orders from standard input, opens its doors on ports shared with
its fellows (SO_REUSEPORT), and ends when asked to or when the supervisor is
gone. One loop serves all of its doors: they share one store reader, one
connection to the writer, one table of budgets and one set of counters, which
is what keeps a worker small.

The HTTP door is opened by
``ballast.node.servers.http.door.open_http_door(parts: WorkerParts) -> HttpDoor`` (a coroutine;
``HttpDoor.close()`` is one too).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ballast.node.servers.budget import Budgets
from ballast.node.servers.counters import Counters
from ballast.node.servers.front import Front
from ballast.node.servers.orders import WorkerOrders
from ballast.node.servers.tally import Tally

if TYPE_CHECKING:
    from ballast.node.registry.store import Store
    from ballast.node.writer.client import WriterClient

__all__ = ["WorkerParts", "main"]


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """What the doors of one worker share.

    Parameters
    ----------
    orders
        What the worker was told.
    store
        The records, for reading.
    writer
        The way to the process that writes.
    front
        Answers native messages (for the HTTP tunnel).
    budgets, counters, tally
        What each address may; what was counted; resolutions by prefix.
    counters_folder
        Where the counters of all workers lie, for ``counters.totals``.
    clock, random
        Epoch seconds; fresh random bytes.
    """

    orders: WorkerOrders
    store: Store
    writer: WriterClient
    front: Front
    budgets: Budgets
    counters: Counters
    tally: Tally
    counters_folder: Path
    clock: Callable[[], float]
    random: Callable[[int], bytes]


def main() -> None:
    """Serve until asked to end."""
    raise NotImplementedError
