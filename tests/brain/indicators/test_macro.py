"""Published figures of regions are read as published: never added over regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import pytest

from ballast.brain.indicators.answer import Answer, Status
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.evaluate import evaluate
from ballast.brain.indicators.question import Question
from ballast.errors import WrongUsage
from ballast.lake.lake import Lake
from ballast.terms.period import Period
from ballast.terms.viewer import PUBLIC
from ballast.words import unpack

Filled = Callable[..., Lake]
YEAR = Period.parse("2025")
BY = (Dimension.REGION,)


def item(name: str, region: str, period: str, value: object, **more: object) -> dict[str, object]:
    return {"item": name, "region": region, "period": period, "value": value, **more}


def ask(
    lake: Lake,
    key: str,
    *regions: str,
    period: Period = YEAR,
    by: tuple[Dimension, ...] = (),
) -> Answer:
    """Ask as the public, who may read what is published."""
    where: Mapping[Dimension, tuple[str, ...]] = {Dimension.REGION: regions} if regions else {}
    return evaluate(lake, PUBLIC, Question((key,), by, where, period=period))


ROWS: Sequence[Mapping[str, object]] = [
    item("high_tech_share", "000000", "2025", 50),
    item("high_tech_share", "370000", "2025", 53.4),
    item("high_tech_share", "371500", "2025", 57.4, status="preliminary"),
    item("high_tech_share", "370200", "2024", 60),
    item("gdp", "371500", "2025Q1", 700),
    item("gdp", "371500", "2025Q2", 800),
    item("gdp", "371500", "2024", 3000),
    item("population", "371500", "2025-12", 590),
]


def test_a_distance_is_to_the_province_and_of_a_province_to_the_nation(filled: Filled) -> None:
    lake = filled(region_period=ROWS)
    (city,) = ask(lake, "high_tech_distance", "371500").values
    assert (city.value, city.numerator, city.denominator) == (
        Decimal("4.0"), Decimal("57.4"), Decimal("53.4")
    )  # fmt: skip
    assert city.name is not None
    assert city.name.zh == "初步"
    assert city.as_of is not None
    (province,) = ask(lake, "high_tech_distance", "370000").values
    assert province.value == Decimal("3.4")
    (nation,) = ask(lake, "high_tech_distance", "000000").values
    assert (nation.status, nation.value) == (Status.MISSING, None)
    assert "no region above the nation" in unpack(nation.reason, "en")


def test_a_region_or_a_province_without_a_figure_is_missing_and_says_which(filled: Filled) -> None:
    lake = filled(region_period=ROWS)
    (unknown,) = ask(lake, "high_tech_share", "370100").values
    assert (unknown.status, unknown.reporting, unknown.expected) == (Status.MISSING, 0, 1)
    (distance,) = ask(lake, "high_tech_distance", "370200", period=Period.parse("2024")).values
    assert "370000 has no figure of 2024" in unpack(distance.reason, "en")


def test_cut_by_region_each_is_a_cell_and_without_a_cut_several_are_refused(filled: Filled) -> None:
    lake = filled(region_period=ROWS)
    found = ask(lake, "high_tech_share", "371500", "370000", by=BY)
    assert [(v.cell[BY[0]], v.value) for v in found.values] == [
        ("371500", Decimal("57.4")), ("370000", Decimal("53.4"))
    ]  # fmt: skip
    everywhere = ask(lake, "high_tech_share", by=BY)
    assert [v.cell[BY[0]] for v in everywhere.values] == ["000000", "370000", "371500"]
    with pytest.raises(WrongUsage, match="not added up"):
        ask(lake, "high_tech_share", "371500", "370000")
    with pytest.raises(WrongUsage, match="has no value without a county"):
        ask(lake, "high_tech_share")


def test_a_flow_is_put_together_from_shorter_periods_a_ratio_and_a_stock_are_not(
    filled: Filled,
) -> None:
    lake = filled(region_period=ROWS)
    (half,) = ask(lake, "gdp", "371500", period=Period.parse("2025H1")).values
    assert half.value == Decimal(1500)
    (year,) = ask(lake, "gdp", "371500").values
    assert year.status is Status.MISSING
    (people,) = ask(lake, "population", "371500").values
    assert people.value == Decimal(590)  # as at the end of the year
    (quarter,) = ask(lake, "high_tech_share", "371500", period=Period.parse("2025Q4")).values
    assert quarter.status is Status.MISSING


def test_a_place_keeps_its_figures_under_the_code_that_it_had(filled: Filled) -> None:
    lake = filled(
        region_period=[item("gdp", "371523", "2018", 300), item("gdp", "371503", "2020", 330)]
    )
    years = {
        year: ask(lake, "gdp", "371503", period=Period.parse(year)) for year in ("2018", "2020")
    }
    assert {year: found.values[0].value for year, found in years.items()} == {
        "2018": Decimal(300), "2020": Decimal(330)
    }  # fmt: skip
