"""Figures of one enterprise: what is missing stays missing, a ratio is of sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ballast.brain.enterprise_figures import COLUMNS, Reported, figures, slots, told
from ballast.brain.enterprise_shape import EnterpriseFigure
from ballast.terms.period import Period
from ballast.words.numbers import Absence


def row(period: str, revenue: Any = None, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {column.name: None for column in COLUMNS}
    return (
        empty
        | {"period": period, "above_scale": True}
        | {"revenue_1e4_cny": None if revenue is None else Decimal(revenue)}
        | more
    )


def made(*rows: dict[str, Any], until: str | None = None) -> Reported:
    found = figures(told(rows), None if until is None else Period.parse(until))
    assert found is not None
    return found


def figure(found: Reported, key: str) -> EnterpriseFigure:
    return next(one for one in found.figures if one.key == key)


def test_a_flow_is_the_year_to_date_and_compared_with_the_same_months() -> None:
    found = made(
        row("2025-01..02", 20), row("2025-03", 10), row("2025-04", 99),
        row("2026-01..02", 30), row("2026-03", 15),
    )  # fmt: skip
    revenue = figure(found, "revenue")
    assert str(revenue.period) == "2026-03ytd"
    assert (revenue.value, revenue.base_value) == (Decimal(45), Decimal(30))
    assert revenue.change == pytest.approx(50)


def test_a_month_that_was_left_out_is_a_gap_and_the_year_has_no_sum() -> None:
    found = made(row("2026-01..02", 20), row("2026-04", 10))
    assert [str(p) for p in found.missing] == ["2026-03"]
    line = {str(m.period): m.value for m in figure(found, "revenue").series}
    assert line == {"2026-01..02": Decimal(20), "2026-03": None, "2026-04": Decimal(10)}
    # The year to date cannot be added up, so the newest period stands alone.
    assert str(figure(found, "revenue").period) == "2026-04"


def test_a_column_that_was_left_empty_is_no_zero() -> None:
    found = made(row("2026-01..02", 20), row("2026-03"))
    revenue = figure(found, "revenue")
    assert (revenue.value, revenue.absence) == (None, Absence.NO_DATA)
    assert figure(found, "margin").absence is Absence.NO_DATA


def test_a_margin_is_the_ratio_of_the_sums_and_no_mean_of_ratios() -> None:
    found = made(
        row("2026-01..02", 100, profit_1e4_cny=Decimal(50)),
        row("2026-03", 300, profit_1e4_cny=Decimal(30)),
    )
    margin = figure(found, "margin")
    assert margin.value == pytest.approx(20)  # 80 of 400; the mean of 50 % and 10 % is 30
    assert (margin.numerator, margin.denominator) == (Decimal(80), Decimal(400))


def test_a_division_by_zero_is_undefined_and_growth_from_a_loss_too() -> None:
    found = made(
        row("2025-03", 0, profit_1e4_cny=Decimal(-5)),
        row("2026-03", 0, profit_1e4_cny=Decimal(5)),
    )
    margin, profit, revenue = (figure(found, key) for key in ("margin", "profit", "revenue"))
    assert (margin.value, margin.absence) == (None, Absence.UNDEFINED)
    assert (profit.change, profit.change_absence) == (None, Absence.UNDEFINED)
    assert (revenue.value, revenue.change_absence) == (Decimal(0), Absence.UNDEFINED)


def test_a_share_changes_by_points_and_an_intensity_by_per_cent() -> None:
    found = made(
        row("2025-03", 100, profit_1e4_cny=Decimal(10), output_1e4_cny=Decimal(100),
            energy_tce=Decimal(10)),
        row("2026-03", 100, profit_1e4_cny=Decimal(12), output_1e4_cny=Decimal(100),
            energy_tce=Decimal(9)),
    )  # fmt: skip
    assert figure(found, "margin").change == pytest.approx(2)
    assert figure(found, "energy_intensity").change == pytest.approx(-10)


def test_persons_are_those_of_the_last_period_and_are_not_added() -> None:
    found = made(
        row("2026-01..02", 1, employment_persons=40), row("2026-03", 1, employment_persons=42)
    )
    persons = figure(found, "employment")
    assert (persons.value, str(persons.period)) == (42, "2026-03")


def test_one_who_reports_years_has_years() -> None:
    found = made(row("2024", 10), row("2025", 12))
    revenue = figure(found, "revenue")
    assert (str(revenue.period), revenue.value) == ("2025", Decimal(12))
    assert revenue.change == pytest.approx(20)


def test_figures_end_with_the_period_that_was_asked_for() -> None:
    found = made(row("2026-01..02", 20), row("2026-03", 10), row("2026-04", 7), until="2026-03")
    assert figure(found, "revenue").value == Decimal(30)
    assert [str(one.period) for one in found.rows] == ["2026-03", "2026-01..02"]


def test_nothing_reported_is_no_figures() -> None:
    assert figures(told([])) is None
    assert figures(told([row("2026-03", 1)]), Period.parse("2025-01")) is None


def test_months_reported_to_date_become_months() -> None:
    found = made(row("2026-02ytd", 20), row("2026-03ytd", 32), row("2026-04ytd", 40))
    line = {str(m.period): m.value for m in figure(found, "revenue").series}
    assert line == {"2026-01..02": Decimal(20), "2026-03": Decimal(12), "2026-04": Decimal(8)}


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (["2026-01", "2026-02", "2026-03"], ["2026-01", "2026-02", "2026-03"]),
        (["2025-12", "2026-02"], ["2025-12", "2026-01", "2026-02"]),
        (["2025-12", "2026-03"], ["2025-12", "2026-01..02", "2026-03"]),
        (["2025Q3", "2026Q1"], ["2025Q3", "2025Q4", "2026Q1"]),
        (["2026-01"], ["2026-01"]),
    ],
)
def test_the_line_has_a_place_for_what_was_left_out(held: list[str], expected: list[str]) -> None:
    assert [str(p) for p in slots([Period.parse(t) for t in held])] == expected


def test_two_months_reported_as_one_are_drawn_by_the_month_and_told_as_reported() -> None:
    found = made(
        row("2025-12", 10, employment_persons=7), row("2026-01..02", 30, employment_persons=8),
        row("2026-03", 12, employment_persons=9),
    )  # fmt: skip
    revenue, persons = figure(found, "revenue"), figure(found, "employment")
    assert revenue.by_month == (10.0, 15.0, 12.0)
    assert [m.value for m in revenue.series] == [10, 30, 12]
    assert persons.by_month == (7.0, 8.0, 9.0)  # a stock is no sum of months
    assert (revenue.joins, persons.joins) == (True, False)
    # A year is drawn as a year, with no month beside it.
    assert figure(made(row("2024", 24), row("2025", 36)), "revenue").by_month == (24.0, 36.0)
