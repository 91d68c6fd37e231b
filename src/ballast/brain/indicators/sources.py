"""Where a value came from, and when: the loads behind it, the newest moment, and whether invented.

Apart from ``valued``, which says what the figure is: two values that are equal
may rest on different loads, and what is invented stays invented however often
it is summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from ballast.brain.indicators.answer import Value
from ballast.lake.lake import Lake
from ballast.lake.still import remembered

__all__ = ["Behind", "Loads", "behind_of", "dated", "loads_of"]

Loads = Mapping[str, tuple[datetime, bool]]
"""Of each load, when it was committed, and whether its rows are invented."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What the rows of a question came with.

    Parameters
    ----------
    loads
        Their identifiers, in order.
    as_of
        When the newest was received, of rows that come by themselves.
    synthetic
        Whether any of these is invented.
    """

    loads: tuple[str, ...]
    as_of: datetime | None
    synthetic: bool


def behind_of(rows: pa.Table) -> Behind:
    """Return what the rows of a question came with.

    Parameters
    ----------
    rows
        Facts, with as many of ``load_id``, ``register_load``, ``synthetic`` and ``received_at`` as
        their table has.
    """
    found: set[str] = set()
    for name in ("load_id", "register_load"):
        if name in rows.column_names:
            found |= set(pc.unique(rows[name]).to_pylist())
    as_of, synthetic = None, False
    if "synthetic" in rows.column_names:
        synthetic = bool(pc.any(rows["synthetic"]).as_py())
        if "received_at" in rows.column_names:
            as_of = pc.max(rows["received_at"]).as_py()
    return Behind(tuple(sorted(load for load in found if load)), as_of, synthetic)


def loads_of(lake: Lake, as_of: datetime | None) -> Loads:
    """Return the loads that stand at a moment; now where it is ``None``."""

    def read() -> Loads:
        rows = lake.ledger.live(as_of).filter(pl.col("state") == "committed")
        return {
            row["load_id"]: (row["at"], row["provenance"] == "synthetic")
            for row in rows.iter_rows(named=True)
        }

    return remembered(lake, ("loads", as_of), read)


def dated(
    value: Value, sources: Sequence[str], loads: Loads, behind: Behind | None = None
) -> Value:
    """Return a value with where it came from, and when.

    Parameters
    ----------
    value
        The value.
    sources
        The loads behind it.
    loads
        What is known of them.
    behind
        What its rows came with besides.
    """
    known = [loads[load] for load in sources if load in loads]
    moments = [at for at, _ in known]
    if behind is not None and behind.as_of is not None:
        moments.append(behind.as_of)
    return replace(
        value,
        sources=tuple(sources),
        as_of=max(moments, default=None),
        synthetic=any(invented for _, invented in known)
        or (behind is not None and behind.synthetic),
    )
