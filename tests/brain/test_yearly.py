from __future__ import annotations

from typing import Any

import pytest

from ballast.brain.yearly import yearly
from ballast.terms.period import Period

MONTHS = [f"2025-{m:02}" for m in range(1, 13)]
JOINED = ["2025-01..02", *MONTHS[2:]]


def reported(table: Any, rows: Any, periods: list[str], values: list[float | None]) -> Any:
    for text in periods:
        assert str(Period.parse(text)) == text
    t = table({"uscc": ["e"] * len(periods), "period": periods, "v": values})
    found = rows(yearly(t, value="v", year=2025))
    return (found[0]["v"], found[0]["months"]) if found else None


@pytest.mark.parametrize(
    ("periods", "values", "expected"),
    [
        (["2025"], [120.0], (120.0, 12)),
        (MONTHS, [1.0] * 12, (12.0, 12)),
        (JOINED, [2.0] + [1.0] * 10, (12.0, 12)),
        # January and February both singly and joined count once, as joined.
        ([*JOINED, "2025-01", "2025-02"], [2.5] + [1.0] * 10 + [9.0, 9.0], (12.5, 12)),
        (["2025Q1", "2025Q2", "2025Q3", "2025Q4"], [1.0, 2.0, 3.0, 4.0], (10.0, 12)),
        (["2025H1", "2025H2"], [3.0, 7.0], (10.0, 12)),
        # Of the year to date the latest counts, not their sum.
        (["2025-02ytd", "2025-05ytd", "2025-12ytd"], [2.0, 5.0, 12.0], (12.0, 12)),
        # Several kinds of the same year: the year's own figure, once.
        ([*MONTHS, "2025", "2025-12ytd"], [1.0] * 12 + [13.0, 12.5], (13.0, 12)),
        # The kind that covers most, and how much of the year that is.
        (["2025Q1", *MONTHS[:5]], [3.5] + [1.0] * 5, (5.0, 5)),
        (["2025-07ytd", "2025Q1", "2025Q2"], [7.0, 3.0, 3.0], (7.0, 7)),
        # An unknown month covers nothing.
        (MONTHS, [1.0] * 11 + [None], (11.0, 11)),
        (["2025-01..02", "2025-01", "2025-02"], [None, 1.0, 2.0], (3.0, 2)),
        (["2024", "2026-01", "2025-03"], [99.0, 99.0, 1.0], (1.0, 1)),
        (["2024"], [99.0], None),
        (["2025"], [None], None),
    ],
)
def test_a_year_is_counted_once_whatever_was_reported(
    table: Any,
    rows: Any,
    periods: list[str],
    values: list[float | None],
    expected: tuple[float, int] | None,
) -> None:
    assert reported(table, rows, periods, values) == expected


def test_enterprises_do_not_mix(table: Any, rows: Any) -> None:
    t = table(
        {
            "uscc": ["a", "b", "b"],
            "period": ["2025", "2025-01..02", "2025-01"],
            "v": [1.0, 2.0, 9.0],
        }
    )
    assert rows(yearly(t, value="v", year=2025), "uscc") == [
        {"uscc": "a", "v": 1.0, "months": 12},
        {"uscc": "b", "v": 2.0, "months": 2},
    ]
