"""The writer's process: ``python -m ballast.node.writer.process``, started by the supervisor.

It reads its orders from standard input, holds the registry's lock, listens on
its socket, and ends when asked to or when the supervisor is gone: what was
ordered by then is written. What keeps it from starting is one line on standard
error and the exit code that says "do not try again".
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import uvloop

from ballast.errors import BallastError, CannotServe, HomeBusy, StorageFailed
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.authentication.vault import Vault
from ballast.node.writer.commits import GroupCommit
from ballast.node.writer.hosting import Connection, Host
from ballast.node.writer.housekeeping import keep_house
from ballast.node.writer.orders_line import STDIN, leave, read_orders
from ballast.node.writer.socket_path import SOCKET_NAME, listening
from ballast.terms.label import Language
from ballast.words import explain

__all__ = ["WriterOrders", "main", "run_writer"]

_REFUSED = 78  # what the supervisor takes for "do not try again" (sysexits.h, EX_CONFIG)


@dataclass(frozen=True, slots=True)
class WriterOrders:
    """What the writer is told.

    Parameters
    ----------
    home
        The whole path of the home; the node's files lie in its ``node`` folder.
    language
        In which the process says why it cannot start.
    map_bytes
        How far the registry may grow.
    lock_seconds
        How long to wait for another program that writes the registry to end.
    """

    home: str
    language: Language = "zh"
    map_bytes: int = 64 << 30
    lock_seconds: float = 10.0

    def line(self) -> str:
        """Return the orders as one line.

        Examples
        --------
        >>> WriterOrders.parse(WriterOrders("h").line())
        WriterOrders(home='h', language='zh', map_bytes=68719476736, lock_seconds=10.0)
        """
        return msgspec.json.encode(self).decode()

    @classmethod
    def parse(cls, line: str) -> WriterOrders:
        """Return the orders of a line."""
        return msgspec.json.decode(line, type=cls)


async def run_writer(
    store: LmdbStore,
    path: Path,
    *,
    stop: asyncio.Event,
    clock: Callable[[], float] = time.time,
    random: Callable[[int], bytes] = os.urandom,
) -> None:
    """Write what is ordered, until told to stop.

    Parameters
    ----------
    store
        The registry, opened for writing.
    path
        Where to listen; taken away in the end.
    stop
        Set when it is to end; what has been ordered by then is written.
    clock
        Epoch seconds.
    random
        ``random(n)`` gives n unpredictable bytes.

    Raises
    ------
    CannotServe
        If the socket cannot be made.
    StorageFailed
        If nothing more can be written in this process; another one may.
    """
    loop = asyncio.get_running_loop()

    def broken() -> None:
        loop.call_soon_threadsafe(stop.set)

    commits = GroupCommit(store, broken=broken)
    host = Host(store, commits, Vault(clock, random), clock, random)
    taken = listening(path)
    commits.start()
    house = asyncio.create_task(keep_house(store, commits, clock), name="housekeeping")
    server = await loop.create_unix_server(lambda: Connection(host), sock=taken)
    try:
        await stop.wait()
    finally:
        house.cancel()
        server.close()
        path.unlink(missing_ok=True)
        await asyncio.to_thread(commits.end)
        # The answers to what was written last are handed to the loop; let it send them.
        await asyncio.sleep(0)
        for connection in list(host.connections):
            connection.close()
        await asyncio.sleep(0)
    if commits.fault is not None:
        raise commits.fault


def main() -> None:
    """Write until asked to end."""
    # Before anything else, so that a stop while starting is clean too.
    signal.signal(signal.SIGTERM, leave)
    orders = WriterOrders.parse(read_orders())
    node = Path(orders.home) / "node"
    try:
        store = LmdbStore.open(
            node / "registry", map_bytes=orders.map_bytes, wait_seconds=orders.lock_seconds
        )
    except BallastError as error:
        _refuse(error, orders.language)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_told(store, node / SOCKET_NAME))
    except BallastError as error:
        _refuse(error, orders.language)
    finally:
        store.close()


async def _until_told(store: LmdbStore, path: Path) -> None:
    """Run until a signal comes or standard input ends: the supervisor is gone then."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def hear() -> None:
        if not os.read(STDIN, 4096):
            loop.remove_reader(STDIN)
            stop.set()

    loop.add_reader(STDIN, hear)
    await run_writer(store, path, stop=stop)


def _refuse(error: BallastError, language: Language) -> None:
    print(explain(error, language), file=sys.stderr, flush=True)  # noqa: T201
    # These are over by themselves, or with a little help; nothing else mends itself.
    passing = isinstance(error, HomeBusy | StorageFailed | CannotServe)
    sys.exit(1 if passing else _REFUSED)


if __name__ == "__main__":
    main()
