"""An answer set against an earlier one and against its peers, cell by cell.

Apart from ``answering`` because a level is one thing and what is said about it
another: growth, contributions and ranks are made of two answers, whoever gave
them, so that they hold for the sealed cube as for the facts. Only the comparable
sample needs enterprises, and those without the right to them are told so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ballast.brain.indicators.answer import Answer, Status, Value
from ballast.brain.indicators.answering import answer_series
from ballast.brain.indicators.contribution import (
    REST,
    Contribution,
    Contributions,
    Portion,
    RatioPortion,
    contributions,
    ratio_contributions,
)
from ballast.brain.indicators.declared import Adds, Better, Comparison, Indicator, Measure
from ballast.brain.indicators.dimensions import DIMENSION_LABELS, OVERLAPPING, Dimension
from ballast.brain.indicators.growth import (
    Growth,
    YearlyGrowth,
    grown,
    yearly_growth,
)
from ballast.brain.indicators.question import Compare, Question, checked, target
from ballast.brain.indicators.ranks import First, Rank, ranks
from ballast.brain.indicators.sample import Sample, samples_of
from ballast.lake.lake import Lake
from ballast.lake.still import still
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.viewer import Viewer
from ballast.words import Sentence

__all__ = ["Against", "Compared", "Comparisons", "compared", "set_label"]

Cell = tuple[str, ...]
LEAST = 3  # the comparable sample's, unless the indicator declares more


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What to set an answer against.

    Parameters
    ----------
    growths
        Which growths, of the same period last year.
    since
        The base of a compound annual rate; none if ``None``.
    rank
        Whether to rank the cells.
    within
        What the ranked set is called; made of the question if ``None``.
    """

    growths: tuple[Compare, ...] = ()
    since: Period | None = None
    rank: bool = False
    within: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One value with what is said about it."""

    value: Value
    published: Growth | None = None
    comparable: Growth | None = None
    yearly: YearlyGrowth | None = None
    contribution: Contribution | None = None
    rank: Rank | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """All values of an answer with what is said about them.

    Parameters
    ----------
    lines
        In the order of the answer.
    contributions
        Of each indicator whose cells are a partition: the growth of the whole and what no cell
        shown gives to it. Others are absent.
    """

    answer: Answer
    lines: tuple[Compared, ...]
    contributions: Mapping[str, Contributions]


def compared(lake: Lake, viewer: Viewer, question: Question, against: Against) -> Comparisons:
    """Return the answer to a question, each value set against what is asked for.

    Parameters
    ----------
    lake, viewer, question
        As for `answering.answer`.
    against
        Growths, annual rate, ranks.

    Raises
    ------
    NotFound, WrongUsage, Refused
        As `answering.answer`; and where ``since`` is no whole number of years before.
    """
    with still(lake) as standing:
        return _compared(standing, viewer, question, against)


def _compared(lake: Lake, viewer: Viewer, question: Question, against: Against) -> Comparisons:
    declared = checked(question)
    end = target(question.period, question.form)
    base = end.same_period_last_year()
    plain = replace(question, compare=None)
    asked = [question.period]
    asked += [base] if against.growths else []
    asked += [against.since] if against.since is not None else []
    answers = answer_series(lake, viewer, plain, asked)
    now = replace(answers[question.period], question=question)
    then = answers[base] if against.growths else None
    first = answers[against.since] if against.since is not None else None
    samples: dict[str, Sample] = {}
    if Compare.COMPARABLE in against.growths:
        of = {one: least(one) for one in declared}
        samples = samples_of(lake, viewer, of, question, base=base, end=end)
    made: dict[str, Contributions] = {}
    # What is published region by region has no whole that its cells would add up to.
    whole = not any(one.needs for one in declared)
    if then is not None and whole and _partition(question):
        series = answer_series(lake, viewer, replace(plain, by=()), (base, end))
        wholes = [series[base], series[end]]
        made = {one.key: _contributed(one, now, then, wholes) for one in declared if _parts(one)}
    lines: list[Compared] = []
    for one in declared:
        lines += _lines(one, question, against, now, then, first, samples.get(one.key), made)
    return Comparisons(answer=now, lines=tuple(lines), contributions=made)


def set_label(question: Question, names: Mapping[tuple[Dimension, str], Label]) -> Label:
    """Return what the cells of an answer are called as a set: every county, of 371500.

    Parameters
    ----------
    question
        Of which the cut and the restriction count.
    names
        What codes are called; a code that is not there stands for itself.
    """
    by = [DIMENSION_LABELS[d] for d in question.by]
    where = [
        names.get((d, code), Label(code, code)) for d, codes in question.where.items()
        for code in codes
    ]  # fmt: skip
    zh, en = "×".join(x.zh for x in by), " × ".join(x.en for x in by)
    inside_zh, inside_en = "、".join(x.zh for x in where), ", ".join(x.text("en") for x in where)
    return Label(
        f"{inside_zh}各{zh}",
        f"every {en}" + (f", of {inside_en}" if where else ""),
    )


def _lines(
    one: Indicator,
    question: Question,
    against: Against,
    now: Answer,
    then: Answer | None,
    first: Answer | None,
    sample: Sample | None,
    made: Mapping[str, Contributions],
) -> list[Compared]:
    values = _cells(now, one.key)
    before, start = _cells(then, one.key), _cells(first, one.key)
    places = _ranked(one, question, against, values) if against.rank else {}
    given = {part.key: part for part in made[one.key].parts} if one.key in made else {}
    found = []
    for cell, value in values.items():
        published = None
        if Compare.PUBLISHED in against.growths:
            published = _published(one, value, before.get(cell))
        yearly = None
        if against.since is not None:
            yearly = _yearly(value, start.get(cell), against.since)
        found.append(
            Compared(
                value=value,
                published=published,
                comparable=None if sample is None else sample.growth(cell),
                yearly=yearly,
                contribution=given.get(_key(cell)),
                rank=places.get(cell),
            )
        )
    return found


def _cells(found: Answer | None, key: str) -> dict[Cell, Value]:
    if found is None:
        return {}
    by = found.question.by
    return {tuple(v.cell.get(d, "") for d in by): v for v in found.values if v.indicator == key}


def _key(cell: Cell) -> str:
    return "\x1f".join(cell) or "\x1f"


def _published(one: Indicator, value: Value, before: Value | None) -> Growth:
    base = value.period.same_period_last_year()
    found = grown(
        None if before is None else before.value,
        value.value,
        base=base,
        end=value.period,
        comparison=one.comparison,
        unit=one.unit,
    )
    return replace(found, reason=_withheld(value, before) or found.reason)


def _yearly(value: Value, start: Value | None, since: Period) -> YearlyGrowth:
    found = yearly_growth(
        None if start is None else start.value, value.value, base=since, end=value.period
    )
    return replace(found, reason=_withheld(value, start) or found.reason)


def _withheld(*values: Value | None) -> Sentence | None:
    """Return that one of two levels is withheld, which is not the same as not there."""
    for value in values:
        if value is not None and value.status is Status.SUPPRESSED:
            return Sentence("the figure of {period} is withheld", {"period": str(value.period)})
    return None


def _ranked(
    one: Indicator, question: Question, against: Against, values: Mapping[Cell, Value]
) -> dict[Cell, Rank]:
    first: First = "lowest" if one.better is Better.DOWN else "highest"
    within = against.within or set_label(question, {})
    # Enterprises of no zone or no size class are a cell, and not one that has a place.
    named = {cell: v.value for cell, v in values.items() if cell and all(cell)}
    return ranks(named, within, first)


def _parts(one: Indicator) -> bool:
    """Return whether the cells of an indicator are parts of the whole."""
    return one.adds is not Adds.NONE or one.measure is Measure.RATIO


def _partition(question: Question) -> bool:
    """Return whether the cells of a cut lie beside each other and are all of the whole."""
    overlapping = OVERLAPPING | {Dimension.PARTNER, Dimension.TIER}
    return bool(question.by) and not set(question.by) & overlapping


def least(one: Indicator) -> int:
    """Return the fewest enterprises of which a comparable sample has a growth."""
    return one.disclosure.minimum or LEAST


def _contributed(
    one: Indicator, now: Answer, then: Answer, wholes: Sequence[Answer]
) -> Contributions:
    """Return what each cell gives to the growth of the whole; cells that are gone, in the rest."""
    after, before = _cells(now, one.key), _cells(then, one.key)
    cells = [*after, *(cell for cell in before if cell not in after)]
    whole = [answered.value(one.key) for answered in wholes]
    if one.measure is Measure.RATIO:
        parts = [
            RatioPortion(_key(cell), *_terms(before.get(cell)), *_terms(after.get(cell)))
            for cell in cells
        ]
        found = ratio_contributions(
            [*parts, *_left_over(parts, whole)], scale=_ratio_scale(one, whole[0])
        )
        return _gone_in_rest(found, {_key(cell) for cell in after})
    if one.comparison is not Comparison.GROWTH:
        return Contributions(None, (), Sentence("its change is no growth that has parts"))
    levels = [None if w is None else w.value for w in whole]
    if levels[0] is None or levels[1] is None:
        reason = Sentence("the whole of one of the two periods has no figure")
        return Contributions(None, (), reason)
    portions = [
        Portion(_key(cell), _amount(before.get(cell)), _amount(after.get(cell))) for cell in cells
    ]
    found = contributions(portions, whole=(levels[0], levels[1]))
    return _gone_in_rest(found, {_key(cell) for cell in after})


def _left_over(parts: Sequence[RatioPortion], whole: Sequence[Value | None]) -> list[RatioPortion]:
    """Return what the whole holds beside its parts: enterprises of no zone, cells withheld."""
    sides = [_terms(value) for value in whole]
    given = [(p.base_numerator, p.base_denominator, p.end_numerator, p.end_denominator)
             for p in parts]  # fmt: skip
    sums = [sum(float(row[at] or 0) for row in given) for at in range(4)]
    known = [float(x or 0) for side in sides for x in side]
    left = [
        0.0 if abs(all_ - some) <= 1e-9 * max(abs(all_), abs(some)) else all_ - some
        for all_, some in zip(known, sums, strict=True)
    ]
    return [RatioPortion(REST, *left)] if any(left) else []


def _gone_in_rest(found: Contributions, shown: set[str]) -> Contributions:
    kept = tuple(part for part in found.parts if part.key in shown)
    others = [p.points for p in found.parts if p.key not in shown and p.points is not None]
    if not others or found.total is None:
        return replace(found, parts=kept)
    return replace(found, parts=(*kept, Contribution(REST, sum(others))))


def _amount(value: Value | None) -> Decimal | float | None:
    """Return the level of a part; one that was not there had nothing."""
    return 0 if value is None else value.value


def _terms(value: Value | None) -> tuple[Decimal | float | None, Decimal | float | None]:
    if value is None:
        return 0, 0
    if value.status is Status.MISSING:
        return 0, 0  # nobody in the cell reported both terms: it is in neither sum
    return value.numerator, value.denominator


def _ratio_scale(one: Indicator, whole: Value | None) -> float:
    """Return the scale in which points of a ratio are of the growth that the indicator compares."""
    if one.comparison is not Comparison.GROWTH:
        return float(one.scale)
    if whole is None or whole.value is None or whole.value <= 0:
        return float(one.scale)
    return float(one.scale) / float(whole.value) * 100
