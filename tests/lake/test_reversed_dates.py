"""A later date before an earlier one is refused with both; equal and missing ones are not."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from ballast.lake.reversed_dates import reversed_dates
from ballast.lake.tables import table

D1, D2 = date(2025, 3, 1), date(2026, 3, 1)


def wrong(*pairs: tuple[date | None, date | None], name: str = "project") -> list[int]:
    frame = pl.DataFrame(
        {
            "started": [a for a, _ in pairs],
            "finished": [b for _, b in pairs],
            "planned_start": [None] * len(pairs),
            "planned_end": [None] * len(pairs),
        },
        schema_overrides=dict.fromkeys(
            ("started", "finished", "planned_start", "planned_end"), pl.Date()
        ),
    )
    sound = pl.Series([True] * len(pairs), dtype=pl.Boolean)
    found = reversed_dates(table(name), frame, sound)
    for verdict in found:
        for index in verdict.wrong.arg_true():
            said = verdict.template.format(**verdict.values(str(index)))
            assert "2025-03-01 and started is 2026-03-01" in said
    return sorted({index for verdict in found for index in verdict.wrong.arg_true()})


def test_an_end_before_its_start_is_wrong() -> None:
    assert wrong((D1, D2), (D2, D1), (D1, D1), (None, D1), (D1, None)) == [1]


def test_a_row_that_is_wrong_otherwise_is_not_looked_at() -> None:
    frame = pl.DataFrame({"started": [D2], "finished": [D1], "planned_start": [D1],
                          "planned_end": [D2]})  # fmt: skip
    verdicts = reversed_dates(table("project"), frame, pl.Series([False]))
    assert not any(verdict.wrong.any() for verdict in verdicts)


@pytest.mark.parametrize("name", ["title", "trade"])
def test_a_table_without_an_order_marks_nothing(name: str) -> None:
    assert reversed_dates(table(name), pl.DataFrame(), pl.Series([], dtype=pl.Boolean)) == []
