"""The comparable sample: the same enterprises in the same cell, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballast.brain.indicators.comparable import (
    comparable_growth,
    side_by_side,
    sums,
    turned_over,
)
from ballast.brain.indicators.declared import Comparison
from ballast.brain.indicators.growth import Basis, Growth
from ballast.terms.period import Period
from ballast.terms.unit import CNY_1E4, PERCENT, PERCENTAGE_POINTS

Rows = list[dict[str, Any]]
THEN, NOW = Period.parse("2025-05ytd"), Period.parse("2026-05ytd")


def make_table(columns: Mapping[str, Any]) -> ir.Table:
    return ibis.memtable(pa.table(dict(columns)))


def make_rows(table: ir.Table, *order: str) -> Rows:
    found: Rows = (table.order_by(list(order)) if order else table).to_pyarrow().to_pylist()
    return found


def reported(rows: Sequence[tuple[str, str, str | None, float | None]]) -> ir.Table:
    names = ("uscc", "piece", "region")
    texts = {n: pa.array([row[i] for row in rows], pa.string()) for i, n in enumerate(names)}
    return make_table({**texts, "output": pa.array([row[3] for row in rows], pa.float64())})


def cells(end: ir.Table, base: ir.Table, by: Sequence[str] = ("region",)) -> Rows:
    both = side_by_side(end, base, by=by, values=["output"])
    return make_rows(sums(both, by=by, values=["output"]), *by)


def grow(row: Mapping[str, Any] | None, least: int = 3) -> Growth:
    return comparable_growth(
        row, numerator="output", denominator=None, base=THEN, end=NOW,
        comparison=Comparison.GROWTH, unit=CNY_1E4, least=least,
    )  # fmt: skip


def test_those_that_entered_or_left_do_not_count() -> None:
    end = reported([("a", "03", "r", 110), ("b", "03", "r", 60), ("new", "03", "r", 500)])
    base = reported([("a", "03", "r", 100), ("b", "03", "r", 50), ("gone", "03", "r", 900)])
    [row] = cells(end, base)
    assert row == {"region": "r", "enterprises": 2, "output_base": 150, "output_end": 170}


def test_one_that_entered_in_the_middle_of_last_year_counts_from_then_on() -> None:
    end = reported([("a", "03", "r", 10), ("a", "04", "r", 20)])
    base = reported([("a", "04", "r", 10)])
    [row] = cells(end, base)
    assert (row["output_base"], row["output_end"]) == (10, 20)


def test_a_month_that_was_not_reported_takes_its_month_of_the_other_year_out() -> None:
    end = reported([("a", "03", "r", 10), ("a", "04", "r", None)])
    base = reported([("a", "03", "r", 8), ("a", "04", "r", 99)])
    [row] = cells(end, base)
    assert (row["output_base"], row["output_end"], row["enterprises"]) == (8, 10, 1)


def test_one_that_moved_grows_neither_cell_and_counts_in_what_holds_both() -> None:
    end = reported([("a", "03", "north", 100)])
    base = reported([("a", "03", "south", 50)])
    assert [row["enterprises"] for row in cells(end, base)] == [0, 0]
    [whole] = cells(end, base, by=())
    assert (whole["enterprises"], whole["output_base"], whole["output_end"]) == (1, 50, 100)


def test_enterprises_of_no_zone_are_a_cell_like_any_other() -> None:
    end = reported([("a", "03", None, 12), ("b", "03", "z", 5)])
    base = reported([("a", "03", None, 10), ("b", "03", "z", 5)])
    found = {row["region"]: row for row in cells(end, base)}
    assert found[None]["output_end"] == 12
    assert found[None]["enterprises"] == 1
    both = side_by_side(end, base, by=["region"], values=["output"])
    moved = {
        row["region"]: row for row in make_rows(turned_over(both, by=["region"], value="output"))
    }
    assert moved[None]["stayed"] == 1
    assert moved[None]["growth_comparable"] == pytest.approx(0.2)


def test_two_industries_of_an_enterprise_in_one_cell_are_added() -> None:
    end = reported([("a", "03", "r", 7), ("a", "03", "r", 3)])
    base = reported([("a", "03", "r", 4), ("a", "03", "r", 1)])
    [row] = cells(end, base)
    assert row == {"region": "r", "enterprises": 1, "output_base": 5, "output_end": 10}


def test_of_a_ratio_both_parts_must_be_known_in_both_periods() -> None:
    end = make_table(
        {"uscc": ["a", "b"], "piece": ["03"] * 2, "rd": [3.0, 5.0], "rev": [100.0, 9.0]}
    )
    base = make_table(
        {"uscc": ["a", "b"], "piece": ["03"] * 2, "rd": [2.0, None], "rev": [100.0, 9.0]}
    )
    both = side_by_side(end, base, by=[], values=["rd", "rev"])
    [row] = make_rows(sums(both, by=[], values=["rd", "rev"]))
    found = comparable_growth(
        row, numerator="rd", denominator="rev", scale=100, base=THEN, end=NOW,
        comparison=Comparison.POINTS, unit=PERCENT, least=1,
    )  # fmt: skip
    assert (found.enterprises, found.unit) == (1, PERCENTAGE_POINTS)
    assert found.value == pytest.approx(1)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_sample_that_shrank_below_the_rule_has_no_growth_and_says_so(count: int) -> None:
    found = grow({"enterprises": count, "output_base": 10.0, "output_end": 12.0})
    assert found.value is None
    assert found.basis is Basis.COMPARABLE
    assert found.enterprises == count
    assert found.reason is not None
    assert f"shrank to {count}" in found.reason.text("en")
    assert (found.base_value, found.end_value) == (None, None), "what one reported is not told"


def test_a_sample_as_large_as_the_rule_asks_has_one() -> None:
    found = grow({"enterprises": 3, "output_base": 10.0, "output_end": 12.0})
    assert found.value == pytest.approx(20)
    assert (found.base_value, found.end_value, found.enterprises) == (10, 12, 3)


def test_a_cell_without_a_sample_is_undefined() -> None:
    assert grow(None).value is None
    assert grow(None).reason is not None


def test_a_sample_that_made_nothing_in_the_base_has_no_rate() -> None:
    found = grow({"enterprises": 5, "output_base": 0.0, "output_end": 12.0})
    assert found.value is None
    assert found.reason is not None
    assert "2025-05ytd is 0" in found.reason.text("en")


def test_a_denominator_of_zero_is_no_level() -> None:
    found = comparable_growth(
        {"enterprises": 5, "n_base": 1.0, "n_end": 1.0, "d_base": 0.0, "d_end": 1.0},
        numerator="n", denominator="d", base=THEN, end=NOW, comparison=Comparison.POINTS,
        unit=PERCENT, least=3,
    )  # fmt: skip
    assert found.value is None
    assert found.reason is not None


LEVELS = st.none() | st.integers(0, 1000).map(float)


@given(st.lists(st.tuples(LEVELS, LEVELS, st.sampled_from(["r", "s"])), min_size=1, max_size=12))
def test_what_stayed_entered_and_left_sums_to_the_published_growth(
    levels: list[tuple[float | None, float | None, str]],
) -> None:
    end = reported([(str(i), "03", r, e) for i, (_, e, r) in enumerate(levels) if e is not None])
    base = reported([(str(i), "03", r, b) for i, (b, _, r) in enumerate(levels) if b is not None])
    both = side_by_side(end, base, by=["region"], values=["output"])
    for row in make_rows(turned_over(both, by=["region"], value="output")):
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
