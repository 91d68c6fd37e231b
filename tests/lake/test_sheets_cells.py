"""Text of cells: figures arrive as they were typed, formulas do not leave."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.lake.sheets.cells import Cell, cell_text, column_text, float_text, safe_cell

DOUBLES = st.floats(allow_nan=False, allow_infinity=False)


@given(DOUBLES)
def test_the_text_of_a_number_means_the_same_double(number: float) -> None:
    assert float(float_text(number)) == number


@given(DOUBLES)
def test_no_shorter_text_would_do(number: float) -> None:
    digits = float_text(number).lstrip("-").replace(".", "").split("e")[0].strip("0")
    shortest = Decimal(repr(abs(number))).as_tuple().digits
    assert len(digits) <= len(shortest)


@given(st.integers(-(10**15), 10**15))
def test_a_code_typed_as_a_number_keeps_its_digits(code: int) -> None:
    assert float_text(float(code)) == str(code)


CELLS = st.one_of(
    st.just(""),
    DOUBLES,
    st.booleans(),
    st.text(max_size=5),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@given(st.one_of(st.lists(CELLS), st.lists(DOUBLES), st.lists(st.one_of(DOUBLES, st.just("")))))
def test_a_column_at_once_is_the_same_as_cell_by_cell(cells: list[Cell]) -> None:
    assert column_text(cells).to_list() == [cell_text(cell) for cell in cells]


@pytest.mark.parametrize(
    "cells",
    [
        [True, False, ""],
        [date(2026, 5, 1), ""],
        ["", " ", "　", "x "],
        [datetime.fromisoformat("2026-05-01T08:00"), date(2026, 5, 2)],
        [-0.0, 0.0, 1e300, 5e-324],
        [],
    ],
)
def test_columns_of_one_type_are_no_exception(cells: list[Cell]) -> None:
    assert column_text(cells).to_list() == [cell_text(cell) for cell in cells]


def test_a_date_keeps_its_time_of_day_to_the_second() -> None:
    assert cell_text(datetime.fromisoformat("2026-05-31T23:59")) == "2026-05-31T23:59:00"
    assert cell_text(datetime.fromisoformat("2026-05-31T08:29:59.999998")) == "2026-05-31T08:30:00"
    assert cell_text(datetime.fromisoformat("2026-05-31T00:00")) == "2026-05-31"
    assert cell_text(time(8, 30)) == "08:30:00"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_run_becomes_text(text: str) -> None:
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["-1", "+1.5", "-1,234.50", "-2e5", "-3%", "", "阀门", "a=b", "-.5"]
)
def test_a_cell_that_would_not_run_stays(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text())
def test_nothing_that_goes_out_starts_a_formula(text: str) -> None:
    out = safe_cell(text)
    if out.startswith(("=", "@", "\t", "\r")):
        pytest.fail(out)
    if out.startswith(("+", "-")):
        float(out.rstrip("%").replace(",", ""))
