"""The comparable sample of a question: read from the facts, cut like its answer.

Only those who may read unit data have one: it is no published figure, and the
sealed cube does not hold it (two sums over a chosen set of enterprises, beside
the published ones, would tell what the others made).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ballast.brain.indicators.comparable import (
    comparable_growth,
    in_both,
    side_by_side,
    turned_over,
)
from ballast.brain.indicators.compile import expression
from ballast.brain.indicators.declared import Adds, How, Indicator, Measure
from ballast.brain.indicators.evaluate import facts_of
from ballast.brain.indicators.facts import column_of, stored_periods, times
from ballast.brain.indicators.growth import Basis, Growth, grown
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.restrict import restricted
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import Right, Viewer
from ballast.words import Sentence

__all__ = ["Sample", "Turnover", "sample_of", "turnover_of"]

Cell = tuple[str, ...]
REPORTS = "enterprise_period"


@dataclass(frozen=True, slots=True)
class Sample:
    """Growths on the comparable sample: of the cells that have one, and why others have none."""

    cells: Mapping[Cell, Growth]
    otherwise: Growth

    def growth(self, cell: Cell) -> Growth:
        """Return the growth of a cell; undefined with its reason where there is no sample."""
        return self.cells.get(cell, self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """Whose growth a published growth is: shares of the base, which sum to it."""

    stayed: int
    entered: int
    left: int
    growth: float
    from_stayed: float
    from_entered: float
    from_left: float


def sample_of(
    lake: Lake,
    viewer: Viewer,
    one: Indicator,
    question: Question,
    *,
    base: Period,
    end: Period,
    least: int,
) -> Sample:
    """Return the growth on the comparable sample of every cell of a question.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    one
        The indicator.
    question
        Its cut and its restriction count.
    base, end
        The two periods.
    least
        The least number of enterprises of a sample.
    """

    def none(reason: Sentence) -> Sample:
        empty = grown(None, None, base=base, end=end, comparison=one.comparison, unit=one.unit,
                      basis=Basis.COMPARABLE)  # fmt: skip
        return Sample({}, replace(empty, reason=reason))

    if not _has_sample(one):
        said = {"indicator": one.label}
        return none(Sentence("{indicator} is not summed from what enterprises report: it has no "
                             "comparable sample", said))  # fmt: skip
    if not viewer.may(Right.READ_UNITS):
        return none(Sentence("the comparable sample is for those who may read unit data"))
    rows, known = facts_of(lake, viewer, REPORTS, [base, end], registered_on=end.end)
    for period in (end, base):
        if period not in known:
            return none(Sentence("there is no figure of {period}", {"period": str(period)}))
    rows = restricted(lake, viewer, rows, question)
    alike = _alike(lake, viewer, base, end)
    both = in_both(rows, one, base=base, end=end, piecewise=alike)
    found = lake.engine.collect(expression(one, both, question.by)).to_pylist()
    names = [column_of(d) for d in question.by]
    sides: dict[Cell, dict[str, Mapping[str, object]]] = {}
    for row in found:
        sides.setdefault(tuple(row[name] for name in names), {})[row["target"]] = row

    def growth(pair: Mapping[str, Mapping[str, object]]) -> Growth:
        counts = [int(str(row["enterprises"])) for row in pair.values()]
        return comparable_growth(
            _level(one, pair.get(str(base))),
            _level(one, pair.get(str(end))),
            enterprises=min(counts, default=0),
            base=base,
            end=end,
            comparison=one.comparison,
            unit=one.unit,
            least=least,
        )

    return Sample({cell: growth(pair) for cell, pair in sides.items()}, growth({}))


def turnover_of(
    lake: Lake, viewer: Viewer, one: Indicator, question: Question, *, base: Period, end: Period
) -> Turnover | None:
    """Return what those that stayed, entered and left give to the published growth of the whole.

    Returns
    -------
    Turnover or None
        ``None`` of an indicator that is no flow of enterprises, to a viewer who may not read unit
        data, or where the base is zero or not known. Registration is of the end of each period,
        as in the published levels.
    """
    if not _has_sample(one) or one.adds is not Adds.FLOW or not viewer.may(Right.READ_UNITS):
        return None
    rows, known = facts_of(lake, viewer, REPORTS, [base, end])
    if {base, end} - known:
        return None
    rows = restricted(lake, viewer, rows, replace(question, by=()))
    sides = side_by_side(rows, base=base, end=end, by=[], value=one.numerator.column)
    [row] = lake.engine.collect(turned_over(sides, by=[])).to_pylist()
    if row["growth_published"] is None:
        return None
    return Turnover(
        stayed=row["stayed"],
        entered=row["entered"],
        left=row["left"],
        growth=row["growth_published"],
        from_stayed=row["from_stayed"],
        from_entered=row["from_entered"],
        from_left=row["from_left"],
    )


def _has_sample(one: Indicator) -> bool:
    """Return whether the same enterprises can be compared: counts of them cannot."""
    summed = all(term.table == REPORTS and term.how is not How.DISTINCT for term in one.terms)
    return summed and one.measure in (Measure.AMOUNT, Measure.RATIO)


def _alike(lake: Lake, viewer: Viewer, base: Period, end: Period) -> bool:
    """Return whether the two periods are made of pieces of the same months."""
    made = times([base, end], stored_periods(lake, viewer)).made_of
    names = [{(str(x.period)[4:], x.sign) for x in made[p]} for p in (base, end)]
    return names[0] == names[1]


def _level(one: Indicator, row: Mapping[str, object] | None) -> float | None:
    above = None if row is None else row["numerator"]
    if row is None or above is None:
        return None
    if one.measure is Measure.AMOUNT:
        return float(str(above)) * float(one.scale)
    below = row["denominator"]
    if below is None or float(str(below)) <= 0:
        return None
    return float(str(above)) / float(str(below)) * float(one.scale)
