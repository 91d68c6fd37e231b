"""Periods: their span, their order, their arithmetic, each in its own kind."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.errors import InvalidTerm
from ballast.terms.period import (
    Period,
    PeriodKind,
    half,
    joined,
    month,
    periods,
    quarter,
    whole_year,
    year_to_date,
)

PER_YEAR = {"month": 12, "joined": 1, "ytd": 12, "quarter": 4, "half": 2, "year": 1}


@st.composite
def any_period(draw: st.DrawFn, years: tuple[int, int] = (1900, 2199)) -> Period:
    kind = draw(st.sampled_from(PeriodKind))
    return Period(kind, draw(st.integers(*years)), draw(st.integers(1, PER_YEAR[kind])))


@pytest.mark.parametrize(
    ("period", "text", "start", "end", "months"),
    [
        (month(2026, 5), "2026-05", date(2026, 5, 1), date(2026, 5, 31), 1),
        (month(2024, 2), "2024-02", date(2024, 2, 1), date(2024, 2, 29), 1),
        (joined(2026), "2026-01..02", date(2026, 1, 1), date(2026, 2, 28), 2),
        (year_to_date(2026, 5), "2026-05ytd", date(2026, 1, 1), date(2026, 5, 31), 5),
        (quarter(2026, 2), "2026Q2", date(2026, 4, 1), date(2026, 6, 30), 3),
        (half(2026, 2), "2026H2", date(2026, 7, 1), date(2026, 12, 31), 6),
        (whole_year(2026), "2026", date(2026, 1, 1), date(2026, 12, 31), 12),
    ],
)
def test_every_kind_has_its_text_and_its_span(
    period: Period, text: str, start: date, end: date, months: int
) -> None:
    assert str(period) == text
    assert period.span == (period.start, period.end) == (start, end)
    assert len(period.months) == months


@given(any_period())
def test_the_canonical_text_parses_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(any_period())
def test_the_chinese_label_parses_back(period: Period) -> None:
    assert Period.parse(period.label.zh) == period


@given(any_period(), any_period())
def test_no_two_periods_share_a_label(one: Period, other: Period) -> None:
    assert (one == other) == (one.label.zh == other.label.zh) == (one.label.en == other.label.en)


def test_the_labels_read_well() -> None:
    labels = [Period.parse(t).label for t in ("2026-05", "2026-01..02", "2026-05ytd", "2026Q2")]
    assert [label.zh for label in labels] == [
        "2026年5月",
        "2026年1-2月",
        "2026年1-5月",
        "2026年二季度",
    ]
    assert [label.en for label in labels] == [
        "May 2026",
        "January–February 2026",
        "2026 to the end of May",
        "Q2 2026",
    ]
    assert half(2026, 1).label.zh == "2026年上半年"
    assert half(2026, 2).label.en == "second half of 2026"


@given(any_period())
def test_the_months_fill_the_span_without_gap(period: Period) -> None:
    months = period.months
    assert (months[0].start, months[-1].end) == period.span
    for earlier, later in itertools.pairwise(months):
        assert earlier.end + timedelta(days=1) == later.start


@given(st.lists(any_period(), max_size=8))
def test_periods_are_ordered_by_end_then_start_then_kind(found: list[Period]) -> None:
    kinds = list(PeriodKind)
    by_rule = sorted(found, key=lambda p: (p.end, p.start, kinds.index(p.kind)))
    assert sorted(found) == by_rule


@given(any_period(), any_period())
def test_the_order_is_total(one: Period, other: Period) -> None:
    assert [one < other, one == other, one > other].count(True) == 1
    assert (one <= other) == (not one > other)
    assert (one >= other) == (not one < other)


def test_periods_that_end_together_come_the_longest_first_then_as_their_kinds_are_listed() -> None:
    texts = ["2026-12", "2026Q4", "2026H2", "2026", "2026-12ytd"]
    assert [str(p) for p in sorted(map(Period.parse, texts))] == [
        "2026-12ytd",
        "2026",
        "2026H2",
        "2026Q4",
        "2026-12",
    ]


@given(any_period((1950, 2150)), st.integers(-45, 45), st.integers(-4, 4))
def test_steps_add_up_and_stay_in_their_kind(period: Period, there: int, more: int) -> None:
    assert (period + there).kind is period.kind
    assert (period + there) - there == period
    assert (period + there) + more == period + (there + more)
    assert period.steps_to(period + there) == there


@given(any_period((1950, 2150)))
def test_a_step_further_ends_later(period: Period) -> None:
    assert (period + 1).end > period.end
    assert period + 1 > period


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("2026-12", "2027-01"),
        ("2026-01..02", "2027-01..02"),
        ("2026-05ytd", "2026-06ytd"),
        ("2026-12ytd", "2027-01ytd"),
        ("2026Q4", "2027Q1"),
        ("2026H2", "2027H1"),
        ("2026", "2027"),
    ],
)
def test_one_step_is_the_next_of_the_kind(text: str, following: str) -> None:
    assert str(Period.parse(text) + 1) == following
    assert str(Period.parse(following) - 1) == text


@given(any_period((1901, 2199)))
def test_the_same_period_last_year_covers_the_same_months(period: Period) -> None:
    before = period.same_period_last_year()
    assert (before.kind, before.year) == (period.kind, period.year - 1)
    assert [m.number for m in before.months] == [m.number for m in period.months]


@pytest.mark.parametrize(
    ("one", "other"),
    [("2026-03ytd", "2026Q1"), ("2026-06ytd", "2026H1"), ("2026-12ytd", "2026"),
     ("2026-02ytd", "2026-01..02"), ("2026-01ytd", "2026-01")],
)  # fmt: skip
def test_the_same_months_of_another_kind_are_another_period(one: str, other: str) -> None:
    assert Period.parse(one).span == Period.parse(other).span
    assert Period.parse(one) != Period.parse(other)


@given(any_period(), any_period())
def test_a_period_contains_another_when_it_contains_its_months(one: Period, other: Period) -> None:
    assert one.contains(other) == (set(other.months) <= set(one.months))


@given(any_period((1990, 2030)), st.integers(-3, 30))
def test_a_range_runs_from_the_first_to_the_last(first: Period, steps: int) -> None:
    found = list(periods(first, first + steps))
    assert found == [first + n for n in range(steps + 1)]


def test_a_range_over_two_kinds_is_refused() -> None:
    with pytest.raises(InvalidTerm, match="different kinds"):
        periods(Period.parse("2026Q1"), Period.parse("2026-06"))


@pytest.mark.parametrize(
    ("kind", "year", "number", "why"),
    [
        (PeriodKind.MONTH, 2026, 13, "13: periods like 2026-01 are numbered from 1 to 12"),
        (PeriodKind.QUARTER, 2026, 5, "5: periods like 2026Q1 are numbered from 1 to 4"),
        (PeriodKind.YEAR_TO_DATE, 2026, 0, "0: periods like 2026-01ytd"),
        (PeriodKind.YEAR, 1899, 1, "1899: no year of a period; periods run from 1900 to 2199"),
    ],
)
def test_a_period_out_of_range_is_refused(
    kind: PeriodKind, year: int, number: int, why: str
) -> None:
    with pytest.raises(InvalidTerm) as caught:
        Period(kind, year, number)
    assert str(caught.value).startswith(why)


def test_a_period_cannot_be_changed_and_can_be_a_key() -> None:
    period = month(2026, 5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        period.year = 2027  # type: ignore[misc]
    assert {period: "May"}[Period.parse("2026年5月")] == "May"
