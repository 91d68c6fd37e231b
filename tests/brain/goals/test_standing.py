"""Goals held against figures: reached, ahead, behind, and why it cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from ballast.brain.goals.goal import Goal, Place, Standing
from ballast.brain.goals.standing import goals, newest_month, standings
from ballast.lake.lake import Lake
from ballast.sample.synthetic import typed
from ballast.terms.label import Label
from ballast.terms.period import Period
from ballast.terms.unit import COUNT, PERCENT
from ballast.terms.viewer import PUBLIC, operator

ME = operator("me")
CITY = "371500"
MAY = Period.parse("2026-05")
FIGURES = {
    ("upgrade_investment", "2024"): "100",
    ("upgrade_investment", "2025"): "110",
    ("upgrade_investment", "2025-01..02"): "10",
    ("upgrade_investment", "2025-03"): "10",
    ("upgrade_investment", "2025-04"): "10",
    ("upgrade_investment", "2025-05"): "10",
    ("upgrade_investment", "2026-01..02"): "12",
    ("upgrade_investment", "2026-03"): "12",
    ("upgrade_investment", "2026-04"): "12",
    ("upgrade_investment", "2026-05"): "12",
    ("high_tech_share", "2024"): "50",
    ("high_tech_share", "2025"): "53",
    ("population", "2024"): "600",
    ("population", "2025"): "598",
    ("gdp", "2023"): "0",
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake.create(tmp_path_factory.mktemp("goals") / "home")
    frame = typed(
        "region_period",
        {
            "region_scheme": "gb2260",
            "region": CITY,
            "period": [period for _, period in FIGURES],
            "item": [item for item, _ in FIGURES],
            "value": pl.Series([Decimal(v) for v in FIGURES.values()], dtype=pl.Decimal(24, 4)),
            "status": "final",
        },
    )
    made.commit({"region_period": frame}, ME)
    return made


def goal(item: str = "upgrade_investment", target: str = "15", **changes: object) -> Goal:
    plain: dict[str, object] = {
        "programme": "年度计划",
        "item": item,
        "period": Period.parse("2026"),
        "region": CITY,
        "measure": "growth",
        "target": Decimal(target),
        "base_period": Period.parse("2025"),
        "path": "compound",
    }
    return Goal(**(plain | changes))  # type: ignore[arg-type]


def one(lake: Lake, wanted: Goal, until: Period = MAY) -> Standing:
    [found] = standings(lake, PUBLIC, [wanted], until=until)
    return found


def why(found: Standing) -> str:
    assert found.place is Place.UNKNOWN
    assert found.reason is not None
    return found.reason.text("en")


def test_a_flow_is_held_against_the_part_of_the_year_as_the_one_before_went(lake: Lake) -> None:
    found = one(lake, goal())
    assert found.level == pytest.approx(126.5)
    assert found.actual == 48
    assert found.at == Period.parse("2026-05ytd")
    assert found.path == pytest.approx(126.5 * 40 / 110)
    assert found.place is Place.AHEAD
    assert one(lake, goal(target="40")).place is Place.BEHIND


def test_the_first_months_of_a_year_do_not_reach_a_goal_of_the_year(lake: Lake) -> None:
    small = goal(measure="level", target="40", unit="亿元", path="even")
    assert one(lake, small).place is Place.AHEAD
    done = replace(small, period=Period.parse("2025"), base_period=Period.parse("2024"))
    assert one(lake, done).place is Place.MET
    assert one(lake, done).at == Period.parse("2025")


def test_a_yearly_figure_is_held_against_its_year(lake: Lake) -> None:
    three = goal(
        "high_tech_share", "62", measure="level", unit="%", path="even",
        period=Period.parse("2027"), base_period=Period.parse("2024"),
    )  # fmt: skip
    found = one(lake, three)
    assert (found.at, found.path, found.place) == (Period.parse("2025"), 54.0, Place.BEHIND)
    assert found.gap == pytest.approx(-1)
    assert found.gap_text("zh") == "−1.00个百分点"


def test_units_are_converted_and_others_refused(lake: Lake) -> None:
    level = goal(measure="level", target="1265000", unit="万元")
    assert one(lake, level).level == pytest.approx(126.5)
    assert "cannot be converted" in why(one(lake, replace(level, unit="家")))
    assert "write it in percent" in why(one(lake, goal(unit="亿元")))
    assert one(lake, goal(unit="%")).place is Place.AHEAD


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"item": "no_such"}, "there is no indicator no_such"),
        ({"base_period": None}, "names no base period"),
        ({"base_period": Period.parse("2026")}, "not before the goal"),
        ({"base_period": Period.parse("2020")}, "no figure of"),
        ({"period": Period.parse("2026Q2")}, "from year to year"),
        ({"item": "gdp", "base_period": Period.parse("2023")}, "not above zero"),
        ({"item": "foreign_exports"}, "there is no figure of"),
        ({"item": "revenue"}, "no figures of enterprises are published yet"),
        ({"item": "trade_exports", "measure": "level"}, "not among those that are published"),
        ({"unit": "光年"}, "光年"),
    ],
)
def test_what_cannot_be_told_says_why(lake: Lake, changes: dict[str, object], said: str) -> None:
    wanted = goal(**changes)  # type: ignore[arg-type]
    assert said in why(one(lake, wanted))


def test_a_base_that_the_goal_names_is_taken(lake: Lake) -> None:
    found = one(lake, goal(base=Decimal(120)))
    assert found.base == 120
    assert found.level == pytest.approx(138)


def test_less_is_better_where_the_indicator_says_so() -> None:
    from ballast.brain.goals.standing import _reached

    assert _reached(0.9, 1.0, up=False)
    assert not _reached(1.1, 1.0, up=False)
    assert _reached(1.0, 1.0, up=True)


def test_goals_are_read_in_order_and_chosen_by_region_and_programme(tmp_path: Path) -> None:
    made = Lake.create(tmp_path / "home")
    rows = typed(
        "goal",
        {
            "programme": ["乙方案", "甲方案", "甲方案"],
            "item": ["margin", "output", "margin"],
            "period": "2026",
            "region_scheme": "gb2260",
            "region": [CITY, CITY, "371502"],
            "measure": "level",
            "target": pl.Series([Decimal(5)] * 3, dtype=pl.Decimal(24, 4)),
            "path": "even",
        },
    )
    made.commit({"goal": rows}, ME, provenance="synthetic")
    assert [(g.programme, g.region) for g in goals(made)] == [
        ("乙方案", CITY), ("甲方案", CITY), ("甲方案", "371502"),
    ]  # fmt: skip
    assert len(goals(made, region="371502")) == 1
    assert len(goals(made, programme="甲")) == 2
    [found] = standings(made, PUBLIC, goals(made, region="371502"), until=MAY)
    assert found.synthetic
    assert newest_month(made, PUBLIC, date(2026, 1, 5)) == Period.parse("2025-12")


def test_figures_are_written_as_people_read_them() -> None:
    count = Standing(
        goal=goal(), label=Label("", ""), unit=COUNT, noun=Label("家", ""), level=480.0
    )
    assert count.text(202.4, "zh") == "202家"
    share = replace(count, unit=PERCENT, noun=None, level=None)
    assert share.goal_text("en") == "+15%"
    yearly = replace(share, goal=goal(measure="yearly_growth", target="-3.5"))
    assert (yearly.goal_text("zh"), yearly.goal_text("en")) == ("年均−3.5%", "−3.5% a year")
    assert yearly.text(None, "en") is None
