"""Ships what a home's node and plant hold for the lake, once, in this process.

For whoever wants the lake to be up to date before it is read and may not have
a shipper running: the demo, which builds a home and shows it without serving.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from ballast.errors import HomeBusy
from ballast.lake.lake import Lake
from ballast.lake.shipper import Outbox, ship, shipping
from ballast.node.registry.lmdb_store import LmdbStore
from ballast.node.service.caller import OPERATOR
from ballast.node.service.changes import ForgetOutbox
from ballast.node.writer.local import LocalWriter, connect
from ballast.serve.node_outbox import node_outboxes
from ballast.serve.node_parts import identity_of
from ballast.serve.plant_days_outbox import plant_days_outboxes
from ballast.serve.plant_outbox import plant_outboxes
from ballast.serve.plant_rollups import COMBINED

__all__ = ["ship_once"]


def ship_once(lake: Lake) -> int | None:
    """Ship what is there; return how many rows, or nothing where a shipper is at work already.

    Parameters
    ----------
    lake
        Of the home whose node and plant are looked into; a home with neither has nothing to ship.

    Raises
    ------
    StorageFailed
        If the disk says no; what was not shipped stays in the outbox.
    """
    with ExitStack() as held:
        try:
            held.enter_context(shipping(lake))
        except HomeBusy:
            return None
        outboxes = (
            *_of_the_node(lake.home.path, held),
            *plant_outboxes(lake, missing=lambda _first, _last: None, damaged=lambda _: None),
            *plant_days_outboxes(lake.home.path, lake.clock, held),
        )
        return sum(ship(lake, outbox, combine=COMBINED).rows for outbox in outboxes)


def _of_the_node(home: Path, held: ExitStack) -> tuple[Outbox, ...]:
    identity = identity_of(home)
    if identity is None:
        return ()
    writer = connect(home)
    held.callback(writer.close)
    if isinstance(writer, LocalWriter):
        store = writer.store
    else:
        store = LmdbStore.open(home / "node" / "registry", readonly=True)
        held.callback(store.close)

    def forget(up_to: int) -> None:
        writer.apply(ForgetOutbox(up_to), OPERATOR)

    return node_outboxes(
        store,
        identity.prefix,
        forget=forget,
        missing=lambda _first, _last: None,
        clock=lambda: datetime.now(UTC),
    )
