"""A control chart of a tag or of an inspected characteristic, with rules and capability.

The chart itself is arithmetic and stands with the measures; here the rows are
found, put into subgroups, and given back the batches and moments they belong
to, so that a point out of control leads to the pieces it was made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ballast.lake.lake import Lake
from ballast.plant.measures.capability import Capability, Specification
from ballast.plant.measures.control_charts import Chart
from ballast.plant.measures.run_rules import NELSON, Rule
from ballast.plant.reports.window import Window
from ballast.terms.label import Label
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ballast.plant.site.site import Site

__all__ = [
    "KINDS",
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

Kind = Literal["xbar_r", "xbar_s", "i_mr", "ewma", "cusum", "p", "np", "c", "u"]
KINDS: tuple[Kind, ...] = ("xbar_r", "xbar_s", "i_mr", "ewma", "cusum", "p", "np", "c", "u")


@dataclass(frozen=True, slots=True)
class TagSubject:
    """A chart of what a tag measures."""

    tag: str


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A chart of what inspection measures on one machine's pieces."""

    asset: str
    characteristic: str


@dataclass(frozen=True, slots=True)
class ByCount:
    """Subgroups of so many values in a row; the last one may be short and is left out."""

    size: int


@dataclass(frozen=True, slots=True)
class ByTime:
    """Subgroups of what fell into one stretch of so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """One chart to draw.

    Parameters
    ----------
    name
        As shown to people.
    chart
        Points, centre and limits, of shape (points,). Of a CUSUM the upper sum.
    lower_sum
        Of a CUSUM only: the lower sum of each point.
    """

    name: Label
    chart: Chart
    lower_sum: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A violation to mark.

    Parameters
    ----------
    chart
        Which of ``ChartReport.charts``.
    point
        At which point it is complete.
    points
        The points that make it.
    rule
        Which rule; ``None``: a limit of a chart to which run rules do not apply (R, S, EWMA …).
    name
        The rule as said to people.
    """

    chart: int
    point: int
    points: tuple[int, ...]
    rule: Rule | None
    name: Label


@dataclass(frozen=True, slots=True)
class ChartReport:
    """A control chart with everything a page draws.

    Parameters
    ----------
    subject
        What it is of.
    name, unit
        As shown to people.
    kind
        Which chart.
    charts
        Location first, then spread where there is one.
    starts_ms, ends_ms
        Of each point: the moments of its first and last value, epoch ms UTC; shape (points,).
    sizes
        Of each point: how many values it is made of.
    batches
        Of each point: the handles of its batches, in order; empty where none is recorded.
    baseline
        Points ``[from, to)`` the limits come from.
    marks
        Violations, at most ``MARKS``; ``marked`` counts all points that have one.
    marked
        How many points violate a rule.
    capability
        ``None`` where there is no specification; ``why_no_capability`` says so.
    specification
        Limits of the specification; ``None``: none is known.
    notes
        What a reader must know: no normality, values left out, no limits and why.
    """

    subject: TagSubject | Characteristic
    name: Label
    unit: str
    kind: Kind
    charts: tuple[Drawn, ...]
    starts_ms: npt.NDArray[np.int64]
    ends_ms: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    batches: tuple[tuple[str, ...], ...]
    baseline: tuple[int, int]
    marks: tuple[Mark, ...]
    marked: int
    capability: Capability | None
    why_no_capability: Sentence | None
    specification: Specification | None
    notes: tuple[Sentence, ...] = ()


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
        How values are put together; ``None``: single values for I-MR, EWMA and CUSUM, else the
        subgroup of the tag or of the inspection's sample number, else five in a row.
    baseline
        The limits come from the values of this stretch (phase I), which is read as well where it
        lies outside the window; ``None``: from the charted values themselves.
    phases
        Where the process was changed on purpose: each stretch has limits of its own values, and
        what lies outside them is judged by ``baseline``.
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
    raise NotImplementedError
