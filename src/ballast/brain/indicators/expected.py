"""Who should have reported, so that who did can be held against it.

Apart from ``facts``, which are of those that did: an enterprise that fell
silent is in no fact, and the coverage of a figure is about just these.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import ibis.expr.types as ir

from ballast.brain.indicators.facts import (
    industrial_enterprises,
    literal_rows,
    stored_periods,
    times,
)
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import Viewer

__all__ = ["expected_enterprises", "reporting_states"]


def reporting_states(
    lake: Lake, viewer: Viewer, periods: Sequence[Period], *, as_of: datetime | None = None
) -> ir.Table:
    """Return what each enterprise did at the end of each period and in the one before it.

    Parameters
    ----------
    lake, viewer, periods, as_of
        As for `facts.enterprise_facts`.

    Returns
    -------
    ir.Table
        One row for each ``target`` and ``uscc`` that reported in either: ``now`` and ``before``
        (it reported as above scale), ``left`` (as below scale), ``start`` (the day on which the
        period's last reporting period begins). Of a period whose predecessor in its own year is
        not known there is no row.
    """
    found = times(periods, stored_periods(lake, viewer, as_of))
    known = [p for p in found.made_of if p in found.before]
    ends = literal_rows(
        [
            {
                "target": str(p),
                "end": str(found.last(p)),
                "earlier": str(found.before[p]),
                "start": found.last(p).start,
            }
            for p in known
        ],
        {"target": "string", "end": "string", "earlier": "string", "start": "date"},
    )
    reported = lake.read("enterprise_period", viewer, as_of)
    near = {str(p) for p in found.before.values()} | {str(found.last(p)) for p in known}
    rows = reported.filter(reported.period.isin(sorted(near)))
    rows = rows.select("uscc", "period", "above_scale").cross_join(ends)
    is_now = rows.period == rows.end
    return rows.aggregate(
        now=(is_now & rows.above_scale).any(),
        left=(is_now & ~rows.above_scale).any(),
        before=((rows.period == rows.earlier) & rows.above_scale).any(),
        start=rows.start.max(),
        by=["target", "uscc"],
    )


def expected_enterprises(
    lake: Lake,
    viewer: Viewer,
    periods: Sequence[Period],
    *,
    registered_on: date | None = None,
    as_of: datetime | None = None,
    registered: ir.Table | None = None,
    states: ir.Table | None = None,
) -> ir.Table:
    """Return who should have reported at the end of each period.

    Those of the reporting period before in the same year, and whoever is new;
    not those closed since, nor those that reported as below scale. Across a
    change of year nobody knows who is still in scope, and there is no row.

    Parameters
    ----------
    lake, viewer, periods, registered_on, as_of, registered
        As for `facts.enterprise_facts`.
    states
        What `reporting_states` gave for these periods, where that was done already.

    Returns
    -------
    ir.Table
        ``target``, ``uscc`` and the columns of `industrial_enterprises`, each
        enterprise and period once.
    """
    if registered is None:
        days = {p: registered_on or p.end for p in periods}
        registered = industrial_enterprises(lake.read("enterprise", viewer, as_of), days)
    if states is None:
        states = reporting_states(lake, viewer, periods, as_of=as_of)
    joined = registered.inner_join(states, ["target", "uscc"])
    still_open = joined.closed.isnull() | (joined.closed >= joined.start)
    return joined.filter(joined.now | (joined.before & still_open & ~joined.left)).drop(
        "now", "left", "before", "start"
    )
