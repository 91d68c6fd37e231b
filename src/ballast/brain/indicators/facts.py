"""The rows that indicators are summed from: one for each enterprise and stored period.

Everything that could multiply an enterprise (several registrations, titles,
trade rows, industries with weights, clusters) is reduced to one row for each
enterprise before it meets what the enterprise reported; the joins that do
multiply, on purpose and with weights, are made here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import ibis.expr.types as ir

from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import Viewer

__all__ = ["enterprise_facts"]


def enterprise_facts(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
) -> ir.Table:
    """Return what above-scale industrial enterprises reported, with what each is.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom (``READ_UNITS``).
    periods
        The periods wanted; each is put together from stored ones.
    registered_on
        The day whose registration decides region and industry; by default the
        last day of each period wanted.
    as_of
        The moment of the lake; now where it is ``None``.

    Returns
    -------
    ir.Table
        One row for each enterprise, period wanted (``target``) and stored
        period that it is made of (``period``): ``uscc``; ``plus`` (counts for,
        else against the sum) and ``last`` (the target's end: stocks are of
        it); one column for each simple `Dimension` (by its value, ``-`` read
        as ``_``; empty where unknown); ``closed``; the columns of
        ``enterprise_period`` and those derived; ``load_id``.
    """
    raise NotImplementedError
