"""A control chart of a tag or of an inspected characteristic, with rules and capability.

The chart itself is arithmetic and stands with the measures; here the rows are
found, put into subgroups, and given back the batches and moments they belong
to, so that a point out of control leads to the pieces it was made of.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ballast.errors import Refused
from ballast.lake.lake import Lake
from ballast.plant.measures.capability import Capability, Specification, capability
from ballast.plant.measures.control_charts import Baseline, Phase
from ballast.plant.measures.run_rules import NELSON, Rule
from ballast.plant.reports.chart_drawing import Points, draw, estimated, violations
from ballast.plant.reports.chart_points import COUNTED, Values, batches_of, grouped, read_values
from ballast.plant.reports.chart_report import (
    KINDS,
    MARKS,
    ByCount,
    ByTime,
    Characteristic,
    ChartReport,
    Drawn,
    Kind,
    Mark,
    TagSubject,
)
from ballast.plant.reports.mapping import mapping_of
from ballast.plant.reports.window import Window
from ballast.plant.site.site import Site
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = [
    "KINDS",
    "MARKS",
    "ByCount",
    "ByTime",
    "Characteristic",
    "ChartReport",
    "Drawn",
    "Kind",
    "Mark",
    "TagSubject",
    "control_chart",
]

_FIVE = ByCount(5)
_GROUPED: tuple[Kind, ...] = ("xbar_r", "xbar_s")


def control_chart(
    lake: Lake,
    viewer: Viewer,
    subject: TagSubject | Characteristic,
    window: Window,
    *,
    kind: Kind = "i_mr",
    subgroup: ByCount | ByTime | None = None,
    baseline: Window | None = None,
    phases: Sequence[Window] = (),
    rules: Sequence[Rule] = NELSON,
    specification: Specification | None = None,
    site: Site | None = None,
) -> ChartReport:
    """Return a control chart.

    Parameters
    ----------
    lake
        The home's lake.
    viewer
        Who asks.
    subject
        A tag, or a characteristic that is inspected.
    window
        What is charted.
    kind
        Which chart.
    subgroup
        How values are put together; ``None``: single values for I-MR, and for EWMA and CUSUM of a
        tag; else the subgroup that the mapping gives the tag, or five in a row, or what was
        inspected at one moment. Charts of counts take no subgroups: each row is a point.
    baseline
        The limits come from the values of this stretch (phase I), which is read as well where it
        lies outside the window; ``None``: from the charted values themselves.
    phases
        Where the process was changed on purpose: each stretch has limits of its own values, and
        what lies outside them is judged by ``baseline``, or by its own values where none is given.
    rules
        Which run rules mark the chart of location.
    specification
        ``None``: the limits of the tag, or those written beside the inspected values.
    site
        The mapping of the home; without it the table ``tag`` is asked.

    Raises
    ------
    NotPermitted, NotFound
        If the viewer may not read it, or there is no such tag or characteristic.
    Refused
        If the chart cannot be made of these values: the message says why.
    """
    mapping = mapping_of(lake, viewer, site)
    start = min([window.start_ms, *([] if baseline is None else [baseline.start_ms])])
    end = max([window.end_ms, *([] if baseline is None else [baseline.end_ms])])
    values = read_values(lake, viewer, subject, start, end, kind, mapping)
    shown = values[values.between(window)]
    if not np.isfinite(shown.value).any():
        raise Refused("there is no value in this time of which a chart could be made")
    way = _way(subject, kind, subgroup, values)
    origin = window.start_ms
    points = _points(shown, kind, way, origin)
    if not points.count:
        raise Refused(
            "there are fewer values in this time than one subgroup has; take a smaller subgroup"
        )
    first = None
    if baseline is not None:
        first = _baseline(_points(values[values.between(baseline)], kind, way, origin), kind)
    stretches = _phases(points, phases, first)
    drawn = draw(points, kind, stretches)
    limits = values.specification if specification is None else specification
    marks, marked = violations(drawn, rules)
    index, why = _capable(shown, points, kind, limits)
    inside = None
    if not phases:
        inside = (0, points.count) if baseline is None else points.between(baseline, window)
    notes = _notes(shown, values, drawn, index)
    return ChartReport(
        subject=subject,
        name=values.name,
        unit=values.unit,
        kind=kind,
        charts=drawn,
        starts_ms=shown.at[points.edges[:-1]],
        ends_ms=shown.at[points.edges[1:] - 1],
        sizes=np.diff(points.edges),
        batches=batches_of(shown, points.edges),
        baseline=inside,
        marks=marks,
        marked=marked,
        capability=index,
        why_no_capability=why,
        specification=limits,
        notes=notes,
    )


def _way(
    subject: TagSubject | Characteristic,
    kind: Kind,
    subgroup: ByCount | ByTime | None,
    values: Values,
) -> ByCount | ByTime | None:
    """Return how values become points; ``None``: those of one moment together."""
    if kind in COUNTED or kind == "i_mr":
        if subgroup is not None and subgroup != ByCount(1):
            raise Refused("a chart {kind} takes no subgroups; leave them out", kind=kind)
        return ByCount(1)
    if subgroup is not None:
        return subgroup
    if kind in _GROUPED:
        return (values.subgroup or _FIVE) if isinstance(subject, TagSubject) else None
    return ByCount(1)


def _points(values: Values, kind: Kind, way: ByCount | ByTime | None, origin_ms: int) -> Points:
    return Points.of(values.at, values.value, values.pieces, grouped(values, way, origin_ms), kind)


def _baseline(points: Points, kind: Kind) -> Baseline:
    found = estimated(points, kind)
    if found.why is not None:
        raise Refused(
            "the values of the baseline give no limits to judge by; take another stretch of time"
        )
    return found


def _phases(points: Points, phases: Sequence[Window], first: Baseline | None) -> list[Phase]:
    """Return the phases of the chart: stretches of their own, and what lies between them."""
    found = [Phase(0, first)]
    for one in sorted(phases, key=lambda one: one.start_ms):
        begin, end = points.rows(one.start_ms, one.end_ms)
        if begin == end:
            continue
        if begin < found[-1].first:
            raise Refused("two phases overlap; each must begin when the one before has ended")
        if begin == found[-1].first:
            found.pop()
        found.append(Phase(begin, (begin, end)))
        if end < points.count:
            found.append(Phase(end, first))
    return found


def _capable(
    shown: Values, points: Points, kind: Kind, limits: Specification | None
) -> tuple[Capability | None, Sentence | None]:
    if kind in COUNTED:
        return None, Sentence("counts have no capability index; their rate says how good they are")
    if limits is None:
        return None, Sentence("no specification limits are known, in the mapping or the records")
    return capability(shown.value, limits, estimated(points, kind)), None


def _notes(
    shown: Values, values: Values, drawn: Sequence[Drawn], index: Capability | None
) -> tuple[Sentence, ...]:
    notes = [why for one in drawn[0].chart.baselines if (why := one.why) is not None]
    left_out = int((~np.isfinite(shown.value)).sum())
    if left_out:
        notes.append(
            Sentence(
                "{count} values are missing, no numbers or of bad quality; they are in no point",
                {"count": left_out},
            )
        )
    if values.varied:
        notes.append(Sentence("the limits changed within this time; the newest ones are taken"))
    if index is not None and index.normal.warning is not None:
        notes.append(index.normal.warning)
    return tuple(notes)
