"""What a control chart answers with: points, limits, violations, batches, capability.

The result stands apart from its making: pages and commands draw what is here
and know nothing of subgroups and estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.capability import Capability, Specification
from ballast.plant.measures.control_charts import Chart
from ballast.plant.measures.run_rules import Rule
from ballast.terms.label import Label
from ballast.words import Sentence

__all__ = [
    "KINDS", "MARKS", "ByCount", "ByTime", "Characteristic", "ChartReport", "Drawn", "Kind", "Mark",
    "TagSubject",
]  # fmt: skip

MARKS = 500
"""A chart that is set up wrongly violates rules at every point; nobody reads more marks."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One chart to draw.

    Parameters
    ----------
    name
        As shown to people.
    chart
        Points, centre and limits, of shape (points,). Of a CUSUM the upper sum, in standard
        deviations, with its bound as the upper limit.
    lower_sum
        Of a CUSUM only: the lower sum of each point, drawn downwards: 0 or below.
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


@dataclass(frozen=True, slots=True, eq=False)
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
        Points ``[from, to)`` the limits come from; ``None`` where they come from values that
        are not charted, or each phase has its own.
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
    baseline: tuple[int, int] | None
    marks: tuple[Mark, ...]
    marked: int
    capability: Capability | None
    why_no_capability: Sentence | None
    specification: Specification | None
    notes: tuple[Sentence, ...] = ()
