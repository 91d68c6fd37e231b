"""Which points of a control chart stand out, for the part of it that is drawn.

A report lists violations up to a bound, the oldest first; a screen shows the
newest points. A chart set up wrongly breaks rules at every one of a day's
points, and the newest would then look sound. So the points that are drawn are
judged by the same rules once more, which costs less than to list them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballast.plant.measures.control_charts import ChartKind
from ballast.plant.measures.run_rules import (
    NELSON,
    RULE_LABELS,
    WESTERN_ELECTRIC,
    Rule,
    check_chart,
)
from ballast.plant.reports.charts import Drawn
from ballast.terms.label import Label, Language

__all__ = ["Marked", "marked", "rule_sign", "rules_of"]

_BEYOND = Label("超出控制限", "beyond a limit")
_LEANING = (ChartKind.EWMA, ChartKind.CUSUM)


@dataclass(frozen=True, slots=True)
class Marked:
    """What stands out in one chart.

    Parameters
    ----------
    count
        How many points, of all.
    broken
        Of the points from ``first`` on: the rules that each breaks; ``None`` for a limit.
    """

    count: int
    broken: Mapping[int, tuple[Rule | None, ...]]

    def sign(self, point: int) -> str:
        """Return the short names of what a point breaks, as they stand beside it."""
        return ", ".join(map(rule_sign, self.broken.get(point, ())))

    def names(self, point: int, language: Language) -> str:
        """Return the names of what a point breaks."""
        joint = "；" if language == "zh" else "; "
        return joint.join(
            (_BEYOND if rule is None else RULE_LABELS[rule]).text(language)
            for rule in self.broken.get(point, ())
        )


def rules_of(name: str) -> tuple[Rule, ...]:
    """Return the set of rules of an address.

    Examples
    --------
    >>> len(rules_of("western")), len(rules_of("nelson"))
    (4, 8)
    """
    return WESTERN_ELECTRIC if name == "western" else NELSON


def rule_sign(rule: Rule | None) -> str:
    """Return the short name of a rule, as it stands beside a point.

    Examples
    --------
    >>> rule_sign(Rule.NELSON_5), rule_sign(Rule.WESTERN_ELECTRIC_2), rule_sign(None)
    ('5', 'W2', '!')
    """
    if rule is None:
        return "!"
    last = rule.rpartition("_")[2]
    return last if rule.startswith("nelson") else f"W{last}"


def marked(drawn: Sequence[Drawn], rules: Sequence[Rule], first: int) -> tuple[Marked, ...]:
    """Return what stands out in each chart of a report, judged as the report judges it.

    Parameters
    ----------
    drawn
        The charts. Run rules apply to the first, unless its points lean on each other; to the
        others the limits alone.
    rules
        Which run rules.
    first
        From which point on the rules are told.
    """
    found = []
    for place, one in enumerate(drawn):
        flags: list[tuple[Rule | None, npt.NDArray[np.bool_]]]
        if place == 0 and one.chart.kind not in _LEANING:
            flags = [*check_chart(one.chart, rules).flags.items()]
        else:
            beyond = one.chart.beyond
            if one.lower_sum is not None:
                beyond = beyond | (one.lower_sum < one.chart.lower)
            flags = [(None, beyond)]
        whole = np.zeros(len(one.chart.values), dtype=np.bool_)
        broken: dict[int, tuple[Rule | None, ...]] = {}
        for rule, at in flags:
            whole |= at
            for point in (np.flatnonzero(at[first:]) + first).tolist():
                broken[point] = (*broken.get(point, ()), rule)
        found.append(Marked(int(whole.sum()), broken))
    return tuple(found)
