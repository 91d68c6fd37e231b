"""The comparable sample: the same enterprises in both periods, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballast.brain.indicators.comparable import (
    comparable_growth,
    in_both,
    side_by_side,
    turned_over,
)
from ballast.brain.indicators.compile import expression
from ballast.brain.indicators.declared import Comparison
from ballast.brain.indicators.dimensions import Dimension
from ballast.brain.indicators.growth import Basis, Growth
from ballast.brain.indicators.registry import indicator
from ballast.terms.period import Period
from ballast.terms.unit import CNY_1E4

Rows = list[dict[str, Any]]
Row = tuple[str, str, str, float | None]
THEN, NOW = Period.parse("2025-04ytd"), Period.parse("2026-04ytd")


def reported(end: Sequence[Row], base: Sequence[Row], **more: Sequence[Any]) -> ir.Table:
    """Return facts: enterprise, month, county and output, of each of the two periods."""
    rows = [(str(NOW), "2026", *row) for row in end] + [(str(THEN), "2025", *row) for row in base]
    months = max(row[3] for row in rows)
    columns: dict[str, Any] = {
        "target": [row[0] for row in rows],
        "uscc": [row[2] for row in rows],
        "period": [f"{row[1]}-{row[3]}" for row in rows],
        "region": pa.array([row[4] for row in rows], pa.string()),
        "plus": [True] * len(rows),
        "last": [row[3] == months for row in rows],
        "parts": [len({row[3] for row in rows})] * len(rows),
        "output_1e4_cny": pa.array([row[5] for row in rows], pa.float64()),
        **more,
    }
    return ibis.memtable(pa.table(columns))


def sample(facts: ir.Table, key: str = "output", by: Sequence[Dimension] = ()) -> dict[Any, Any]:
    """Return target (and county) to numerator, denominator and enterprises of the sample."""
    both = in_both(facts, indicator(key), base=THEN, end=NOW)
    found = expression(indicator(key), both, by).to_pyarrow().to_pylist()
    return {
        (row["target"], *(row[d.value] for d in by)): (
            row["numerator"], row["denominator"], row["enterprises"]
        )
        for row in found
    }  # fmt: skip


def levels(facts: ir.Table) -> tuple[float, float]:
    found = sample(facts)
    return found[(str(THEN),)][0], found[(str(NOW),)][0]


def grow(count: int, base: float | None = 10, end: float | None = 12) -> Growth:
    return comparable_growth(
        base, end, enterprises=count, base=THEN, end=NOW, comparison=Comparison.GROWTH,
        unit=CNY_1E4, least=3,
    )  # fmt: skip


def test_those_that_entered_or_left_do_not_count() -> None:
    facts = reported(
        [("a", "04", "r", 110), ("b", "04", "r", 60), ("new", "04", "r", 500)],
        [("a", "04", "r", 100), ("b", "04", "r", 50), ("gone", "04", "r", 900)],
    )
    found = sample(facts)
    assert found == {(str(NOW),): (170, None, 2), (str(THEN),): (150, None, 2)}


def test_one_that_entered_in_the_middle_of_last_year_counts_from_then_on() -> None:
    facts = reported([("a", "03", "r", 10), ("a", "04", "r", 20)], [("a", "04", "r", 10)])
    assert levels(facts) == (10, 20)


def test_a_month_that_was_not_reported_takes_its_month_of_the_other_year_out() -> None:
    facts = reported(
        [("a", "03", "r", 10), ("a", "04", "r", None)],
        [("a", "03", "r", 8), ("a", "04", "r", 99)],
    )
    assert levels(facts) == (8, 10)


def test_the_sample_of_a_cell_is_of_those_that_are_in_it_in_both() -> None:
    facts = reported(
        [("a", "04", "north", 110), ("b", "04", "south", 5), ("c", "04", "", 7)],
        [("a", "04", "north", 100), ("b", "04", "south", 4), ("c", "04", "", 6)],
    )
    found = sample(facts, by=[Dimension.REGION])
    assert found[(str(NOW), "north")] == (110, None, 1)
    assert found[(str(THEN), "")] == (6, None, 1)
    assert len(found) == 6


def test_of_a_ratio_both_parts_must_be_known_in_both_periods() -> None:
    facts = reported(
        [("a", "04", "r", 1), ("b", "04", "r", 1)],
        [("a", "04", "r", 1), ("b", "04", "r", 1)],
        rd_expense_1e4_cny=pa.array([3.0, 5.0, 2.0, None]),
        revenue_1e4_cny=pa.array([100.0, 9.0, 100.0, 9.0]),
    )
    assert sample(facts, "rd_intensity") == {
        (str(NOW),): (3, 100, 1), (str(THEN),): (2, 100, 1)
    }  # fmt: skip


def test_a_stock_need_only_be_known_at_the_end_of_both_periods() -> None:
    facts = reported(
        [("a", "03", "r", 1), ("a", "04", "r", 1), ("b", "03", "r", 1), ("b", "04", "r", 1)],
        [("a", "03", "r", 1), ("a", "04", "r", 1), ("b", "03", "r", 1), ("b", "04", "r", 1)],
        value_added_1e4_cny=[10.0, 20, 1, 1, 5, 10, 1, 1],
        employment_persons=pa.array([None, 3, 4, 4, None, 2, 4, None]),
    )
    found = sample(facts, "labour_productivity")
    assert found[(str(NOW),)][:2] == (30, 3)
    assert found[(str(THEN),)][:2] == (15, 2)
    assert sample(facts, "employment")[(str(THEN),)][0] == 2


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_sample_that_shrank_below_the_rule_has_no_growth_and_says_so(count: int) -> None:
    found = grow(count)
    assert found.value is None
    assert found.basis is Basis.COMPARABLE
    assert found.enterprises == count
    assert found.reason is not None
    assert f"2026-04ytd: {count}; below 3" in found.reason.text("en")
    assert str(count) in found.reason.text("zh")
    assert (found.base_value, found.end_value) == (None, None), "what one reported is not told"


def test_a_sample_as_large_as_the_rule_asks_has_one() -> None:
    found = grow(3)
    assert found.value == pytest.approx(20)
    assert (found.base_value, found.end_value, found.enterprises) == (10, 12, 3)


def test_a_sample_that_made_nothing_in_the_base_has_no_rate() -> None:
    found = grow(5, base=0)
    assert found.value is None
    assert found.reason is not None
    assert "2025-04ytd is 0" in found.reason.text("en")
    assert grow(5, base=None).value is None


LEVELS = st.none() | st.integers(0, 1000).map(float)


@settings(max_examples=15)
@given(st.lists(st.tuples(LEVELS, LEVELS, st.sampled_from("rs")), min_size=1, max_size=12))
def test_what_stayed_entered_and_left_sums_to_the_published_growth(
    levels: list[tuple[float | None, float | None, str]],
) -> None:
    end = [(str(i), "04", r, e) for i, (_, e, r) in enumerate(levels) if e is not None]
    base = [(str(i), "04", r, b) for i, (b, _, r) in enumerate(levels) if b is not None]
    if not end and not base:
        return
    rows = side_by_side(
        reported(end, base), base=THEN, end=NOW, by=["region"], value="output_1e4_cny"
    )
    for row in turned_over(rows, by=["region"]).to_pyarrow().to_pylist():
        own = [(b, e) for b, e, r in levels if r == row["region"]]
        before, after = sum(b or 0 for b, _ in own), sum(e or 0 for _, e in own)
        assert row["stayed"] == sum(b is not None and e is not None for b, e in own)
        assert row["entered"] == sum(b is None and e is not None for b, e in own)
        assert row["left"] == sum(b is not None and e is None for b, e in own)
        if before > 0:
            parts = row["from_stayed"] + row["from_entered"] + row["from_left"]
            assert parts == pytest.approx(after / before - 1)
        else:
            assert row["growth_published"] is None


def test_one_that_moved_leaves_one_cell_and_enters_the_other_in_the_published_growth() -> None:
    facts = reported([("a", "04", "north", 100)], [("a", "04", "south", 50)])
    rows = side_by_side(facts, base=THEN, end=NOW, by=["region"], value="output_1e4_cny")
    found = {
        row["region"]: row for row in turned_over(rows, by=["region"]).to_pyarrow().to_pylist()
    }
    assert (found["north"]["entered"], found["south"]["left"]) == (1, 1)
    whole = side_by_side(facts, base=THEN, end=NOW, by=[], value="output_1e4_cny")
    [row] = turned_over(whole, by=[]).to_pyarrow().to_pylist()
    assert (row["stayed"], row["growth_comparable"]) == (1, 1)
