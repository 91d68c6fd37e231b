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
from ballast.node.registry.lmdb_store import FILE, LmdbStore
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import ForgetOutbox
from ballast.node.service.founding import founded_identity
from ballast.node.writer.client import WriterClient
from ballast.node.writer.socket_path import SOCKET_NAME
from ballast.plant.spool.reader import Damage
from ballast.serve.lifeline import end_with, read_orders
from ballast.serve.node_outbox import node_outboxes
from ballast.serve.plant_days_outbox import PlantDays, plant_days_outboxes
from ballast.serve.plant_outbox import plant_outboxes
from ballast.serve.plant_rollups import COMBINED
from ballast.serve.retention import Retention
from ballast.serve.shipper_orders import ShipperOrders
from ballast.serve.supervisor import REFUSED
from ballast.terms.label import Language
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
        self._lake, self._outboxes = lake, list(outboxes)
        self._tell, self._explained = tell, explained
        self._shipped = {outbox.name: position(lake, outbox) for outbox in outboxes}
        self._troubles: dict[str, str] = {}
        self._first = {outbox.name for outbox in outboxes}

    def add(self, outboxes: Sequence[Outbox]) -> None:
        """Ship these too: a collector may begin its log after the shipper did."""
        known = {outbox.name for outbox in self._outboxes}
        for outbox in outboxes:
            if outbox.name not in known:
                self._outboxes.append(outbox)
                self._shipped[outbox.name] = position(self._lake, outbox)
                self._first.add(outbox.name)

    def go(self) -> int:
        """Ship what has come since; return how many rows."""
        rows = 0
        for outbox in self._outboxes:
            # The first round looks behind the lake's mark, too: a shipper that was killed between
            # shipping and forgetting left something to forget.
            try:
                newest = outbox.last()
                if outbox.name not in self._first and newest <= self._shipped[outbox.name]:
                    continue
                shipped = ship(self._lake, outbox, combine=COMBINED)
            except (StorageFailed, HomeBusy) as error:
                self._trouble(outbox.name, self._explained(error))
                continue
            self._first.discard(outbox.name)
            self._troubles.pop(outbox.name, None)
            self._shipped[outbox.name] = max(shipped.position, newest)
            rows += shipped.rows
        return rows

    def _trouble(self, name: str, text: str) -> None:
        if self._troubles.get(name) != text:
            self._tell(text)
        self._troubles[name] = text


async def _ship_until_stopped(orders: ShipperOrders, stop: asyncio.Event) -> None:
    lake = Lake.open(Path(orders.home))
    with ExitStack() as held:
        held.enter_context(shipping(lake))
        node = _Node(orders, stop)
        outboxes = node.outboxes(held)
        rounds = Rounds(lake, outboxes, _tell, lambda error: explain(error, orders.language))
        retention = Retention(lake, orders.keep_days, _now)

        told: list[PlantDays] = []

        def go() -> None:
            rounds.add(_of_the_plant(lake, orders.language))
            if not told:
                told.extend(plant_days_outboxes(lake.home.path, _now, held))
                rounds.add(told)
            rounds.go()
            try:
                retention.go()
            except (StorageFailed, HomeBusy) as error:
                _tell(explain(error, orders.language))

        while not stop.is_set():
            await asyncio.to_thread(go)
            try:
                await asyncio.wait_for(stop.wait(), orders.seconds)
            except TimeoutError:
                continue
        # What came in the last seconds, so that a part that was stopped has shipped all of it.
        await asyncio.to_thread(go)
        await node.close()


class _Node:
    """The node of a home as the shipper sees it; nothing where the home has none."""

    def __init__(self, orders: ShipperOrders, stop: asyncio.Event) -> None:
        self._home, self._language, self._stop = Path(orders.home), orders.language, stop
        self._loop = asyncio.get_running_loop()
        self._writer = WriterClient(self._home / "node" / SOCKET_NAME)

    def outboxes(self, held: ExitStack) -> tuple[Outbox, ...]:
        """Return what the node has for the lake; its registry stays open while ``held`` holds."""
        registry = self._home / "node" / "registry"
        if not (registry / FILE).is_file():
            return ()
        store = LmdbStore.open(registry, readonly=True)
        held.callback(store.close)
        with store.snapshot() as moment:
            identity = founded_identity(moment)
        prefix = "" if identity is None else identity.prefix
        return node_outboxes(store, prefix, forget=self._forget, missing=self._missing, clock=_now)

    async def close(self) -> None:
        """Let the writer go."""
        await self._writer.close()

    def _forget(self, up_to: int) -> None:
        # Where the writer is away, they are forgotten with the next batch, or at the next start; a
        # writer that is stopped together with this process is not waited for.
        if self._stop.is_set():
            return
        told = self._writer.apply(ForgetOutbox(up_to), OPERATOR)
        asyncio.run_coroutine_threadsafe(told, self._loop).result()

    def _missing(self, first: int, last: int) -> None:
        sentence = Sentence(
            "the lake lacks the node's events {first} to {last}: it was set back to an older "
            "backup, and they are no longer in the outbox",
            {"first": first, "last": last},
        )
        _tell(sentence.text(self._language))


def _of_the_plant(lake: Lake, language: Language) -> tuple[Outbox, ...]:
    def missing(first: int, last: int) -> None:
        sentence = Sentence(
            "the lake lacks numbers {first} to {last} of the plant's log: they were lost, or the "
            "lake was set back to an older backup",
            {"first": first, "last": last},
        )
        _tell(sentence.text(language))

    def damaged(damage: Damage) -> None:
        sentence = Sentence(
            "{path}: cannot be read from byte {offset} on; what stands there is passed over",
            {"path": damage.path, "offset": damage.offset},
        )
        _tell(sentence.text(language))

    try:
        return plant_outboxes(lake, missing=missing, damaged=damaged)
    except StorageFailed as error:
        _tell(explain(error, language))
        return ()


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
