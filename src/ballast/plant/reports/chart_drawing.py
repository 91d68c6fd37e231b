"""From points to charts and marks: which measure draws which kind, and where its rules are broken.

A table of functions would not do: the kinds differ in what they estimate, what
they judge and to which of their charts run rules apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.control_charts import CHART_LABELS, Baseline, Chart, ChartKind, Phase
from ballast.plant.measures.control_charts_attributes import (
    baseline_of_counts,
    c_chart,
    np_chart,
    p_chart,
    u_chart,
)
from ballast.plant.measures.control_charts_subgroups import Subgroups, subgroups_by
from ballast.plant.measures.control_charts_variables import (
    baseline_of_deviations,
    baseline_of_individuals,
    baseline_of_ranges,
    individuals,
    xbar_r,
    xbar_s,
)
from ballast.plant.measures.cusum import cusum
from ballast.plant.measures.ewma import ewma
from ballast.plant.measures.ratios import Floats
from ballast.plant.measures.run_rules import RULE_LABELS, Rule, check_chart
from ballast.plant.reports.chart_report import MARKS, Drawn, Kind, Mark
from ballast.plant.reports.window import Window
from ballast.terms.label import Label

__all__ = ["Points", "draw", "estimated", "violations"]

Integers = npt.NDArray[np.int64]

_COUNTS: dict[Kind, ChartKind] = {
    "p": ChartKind.PROPORTIONS,
    "np": ChartKind.NONCONFORMING,
    "c": ChartKind.DEFECTS,
    "u": ChartKind.DEFECTS_PER_UNIT,
}
_BEYOND = Label("超出控制限", "beyond a control limit")


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What is charted; arrays of shape (points,).

    Parameters
    ----------
    edges
        The first value of each point, and behind the last; of shape (points + 1,).
    starts_ms
        Of each point's first value.
    values, pieces
        Of single values and of counts.
    groups
        Of subgroups, else ``None``.
    """

    edges: Integers
    starts_ms: Integers
    values: Floats
    pieces: Floats
    groups: Subgroups | None

    @classmethod
    def of(
        cls, at: Integers, values: Floats, pieces: Floats, edges: Integers, kind: Kind
    ) -> Points:
        """Return the points that values make.

        Parameters
        ----------
        at, values, pieces
            Of single values, of shape (n,).
        edges
            Where a point begins.
        kind
            Which chart.
        """
        lengths = np.diff(edges)
        if kind in ("xbar_r", "xbar_s") or (lengths > 1).any():
            keys = np.repeat(np.arange(len(lengths)), lengths)
            groups = subgroups_by(values[: edges[-1]], keys)
            return cls(edges, at[edges[:-1]], groups.means, groups.sizes.astype(float), groups)
        return cls(edges, at[edges[:-1]], values[edges[:-1]], pieces[edges[:-1]], None)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.starts_ms)

    def rows(self, start_ms: int, end_ms: int) -> tuple[int, int]:
        """Return the points that begin in a stretch: the first, and behind the last."""
        first, final = np.searchsorted(self.starts_ms, (start_ms, end_ms)).tolist()
        return first, final

    def between(self, baseline: Window, window: Window) -> tuple[int, int] | None:
        """Return the points that a baseline is of; ``None`` where it reaches beyond the window."""
        if baseline.start_ms < window.start_ms or baseline.end_ms > window.end_ms:
            return None
        return self.rows(baseline.start_ms, baseline.end_ms)


def estimated(points: Points, kind: Kind) -> Baseline:
    """Return the process as points tell it.

    Parameters
    ----------
    points
        All of them.
    kind
        Which chart is to be judged by it.
    """
    if kind in _COUNTS:
        return baseline_of_counts(_COUNTS[kind], points.values, points.pieces)
    if kind == "xbar_s" and points.groups is not None:
        return baseline_of_deviations(points.groups)
    if points.groups is not None:
        return baseline_of_ranges(points.groups)
    return baseline_of_individuals(points.values)


def draw(points: Points, kind: Kind, phases: Sequence[Phase]) -> tuple[Drawn, ...]:
    """Return the charts of a kind, that of location first.

    Parameters
    ----------
    points
        What is charted.
    kind
        Which.
    phases
        As in `in_phases`.

    Raises
    ------
    Refused
        If the values cannot be what the chart is of.
    """
    rows = points.values if points.groups is None else points.groups
    if kind == "cusum":
        return (_cusum(rows, phases),)
    charts: tuple[Chart, ...]
    if kind == "ewma":
        charts = (ewma(rows, phases),)
    elif kind == "p":
        charts = (p_chart(points.values, points.pieces, phases),)
    elif kind == "np":
        charts = (np_chart(points.values, points.pieces, phases),)
    elif kind == "c":
        charts = (c_chart(points.values, phases),)
    elif kind == "u":
        charts = (u_chart(points.values, points.pieces, phases),)
    elif points.groups is None:
        pair = individuals(points.values, phases)
        charts = (pair.location, pair.spread)
    else:
        pair = (xbar_s if kind == "xbar_s" else xbar_r)(points.groups, phases)
        charts = (pair.location, pair.spread)
    return tuple(Drawn(CHART_LABELS[chart.kind], chart) for chart in charts)


def _cusum(rows: Subgroups | Floats, phases: Sequence[Phase]) -> Drawn:
    found = cusum(rows, phases)
    nothing = np.full(found.high.shape, np.nan)
    chart = Chart(
        ChartKind.CUSUM, found.high, np.zeros(found.high.shape), nothing,
        np.full(found.high.shape, -found.bound), np.full(found.high.shape, found.bound),
        found.starts, found.baselines,
    )  # fmt: skip
    return Drawn(CHART_LABELS[ChartKind.CUSUM], chart, -found.low)


def violations(drawn: Sequence[Drawn], rules: Sequence[Rule]) -> tuple[tuple[Mark, ...], int]:
    """Return the violations to mark, and how many points have one.

    Parameters
    ----------
    drawn
        The charts. Run rules apply to the first, unless its points lean on each other (EWMA,
        CUSUM); to the others the limits alone.
    rules
        Which run rules.
    """
    marks: list[Mark] = []
    marked = np.zeros(len(drawn[0].chart.values), dtype=np.bool_)
    for place, one in enumerate(drawn):
        if place == 0 and one.chart.kind not in (ChartKind.EWMA, ChartKind.CUSUM):
            broken = check_chart(one.chart, rules)
            marked |= broken.marked
            for found in broken.violations():
                if len(marks) >= MARKS:
                    break
                name = RULE_LABELS[found.rule]
                marks.append(Mark(place, found.point, found.points, found.rule, name))
            continue
        beyond = one.chart.beyond
        if one.lower_sum is not None:
            beyond = beyond | (one.lower_sum < one.chart.lower)
        marked |= beyond
        room = max(MARKS - len(marks), 0)
        marks += [
            Mark(place, at, (at,), None, _BEYOND) for at in np.flatnonzero(beyond)[:room].tolist()
        ]
    return tuple(marks), int(marked.sum())
