"""What factories told this home, on its way from the inbox into the lake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from ballast.errors import StorageFailed
from ballast.lake.streamed import Batch
from ballast.lake.tables import table
from ballast.plant.reports.told_days import read_told
from ballast.state.plant_days import Message, inbox_last, inbox_messages, inbox_name
from ballast.state.store import FILE, Clock, State

__all__ = ["PlantDays", "plant_days_outboxes"]

_MESSAGES = 2_000


class PlantDays:
    """The inbox of a home, as an outbox of its lake.

    Parameters
    ----------
    state
        The home's state.
    """

    tables: Sequence[str] = ("plant_daily",)

    def __init__(self, state: State) -> None:
        self._state = state
        self.name = f"plant-daily:{inbox_name(state)}"

    def last(self) -> int:
        """Return the number of the newest message; 0 for none."""
        return inbox_last(self._state)

    def batches(self, after: int, limit: int) -> Iterator[Batch]:
        """Yield the messages behind a number.

        Raises
        ------
        StorageFailed
            If the inbox was set back behind what the lake holds.
        """
        newest = self.last()
        if after > newest:
            raise StorageFailed(
                "the inbox of plants ends at message {newest}, and the lake holds it up to "
                "{after} already: the state is older than the lake. Restore the whole home from "
                "one backup",
                newest=newest,
                after=after,
            )
        at = max(after, 0)
        while messages := inbox_messages(self._state, at, min(limit, _MESSAGES)):
            at = messages[-1].seq
            yield Batch(at, {"plant_daily": _rows(messages)})

    def forget(self, up_to: int) -> None:
        """Do nothing: the signed bytes are kept as the proof of what was told."""


def plant_days_outboxes(home: Path, clock: Clock, held: ExitStack) -> tuple[PlantDays, ...]:
    """Return the inbox of a home; nothing where the home has no state yet.

    Parameters
    ----------
    home
        The home.
    clock
        Tells the time.
    held
        The state stays open for as long as it holds.
    """
    if not (home / FILE).is_file():
        return ()
    return (PlantDays(held.enter_context(State(home, clock))),)


def _rows(messages: Sequence[Message]) -> pa.Table:
    rows = [
        asdict(day)
        | {
            "seq": message.seq,
            "uscc": told.uscc,
            "received_at": message.at,
            "signature_key": message.key_id,
            "provenance": told.provenance,
        }
        for message in messages
        for told in (read_told(message.body),)
        for day in told.days
    ]
    return pa.Table.from_pylist(rows, table("plant_daily").arrow_schema)
