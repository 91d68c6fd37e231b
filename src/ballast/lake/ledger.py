"""The ledger of loads: its row is the commit point, and the only one.

Rows of a table whose load has no row here do not exist. A withdrawal is a
second row, so the ledger is append-only too, and any moment of the past can
be read again by leaving out what came later.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import polars as pl
import pyarrow as pa

from ballast.errors import NotFound, Refused
from ballast.lake import store
from ballast.lake.tables import LOAD

Clock = Callable[[], datetime]
Provenance = Literal["real", "synthetic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """One event of a load: its commit or its withdrawal."""

    load_id: str
    state: Literal["committed", "withdrawn"] = "committed"
    at: datetime
    tables: str
    recipe: str | None
    file: str | None
    file_hash: str | None
    who: str
    accepted: int
    refused: int
    provenance: Provenance
    note: str | None


class Ledger:
    """The ledger of one home. Writing needs the home's lock, held by the caller."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def rows(self, as_of: datetime | None = None) -> pl.DataFrame:
        """Return the ledger's rows, oldest first, up to a moment."""
        frame = store.read(self._directory, LOAD.stored_schema).sort("at")
        return frame if as_of is None else frame.filter(pl.col("at") <= as_of)

    def live(self, as_of: datetime | None = None) -> pl.DataFrame:
        """Return the commit rows of the loads that stand at a moment, oldest first."""
        return standing(self.rows(as_of))

    def commit(self, row: LoadRow, step: store.Step = store.no_step) -> None:
        """Append a row; with it, the load exists."""
        rows = pa.Table.from_pylist([asdict(row)], schema=LOAD.stored_schema)
        store.append(self._directory, rows, step)

    def row_of(self, load_id: str) -> LoadRow:
        """Return the commit row of a load that stands.

        Raises
        ------
        NotFound
            If no load has that identifier.
        Refused
            If it was withdrawn already.
        """
        rows = self.rows().filter(pl.col("load_id") == load_id)
        if rows.is_empty():
            raise NotFound(
                "there is no load {load_id}; `ballast loads` lists them", load_id=load_id
            )
        if rows.height > 1:
            raise Refused(
                "{load_id} was withdrawn already on {at:%Y-%m-%d %H:%M} UTC",
                load_id=load_id,
                at=rows["at"].max(),
            )
        return LoadRow(**rows.row(0, named=True))

    def withdraw(self, load_id: str, who: str, clock: Clock, note: str | None) -> LoadRow:
        """Append the withdrawal of a load; its rows no longer count from then on."""
        committed = self.row_of(load_id)
        at = next_moment(self.rows(), clock)
        row = replace(committed, state="withdrawn", at=at, who=who, note=note)
        self.commit(row)
        return row


def standing(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the commit rows whose load is not withdrawn."""
    withdrawn = rows.filter(pl.col("state") == "withdrawn")["load_id"].implode()
    return rows.filter((pl.col("state") == "committed") & ~pl.col("load_id").is_in(withdrawn))


def next_id(rows: pl.DataFrame) -> str:
    """Return an identifier for a new load.

    The number makes identifiers sort by commit. The random end keeps a
    killed load's orphaned rows from coming alive under the next load.
    """
    committed = rows.filter(pl.col("state") == "committed").height
    return f"L{committed + 1:07d}-{secrets.token_hex(4)}"


def next_moment(rows: pl.DataFrame, clock: Clock) -> datetime:
    """Return the clock's time, pushed behind the last row if the clock stood still or went back."""
    last = rows["at"].max()
    moment = clock()
    if isinstance(last, datetime) and moment <= last:
        return last + timedelta(microseconds=1)
    return moment


def same_file(rows: pl.DataFrame, file_hash: str) -> str | None:
    """Return the standing load of the same file loaded in the same way, if there is one."""
    found = standing(rows).filter(pl.col("file_hash") == file_hash)["load_id"]
    return str(found[-1]) if len(found) else None
