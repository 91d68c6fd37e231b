"""The shipper's process: ``python -m ballast.serve.shipper_process``, started by the supervisor.

It looks into the outboxes every few seconds and ships what they hold. A disk
that is full is no reason to end: what was not shipped is still in the outbox,
so it is said once, and tried again. Between two looks it does nothing; events
are facts for later counting, and a commit each would make a thousand small
files of them.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from ballast.errors import BallastError, HomeBusy, StorageFailed
from ballast.lake.lake import Lake
from ballast.lake.shipper import Outbox, position, ship, shipping
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import ForgetOutbox
from ballast.node.service.founding import founded_identity
from ballast.node.writer.client import WriterClient
from ballast.node.writer.socket_path import SOCKET_NAME
from ballast.serve.lifeline import end_with, read_orders
from ballast.serve.node_outbox import node_outboxes
from ballast.serve.shipper_orders import ShipperOrders
from ballast.serve.supervisor import REFUSED
from ballast.words import Sentence, explain

__all__ = ["Rounds", "main"]

Tell = Callable[[str], None]


class Rounds:
    """Ships outboxes again and again, and says of each trouble once.

    Parameters
    ----------
    lake
        Where it all goes.
    outboxes
        Where it comes from.
    tell
        Told what is wrong: an error, in words of the home's language.
    explained
        Puts an error into words.
    """

    def __init__(
        self,
        lake: Lake,
        outboxes: Sequence[Outbox],
        tell: Tell,
        explained: Callable[[BallastError], str] = str,
    ) -> None:
        self._lake, self._outboxes = lake, outboxes
        self._tell, self._explained = tell, explained
        self._shipped = {outbox.name: position(lake, outbox) for outbox in outboxes}
        self._troubles: dict[str, str] = {}
        self._first = True

    def go(self) -> int:
        """Ship what has come since; return how many rows."""
        rows = 0
        for outbox in self._outboxes:
            # The first round looks behind the lake's mark, too: a shipper that was killed between
            # shipping and forgetting left something to forget.
            newest = outbox.last()
            if not self._first and newest <= self._shipped[outbox.name]:
                continue
            try:
                shipped = ship(self._lake, outbox)
            except (StorageFailed, HomeBusy) as error:
                self._trouble(outbox.name, self._explained(error))
                continue
            self._troubles.pop(outbox.name, None)
            self._shipped[outbox.name] = max(shipped.position, newest)
            rows += shipped.rows
        self._first = False
        return rows

    def _trouble(self, name: str, text: str) -> None:
        if self._troubles.get(name) != text:
            self._tell(text)
        self._troubles[name] = text


async def _ship_until_stopped(orders: ShipperOrders, stop: asyncio.Event) -> None:
    home = Path(orders.home)
    lake = Lake.open(home)
    loop = asyncio.get_running_loop()
    writer = WriterClient(home / "node" / SOCKET_NAME)

    def forget(up_to: int) -> None:
        # Where the writer is away, they are forgotten with the next batch, or at the next start; a
        # writer that is stopped together with this process is not waited for.
        if stop.is_set():
            return
        told = writer.apply(ForgetOutbox(up_to), OPERATOR)
        asyncio.run_coroutine_threadsafe(told, loop).result()

    def missing(first: int, last: int) -> None:
        sentence = Sentence(
            "the lake lacks the node's events {first} to {last}: it was set back to an older "
            "backup, and they are no longer in the outbox",
            {"first": first, "last": last},
        )
        _tell(sentence.text(orders.language))

    with ExitStack() as held:
        held.enter_context(shipping(lake))
        store = LmdbStore.open(home / "node" / "registry", readonly=True)
        held.callback(store.close)
        with store.snapshot() as moment:
            identity = founded_identity(moment)
        prefix = "" if identity is None else identity.prefix
        outboxes = node_outboxes(store, prefix, forget=forget, missing=missing, clock=_now)
        rounds = Rounds(lake, outboxes, _tell, lambda error: explain(error, orders.language))
        while not stop.is_set():
            await asyncio.to_thread(rounds.go)
            try:
                await asyncio.wait_for(stop.wait(), orders.seconds)
            except TimeoutError:
                continue
        # What came in the last seconds, so that a node that was stopped has shipped all of it.
        await asyncio.to_thread(rounds.go)
    await writer.close()


async def _run(orders: ShipperOrders) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await _ship_until_stopped(orders, stop)


def main() -> None:
    """Ship until asked to end."""
    # Before anything else, so that a stop while starting is clean too.
    signal.signal(signal.SIGTERM, _leave)
    orders = ShipperOrders.parse(read_orders())
    end_with()
    try:
        asyncio.run(_run(orders))
    except BallastError as error:
        _tell(explain(error, orders.language))
        # Another shipper may end, a disk may come back; nothing else mends itself.
        sys.exit(1 if isinstance(error, HomeBusy | StorageFailed) else REFUSED)


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
