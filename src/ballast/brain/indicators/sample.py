"""The comparable sample of a question: read from the facts, cut like its answer.

Only those who may read unit data have one: it is no published figure, and the
sealed cube does not hold it (two sums over a chosen set of enterprises, beside
the published ones, would tell what the others made).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import ibis.expr.types as ir

from ballast.brain.indicators.comparable import (
    comparable_growth,
    in_both,
    side_by_side,
    turned_over,
)
from ballast.brain.indicators.compile import expression
from ballast.brain.indicators.declared import Adds, How, Indicator, Measure
from ballast.brain.indicators.evaluate import facts_of, needed
from ballast.brain.indicators.facts import (
    column_of,
    registered_enterprises,
    stored_periods,
    times,
)
from ballast.brain.indicators.growth import Basis, Growth, grown
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.restrict import restricted
from ballast.brain.picture_periods import Piece
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import Right, Viewer
from ballast.words import Sentence

__all__ = ["Sample", "Turnover", "sample_of", "samples_of", "turnover_of"]

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
    of = {one: least}
    return samples_of(lake, viewer, of, question, base=base, end=end)[one.key]


def samples_of(
    lake: Lake,
    viewer: Viewer,
    of: Mapping[Indicator, int],
    question: Question,
    *,
    base: Period,
    end: Period,
) -> dict[str, Sample]:
    """Return the comparable samples of several indicators, the reports of both periods read once.

    Parameters
    ----------
    lake, viewer, question, base, end
        As for `sample_of`.
    of
        The indicators, each with the least number of enterprises of its sample.

    Returns
    -------
    dict
        The key of the indicator to its sample.
    """

    found: dict[str, Sample] = {}
    summed = [one for one in of if _has_sample(one)]
    for one in of:
        if one not in summed:
            said = Sentence(
                "{indicator} is not summed from what enterprises report: it has no "
                "comparable sample",
                {"indicator": one.label},
            )
            found[one.key] = _without(one, base, end, said)
    made = times([base, end], stored_periods(lake, viewer)).made_of if _may(viewer) else {}
    reason = _missing(viewer, made, base=base, end=end)
    if reason is not None:
        return found | {one.key: _without(one, base, end, reason) for one in summed}
    if not summed:
        return found
    piecewise = _alike(made, base, end)
    with _reports(lake, viewer, summed, question, base=base, end=end) as rows:
        for one in summed:
            both = in_both(rows, one, base=base, end=end, piecewise=piecewise)
            sums = lake.engine.collect(expression(one, both, question.by)).to_pylist()
            cells = _cells(one, sums, question, base=base, end=end, least=of[one])
            found[one.key] = Sample(cells, _growth(one, {}, base=base, end=end, least=of[one]))
    return found


def _may(viewer: Viewer) -> bool:
    return viewer.may(Right.READ_UNITS)


def _missing(
    viewer: Viewer, made: Collection[Period], *, base: Period, end: Period
) -> Sentence | None:
    """Return why nobody has a sample of the two periods; ``None`` where there may be one."""
    if not _may(viewer):
        return Sentence("the comparable sample is for those who may read unit data")
    for period in (end, base):
        if period not in made:
            return Sentence("there is no figure of {period}", {"period": str(period)})
    return None


def _without(one: Indicator, base: Period, end: Period, reason: Sentence) -> Sample:
    empty = grown(
        None, None, base=base, end=end, comparison=one.comparison, unit=one.unit,
        basis=Basis.COMPARABLE,
    )  # fmt: skip
    return Sample({}, replace(empty, reason=reason))


@contextmanager
def _reports(
    lake: Lake,
    viewer: Viewer,
    of: Sequence[Indicator],
    question: Question,
    *,
    base: Period,
    end: Period,
) -> Iterator[ir.Table]:
    """Lend what was reported in both periods by whom the question names, as registered at the end.

    Laid down with the columns of all indicators: each asks it anew.
    """
    engine = lake.engine
    with registered_enterprises(lake, viewer, dict.fromkeys((base, end), end.end)) as whole:
        chosen = restricted(lake, viewer, whole, question)
        rows, _ = facts_of(lake, viewer, REPORTS, [base, end], registered=chosen)
        with engine.lent(engine.collect(needed(rows, of, question))) as lent:
            yield lent


def _cells(
    one: Indicator,
    sums: Sequence[Mapping[str, Any]],
    question: Question,
    *,
    base: Period,
    end: Period,
    least: int,
) -> dict[Cell, Growth]:
    names = [column_of(d) for d in question.by]
    sides: dict[Cell, dict[str, Mapping[str, Any]]] = {}
    for row in sums:
        sides.setdefault(tuple(row[n] for n in names), {})[row["target"]] = row
    return {
        cell: _growth(one, pair, base=base, end=end, least=least) for cell, pair in sides.items()
    }


def _growth(
    one: Indicator,
    pair: Mapping[str, Mapping[str, object]],
    *,
    base: Period,
    end: Period,
    least: int,
) -> Growth:
    """Return the growth of a cell, of its sums at both ends."""
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


def _alike(made: Mapping[Period, Sequence[Piece]], base: Period, end: Period) -> bool:
    """Return whether the two periods are made of pieces of the same months."""
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
