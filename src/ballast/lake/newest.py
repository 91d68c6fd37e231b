"""Of the rows of one key, the newest: how every table that is only appended to is read.

Apart, because loads and streams say differently which row is newer, and mean
the same: nothing is ever written over.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

__all__ = ["newest"]


def newest(rows: ir.Table, key: Sequence[str], order: str) -> ir.Table:
    """Return the row of each key in which a column is greatest.

    Parameters
    ----------
    rows
        Rows of which several may share a key.
    key
        The columns of the key.
    order
        The column that grows with every newer row of a key.
    """
    place = ibis.row_number().over(ibis.window(group_by=list(key), order_by=rows[order].desc()))
    chosen = rows.mutate(newest_first=place)
    return chosen.filter(chosen.newest_first == 0).drop("newest_first")
