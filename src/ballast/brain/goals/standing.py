"""How things stand with the goals: each held against the figure that its pages show.

Figures are asked through ``answering`` alone, so that a reader without the
right to units is told of a goal what the sealed cube tells, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ballast.brain.goals.goal import Goal, Place, Standing
from ballast.brain.goals.path import level_of, through_the_year, yearly
from ballast.brain.indicators.answer import Status, Value
from ballast.brain.indicators.answering import answer_series
from ballast.brain.indicators.declared import Adds, Better, Indicator
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.question import Question
from ballast.brain.indicators.registry import INDICATORS, indicator
from ballast.brain.picture import stored_periods
from ballast.brain.picture_sealed import sealed_months
from ballast.errors import BallastError, InvalidTerm, NotFound, NotPermitted, UnitMismatch
from ballast.lake.lake import Lake
from ballast.lake.still import still
from ballast.terms.label import Label
from ballast.terms.period import Period, PeriodKind, month, whole_year, year_to_date
from ballast.terms.unit import PERCENT, convert, parse_unit
from ballast.terms.viewer import PUBLIC, Right, Viewer
from ballast.words import Sentence

__all__ = ["goals", "newest_month", "standings"]


def goals(
    lake: Lake, *, region: str | None = None, programme: str | None = None
) -> tuple[Goal, ...]:
    """Return the goals that are set, in the order of programme, region and item.

    Parameters
    ----------
    lake
        Where they stand; what was set is public.
    region
        Of this region alone, by its code.
    programme
        Of the programmes whose name holds this.
    """
    rows = lake.read("goal", PUBLIC)
    found = [
        _goal(row)
        for row in rows.to_pyarrow().to_pylist()
        if region in (None, row["region"])
        and (programme is None or programme.casefold() in row["programme"].casefold())
    ]
    order = list(INDICATORS)
    return tuple(
        sorted(
            found,
            key=lambda g: (
                g.programme, g.region, order.index(g.item) if g.item in order else -1, g.period.end,
            ),
        )
    )  # fmt: skip


def newest_month(lake: Lake, viewer: Viewer, today: date) -> Period:
    """Return the newest month that goals can be held against: of reports, else the last one over.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom: the reports of enterprises, or what is sealed of them.
    today
        Where neither tells, the month before this day's.
    """
    known = stored_periods(lake, viewer) if viewer.may(Right.READ_UNITS) else sealed_months(lake)
    if known:
        return max(known)
    return month(today.year, today.month) - 1


def _goal(row: Mapping[str, Any]) -> Goal:
    base_period = row["base_period"]
    return Goal(
        programme=row["programme"],
        item=row["item"],
        period=Period.parse(row["period"]),
        region=row["region"],
        measure=row["measure"],
        target=row["target"],
        unit=row["unit"],
        base_period=None if base_period is None else Period.parse(base_period),
        base=row["base"],
        path=row["path"],
        responsible=row["unit_responsible"],
        load_id=row["load_id"],
    )


def standings(
    lake: Lake, viewer: Viewer, of: Sequence[Goal], *, until: Period
) -> tuple[Standing, ...]:
    """Return how things stand with goals, in their order.

    Parameters
    ----------
    lake, viewer
        Where to read, and for whom.
    of
        The goals.
    until
        The newest period: what came later is not looked at. Of figures that are known by the
        month its year to date counts, of others the last whole year that is known.
    """
    with still(lake) as standing:
        asked = _Asked(standing, viewer, until)
        asked.prepare(of)
        live = standing.ledger.live().select("load_id", "provenance")
        invented = {load for load, provenance in live.iter_rows() if provenance == "synthetic"}
        return tuple(
            replace(one, synthetic=True) if goal.load_id in invented else one
            for goal in of
            for one in [_standing(asked, goal)]
        )


@dataclass(frozen=True, slots=True)
class _Figure:
    value: float
    synthetic: bool


class _Asked:
    """Figures of goals, asked for many at once and kept while the goals are gone through."""

    def __init__(self, lake: Lake, viewer: Viewer, until: Period) -> None:
        self.lake, self.viewer = lake, viewer
        self.until = year_to_date(until.year, until.last_month)
        self._held: dict[tuple[str, str, Period], _Figure | Sentence] = {}

    def prepare(self, of: Iterable[Goal]) -> None:
        """Ask for everything that the goals need: the items of a city in one question or two."""
        wanted: dict[tuple[str, bool, bool], list[Goal]] = {}
        for goal in of:
            if (one := INDICATORS.get(goal.item)) is not None:
                city = _city(goal.region)
                wanted.setdefault((city, goal.region != city, one.yearly), []).append(goal)
        for (city, cut, whole_years), goals in wanted.items():
            periods = {p for goal in goals for p in self._periods(goal)}
            if whole_years:  # of other periods each is told by itself that there is none
                periods = {p for p in periods if p.kind is PeriodKind.YEAR}
            self._ask(city, periods, {(goal.item, goal.region) for goal in goals}, cut=cut)

    def _periods(self, goal: Goal) -> set[Period]:
        """Return what nearly every goal needs; what else one needs is asked for by itself."""
        until = self.until
        found = {until, until.same_period_last_year(), whole_year(until.year - 1)}
        return found if goal.base_period is None else found | {goal.base_period}

    def _ask(
        self, city: str, periods: Collection[Period], pairs: set[tuple[str, str]], *, cut: bool
    ) -> None:
        items = tuple(sorted({item for item, _ in pairs}))
        by = (Dimension.REGION,) if cut else ()
        where = {Dimension.REGION: (city,)}
        try:
            found = answer_series(
                self.lake, self.viewer, Question(items, by, where, period=self.until), periods
            )
        except BallastError as error:
            if len(periods) > 1:  # one of them may be what is not there
                for period in periods:
                    self._ask(city, [period], pairs, cut=cut)
                return
            if len(items) > 1:  # one of them may be what is refused
                for item in items:
                    own = {pair for pair in pairs if pair[0] == item}
                    self._ask(city, periods, own, cut=cut)
                return
            said = (
                Sentence("its figures are not among those that are published")
                if isinstance(error, NotPermitted)
                else Sentence(error.template, error.values)
            )
            self._held |= {(*pair, period): said for pair in pairs for period in periods}
            return
        for period, answered in found.items():
            told = {(v.indicator, v.cell.get(Dimension.REGION, city)): v for v in answered.values}
            for item, region in pairs:
                self._held[item, region, period] = _figure(told.get((item, region)), item, period)

    def get(self, goal: Goal, period: Period) -> _Figure | Sentence:
        """Return a figure, or why there is none."""
        key = (goal.item, goal.region, period)
        if key not in self._held:
            region = goal.region
            self._ask(_city(region), [period], {key[:2]}, cut=region != _city(region))
        return self._held[key]


def _figure(value: Value | None, item: str, period: Period) -> _Figure | Sentence:
    if value is not None and value.status is Status.PUBLISHED and value.value is not None:
        return _Figure(float(value.value), value.synthetic)
    if value is not None and value.status is Status.SUPPRESSED:
        return Sentence("its figure of {period} is withheld", {"period": period.label})
    label = INDICATORS[item].label
    return Sentence(
        "there is no figure of {item} for {period}", {"item": label, "period": period.label}
    )


def _city(region: str) -> str:
    """Return the prefecture of a county; any other region as it is."""
    return region if region.endswith("00") or len(region) != 6 else f"{region[:4]}00"


def _standing(asked: _Asked, goal: Goal) -> Standing:
    try:
        one = indicator(goal.item)
    except NotFound as error:
        return Standing(goal=goal, label=Label(goal.item, goal.item),
                        reason=Sentence(error.template, error.values))  # fmt: skip
    blank = Standing(goal=goal, label=one.label, unit=one.unit, noun=one.noun)
    if goal.period.kind is not PeriodKind.YEAR or (
        goal.base_period is not None and goal.base_period.kind is not PeriodKind.YEAR
    ):
        reason = Sentence(
            "goals are followed from year to year; this one is of {period}",
            {"period": goal.period.label},
        )
        return replace(blank, reason=reason)
    if goal.base_period is not None and goal.base_period.year >= goal.period.year:
        return replace(blank, reason=Sentence("its base period is not before the goal's"))
    base = _base(asked, goal, one)
    if isinstance(base, Sentence) and goal.measure != "level":
        return replace(blank, reason=base)
    start = None if isinstance(base, Sentence) else base
    level = _level(goal, one, start)
    if isinstance(level, Sentence):
        return replace(blank, base=start, reason=level)
    blank = replace(blank, base=start, level=level, up=_up(one, start, level))
    found = _newest(asked, goal)
    if isinstance(found, Sentence):
        return replace(blank, reason=found)
    actual, at = found
    path = _path(asked, goal, one, start, level, at)
    placed = replace(
        blank, actual=actual.value, at=at, synthetic=actual.synthetic,
        path=None if isinstance(path, Sentence) else path,
    )  # fmt: skip
    reached = _reached(actual.value, level, placed.up)
    if reached and (one.adds is not Adds.FLOW or at.end >= goal.period.end):
        return replace(placed, place=Place.MET)
    if isinstance(path, Sentence):
        return replace(placed, reason=path)
    ahead = _reached(actual.value, path, placed.up)
    return replace(placed, place=Place.AHEAD if ahead else Place.BEHIND)


def _reached(actual: float, wanted: float, up: bool) -> bool:
    margin = abs(wanted) * 1e-9
    return actual >= wanted - margin if up else actual <= wanted + margin


def _up(one: Indicator, base: float | None, level: float) -> bool:
    if one.better is Better.NONE and base is not None:
        return level >= base
    return one.better is not Better.DOWN


def _base(asked: _Asked, goal: Goal, one: Indicator) -> float | Sentence:
    if goal.base_period is None:
        return Sentence("it names no base period: there is no path to hold it against")
    if goal.base is not None:
        converted = _converted(goal, one, float(goal.base))
        if goal.measure == "level" or isinstance(converted, float):
            return converted
        return float(goal.base)
    found = asked.get(goal, goal.base_period)
    return found if isinstance(found, Sentence) else found.value


def _level(goal: Goal, one: Indicator, base: float | None) -> float | Sentence:
    years = 1 if goal.base_period is None else goal.period.year - goal.base_period.year
    target = float(goal.target)
    if goal.measure == "level":
        return _converted(goal, one, target)
    if goal.unit and not _is_percent(goal.unit):
        return Sentence("growth is set in {unit}; write it in percent", {"unit": goal.unit})
    level = level_of(goal.measure, target, base, years)
    if level is None:
        return Sentence("growth over a base that is not above zero does not exist")
    return level


def _is_percent(text: str) -> bool:
    try:
        return parse_unit(text) is PERCENT
    except InvalidTerm:
        return False


def _converted(goal: Goal, one: Indicator, value: float) -> float | Sentence:
    if not goal.unit:
        return value
    try:
        unit = parse_unit(goal.unit)
        return float(convert(goal.target.__class__(str(value)), unit, one.unit))
    except UnitMismatch:
        return Sentence(
            "it is set in {unit}, and {item} is in {own}: they cannot be converted",
            {"unit": goal.unit, "item": one.label, "own": one.unit.label},
        )
    except BallastError as error:
        return Sentence(error.template, error.values)


def _newest(asked: _Asked, goal: Goal) -> tuple[_Figure, Period] | Sentence:
    """Return the newest figure not after the goal: of the year to date, else of a whole year."""
    until = asked.until
    last = min(until.year, goal.period.year)
    tried = [whole_year(last - back) for back in range(4)]
    if until.year <= goal.period.year:
        tried.insert(0, until)
    said: Sentence | None = None
    for period in tried:
        if goal.base_period is not None and period.end <= goal.base_period.end:
            break
        found = asked.get(goal, period)
        if not isinstance(found, Sentence):
            return found, period
        said = said or found
    return said or Sentence("nothing is known since its base period")


def _path(
    asked: _Asked, goal: Goal, one: Indicator, base: float | None, level: float, at: Period
) -> float | Sentence:
    """Return what should have been reached by the end of a period."""
    if base is None or goal.base_period is None:
        found = _base(asked, goal, one)
        return found if isinstance(found, Sentence) else level
    years = goal.period.year - goal.base_period.year
    passed = float(at.year - goal.base_period.year)
    whole = at.kind is PeriodKind.YEAR
    if one.adds is Adds.STOCK and not whole:
        passed += at.last_month / 12 - 1
    year = yearly(goal.path, base, level, passed, years)
    if year is None:
        return Sentence("growth over a base that is not above zero does not exist")
    if whole or one.adds is Adds.STOCK:
        return year
    before = asked.get(goal, at.same_period_last_year())
    then = asked.get(goal, whole_year(at.year - 1))
    if isinstance(before, Sentence):
        return before
    if isinstance(then, Sentence):
        return then
    part = through_the_year(year, before.value, then.value)
    if part is None:
        return Sentence("the year before does not tell how a year goes")
    return part
