"""Points as intervals: what is known, what experts may give, what a missing fact leaves open.

One number would be easier to print, and wrong: of the hundred points of a
high-tech application experts give forty, and an enterprise that is told "68"
neither knows that it may pass nor that it may fail.

- bands: the points of the first band, from the top, that the quantity falls into (a value at a
  boundary takes the higher one, ``above`` excepted; both within the tolerance); in none: 0.
  Unknown or undefined: from the least to the most points of all bands (0 among them where no band
  is for the rest);
- first: the points of the first condition that is met; one that is unknown or for people leaves
  its own points and all that come after it possible; one that is unmet or does not apply is passed;
- capped: the points of all that are met; what is unknown or for people adds to the upper end;
  both ends are cut at the cap;
- per: ``points`` for each full ``each`` (floor(q / each + 5e-10), never below 0), cut at the cap;
  ``each`` is in the unit of the facts; unknown: from 0 to the cap;
- expert: what the fact says experts gave, where it is within the ends; else both ends;
- best: the greatest lower end and the greatest upper end of its parts.

An item is *open* where a missing or undefined fact made it wide (low below
high). Best is open where a part is open whose upper end is above best's lower
end. A group's ends are sums, cut at its cap; it is open where it is wide and
an item is open; the total is open where a group is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from ballast.brain.policy.engine_examination import Examination, Found, paper, to_bring, together
from ballast.brain.policy.engine_states import TOLERANCE
from ballast.brain.policy.engine_wording import POINTS, bilingual, factor, label_of, value_of
from ballast.brain.policy.facts import Fact
from ballast.brain.policy.finding import Finding, Interval, Missing, State
from ballast.brain.policy.shape import (
    Band,
    Bands,
    Best,
    Capped,
    Criterion,
    Expert,
    First,
    Item,
    PerUnit,
    Points,
)
from ballast.terms.label import Label

__all__ = ["Scored", "Test", "points_of", "scored", "state_of"]

Test = Callable[[Criterion, Examination], Found]
ZERO = Interval(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Scored:
    """Points of an item or a group: the finding, whether a missing fact made it wide, what it is.

    ``most`` is what can be had at best; ``bring`` the missing facts that made it wide.
    """

    finding: Finding
    points: Interval
    most: Decimal
    is_open: bool
    bring: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class _Given:
    """Points before they are told: the ends, what is open, and what they stand on."""

    points: Interval
    most: Decimal
    is_open: bool = False
    facts: tuple[Fact, ...] = ()
    missing: tuple[Missing, ...] = ()
    bring: tuple[Missing, ...] = ()
    why: Label | None = None
    value: Label | None = None
    parts: tuple[Finding, ...] = ()


def scored(item: Item, exam: Examination, test: Test) -> Scored:
    """Return the points of an item; ``test`` finds the state of a condition in it."""
    match item:
        case Bands():
            given = _bands(item, exam)
        case First():
            given = _first(item, exam, test)
        case Capped():
            given = _capped(item, exam, test)
        case PerUnit():
            given = _per(item, exam)
        case Expert():
            given = _expert(item, exam)
        case Best():
            given = _best(item, exam, test)
    state = state_of(given.points, given.most, is_open=given.is_open)
    turn = given.why
    if turn is None and given.is_open:
        turn = to_bring(given.bring, exam.facts)
    note = label_of(item.note) if item.note else None
    finding = Finding(
        id=item.id,
        label=label_of(item.label),
        article=item.article,
        kind=item.kind,
        state=state,
        confirmed=item.confirmed,
        note=together((given.value, note)),
        value=given.points,
        unit=POINTS,
        threshold=given.most,
        margin=given.points.low - given.most,
        facts=given.facts,
        missing=given.missing,
        turn=turn,
        evidence=paper(item.evidence, given.facts, given.missing),
        parts=given.parts,
    )
    return Scored(finding, given.points, given.most, given.is_open, given.bring)


def state_of(points: Interval, most: Decimal, *, is_open: bool) -> State:
    """Return the state of points without a bound: met is all of them, unmet is less."""
    if points.low < points.high:
        return State.UNKNOWN if is_open else State.MANUAL
    return State.MET if points.low >= most else State.UNMET


def _ends(points: Decimal | Points) -> Interval:
    if isinstance(points, Points):
        return Interval(points.low, points.high)
    return Interval(points, points)


def _hull(intervals: list[Interval]) -> Interval:
    return Interval(min(one.low for one in intervals), max(one.high for one in intervals))


def _bands(item: Bands, exam: Examination) -> _Given:
    asked = exam.quantity(item.quantity)
    found = asked.amount
    possible = [_ends(band.points) for band in item.bands]
    if not any(band.at_least is None and band.above is None for band in item.bands):
        possible.append(ZERO)
    hull = _hull(possible)
    if found.value is None:
        return _Given(
            hull, hull.high, is_open=hull.low < hull.high, facts=found.facts,
            missing=found.missing, bring=found.missing, why=found.undefined,
        )  # fmt: skip
    points = next(
        (_ends(band.points) for band in item.bands if _falls(band, found.value, item.unit)), ZERO
    )
    value = value_of(asked.shown(found.value), asked.unit)
    said = Label(f"{asked.label.zh}{value.zh}", f"{asked.label.en}: {value.en}")
    return _Given(points, hull.high, facts=found.facts, value=said)


def _falls(band: Band, value: Decimal, unit: str) -> bool:
    if band.above is not None:
        return value > band.above * factor(unit) + TOLERANCE
    return band.at_least is None or value >= band.at_least * factor(unit) - TOLERANCE


def _first(item: First, exam: Examination, test: Test) -> _Given:
    most = _hull([*(_ends(one.points) for one in item.of), _ends(item.otherwise)]).high
    possible: list[Interval] = []
    tested: list[Found] = []
    for one in item.of:
        found = test(one.test, exam)
        tested.append(found)
        if found.state in (State.MET, State.UNKNOWN, State.MANUAL):
            possible.append(_ends(one.points))
        if found.state is State.MET:
            break
    else:
        possible.append(_ends(item.otherwise))
    points = _hull(possible)
    is_open = points.low < points.high and any(one.state is State.UNKNOWN for one in tested)
    return _conditions(points, most, is_open, tested)


def _capped(item: Capped, exam: Examination, test: Test) -> _Given:
    low = high = most = Decimal(0)
    tested: list[Found] = []
    for one in item.of:
        found, ends = test(one.test, exam), _ends(one.points)
        tested.append(found)
        most += ends.high
        if found.state is State.MET:
            low, high = low + ends.low, high + ends.high
        elif found.state in (State.UNKNOWN, State.MANUAL):
            high += ends.high
    points = Interval(min(low, item.cap), min(high, item.cap))
    is_open = points.low < points.high and any(one.state is State.UNKNOWN for one in tested)
    return _conditions(points, min(most, item.cap), is_open, tested)


def _conditions(points: Interval, most: Decimal, is_open: bool, tested: list[Found]) -> _Given:
    bring = dict.fromkeys(
        each for one in tested if one.state is State.UNKNOWN for each in one.bring
    )
    return _Given(
        points, most, is_open=is_open, missing=tuple(bring),
        bring=tuple(bring) if is_open else (), parts=tuple(one.finding for one in tested),
    )  # fmt: skip


def _per(item: PerUnit, exam: Examination) -> _Given:
    asked = exam.quantity(item.quantity)
    found = asked.amount
    if found.value is None:
        return _Given(
            Interval(Decimal(0), item.cap), item.cap, is_open=item.cap > 0, facts=found.facts,
            missing=found.missing, bring=found.missing, why=found.undefined,
        )  # fmt: skip
    full = (found.value / item.each + TOLERANCE).to_integral_value(ROUND_FLOOR)
    points = min(item.cap, max(Decimal(0), full * item.points))
    value = value_of(asked.shown(found.value), asked.unit)
    said = Label(f"{asked.label.zh}{value.zh}", f"{asked.label.en}: {value.en}")
    return _Given(Interval(points, points), item.cap, facts=found.facts, value=said)


def _expert(item: Expert, exam: Examination) -> _Given:
    ends = _ends(item.points)
    fact = None if item.fact is None else exam.facts.get(item.fact)
    if fact is not None and isinstance(fact.value, Decimal):
        if ends.low <= fact.value <= ends.high:
            return _Given(Interval(fact.value, fact.value), ends.high, facts=(fact,))
        outside = bilingual(
            "{value} is outside of the points that may be given ({low} to {high}); not used",
            value=points_of(fact.value), low=points_of(ends.low), high=points_of(ends.high),
        )  # fmt: skip
        return _Given(ends, ends.high, why=outside)
    return _Given(ends, ends.high)


def _best(item: Best, exam: Examination, test: Test) -> _Given:
    parts = [scored(part, exam, test) for part in item.of]
    low = max(one.points.low for one in parts)
    high = max(one.points.high for one in parts)
    wide = [one for one in parts if one.is_open and one.points.high > low]
    bring = dict.fromkeys(each for one in wide for each in one.bring)
    return _Given(
        Interval(low, high), max(one.most for one in parts), is_open=bool(wide),
        missing=tuple(bring), bring=tuple(bring), parts=tuple(one.finding for one in parts),
    )  # fmt: skip


def points_of(points: Decimal) -> Label:
    """Return points in words."""
    return value_of(points, POINTS)
