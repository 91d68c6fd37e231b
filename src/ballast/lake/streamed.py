"""The streamed stage: rows that come by themselves, each exactly once.

A loaded row counts when its load does; a streamed row counts when it is
there. So the row and the word "shipped up to here" must be one commit, and
Delta's application transactions are just that. The obvious alternative, a
file with the last number beside the table, would lose or double a batch
whenever the process ends between the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from ballast.lake.declare import Kind, Stage, Table
from ballast.lake.newest import newest
from ballast.lake.tables import table
from ballast.terms.china import day_in_china

__all__ = ["SEQUENCE", "Batch", "current", "is_shipped", "stored", "unshipped"]

#: The column that numbers the rows of an outbox.
SEQUENCE = "seq"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of an outbox, in its order.

    Parameters
    ----------
    last
        The number of the last thing in it: a sequence number, or a day.
    rows
        Table name to rows with the declared columns. What goes into any table
        but the outbox's last carries its number in ``seq``.
    """

    last: int
    rows: Mapping[str, pa.Table]


def is_shipped(declared: Table) -> bool:
    """Return whether a table is written by the shipper (the ledger, streamed too, is not)."""
    return declared.stage is Stage.STREAMED and declared.moment is not None


def current(rows: ir.Table, declared: Table, as_of: datetime | None) -> ir.Table:
    """Return the rows of a streamed table that are of a time up to a moment.

    Parameters
    ----------
    rows
        All of it.
    declared
        Its declaration.
    as_of
        The moment; ``None`` for all rows. A day counts once it is over.
    """
    if as_of is not None and declared.moment is not None:
        moment = rows[declared.moment]
        if declared.column(declared.moment).kind is Kind.DATE:
            rows = rows.filter(moment < ibis.literal(day_in_china(as_of)))
        else:
            rows = rows.filter(moment <= ibis.literal(as_of))
    # Two events of one millisecond can be of one key; the later one is what holds.
    if SEQUENCE in rows.columns and SEQUENCE not in declared.key:
        return newest(rows, declared.key, SEQUENCE)
    return rows


def unshipped(rows: pa.Table, after: int) -> pa.Table:
    """Return the rows numbered behind what a table holds already.

    Examples
    --------
    >>> unshipped(pa.table({"seq": [3, 4, 5]}), 4)["seq"].to_pylist()
    [5]
    """
    return rows.filter(pc.greater(rows[SEQUENCE], after))


def stored(name: str, rows: pa.Table) -> pa.Table:
    """Return rows as their table stores them.

    Raises
    ------
    ValueError
        If a declared column is missing.
    """
    schema = table(name).stored_schema
    if absent := [column for column in schema.names if column not in rows.column_names]:
        raise ValueError(f"{name}: the rows lack {absent}")
    return rows.select(schema.names).cast(schema)
