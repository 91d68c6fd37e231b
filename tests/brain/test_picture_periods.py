"""Which stored periods make up a wanted one, each month once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.picture_periods import pieces
from ballast.terms.period import joined, month, year_to_date


@given(st.integers(2020, 2026), st.integers(2, 12))
def test_pieces_cover_the_year_to_date_month_by_month_and_once(year: int, last: int) -> None:
    stored = [joined(year), *(month(year, m) for m in range(3, 13))]
    found = pieces(year_to_date(year, last), stored)
    assert found is not None
    assert [m for x in found for m in x.period.months] == [
        month(year, m) for m in range(1, last + 1)
    ]


@given(st.integers(3, 12))
def test_a_month_of_year_to_date_forms_is_the_difference_of_two(last: int) -> None:
    stored = [year_to_date(2026, m) for m in range(2, 13)]
    found = pieces(month(2026, last), stored)
    assert found is not None
    assert [(str(x.period), x.sign) for x in found] == [
        (f"2026-{last:02d}ytd", 1),
        (f"2026-{last - 1:02d}ytd", -1),
    ]


def test_a_gap_in_the_year_leaves_the_year_to_date_unknown() -> None:
    assert pieces(year_to_date(2026, 4), [joined(2026), month(2026, 4)]) is None
