"""Nelson's eight rules and Western Electric's four, on points in standard deviations.

A rule looks back over fifteen points at most. A stream therefore keeps the
last fourteen and judges what arrives together with them: the code that judges
a whole series judges a stream, and cannot come to another answer. Automata
that count runs point by point would be a second implementation of each rule.

What is not known is never held against the process: a rule is broken at a
point only where it would be, whatever the missing points were. A missing point
thus ends every run "in a row", and does not count among "two of three".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.control_charts import Chart
from ballast.plant.measures.ratios import Floats
from ballast.terms.label import Label

__all__ = [
    "LOOK_BACK",
    "NELSON",
    "RULE_LABELS",
    "WESTERN_ELECTRIC",
    "Broken",
    "Rule",
    "Tail",
    "Violation",
    "check",
    "check_chart",
    "watch",
]

Flags = npt.NDArray[np.bool_]


class Rule(StrEnum):
    """A pattern that an undisturbed process rarely shows."""

    NELSON_1 = "nelson_1"
    NELSON_2 = "nelson_2"
    NELSON_3 = "nelson_3"
    NELSON_4 = "nelson_4"
    NELSON_5 = "nelson_5"
    NELSON_6 = "nelson_6"
    NELSON_7 = "nelson_7"
    NELSON_8 = "nelson_8"
    WESTERN_ELECTRIC_1 = "western_electric_1"
    WESTERN_ELECTRIC_2 = "western_electric_2"
    WESTERN_ELECTRIC_3 = "western_electric_3"
    WESTERN_ELECTRIC_4 = "western_electric_4"


NELSON: tuple[Rule, ...] = tuple(rule for rule in Rule if rule.startswith("nelson"))
WESTERN_ELECTRIC: tuple[Rule, ...] = tuple(rule for rule in Rule if rule.startswith("western"))

RULE_LABELS: dict[Rule, Label] = {
    Rule.NELSON_1: Label("判异准则 1：1 点落在 3σ 之外", "Nelson 1: a point beyond 3σ"),
    Rule.NELSON_2: Label(
        "判异准则 2：连续 9 点落在中心线同一侧", "Nelson 2: nine points in a row on one side"
    ),
    Rule.NELSON_3: Label(
        "判异准则 3：连续 6 点递增或递减", "Nelson 3: six points in a row rising or falling"
    ),
    Rule.NELSON_4: Label(
        "判异准则 4：连续 14 点上下交替", "Nelson 4: fourteen points in a row alternating"
    ),
    Rule.NELSON_5: Label(
        "判异准则 5：连续 3 点中有 2 点落在中心线同一侧 2σ 之外",
        "Nelson 5: two of three points beyond 2σ on one side",
    ),
    Rule.NELSON_6: Label(
        "判异准则 6：连续 5 点中有 4 点落在中心线同一侧 1σ 之外",
        "Nelson 6: four of five points beyond 1σ on one side",
    ),
    Rule.NELSON_7: Label(
        "判异准则 7：连续 15 点落在中心线两侧 1σ 之内",
        "Nelson 7: fifteen points in a row within 1σ",
    ),
    Rule.NELSON_8: Label(
        "判异准则 8：连续 8 点落在中心线两侧且无一在 1σ 之内",
        "Nelson 8: eight points in a row on both sides, none within 1σ",
    ),
    Rule.WESTERN_ELECTRIC_1: Label(
        "西部电气规则 1：1 点落在 3σ 之外", "Western Electric 1: a point beyond 3σ"
    ),
    Rule.WESTERN_ELECTRIC_2: Label(
        "西部电气规则 2：连续 3 点中有 2 点落在中心线同一侧 2σ 之外",
        "Western Electric 2: two of three points beyond 2σ on one side",
    ),
    Rule.WESTERN_ELECTRIC_3: Label(
        "西部电气规则 3：连续 5 点中有 4 点落在中心线同一侧 1σ 之外",
        "Western Electric 3: four of five points beyond 1σ on one side",
    ),
    Rule.WESTERN_ELECTRIC_4: Label(
        "西部电气规则 4：连续 8 点落在中心线同一侧",
        "Western Electric 4: eight points in a row on one side",
    ),
}

# Over how many points a rule looks, the last one included.
_SPANS: dict[Rule, int] = {
    Rule.NELSON_1: 1,
    Rule.NELSON_2: 9,
    Rule.NELSON_3: 6,
    Rule.NELSON_4: 14,
    Rule.NELSON_5: 3,
    Rule.NELSON_6: 5,
    Rule.NELSON_7: 15,
    Rule.NELSON_8: 8,
    Rule.WESTERN_ELECTRIC_1: 1,
    Rule.WESTERN_ELECTRIC_2: 3,
    Rule.WESTERN_ELECTRIC_3: 5,
    Rule.WESTERN_ELECTRIC_4: 8,
}
# Those that count points beyond a zone on one side: how many of the span, and beyond what.
_COUNTING: dict[Rule, tuple[int, float]] = {
    Rule.NELSON_5: (2, 2.0),
    Rule.NELSON_6: (4, 1.0),
    Rule.WESTERN_ELECTRIC_2: (2, 2.0),
    Rule.WESTERN_ELECTRIC_3: (4, 1.0),
}
LOOK_BACK = max(_SPANS.values()) - 1
"""How many points a stream keeps."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that is broken.

    Parameters
    ----------
    rule
        Which.
    point
        The row at which it is broken, the last of those that make it.
    points
        The rows that make it, in order.
    """

    rule: Rule
    point: int
    points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tail:
    """What a stream keeps of the points it has judged.

    Parameters
    ----------
    points
        The last of them, at most `LOOK_BACK`, in standard deviations.
    seen
        The number of the next row.
    """

    points: tuple[float, ...] = ()
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """Where rules are broken.

    Kept as flags and listed only when asked for: a chart set up wrongly breaks
    several rules at every one of a day's 86,400 points.

    Parameters
    ----------
    flags
        By rule, whether it is broken at each row; of shape (rows,).
    first
        The number of the first of these rows.
    before
        The points just before it that the rules look back at.
    points
        The rows' own points, in standard deviations.
    starts
        Where among the rows runs begin anew, because a phase does.
    """

    flags: dict[Rule, Flags]
    first: int
    before: Floats
    points: Floats
    starts: tuple[int, ...] = ()

    @property
    def marked(self) -> Flags:
        """Whether any rule is broken at each row."""
        found = np.zeros(len(self.points), dtype=np.bool_)
        for flags in self.flags.values():
            found |= flags
        return found

    def violations(self) -> Iterator[Violation]:
        """Yield every violation, by row and then by rule."""
        names = [*self.flags]
        if not names:
            return
        rows, rules = np.nonzero(np.stack([*self.flags.values()]).T)
        every = np.concatenate([self.before, self.points])
        back = len(self.before)
        began = np.concatenate([[0], np.asarray(self.starts, dtype=np.int64) + back])
        stretch = began[np.searchsorted(began, rows + back, side="right") - 1]
        for row, place, start in zip(rows.tolist(), rules.tolist(), stretch.tolist(), strict=True):
            last = row + back
            window = np.arange(max(start, last - _SPANS[names[place]] + 1), last + 1)
            if names[place] in _COUNTING:
                zone = _COUNTING[names[place]][1]
                window = window[every[window] * np.sign(every[last]) > zone]
            made = tuple((window - back + self.first).tolist())
            yield Violation(names[place], row + self.first, made)


def check(points: npt.ArrayLike, rules: Sequence[Rule] = NELSON) -> Broken:
    """Return where a series breaks rules.

    Parameters
    ----------
    points
        In standard deviations from the centre, of shape (rows,): ``Chart.standardised``.
    rules
        Which.

    Notes
    -----
    Nelson: 1 a point beyond 3σ; 2 nine in a row on one side; 3 six in a row
    rising or falling; 4 fourteen in a row alternating; 5 two of three beyond 2σ
    on one side; 6 four of five beyond 1σ on one side; 7 fifteen in a row within
    1σ; 8 eight in a row on both sides with none within 1σ. Western Electric:
    as 1, 5, 6, and eight in a row on one side. "Beyond" and "within" are strict;
    a point on the centre is on neither side; equal neighbours neither rise nor
    fall. Of the counting rules the last point is itself one of those beyond, so
    that a pattern is told when it is completed and not once more after it.

    Sources: L. S. Nelson, "The Shewhart control chart — tests for special
    causes", Journal of Quality Technology 16 (1984), in the wording of
    Micromine's and Sepasoft's manuals; Western Electric, "Statistical Quality
    Control Handbook" (1956), in the wording of QI Macros.

    Examples
    --------
    >>> [*check([0.0, 3.5, 0.0]).violations()]
    [Violation(rule=<Rule.NELSON_1: 'nelson_1'>, point=1, points=(1,))]
    """
    return watch(points, Tail(), rules)[0]


def watch(points: npt.ArrayLike, tail: Tail, rules: Sequence[Rule] = NELSON) -> tuple[Broken, Tail]:
    """Return where the rows that arrive break rules, and what to keep for those after them.

    Parameters
    ----------
    points
        The rows that arrive, in standard deviations, of shape (rows,).
    tail
        What was kept of those before; ``Tail(seen=row)`` where a phase begins,
        for a run does not go on from one baseline to another.
    rules
        Which.

    Examples
    --------
    >>> broken, tail = watch([2.5], Tail())
    >>> [v.points for v in watch([0.0, 2.5], tail)[0].violations()]
    [(0, 2)]
    """
    arrived = np.asarray(points, dtype=np.float64)
    before = np.asarray(tail.points, dtype=np.float64)
    every = np.concatenate([before, arrived])
    flags = {rule: _flags(rule, every)[len(before) :] for rule in rules}
    kept = Tail(tuple(every[-LOOK_BACK:].tolist()), tail.seen + len(arrived))
    return Broken(flags, tail.seen, before, arrived), kept


def check_chart(chart: Chart, rules: Sequence[Rule] = NELSON) -> Broken:
    """Return where a chart breaks rules; no run goes on from one phase to the next.

    Parameters
    ----------
    chart
        Of one phase or several.
    rules
        Which.
    """
    points = chart.standardised
    flags = [
        check(points[first:end], rules).flags
        for first, end in zip(chart.starts, [*chart.starts[1:], len(points)], strict=True)
    ]
    whole = {rule: np.concatenate([part[rule] for part in flags]) for rule in rules}
    return Broken(whole, 0, np.empty(0), points, chart.starts[1:])


def _flags(rule: Rule, z: Floats) -> Flags:
    """Return where one rule is broken in a stretch without a break."""
    span = _SPANS[rule]
    if rule in _COUNTING:
        need, zone = _COUNTING[rule]
        found = np.zeros(len(z), dtype=np.bool_)
        for beyond in (z > zone, z < -zone):
            found |= beyond & (_windowed(beyond, span) >= need)
        return found
    if rule in {Rule.NELSON_1, Rule.WESTERN_ELECTRIC_1}:
        return np.abs(z) > 3.0
    if rule in {Rule.NELSON_2, Rule.WESTERN_ELECTRIC_4}:
        return _run(z > 0.0, span) | _run(z < 0.0, span)
    if rule is Rule.NELSON_7:
        return _run(np.abs(z) < 1.0, span)
    if rule is Rule.NELSON_8:
        one_sided = _run(z > 1.0, span) | _run(z < -1.0, span)
        return _run(np.abs(z) > 1.0, span) & ~one_sided
    # Steps lead to their later point; the first point has none.
    rising = np.zeros(len(z), dtype=np.bool_)
    falling = rising.copy()
    rising[1:], falling[1:] = z[1:] > z[:-1], z[1:] < z[:-1]
    if rule is Rule.NELSON_3:
        return _run(rising, span - 1) | _run(falling, span - 1)
    turning = np.zeros(len(z), dtype=np.bool_)
    turning[1:] = (rising[1:] & falling[:-1]) | (falling[1:] & rising[:-1])
    return _run(turning, span - 2)


def _windowed(flags: Flags, span: int) -> npt.NDArray[np.int64]:
    """Return how many of the last ``span`` are set, fewer where fewer there are."""
    total = np.concatenate([np.zeros(span, dtype=np.int64), np.cumsum(flags, dtype=np.int64)])
    return np.asarray(total[span:] - total[:-span], dtype=np.int64)


def _run(flags: Flags, span: int) -> Flags:
    return np.asarray(_windowed(flags, span) == span, dtype=np.bool_)
