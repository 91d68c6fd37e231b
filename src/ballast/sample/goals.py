"""The goals of the sample city: an invented three-year action and an invented plan of a year.

Set so that some are ahead of their path, some behind it and some cannot be
judged yet, which is what a page of goals has to tell apart. Written down
rather than drawn: a goal is a round number that somebody decided.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ballast.sample.months import Calendar
from ballast.sample.structure import CITY, COUNTIES
from ballast.sample.synthetic import NAME_MARK, SOURCE, typed

__all__ = ["goal_frame"]


@dataclass(frozen=True, slots=True)
class _Goal:
    item: str
    measure: str
    target: str
    unit: str
    responsible: str
    path: str = "compound"


_ACTION = (
    _Goal("output", "yearly_growth", "7", "%", "市工信局运行监测科"),
    _Goal("enterprises", "level", "2200", "家", "市工信局运行监测科", "even"),
    _Goal("upgrade_investment", "yearly_growth", "15", "%", "市工信局技术改造科"),
    _Goal("project_investment", "yearly_growth", "10", "%", "市工信局技术改造科"),
    _Goal("high_tech_share", "level", "61.5", "%", "市科技局", "even"),
    _Goal("rd_intensity_society", "level", "3.6", "%", "市科技局", "even"),
    _Goal("title_holders", "level", "900", "家", "市工信局中小企业科", "even"),
    _Goal("energy_intensity", "growth", "-9", "%", "市工信局节能科"),
)
_YEAR = (
    _Goal("output", "growth", "6.5", "%", "市工信局运行监测科"),
    _Goal("margin", "level", "6", "%", "市工信局运行监测科", "even"),
    _Goal("upgrade_investment", "growth", "15", "%", "市工信局技术改造科"),
    _Goal("projects_finished", "level", "480", "项", "市工信局技术改造科", "even"),
    _Goal("trade_exports", "growth", "5", "%", "市商务局"),
)


def goal_frame(calendar: Calendar) -> pl.DataFrame:
    """Return the table ``goal``.

    Parameters
    ----------
    calendar
        The action runs over the last full year and the two after it; the plan is of the year
        after the last full one.
    """
    base = calendar.base
    action = f"制造业高质量发展三年行动（{base}—{base + 2}）{NAME_MARK}"
    plan = f"{base + 1} 年工业经济目标{NAME_MARK}"
    rows = [(action, base + 2, base - 1, CITY, goal) for goal in _ACTION]
    rows += [(plan, base + 1, base, CITY, goal) for goal in _YEAR]
    rows += [
        (
            plan,
            base + 1,
            base,
            code,
            _Goal("output", "growth", str(5 + at % 4), "%", "县（市、区）工信局"),
        )
        for at, code in enumerate(COUNTIES)
    ]
    return typed(
        "goal",
        {
            "programme": [row[0] for row in rows],
            "item": [row[4].item for row in rows],
            "period": [str(row[1]) for row in rows],
            "region_scheme": "gb2260",
            "region": [row[3] for row in rows],
            "measure": [row[4].measure for row in rows],
            "target": pl.Series([row[4].target for row in rows]).cast(pl.Decimal(24, 4)),
            "unit": [row[4].unit for row in rows],
            "base_period": [str(row[2]) for row in rows],
            "path": [row[4].path for row in rows],
            "unit_responsible": [row[4].responsible for row in rows],
            "source": SOURCE,
        },
    )
